"""Fitting the polarity model on labelled sentences and reviews, and measuring it over documents it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from ..polarity import POLARITIES, Grammar, PolarityModel
from ..polarity.baseline import textblob
from ..polarity.features import dense, terms
from ..polarity.model import LIMIT, lean, softmax, surroundings
from .data import LabelledText
from .polarity_data import Review

Floats = NDArray[Any]
_CLASSES: dict[str, int] = {polarity: number for number, polarity in enumerate(POLARITIES)}
@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the model is fitted; the defaults are those of the shipped model, chosen by cross-validation (docs/sentiment.md)."""

    written_weight: float = 0.33
    sparse_scale: float = 4.0
    strength: float = 0.03
    context_strength: float = 0.3
    review_strength: float = 3.0
    folds: int = 5
    reviews_per_set: int = 4000
    rare: int = 2
    rare_in_reviews: int = 5


class _Table(NamedTuple):
    """Features of labelled sentences, a row each."""

    sparse: csr_matrix
    amounts: Floats
    labels: NDArray[np.int64]
    weights: Floats
    sizes: list[int]
    groups: list[str]


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
    grammar, settings = grammar or Grammar.load(), settings or Settings()
    readings = [[grammar.read(sentence.text) for sentence in text.sentences] for text in texts]
    bags = [list(terms(reading)) for group in readings for reading in group]
    review_bags = [list(terms(grammar.read(review.text))) for review in reviews]
    vocabulary, frequency = _vocabulary(bags, review_bags, settings)
    column = _review_column(vectorize(review_bags, vocabulary, frequency), reviews, settings)
    sparse = vectorize(bags, vocabulary, frequency)
    amounts = np.array(
        [
            dense(reading, sentence.text, textblob(sentence.text))
            for text, group in zip(texts, readings, strict=True)
            for sentence, reading in zip(text.sentences, group, strict=True)
        ]
    )
    table = _Table(
        sparse,
        np.hstack([amounts, lean(sparse @ column)]),
        np.array([_CLASSES[sentence.polarity] for text in texts for sentence in text.sentences]),
        np.array([settings.written_weight if text.kind == "written" else 1.0 for text in texts for _ in text.sentences]),
        [len(text.sentences) for text in texts],
        [text.group for text in texts for _ in text.sentences],
    )
    return _assemble(table, vocabulary, frequency, column, settings)


def _assemble(table: _Table, vocabulary: dict[str, int], frequency: Floats, column: Floats, settings: Settings) -> PolarityModel:
    mean, scale = _moments(table)
    everything = np.ones(len(table.labels), bool)
    first = _fit_first(table, everything, mean, scale, settings)
    seen = np.zeros((len(table.labels), len(POLARITIES)), np.float32)
    for train, test in GroupKFold(settings.folds).split(table.labels, groups=table.groups):
        mask = np.zeros(len(table.labels), bool)
        mask[train] = True
        part = _fit_first(table, mask, mean, scale, settings)
        seen[test] = softmax(_logits(table, part, mean, scale, settings)[test].astype(np.float32))
    second = _logistic(settings.context_strength)
    second.fit(surroundings(seen, table.sizes), table.labels, sample_weight=table.weights)
    width = table.sparse.shape[1]
    weights = np.column_stack([frequency, first[0][:width] * settings.sparse_scale, column])
    arrays = {"mean": mean, "scale": scale, "dense": first[0][width:], "bias": first[1]}
    arrays |= {"context": second.coef_.T, "context_bias": second.intercept_}
    card = {"sentences": len(table.labels), "features": width, "settings": vars(settings)}
    return PolarityModel(vocabulary, weights.astype(np.float16), {k: v.astype(np.float32) for k, v in arrays.items()}, card)


def vectorize(bags: Sequence[Sequence[str]], vocabulary: dict[str, int], frequency: Floats) -> csr_matrix:
    """Make rows of unit length of bags of terms, weighted as `PolarityModel.project` weights them."""
    starts, columns, values = [0], [], []
    for bag in bags:
        counts = Counter(row for term in bag if (row := vocabulary.get(term)) is not None)
        columns += list(counts)
        values += list(counts.values())
        starts.append(len(columns))
    indices = np.array(columns, dtype=np.int64)
    data = (1.0 + np.log(np.array(values, dtype=float))) * frequency[indices]
    matrix = csr_matrix((data, indices, starts), shape=(len(bags), len(vocabulary)))
    norms = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
    matrix.data /= np.repeat(np.maximum(norms, 1e-9), np.diff(matrix.indptr))
    return matrix


def _vocabulary(bags: Iterable[Sequence[str]], review_bags: Iterable[Sequence[str]], settings: Settings) -> tuple[dict[str, int], Floats]:
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


def _review_column(matrix: csr_matrix, reviews: Sequence[Review], settings: Settings) -> Floats:
    """Learn how the words of reviewers lean; zeros when there are no reviews."""
    labels = np.array([review.polarity == "positive" for review in reviews])
    if not labels.size or labels.all() or not labels.any():
        return np.zeros(matrix.shape[1])
    model = LogisticRegression(C=settings.review_strength, max_iter=300, class_weight="balanced").fit(matrix, labels)
    return model.coef_[0].astype(np.float16).astype(float)


def _moments(table: _Table) -> tuple[Floats, Floats]:
    scale = table.amounts.std(axis=0)
    return table.amounts.mean(axis=0), np.where(scale > 0, scale, 1.0)


def _logistic(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=300)


def _rows(table: _Table, mean: Floats, scale: Floats, settings: Settings) -> csr_matrix:
    scaled = np.clip((table.amounts - mean) / scale, -LIMIT, LIMIT)
    return hstack([table.sparse * settings.sparse_scale, csr_matrix(scaled)]).tocsr()


def _fit_first(table: _Table, mask: NDArray[np.bool_], mean: Floats, scale: Floats, settings: Settings) -> tuple[Floats, Floats]:
    rows = _rows(table, mean, scale, settings)[mask]
    model = _logistic(settings.strength).fit(rows, table.labels[mask], sample_weight=table.weights[mask])
    return model.coef_.T, model.intercept_


def _logits(table: _Table, first: tuple[Floats, Floats], mean: Floats, scale: Floats, settings: Settings) -> Floats:
    return np.asarray(_rows(table, mean, scale, settings) @ first[0] + first[1])
