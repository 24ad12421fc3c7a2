"""The words that prove a theme in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from ..types import Span
from .features import Reading
from .model import ThemeModel

MOST = 4
"""Stretches of words shown at most for one theme in one sentence."""
_KINDS = (0, 2, 1, 3)  # patterns and strong words prove; hints and weak words only where nothing better is there


def prove(reading: Reading, theme: int, model: ThemeModel | None = None) -> list[Span]:
    """Give the code points, in the sentence, of the words that speak for a theme.

    Patterns and words that prove it come first; without any, the words that suggest it; without any, the words to which the model
    gives the most weight. Empty only for a sentence without a word.
    """
    for kinds in (_KINDS[:2], _KINDS[2:]):
        found = [at for kind in kinds for about, at, sort in reading.signs if about == theme and sort == kind]
        if found:
            return _spans(reading, (i for at in found[:MOST] for i in at))
    weights = []
    for i, key in enumerate(reading.words.keys):
        form = key[0]
        if form[0].isalnum() and len(form) > 2:
            weights.append((-model.word_weights[key][theme] if model else 0.0, -len(form), i))
    weights.sort()
    best = [i for weight, _, i in weights[:2] if weight < 0] or [i for _, _, i in weights[:1]]
    return _spans(reading, best or range(min(1, len(reading.words.forms))))


def _spans(reading: Reading, indices: Iterable[int]) -> list[Span]:
    """Join neighbouring words into stretches; a gap of one word inside a pattern is bridged."""
    spans: list[Span] = []
    last = -9
    for i in sorted(set(indices)):
        start, end = reading.words.starts[i], reading.words.ends[i]
        if i - last <= 2:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        last = i
    return spans
