"""Themes without labels: what a codebook's patterns and a text's words promise, learned on known themes and used for new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from ..codebook import Codebook
from ..lexicon import Lexicon
from ..theming import Described, Promise, Promised, SentenceReader, ThemeModel, pair_features
from ..theming.model import Floats
from .classifiers import ThemeClassifier
from .data import LabelledText
from .themes import Settings, Table

LABELLED = 8.0
"""What a labelled sentence weighs against one whose themes are only guessed."""
EXAMPLE = 4.0  # an example of the codebook, which is rarely the user's corpus in tone
WITHOUT_HINTS = Lexicon([], [])
"""The lexicon suggests the built-in themes only: what is learned for other themes must do without."""


def teach(texts: Sequence[LabelledText], codebook: Codebook, lexicon: Lexicon = WITHOUT_HINTS) -> Promise:
    """Learn what patterns promise from labelled texts of themes that are known."""
    table = Table.build(texts, SentenceReader(codebook, lexicon), Settings())
    features = pair_features(table.readings, table.texts.tolist(), Described.of(codebook, table.readings))
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
    promise: Promise,
    codebook: Codebook,
    corpus: Sequence[Sequence[str]],
    labelled: Sequence[LabelledText] = (),
    *,
    lexicon: Lexicon = WITHOUT_HINTS,
) -> ThemeModel:
    """Train a model of a codebook from its own words, an unlabelled corpus and, where there are some, a few labelled sentences.

    Parameters
    ----------
    promise
        What `teach` learned.
    corpus
        Sentences of each unlabelled text, in order.
    labelled
        Texts labelled with the themes of the codebook.
    """
    reader = SentenceReader(codebook, lexicon)
    number = len(codebook.themes)
    readings = [reader.read(sentence) for sentences in corpus for sentence in sentences]
    places = [place for place, sentences in enumerate(corpus) for _ in sentences]
    known = Table.build(labelled, reader, Settings(real_weight=1.0))
    described = Described.of(codebook, readings or known.readings)
    guessed = promise.predict(pair_features(readings, places, described)) if readings else np.zeros((0, number))
    examples = [(index, reader.read(text)) for index, theme in enumerate(codebook.themes) for text in theme.examples]
    shown = np.zeros((len(examples), number))
    shown[np.arange(len(examples)), [index for index, _ in examples]] = 1.0
    places += [len(corpus) + int(place) for place in known.texts]
    places += range(len(corpus) + len(labelled), len(corpus) + len(labelled) + len(examples))
    rows = ([*readings, *known.readings, *(reading for _, reading in examples)], places)
    weights = np.repeat([1.0, LABELLED, EXAMPLE], [len(readings), len(known.readings), len(examples)])
    chances = np.vstack([guessed, known.labels.reshape(-1, number), shown])
    classifier = ThemeClassifier(C=1.0).fit(rows, chances, sample_weight=weights)
    model = classifier.to_model(codebook.ids, codebook=codebook.fingerprint, guessed=len(readings), labelled=len(known.readings))
    model.promised, model.thresholds = Promised(promise, described), np.full(number, promise.cut)
    if readings:  # as many sentences as the patterns promise: the weights, learned from guesses, say less than they know
        shares = np.clip((guessed >= promise.cut).mean(axis=0), 1 / len(readings), 0.5)
        sure = model.probabilities(readings, places[: len(readings)])
        model.thresholds = np.array([np.quantile(sure[:, theme], 1 - share) for theme, share in enumerate(shares)])
    return model
