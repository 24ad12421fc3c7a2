"""The recipe of the pipeline, end to end on a few invented sentences, and what it reads."""

import json
import lzma

import pytest
import spacy

from testimony import cli, store
from testimony.learning import corpora, tagging
from testimony.learning.standoff import digest_of

TREE = """# sent_id = s{number}
1\tLéa\tLéa\tPROPN\t_\t_\t2\tnsubj\t_\t_
2\tmange\tmanger\tVERB\t_\tNumber=Sing\t0\troot\t_\t_
3\tà\tà\tADP\t_\t_\t4\tcase\t_\t_
4\tNantes\tNantes\tPROPN\t_\t_\t2\tobl\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

"""
REAL = [
    ("un.md#1", "Nous avons ouvert un espace avec des", []),
    ("un.md#2", "amis de Nantes.", [["Nantes", "LOC"]]),
    ("un.md#3", "Merci", []),
    ("un.md#4", "Samia y tient.", [["Samia", "PER"]]),
    ("deux.md#5", "la suite est ailleurs.", []),
]
LINES = ["Chez Opale on mange bien.", "Léa aussi"]
PLACES = "file\tline\tdigest\tpolarity\tthemes\tentities\n" + "".join(
    f"lines.txt.xz\t{number}\t{digest_of(line)}\tneutral\t\t{entities}\n"
    for number, (line, entities) in enumerate(zip(LINES, ["5-10:ORG", "0-3:PER"], strict=True), 1)
)


def lines(items):
    return "".join(json.dumps(item) + "\n" for item in items)


@pytest.fixture
def shared(tmp_path):
    tree = "".join(TREE.format(number=number) for number in range(8))
    files = {f"ud/{name}/{file}.conllu": tree for name, file, _ in tagging.TREEBANKS} | {
        "ud/UD_French-Sequoia/fr_sequoia-ud-dev.conllu": tree,
        "ner/ud-entities/entities.jsonl": lines([{"treebank": "UD_French-GSD dev", "sent_id": "s1", "entities": [[0, 3, "PER"]]}]),
        "ner/frsemcor_sequoia/sequoia-9.1.frsemcor": "# sent_id = s1\n1\tLéa\tLéa\tNPP\ts=p\tPerson\n",
        "testimonials/sentences.training.jsonl": lines([{"id": key, "text": text, "entities": marked} for key, text, marked in REAL]),
        "gazetteers/statbel_prenoms/static/data/prenoms.json": json.dumps({"names": [{"n": "Samia", "t": 400}]}),
        "gazetteers/solvenium_names/dataset/Surnames.txt": "Verdier\nLambert\n",
        "gazetteers/etalab_communes/sources/donnees_communes.csv": "Commune;PTOT\nNantes;300000\n",
    }
    popcorn = {
        "1": {
            "text": "Léa vit ici. Elle y tient.",
            "entities": [{"type": "CIVILIAN", "mentions": [{"value": "Léa", "start": 0, "end": 3}]}],
        }
    }
    files |= {f"ner/popcorn/manual-{part}.json": json.dumps(popcorn) for part in ("train", "test")}
    for name, text in files.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "data/raw").mkdir()
    (tmp_path / "data/raw/lines.txt.xz").write_bytes(lzma.compress("\n".join(LINES).encode()))
    return tmp_path


@pytest.fixture
def written(tmp_path):
    written = tmp_path / "written"
    written.mkdir()
    sentences = [{"text": "Bravo à Samia !", "entities": [["Samia", "PER"]]}, {"text": "On revient.", "entities": []}]
    (written / "testimonials.jsonl").write_text(lines([{"id": "a", "sentences": sentences}]), "utf-8")
    (written / "sentences-standoff.tsv").write_text(PLACES, "utf-8")
    (written / "passages-standoff.tsv").write_text("file\tstart\tend\tdigest\tpolarity\tthemes\tentities\n", "utf-8")
    (written / "names.tsv").write_text("SPACE\tm\tBocal | Nid\nMISC\t-\tPyxis\nORG\t-\tOpale\n", "utf-8")
    return written


def test_the_recipe_runs_from_its_sources_to_a_folder(shared, written, tmp_path, capsys):
    output, shipped = tmp_path / "new", store.models_path() / store.PIPELINE
    command = ["train", "pipeline", "--data", str(shared), "--written", str(written), "--vectors", str(shipped), "--steps", "2"]
    assert cli.main([*command, "-o", str(output)]) == 0
    assert "| Sequoia dev | UPOS |" in capsys.readouterr().out
    assert "twice 2 steps" in (output / "README.md").read_text("utf-8")
    assert spacy.load(output).pipe_names == spacy.load(shipped).pipe_names
    assert not [path.name for path in output.rglob("*") if path.suffix in (".pkl", ".py")]


def test_a_second_cycle_goes_on_with_the_lemmas_of_the_first(shared, tmp_path, written):
    cycles = [tagging.Cycle(epochs=30, rate=0.01, weights={}) for _ in range(2)]
    table = tagging.word_table(spacy.load(store.models_path() / store.PIPELINE))
    trained = tagging.train(shared, written, say=lambda line: None, cycles=cycles, table=table)
    assert [token.lemma_ for token in trained("Léa mange à Nantes.")][:3] == ["Léa", "manger", "à"]


def test_sentences_marked_by_their_place_teach_names(shared, written, nlp):
    groups = tagging.sources(shared, written, nlp.tokenizer)["places"]
    assert [[sentence.text for sentence in group] for group in groups] == [["Chez Opale on mange bien.", "Léa aussi"]]
    assert [[(sentence.text[start:end], label) for start, end, label in sentence.entities] for sentence in groups[0]] == [
        [("Opale", "ORG")],
        [("Léa", "PER")],
    ]


def test_lines_of_one_sentence_are_joined(shared, nlp):
    groups = corpora.read_real(shared / "data/testimonials/sentences.training.jsonl", nlp.tokenizer)
    assert [[sentence.text for sentence in group] for group in groups] == [
        ["Nous avons ouvert un espace avec des amis de Nantes.", "Merci", "Samia y tient."],
        ["la suite est ailleurs."],
    ]
    assert [[sentence.text[start:end] for start, end, _ in sentence.entities] for sentence in groups[0]] == [["Nantes"], [], ["Samia"]]
    doc = corpora.to_doc(groups[0], nlp.vocab)
    assert [sent.text for sent in doc.sents] == [sentence.text for sentence in groups[0]]
