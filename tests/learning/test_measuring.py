"""Pipelines measured side by side on two sentences of our own."""

import json

import pytest
import spacy

from testimony import workshop
from testimony.errors import InputError, ModelNotFoundError

TREE = """# sent_id = 1
1\tLéa\tLéa\tPROPN\t_\t_\t2\tnsubj\t_\t_
2\tmange\tmanger\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_
"""
SENTENCES = [
    {"id": "a.0", "text": "Samia travaille à la Brindille.", "entities": [["Samia", "PER"], ["Brindille", "SPACE"]]},
    {"id": "a.1", "text": "Elle vient de Chambéry.", "entities": [["Chambéry", "LOC"]]},
]


@pytest.fixture
def shared(tmp_path):
    tree = tmp_path / "data/ud/UD_French-Sequoia/fr_sequoia-ud-dev.conllu"
    tree.parent.mkdir(parents=True)
    tree.write_text(TREE, "utf-8")
    gold = tmp_path / "data/testimonials/sentences.gold.jsonl"
    gold.parent.mkdir(parents=True)
    gold.write_text("".join(json.dumps(item) + "\n" for item in SENTENCES), "utf-8")
    return tmp_path


def pipeline_of(folder, *patterns):
    """A pipeline of another program: rules only, none trained."""
    nlp = spacy.blank("fr")
    if patterns:
        nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": text} for text, label in patterns])
    folder.parent.mkdir(exist_ok=True)
    nlp.to_disk(folder)
    return str(folder)


def figures(lines):
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return rows[0], {(row[0], row[1]): row[2:] for row in rows[2:]}


def test_pipelines_of_others_stand_side_by_side(shared, tmp_path):
    one, two = pipeline_of(tmp_path / "un" / "fr"), pipeline_of(tmp_path / "deux" / "fr", ("Brindille", "ORG"))
    lines = []
    assert workshop.evaluate_pipeline([one, two, "--data", str(shared)], lines.append) == 0
    head, rows = figures(lines)
    assert head[2:] == [one, two]  # folders of one name are told apart
    assert [float(value) for value in rows["testimonials", "merged"]] == [0.8, 1.0]  # lists know Samia and Chambéry; ORG counts for SPACE
    assert rows["testimonials", "SPACE"] == ["0.000", "0.000"]
    assert rows["testimonials", "exact splits"] == ["1.000", "1.000"]
    assert rows["testimonials", "same in all variants"][1] == "0.500"  # spaCy's own tokenizer does not know decomposed accents
    assert rows["Sequoia dev", "sentences"] == ["1.000", "1.000"]


def test_a_folder_without_data_and_a_missing_pipeline_are_said(shared, tmp_path):
    with pytest.raises(InputError, match="none of the development sets"):
        workshop.evaluate_pipeline([pipeline_of(tmp_path / "fr"), "--data", str(tmp_path / "fr")], print)
    with pytest.raises(ModelNotFoundError, match="absent"):
        workshop.evaluate_pipeline([str(tmp_path / "absent"), "--data", str(shared)], print)
