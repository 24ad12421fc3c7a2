"""Mends the sentence ends of the network where typography leaves no doubt: abbreviations, quotation marks, paragraphs, items of lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import IS_SPACE, ORTH, SENT_START
from spacy.strings import hash_string  # type: ignore[attr-defined]

from ..embedding import plain
from ..words import find_keys
from .batchwise import Batchwise
from .columns import columns, places

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_TITLES = frozenset("M MM Mr Mme Mmes Mlle Mlles Dr Drs Pr Prs Me Mgr St Ste Sts".split())
"""A name follows."""

_STREETS = frozenset("av bd bld blvd rte pl fg chem imp".split())
_NUMBERED = frozenset("p pp chap art vol fig no nos n num éd ch sect tél p.m janv févr fév avr juil juill sept oct nov déc".split())
"""A number follows; elsewhere they may be words («de l'art.»)."""

_GOING_ON = frozenset("etc env ex cf c.-à-d éd max min approx resp hab boul sté ste cie".split())
"""The sentence goes on unless a capital follows."""

_CLOSING = frozenset({"»", "”", '"', ")", "]"})
_MARKS = np.unique(np.array([hash_string(mark) for mark in _CLOSING], np.uint64))
_QUOTATION = frozenset({"»", "”", '"'})
_NO_START = _CLOSING | {"("}
_FINAL = frozenset({".", "!", "?", "…", "...", "?!", "!!", "!!!", "??", "???"})
_SUSPENDED = frozenset({"…", "...", ",", ";"})
_BULLETS = frozenset("-–—•*·▪►")
_CAPITALS = 0.75  # share of sentences that begin with a capital where the writer uses them; transcripts of speech do not


class SentenceMender(Batchwise):
    """spaCy component ``testimony_sentences``; what a parser has cut stays as it is."""

    def __init__(self, name: str = "testimony_sentences") -> None:
        self.name = name

    def predict(self, docs: Sequence[Doc]) -> list[dict[int, bool]]:
        """Tell of tokens, by their number, that a sentence begins there or that none does; the documents are not changed."""
        tokens = columns(docs, [SENT_START, ORTH, IS_SPACE])
        begin = tokens[:, 0] == 1
        looked = begin.copy()
        looked[1:] |= (find_keys(_MARKS, tokens[:, 1])[1] | (tokens[:, 2] != 0))[:-1]  # what stands right after a mark or a space
        begins = np.split(begin, np.cumsum([len(doc) for doc in docs])[:-1])
        rows = zip(docs, begins, places(docs, looked), strict=True)
        return [_mend(doc, own.tolist(), at) if _was_cut(doc) else {} for doc, own, at in rows]

    def set_annotations(self, docs: Sequence[Doc], mended: Sequence[dict[int, bool]]) -> None:
        """Write the sentence ends."""
        for doc, changes in zip(docs, mended, strict=True):
            for at, begins in changes.items():
                doc[at].is_sent_start = begins


def _was_cut(doc: Doc) -> bool:
    """Whether a network cut the sentences, and no parser."""
    return bool(doc.has_annotation("SENT_START") and not doc.has_annotation("DEP"))


def _mend(doc: Doc, begin: list[bool], looked: list[int]) -> dict[int, bool]:
    """Look at places of a document where a sentence begins or may begin."""
    starts = begin.copy()
    capitals: bool | None = None
    for number in looked if looked[:1] != [0] else looked[1:]:
        token, begins = doc[number], starts[number]
        if capitals is None and begins and _suspended(token):
            capitals = _writes_capitals(doc, begin)  # of the network's sentences; seldom asked
        if begins and _closes(token):
            # The mark ends the sentence that it closes: «"C'est parfait." Voilà.»
            starts[number] = False
            if number + 1 < len(doc) and not _small(doc[number + 1]) and doc[number + 1].text not in _NO_START:
                starts[number + 1] = True
        elif begins and (_abbreviated(token) or (capitals and _suspended(token)) or _inside(token)):
            starts[number] = False
        elif not begins and (_after_quotation(token) or _after_line(token)):
            starts[number] = True
    return {at: now for at, (was, now) in enumerate(zip(begin, starts, strict=True)) if was != now} if starts != begin else {}


def _small(token: Token) -> bool:
    return token.text[:1].islower()


def _closes(token: Token) -> bool:
    """A closing mark after the end of a sentence; a straight one closes where nothing parts it from the mark before."""
    before = token.nbor(-1)
    return token.text in _CLOSING and _ends(before) and (token.text != '"' or not before.whitespace_)


def _ends(token: Token) -> bool:
    return token.text in _FINAL or token.text[-1:] in ".!?…"


def _after_quotation(token: Token) -> bool:
    """A capital after a quotation that ends as a sentence does: «… sur les réseaux.” Est-il vraiment…»."""
    before = token.nbor(-1)
    if before.text not in _QUOTATION or not before.whitespace_ or not token.text[:1].isupper() or token.i < 2:
        return False
    return before.nbor(-1).text in _FINAL and (before.text != '"' or not before.nbor(-1).whitespace_)


def _after_line(token: Token) -> bool:
    """What follows a blank line, unless the sentence goes on there, or an item of a list on its own line."""
    before = token.nbor(-1)
    if not before.is_space or token.is_space:
        return False
    if "\n" in before.text and token.text in _BULLETS and token.whitespace_:
        return True
    return before.text.count("\n") > 1 and (not _small(token) or before.i == 0 or _ends(before.nbor(-1)))


def _inside(token: Token) -> bool:
    """No sentence begins in the middle of a word («Celui-ci») or with a line's end."""
    before = token.nbor(-1)
    return token.is_space or (before.is_alpha and not before.whitespace_)


def _writes_capitals(doc: Doc, starts: list[bool]) -> bool:
    begins = [doc[at] for at in range(len(doc)) if at == 0 or (starts[at] and doc[at - 1].text in (".", "!", "?"))]
    first = [token for token in begins if token.is_alpha]
    return sum(not _small(token) for token in first) >= _CAPITALS * len(first)


def _suspended(token: Token) -> bool:
    """A small letter after a word, or after a mark that may stand inside a sentence: «On hésite… mais on vient.»."""
    before = token.nbor(-1)
    return _small(token) and (before.is_alpha or before.text in _SUSPENDED)


def _abbreviated(token: Token) -> bool:
    """Tell whether the point before a token is that of an abbreviation, and the sentence goes on."""
    stem = _stem(token.nbor(-1))
    lower = stem.lower()
    return bool(stem) and (
        (stem in _TITLES and token.text[:1].isupper())
        or lower in _STREETS
        or (lower in _NUMBERED and token.text[:1].isdigit())
        or (lower in _GOING_ON and not token.text[:1].isupper())
    )


def _stem(token: Token) -> str:
    """Word that a point abbreviates: «chap» for «chap.», in one token or in two."""
    text = plain(token.text)
    if text == "." and token.i and not token.nbor(-1).whitespace_:
        return plain(token.nbor(-1).text)
    return text[:-1] if text.endswith(".") else ""
