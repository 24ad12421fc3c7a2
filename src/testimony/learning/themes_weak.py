"""Themes without labels: what a codebook's patterns and a text's words promise, learned on known themes and used for new ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from ..codebook import Codebook, Theme
from ..errors import ModelNotFoundError
from ..lexicon import Lexicon
from ..theming import KINDS, Described, Promise, Promised, Reading, SentenceReader, ThemeModel, pair_features
from ..theming.features import BITS, bucket
from ..theming.model import Floats
from ..theming.promise import content_columns
from .classifiers import ThemeClassifier
from .data import LabelledText
from .echoes import hear
from .kinship import Kinship
from .themes import Settings, Table

PROMISE, WORDS = "promise.json", "words.npz"
LABELLED = 8.0
"""What a labelled sentence weighs against the codebook's words."""
EXAMPLE = 4.0  # an example of the codebook, which is rarely the user's corpus in tone
CORRECTION = 0.75
"""What the words of labelled sentences count beside what is promised."""
STRENGTH = 0.3  # inverse, of the regularisation of the promises
PINCH = 1e-3
"""What the words of a corpus count besides: too little to decide, enough to tell which of a sentence's words speak for a theme."""
HEARD = 5_000
"""Sentences of a corpus from which what was heard in it counts half: of few sentences little can be heard."""
FEW = 10
"""Patterns of a theme that a user writes first; as many hints."""
LENGTHS = FEW, 60
"""Patterns and hints kept of a theme that promises are learned on: a pattern of sixty promises more than one of ten, one of hundreds no more."""
WITHOUT_HINTS = Lexicon([], [])
"""The lexicon suggests the built-in themes only: what is learned for other themes must do without."""


class Taught(NamedTuple):
    """What labelled themes taught of any theme: what its codebook alone promises, and what it does where a corpus was heard too.

    It holds for themes that have about as many patterns as the themes it was learned on: a pattern of many promises more than one of few.
    """

    patterns: int
    alone: Promise
    heard: Promise


def save_promises(taught: Sequence[Taught], path: Path) -> None:
    """Write promises as JSON, with the number of patterns that they were learned on."""
    content = [{"patterns": one.patterns, "alone": one.alone.to_dict(), "heard": one.heard.to_dict()} for one in taught]
    path.write_text(json.dumps(content) + "\n", "utf-8")


def load_promises(path: Path) -> tuple[Taught, Taught]:
    """Read what `save_promises` wrote.

    Raises
    ------
    ModelNotFoundError
        When the file is missing, damaged or of another version.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        short, long = (Taught(int(one["patterns"]), Promise.from_dict(one["alone"]), Promise.from_dict(one["heard"])) for one in content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelNotFoundError(f"{path}: cannot be read ({error}); run `testimony train themes` again") from error
    return short, long


class Known(NamedTuple):
    """What sentences labelled with other themes taught: what a codebook's words promise, how rare surface features are, kin of words."""

    taught: tuple[Taught, Taught]
    rarity: Floats
    kinship: Kinship

    @classmethod
    def load(cls, folder: Path) -> Known:
        """Read what lies beside the model of the built-in themes."""
        kinship = Kinship.load(folder / WORDS).beside(Codebook.builtin())
        return cls(load_promises(folder / PROMISE), rarity_of(ThemeModel.load(folder)), kinship)

    def suiting(self, codebook: Codebook) -> Taught:
        """Stand between what short and long codebooks taught, as the codebook's number of patterns does by its logarithm."""
        short, long = self.taught
        number = patterns_of(codebook)
        share = float(np.interp(np.log(number), np.log([short.patterns, long.patterns]), [0.0, 1.0]))
        return Taught(number, between(short.alone, long.alone, share), between(short.heard, long.heard, share))


def between(first: Promise, second: Promise, share: float) -> Promise:
    """Promise that stands between two, at a share of the way to the second, which may use more features."""
    start, end = np.zeros(len(second.weights)), np.array(second.weights)
    start[: len(first.weights)] = first.weights
    weights = (1 - share) * start + share * end
    return Promise(tuple(weights.tolist()), (1 - share) * first.bias + share * second.bias, (1 - share) * first.cut + share * second.cut)


def patterns_of(codebook: Codebook) -> int:
    """Patterns of a theme, as a rule: their median, one at least."""
    return max(1, round(float(np.median([len(theme.patterns) for theme in codebook.themes]))))


def rarity_of(model: ThemeModel) -> Floats:
    """How rare surface features are for a model trained on many sentences; what it never met is as rare as its rarest."""
    return np.where(model.idf > 0, model.idf, model.idf.max()).astype(float)


def teach(texts: Sequence[LabelledText], codebook: Codebook, kinship: Kinship) -> tuple[Taught, Taught]:
    """Learn what patterns, words and a corpus promise from labelled texts of themes that are known: of a short codebook and a long one."""
    short, long = (_teach(texts, shortened(codebook, texts, number), kinship) for number in LENGTHS)
    return short, long


def _teach(texts: Sequence[LabelledText], codebook: Codebook, kinship: Kinship) -> Taught:
    """Learn promises from a codebook as it is.

    The corpus that one half of the texts hears is the other half, as a user's sentences are not those that a promise was learned on.
    """
    table = Table.build(texts, SentenceReader(codebook, WITHOUT_HINTS), Settings())
    described = Described.of(codebook, table.readings, kinship.kin(codebook))
    features = pair_features(table.readings, table.texts.tolist(), described)
    alone = _fit(features, table)
    guesses, words = alone.predict(features), [content_columns(reading.words) for reading in table.readings]
    half, parts = table.texts % 2 == 0, []
    for reads in (half, ~half):
        corpus = np.flatnonzero(~reads)
        kin = hear(kinship, described.kin, [words[i] for i in corpus], guesses[corpus])
        parts.append(pair_features(*table.rows(reads), described._replace(kin=kin)))
    both = np.zeros((*table.labels.shape, parts[0].shape[-1]))
    both[half], both[~half] = parts
    return Taught(patterns_of(codebook), alone, _fit(both, table))


def shortened(codebook: Codebook, texts: Sequence[LabelledText], number: int = FEW) -> Codebook:
    """Leave of each theme so many patterns and hints: those found most often, which come to mind first."""
    reader = SentenceReader(codebook, WITHOUT_HINTS)
    readings = reader.read_all([sentence.text for text in texts for sentence in text.sentences])
    hits = np.bincount(np.concatenate([reading.columns for reading in readings]), minlength=1 << BITS)

    def common(theme: Theme, patterns: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(patterns, key=lambda pattern: (-hits[bucket(f"pattern:{theme.id}:{pattern}")], pattern))[:number])

    return replace(
        codebook, themes=tuple(replace(one, patterns=common(one, one.patterns), hints=common(one, one.hints)) for one in codebook.themes)
    )


def _fit(features: Floats, table: Table) -> Promise:
    """Weights of features that say yes or no of any theme, and the probability from which yes gives the best F1."""
    pairs, labels = features.reshape(-1, features.shape[-1]), table.labels.reshape(-1)
    scaler = StandardScaler().fit(pairs)
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(scaler.transform(pairs), labels, sample_weight=np.repeat(table.weights, table.labels.shape[1]))
    weights = model.coef_[0] / scaler.scale_
    bias = model.intercept_[0] - weights @ scaler.mean_
    promise = Promise(tuple(round(float(weight), 4) for weight in weights), round(float(bias), 4), 0.5)
    return replace(promise, cut=_best_cut(promise.predict(pairs), labels))


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
    model = _from_labels(known, reader, labelled)
    if corpus:
        readings = reader.read_all([sentence for sentences in corpus for sentence in sentences])
        model = _listening(known, codebook, model, readings, [place for place, sentences in enumerate(corpus) for _ in sentences])
    labels = sum(len(text.sentences) for text in labelled)
    model.info = {"codebook": codebook.fingerprint, "guessed": sum(map(len, corpus)), "labelled": labels}
    return model


def _from_labels(known: Known, reader: SentenceReader, labelled: Sequence[LabelledText]) -> ThemeModel:
    """Let the words of labelled sentences correct what is promised; how often themes are labelled says nothing: they were looked for."""
    codebook = reader.codebook
    table = Table.build(labelled, reader, Settings(weights={}))
    examples = [(index, text) for index, theme in enumerate(codebook.themes) for text in theme.examples]
    shown = np.zeros((len(examples), len(codebook.themes)))
    shown[np.arange(len(examples)), [index for index, _ in examples]] = 1.0
    readings = [*table.readings, *reader.read_all([text for _, text in examples])]
    places = [*(int(place) for place in table.texts), *range(len(labelled), len(labelled) + len(examples))]
    labels = np.vstack([table.labels.reshape(-1, len(codebook.themes)), shown])
    weights = np.repeat([LABELLED, EXAMPLE], [len(table.readings), len(examples)])
    model = _wordless(known, codebook)
    if readings:
        classifier = ThemeClassifier(C=1.0, own=0.0, others=0.0, rarity=known.rarity)
        learned = classifier.fit((readings, places), labels, sample_weight=weights).to_model(codebook.ids)
        model.surface = learned.surface * 2 * CORRECTION  # twice: the model counts half of its weights
    return model


def _wordless(known: Known, codebook: Codebook) -> ThemeModel:
    """Find a theme where the codebook alone promises it; no word has a weight yet."""
    number, promise = len(codebook.ids), known.suiting(codebook).alone
    described = Described.weighed(codebook, known.rarity, known.kinship.kin(codebook))
    surface, dense = np.zeros((1 << BITS, number)), np.zeros(((4 * len(KINDS) - 3) * number, number))
    thresholds, promised = np.full(number, promise.cut), Promised(promise, described, share=1.0)
    return ThemeModel(codebook.ids, known.rarity, surface, dense, np.zeros(number), thresholds, promised=promised)


def _listening(known: Known, codebook: Codebook, model: ThemeModel, readings: list[Reading], places: list[int]) -> ThemeModel:
    """Hear in a corpus which words stand where a model guesses a theme; what was heard counts by how much was heard."""
    described = Described.weighed(codebook, known.rarity, known.kinship.kin(codebook))
    words = [content_columns(reading.words) for reading in readings]
    kin = hear(known.kinship, described.kin, words, model.probabilities(readings, places))
    columns = np.unique(np.concatenate([np.array(one, dtype=int) for one in words]))
    model.surface[columns] += PINCH * kin.closeness[kin.places[columns], :, -1]
    taught = known.suiting(codebook)
    promise = between(taught.alone, taught.heard, len(readings) / (len(readings) + HEARD))
    model.promised = Promised(promise, described._replace(kin=kin), share=1.0)
    model.thresholds = np.full(len(codebook.ids), promise.cut)
    return model
