"""From readings to numbers: what the model sees of sentences.

`dense` gives a fixed list of amounts: evidence before and after composition, by segment, operators met, form of the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..types import POLARITIES
from .grammar import Reading

Amounts = NDArray[Any]
Columns = list[Amounts]
"""Amounts of sentences, a column for each kind."""

FLAGS = (
    "negation", "without", "no_longer", "restriction", "intensifier", "downtoner", "less", "little", "too", "not_enough", "solved", "loss",
    "wish", "hypothesis", "contrast", "concession", "reported", "first_person", "exclamation", "conditional", "purpose", "enumeration",
)  # fmt: skip
CROSSED = ("contrast", "conditional", "wish", "first_person", "intensifier", "exclamation", "reported", "hypothesis")
ROLES = ("main", "contrast", "concession")
DENSE = 140
"""How many amounts `dense` gives."""
_PLACE = {flag: place for place, flag in enumerate(FLAGS)}
_CLOSING = frozenset(".!?…»\"')")


def dense(readings: Sequence[Reading], texts: Sequence[str], baselines: Sequence[float]) -> Amounts:
    """Return the amounts of sentences, a row for each; the order is fixed, so weights belong to places.

    Parameters
    ----------
    readings, texts
        The sentences, read and as written.
    baselines
        What textblob-fr says of each.
    """
    length = np.array([len(reading.words.forms) for reading in readings], float)
    question = np.array([reading.question for reading in readings], float)
    evidence = _of_evidence(readings, np.maximum(length, 1))
    positive, negative = evidence[:2]
    flags = np.zeros((len(FLAGS), len(readings)))
    for row, reading in enumerate(readings):
        for flag, count in reading.flags.items():
            if flag in _PLACE:
                flags[_PLACE[flag], row] = count
    met = flags > 0
    crossed = [met[_PLACE[flag]] * amount for flag in CROSSED for amount in (positive, negative, np.minimum(positive, negative))]
    columns = [
        *evidence, *_of_segments(readings), *_of_verdicts(readings), *_of_baselines(np.array(baselines, float)),
        *np.array([_shape(*row) for row in zip(readings, texts, strict=True)]).T,
        question * positive, question * negative, *met, *np.log1p(flags), *crossed,
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def _of_evidence(readings: Sequence[Reading], length: Amounts) -> Columns:
    size = len(readings)
    sizes = [len(reading.evidence) for reading in readings]
    row = np.repeat(np.arange(size), sizes)
    base, value = np.array([(evidence.base, evidence.value) for reading in readings for evidence in reading.evidence]).reshape(-1, 2).T

    def total(amounts: Amounts) -> Amounts:
        return np.bincount(row, amounts, size)

    positive, negative = total(np.maximum(value, 0)), total(np.maximum(-value, 0))
    praise, blame = total(np.maximum(base, 0)), total(np.maximum(-base, 0))
    highest, lowest, first, last = np.zeros((4, size))
    some = np.flatnonzero(sizes)
    if len(some):
        starts = np.searchsorted(row, some)
        highest[some], lowest[some] = np.maximum.reduceat(value, starts), np.minimum.reduceat(value, starts)
        first[some], last[some] = value[starts], value[np.append(starts[1:], len(value)) - 1]
    columns = [positive, negative, np.sqrt(positive), np.sqrt(negative), praise, blame, np.sqrt(praise), np.sqrt(blame)]
    columns += [total(base * ((base > 0) & (value < 0))), total(-base * ((base < 0) & (value > 0)))]
    columns += [highest, lowest, first, last, np.minimum(positive, negative), np.sqrt(positive * negative)]
    for amount in (positive, negative):
        columns += [amount / np.sqrt(length), amount / length, amount > 0.8, amount > 1.8, amount > 3.0]
    columns.append((positive == 0) & (negative == 0))
    for limit in (1.9, 2.9):
        columns += [total(value >= limit), total(value <= -limit)]
    return columns


def _of_segments(readings: Sequence[Reading]) -> Columns:
    sizes = np.array([len(reading.segments) for reading in readings])
    row = np.repeat(np.arange(len(readings)), sizes)
    segments = [segment for reading in readings for segment in reading.segments]
    sums = np.array([(segment.positive, segment.negative) for segment in segments]).T
    role = np.array([ROLES.index(segment.role) for segment in segments])
    columns = [np.bincount(row, side * (role == number), len(readings)) for number in range(len(ROLES)) for side in sums]
    starts = np.cumsum(sizes) - sizes
    lean = sums[0] - sums[1]
    columns += [*sums[:, starts], *sums[:, starts + sizes - 1]]
    return [*columns, np.maximum.reduceat(lean, starts), np.minimum.reduceat(lean, starts), sizes.astype(float)]


def _of_verdicts(readings: Sequence[Reading]) -> Columns:
    """What the rules alone say."""
    brevity = np.array([exp(-len(reading.words.forms) / 12) for reading in readings])  # a short sentence has nothing else to say
    score = np.array([reading.score for reading in readings])
    said = [np.array([reading.verdict == polarity for reading in readings], float) for polarity in POLARITIES]
    return [score, np.abs(score), *said, *(brevity * is_it for is_it in said)]


def _of_baselines(baseline: Amounts) -> Columns:
    return [baseline, np.maximum(baseline, 0.0), np.maximum(-baseline, 0.0), baseline == 0.0]


def _shape(reading: Reading, text: str) -> tuple[float, ...]:
    length = len(reading.words.forms)
    body = text.strip()
    return (
        reading.question, reading.irony, log(max(length, 1)), length <= 3, length < 6, length > 40,
        body[:1] in "-*•–" or body[:1].isdigit(), '"' in text or "«" in text, body[-1:] == ":",
        any(map(str.isdigit, text)), body[-1:] not in _CLOSING, body[:1].islower(),
    )  # fmt: skip
