"""Themes without labels: what a codebook's patterns and a text's words promise, learned on known themes and used for new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from ..codebook import Codebook
from ..lexicon import Lexicon
from ..theming import Described, Promise, Promised, Reading, SentenceReader, ThemeModel, pair_features
from ..theming.model import Floats
from .classifiers import ThemeClassifier
from .data import LabelledText
from .kinship import Kinship
from .themes import Settings, Table

PROMISE, WORDS = "promise.json", "words.npz"
LABELLED, SHARE = 8.0, 0.2
"""What a labelled sentence weighs, at least, against one whose themes are only guessed; and what all labelled ones weigh together, as a share
of the corpus: a few labels would be lost in a large one."""
EXAMPLE = 4.0  # an example of the codebook, which is rarely the user's corpus in tone
GUESSED = 0.2  # what the words learned from guesses count beside what is promised
CORRECTION = 0.75
"""What the words of labelled sentences count beside what is promised."""
WITHOUT_HINTS = Lexicon([], [])
"""The lexicon suggests the built-in themes only: what is learned for other themes must do without."""


class Known(NamedTuple):
    """What sentences labelled with other themes taught: what a codebook's words promise, how rare surface features are, kin of words."""

    promise: Promise
    rarity: Floats
    kinship: Kinship

    @classmethod
    def load(cls, folder: Path) -> Known:
        """Read what lies beside the model of the built-in themes."""
        kinship = Kinship.load(folder / WORDS).beside(Codebook.builtin())
        return cls(Promise.load(folder / PROMISE), rarity_of(ThemeModel.load(folder)), kinship)


def rarity_of(model: ThemeModel) -> Floats:
    """How rare surface features are for a model trained on many sentences; what it never met is as rare as its rarest."""
    return np.where(model.idf > 0, model.idf, model.idf.max()).astype(float)


def teach(texts: Sequence[LabelledText], codebook: Codebook, kinship: Kinship) -> Promise:
    """Learn what patterns promise from labelled texts of themes that are known."""
    table = Table.build(texts, SentenceReader(codebook, WITHOUT_HINTS), Settings())
    features = pair_features(table.readings, table.texts.tolist(), Described.of(codebook, table.readings, kinship.kin(codebook)))
    model = LogisticRegression(C=1.0, max_iter=1000)
    weights = np.repeat(table.weights, len(codebook.themes))
    model.fit(features.reshape(-1, features.shape[-1]), table.labels.reshape(-1), sample_weight=weights)
    promise = Promise(tuple(round(float(weight), 4) for weight in model.coef_[0]), round(float(model.intercept_[0]), 4), 0.5)
    return replace(promise, cut=_best_cut(promise.predict(features).ravel(), table.labels.ravel()))


def _best_cut(probabilities: Floats, labels: np.ndarray) -> float:
    """Probability from which saying yes gives the best F1."""
    grid = np.arange(0.05, 0.5, 0.01)
    found = [probabilities >= cut for cut in grid]
    scores = [2 * (yes & labels).sum() / (yes.sum() + labels.sum()) for yes in found]
    return round(float(grid[int(np.argmax(scores))]), 2)


def train_weakly(
    known: Known,
    codebook: Codebook,
    corpus: Sequence[Sequence[str]],
    labelled: Sequence[LabelledText] = (),
    *,
    lexicon: Lexicon = WITHOUT_HINTS,
) -> ThemeModel:
    """Train a model of a codebook from its own words, an unlabelled corpus and, where there are some, a few labelled sentences.

    Parameters
    ----------
    known
        What other themes taught.
    corpus
        Sentences of each unlabelled text, in order.
    labelled
        Texts labelled with the themes of the codebook.
    """
    reader = SentenceReader(codebook, lexicon)
    table = Table.build(labelled, reader, Settings(weights={}))
    examples = [(index, reader.read(text)) for index, theme in enumerate(codebook.themes) for text in theme.examples]
    shown = np.zeros((len(examples), len(codebook.themes)))
    shown[np.arange(len(examples)), [index for index, _ in examples]] = 1.0
    given = _Given(
        [*table.readings, *(reading for _, reading in examples)],
        [*(int(place) for place in table.texts), *range(len(labelled), len(labelled) + len(examples))],
        np.vstack([table.labels.reshape(-1, len(codebook.themes)), shown]),
        np.repeat([LABELLED, EXAMPLE], [len(table.readings), len(examples)]),
        len(table.readings),
    )
    model = _from_guesses(known, reader, corpus, given) if corpus else _from_labels(known, codebook, given)
    model.info = {"codebook": codebook.fingerprint, "guessed": sum(map(len, corpus)), "labelled": len(table.readings)}
    return model


class _Given(NamedTuple):
    """Sentences whose themes are given, the labelled ones first: readings, number of the text of each, labels, weights."""

    readings: list[Reading]
    places: list[int]
    labels: Floats
    weights: Floats
    labelled: int


def _from_guesses(known: Known, reader: SentenceReader, corpus: Sequence[Sequence[str]], given: _Given) -> ThemeModel:
    """Learn from what is guessed of an unlabelled corpus; as many of its sentences have a theme as the patterns promise."""
    codebook = reader.codebook
    readings = [reader.read(sentence) for sentences in corpus for sentence in sentences]
    places = [place for place, sentences in enumerate(corpus) for _ in sentences]
    described = Described.of(codebook, readings, known.kinship.kin(codebook))
    promised = guessed = known.promise.predict(pair_features(readings, places, described))
    correction: Floats | float = 0.0
    weights = np.concatenate([np.ones(len(readings)), given.weights])
    if given.labelled:
        corrected = _from_labels(known, codebook, given)
        guessed, correction = corrected.probabilities(readings, places), corrected.surface
        weights[len(readings) :][: given.labelled] = max(LABELLED, SHARE * len(readings) / given.labelled)
    rows = ([*readings, *given.readings], [*places, *(len(corpus) + place for place in given.places)])
    classifier = ThemeClassifier(C=1.0, rarity=known.rarity)
    model = classifier.fit(rows, np.vstack([guessed, given.labels]), sample_weight=weights).to_model(codebook.ids)
    model.surface = 2 * GUESSED * model.surface + (1 - GUESSED) * correction  # twice: the model counts half of its weights
    model.dense, model.bias = 2 * GUESSED * model.dense, 2 * GUESSED * model.bias
    model.promised = Promised(known.promise, described, share=1 - GUESSED)
    # The weights, learned from guesses, say less than they know: thresholds go by how much is promised.
    shares = np.clip((promised >= known.promise.cut).mean(axis=0), 1 / len(readings), 0.5)
    sure = model.probabilities(readings, places)
    model.thresholds = np.array([np.quantile(sure[:, theme], 1 - share) for theme, share in enumerate(shares)])
    return model


def _from_labels(known: Known, codebook: Codebook, given: _Given) -> ThemeModel:
    """Let the words of labelled sentences correct what is promised; how often themes are labelled says nothing: they were looked for."""
    classifier = ThemeClassifier(C=1.0, own=0.0, others=0.0, rarity=known.rarity)
    model = classifier.fit((given.readings, given.places), given.labels, sample_weight=given.weights).to_model(codebook.ids)
    model.surface, model.bias = model.surface * 2 * CORRECTION, np.zeros(len(codebook.ids))
    model.promised = Promised(known.promise, Described.weighed(codebook, known.rarity, known.kinship.kin(codebook)), share=1.0)
    model.thresholds = np.full(len(codebook.ids), known.promise.cut)
    return model
