"""What sets a group apart: specificities of words and themes, with counts, effect, interval and a correction for many tests.

The score is Lafon's (1980, "Sur la variabilité de la fréquence des formes dans un corpus"): the probability, under the hypergeometric
law, of a frequency at least as far from the expected one, given the sizes of the corpus, of the part and the total frequency.
What is counted here are testimonials that have a form, each once, so that one insistent voice makes no specificity.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal

MIN_TESTIMONIALS = 5
"""Testimonials below which a group is too small to be set apart from the others."""

MIN_FREQUENCY = 3
"""Testimonials that must have a form, in the whole corpus, for it to be compared."""

ALPHA = 0.05
_FIELDS = ("specificity", "p_value", "difference", "low", "high")


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def log_tail(total: int, frequency: int, part: int, inside: int, *, upper: bool) -> float:
    """Natural logarithm of the probability that a hypergeometric variable lies at `inside` or beyond.

    Parameters
    ----------
    total, frequency
        Size of the corpus, and of the form in it.
    part, inside
        Size of the part, and of the form in it.
    upper
        Sum the values above `inside`, else those below.

    Returns
    -------
    float
        ``-inf`` where the value cannot be reached.
    """
    low, high = max(0, part - (total - frequency)), min(part, frequency)
    at = max(inside, low) if upper else min(inside, high)
    if at > high or at < low:
        return -math.inf
    start = _log_choose(frequency, at) + _log_choose(total - frequency, part - at) - _log_choose(total, part)
    # Each term comes from the one before it; the sum stops when what is left no longer changes it.
    term, terms, k = 1.0, 1.0, at
    while (k < high) if upper else (k > low):
        if upper:
            term *= (frequency - k) * (part - k) / ((k + 1) * (total - frequency - part + k + 1))
            k += 1
        else:
            term *= k * (total - frequency - part + k) / ((frequency - k + 1) * (part - k + 1))
            k -= 1
        terms += term
        if term < terms * 1e-17:
            break
    return min(0.0, start + math.log(terms))


@lru_cache(maxsize=100_000)
def specificity(total: int, frequency: int, part: int, inside: int) -> float:
    """Lafon's specificity of a form in a part of a corpus.

    Parameters
    ----------
    total, frequency
        Size of the corpus, and of the form in it.
    part, inside
        Size of the part, and of the form in it.

    Returns
    -------
    float
        ``-log10 P(X >= inside)`` at or above the expected frequency, ``log10 P(X <= inside)`` below it.

    Examples
    --------
    >>> round(specificity(61449, 464, 8395, 45), 2) < 0
    True
    """
    upper = inside * total >= part * frequency
    value = log_tail(total, frequency, part, inside, upper=upper) / math.log(10)
    return -value if upper else value


def p_value(specificity: float) -> float:
    """Two-sided: the smaller tail, doubled."""
    return min(1.0, 2 * 10 ** -abs(specificity))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A form of a group against the others: testimonials that have it on both sides, effect and significance.

    Attributes
    ----------
    form
        A word (lemma) or the id of a theme.
    inside, part
        Testimonials of the group that have the form, and of the group.
    outside, rest
        The same for all the others.
    specificity
        Lafon's.
    p_value
        Two-sided (the smaller tail, doubled), before correction.
    difference, low, high
        Difference of the two shares, with its 95 % interval (Newcombe 1998, method 10).
    """

    form: str
    inside: int
    part: int
    outside: int
    rest: int
    specificity: float
    p_value: float
    difference: float
    low: float
    high: float

    def row(self) -> dict[str, Any]:
        """As a dictionary, figures rounded."""
        return asdict(self) | {name: float(f"{getattr(self, name):.4g}") for name in _FIELDS}


def contrast(form: str, inside: int, part: int, outside: int, rest: int) -> Contrast:
    """Compare one form inside and outside a group; see `Contrast` for the counts."""
    total, frequency = part + rest, inside + outside
    value = specificity(total, frequency, part, inside)
    (p1, l1, u1), (p2, l2, u2) = wilson(inside, part), wilson(outside, rest)
    return Contrast(
        form=form,
        inside=inside,
        part=part,
        outside=outside,
        rest=rest,
        specificity=value,
        p_value=p_value(value),
        difference=p1 - p2,
        low=p1 - p2 - math.hypot(p1 - l1, u2 - p2),
        high=p1 - p2 + math.hypot(u1 - p1, p2 - l2),
    )


def wilson(k: int, n: int, z: float = 1.959964) -> tuple[float, float, float]:
    """Share ``k / n`` with its Wilson interval."""
    if n == 0:
        return 0.0, 0.0, 1.0
    p = k / n
    centre, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return p, max(0.0, (centre - spread) / (1 + z * z / n)), min(1.0, (centre + spread) / (1 + z * z / n))


@dataclass(frozen=True, slots=True)
class _Family:
    """The tests that could come out significant, and by how much each must be corrected.

    Tarone (1990): a test whose smallest possible p-value is above the threshold can raise no alarm and need not be paid for. Whether
    it can is known from the margins alone, so that leaving it out is not choosing by the result.
    """

    size: int

    @classmethod
    def of(cls, smallest: Mapping[float, int], alpha: float) -> _Family:
        values = sorted(smallest)
        cumulated, seen = [], 0
        for value in values:
            seen += smallest[value]
            cumulated.append(seen)
        size = 1
        while size < seen:
            at = bisect_right(values, alpha / size)
            if (cumulated[at - 1] if at else 0) <= size:
                break
            size += 1
        return cls(size)

    def keep(self, tested: Sequence[tuple[str, Contrast]], alpha: float) -> list[tuple[str, Contrast]]:
        """Holm's (1979) step-down over the family: the chance of one false alarm or more is at most `alpha`."""
        kept = []
        for rank, (name, item) in enumerate(sorted(tested, key=lambda pair: (pair[1].p_value, pair[0], pair[1].form))):
            if item.p_value > alpha / max(1, self.size - rank):
                break
            kept.append((name, item))
        return kept


def _smallest(total: int, frequency: int, part: int, upper: bool) -> float:
    """Smallest p-value that margins allow."""
    extreme = min(part, frequency) if upper else max(0, part - (total - frequency))
    return min(1.0, 2 * math.exp(log_tail(total, frequency, part, extreme, upper=upper)))


def compare(
    groups: Mapping[str, Mapping[str, int]],
    sizes: Mapping[str, int],
    *,
    direction: Literal["more", "both"] = "more",
    minimum: int = MIN_TESTIMONIALS,
    alpha: float = ALPHA,
) -> dict[str, list[Contrast]]:
    """Compare every group with the others together, one correction over all the tests.

    Parameters
    ----------
    groups
        For each group, the number of its testimonials that have each form.
    sizes
        Number of testimonials of each group; a group below `minimum` is not compared, nor one that leaves fewer than that outside.
    direction
        Look for forms that a group has more often, or also for those it has less often.
    minimum
        Smallest group compared.
    alpha
        Chance, over the whole comparison, of one false alarm or more.

    Returns
    -------
    dict
        For each group, the contrasts that stay significant, most specific first.
    """
    totals: Counter[str] = Counter()
    for counts in groups.values():
        totals.update(counts)
    totals = Counter({form: n for form, n in totals.items() if n >= MIN_FREQUENCY})
    total = sum(sizes.values())
    eligible = sorted(name for name in groups if sizes[name] >= minimum and total - sizes[name] >= minimum)
    frequencies = Counter(totals.values())
    smallest: dict[float, int] = defaultdict(int)
    for part, alike in Counter(sizes[name] for name in eligible).items():
        for frequency, n in frequencies.items():
            for upper in (True, False) if direction == "both" else (True,):
                smallest[_smallest(total, frequency, part, upper)] += n * alike
    tested = []
    for name in eligible:
        part, rest = sizes[name], total - sizes[name]
        for form in totals if direction == "both" else totals.keys() & groups[name].keys():
            inside = groups[name].get(form, 0)
            outside = totals[form] - inside
            # What is above the threshold by itself is above the corrected one: of most forms nothing more needs to be known.
            if (direction == "both" or inside / part > outside / rest) and p_value(specificity(total, totals[form], part, inside)) <= alpha:
                tested.append((name, contrast(form, inside, part, outside, rest)))
    found: dict[str, list[Contrast]] = {name: [] for name in sorted(groups)}
    for name, item in _Family.of(smallest, alpha).keep(tested, alpha):
        found[name].append(item)
    return {name: sorted(items, key=lambda one: (-one.specificity, one.form)) for name, items in found.items()}
