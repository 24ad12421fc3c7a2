"""Fitting the polarity model on labelled sentences and reviews, and measuring it over documents it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from ..polarity import POLARITIES, Grammar, PolarityModel
from ..polarity.baseline import textblob
from ..polarity.features import dense
from ..polarity.model import LIMIT, lean, softmax, surroundings
from ..polarity.terms import terms
from .data import LabelledText, load_real, load_written
from .polarity_data import Review, load_reviews
from .polarity_text import ReviewLayer, fit_reviews, read_reviews, vectorize
from .standoff import load_all

Floats = NDArray[Any]
_CLASSES: dict[str, int] = {polarity: number for number, polarity in enumerate(POLARITIES)}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the model is fitted; the defaults are those of the shipped model, chosen by cross-validation (docs/quality.md).

    Attributes
    ----------
    weights
        What a sentence weighs by the kind of its text: ``real``, ``far``, ``written``, or ``plain`` (short sentences written for polarity alone).
    """

    weights: Mapping[str, float] = field(default_factory=lambda: {"real": 2.0, "far": 2.0, "written": 0.33, "plain": 30.0})
    sparse_scale: float = 4.0
    strength: float = 0.03
    context_strength: float = 0.3
    review_strength: float = 0.05
    review_scale: float = 8.0
    folds: int = 5
    reviews_per_set: int = 4000
    rare: int = 2
    rare_in_reviews: int = 5


class Prepared(NamedTuple):
    """Labelled sentences as features, a row each, and the terms they are written in."""

    sparse: csr_matrix
    amounts: Floats
    labels: NDArray[np.int64]
    weights: Floats
    sizes: list[int]
    groups: list[str]
    vocabulary: dict[str, int]
    frequency: Floats
    review: ReviewLayer


class _Layer(NamedTuple):
    """The first layer as fitted, and how the dense features were scaled for it."""

    coefficients: Floats
    bias: Floats
    mean: Floats
    scale: Floats


class Sources(NamedTuple):
    """Everything the shipped model is fitted on."""

    texts: list[LabelledText]
    reviews: list[Review]


def load_sources(training: Path, shared: Path, settings: Settings) -> Sources:
    """Read what the project holds in `training` and what it may only point at, in the `data` folder of `shared`."""
    data = shared / "data"
    texts = load_real(data / "testimonials" / "sentences.training.jsonl")
    texts += load_written(training / "testimonials.jsonl")
    texts += [replace(text, kind="plain") for text in load_written(training / "polarity")]
    texts += load_all(training, data)
    return Sources(texts, load_reviews(data / "sentiment" / "reviews", limit=settings.reviews_per_set))


def fit(
    texts: Sequence[LabelledText], reviews: Sequence[Review] = (), *, grammar: Grammar | None = None, settings: Settings | None = None
) -> PolarityModel:
    """Fit the model on labelled sentences in their texts, and its side column on reviews.

    Parameters
    ----------
    texts
        Labelled sentences; written ones weigh less than real ones.
    reviews
        Positive and negative reviews.
    """
    settings = settings or Settings()
    return assemble(prepare(texts, reviews, grammar or Grammar.load(), settings), settings)


def train(training: Path, shared: Path, output: Path, *, settings: Settings | None = None) -> PolarityModel:
    """Fit the shipped model again from its sources and write it to `output`; the same sources give the same bytes."""
    settings = settings or Settings()
    model = fit(*load_sources(training, shared, settings), settings=settings)
    model.save(output)
    return model


def prepare(texts: Sequence[LabelledText], reviews: Sequence[Review], grammar: Grammar, settings: Settings) -> Prepared:
    """Turn labelled sentences into features."""
    sentences = [sentence.text for text in texts for sentence in text.sentences]
    readings = grammar.read_all(sentences)
    bags = [list(terms(reading)) for reading in readings]
    read = read_reviews(reviews, grammar)
    vocabulary, frequency = make_vocabulary(bags, [[term for bag in review.bags for term in bag] for review in read], settings)
    review = fit_reviews(read, reviews, vocabulary, frequency, settings)
    sparse = vectorize(bags, vocabulary, frequency)
    amounts = dense(readings, sentences, textblob(sentences))
    return Prepared(
        sparse=sparse,
        amounts=np.hstack([amounts, lean(sparse @ review.column)]),
        labels=np.array([_CLASSES[sentence.polarity] for text in texts for sentence in text.sentences]),
        weights=np.array([settings.weights.get(text.kind, 1.0) for text in texts for _ in text.sentences]),
        sizes=[len(text.sentences) for text in texts],
        groups=[text.group for text in texts for _ in text.sentences],
        vocabulary=vocabulary,
        frequency=frequency,
        review=review,
    )


def assemble(prepared: Prepared, settings: Settings, train: NDArray[np.bool_] | None = None) -> PolarityModel:
    """Fit both layers on prepared sentences; `train` tells which ones may be learnt from (whole texts)."""
    seen = np.ones(len(prepared.labels), bool) if train is None else train
    layer = _fit_first(prepared, seen, settings)
    second = _fit_second(prepared, seen, settings)
    width = prepared.sparse.shape[1]
    weights = np.column_stack([prepared.frequency, layer.coefficients[:width] * settings.sparse_scale, prepared.review.column])
    arrays = {"mean": layer.mean, "scale": layer.scale, "dense": layer.coefficients[width:], "bias": layer.bias}
    arrays |= {"context": second.coef_.T, "context_bias": second.intercept_}
    review = prepared.review
    arrays |= {"text": review.weights, "text_bias": np.array([review.bias]), "text_mean": review.mean, "text_scale": review.scale}
    card = {"sentences": int(seen.sum()), "features": width, "settings": asdict(settings)}
    return PolarityModel(prepared.vocabulary, weights.astype(np.float16), {k: v.astype(np.float32) for k, v in arrays.items()}, card)


def cross_validate(prepared: Prepared, settings: Settings, groups: Sequence[str] | None = None) -> Floats:
    """Probabilities of every sentence by models that saw none of its group."""
    groups = groups or prepared.groups
    result = np.zeros((len(prepared.labels), len(POLARITIES)))
    for rest, test in GroupKFold(settings.folds).split(prepared.labels, groups=groups):
        train = np.zeros(len(prepared.labels), bool)
        train[rest] = True
        layer, second = _fit_first(prepared, train, settings), _fit_second(prepared, train, settings)
        result[test] = second.predict_proba(surroundings(softmax(_logits(prepared, layer, settings)), prepared.sizes)[test])
    return result


def _fit_second(prepared: Prepared, train: NDArray[np.bool_], settings: Settings) -> LogisticRegression:
    """Fit the layer of surroundings on what first layers say of sentences they have not seen."""
    chosen = np.flatnonzero(train)
    first = np.zeros((len(prepared.labels), len(POLARITIES)), np.float32)
    for rest, test in GroupKFold(settings.folds).split(chosen, groups=[prepared.groups[i] for i in chosen]):
        mask = np.zeros(len(prepared.labels), bool)
        mask[chosen[rest]] = True
        first[chosen[test]] = softmax(_logits(prepared, _fit_first(prepared, mask, settings), settings)[chosen[test]])
    model = LogisticRegression(C=settings.context_strength, max_iter=300)
    return model.fit(surroundings(first, prepared.sizes)[chosen], prepared.labels[chosen], sample_weight=prepared.weights[chosen])


def _fit_first(prepared: Prepared, train: NDArray[np.bool_], settings: Settings) -> _Layer:
    amounts = prepared.amounts[train]
    scale = amounts.std(axis=0)
    mean, scale = amounts.mean(axis=0), np.where(scale > 0, scale, 1.0)
    rows = _rows(prepared, mean, scale, settings)[train]
    model = LogisticRegression(C=settings.strength, max_iter=300).fit(rows, prepared.labels[train], sample_weight=prepared.weights[train])
    return _Layer(model.coef_.T, model.intercept_, mean, scale)


def _rows(prepared: Prepared, mean: Floats, scale: Floats, settings: Settings) -> csr_matrix:
    scaled = np.clip((prepared.amounts - mean) / scale, -LIMIT, LIMIT)
    return hstack([prepared.sparse * settings.sparse_scale, csr_matrix(scaled)]).tocsr()


def _logits(prepared: Prepared, layer: _Layer, settings: Settings) -> NDArray[np.float32]:
    rows = _rows(prepared, layer.mean, layer.scale, settings)
    return np.asarray(rows @ layer.coefficients + layer.bias, dtype=np.float32)


def make_vocabulary(
    bags: Iterable[Sequence[str]], review_bags: Iterable[Sequence[str]], settings: Settings
) -> tuple[dict[str, int], Floats]:
    """Choose the terms worth a row, and their inverse document frequencies."""
    counts = Counter(term for bag in bags for term in dict.fromkeys(bag))
    review_counts = Counter(term for bag in review_bags for term in dict.fromkeys(bag))
    kept = {term for term, count in counts.items() if count >= settings.rare}
    kept |= {term for term, count in review_counts.items() if count >= settings.rare_in_reviews}
    vocabulary = {term: row for row, term in enumerate(sorted(kept))}
    found = np.array([counts[term] + review_counts[term] / 4 for term in vocabulary])
    total = found.max(initial=1.0) + 1.0
    # Half precision here too: the shipped weights must give what was fitted.
    return vocabulary, (1.0 + np.log((total + 1.0) / (found + 1.0))).astype(np.float16).astype(float)
