"""Builds a document's text, blocks and marks piece by piece."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from ..types import Block, BlockKind, Document, Mark, MarkKind
from .decoding import normalize

SOFT_BREAK = "\ue000"
"""Stands for a line break of the source inside a paragraph, until the paragraph tells whether it is a wrap or a line of its own."""

_SPACES = re.compile(r"[ \t\n\r\f\v]+")


class Piece(NamedTuple):
    """A run of characters under the same inline formatting."""

    text: str
    marks: frozenset[MarkKind] = frozenset()


class Builder:
    """Collects blocks in reading order; `text` grows, a blank line between two blocks."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.marks: list[Mark] = []

    def add(self, kind: BlockKind, pieces: Iterable[Piece], *, level: int = 0, group: int = -1, verbatim: bool = False) -> None:
        """Add one block; white space is collapsed unless `verbatim`; nothing is added for an empty one."""
        runs = list(pieces) if verbatim else _collapse(pieces)
        text = "".join(run.text for run in runs)
        if not text.strip():
            return
        if self.blocks:
            self.parts.append("\n\n")
            self.length += 2
        start = self.length
        for run in runs:
            for mark in sorted(run.marks):
                self._mark(mark, self.length, self.length + len(run.text))
            self.parts.append(run.text)
            self.length += len(run.text)
        self.blocks.append(Block(kind=kind, start=start, end=self.length, level=level, group=group))

    def _mark(self, kind: MarkKind, start: int, end: int) -> None:
        if start == end:
            return
        for number in range(len(self.marks) - 1, max(-1, len(self.marks) - 6), -1):
            last = self.marks[number]
            if last.kind == kind and last.end == start:
                self.marks[number] = Mark(kind=kind, start=last.start, end=end)
                return
        self.marks.append(Mark(kind=kind, start=start, end=end))

    def document(self, *, source: str, format: str, sha256: str, metadata: Mapping[str, Any]) -> Document:
        """Give the finished document."""
        return Document(
            id=document_id(source, sha256),
            source=source,
            format=format,
            sha256=sha256,
            text="".join(self.parts),
            blocks=tuple(self.blocks),
            marks=tuple(sorted(self.marks, key=lambda mark: (mark.start, -mark.end, mark.kind))),
            metadata=dict(metadata),
        )


def document_id(source: str, sha256: str) -> str:
    """Derive a document's id from its source and content."""
    return hashlib.sha256(f"{source}\0{sha256}".encode()).hexdigest()[:16]


def _collapse(pieces: Iterable[Piece]) -> list[Piece]:
    """Collapse white space as a browser does; a line feed given as a piece of its own is a real line break."""
    runs: list[Piece] = []
    space = True  # at the start of a line no space is kept
    for piece in pieces:
        if piece.text == "\n":
            if runs and runs[-1].text.endswith(" "):
                runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip(" "))
            runs.append(piece)
            space = True
            continue
        text = _SPACES.sub(" ", normalize(piece.text))
        if space:
            text = text.lstrip(" ")
        if text:
            runs.append(piece._replace(text=text))
            space = text.endswith(" ")
    return _trim(_settle(runs))


def _settle(runs: list[Piece]) -> list[Piece]:
    """Decide what the soft breaks of a paragraph are.

    A paragraph wrapped at a width breaks where the next word would not have fitted; if every soft break is such a place they become
    spaces, else the lines were meant and each soft break becomes a line end.
    """
    text = "".join(run.text for run in runs)
    if SOFT_BREAK not in text:
        return runs
    lines = [line.strip() for line in re.split(f"[{SOFT_BREAK}\n]", text)]
    width = max(len(line) for line in lines)
    # A second line in bold is a signature, not the end of a sentence.
    before_bold = (one.text.endswith(SOFT_BREAK) and "bold" in following.marks for one, following in pairwise(runs))
    signed = len(lines) == 2 and any(before_bold)
    wrapped = (
        not signed
        and width >= 50
        and all(
            len(line) + 1 + len((following.split(" ", 1) or [""])[0]) > width for line, following in zip(lines, lines[1:], strict=False)
        )
    )
    # The parsers that set soft breaks strip the spaces around them, so the text keeps its length.
    end = " " if wrapped else "\n"
    return [run._replace(text=run.text.replace(SOFT_BREAK, end)) for run in runs]


def _trim(runs: list[Piece]) -> list[Piece]:
    while runs and not runs[0].text.strip():
        runs.pop(0)
    while runs and not runs[-1].text.strip():
        runs.pop()
    if runs:
        runs[0] = runs[0]._replace(text=runs[0].text.lstrip(" \n"))
        runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip(" \n"))
    return runs
