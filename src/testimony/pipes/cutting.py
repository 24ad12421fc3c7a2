"""The sentences of a document as texts with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from spacy.attrs import IDX, LENGTH, SENT_START

from ..tokenizer import text_of

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
    if not len(doc):
        return []
    begins, places, lengths = doc.to_array([SENT_START, IDX, LENGTH]).T
    firsts = np.flatnonzero(begins == 1)
    firsts = firsts if len(firsts) and not firsts[0] else np.insert(firsts, 0, 0)
    ends = [*firsts[1:].tolist(), len(doc)]
    lasts = [end - 1 for end in ends]
    columns = (firsts.tolist(), ends, places[firsts].tolist(), (places[lasts] + lengths[lasts]).tolist())
    text = text_of(doc)
    return [Cut(start, end, at, text[at:until]) for start, end, at, until in zip(*columns, strict=True)]


_CUT: WeakKeyDictionary[Doc, list[Cut]] = WeakKeyDictionary()


def cut_for_the_next(doc: Doc) -> list[Cut]:
    """Cut a document, and leave the sentences to the component that comes next: spaCy puts a text together anew whenever it is asked."""
    sentences = _CUT[doc] = cut(doc)
    return sentences


def cut_before(doc: Doc) -> list[Cut]:
    """Take over, once, the sentences that the component before has left; cut the document where there is none."""
    sentences = _CUT.pop(doc, None)
    return cut(doc) if sentences is None else sentences
