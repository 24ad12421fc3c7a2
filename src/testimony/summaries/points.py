"""Facts of a space → its summary: what is praised, complained of, proposed; what sets it apart; what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .. import comparison, results
from .bounded import people
from .facts import Facts, Group, Mentions, Stance
from .quotation import STANCES, Quotation, best_first, choose

Row = dict[str, Any]

LIMITS = {"positive": 4, "negative": 4, "proposal": 3, "mixed": 2, "neutral": 3}
"""Key points of a space, by stance."""

READABLE = 0.4
"""How well a quotation must be understood alone to stand for a key point."""

MAX_OTHERS = 8
MAX_WORDS = 12
SILENCE = 0.05
"""A theme is called missing where, at the rate of the other spaces, hearing nothing of it would be rarer than this."""


def summarize(facts: Facts) -> list[Row]:
    """Sum up every space; the shape is that of ``summaries.json``."""
    sizes = {name: group.testimonials for name, group in facts.groups.items()}
    words = comparison.compare({name: group.lemmas for name, group in facts.groups.items()}, sizes, alpha=comparison.ALPHA / 2)
    themes = comparison.compare(
        {name: group.themes for name, group in facts.groups.items()}, sizes, direction="both", alpha=comparison.ALPHA / 2
    )
    mentions = facts.mentions_of_spaces()
    cited = _citations(mentions)
    rates = Counter[str]()
    for group in facts.groups.values():
        rates.update(group.themes)
    everything = sum(sizes.values())
    rows = []
    for name in facts.spaces():
        group = facts.groups[name]
        absent = [theme.id for theme in facts.codebook.themes if not group.themes[theme.id]]
        row = summarize_group(group) | {
            "space": name,
            "aliases": sorted(set(group.forms) - {name}),
            "distinctive": [item.row() | {"kind": "theme"} for item in themes[name]]
            + [item.row() | {"kind": "word"} for item in words[name][:MAX_WORDS]],
            "missing_themes": [theme for theme in absent if _telling(group.testimonials, rates[theme], everything - group.testimonials)],
            "absent_themes": absent,
            "cites": cited.get(name, []),
        }
        rows.append(row | _mentioned(mentions.get(name, Mentions())) | {"warnings": _warnings(group, len(sizes))})
    return rows


def _telling(n: int, frequency: int, others: int) -> bool:
    """Tell whether the silence of `n` testimonials on a theme says something, given how many of the others speak of it."""
    if n < comparison.MIN_TESTIMONIALS or others < comparison.MIN_TESTIMONIALS:
        return False
    return (1 - frequency / others) ** n < SILENCE


def summarize_group(group: Group) -> Row:
    """Sum up a group of testimonials for itself, without comparing it with others."""
    return {
        "n_testimonials": group.testimonials,
        "n_speakers": len(group.voices),
        "n_words": group.words,
        "n_review": group.review,
        "speakers": group.voices.listed(),
        "roles": [{"role": role, "n": n} for role, n in _ranked(group.roles)],
        "polarity": group.feelings(),
        "themes": theme_rows(group),
        "key_points": points(group),
    }


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def points(group: Group, limits: Mapping[str, int] = LIMITS) -> list[Row]:
    """Choose the key points: the most shared first, in every stance, no two that say the same.

    A quotation that proves several themes stands once, with all of them. Facts told without praise or complaint are kept for themes
    that have no other point.
    """
    return _points(group, limits, READABLE) or _points(group, limits, 0.0)


def _points(group: Group, limits: Mapping[str, int], readable: float) -> list[Row]:
    chosen: list[Row] = []
    leads: list[Quotation] = []
    for stance in STANCES:
        room = limits.get(stance, 0)
        for theme, item in _entries(group, stance):
            if stance == "neutral" and any(theme in point["themes"] for point in chosen):
                continue
            candidates = [one for one in item.best.ranked() if one.alone >= readable]
            twin = _twin(candidates, leads, chosen, stance)
            if twin is not None:
                twin["themes"].append(theme)
            elif room and (lead := _lead(candidates, item, leads)) is not None:
                room -= 1
                leads.append(lead)
                chosen.append(_point(theme, stance, item, lead))
    return chosen


def _entries(group: Group, stance: str) -> Iterator[tuple[str, Stance]]:
    found = [(theme, stances[stance]) for theme, stances in group.stances.items() if stance in stances]
    yield from sorted(found, key=lambda entry: (-len(entry[1].voices), -entry[1].sentences, entry[0]))


def _twin(candidates: Sequence[Quotation], leads: Sequence[Quotation], chosen: Sequence[Row], stance: str) -> Row | None:
    """The point whose quotation is also the best of this theme, in the same stance."""
    for lead, point in zip(leads, chosen, strict=True):
        best = candidates[0] if candidates else None
        if best is not None and point["stance"] == stance and (best.testimonial_id, best.start) == (lead.testimonial_id, lead.start):
            return point
    return None


def _lead(candidates: Sequence[Quotation], item: Stance, leads: Sequence[Quotation]) -> Quotation | None:
    """The quotation that stands for a point: readable, sure, about what is said most, from a voice not yet heard."""
    most = max(item.aspects.values(), default=1)

    def value(one: Quotation) -> float:
        shared = max((item.aspects[word] for word in one.words), default=0) / most
        heard = sum(one.speaker is not None and one.speaker == other.speaker for other in leads)
        return one.score * (0.75 + 0.25 * shared) * 0.85 ** min(heard, 3)

    fresh = [one for one in candidates if not any(one.says_the_same_as(other) for other in leads)]
    return min(fresh, key=lambda one: (-value(one), one.testimonial_id, one.start), default=None)


def _point(theme: str, stance: str, item: Stance, lead: Quotation) -> Row:
    others = [
        one for one in item.best.ranked() if (one.testimonial_id, one.start, one.text) != (lead.testimonial_id, lead.start, lead.text)
    ]
    apart: list[Quotation] = []
    for one in _voices_first(others):
        if not any(
            one.testimonial_id == other.testimonial_id and one.start < other.end and other.start < one.end for other in (lead, *apart)
        ):
            apart.append(one)
    return lead.row() | {
        "theme": theme,
        "themes": [theme],
        "stance": stance,
        "n_speakers": len(item.voices),
        "speakers": item.voices.listed(),
        "n_sentences": item.sentences,
        "aspects": [{"form": form, "n": n} for form, n in _ranked(item.aspects) if n > 1][:6],
        "others": [one.row() for one in apart[:MAX_OTHERS]],
    }


def _voices_first(quotations: Sequence[Quotation]) -> list[Quotation]:
    """One quotation of each speaker, then the rest."""
    heard: set[str] = set()
    first: list[Quotation] = []
    rest: list[Quotation] = []
    for one in best_first(quotations):
        name = one.speaker or f"#{one.testimonial_id}"
        (rest if name in heard else first).append(one)
        heard.add(name)
    return first + rest


def theme_rows(group: Group) -> list[Row]:
    """Themes of a group: testimonials, speakers, those of them who judge, and sentences by stance."""
    rows = []
    for theme, stances in group.stances.items():
        voices = people(item.voices for item in stances.values())
        judging = people(item.voices for name, item in stances.items() if name in ("positive", "negative", "mixed"))
        rows.append(
            {"theme": theme, "n_testimonials": group.themes[theme], "n_speakers": voices, "n_judging": judging}
            | {stance: stances[stance].sentences if stance in stances else 0 for stance in STANCES}
        )
    return sorted(rows, key=lambda row: (-row["n_testimonials"], row["theme"]))


def _citations(mentions: Mapping[str, Mentions]) -> dict[str, list[Row]]:
    """For each space, those that its speakers name."""
    found: dict[str, Counter[str]] = {}
    for space, item in mentions.items():
        for (source, _), n in item.by.items():
            if source:
                found.setdefault(source, Counter())[space] += n
    return {source: [{"space": space, "n": n} for space, n in _ranked(counts)] for source, counts in found.items()}


def _mentioned(item: Mentions) -> Row:
    polarity = Counter[str]()
    for (_, name), n in item.by.items():
        polarity[name] += n
    quotations = choose([one for one in item.best.ranked() if one.alone >= READABLE], [], MAX_OTHERS)
    return {
        "n_mentions": sum(item.by.values()),
        "mentions_polarity": {name: polarity[name] for name in ("positive", "negative", "mixed", "neutral")},
        "mentions_by_others": [one.row() for one in quotations],
    }


def _warnings(group: Group, n_spaces: int) -> list[str]:
    warnings = []
    if len(group.voices) == 1:
        warnings.append("Une seule voix : ce qui suit est l’avis d’une personne, non celui de l’espace.")
    elif group.testimonials < comparison.MIN_TESTIMONIALS:
        warnings.append(f"Petit nombre : {group.testimonials} témoignages, trop peu pour comparer cet espace aux autres.")
    if n_spaces < 2:
        warnings.append("Un seul espace : il n’y a rien à quoi le comparer.")
    if group.review:
        n = group.review
        warnings.append(f"{n} témoignage{'s' * (n > 1)} à vérifier : l’attribution est peu sûre.")
    return warnings


def spaces_table(facts: Facts) -> list[Row]:
    """Rows of the `spaces` table."""
    mentions = facts.mentions_of_spaces()
    return [
        {
            "space": name,
            "aliases": sorted(set(group.forms) - {name}),
            "n_testimonials": group.testimonials,
            "n_speakers": len(group.voices),
            "n_words": group.words,
            "n_mentions": sum(mentions[name].by.values()) if name in mentions else 0,
            "themes": results.dumps(dict(group.themes)),
        }
        | group.feelings()
        for name, group in sorted(facts.groups.items())
    ]


def quotations_of(summaries: Sequence[Row]) -> Iterator[Row]:
    """Every quotation printed in summaries, for those who check them against their source."""
    for summary in summaries:
        for point in summary["key_points"]:
            yield point
            yield from point["others"]
        yield from summary["mentions_by_others"]
