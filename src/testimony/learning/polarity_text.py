"""What reviews teach about whole texts: how words lean, and what the amounts of a text weigh beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression

from ..polarity import Grammar
from ..polarity.baseline import textblob
from ..polarity.model import LIMIT
from ..polarity.terms import terms
from ..polarity.whole import whole
from .polarity_data import Review

if TYPE_CHECKING:
    from .sentiment import Settings

Floats = NDArray[Any]
_BREAK = re.compile(r"(?<=[.!?…])\s+|\n+")
_LONGEST = 60  # sentences of a review that are read


class ReadReview(NamedTuple):
    """A review as it is learnt from: the terms of each sentence, the amounts of the whole, the mean of textblob-fr's scores."""

    bags: list[list[str]]
    amounts: list[float]
    baseline: float


class ReviewLayer(NamedTuple):
    """What reviews taught: how each term leans (`column`) and what the amounts of a whole text weigh."""

    column: Floats
    weights: Floats
    bias: float
    mean: Floats
    scale: Floats


def read_reviews(reviews: Sequence[Review], grammar: Grammar) -> list[ReadReview]:
    """Read reviews sentence by sentence."""
    result = []
    for review in reviews:
        sentences = [part for part in _BREAK.split(review.text) if part.strip()][:_LONGEST]
        read = [*zip(grammar.read_all(sentences), textblob(sentences), strict=True)]
        bags = [list(terms(reading)) for reading, _ in read]
        result.append(ReadReview(bags, whole(read), sum(score for _, score in read) / max(len(read), 1)))
    return result


def fit_reviews(
    read: Sequence[ReadReview], reviews: Sequence[Review], vocabulary: dict[str, int], frequency: Floats, settings: Settings
) -> ReviewLayer:
    """Fit words and amounts together on positive and negative reviews; zeros when there are none.

    Each domain weighs as the square root of its size, and its two sides weigh the same: what is learnt must hold in others.
    """
    labels = np.array([review.polarity == "positive" for review in reviews])
    amounts = np.array([review.amounts for review in read]).reshape(len(read), len(whole([])))
    if not labels.size or labels.all() or not labels.any():
        width = amounts.shape[1]
        return ReviewLayer(np.zeros(len(vocabulary)), np.zeros(width), 0.0, np.zeros(width), np.ones(width))
    mean, scale = amounts.mean(axis=0), amounts.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    rows = hstack([text_rows(read, vocabulary, frequency) * settings.review_scale, csr_matrix(_scaled(amounts, mean, scale))]).tocsr()
    sides = Counter((review.domain, review.polarity) for review in reviews)
    sizes = Counter(review.domain for review in reviews)
    weights = np.array([sizes[review.domain] ** 0.5 / sides[review.domain, review.polarity] for review in reviews])
    model = LogisticRegression(C=settings.review_strength, max_iter=150, tol=1e-3)
    model.fit(rows, labels, sample_weight=weights * len(weights) / weights.sum())
    coefficients, width = model.coef_[0], len(vocabulary)
    # Half precision here too: the shipped weights must give what was fitted.
    column = (coefficients[:width] * settings.review_scale).astype(np.float16).astype(float)
    return ReviewLayer(column, coefficients[width:], float(model.intercept_[0]), mean, scale)


def lean_of(read: Sequence[ReadReview], layer: ReviewLayer, vocabulary: dict[str, int], frequency: Floats) -> Floats:
    """Logit of each review, as `PolarityModel.overall` makes it."""
    amounts = _scaled(np.array([review.amounts for review in read]), layer.mean, layer.scale)
    return np.asarray(text_rows(read, vocabulary, frequency) @ layer.column + amounts @ layer.weights + layer.bias)


def _scaled(amounts: Floats, mean: Floats, scale: Floats) -> Floats:
    return np.clip((amounts - mean) / scale, -LIMIT, LIMIT)


def text_rows(read: Sequence[ReadReview], vocabulary: dict[str, int], frequency: Floats) -> csr_matrix:
    """Add up the sentences of each text, divided by the length that they would have if they shared no word."""
    sentences = _weighted([bag for review in read for bag in review.bags], vocabulary, frequency)
    starts = np.concatenate([[0], np.cumsum([len(review.bags) for review in read])])
    member = csr_matrix((np.ones(starts[-1]), np.arange(starts[-1]), starts), shape=(len(read), starts[-1]))
    return csr_matrix(diags(1 / np.maximum(_norms(member @ sentences.multiply(sentences)), 1e-9)) @ (member @ sentences))


def vectorize(bags: Sequence[Sequence[str]], vocabulary: dict[str, int], frequency: Floats) -> csr_matrix:
    """Make rows of unit length of bags of terms, weighted as `PolarityModel.project` weights them."""
    matrix = _weighted(bags, vocabulary, frequency)
    matrix.data /= np.repeat(np.maximum(_norms(matrix.multiply(matrix)), 1e-9), np.diff(matrix.indptr))
    return matrix


def _norms(squares: csr_matrix) -> Floats:
    return np.sqrt(np.asarray(squares.sum(axis=1)).ravel())


def _weighted(bags: Sequence[Sequence[str]], vocabulary: dict[str, int], frequency: Floats) -> csr_matrix:
    starts, columns, values = [0], [], []
    for bag in bags:
        counts = Counter(row for term in bag if (row := vocabulary.get(term)) is not None)
        columns += list(counts)
        values += list(counts.values())
        starts.append(len(columns))
    indices = np.array(columns, dtype=np.int64)
    data = (1.0 + np.log(np.array(values, dtype=float))) * frequency[indices]
    return csr_matrix((data, indices, starts), shape=(len(bags), len(vocabulary)))
