"""Polarity toward one thing that a sentence speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from ..types import Polarity, Span
from .grammar import Reading
from .model import Verdict

CLEAR = 0.35
"""How far one side of a clause must outweigh the other for a theme to take that side in a mixed sentence."""


def toward(verdict: Verdict, evidence: Sequence[Span]) -> tuple[Polarity, float]:
    """Polarity toward what stands at some code points of the sentence.

    A sentence of one mind gives its polarity to all it speaks of. In a mixed one each theme takes that of the clauses that hold its
    evidence, if they lean clearly.
    """
    side = lean_of_clauses(verdict.reading, evidence) if verdict.polarity == "mixed" else None
    return side or (verdict.polarity, verdict.score)


def lean_of_clauses(reading: Reading, evidence: Sequence[Span]) -> tuple[Polarity, float] | None:
    """Polarity of the clauses that hold some code points of a sentence; ``None`` where they do not lean clearly."""
    positive = negative = 0.0
    for segment in reading.segments:
        first, last = reading.words.starts[segment.start], reading.words.ends[segment.end - 1]
        if any(start < last and end > first for start, end in evidence):
            positive, negative = positive + segment.positive, negative + segment.negative
    total = positive + negative
    if not total or abs(positive - negative) < CLEAR * total:
        return None
    score = (positive - negative) / (total + 1.0)
    return ("positive" if score > 0 else "negative"), score
