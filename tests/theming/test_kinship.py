"""Words that nobody wrote in a codebook, known by the company that words keep: counted, saved, and used for a user's themes."""

import lzma
from dataclasses import replace

import numpy as np
import pytest

from testimony import store
from testimony.codebook import Codebook, Theme
from testimony.errors import ModelNotFoundError
from testimony.learning import vectors
from testimony.learning.kinship import Kinship, save_words
from testimony.learning.themes_weak import WITHOUT_HINTS, Known, train_weakly
from testimony.theming import SentenceReader, ThemeModel
from testimony.theming.features import bucket

MEALS = Theme(id="repas", label="Repas", definition="Manger et cuisiner ensemble.", patterns=("repas", "soupe"))
TRAVEL = Theme(id="trajet", label="Trajets", definition="Venir en train ou à vélo.", patterns=("vélo", "train"))


@pytest.fixture(scope="module")
def known() -> Known:
    return Known.load(store.models_path() / "themes")


def book(*themes: Theme) -> Codebook:
    return replace(Codebook.builtin(), themes=themes)


def test_words_in_the_same_company_are_kin(tmp_path, monkeypatch) -> None:
    """«Hamster» and «lapinou» never meet; what is said of both is the same."""
    monkeypatch.setattr(vectors, "WIDTH", 4)
    said = [f"Le {pet} mange une croquette et dort dans son panier." for pet in ("hamster", "lapinou")]
    said += [f"Ce {tool} serre la vis de la machine à l'atelier." for tool in ("tournevis", "clefs")]
    with lzma.open(tmp_path / "raw.txt.xz", "wt", encoding="utf-8") as file:
        file.write("\n".join(said * 20))
    save_words(*vectors.topics(tmp_path / "raw.txt.xz"), tmp_path / "words.npz")
    kinship = Kinship.load(tmp_path / "words.npz")
    rare, common = (kinship.rarity[kinship.places[bucket(f"lemma:{word}")]] for word in ("hamster", "croquette"))
    assert rare > common > 0
    hamster, rabbit, driver = (kinship.vectors[kinship.places[bucket(f"lemma:{word}")]] for word in ("hamster", "lapinou", "tournevis"))
    assert hamster @ rabbit > hamster @ driver + 0.4


def test_a_word_of_no_pattern_label_or_corpus_speaks_for_its_theme(known) -> None:
    codebook = book(MEALS, TRAVEL)
    model = train_weakly(known, codebook, [["La soupe est chaude.", "Il pleut."], ["Mon vélo est là.", "Elle lit."]] * 8)
    reader = SentenceReader(codebook, WITHOUT_HINTS)
    said = [reader.read(text) for text in ("Les légumes mijotent dans une casserole.", "Le tramway arrive à la gare.")]
    chances = model.probabilities(said, [0, 1])
    assert chances[0, 0] > 2 * chances[0, 1]
    assert chances[1, 1] > 2 * chances[1, 0]


def test_one_theme_alone_has_rivals(known) -> None:
    """With nothing to compare it with, everything would be as close to the theme as anything else."""
    codebook = book(MEALS)
    model = train_weakly(known, codebook, [["La soupe est chaude."], ["Il pleut."]] * 8)
    reader = SentenceReader(codebook, WITHOUT_HINTS)
    said = [reader.read(text) for text in ("Les légumes mijotent dans une casserole.", "La région finance le projet.")]
    cooked, paid = model.probabilities(said, [0, 1])[:, 0]
    assert cooked > 2 * paid


def test_a_sentence_of_unknown_words_has_no_kin(known) -> None:
    codebook = book(MEALS, TRAVEL)
    features = known.kinship.kin(codebook).features([[], [bucket("lemma:zzyzx")], [bucket("lemma:soupe")]], [0, 1, 2], known.rarity)
    assert [part[:2].tolist() for part in features] == [[[0.0, 0.0], [0.0, 0.0]]] * 9
    assert features[0][2, 0] > features[0][2, 1]


def test_a_model_without_what_it_needs_is_refused(known, tmp_path) -> None:
    """As models of earlier versions are: they know nothing of kin."""
    train_weakly(known, book(MEALS, TRAVEL), [["La soupe."], ["Le vélo."]] * 4).save(tmp_path)
    with np.load(tmp_path / "weights.npz") as arrays:
        left = {name: arrays[name] for name in arrays.files if name != "closeness"}
    np.savez(tmp_path / "weights.npz", **left)
    with pytest.raises(ModelNotFoundError, match="train it"):
        ThemeModel.load(tmp_path)


def test_a_damaged_table_of_words_is_told(tmp_path) -> None:
    (tmp_path / "words.npz").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ModelNotFoundError, match=r"words\.npz"):
        Kinship.load(tmp_path / "words.npz")
