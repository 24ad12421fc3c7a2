"""The layout of a visitors' book kept line by line: the date, the words, and who leaves them at the end of the line."""

from __future__ import annotations

import re

from ..types import Document, Span
from .claims import NO_ONE, Claim, Explanation, Line, lines_of, words_in
from .edges import undated
from .names import Attribution, Field
from .signed import signatory

LEAST = 3
"""Dated lines that make a book."""

_BOOK = re.compile(
    r"livre (?:d['’]or|de bord|des visiteurs)|cahier (?:des|de) (?:visiteurs|passage)|registre des visiteurs|mur de mots", re.IGNORECASE
)
_ENDED = re.compile(r"[.!?…»][ \u00a0]+(?:[—–-][ \u00a0]*)?(?=[A-ZÀ-Ö])")
LONGEST_NAME = 60


def entries(document: Document) -> Explanation | None:
    """At least three lines that begin with a date, in a document that says that it is a visitors' book."""
    text = document.text
    if not _BOOK.search(text[:300]):
        return None
    dated = [(line, span[0]) for line in lines_of(document) if (span := undated(text, [(line.start, line.end)]))[0][0] > line.start]
    lines = [line for line in lines_of(document) if dated and line.start >= dated[0][0].start and line.kind != "heading"]
    if len(dated) < max(LEAST, 0.8 * len(lines)):
        return None
    claims = tuple(_claim(text, line, words) for line, words in dated)
    claims = tuple(claim for claim in claims if words_in(text, claim.spans) > 2)
    return Explanation(rule="entries", claims=claims, score=0.9, reason=f"{len(dated)} dated lines of a visitors' book") if claims else None


def _claim(text: str, line: Line, words: Span) -> Claim:
    ends = list(_ENDED.finditer(text, *words))
    start = ends[-1].end() if ends else line.end
    signed = line.end - start <= LONGEST_NAME and (
        text[line.end - 1] not in ".!?…»" or re.search(r"(?<!\w)[A-ZÀ-Ö]\.$", text[start : line.end])
    )
    if not ends or not signed:
        return Claim(rule="dated entry", spans=(words,), who=NO_ONE, confidence=0.7)
    who = signatory(text, start, line.end, dash=True)
    if who.speaker is None and who.role is None:
        who = Attribution(speaker=Field(value=" ".join(text[start : line.end].split()), start=start, end=line.end), strength=0.5)
    return Claim(rule="dated entry", spans=((words[0], ends[-1].start() + 1),), who=who, confidence=0.8)
