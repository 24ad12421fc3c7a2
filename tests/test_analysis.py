"""The journey as a user takes it: documents in, proved results out."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import testimony
from testimony import results

TABLES = ("documents", "testimonials", "sentences", "themes", "entities", "spaces")
HARD = "Voilà 😀 l’espace\u00a0: « cafe\u0301 » noir,\r\ndouble « “nid” » et œuvre.\r\n"


def digests(folder: Path) -> dict[str, str]:
    """Hash of every data file, run.json aside."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in ("run.json", ".lock"))
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def small(tmp_path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "Témoignages\n\nLéa Morin, gérante du Coworking Bleu\n\n« L'accueil est chaleureux. La salle est trop bruyante. »\n\n"
        "Paul Petit, graphiste\n\n« Le wifi tombe en panne chaque semaine, c'est pénible. »\n", "utf-8",
    )  # fmt: skip
    (folder / "b.csv").write_text(
        "id;nom;espace;avis\n1;Zoé;Coworking Bleu;J'adore ce lieu et ses ateliers.\n2;Max;Le Quai;Trop cher pour moi.\n", "utf-8"
    )
    (folder / "c.json").write_text(json.dumps([{"nom": "Ana", "texte": HARD}], ensure_ascii=False), "utf-8")
    return folder


def test_the_demonstration_corpus_gives_what_it_promises(demo) -> None:
    counts = demo.manifest["counts"]
    assert counts["testimonials"] >= 60
    assert counts["skipped"] == 0
    assert demo.testimonials["space"].nunique() >= 10
    assert demo.documents["format"].nunique() >= 8
    assert set(demo.themes["theme"]) == {theme.id for theme in testimony.Codebook.builtin().themes}
    assert {"positive", "negative", "mixed", "neutral"} == set(demo.sentences["polarity"])


def test_tables_have_the_columns_of_the_contract(demo) -> None:
    wanted = {
        "documents": "document_id source format sha256 text status reason n_testimonials",
        "testimonials": "testimonial_id document_id record_id segments text speaker role space about date language rule confidence polarity "
        "polarity_score n_words metadata",
        "sentences": "testimonial_id sentence_id start end text polarity polarity_score",
        "themes": "testimonial_id sentence_id theme score polarity polarity_score evidence",
        "entities": "testimonial_id sentence_id start end text label target",
        "spaces": "space n_testimonials n_speakers n_words n_mentions positive negative mixed neutral themes",
    }
    for name, columns in wanted.items():
        assert set(columns.split()) <= set(getattr(demo, name).columns), name


def test_every_quotation_is_found_at_its_offsets(demo) -> None:
    check_quotations(demo)


def check_quotations(analysis) -> None:
    documents = {row.document_id: row.text for row in analysis.documents.itertuples()}
    texts = {}
    for row in analysis.testimonials.itertuples():
        source = documents[row.document_id]
        assert "\n\n".join(source[start:end] for start, end in row.segments) == row.text
        texts[row.testimonial_id] = row.text
        for evidence in json.loads(row.evidence):
            if evidence["origin"] == "text":
                assert 0 <= evidence["start"] < evidence["end"] <= len(source)
    for row in analysis.sentences.itertuples():
        assert texts[row.testimonial_id][row.start : row.end] == row.text
        assert all(row.start <= start < end <= row.end for start, end in row.cues)
    for row in analysis.entities.itertuples():
        assert texts[row.testimonial_id][row.start : row.end] == row.text
    for row in analysis.themes.itertuples():
        assert all(0 <= start < end <= len(texts[row.testimonial_id]) for start, end in row.evidence)
    from testimony.summaries import quotations_of

    for quotation in quotations_of(analysis.summaries):
        assert texts[quotation["testimonial_id"]][quotation["start"] : quotation["end"]] == quotation["text"]


def test_hard_characters_keep_their_offsets(small, tmp_path) -> None:
    analysis = testimony.analyze(small, output=tmp_path / "out")
    check_quotations(analysis)
    row = analysis.testimonials[analysis.testimonials["speaker"] == "Ana"].iloc[0]
    assert row["text"] == HARD.replace("\r\n", "\n").replace("e\u0301", "é")


def test_same_bytes_whatever_the_order_the_hash_seed_and_the_workers(small, tmp_path, monkeypatch) -> None:
    """The second run is a program without `if __name__ == "__main__"`."""
    monkeypatch.setattr("testimony.batches.BATCH_BYTES", 1)
    files = sorted(small.iterdir())
    assert testimony.analyze(files, output=tmp_path / "one", workers=1).manifest["timings"]["batches_run"] == 3
    shuffled = files[:]
    random.Random(3).shuffle(shuffled)
    program = (
        "import sys, testimony, testimony.batches; testimony.batches.BATCH_BYTES = 1; "
        "testimony.analyze(sys.argv[2:], output=sys.argv[1], workers=2)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "two"), *map(str, shuffled)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "77"})
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_an_interrupted_run_resumes_to_the_same_bytes(corpus, tmp_path, monkeypatch) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(corpus, folder, ignore=shutil.ignore_patterns("*.pdf", "*.docx", "*.xlsx", "*.odt"))
    monkeypatch.setattr("testimony.batches.BATCH_BYTES", 3000)
    testimony.analyze(folder, output=tmp_path / "whole")
    seen = []

    def stop(progress) -> None:
        seen.append(progress.batches)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        testimony.analyze(folder, output=tmp_path / "cut", progress=stop)
    with pytest.raises(testimony.ResultsError, match="interrupted"):
        testimony.open_results(tmp_path / "cut")
    resumed = testimony.analyze(folder, output=tmp_path / "cut")
    assert digests(tmp_path / "whole") == digests(tmp_path / "cut")
    assert resumed.manifest["timings"]["batches_run"] + 2 == testimony.open_results(tmp_path / "whole").manifest["timings"]["batches_run"]


def test_only_new_documents_are_processed_again(small, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("testimony.batches.BATCH_BYTES", 1)
    first = testimony.analyze(small, output=tmp_path / "out")
    (small / "d.txt").write_text("« Un lieu vraiment agréable où l'on travaille bien, et où l'on apprend. »\n— Rose, potière\n", "utf-8")
    second = testimony.analyze(small, output=tmp_path / "out")
    assert second.manifest["timings"]["batches_run"] == 1
    assert second.manifest["counts"]["testimonials"] == first.manifest["counts"]["testimonials"] + 1
    testimony.analyze(small, output=tmp_path / "fresh")
    assert digests(tmp_path / "out") == digests(tmp_path / "fresh")


def test_a_run_in_progress_is_not_disturbed(small, tmp_path) -> None:
    folder = results.ResultsFolder(tmp_path / "out")
    folder.open()
    with pytest.raises(testimony.ResultsError, match="another run"):
        testimony.analyze(small, output=tmp_path / "out")
    folder.close()
    testimony.analyze(small, output=tmp_path / "out")


def test_summaries_say_who_and_how_many(demo) -> None:
    for summary in demo.summaries:
        for point in summary["key_points"]:
            assert point["n_speakers"] >= 1
            assert len(point["speakers"]) <= point["n_speakers"]
        keys = [(point["testimonial_id"], point["start"]) for point in summary["key_points"]]
        assert len(keys) == len(set(keys))
    assert demo.summary("Le Ponton")["n_testimonials"] >= 8
    with pytest.raises(testimony.InputError, match="La Mouture"):
        demo.summary("Nulle part")


def test_objects_show_themselves_in_a_notebook(demo) -> None:
    assert f"{len(demo.testimonials)} témoignages" in demo._repr_html_()
    assert "Analysis(" in repr(demo)
