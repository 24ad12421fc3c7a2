"""The model: plain files, the same answer after a round trip, neighbours that count, clear errors."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from testimony import store
from testimony.errors import ModelNotFoundError
from testimony.polarity import Grammar, PolarityModel
from testimony.polarity.features import DENSE, dense
from testimony.polarity.model import FACTS, MOOD, surroundings
from testimony.polarity.terms import Terms, terms

GROUPS = [["Le jardin est magnifique.", "Le bus passe à midi.", "Quel scandale !"], [], ["Bof."]]


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar.load()


@pytest.fixture(scope="module")
def model() -> PolarityModel:
    return PolarityModel.load(store.models_path() / "sentiment")


def test_verdicts_keep_the_shape_and_sum_to_one(model: PolarityModel, grammar: Grammar) -> None:
    verdicts = model.read(grammar, GROUPS)
    assert [len(group) for group in verdicts] == [3, 0, 1]
    assert [verdict.polarity for verdict in verdicts[0]] == ["positive", "neutral", "negative"]
    for group in verdicts:
        for verdict in group:
            assert sum(verdict.probabilities) == pytest.approx(1.0, abs=1e-5)
            assert -1.0 <= verdict.score <= 1.0
            assert -1.0 <= verdict.baseline <= 1.0
    assert model.read(grammar, []) == []
    assert model.read(grammar, [[]]) == [[]]


def test_the_answer_does_not_depend_on_the_batch(model: PolarityModel, grammar: Grammar) -> None:
    together = model.read(grammar, GROUPS)
    alone = [model.read(grammar, [group])[0] for group in GROUPS]
    for left, right in zip(together, alone, strict=True):
        assert [v.polarity for v in left] == [v.polarity for v in right]
        assert np.allclose([v.probabilities for v in left], [v.probabilities for v in right], atol=1e-6)


def test_what_is_said_around_counts(model: PolarityModel, grammar: Grammar) -> None:
    text = "Nous y allons souvent."
    praised, blamed = (model.read(grammar, [[around, text, around]])[0][1].score for around in ("C'est merveilleux !", "C'est une honte !"))
    assert praised > blamed


def test_a_round_trip_changes_nothing(model: PolarityModel, grammar: Grammar, tmp_path: Path) -> None:
    model.save(tmp_path / "a")
    again = PolarityModel.load(tmp_path / "a")
    again.save(tmp_path / "b")
    for name in ("arrays.npz", "vocabulary.json", "meta.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert [v.probabilities for v in again.read(grammar, GROUPS)[0]] == [v.probabilities for v in model.read(grammar, GROUPS)[0]]


@pytest.mark.parametrize("damage", ["missing", "truncated", "version", "short"])
def test_a_broken_model_is_said_in_one_line(model: PolarityModel, tmp_path: Path, damage: str) -> None:
    model.save(tmp_path)
    if damage == "missing":
        (tmp_path / "vocabulary.json").unlink()
    elif damage == "truncated":
        (tmp_path / "arrays.npz").write_bytes(b"PK\x03\x04 nothing")
    elif damage == "version":
        meta = json.loads((tmp_path / "meta.json").read_text("utf-8"))
        (tmp_path / "meta.json").write_text(json.dumps(meta | {"format": 0}), "utf-8")
    else:
        (tmp_path / "vocabulary.json").write_text("[]", "utf-8")
    with pytest.raises(ModelNotFoundError) as caught:
        PolarityModel.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_the_shipped_files_are_small_and_hold_no_pickle() -> None:
    folder = store.models_path() / "sentiment"
    assert sum(path.stat().st_size for path in folder.rglob("*")) < 6_000_000
    assert not [path.name for path in folder.rglob("*") if path.suffix in (".pkl", ".pickle", ".joblib")]
    with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
        assert all(np.isfinite(arrays[name]).all() for name in arrays.files)


def test_features_have_one_length_whatever_the_sentence(grammar: Grammar) -> None:
    texts = ["", "Oui.", "Malgré tout, c'est bien ; mais non ? Si on veut…", "x " * 500]
    assert dense([grammar.read(text) for text in texts], texts, [0.0] * len(texts)).shape == (len(texts), DENSE)
    assert list(terms(grammar.read("On n'aime pas 12 chaises"))) == [
        "on", "^ on", "ne", "on ne", "aimer", "ne aimer", "pas", "aimer pas", "0", "pas 0", "chaise", "0 chaise", "chais~", "~ises", "chaise $", "-aimer",
    ]  # fmt: skip


def test_a_sentence_is_weighed_by_the_terms_it_was_trained_with(model: PolarityModel, grammar: Grammar) -> None:
    for text in ("", "Oui.", "On n'aime pas du tout ces 12 chaises bancales", "Un accueil très chaleureux, vraiment très chaleureux !"):
        reading = grammar.read(text)
        known = [model.vocabulary[term] for term in terms(reading) if term in model.vocabulary]
        rows, starts, times = Terms(model.vocabulary).of(grammar, [text], [reading])
        assert dict(zip(rows.tolist(), times.tolist(), strict=True)) == Counter(known)
        assert starts.tolist() == [0, len(rows)]
        assert len(known) > len(reading.words.keys) or len(text) < 5


def test_surroundings_do_not_leak_between_testimonials() -> None:
    own = np.eye(4, dtype=np.float32)
    rows = surroundings(own, [2, 2])
    assert rows.shape == (4, 8)
    assert np.allclose(rows[:3, 4:6], [[-MOOD, FACTS], [MOOD, FACTS], [0.0, 1.0]])
    assert rows[:, 6:].tolist() == [[1, 0], [0, 1], [1, 0], [0, 1]]


def test_a_text_is_as_good_as_what_it_says(model: PolarityModel, grammar: Grammar) -> None:
    good, mixed, bad = (
        model.overall(model.read(grammar, [text]))[0]
        for text in (["Merci, c'était parfait.", "Nous reviendrons."], ["Merci.", "Quel froid !"], ["Quel froid !", "À fuir."])
    )
    assert 1 >= good > mixed > bad >= -1
    assert model.overall([[]]) == [0.0]


def test_facts_do_not_pass_for_praise(model: PolarityModel, grammar: Grammar) -> None:
    praise, facts = (
        ("C'était parfait, merci.", "Très belle salle."),
        ("La gare est à midi.", "Le bus part à huit heures.", "Il y a douze salles."),
    )
    whole, diluted, nothing = (model.overall(model.read(grammar, [text]))[0] for text in (praise, praise + facts, facts))
    assert whole > diluted > abs(nothing)
