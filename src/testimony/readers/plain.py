"""Plain text and subtitles → blocks."""

from __future__ import annotations

import re
from typing import Any

from ..types import Block, BlockKind
from .building import Builder, Piece

_ITEM = re.compile(r"[ \t]{0,80}(?:[•▪◦‣●○–*·-]|\d{1,3}[.)°]|[a-zA-Z][.)](?!\s[A-ZÀ-Ö]\.))[ \t\u00a0]+(?=\S)")
_LETTER = re.compile(r"([a-zA-Z])[.)]")
_QUOTED = re.compile(r"[ \t]{0,80}>+[ \t]?")


def blocks_of(text: str) -> tuple[Block, ...]:
    """Cut plain text at its blank lines; a list has one block per item; the text itself is left as it stands."""
    blocks: list[Block] = []
    start = opened = None
    position = 0
    letter = ""
    for line in [*text.split("\n"), ""]:
        item = _ITEM.match(line)
        if item and (label := _LETTER.search(item.group())):
            follows = label.group(1).lower() == "a" or (letter and ord(label.group(1)) == ord(letter) + 1)
            item, letter = (item, label.group(1)) if follows else (None, letter)  # «M. Blanc» opens no list
        if start is not None and (not line.strip() or item):
            blocks.append(_block(text, start, position - 1, opened))
            start = None
        if line.strip() and start is None:
            start, opened = position, item
        position += len(line) + 1
    return tuple(block for block in blocks if block.start < block.end)


def _block(text: str, start: int, end: int, item: re.Match[str] | None) -> Block:
    end = min(end, len(text))
    kind: BlockKind = "paragraph"
    line = text[start:end].split("\n", 1)[0]
    quoted = _QUOTED.match(line)
    if item:
        kind, start = "item", start + item.end()
    elif quoted and "\n" not in text[start:end].strip():
        kind, start = "quote", start + quoted.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Block(kind=kind, start=start, end=end, level=1 if kind == "item" else 0)


_TIMING = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->")
_VOICE = re.compile(r"<v(?:\.[^\s>]{1,60})?[ \t]+([^>\n]{1,120})>")
_TAG = re.compile(r"</?[a-z0-9.:]{1,40}(?:[ \t][^>\n]{0,100})?>|\{\\[^}\n]{0,60}\}", re.IGNORECASE)
_SOUND = re.compile(r"(?:-[ ]?)?(?:\[[^\]\n]{1,60}\]|\([^)\n]{1,60}\)|♪[^♪]{0,200}♪?)")
"""A caption that says what is heard: «[Musique]», «(Rires)»."""
_TITLE = re.compile(r"\ufeff?WEBVTT[ \t]*[-–—:]?[ \t]*(\S[^\n]{0,300})")
_HEADERS = ("WEBVTT", "NOTE", "STYLE", "REGION")


def build_subtitles(text: str, builder: Builder) -> dict[str, Any]:
    """Add one block per caption, give the title after ``WEBVTT``; voice tags become ``Name : ``, numbers and times are not text."""
    title = _TITLE.match(text)
    for chunk in re.split(r"\n[ \t]*\n", text):
        lines = chunk.strip("\n").split("\n")
        timing = next((number for number, line in enumerate(lines[:3]) if _TIMING.match(line)), None)
        if timing is None:
            if lines[0].startswith(_HEADERS) or not chunk.strip():
                continue
            lines = [line for line in lines if not line.strip().isdigit()]
            timing = -1
        words = " ".join(line.strip() for line in lines[timing + 1 :])
        kind: BlockKind = "boilerplate" if _SOUND.fullmatch(words.strip()) else "cue"
        builder.add(kind, [Piece(_TAG.sub("", _VOICE.sub(r"\1 : ", words)))])
    return {"title": title.group(1).strip()} if title else {}
