"""From the readings of its sentences to numbers that say which way a whole text leans."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, log1p, sqrt

from .grammar import Reading

CLEAR = 0.1  # of a first or last sentence that takes a side
STRONG = 1.9  # evidence that leaves no doubt


def whole(sentences: Sequence[tuple[Reading, float]]) -> list[float]:
    """Return the amounts of a text, given the reading of each sentence and what textblob-fr says of it; the order is fixed.

    Where something is said matters: reviewers begin and end with their verdict.
    """
    values = [evidence.value for reading, _ in sentences for evidence in reading.evidence]
    positive, negative = sum(v for v in values if v > 0), -sum(v for v in values if v < 0)
    length = 1 + sum(len(reading.words.forms) for reading, _ in sentences)
    verdicts = [reading.verdict for reading, _ in sentences] or ["neutral"]
    scores = [reading.score for reading, _ in sentences] or [0.0]
    baseline = sum(value for _, value in sentences) / len(scores)
    balance = positive + negative + 2.0
    return [
        (positive - negative) / balance, positive / balance, negative / balance, log1p(positive), log1p(negative), log(length),
        positive / sqrt(length), negative / sqrt(length),
        sum(v >= STRONG for v in values) / sqrt(length), sum(v <= -STRONG for v in values) / sqrt(length),
        sum(scores) / len(scores), max(scores), min(scores), scores[0], scores[-1],
        float(scores[0] > CLEAR), float(scores[0] < -CLEAR), float(scores[-1] > CLEAR), float(scores[-1] < -CLEAR),
        *(verdicts.count(polarity) / len(verdicts) for polarity in ("positive", "negative", "mixed")),
        baseline, max(baseline, 0.0), max(-baseline, 0.0),
    ]  # fmt: skip
