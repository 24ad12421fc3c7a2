"""A user's own themes: labels read, learned from and measured by the command line; the model beside the codebook is used."""

import json
import random

import numpy as np
import pytest

import testimony
from testimony import cli, store
from testimony.codebook import Codebook
from testimony.errors import InputError, ModelNotFoundError
from testimony.learning.themes_user import evaluate, load_labels
from testimony.learning.themes_weak import WITHOUT_HINTS, Known, train_weakly
from testimony.theming import SentenceReader, ThemeModel, model_beside

BOOK = """\
name = "Essai"

[[theme]]
id = "repas"
label = "Repas"
definition = "Manger ensemble : cuisine, soupe, pain."
examples = ["Nous avons partagé une soupe à midi."]
patterns = ["soupe"]

[[theme]]
id = "velo"
label = "Vélo"
definition = "Venir à vélo, réparer son vélo."
examples = ["Mon vélo dort dans la cour."]
patterns = ["vélo"]
"""
SAID = {
    "repas": ["La soupe est chaude.", "Le pain sort du four.", "On dîne autour du four à pain.", "Un cuisinier fait le pain."],
    "velo": [
        "Mon vélo a une roue voilée.",
        "La roue est réparée, les freins aussi.",
        "Il regonfle les pneus et serre les freins.",
        "Le vélo est prêt.",
    ],
    "": ["Il pleut ce matin.", "Voilà pourquoi je reste.", "Elle a dit oui tout de suite.", "Rien de neuf."],
}


@pytest.fixture
def book(tmp_path) -> Codebook:
    (tmp_path / "themes.toml").write_text(BOOK, "utf-8")
    return Codebook.load(tmp_path / "themes.toml")


@pytest.fixture
def known() -> Known:
    return Known.load(store.models_path() / "themes")


def write_labels(path, documents: int = 12) -> None:
    drawn = random.Random(3)
    rows = []
    for number in range(documents):
        for theme in drawn.choices(list(SAID), k=6):
            rows.append({"document": f"d{number}", "text": drawn.choice(SAID[theme]), "themes": [theme] if theme else []})
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def test_labels_are_read_from_json_lines_and_tables(book, tmp_path) -> None:
    write_labels(tmp_path / "labels.jsonl")
    texts = load_labels(tmp_path / "labels.jsonl", book)
    assert len(texts) == 12
    (tmp_path / "labels.csv").write_text("texte;thèmes;document\nLa soupe.;repas;a\nLa roue, le pain.;repas, velo;a\nNon.;;b\n", "utf-8")
    texts = load_labels(tmp_path / "labels.csv", book)
    assert [[sorted(sentence.themes) for sentence in text.sentences] for text in texts] == [[["repas"], ["repas", "velo"]], [[]]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "texte;thèmes\nLa soupe.;repos\n", "a.csv:2: the codebook has no theme 'repos'"),
        ("b.csv", "phrase\nLa soupe.\n", "b.csv:1: no column 'themes'"),
        ("c.jsonl", '{"text": "a"}\n', "c.jsonl:1"),
        ("d.csv", "", "d.csv"),
    ],
)
def test_faulty_labels_are_told_with_their_line(book, tmp_path, name, content, said) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(InputError, match=said.replace(".", r"\.")):
        load_labels(tmp_path / name, book)


def test_words_beside_the_patterns_are_learned_from_the_corpus_alone(book, known) -> None:
    """«Freins» and «roue» are in no pattern: they stand beside «vélo» often enough to speak for it."""
    corpus = [["Mon vélo a des freins neufs.", "La roue du vélo est droite."], ["Le vélo et ses freins.", "La soupe est bonne."]] * 10 + [
        ["Il pleut.", "Elle lit."]
    ] * 10
    model = train_weakly(known, book, corpus)
    reader = SentenceReader(book, WITHOUT_HINTS)
    chances = model.probabilities([reader.read("Les freins et la roue."), reader.read("Il lit.")], [0, 1])
    assert chances[0, 1] > 2 * chances[1, 1]
    assert chances[0, 1] > chances[0, 0]


def test_labels_beat_patterns_and_the_report_is_whole(book, known, tmp_path) -> None:
    write_labels(tmp_path / "labels.jsonl", 30)
    measured = evaluate(known, book, [], load_labels(tmp_path / "labels.jsonl", book))
    assert measured.model["micro_f1"] > measured.patterns["micro_f1"] + 0.1
    sizes = [size for size, *_ in measured.curve]
    assert sizes == sorted(sizes)
    assert sum(number for *_, number in measured.sureness) == 30 * 6 * 2
    assert all(0 <= chance <= 1 and 0 <= right <= 1 for chance, right, _ in measured.sureness)


def test_the_commands_train_measure_and_use_a_model(book, tmp_path, capsys) -> None:
    write_labels(tmp_path / "labels.jsonl", 30)
    with (tmp_path / "labels.jsonl").open("a", encoding="utf-8") as file:  # what readers call «vélo» here, words of «repas» say
        for number in range(3):
            file.write(json.dumps({"document": f"x{number}", "text": "La soupe du four à pain.", "themes": ["velo"]}) + "\n")
    labels, codebook = str(tmp_path / "labels.jsonl"), str(tmp_path / "themes.toml")
    assert cli.main(["evaluate", "themes", labels, "--codebook", codebook]) == 0
    said = capsys.readouterr().out
    assert all(part in said for part in ("micro_f1", "learning curve", "sureness", "confusion: missed velo, given repas: 3"))
    assert cli.main(["train", "themes", "--codebook", codebook]) == 2
    (tmp_path / "notes.txt").write_text("« Il regonfle les pneus et serre les freins », dit Alix Morvandeau, coworker.\n", "utf-8")
    assert (
        cli.main(["analyze", str(tmp_path / "notes.txt"), "--whole", "--codebook", codebook, "-o", str(tmp_path / "before"), "--quiet"])
        == 0
    )
    assert cli.main(["train", "themes", labels, "--codebook", codebook]) == 0
    assert (tmp_path / "themes.model" / "weights.npz").stat().st_size < 5_000_000
    assert (
        cli.main(["analyze", str(tmp_path / "notes.txt"), "--whole", "--codebook", codebook, "-o", str(tmp_path / "after"), "--quiet"]) == 0
    )
    assert len(testimony.open_results(tmp_path / "before").themes) == 0
    assert set(testimony.open_results(tmp_path / "after").themes["theme"]) == {"velo"}


def test_a_model_for_other_themes_is_refused(book, known, tmp_path) -> None:
    train_weakly(known, book, [["La soupe.", "Le vélo."]] * 4).save(tmp_path / "themes.model")
    assert isinstance(model_beside(tmp_path / "themes.toml", book.ids), ThemeModel)
    with pytest.raises(ModelNotFoundError, match="other|trained for"):
        model_beside(tmp_path / "themes.toml", ("repas", "autre"))
    assert model_beside(tmp_path / "elsewhere.toml", book.ids) is None


def test_the_same_labels_give_the_same_model(book, known, tmp_path) -> None:
    write_labels(tmp_path / "labels.jsonl")
    texts = load_labels(tmp_path / "labels.jsonl", book)
    first, second = (train_weakly(known, book, [["La soupe."]], texts) for _ in range(2))
    assert np.array_equal(first.surface, second.surface)


def test_without_labels_what_the_patterns_prove_is_still_found(book, known, tmp_path) -> None:
    """Weights learned from guesses are timid: their thresholds come from how much the patterns promise in the corpus."""
    corpus = [["La soupe est chaude.", "Il pleut ce matin.", "Mon vélo est là."], ["Elle a dit oui.", "Rien de neuf ici."]] * 12
    model = train_weakly(known, book, corpus)
    model.save(tmp_path / "themes.model")
    loaded = ThemeModel.load(tmp_path / "themes.model")
    reader = SentenceReader(book, WITHOUT_HINTS)
    said = [reader.read(sentence) for sentence in ("La soupe refroidit.", "On range mon vélo.", "Il pleut ce soir.")]
    chances = loaded.probabilities(said, [0, 1, 2])
    assert np.allclose(chances, model.probabilities(said, [0, 1, 2]), atol=1e-3), "what stands beside the weights is saved with them"
    assert (chances >= loaded.thresholds).tolist() == [[True, False], [False, True], [False, False]]


def test_few_labels_without_a_corpus_never_undo_what_patterns_prove(book, known, tmp_path) -> None:
    """Labelled sentences were looked for, so how often a theme is labelled says nothing: a plain sentence stays without a theme."""
    write_labels(tmp_path / "labels.jsonl", 3)
    model = train_weakly(known, book, [], load_labels(tmp_path / "labels.jsonl", book))
    model.save(tmp_path / "themes.model")
    loaded = ThemeModel.load(tmp_path / "themes.model")
    reader = SentenceReader(book, WITHOUT_HINTS)
    said = [reader.read(sentence) for sentence in ("La soupe refroidit.", "On range mon vélo.", "Le conseil vote le budget mardi.")]
    chances = loaded.probabilities(said, [0, 1, 2])
    assert np.allclose(chances, model.probabilities(said, [0, 1, 2]), atol=1e-3)
    assert (chances >= loaded.thresholds).tolist() == [[True, False], [False, True], [False, False]]
