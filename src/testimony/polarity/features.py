"""From a reading to numbers: what the model sees of a sentence.

`dense` gives a fixed list of amounts (evidence before and after composition, by segment, operators met, form of the sentence); `terms`
gives names for the sparse part (lemmas, pairs of lemmas, evidence with its sign after composition, beginnings and ends of long words).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import exp, log, log1p, sqrt

from ..types import Polarity
from .grammar import Reading, judge

POLARITIES: tuple[Polarity, ...] = ("positive", "negative", "mixed", "neutral")
FLAGS = (
    "negation", "without", "no_longer", "restriction", "intensifier", "downtoner", "less", "little", "too", "not_enough", "solved", "loss",
    "wish", "hypothesis", "contrast", "concession", "reported", "first_person", "exclamation", "conditional", "purpose", "enumeration",
)  # fmt: skip
CROSSED = ("contrast", "conditional", "wish", "first_person", "intensifier", "exclamation", "reported", "hypothesis")
DENSE = 140
"""How many amounts `dense` gives."""
_CLOSING = frozenset(".!?…»\"')")


def dense(reading: Reading, text: str, baseline: float) -> list[float]:
    """Return the amounts of one sentence; the order is fixed, so weights belong to places."""
    positive, negative = reading.sums()
    verdict, score = judge(reading)
    row = _amounts(reading, positive, negative)
    row += _by_segment(reading)
    row += (score, abs(score), *(float(verdict == polarity) for polarity in POLARITIES))
    brevity = exp(-len(reading.words.forms) / 12)  # a short sentence has nothing else to say
    row += (brevity * (verdict == polarity) for polarity in POLARITIES)
    row += (baseline, max(baseline, 0.0), max(-baseline, 0.0), float(baseline == 0.0))
    row += _shape(reading, text)
    row += (reading.question * positive, reading.question * negative)
    counts = [reading.flags.get(flag, 0) for flag in FLAGS]
    row += (float(count > 0) for count in counts)
    row += (log1p(count) for count in counts)
    for flag in CROSSED:
        if flag in reading.flags:
            row += (positive, negative, min(positive, negative))
        else:
            row += (0.0, 0.0, 0.0)
    return row


def _amounts(reading: Reading, positive: float, negative: float) -> list[float]:
    length = max(len(reading.words.forms), 1)
    values = [evidence.value for evidence in reading.evidence]
    praise = sum(e.base for e in reading.evidence if e.base > 0)
    blame = -sum(e.base for e in reading.evidence if e.base < 0)
    row = [positive, negative, sqrt(positive), sqrt(negative), praise, blame, sqrt(praise), sqrt(blame)]
    row.append(sum(e.base for e in reading.evidence if e.base > 0 > e.value))
    row.append(-sum(e.base for e in reading.evidence if e.base < 0 < e.value))
    row += (max(values, default=0.0), min(values, default=0.0), values[0] if values else 0.0, values[-1] if values else 0.0)
    row += (min(positive, negative), sqrt(positive * negative))
    for amount in (positive, negative):
        row += (amount / sqrt(length), amount / length, float(amount > 0.8), float(amount > 1.8), float(amount > 3.0))
    row.append(float(not positive and not negative))
    for limit in (1.9, 2.9):
        row += (float(sum(value >= limit for value in values)), float(sum(value <= -limit for value in values)))
    return row


def _by_segment(reading: Reading) -> list[float]:
    sums = [(segment.role, *reading.sums(segment)) for segment in reading.segments]
    row: list[float] = []
    for role in ("main", "contrast", "concession"):
        row.append(sum(p for r, p, _ in sums if r == role))
        row.append(sum(n for r, _, n in sums if r == role))
    leanings = [p - n for _, p, n in sums]
    row += (*sums[0][1:], *sums[-1][1:], max(leanings), min(leanings), float(len(sums)))
    return row


def _shape(reading: Reading, text: str) -> list[float]:
    length = len(reading.words.forms)
    body = text.strip()
    return [
        float(reading.question), float(reading.irony), log(max(length, 1)), float(length <= 3), float(length < 6), float(length > 40),
        float(body[:1] in "-*•–" or body[:1].isdigit()), float('"' in text or "«" in text), float(body[-1:] == ":"),
        float(any(map(str.isdigit, text))), float(body[-1:] not in _CLOSING), float(body[:1].islower()),
    ]  # fmt: skip


def terms(reading: Reading) -> Iterator[str]:
    """Yield the names of the sparse features of one sentence, repeated as they occur."""
    before = "^"
    for form, lemma in zip(reading.words.forms, reading.words.lemmas, strict=True):
        name = "0" if lemma[0].isdigit() else lemma
        yield name
        yield f"{before} {name}"
        before = name
        if len(form) > 5:
            yield from _pieces(form)
    yield f"{before} $"
    lemmas = reading.words.lemmas
    for evidence in reading.evidence:
        sign = "+" if evidence.value > 0 else "-" if evidence.value < 0 else "0"
        yield sign + "_".join(lemmas[i] for i in evidence.at)


@lru_cache(maxsize=100_000)
def _pieces(form: str) -> tuple[str, str]:
    return form[:5] + "~", "~" + form[-4:]
