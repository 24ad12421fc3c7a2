"""Claims: what a layout says a stretch of a document is, with the evidence for it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from ..types import Document, Mark, Span
from .names import Attribution, Field

NO_ONE = Attribution()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a block; blocks of one line are one line."""

    start: int
    end: int
    block: int
    kind: str
    group: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Words said to be one speaker's.

    Attributes
    ----------
    rule
        The layout that claims.
    spans
        Ranges of the document, in order.
    who
        Speaker, role and organisation, read in the document.
    confidence
        In [0, 1].
    key
        Where the speaker was read when not in the text: a metadata key.
    unit
        Claims of one explanation carry the same name; an explanation is taken or left as a whole.
    """

    rule: str
    spans: tuple[Span, ...]
    who: Attribution = NO_ONE
    confidence: float
    key: str | None = None
    about: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A set of claims that explain a document together, and how well they do."""

    rule: str
    claims: tuple[Claim, ...]
    score: float
    reason: str = ""


LONGEST_MARK = 5_000
"""Characters that inline formatting may cover and still be looked up."""

TESTIMONY_KINDS = frozenset({"paragraph", "quote", "item", "cue", "cell"})


def lines_of(document: Document) -> list[Line]:
    """Cut the blocks that may hold testimony, and the headings and questions between them, into lines."""
    lines = []
    for number, block in enumerate(document.blocks):
        if block.kind in ("boilerplate", "code", "caption"):
            continue
        start = block.start
        for piece in document.text[block.start : block.end].split("\n"):
            end = start + len(piece)
            left, right = trimmed(document.text, start, end)
            if left < right:
                lines.append(Line(start=left, end=right, block=number, kind=block.kind, group=block.group))
            start = end + 1
    return lines


def trimmed(text: str, start: int, end: int) -> Span:
    """Take white space off both ends of a range."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def is_marked(document: Document, kinds: Sequence[str], start: int, end: int) -> bool:
    """Tell whether a range is wholly, but for punctuation, under one of the given marks."""
    covered = [False] * (end - start)
    # Marks are in order of their start; those that begin far before a line and reach into it are rare enough to be left out.
    first = bisect_left(document.marks, start - LONGEST_MARK, key=_mark_start)
    for mark in islice(document.marks, first, None):
        if mark.start >= end:
            break
        if mark.kind in kinds and mark.end > start:
            for at in range(max(mark.start, start), min(mark.end, end)):
                covered[at - start] = True
    return all(done or not char.isalnum() for done, char in zip(covered, document.text[start:end], strict=True)) and any(covered)


def bold_lead(document: Document, line: Line) -> int | None:
    """End of the bold words that begin a line and do not fill it."""
    for mark in islice(document.marks, bisect_left(document.marks, line.start, key=_mark_start), None):
        if mark.start > line.start + 2:
            break
        if mark.kind == "bold" and mark.end < line.end:
            return mark.end
    return None


def _mark_start(mark: Mark) -> int:
    return mark.start


def merge(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join ranges that only white space parts."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif not merged or start >= merged[-1][1]:
            merged.append((start, end))
    return tuple(merged)


def words_in(text: str, spans: Sequence[Span]) -> int:
    """Number of words of ranges."""
    return sum(len(text[start:end].split()) for start, end in spans)


def coverage(document: Document, claims: Sequence[Claim], kinds: Collection[str]) -> tuple[int, int]:
    """Number of words that claims take, and of all words in blocks of the given kinds."""
    blocks = [(block.start, block.end) for block in document.blocks if block.kind in kinds]
    return words_in(document.text, [span for claim in claims for span in claim.spans]), words_in(document.text, blocks)


def without_marks(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Take the quotation marks off the outside of a testimonial (the first and last range)."""
    result = list(spans)
    if not result:
        return ()
    start, end = result[0]
    if text[start] in OPENING:
        closing = PAIRS[text[start]]
        last_start, last_end = result[-1]
        tail = text[last_start:last_end].rstrip(" .\u00a0")
        if tail.endswith(tuple(closing)) or not any(mark in text[start + 1 : end] for mark in closing):
            result[0] = trimmed(text, start + 1, end)
            start, end = result[-1]
            stop = end
            while stop > start and text[stop - 1] in " .\u00a0":
                stop -= 1
            if stop > start and text[stop - 1] in closing:
                result[-1] = trimmed(text, start, stop - 1)
    elif text[result[-1][1] - 1] in CLOSING and not any(mark in text[result[0][0] : result[-1][1] - 1] for mark in OPENING):
        result[-1] = trimmed(text, result[-1][0], result[-1][1] - 1)
    return tuple(span for span in result if span[0] < span[1])


PAIRS = {"«": "»«", "“": '”“"', '"': '"”', "„": "“”", "‘": "’", "»": "«»", "”": '”"'}
OPENING = frozenset(PAIRS)
CLOSING = frozenset('»”"“’')


def title_of(document: Document) -> Field | None:
    """Give the first heading of a document."""
    for block in document.blocks:
        if block.kind == "heading":
            return Field(value=" ".join(document.text[block.start : block.end].split()), start=block.start, end=block.end)
    return None
