"""Names met together (in one document, in one space) → which of them are one person's.

The answer depends on the set of names alone. A name that says less goes to the one person it can be; where there are two, to nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import TypeVar

from .names import Name, alike, deletions, last_sound, linked, sound, variant

Members = list[Name]
T = TypeVar("T", Name, tuple[str, str])
U = TypeVar("U")

MAX_BUCKET = 8
"""Names that look alike in one way; where there are more, none of them is surely a spelling of another."""


def gather(names: Iterable[Name]) -> dict[Name, Name]:
    """Give each name the fullest name of the person it means.

    Examples
    --------
    >>> from testimony.identities import parse
    >>> found = gather(map(parse, ("Anne Roy", "A. Roy", "Anne", "Anne-Catherine")))
    >>> found[parse("A. Roy")] == found[parse("Anne")] == parse("Anne Roy"), found[parse("Anne-Catherine")].given
    (True, 'anne catherine')
    """
    distinct = set(names)
    if len(distinct) < 2:
        return {name: name for name in distinct}
    levels: defaultdict[int, Members] = defaultdict(list)
    for name in sorted(distinct):
        levels[name.weight].append(name)
    people = _with_variants([*_spellings(levels.pop(4, []))])
    for weight in sorted(levels, reverse=True):
        people = _attached(people, [*_spellings(levels[weight])])
    return {name: head for members in people for head in [min(members, key=rank)] for name in members}


def rank(name: Name) -> tuple[int, bool, str, Name]:
    """Order of names of one person: the fullest first, those first that tell a man from a woman."""
    return -name.weight, not name.title, name.title, name


def _spellings(names: Iterable[Name]) -> Iterator[Members]:
    """Names that say the same; those of a man and of a woman apart."""
    same: defaultdict[tuple[object, ...], Members] = defaultdict(list)
    for name in names:
        same[name.given_short, name.last_short, *name.key].append(name)
    for members in same.values():
        yield from by_title(members, attrgetter("title"))


def by_title(members: list[U], title: Callable[[U], str]) -> list[list[U]]:
    """Part a man from a woman of one name; where there are both, what says neither is a third."""
    found = {title(member) for member in members}
    return [[one for one in members if title(one) == each] for each in sorted(found)] if {"f", "m"} <= found else [members]


def pairs(names: Sequence[Name]) -> list[tuple[Name, Name]]:
    """Full names that are spellings of each other, where each has no other such."""
    buckets: defaultdict[tuple[str, ...], Members] = defaultdict(list)
    people = [name for name in names if not name.group] if len(names) > 1 else []
    shared = _shared(people)
    for name in people if shared else ():
        for bucket in _looks(name, shared):
            buckets[bucket].append(name)
    near: defaultdict[Name, set[Name]] = defaultdict(set)
    for like in buckets.values():
        if len(like) <= MAX_BUCKET:
            for at, one in enumerate(like):
                for other in like[at + 1 :]:
                    if one.key != other.key and alike(one, other) and variant(one, other):
                        near[one].add(other)
                        near[other].add(one)
    return mutual(near)


def mutual(near: Mapping[T, set[T]]) -> list[tuple[T, T]]:
    """Pairs of which each is the only neighbour of the other."""
    return sorted(
        (one, other) for one, others in near.items() if len(others) == 1 for other in others if one < other and len(near[other]) == 1
    )


def _looks(name: Name, shared: Container[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Under what a full name is looked up by those that may be other spellings of it; `shared` are the ways to write one part that several have."""
    given, last = _joined(name)
    if ("given", given) in shared:
        parts = {last, name.last.split()[0], name.last.split()[-1]}
        yield from (("last", given, part) for part in parts | deletions(last))
        yield "sound", given, last_sound(last)
    if ("last", last) in shared:
        yield from (("given", last, part) for part in deletions(given) | {sound(given)})
        yield "familiar", given[:2], last
    if (both := _sounds(name)) in shared:
        yield both


def _joined(name: Name) -> tuple[str, str]:
    return name.given.replace(" ", ""), name.last.replace(" ", "")


@lru_cache(maxsize=20_000)
def _sounds(name: Name) -> tuple[str, str, str]:
    given, last = _joined(name)
    return "both", sound(given), last_sound(last)


def _shared(names: Iterable[Name]) -> set[tuple[str, ...]]:
    """What several full names have: most have nothing, and need not be looked for under one letter less."""
    counts: Counter[tuple[str, ...]] = Counter()
    for name in names:
        given, last = _joined(name)
        counts.update((("given", given), ("last", last), _sounds(name)))
    return {key for key, n in counts.items() if n > 1}


def _with_variants(people: list[Members]) -> list[Members]:
    by_lead = {members[0]: members for members in people}
    for one, other in pairs(list(by_lead)):
        by_lead[one] += by_lead.pop(other)
    return list(by_lead.values())


def _attached(people: list[Members], classes: list[Members]) -> list[Members]:
    """Bring names that say less to the one person each can be; the others are people of their own."""
    index: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for number, members in enumerate(people):
        for name in members:
            for key in _handles(name):
                index[key].add(number)
    wanted: defaultdict[int, list[Members]] = defaultdict(list)
    alone: list[Members] = []
    for members in classes:
        near = set().union(*(index.get(key, ()) for key in _handles(members[0])))
        homes = [number for number in near if _at_home(members, people[number])]
        (wanted[homes[0]] if len(homes) == 1 else alone).append(members)
    result = [list(members) for members in people]
    for number, guests in wanted.items():
        for guest in guests:
            others = [name for other in guests if other is not guest for name in other]
            if all(alike(name, other) for name in guest for other in others):
                result[number] += guest
            else:
                alone.append(guest)
    return result + alone


def _at_home(guests: Members, hosts: Members) -> bool:
    return all(alike(one, other) for one in guests for other in hosts) and any(linked(guests[0], other) for other in hosts)


def _handles(name: Name) -> Iterator[tuple[str, str]]:
    """What a name and a fuller one share."""
    (given, given_short), (last, last_short) = name.parts
    if name.group:
        return
    if given and not given_short:
        yield "given", given.replace(" ", "")
    if last and not last_short:
        yield "last", last_sound(last.replace(" ", ""))
    if given and last:
        yield "initials", given[0] + last[0]
