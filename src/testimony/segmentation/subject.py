"""Who an interview or a first-person article is by or about: title, front matter, opening lines."""

from __future__ import annotations

import html
import re
from typing import Any

from ..types import Document
from .attribution import parse, split_role
from .names import Attribution, Field, find_name, person_score
from .nearby import attribution_near, people_named
from .words import is_role_word

_PERSON_KEYS = ("people", "interviewee", "interviewe", "guest", "invite", "temoin", "speaker", "person", "subtitle", "name", "nom")
_TITLE_KEYS = (
    "og_title",
    "title",
    "titre",
    "subtitle",
    "description",
    "og_description",
    "excerpt",
    "summary",
    "chapo",
    "chapeau",
    "intro",
    "accroche",
)
_PERSON_LABEL = re.compile(
    r"(?:^|\n)[ \t•*–-]*(?:(?:personne|témoin)[ \u00a0])?(?:interviewé|interrogé|enquêté|rencontré|interlocut|invité|témoin)\w*(?:[·.(-]e\)?)?[ \u00a0]?:[ \u00a0]*([^\n]{3,160})",
    re.IGNORECASE,
)
SURE = 0.7
"""Likeness to a name of the person whom a key of the metadata names."""

MAX_NAMED = 60
"""People among whom the one whom a document is about is looked for."""


def value_in(document: Document, key: str) -> str | None:
    """Give a metadata value as one line of text."""
    value: Any = document.metadata.get(key)
    if isinstance(value, dict):
        value = value.get("name") or value.get("nom")
    if isinstance(value, list) and value:
        value = ", ".join(str(item.get("name", "") if isinstance(item, dict) else item) for item in value)
    return " ".join(html.unescape(str(value)).split()) if value not in (None, "") else None


def _detached(value: str) -> Attribution | None:
    """Read a name, and what is said of it, in a string of the metadata; offsets are not of the document."""
    name = find_name(value)
    if name is None:
        return None
    who = attribution_near(value, name[0], len(value))
    if who.role is None and who.speaker is not None:
        after = re.compile(r"\s{0,20}(?:,|[-–—(])\s*").match(value, name[1])
        first = re.compile(r"[^\s,.;()]+").search(value, after.end()) if after else None
        if after and first and is_role_word(first.group()):
            stop = re.compile(r"[.;:«“\")]").search(value, after.end())
            role, space = split_role(value, after.end(), stop.start() if stop else len(value))
            who = Attribution(speaker=who.speaker, role=role, space=space, strength=who.strength)
    return who


def subject_of(document: Document, until: int) -> tuple[Attribution | None, str | None]:
    """Tell who is interviewed: the metadata's person, else the name of the title, else the first name of the opening.

    Returns
    -------
    (Attribution or None, str or None)
        The second is the metadata key, None when it was read in the text.
    """
    candidates = [*_labelled(document, until), *_from_metadata(document)]
    candidates += _from_opening(document, until, 8 - len(candidates))
    if not candidates:
        return None, None
    return _together(document.text, candidates)


def _labelled(document: Document, until: int) -> list[tuple[Attribution, str | None]]:
    """Person whom a line before the first question says to be interviewed: «Personne interrogée : …»."""
    found = _PERSON_LABEL.search(document.text, 0, max(until, 400))
    who = parse(document.text, *found.span(1)) if found else Attribution()
    return [(who, None)] if (who.speaker is not None and who.strength >= 0.3) or (who.role and not who.speaker) else []


def names_a_person(document: Document) -> bool:
    """Tell a document whose metadata has a key for the one person whom it is about."""
    return any((value := value_in(document, key)) and person_score(re.split(r"[,(–—-] ", value)[0]) >= SURE for key in _PERSON_KEYS)


def _from_metadata(document: Document) -> list[tuple[Attribution, str | None]]:
    best: tuple[Attribution, str | None] | None = None
    for key in _PERSON_KEYS:
        value = value_in(document, key)
        if value and person_score(re.split(r"[,(–—-] ", value)[0]) >= 0.5:
            best = (_detached(value) or Attribution(speaker=Field(value=value, start=0, end=0), strength=0.7), key)
            break
    candidates: list[tuple[Attribution, str | None]] = [best] if best else []
    for title_key in _TITLE_KEYS:
        value = value_in(document, title_key)
        who = _detached(value) if value else None
        if who is not None:
            candidates.append((who, title_key))
    return candidates


def _from_opening(document: Document, until: int, limit: int) -> list[tuple[Attribution, str | None]]:
    """People named in the headings and opening lines before `until`."""
    text = document.text
    found: list[tuple[Attribution, str | None]] = []
    for block in document.blocks:
        if (block.start >= max(until, 1) and block.kind != "heading") or block.kind in ("boilerplate", "caption"):
            continue
        name = find_name(text, block.start, block.end)
        since = block.start if block.kind == "paragraph" else None
        if name is not None and block.start <= max(until, 400) and len(found) <= limit:
            found.append((attribution_near(text, name[0], min(block.end, name[1] + 200), since), None))
    return found


def _together(text: str, candidates: list[tuple[Attribution, str | None]]) -> tuple[Attribution, str | None]:
    """Put together what several places say of the first candidate: the longest name, the first role and organisation."""
    chosen, key = candidates[0]
    if chosen.speaker is None:
        return chosen, key  # «Enquêtée : femme, 46 ans, salariée»
    same = [who for who, _ in candidates if who.speaker and chosen.speaker and same_name(who.speaker.value, chosen.speaker.value)]
    longest = max(same, key=lambda who: len(who.speaker.value) if who.speaker else 0)
    if longest.speaker and chosen.speaker and len(longest.speaker.value) > len(chosen.speaker.value):
        key = next(k for who, k in candidates if who is longest)
    role = next((who.role for who in same if who.role), None)
    space = next((who.space for who in same if who.space), None)
    if role is None and longest.speaker:
        role = _role_before(text, longest.speaker.value)
    return Attribution(speaker=longest.speaker, role=role, space=space, strength=longest.strength), key


def same_name(one: str, other: str) -> bool:
    """Tell whether one name may be a shorter form of the other."""
    short, long = sorted((one.casefold().split(), other.casefold().split()), key=len)
    return set(short) <= set(long)


def _role_before(text: str, name: str) -> Field | None:
    """Role set before a name («la traductrice Laetitia …», «Journaliste pigiste, Anne …»)."""
    at = text.find(name)
    if at < 0:
        return None
    match = re.search(r"([\w·-]{1,60})[ \u00a0,]{1,20}$", text[max(0, at - 60) : at])
    if match and is_role_word(match.group(1)):
        start = max(0, at - 60) + match.start(1)
        return Field(value=match.group(1), start=start, end=start + len(match.group(1)))
    return None


def people_titled(document: Document) -> dict[str, Attribution]:
    """People whom the metadata's titles name with a role."""
    found: dict[str, Attribution] = {}
    for key in _TITLE_KEYS:
        value = value_in(document, key)
        who = _detached(value) if value else None
        if who is not None and who.speaker is not None and who.role is not None:
            found.setdefault(who.speaker.value, who)
    return found


def dominant_person(document: Document) -> Attribution | None:
    """The one person whom a document is about: named alone on a line, in the title, or far more often than anybody else."""
    text = document.text
    named = people_titled(document) | dict(list(people_named(document).items())[:MAX_NAMED])
    titled = value_in(document, "title") or ""
    counts = {}
    for name in named:
        words = [word for word in re.split(r"[\s\u00a0]", name) if len(word) > 2]
        counts[name] = max((len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text)) for word in words), default=0) + 3 * (name in titled)
    alone = [name for name in named for block in document.blocks
             if any(line.strip(" *_:") == name for line in text[block.start : block.end].split("\n"))]  # fmt: skip
    if len(set(alone)) == 1:
        return named[alone[0]]
    if len(named) == 1 and ((only := next(iter(named.values()))).role is not None or counts[next(iter(named))] > 1):
        return only
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    if ranked and counts[ranked[0]] >= 3 and (len(ranked) == 1 or counts[ranked[0]] >= 2 * counts[ranked[1]]):
        return named[ranked[0]]
    return None
