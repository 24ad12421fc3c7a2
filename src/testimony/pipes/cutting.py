"""The sentences of a document as texts with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from spacy.attrs import IDX, LENGTH, SENT_START

if TYPE_CHECKING:
    from spacy.tokens import Doc


_TEXTS: WeakKeyDictionary[Doc, str] = WeakKeyDictionary()
"""Texts of documents in work: spaCy puts a text together anew, word by word, whenever it is asked for it."""


class Cut(NamedTuple):
    """A sentence: its tokens ``[start, end)``, the code point where it begins, its text without the space after it."""

    start: int
    end: int
    at: int
    text: str


def cut(doc: Doc) -> list[Cut]:
    """Cut a document where sentences begin; one whose sentences nobody has looked for is a single one."""
    if not len(doc):
        return []
    begins, places, lengths = doc.to_array([SENT_START, IDX, LENGTH]).T
    firsts = np.flatnonzero(begins == 1)
    firsts = firsts if len(firsts) and not firsts[0] else np.insert(firsts, 0, 0)
    ends = [*firsts[1:].tolist(), len(doc)]
    lasts = [end - 1 for end in ends]
    columns = (firsts.tolist(), ends, places[firsts].tolist(), (places[lasts] + lengths[lasts]).tolist())
    text = _TEXTS.get(doc)
    if text is None:
        text = _TEXTS[doc] = doc.text
    return [Cut(start, end, at, text[at:until]) for start, end, at, until in zip(*columns, strict=True)]
