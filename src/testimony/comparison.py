"""What sets a group apart: specificities of words and themes, with counts, effect, interval and a correction for many tests.

The score is Lafon's (1980, "Sur la variabilité de la fréquence des formes dans un corpus"): the probability, under the hypergeometric
law, of a frequency at least as far from the expected one, given the sizes of the corpus, of the part and the total frequency.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MIN_TESTIMONIALS = 4
"""Testimonials below which a group is too small to be set apart from the others."""

ALPHA = 0.05
_STOP = frozenset(
    "alors aussi autre autres avant avec avoir avait avons avez bien cela celle celles celui ceux cette chez comme comment dans depuis deux "
    "donc dont elle elles encore entre est-ce étaient était été être eux faire fait faut font ici ils jamais jour jours juste leur leurs lieu lorsque "
    "lui mais même mêmes moins mon nos notre nous par parce pas pendant petit peu peut plus plutôt pour pourquoi près puis quand que quel "
    "quelle quelques qui quoi rien sans sera ses soit son sont sous souvent sur tous tout toute toutes très trop une vers voilà vos votre vous "
    "vraiment ans année années aujourd'hui chose choses déjà dire dit ensemble espace espaces gens coworking moment monde mois personne "
    "personnes place plusieurs temps toujours trois travail vie vient aller suis sommes avais c'est j'ai".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def content_words(text: str) -> set[str]:
    """Lemmas of the content words of a testimonial; each counts once, so that one insistent voice does not make a specificity."""
    from simplemma import lemmatize

    return {
        lemma
        for word in _WORD.findall(text.lower())
        if len(word) > 3 and word not in _STOP and (lemma := _lemma(word, lemmatize)) not in _STOP
    }


@lru_cache(maxsize=100_000)
def _lemma(word: str, lemmatize: Any) -> str:
    return str(lemmatize(word, lang="fr")).lower()


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _tail(total: int, frequency: int, part: int, inside: int, upper: bool) -> float:
    """Probability that a hypergeometric variable lies at `inside` or beyond."""
    low, high = max(0, part - (total - frequency)), min(part, frequency)
    base = _log_choose(total, part)
    ks = range(inside, high + 1) if upper else range(low, inside + 1)
    terms = [_log_choose(frequency, k) + _log_choose(total - frequency, part - k) - base for k in ks]
    if not terms:
        return 0.0
    top = max(terms)
    return min(1.0, math.exp(top) * sum(math.exp(term - top) for term in terms))


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
        ``-log10 P(X >= inside)`` above the expected frequency, ``log10 P(X <= inside)`` below it.
    """
    upper = inside >= part * frequency / max(1, total)
    probability = max(_tail(total, frequency, part, inside, upper), 1e-300)
    return -math.log10(probability) if upper else math.log10(probability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A form of a group against the others: testimonials that have it on both sides, effect and significance."""

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


def contrast(form: str, counts: tuple[int, int, int, int]) -> Contrast:
    """Compare one form inside and outside a group.

    Parameters
    ----------
    counts
        Testimonials with the form inside, testimonials inside, with the form outside, testimonials outside.

    Returns
    -------
    Contrast
        `difference` of the two shares with its 95 % interval (Newcombe 1998, method 10), `p_value` two-sided (doubled smaller tail).
    """
    inside, part, outside, rest = counts
    total, frequency = part + rest, inside + outside
    value = specificity(total, frequency, part, inside)
    tails = (_tail(total, frequency, part, inside, True), _tail(total, frequency, part, inside, False))
    (p1, l1, u1), (p2, l2, u2) = _wilson(inside, part), _wilson(outside, rest)
    return Contrast(
        form=form, inside=inside, part=part, outside=outside, rest=rest, specificity=value, p_value=min(1.0, 2 * min(tails)),
        difference=p1 - p2, low=p1 - p2 - math.hypot(p1 - l1, u2 - p2), high=p1 - p2 + math.hypot(u1 - p1, p2 - l2),
    )  # fmt: skip


def _wilson(k: int, n: int, z: float = 1.959964) -> tuple[float, float, float]:
    """Share with its Wilson interval."""
    if n == 0:
        return 0.0, 0.0, 1.0
    p = k / n
    centre, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return p, (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)


def holm(contrasts: Sequence[Contrast], alpha: float = ALPHA) -> list[Contrast]:
    """Keep the contrasts that stay significant after Holm's (1979) correction: false alarms at most `alpha` in the whole family."""
    kept = []
    for rank, item in enumerate(sorted(contrasts, key=lambda one: (one.p_value, one.form))):
        if item.p_value > alpha / (len(contrasts) - rank):
            break
        kept.append(item)
    return kept


def compare(
    groups: Mapping[str, Mapping[str, int]], sizes: Mapping[str, int], minimum: int = MIN_TESTIMONIALS
) -> dict[str, list[Contrast]]:
    """Compare every group with the others together, one correction over all the tests.

    Parameters
    ----------
    groups
        For each group, the number of its testimonials that have each form.
    sizes
        Number of testimonials of each group; a group below `minimum` is left out.
    """
    totals: Counter[str] = Counter()
    for counts in groups.values():
        totals.update(counts)
    everything = sum(sizes.values())
    tested: list[tuple[str, Contrast]] = []
    for name in sorted(groups):
        part = sizes[name]
        rest = everything - part
        if part < minimum or rest < minimum:
            continue
        for form in sorted(groups[name]):
            inside, frequency = groups[name][form], totals[form]
            if frequency >= 3 and inside >= 2:
                tested.append((name, contrast(form, (inside, part, frequency - inside, rest))))
    significant = {id(item) for item in holm([item for _, item in tested])}
    found: dict[str, list[Contrast]] = {name: [] for name in groups}
    for name, item in tested:
        if id(item) in significant:
            found[name].append(item)
    return {name: sorted(items, key=lambda one: (-one.specificity, one.form)) for name, items in found.items()}


def distinctive(groups: Mapping[str, Mapping[str, int]], sizes: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Words that set each group apart, as rows for a summary."""
    return {
        name: [
            {
                "form": item.form, "inside": item.inside, "part": item.part, "outside": item.outside, "rest": item.rest,
                "specificity": round(item.specificity, 4), "difference": round(item.difference, 4), "low": round(item.low, 4),
                "high": round(item.high, 4),
            }
            for item in items if item.difference > 0
        ][:15]
        for name, items in compare(groups, sizes).items()
    }  # fmt: skip
