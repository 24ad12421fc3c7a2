"""What a corpus without labels tells of a user's themes, and how much of it is believed."""

import json
from dataclasses import replace

import numpy as np
import pytest

from testimony import store
from testimony.codebook import Codebook, Theme
from testimony.errors import ModelNotFoundError
from testimony.learning import themes_weak
from testimony.learning.data import LabelledSentence, LabelledText
from testimony.learning.echoes import hear
from testimony.learning.themes_weak import WITHOUT_HINTS, Known, Taught, between, load_promises, save_promises, teach, train_weakly
from testimony.theming import Promise, SentenceReader, ThemeModel
from testimony.theming.features import bucket
from testimony.theming.promise import content_columns

MEALS = Theme(id="repas", label="Repas", definition="Manger et cuisiner ensemble.", patterns=("repas", "soupe"))
TRAVEL = Theme(id="trajet", label="Trajets", definition="Venir en train ou à vélo.", patterns=("vélo", "train"))
BOOK = replace(Codebook.builtin(), themes=(MEALS, TRAVEL))
# «Grizoule» and «zarbique» are in no dictionary: only the sentences they stand in say what they are about.
SAID = ["La soupe au grizoule.", "Un repas de grizoule.", "Le zarbique suit le train.", "Mon vélo, ce zarbique."] * 12


@pytest.fixture(scope="module")
def known() -> Known:
    return Known.load(store.models_path() / "themes")


def test_a_word_is_known_by_the_sentences_it_stands_in(known) -> None:
    reader = SentenceReader(BOOK, WITHOUT_HINTS)
    readings = reader.read_all(SAID)
    guesses = np.array([reading.counts[0] > 0 for reading in readings], dtype=float)
    kin = hear(known.kinship, known.kinship.kin(BOOK), [content_columns(reading.words) for reading in readings], guesses)
    meal, trip = (kin.closeness[kin.places[bucket(f"lemma:{word}")], :, -1] for word in ("grizoule", "zarbique"))
    assert meal[0] > 1 > -1 > meal[1]
    assert trip[1] > 1 > -1 > trip[0]


def test_what_was_heard_counts_and_is_shown(known, monkeypatch) -> None:
    """Were these all that a user has, they would count next to nothing."""
    said = SentenceReader(BOOK, WITHOUT_HINTS).read_all(["Voilà notre grizoule.", "Voilà notre zarbique."])
    before = train_weakly(known, BOOK, []).probabilities(said, [0, 1])
    monkeypatch.setattr(themes_weak, "HEARD", 1)
    model = train_weakly(known, BOOK, [[sentence] for sentence in SAID])
    now = model.probabilities(said, [0, 1])
    assert now[0, 0] > 3 * before[0, 0]
    assert now[1, 1] > 3 * before[1, 1]
    first, second = model.word_weights["grizoule", "grizoule"]
    assert first > 0 > second


def test_a_small_corpus_leaves_what_the_codebook_promises(known) -> None:
    said = SentenceReader(BOOK, WITHOUT_HINTS).read_all(["La soupe mijote.", "Mon vélo est dehors.", "Il pleut sur le toit."])
    alone, heard = (train_weakly(known, BOOK, corpus) for corpus in ([], [[sentence] for sentence in SAID]))
    assert np.abs(alone.probabilities(said, [0, 1, 2]) - heard.probabilities(said, [0, 1, 2])).max() < 0.05
    assert np.allclose(alone.thresholds, heard.thresholds, atol=0.01)


def test_between_two_promises() -> None:
    first, second = Promise((1.0, 2.0), -1.0, 0.2), Promise((3.0, 2.0, 4.0), -3.0, 0.4)
    assert between(first, second, 0.0) == Promise((1.0, 2.0, 0.0), -1.0, 0.2)
    assert between(first, second, 1.0) == second
    assert between(first, second, 0.5) == Promise((2.0, 2.0, 2.0), -2.0, pytest.approx(0.3))


def longer(book: Codebook, number: int) -> Codebook:
    """Give each theme so many patterns."""
    more = [f"grizoule {n}" for n in range(number)]
    return replace(book, themes=tuple(replace(theme, patterns=(*theme.patterns, *more)[:number]) for theme in book.themes))


def test_promises_are_learned_saved_and_read(known, tmp_path) -> None:
    """A codebook of many patterns is taught short and long, one of few twice the same."""
    themes = [("repas",), ("repas",), ("trajet",), ("trajet",)] * 12
    texts = [
        LabelledText(f"t{n}", f"t{n}", f"t{n}", "real", (LabelledSentence(text=text, themes=dict.fromkeys(ids, ""), polarity="neutral"),))
        for n, (text, ids) in enumerate(zip(SAID, themes, strict=True))
    ]
    short, long = taught = teach(texts, longer(BOOK, 30), known.kinship)
    assert (short.patterns, long.patterns) == (10, 30)
    for one in taught:
        assert len(one.heard.weights) > len(one.alone.weights)
        assert one.alone.weights[0] > 0  # a pattern speaks for its theme
    save_promises(taught, tmp_path / "promise.json")
    assert load_promises(tmp_path / "promise.json") == taught


def test_a_codebook_takes_promises_by_the_length_of_its_themes(known) -> None:
    """The promises shipped: one of ten patterns a theme, one of sixty; others stand between them."""
    short, long = known.taught
    assert (short.patterns, long.patterns) == (10, 60)
    for number, share in ((0, 0), (10, 0), (20, 0.387), (30, 0.613), (60, 1), (400, 1)):
        book, middle = longer(BOOK, number), between(short.alone, long.alone, share)
        for corpus in ([], [["Une soupe."], ["Un vélo."]]):
            model = train_weakly(known, book, corpus)
            assert model.thresholds == pytest.approx(middle.cut, abs=0.001)
            assert model.promised.promise.bias == pytest.approx(middle.bias, abs=0.001)


def test_promises_of_another_version_are_refused(known, tmp_path) -> None:
    path, old = tmp_path / "promise.json", Promise((1.0,) * 18, -1.0, 0.2)
    save_promises([Taught(10, old, old)] * 2, path)
    with pytest.raises(ModelNotFoundError, match="18 weights"):
        load_promises(path)
    path.write_text(
        json.dumps(known.taught[0]._asdict() | {"alone": old.to_dict(), "heard": old.to_dict()})
    )  # a promise, not a list of them
    with pytest.raises(ModelNotFoundError, match="train themes"):
        load_promises(path)
    model = train_weakly(known, BOOK, [])
    model.promised = model.promised._replace(promise=Promise((1.0,) * 18, -1.0, 0.2))
    model.save(tmp_path)
    with pytest.raises(ModelNotFoundError, match="train it"):
        ThemeModel.load(tmp_path)
