"""The wrong thing typed, and the message read: one line, what, where, what to do; and the right exit code."""

import json
import os
import zipfile

import pytest

from testimony import store
from testimony.cli import main


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    out, err = capsys.readouterr()
    return code, out, err.strip()


def one_line(text: str) -> str:
    assert "Traceback" not in text
    assert text.count("\n") == 0, text
    return text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "required"),
        (("analyse",), 2, "invalid choice"),
        (("analyze",), 2, "PATH"),
        (("analyze", "nowhere"), 2, "nowhere: no such file or folder"),
        (("analyze", ".", "--codebook", "nowhere.toml"), 2, "--codebook nowhere.toml: no such file"),
        (("analyze", ".", "--workers", "0"), 2, "--workers 0"),
        (("analyze", ".", "--workers", "many"), 2, "many: give a number, or auto"),
        (("analyze", ".", "--scheduler", "tcp://x:1"), 2, "--engine dask"),
        (("report", "nowhere"), 1, "no run.json"),
        (("export", "nowhere", "--to", "csv"), 1, "no run.json"),
        (("codebook", "init"), 2, "name the file"),
        (("evaluate", "weather"), 2, "weather"),
    ],
)
def test_wrong_usage(capsys, monkeypatch, tmp_path, arguments, code, words) -> None:
    monkeypatch.chdir(tmp_path)
    got, _, err = run(capsys, *arguments)
    assert got == code
    assert words in one_line(err)


@pytest.mark.parametrize("command", ["evaluate", "train"])
def test_help_offers_what_there_is(capsys, command) -> None:
    from testimony import workshop

    table = {"evaluate": workshop.EVALUATIONS, "train": workshop.TRAININGS}[command]
    assert run(capsys, command, "--help")[0] == 0
    with pytest.raises(SystemExit):
        main((command, "--help"))
    offered = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("  what"))
    assert set(offered.split(maxsplit=1)[1].replace(" or ", ", ").split(", ")) == set(table)
    code, _, err = run(capsys, command, "weather")
    assert (code, one_line(err).count(", ")) == (2, len(table) - 1)


@pytest.mark.parametrize("inside", ["", "results"])
def test_results_are_not_written_into_the_pipeline(capsys, tmp_path, inside) -> None:
    """They would change by what a batch is known again."""
    (tmp_path / "avis.csv").write_text(TABLE, "utf-8")
    (tmp_path / "model").mkdir()
    for folder in (tmp_path / "model" / inside, store.models_path() / inside):
        code, _, err = run(capsys, "analyze", str(tmp_path / "avis.csv"), "--model", str(tmp_path / "model"), "-o", str(folder))
        assert code == 2
        assert "choose another folder with -o" in one_line(err)
        assert not (folder / "run.json").exists()


def test_an_empty_folder_is_nothing_to_analyze(capsys, tmp_path) -> None:
    code, _, err = run(capsys, "analyze", str(tmp_path), "-o", str(tmp_path / "out"))
    assert code == 2
    assert "no document to analyze" in one_line(err)
    assert not (tmp_path / "out").exists()


TABLE = "avis;nom\nUn accueil vraiment chaleureux, chaque jour.;Zoé\n"


def bad_zip() -> bytes:
    return b"PK\x03\x04 and then nothing"


def bomb(path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 60_000_000 + b"</a>")


# The standard security handler with keys that no empty password opens.
LOCKED_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"3 0 obj<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n%%EOF"
)

CASES = {
    "binary.txt": (b"\x00\x01\x02\x03" * 400, "binary"),
    "broken.docx": (bad_zip(), "broken file"),
    "broken.xlsx": (bad_zip(), "broken file"),
    "broken.pdf": (b"%PDF-1.4 nothing", "broken pdf"),
    "broken.odt": (bad_zip(), "broken file"),
    "broken.json": (b'[{"texte": "un",}]', "line 1, column 17"),
    "broken.yaml": (b"a: [1\nb: {", "line 2"),
    "locked.docx": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
    "locked.pdf": (LOCKED_PDF, "password"),
    "figures.csv": (b"annee;montant\n2020;12\n2021;15\n", "columns seen: annee, montant"),
    "config.yaml": (b"a: 1\nb: 2\n", "no record with a text"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_document_that_cannot_be_read_is_listed_and_the_others_go_on(capsys, tmp_path, name) -> None:
    content, words = CASES[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "fine.jsonl").write_text('{"nom": "Zoé", "texte": "Un accueil vraiment chaleureux."}\n', "utf-8")
    code, _, err = run(capsys, "analyze", str(tmp_path), "-o", str(tmp_path / "out"))
    assert code == 0
    assert words in one_line(err)
    assert name in err
    manifest = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert manifest["counts"] == {"documents": 2, "skipped": 1, "testimonials": 1, "without_testimonial": 0}
    assert words in manifest["skipped"][0]["reason"]
    assert name in (tmp_path / "out" / "report.html").read_text("utf-8")
    code, _, err = run(capsys, "analyze", str(tmp_path), "-o", str(tmp_path / "strict"), "--strict", "--quiet")
    assert code == 1
    assert "--strict" in one_line(err)


@pytest.mark.parametrize("option", ["--text-column", "--speaker-column"])
def test_a_column_that_is_not_there_is_said(capsys, tmp_path, option) -> None:
    (tmp_path / "avis.csv").write_text(TABLE, "utf-8")
    code, _, err = run(capsys, "analyze", str(tmp_path / "avis.csv"), "-o", str(tmp_path / "out"), option, "Propos")
    assert code == 2
    assert one_line(err).endswith("avis.csv: no column named 'Propos'; name one of its columns: avis, nom")
    (tmp_path / "fine.txt").write_text("« L'accueil est chaleureux et la salle lumineuse. » — Zoé Petit, potière\n", "utf-8")
    code, _, err = run(capsys, "analyze", str(tmp_path), "-o", str(tmp_path / "out"), option, "Propos")
    assert code == 0  # one document less, the other is read
    assert "skipped" in one_line(err)
    assert "no column named 'Propos'" in err


def test_a_column_of_the_hints_that_is_not_there_is_said(capsys, tmp_path) -> None:
    (tmp_path / "avis.csv").write_text(TABLE, "utf-8")
    (tmp_path / "testimony.toml").write_text('[[documents]]\ntext_column = "Propos"\n', "utf-8")
    code, _, err = run(capsys, "analyze", str(tmp_path), "-o", str(tmp_path / "out"))
    assert code == 2
    assert "no column named 'Propos'" in one_line(err)


def test_a_long_table_that_cannot_be_read_is_said_once(capsys, tmp_path, monkeypatch) -> None:
    from testimony import batches

    monkeypatch.setattr(batches, "ROWS_PER_PART", 10)
    (tmp_path / "sommes.csv").write_text("annee;montant\n" + "2020;12\n" * 45, "utf-8")
    (tmp_path / "sommes.jsonl").write_text('{"annee": 2020}\n' * 45, "utf-8")
    code, _, err = run(capsys, "analyze", str(tmp_path), "-o", str(tmp_path / "out"))
    assert code == 0
    assert [line.split("skipped ")[1].split(": ")[0] for line in err.splitlines()] == [
        str(tmp_path / f"sommes.{name}") for name in ("csv", "jsonl")
    ]


def test_a_decompression_bomb_is_refused(capsys, tmp_path) -> None:
    bomb(tmp_path / "bomb.docx")
    code, _, err = run(capsys, "analyze", str(tmp_path / "bomb.docx"), "-o", str(tmp_path / "out"))
    assert code == 0
    assert "decompression bomb" in one_line(err)


def test_a_text_of_200_megabytes_is_refused_without_reading_it(capsys, tmp_path) -> None:
    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.truncate(200_000_000)
    code, _, err = run(capsys, "analyze", str(tmp_path / "huge.txt"), "-o", str(tmp_path / "out"))
    assert code == 0
    assert "200 MB" in one_line(err)


def test_the_folder_of_another_program_is_left_alone(capsys, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("« Une belle journée passée ensemble à l'atelier. » — Zoé, potière", "utf-8")
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.jpg").write_bytes(b"cat")
    code, _, err = run(capsys, "analyze", str(tmp_path / "a.txt"), "-o", str(other))
    assert code == 1
    assert "did not write" in one_line(err)
    assert [path.name for path in other.iterdir()] == ["cat.jpg"]


def test_results_of_another_version_are_not_mixed(capsys, tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text('{"texte": "Un lieu où il fait bon travailler."}\n', "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "run.json").write_text(json.dumps({"program": "testimony", "format": 99, "status": "complete"}))
    code, _, err = run(capsys, "analyze", str(tmp_path / "a.jsonl"), "-o", str(out))
    assert code == 1
    assert "layout 99" in one_line(err)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_says_how_to_resume(tmp_path, monkeypatch) -> None:
    import errno

    from testimony import ResultsError, results, schemas

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder = results.ResultsFolder(tmp_path / "out")
    folder.open()
    monkeypatch.setattr(results, "write_atomically", full)
    with pytest.raises(ResultsError, match="disk is full.*resume"):
        folder.write_batch("key", {name: [] for name in schemas.PARTITIONED})
    folder.close()


def test_an_output_that_cannot_be_written(capsys, tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text('{"texte": "Un lieu où il fait bon travailler."}\n', "utf-8")
    (tmp_path / "file").write_text("x")
    code, _, err = run(capsys, "analyze", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "file"))
    assert code == 1
    assert "is a file" in one_line(err)
    code, _, err = run(capsys, "analyze", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "file" / "under"))
    assert code == 1
    one_line(err)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[theme]]\nid = "a"\nlabel = "A"\ndefinition = "d"\ncolour = "x"\n', "colour"),
        ('[[theme]]\nid = "a"\nlabel = "A"\ndefinition = "d"\n[[theme]]\nid = "a"\nlabel = "B"\ndefinition = "d"\n', "a"),
        ("[[theme]\n", "line 1"),
    ],
)
def test_a_wrong_codebook_names_the_line(capsys, tmp_path, text, words) -> None:
    (tmp_path / "themes.toml").write_text(text, "utf-8")
    code, _, err = run(capsys, "codebook", "check", str(tmp_path / "themes.toml"))
    assert code == 2
    assert words in one_line(err)
    assert "themes.toml" in err


DEEP = 5_000
NESTED = {
    "deep.toml": (f"a={'[' * DEEP}{']' * DEEP}", "nested too deeply"),
    "deep.yaml": (f"a: {'[' * DEEP}{']' * DEEP}", "nested too deeply"),
    "digits.toml": (f"a={'1' * DEEP}", "too many digits"),
    "objects.yaml": ("theme: !!python/object/apply:os.system ['touch made']\n", "YAML"),
    "aliases.yaml": (
        "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)) + "space: *a59\ntheme: *a59\n",
        "aliases.yaml:",
    ),
}


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("option", ["--codebook", "--spaces", "--hints"])
def test_a_file_of_a_stranger_is_refused_in_one_line(capsys, tmp_path, monkeypatch, name, option) -> None:
    """Nested too deeply for Python, a number of five thousand digits, an object to be made, aliases that double."""
    monkeypatch.chdir(tmp_path)
    content, words = NESTED[name]
    (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "avis.csv").write_text(TABLE, "utf-8")
    code, _, err = run(capsys, "analyze", "avis.csv", "-o", "out", option, name)
    assert code == 2
    assert name in one_line(err)
    assert len(err) < 300
    if option != "--hints" or name.endswith("toml"):  # hints are TOML
        assert words in err
    if option == "--codebook":
        assert (code, err) == (run(capsys, "codebook", "check", name)[0], err)
    assert not (tmp_path / "made").exists()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("fence", ["+++", "---"])
def test_front_matter_that_is_nested_too_deeply(capsys, tmp_path, fence) -> None:
    said = "« Un accueil vraiment chaleureux, chaque jour. » — Léa Morin, graphiste\n"
    (tmp_path / "a.md").write_text(f"{fence}\na{'=' if fence == '+++' else ': '}{'[' * DEEP}{']' * DEEP}\n{fence}\n{said}", "utf-8")
    (tmp_path / "b.md").write_text(said, "utf-8")
    code, _, err = run(capsys, "analyze", str(tmp_path), "-o", str(tmp_path / "out"))
    assert code == 0
    assert "Traceback" not in err
    assert ("a.md: YAML nested too deeply" in err) == (fence == "---")  # no mapping: a text that begins so
    assert json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["counts"]["documents"] == 2


@pytest.mark.parametrize("arguments", [("codebook", "check"), ("segment", "avis.csv", "--hints"), ("segment", "avis.csv", "--spaces")])
def test_a_file_that_is_not_there_says_what_to_do(capsys, tmp_path, monkeypatch, arguments) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "avis.csv").write_text(TABLE, "utf-8")
    code, _, err = run(capsys, *arguments, "nowhere.toml")
    assert code == 2
    assert one_line(err) == "testimony: error: nowhere.toml: cannot be read (No such file or directory); check its path"


def test_a_user_s_codebook_replaces_the_built_in_one(capsys, tmp_path) -> None:
    book = tmp_path / "themes.toml"
    assert run(capsys, "codebook", "init", str(book))[0] == 0
    assert run(capsys, "codebook", "check", str(book))[0] == 0
    assert run(capsys, "codebook", "init", str(book))[0] == 2
    (tmp_path / "a.jsonl").write_text('{"texte": "Je viens à vélo tous les matins et je gare ma voiture le soir."}\n', "utf-8")
    assert run(capsys, "analyze", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "out"), "--codebook", str(book))[0] == 0
    import testimony

    themes = set(testimony.open_results(tmp_path / "out").themes["theme"])
    assert themes
    assert themes <= {theme.id for theme in testimony.Codebook.load(book).themes}


def test_report_and_exports_from_results(capsys, demo, tmp_path) -> None:
    code, out, _ = run(capsys, "report", str(demo.path), "-o", str(tmp_path / "again.html"))
    assert code == 0
    assert (tmp_path / "again.html").read_bytes() == (demo.path / "report.html").read_bytes()
    for name in ("csv", "xlsx", "jsonl"):
        code, out, _ = run(capsys, "export", str(demo.path), "--to", name, "-o", str(tmp_path / f"out.{name}"))
        assert code == 0
        assert out.strip() == str(tmp_path / f"out.{name}")
    code, _, err = run(capsys, "export", str(demo.path), "--to", "docx")
    assert code == 2
    assert "csv, xlsx, jsonl" in one_line(err)


def test_segment_says_why(capsys, corpus) -> None:
    code, out, _ = run(capsys, "segment", str(corpus / "01-voyage-nantes.txt"))
    assert code == 0
    assert "speaker: Bérengère Delhaye" in out
    assert "confidence" in out


def test_doctor_finds_everything(capsys) -> None:
    code, out, _ = run(capsys, "doctor")
    assert code == 0
    assert "MISSING" not in out


def test_progress_and_summary_are_for_a_terminal_only(tmp_path) -> None:
    """On a terminal: documents, testimonials, words per second, time left, then where the report is; nothing of it when piped."""
    import os
    import pty
    import subprocess
    import sys

    source = tmp_path / "mots.md"
    source.write_text("« Le café est bon et la salle est claire. » — Léa Marchal, graphiste\n", "utf-8")
    command = [sys.executable, "-m", "testimony", "analyze", str(source), "-o", str(tmp_path / "r")]
    piped = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (piped.stdout, piped.stderr) == ("", "")
    master, slave = pty.openpty()
    with subprocess.Popen([*command[:-1], str(tmp_path / "r2")], stdout=slave, stderr=slave) as process:
        os.close(slave)
        shown = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # the terminal closes with the last writer
                break
            if not part:
                break
            shown += part
        assert process.wait() == 0
    os.close(master)
    for words in ("documents ·", "testimonials ·", "words/s", "s left", "1 testimonials in 1 documents", "report.html"):
        assert words in shown.decode(), words


def test_a_file_that_may_not_be_read_is_listed(tmp_path, monkeypatch) -> None:
    """Root may read everything, so that the system's answer is put in its place."""
    from pathlib import Path

    from testimony import UnreadableDocument, readers

    path = tmp_path / "closed.txt"
    path.write_text("« Un accueil vraiment chaleureux. » — Zoé, potière", "utf-8")

    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableDocument, match=r"closed\.txt: cannot be read \(Permission denied\); check its permissions"):
        list(readers.read(path))


def test_a_results_folder_that_may_not_be_written(capsys, tmp_path, monkeypatch) -> None:
    from pathlib import Path

    (tmp_path / "a.jsonl").write_text('{"texte": "Un lieu où il fait bon travailler."}\n', "utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, _, err = run(capsys, "analyze", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "out"))
    assert code == 1
    assert "out" in one_line(err)
    assert "Permission denied" in err
