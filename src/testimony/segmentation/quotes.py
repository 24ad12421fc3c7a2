"""Quotation marks: every typography, nested, unbalanced; block quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..types import Block, Document, Span
from .claims import is_marked, trimmed, words_in
from .reporting import incise_at
from .words import FIRST_PERSON, FIRST_SINGULAR

_MARKS = re.compile('[«»“”"„]')
MAX_QUOTES = 200
"""Quotations looked at in one block: a paragraph with more is no testimony."""

LEAST_ASIDE = 8
"""Words of a paragraph in italics that may be somebody's."""

_BULLET = re.compile(r"[.•·*-][ \u00a0]{1,3}(?=\w)")
MIN_WORDS = 5
"""Words below which a quotation in prose is a title, a term or scare quotes, unless somebody is said to say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotation: the range inside its marks and the range with them."""

    inner: Span
    outer: Span
    block: int
    blockquote: bool = False


def in_block(text: str, start: int, end: int, number: int) -> Iterator[Quote]:
    """Find the outermost quotations of a block; « » may be opened or closed the wrong way round, straight marks alternate.

    An unclosed quotation ends with its block.
    """
    opened: int | None = None
    opener = closing = ""
    depth = 0
    last = {mark: text.rfind(mark, start, end) for mark in '«»“”"„'}
    for match in _MARKS.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if opened is None:
            if not _opens(text, at, start, end):
                continue
            opened, depth = at, 1
            opener, closing = mark, {"«": "»", "“": "”", "»": "«»", '"': '"', "„": "“”", "”": "”"}[mark]
        elif (mark == opener and mark not in closing) or (mark == '"' == opener and _opens_word(text, at, end) and last[mark] > at + 1):
            depth += 1
        elif mark in closing or (opener == "“" and mark == '"' and last["”"] < at):
            depth -= 1
            if depth <= 0 or last[mark] <= at:
                inner = trimmed(text, opened + 1, at)
                if inner[0] < inner[1]:
                    yield Quote(inner=inner, outer=(opened, at + 1), block=number)
                opened = None
    if opened is not None and end - opened > 40:
        inner = trimmed(text, opened + 1, end)
        if len(text[inner[0] : inner[1]].split()) >= MIN_WORDS:
            yield Quote(inner=inner, outer=(opened, end), block=number)


def _opens_word(text: str, at: int, end: int) -> bool:
    """Tell a straight mark that opens a quotation inside another: after a space and before a word."""
    return text[at - 1].isspace() and at + 1 < end and text[at + 1].isalnum()


def _opens(text: str, at: int, start: int, end: int) -> bool:
    """Tell whether a mark may open a quotation: a closing mark does so only at the beginning of a word, a straight one not after one."""
    before, after = text[at - 1] if at > start else " ", text[at + 1] if at + 1 < end else " "
    if text[at] in "”»":
        return after.isalnum() and before.isspace()
    return text[at] != '"' or not before.isalnum()


def _without_bullet(text: str, start: int, end: int) -> Span:
    """Range of a block quotation without the point that notes put before each remark («. oui, tout le temps»), and those left empty after it."""
    bullet = _BULLET.match(text, start, end)
    while bullet and end > start and text[end - 1] in ". \n\u00a0" and text[end - 2 : end - 1] in (" ", "\n"):
        end -= 1
    return trimmed(text, bullet.end() if bullet else start, end)


def set_in_italics(document: Document) -> frozenset[Block]:
    """Paragraphs in which a page sets somebody's words apart by italics alone: several, in the first person, among others that are not."""
    paragraphs = [block for block in document.blocks if block.kind == "paragraph"]
    found = [
        block
        for block in paragraphs
        if FIRST_PERSON.search(document.text, block.start, block.end)
        and len(document.text[block.start : block.end].split()) >= LEAST_ASIDE
        and not _MARKS.search(document.text, block.start, block.end)
        and is_marked(document, ("italic",), block.start, block.end)
    ]
    alone = any(FIRST_SINGULAR.search(document.text, block.start, block.end) for block in found)
    return frozenset(found) if alone and 1 < len(found) < len(paragraphs) / 2 else frozenset()


def _quotes_others(text: str, block: Block, inside: Sequence[Quote]) -> bool:
    """Tell an article that is quoted, and quotes people, from somebody's words: an incise, and nobody outside the marks who says «je»."""
    if not any(incise_at(text, quote.outer[1], block.end) for quote in inside):
        return False
    edges = [block.start, *(at for quote in inside for at in quote.outer), block.end]
    return not any(FIRST_SINGULAR.search(text, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))


def find(document: Document) -> list[Quote]:
    """Find every quotation of the document's prose, block quotations included, in order."""
    quotes: list[Quote] = []
    text = document.text
    last_group = None
    aside = set_in_italics(document)
    for number, block in enumerate(document.blocks):
        if block in aside:
            quotes.append(Quote(inner=(block.start, block.end), outer=(block.start, block.end), block=number, blockquote=True))
            continue
        if block.kind not in ("paragraph", "quote", "item"):
            continue
        inside = list(islice(in_block(text, block.start, block.end, number), MAX_QUOTES))
        covered = words_in(text, [quote.inner for quote in inside])
        whole = len(text[block.start : block.end].split())
        if block.kind == "quote" and covered < 0.6 * whole and not _quotes_others(text, block, inside):
            if last_group == block.group and block.group >= 0 and quotes:
                quotes[-1] = Quote(
                    inner=(quotes[-1].inner[0], block.end), outer=(quotes[-1].outer[0], block.end), block=number, blockquote=True
                )
            else:
                inner = _without_bullet(text, block.start, block.end)
                quotes.append(Quote(inner=inner, outer=(block.start, block.end), block=number, blockquote=True))
            last_group = block.group
        else:
            quotes += inside
            last_group = None
    return quotes
