"""`testimony evaluate segmentation`: figures computed by hand on a small key."""

import json
from pathlib import Path

import pytest

from testimony import results
from testimony.cli import main

GOLD = [
    {
        "file": "a.md",
        "text": "un deux trois quatre cinq six sept huit neuf dix",
        "speaker": "Léa Roche",
        "role": "potière",
        "space": "Le Four",
    },
    {
        "file": "a.md",
        "text": "le pain du mardi est le meilleur de la semaine",
        "speaker": "Paul Vial",
        "role": "gérant du four",
        "space": None,
    },
    {"file": "a.md", "text": "rien de plus à dire", "speaker": None, "role": None, "space": None},
    {"file": "b.md", "text": "mots que l'on peut compter ou non", "optional": True, "speaker": None, "role": None, "space": None},
    {"file": "b.md", "text": "personne n'a trouvé ces mots\u2028sur deux lignes", "speaker": "Zoé", "role": None, "space": None},
]
FOUND = [
    # Found: eight of ten words and no other (0.8), but the last words are missing; every field right, the space by a part of its name.
    ("a.md", "un deux trois quatre cinq six sept huit", "LEA ROCHE", "Potière", "Coworking Le Four"),
    # Found and exact, whatever the apostrophes and capitals; the speaker is another, the role shares half its words, the space is too much.
    ("a.md", "Le pain du mardi est le meilleur de la semaine.", "Paul", "gérant", "Le Four"),
    # Half of the words: not found, one too many.
    ("a.md", "rien de plus ou encore moins", None, None, None),
    # What the key leaves open counts neither way.
    ("b.md", "mots que l’on peut compter ou non", None, None, None),
    # A document in which nobody speaks.
    ("c.md", "on invente ici", None, None, None),
]


@pytest.fixture
def folder(tmp_path) -> Path:
    rows = {"documents": [], "testimonials": []}
    for name in ("a.md", "b.md", "c.md"):
        rows["documents"].append({"document_id": name, "source": f"some/where/{name}", "text": "", "status": "ok"})
    for number, (name, text, speaker, role, space) in enumerate(FOUND):
        rows["testimonials"].append(
            {"testimonial_id": str(number), "document_id": name, "text": text, "speaker": speaker, "role": role, "space": space}
        )
    for name, values in rows.items():
        (tmp_path / "tables" / name).mkdir(parents=True)
        results.write_table(tmp_path / "tables" / name / "part-000000.parquet", name, values)
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in GOLD), "utf-8")
    (tmp_path / "files.tsv").write_text("file\tn\na.md\t3\nb.md\t2\nc.md\t0\n", "utf-8")
    return tmp_path


def test_figures_are_those_computed_by_hand(folder, capsys) -> None:
    assert main(["evaluate", "segmentation", str(folder), str(folder / "gold.jsonl"), str(folder / "files.tsv")]) == 0
    said = capsys.readouterr().out
    for line in (
        "documents 3", "gold 4",  # the optional one left out
        "precision 0.500",  # two found; of five predicted, one is optional
        "recall 0.500", "f1 0.500", "exact_boundaries 0.250", "speaker 0.250", "role 0.500", "space 0.250",
        "invented_in_documents_without_testimonials 1",
    ):  # fmt: skip
        assert f"{line}\n" in said, said
    assert "speaker a.md: wanted 'Paul Vial', found 'Paul'" in said
    assert "missed b.md: personne n'a trouvé" in said
    assert "extra c.md: on invente ici" in said


def test_without_a_list_the_files_are_those_of_the_key(folder, capsys) -> None:
    assert main(["evaluate", "segmentation", str(folder), str(folder / "gold.jsonl")]) == 0
    said = capsys.readouterr().out
    assert "documents 2\n" in said
    assert "invented_in_documents_without_testimonials 0\n" in said


@pytest.mark.parametrize(
    ("arguments", "said"), [((), "give RESULTS"), (("nowhere", "gold.jsonl"), "give RESULTS"), ((".", "bad.jsonl"), "line 2")]
)
def test_what_is_wrong_is_said_in_one_line(folder, monkeypatch, capsys, arguments, said) -> None:
    monkeypatch.chdir(folder)
    (folder / "bad.jsonl").write_text('{"file": "a.md", "text": "x"}\nnot json\n', "utf-8")
    assert main(["evaluate", "segmentation", *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
