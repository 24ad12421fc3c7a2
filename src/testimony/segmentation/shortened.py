"""Short names of a space at the end of a role: «gérant du Moulin» where the document says elsewhere «Moulin des Prés»."""

from __future__ import annotations

import re
from dataclasses import replace

from ..spaces import GENERIC, signature
from ..types import Document
from .claims import Claim
from .names import Field

_AT_A_SPACE = re.compile(r"[ \u00a0](?:de la|de l['’]|des?|du|d['’]|à la|à l['’]|aux?|chez)[ \u00a0]?(?=[A-ZÀ-Þ])([^,;()]+)$")


def with_short_spaces(document: Document, claims: list[Claim]) -> list[Claim]:
    """Part a role from the short name of the one space of the document that it can mean."""
    spaces = {field.value: frozenset(signature(field.value).split()) for claim in claims if (field := claim.who.space)}
    return [_parted(document, claim, spaces) for claim in claims] if spaces else claims


def _parted(document: Document, claim: Claim, spaces: dict[str, frozenset[str]]) -> Claim:
    role = claim.who.role
    if role is None or claim.who.space is not None or role.key is not None or document.text[role.start : role.end] != role.value:
        return claim
    found = _AT_A_SPACE.search(role.value)
    short = frozenset(signature(found.group(1)).split()) if found else frozenset()
    if found is None or not short or short <= GENERIC or sum(short <= words for words in spaces.values()) != 1:
        return claim
    place = Field(value=found.group(1), start=role.start + found.start(1), end=role.end)
    rest = Field(value=role.value[: found.start()], start=role.start, end=role.start + found.start())
    return replace(claim, who=replace(claim.who, role=rest, space=place))
