"""Houses that have a section each: where headings of one level name places, who speaks under one speaks of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter

from ..types import Block, Document
from .houses import KIND, is_organisation, is_town
from .names import Field, person_score
from .signboard import OWN_NAME, is_elsewhere

_HEAD = re.compile(
    r"(?:(?:[\w°]{1,12}[ \u00a0])?\d{1,2}[ \u00a0]?[.)/:–—-]?[ \u00a0]{0,3}|[–—•-][ \u00a0])?([^,;:(|–—\n]{3,60}?)(?:[ \u00a0]?[,:(|–—]|[ \u00a0]-[ \u00a0]|[ \u00a0](?:à|en)[ \u00a0](?=[A-ZÀ-Ö])|$)"
)
_ONE_WORD = re.compile(r"(?i:co-?work)\w*['’-]?[\w'’-]{2,}|(?<![\w-])[A-ZÀ-Ö][\w-]{0,40}(?i:lab|hub|work)\b")
_Section = tuple[int, int]

LEAST = 2
"""Sections named like houses that prove the form."""


def houses_by_section(document: Document, starts: Sequence[int]) -> dict[int, Field]:
    """House in whose section each block stands, by the heading's own words; empty where headings do not name houses.

    Parameters
    ----------
    document
        With headings.
    starts
        Where somebody's words begin: headings without any are not counted.
    """
    blocks = document.blocks
    levels: dict[int, list[_Section]] = defaultdict(list)
    for first, stop in _sections(blocks):
        end = blocks[stop - 1].end
        if bisect_left(starts, blocks[first].end) < bisect_left(starts, end):
            levels[blocks[first].level].append((first, stop))
    named: dict[int, Field] = {}
    for sections in levels.values():
        houses = [_house(document.text, blocks[first].start, blocks[first].end) for first, _ in sections]
        alike = [house or _name_alone(document.text, blocks[first]) for house, (first, _) in zip(houses, sections, strict=True)]
        if any(houses) and all(alike):
            houses = alike
        if len({house.value for house in houses if house}) < LEAST or 2 * sum(map(bool, houses)) < len(houses):
            continue
        for house, (first, stop) in zip(houses, sections, strict=True):
            named |= dict.fromkeys(range(first + 1, stop), house) if house else {}
    return named


def _sections(blocks: Sequence[Block]) -> Iterator[_Section]:
    """Number of each heading, and of the block at which its section ends."""
    stack: list[int] = []
    for number, block in enumerate(blocks):
        while block.kind == "heading" and stack and blocks[stack[-1]].level >= block.level:
            yield stack.pop(), number
        stack += [number] if block.kind == "heading" else []
    yield from ((first, len(blocks)) for first in stack)


def house_at(document: Document, named: dict[int, Field], at: int) -> Field | None:
    """House in whose section a place of the text stands."""
    return named.get(bisect_right(document.blocks, at, key=attrgetter("start")) - 1)


def _name_alone(text: str, block: Block) -> Field | None:
    """A heading of capitalised words, neither a person nor a town: a house where the other headings are."""
    value = text[block.start : block.end].strip()
    words = value.split()
    capital = [word for word in words if re.sub(r"^[ld]['’]", "", word)[:1].isupper()]
    small = all(len(word) < 4 for word in words if word not in capital)
    if len(capital) < 2 or not small or len(words) > 6 or value[-1] in ".!?:…" or person_score(value) >= 0.5 or is_elsewhere(value):
        return None
    return Field(value=" ".join(words), start=block.start, end=block.start + len(value))


def _house(text: str, start: int, end: int) -> Field | None:
    head = _HEAD.match(text, start, end)
    if head is None:
        return None
    value = head.group(1).strip()
    bare = value.strip('«»“”" \u00a0')
    kind = KIND.match(bare)
    like = (
        OWN_NAME.fullmatch(bare) is not None
        or (
            is_organisation(bare)
            and all(word[:1].isupper() or len(word) < 4 or word.startswith(("l'", "l’", "d'", "d’")) for word in bare.split())
        )
        or _ONE_WORD.fullmatch(bare) is not None
        or (kind is not None and re.search(r"[ \u00a0'’][A-ZÀ-Ö]", bare[kind.end() :]) is not None and is_organisation(bare))
    )
    if not like or is_town(bare) or is_elsewhere(bare) or person_score(bare) >= 0.75 or len(bare.split()) > 7:
        return None
    at = text.index(bare, start)
    return Field(value=" ".join(bare.split()), start=at, end=at + len(bare))
