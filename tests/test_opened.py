"""A results folder that somebody damaged or changed: one line says what, where and what to do; nothing that is gone counts as empty."""

import json
import logging
import shutil

import pytest

import testimony
from testimony import results
from testimony.cli import main


@pytest.fixture
def copy(demo, tmp_path):
    """A copy of finished results, to be damaged."""
    return shutil.copytree(demo.path, tmp_path / "copy")


def change(folder, name: str, edit) -> None:
    """Edit a JSON file of a results folder."""
    file = folder / name
    value = json.loads(file.read_text("utf-8"))
    edit(value)
    file.write_text(json.dumps(value), "utf-8")


def drop_rows(folder) -> None:
    """Take the last part of every table away, as a copy that was cut off does."""
    for name in ("documents", "testimonials", "sentences", "themes", "entities"):
        results.table_files(folder, name)[-1].unlink()


DAMAGES = {
    "no summaries": (lambda at: (at / "summaries.json").unlink(), "summaries.json: missing", ("report",)),
    "broken summaries": (lambda at: (at / "summaries.json").write_text('[{"space": '), "summaries.json: cannot be read", ("report",)),
    "deep summaries": (lambda at: (at / "summaries.json").write_text("[" * 50_000), "summaries.json: cannot be read", ("report",)),
    "other summaries": (lambda at: (at / "summaries.json").write_text('{"a": 1}'), "summaries.json: damaged", ("report",)),
    "empty summaries": (lambda at: (at / "summaries.json").write_text('[{"space": "A"}]'), "did not write", ("report",)),
    "no themes": (lambda at: shutil.rmtree(at / "tables" / "themes"), "tables/themes: files of this table are missing", ()),
    "no tables": (lambda at: shutil.rmtree(at / "tables"), "files of this table are missing", ()),
    "one part less": (lambda at: results.table_files(at, "themes")[0].unlink(), "tables/themes: files", ()),
    "rows less": (drop_rows, "rows, run.json says", ()),
    "a part cut off": (lambda at: results.table_files(at, "documents")[0].write_bytes(b"PAR1 PAR1"), "cannot be read", ()),
    "no codebook": (lambda at: change(at, "run.json", lambda run: run.pop("codebook")), "run.json: damaged, 'codebook' is missing", ()),
    "other codebook": (lambda at: change(at, "run.json", lambda run: run["codebook"].update(themes=[1])), "did not write", ("report", "export")),
    "no status": (lambda at: change(at, "run.json", lambda run: run.pop("status")), "was interrupted", ()),
    "deep run.json": (lambda at: (at / "run.json").write_text('{"a":' * 50_000), "run.json: cannot be read (nested too deeply)", ()),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_results_are_said_in_one_line(capsys, copy, tmp_path, damage) -> None:
    harm, words, commands = DAMAGES[damage]
    harm(copy)
    every = {
        "report": ("report", str(copy), "-o", str(tmp_path / "r.html")),
        "export": ("export", str(copy), "--to", "csv", "-o", str(tmp_path / "x")),
        "discover": ("codebook", "discover", str(copy)),
    }
    for name in commands or every:
        code = main(every[name])
        out, err = capsys.readouterr()
        assert (code, out, err.count("\n")) == (1, "", 1), err
        assert words in err
        assert "testimony analyze" in err  # what to do
    assert not (tmp_path / "r.html").exists()


def test_what_is_said_to_do_mends_it(demo, copy, corpus) -> None:
    """The same command again: what is whole is taken over, what is missing is made anew."""
    shutil.rmtree(copy / "tables" / "themes")
    (copy / "summaries.json").unlink()
    again = testimony.analyze(corpus, output=copy)
    assert again.manifest["timings"]["batches_run"] == 0
    for file in (path for path in demo.path.rglob("*.*") if path.name not in ("run.json", ".lock")):
        assert (copy / file.relative_to(demo.path)).read_bytes() == file.read_bytes(), file


def test_results_of_another_version_are_said_and_not_mixed(capsys, caplog, copy, corpus, tmp_path) -> None:
    change(copy, "run.json", lambda run: run["fingerprints"].update(testimony="older"))
    assert main(("report", str(copy), "-o", str(tmp_path / "r.html"))) == 0
    assert main(("export", str(copy), "--to", "jsonl", "-o", str(tmp_path / "x.jsonl"))) == 0
    _, err = capsys.readouterr()
    warning = f"testimony: warning: {copy}: results of another version of testimony; run the same `testimony analyze` command again"
    assert [line.startswith(warning) for line in err.splitlines()] == [True, True]
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        testimony.open_results(copy)
    assert "another version" in caplog.text


def test_a_run_over_results_of_another_version_says_so(capsys, tmp_path, monkeypatch) -> None:
    (tmp_path / "avis.csv").write_text("avis;nom\nUn accueil vraiment chaleureux, chaque jour.;Zoé\n", "utf-8")
    command = ("analyze", str(tmp_path / "avis.csv"), "-o", str(tmp_path / "out"))
    assert main(command) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("testimony.store.code_fingerprint", lambda: "newer")
    for options, said in ((("--quiet",), ""), ((), ""), (("--restart",), "")):
        assert main((*command, *options)) == 0
        assert capsys.readouterr().err == said  # the first run made it this version's
    monkeypatch.setattr("testimony.store.code_fingerprint", lambda: "newest")
    assert main(command) == 0
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "out: results of another version of testimony; nothing of them is taken over" in err
    assert testimony.open_results(tmp_path / "out").manifest["timings"]["batches_run"] == 1
