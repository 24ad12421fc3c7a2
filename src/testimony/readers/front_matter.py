"""Front matter: the YAML or TOML block that publishing tools put before a text."""

from __future__ import annotations

import re
from typing import Any

from .. import toml
from .records import parse_yaml

MAX_LENGTH = 500_000
_HEADER = re.compile(r"([A-Za-zÀ-ÿ][\w -]{1,30}):[ \t]+(\S.*)")
_USUAL = frozenset("date slug author authors auteur autrice tags category categories catégorie summary status lang modified".split())


def split(text: str, source: str) -> tuple[dict[str, Any], str]:
    """Split a text into front matter and body; a block that is no mapping belongs to the body.

    Raises
    ------
    UnreadableDocument
        If the block starts like front matter and is broken.
    """
    stripped = text.lstrip("\n ")
    for fence, parse in (("---", _yaml), ("+++", _toml)):
        if not stripped.startswith(fence + "\n"):
            continue
        end = _closing(stripped, fence)
        if end is None:
            continue
        value = parse(stripped[len(fence) + 1 : end[0]], source)
        if isinstance(value, dict):
            return {str(key): item for key, item in value.items()}, stripped[end[1] :]
    return _headers(stripped) or ({}, text)


def _headers(text: str) -> tuple[dict[str, Any], str] | None:
    """Read ``Title: …`` lines without a fence, as some publishing tools write them; the title and one more usual key are needed."""
    head, _, body = text[:MAX_LENGTH].partition("\n\n")
    lines = [_HEADER.fullmatch(line) for line in head.split("\n")]
    found = {match.group(1).lower(): match.group(2).strip() for match in lines if match}
    if len(lines) < 2 or not all(lines) or not found.keys() & {"title", "titre"} or not found.keys() & _USUAL:
        return None
    return found, body + text[MAX_LENGTH:]


def _closing(text: str, fence: str) -> tuple[int, int] | None:
    position = len(fence)
    for line in text[position + 1 : MAX_LENGTH].split("\n"):
        start = position + 1
        position = start + len(line)
        if line.rstrip() == fence or (fence == "---" and line.rstrip() == "..."):
            return start, position
    return None


def _yaml(block: str, source: str) -> Any:
    return parse_yaml(block, source)


def _toml(block: str, source: str) -> Any:
    try:
        return toml.parse(block)
    except toml.TOMLDecodeError:
        return None
