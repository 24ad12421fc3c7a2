"""The names of a space that mean one space, discovered over a corpus."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..spaces import GENERIC, bare, signature, words_of
from .names import sound

# Words for a kind of space: spaces of two kinds in one town are two spaces; «espace», «lieu», «centre» say no kind.
_KINDS = {
    **dict.fromkeys(("coworking", "cowork"), "coworking"),
    **dict.fromkeys(("fablab", "makerspace"), "fablab"),
    **dict.fromkeys(("tiers",), "tiers-lieu"),
    **{word: word for word in ("hub", "incubateur", "pepiniere", "maison", "reseau", "atelier", "collectif", "association")},
}
_INITIALS = re.compile(r"[A-ZÀ-Þ]{3,8}")
_SMALL = frozenset("l d le la les de du des et en a au aux sur".split())


def own_names(counts: Mapping[str, int], known: Iterable[str] = ()) -> dict[str, str]:
    """Give each name of a space the one that stands for it.

    Parameters
    ----------
    counts
        Names as the documents say them, with how many testimonials have each.
    known
        Canonical names of the registry: they stand for themselves, and no two of them are one space.

    Examples
    --------
    >>> names = own_names({"Coworking La Louvière": 3, "l'espace de La Louvière": 1, "La Louvière": 1, "Fablab Mons": 1, "Coworking Mons": 1})
    >>> sorted(set(names.values()))
    ['Coworking La Louvière', 'Coworking Mons', 'Fablab Mons']
    """
    fixed = {name for name in known if name in counts}
    groups = [group for like in _by_signature(counts).values() for group in _by_kind(like, fixed)]
    groups = _with_initials(groups, fixed)
    return {name: shown for group in groups for shown in [_shown(group, counts, fixed)] for name in group}


def _by_signature(names: Iterable[str]) -> dict[str, list[str]]:
    """Names whose own words sound the same."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        own = signature(name)
        # A name made of generic words only («L'Atelier») is compared as it stands.
        found[sound(own) if _own_words(name) else f"={own}"].append(name)
    return found


def _own_words(name: str) -> bool:
    return not GENERIC.issuperset(signature(name).split())


def kinds(name: str) -> frozenset[str]:
    """Kinds of space that a name tells."""
    return frozenset(_KINDS[word] for word in words_of(name) if word in _KINDS)


def _by_kind(names: list[str], fixed: set[str]) -> list[list[str]]:
    """Part names of the same words by the kind they tell; one that tells none goes to the only space there is."""
    if len(fixed.intersection(names)) > 1:
        return [[name] for name in names]
    groups: list[tuple[frozenset[str], list[str]]] = []
    for name in names:
        if own := kinds(name):
            near = [group for group in groups if group[0] & own]
            joined = own.union(*(told for told, _ in near)), [other for _, others in near for other in others] + [name]
            groups = [group for group in groups if not group[0] & own] + [joined]
    plain = [name for name in names if not kinds(name)]
    found = [others for _, others in groups]
    if len(found) < 2:
        return [[*(found[0] if found else ()), *plain]]
    # Two kinds of space bear these words: a bare name is one of them, nobody can say which.
    return found + ([plain] if plain else [])


def initials(name: str) -> set[str]:
    """Letters that stand for a name, with and without its small words."""
    words = re.findall(r"[^\W_]+", name)
    strong = [word for word in words if bare(word) not in _SMALL]
    return {"".join(bare(word)[:1] for word in some).upper() for some in (words, strong)}


def _with_initials(groups: list[list[str]], fixed: set[str]) -> list[list[str]]:
    """Bring initials («MDA») to the one space whose words begin so."""
    short = [group for group in groups if all(_INITIALS.fullmatch(name) and name not in fixed for name in group)]
    result = [group for group in groups if group not in short]
    index: defaultdict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(result):
        for name in group:
            for letters in initials(name) if " " in name else ():
                index[letters].add(number)
    for group in short:
        homes = set().union(*(index[bare(name).upper()] for name in group))
        if len(homes) == 1:
            result[homes.pop()] += group
        else:
            result.append(group)
    return result


def _shown(names: Iterable[str], counts: Mapping[str, int], fixed: set[str]) -> str:
    """The registry's name, else the most complete one that is said often, without an article of the sentence before it."""

    def order(name: str) -> tuple[object, ...]:
        return name not in fixed, name[:1].islower(), not kinds(name), bool(_INITIALS.fullmatch(name)), -counts[name], -len(name), name

    return min(names, key=order)
