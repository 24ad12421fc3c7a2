"""Houses that have a section each: where headings of one level name places, who speaks under one speaks of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from operator import attrgetter

from ..types import Document
from .houses import KIND, is_organisation, is_town
from .names import Field, person_score
from .signboard import OWN_NAME, is_elsewhere

_HEAD = re.compile(
    r"(?:(?:[\w°]{1,12}[ \u00a0])?\d{1,2}[ \u00a0]?[.)/:–—-]?[ \u00a0]{0,3}|[–—•-][ \u00a0])?([^,;:(|–—\n]{3,60}?)(?:[ \u00a0]?[,:(|–—]|[ \u00a0]-[ \u00a0]|[ \u00a0](?:à|en)[ \u00a0](?=[A-ZÀ-Ö])|$)"
)
_ONE_WORD = re.compile(r"(?i:co-?work)\w*['’-]?[\w'’-]{2,}|[A-ZÀ-Ö][\w-]*(?i:lab|hub|work)\b")
LEAST = 2
"""Sections named like houses that prove the form."""


def houses_by_section(document: Document) -> dict[int, Field]:
    """House in whose section each block stands, by the heading's own words; empty where headings do not name houses."""
    text = document.text
    levels: dict[int, list[tuple[int, Field | None]]] = defaultdict(list)
    for number, block in enumerate(document.blocks):
        if block.kind == "heading":
            levels[block.level].append((number, _house(text, block.start, block.end)))
    named: dict[int, Field] = {}
    for level, heads in levels.items():
        houses = {house.value for _, house in heads if house is not None}
        if len(houses) < LEAST or 2 * sum(house is not None for _, house in heads) < len(heads):
            continue
        for number, house in heads:
            if house is None:
                continue
            for at in range(number + 1, len(document.blocks)):
                block = document.blocks[at]
                if block.kind == "heading" and block.level <= level:
                    break
                named[at] = house
    return named


def house_at(document: Document, named: dict[int, Field], at: int) -> Field | None:
    """House in whose section a place of the text stands."""
    return named.get(bisect_right(document.blocks, at, key=attrgetter("start")) - 1)


def _house(text: str, start: int, end: int) -> Field | None:
    head = _HEAD.match(text, start, end)
    if head is None:
        return None
    value = head.group(1).strip()
    bare = value.strip('«»“”" \u00a0')
    kind = KIND.match(bare)
    like = (
        OWN_NAME.fullmatch(bare) is not None
        or _ONE_WORD.search(bare) is not None
        or (kind is not None and re.search(r"[ \u00a0'’][A-ZÀ-Ö]", bare[kind.end() :]) is not None and is_organisation(bare))
    )
    if not like or is_town(bare) or is_elsewhere(bare) or person_score(bare) >= 0.75 or len(bare.split()) > 7:
        return None
    at = text.index(bare, start)
    return Field(value=" ".join(bare.split()), start=at, end=at + len(bare))
