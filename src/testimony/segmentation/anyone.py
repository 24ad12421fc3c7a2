"""People told by sex, age and trade alone: «Femme, 34 ans, aide-comptable, Creuse»."""

from __future__ import annotations

import re

from .names import Field
from .words import STATUS, is_role_word

LONGEST = 160
"""Characters above which a line tells more than who somebody is."""

MOST_PARTS = 7

AGE = re.compile(
    r"(?:(?:[FHMX]|femme|homme)[ \u00a0]?[,;/]?[ \u00a0]?(?:de[ \u00a0])?)?\d{1,2} ans?\b[ \u00a0]*(?:,|et|;|/|-|–)?[ \u00a0]*"
)
_PART = re.compile(r"[^,;/()–—|·\n]+")
_AGE = re.compile(
    r"\d{1,3}(?:-\d{1,3})? ans(?: et plus)?|(?:la )?(?:vingtaine|trentaine|quarantaine|cinquantaine|soixantaine)", re.IGNORECASE
)
_SEX = re.compile(
    r"(?:(?:une? )?(?:jeune )?(?:femme|homme|fille|garçon|dame|monsieur|mère|père|couple|maman|papa)|[FHMX])\b", re.IGNORECASE
)
_AGED = re.compile(r"(?:de )?\d{1,3} ans", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:(?:une?|la|le)[ \u00a0]|l['’])")
_STOP = re.compile(r"[ \u00a0](?:depuis|pendant)(?!\w)")


def described(text: str, start: int, end: int) -> Field | None:
    """What a line says that somebody without a name is: the trade, else sex and age; None for any other line."""
    if end - start > LONGEST or text[start:end].rstrip()[-1:] in tuple(".!?…:»”"):
        return None
    parts = [match for match in _PART.finditer(text, start, end) if match.group().strip()]
    if not 2 <= len(parts) <= MOST_PARTS or not any(_AGE.fullmatch(part.group().strip()) or _is_sex(part.group()) for part in parts):
        return None
    if not (_is_sex(parts[0].group()) or _AGE.fullmatch(parts[0].group().strip()) or _trade(parts[0]) is not None):
        return None  # a name
    told = next((trade for part in parts if (trade := _trade(part)) is not None), None)
    if told is not None:
        return told
    aged = [part for part in parts if _AGE.fullmatch(part.group().strip())]
    stop = aged[0].end() if aged else parts[0].end()
    return _field(text, parts[0].start(), stop)


def is_description(text: str, start: int, end: int) -> bool:
    """Tell what only describes somebody, «femme, 34 ans, graphiste», from what somebody says."""
    words = text[start:end].split()
    if not words or len(words) > 12 or words[-1][-1] in ".!?…»":
        return False
    return AGE.match(text, start, end) is not None or is_role_word(words[0].strip(","))


def _is_sex(value: str) -> bool:
    found = _SEX.match(value.strip())
    return found is not None and (found.end() == len(value.strip()) or _AGED.fullmatch(value.strip()[found.end() :].strip()) is not None)


def _trade(part: re.Match[str]) -> Field | None:
    value = part.group()
    start = part.start() + len(value) - len(value.lstrip())
    article = _ARTICLE.match(part.string, start, part.end())
    start = article.end() if article else start
    first = part.string[start : part.end()].split(maxsplit=1)
    if not first or not (is_role_word(first[0]) or STATUS.match(part.string, start, part.end())):
        return None
    stop = _STOP.search(part.string, start, part.end())
    return _field(part.string, start, stop.start() if stop else part.end())


def _field(text: str, start: int, end: int) -> Field:
    value = text[start:end]
    start += len(value) - len(value.lstrip())
    end -= len(value) - len(value.rstrip())
    return Field(value=" ".join(value.split()), start=start, end=end)
