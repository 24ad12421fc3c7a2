"""The sentences of a document as texts with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.tokens import Doc


class Cut(NamedTuple):
    """A sentence: its tokens ``[start, end)``, the code point where it begins, its text without the space after it."""

    start: int
    end: int
    at: int
    text: str


def cut(doc: Doc) -> list[Cut]:
    """Cut a document where sentences begin; one whose sentences nobody has looked for is a single one."""
    text = doc.text
    sentences = doc.sents if doc.has_annotation("SENT_START") else [doc[:]]
    return [Cut(part.start, part.end, part.start_char, text[part.start_char : part.end_char]) for part in sentences]
