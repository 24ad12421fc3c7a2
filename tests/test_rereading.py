"""A changed codebook re-does themes, not the pipeline: the same bytes as from scratch, through interruptions, and it is counted."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import testimony
from testimony import batches, engine, pipeline, store
from testimony.cli import main
from testimony.codebook import SKELETON
from testimony.rereading import ThemeReader

MOBILITY = SKELETON.replace('patterns = ["être …2 accueilli"', 'patterns = ["café", "être …2 accueilli"')


def data_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("run.json", ".lock")
    }


@pytest.fixture
def several(corpus, monkeypatch) -> list[Path]:
    """Files that make three batches."""
    monkeypatch.setattr(batches, "BATCH_BYTES", 2000)
    return [corpus / name for name in ("05-enquete-nantes.csv", "07-verbatims-halle.jsonl", "03-entretien-gaelle.md")]


@pytest.fixture
def own(tmp_path) -> Path:
    """A codebook of other themes than the built-in one."""
    path = tmp_path / "themes.toml"
    path.write_text(MOBILITY, "utf-8")
    return path


@pytest.fixture
def no_pipeline(monkeypatch):
    """Whoever loads the pipeline fails."""

    def refuse(*_, **__):
        raise AssertionError("the pipeline is run")

    engine.leave()
    monkeypatch.setattr(pipeline, "load", refuse)
    monkeypatch.setattr(pipeline, "annotate", refuse)


@pytest.fixture(scope="module")
def read(corpus, tmp_path_factory) -> tuple[Path, Path, Path]:
    """The demonstration corpus under the built-in codebook and, from scratch, under another."""
    folder = tmp_path_factory.mktemp("read")
    (folder / "themes.toml").write_text(MOBILITY, "utf-8")
    testimony.analyze(corpus, output=folder / "other", codebook=folder / "themes.toml")
    testimony.analyze(corpus, output=folder / "builtin")
    return folder / "builtin", folder / "other", folder / "themes.toml"


@pytest.mark.parametrize("way", ["to another", "back"])
def test_same_bytes_as_from_scratch_without_the_pipeline(read, corpus, tmp_path, no_pipeline, way) -> None:
    builtin, other, themes = read
    before, after, codebook = (builtin, other, themes) if way == "to another" else (other, builtin, None)
    shutil.copytree(before, tmp_path / "out")
    analysis = testimony.analyze(corpus, output=tmp_path / "out", codebook=codebook)
    assert data_files(tmp_path / "out") == data_files(after)
    timings = analysis.manifest["timings"]
    whole = testimony.open_results(after).manifest
    assert timings["batches_themes_only"] == whole["timings"]["batches_run"] > 0
    assert timings["testimonials_themes_only"] == whole["counts"]["testimonials"]
    assert (timings["batches_run"], timings["batches_reused"], timings["words_read"]) == (0, 0, 0)
    assert set(analysis.themes.theme) == set(testimony.open_results(after).themes.theme)
    again = testimony.analyze(corpus, output=tmp_path / "out", codebook=codebook).manifest["timings"]
    assert (again["batches_themes_only"], again["batches_reused"]) == (0, timings["batches_themes_only"])


def test_spacy_is_not_even_imported(read, corpus, tmp_path) -> None:
    builtin, _, themes = read
    shutil.copytree(builtin, tmp_path / "out")
    program = (
        "import sys, testimony; testimony.analyze(sys.argv[1], output=sys.argv[2], codebook=sys.argv[3]); print('spacy' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(corpus), str(tmp_path / "out"), str(themes)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def stop_after_two(progress) -> None:
    if progress.batches == 2:
        raise KeyboardInterrupt


def test_interrupted_while_themes_are_read_again(several, own, tmp_path) -> None:
    """What was finished is kept, what was not is finished, and a third codebook in between mixes nothing."""
    out = tmp_path / "out"
    testimony.analyze(several, output=out)
    testimony.analyze(several, output=tmp_path / "whole", codebook=own)
    with pytest.raises(KeyboardInterrupt):
        testimony.analyze(several, output=out, codebook=own, progress=stop_after_two)
    timings = testimony.analyze(several, output=out, codebook=own).manifest["timings"]
    assert (timings["batches_run"], timings["batches_themes_only"]) == (0, 1)
    assert data_files(out) == data_files(tmp_path / "whole")

    third = tmp_path / "third.toml"
    third.write_text(MOBILITY.replace("bienvenue", "salle"), "utf-8")
    with pytest.raises(KeyboardInterrupt):
        testimony.analyze(several, output=out, codebook=third, progress=stop_after_two)
    timings = testimony.analyze(several, output=out, codebook=own).manifest["timings"]
    assert (timings["batches_run"], timings["batches_themes_only"], timings["batches_reused"]) == (0, 0, 3)
    assert data_files(out) == data_files(tmp_path / "whole")


def test_what_an_interrupted_run_had_finished_is_kept_under_another_codebook(several, own, tmp_path) -> None:
    with pytest.raises(KeyboardInterrupt):
        testimony.analyze(several, output=tmp_path / "out", progress=stop_after_two)
    timings = testimony.analyze(several, output=tmp_path / "out", codebook=own).manifest["timings"]
    assert (timings["batches_run"], timings["batches_themes_only"]) == (1, 2)
    testimony.analyze(several, output=tmp_path / "whole", codebook=own)
    assert data_files(tmp_path / "out") == data_files(tmp_path / "whole")


def test_a_truncated_table_costs_its_batch_the_pipeline(several, own, tmp_path) -> None:
    out = tmp_path / "out"
    testimony.analyze(several, output=out)
    kept = sorted((out / "tables" / "sentences").glob("*.parquet"))
    kept[0].write_bytes(kept[0].read_bytes()[:50])
    timings = testimony.analyze(several, output=out, codebook=own).manifest["timings"]
    assert (timings["batches_run"], timings["batches_themes_only"]) == (1, 2)
    testimony.analyze(several, output=tmp_path / "whole", codebook=own)
    assert data_files(out) == data_files(tmp_path / "whole")


def test_two_workers_give_the_same_bytes(read, corpus, tmp_path) -> None:
    builtin, other, themes = read
    shutil.copytree(builtin, tmp_path / "out")
    testimony.analyze(corpus, output=tmp_path / "out", codebook=themes, workers=2)
    assert data_files(tmp_path / "out") == data_files(other)


def test_a_text_whose_themes_cannot_be_read_goes_through_the_pipeline(several, own, tmp_path, monkeypatch) -> None:
    """It alone knows which document to list; here it has no trouble."""
    out = tmp_path / "out"
    testimony.analyze(several, output=out)

    def fail(*_):
        raise ValueError("themes")

    monkeypatch.setattr(ThemeReader, "read", fail)
    timings = testimony.analyze(several, output=out, codebook=own).manifest["timings"]
    assert (timings["batches_run"], timings["batches_themes_only"]) == (3, 0)


def test_what_the_pipeline_failed_on_is_tried_again(several, own, tmp_path, monkeypatch) -> None:
    genuine = pipeline.annotate

    def failing(nlp, testimonials):
        if any(len(testimonial.text) > 120 for testimonial in testimonials):
            raise ValueError("the themes of it")
        return genuine(nlp, testimonials)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "annotate", failing)
        assert testimony.analyze(several, output=tmp_path / "out").manifest["skipped"]
    analysis = testimony.analyze(several, output=tmp_path / "out", codebook=own)
    assert not analysis.manifest["skipped"]
    testimony.analyze(several, output=tmp_path / "whole", codebook=own)
    assert data_files(tmp_path / "out") == data_files(tmp_path / "whole")


def test_another_pipeline_may_hold_other_themes_and_is_run(several, own, tmp_path) -> None:
    model = str(store.models_path() / store.PIPELINE)
    testimony.analyze(several[:1], output=tmp_path / "out", model=model)
    timings = testimony.analyze(several[:1], output=tmp_path / "out", model=model, codebook=own).manifest["timings"]
    assert (timings["batches_run"], timings["batches_themes_only"]) == (1, 0)


def test_only_themes_are_read_beside_a_new_document(several, own, tmp_path) -> None:
    testimony.analyze(several[:2], output=tmp_path / "out")
    timings = testimony.analyze(several, output=tmp_path / "out", codebook=own).manifest["timings"]
    assert (timings["batches_run"], timings["batches_themes_only"]) == (1, 2)


def test_the_command_says_so(read, corpus, tmp_path, capsys, monkeypatch) -> None:
    builtin, _, themes = read
    shutil.copytree(builtin, tmp_path / "out")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["analyze", str(corpus), "-o", str(tmp_path / "out"), "--codebook", str(themes)]) == 0
    said = capsys.readouterr().out
    number = testimony.open_results(builtin).manifest["counts"]["testimonials"]
    assert f"themes of {number} testimonials read again, pipeline not run on them" in said
