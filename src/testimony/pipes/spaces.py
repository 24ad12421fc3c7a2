"""Finds named spaces, by the registry and by the way spaces are named, and gives every entity its canonical name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np
from spacy.attrs import LOWER
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Span
from spacy.util import filter_spans

from ..embedding import plain
from ..memo import Memo
from ..spaces import Registry, signature
from ..words import find_keys
from .batchwise import Batchwise
from .columns import columns, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

Named = tuple[int, int, str, str]
"""An entity: first token, token after the last, label, canonical name."""

_HEADS = frozenset({"coworking", "cowork", "co-working", "fablab", "hackerspace", "makerspace", "tiers-lieu", "cantine", "hub", "living"})
_KINDS = frozenset("tiers-lieu tiers-lieux fablab hackerspace makerspace coworking incubateur pépinière accélérateur espace".split())
# Their hashes as spaCy has them, in order, with composed and with decomposed accents.
_SIGNS = np.unique(np.array([hash_string(normalize(form, word)) for word in _HEADS | _KINDS for form in ("NFC", "NFD")], np.uint64))
_LINKS = frozenset("de du des d' la le les l' en sur".split())
_OPENERS = frozenset("au le la les du un une ce notre chez l' mon son".split())
_MAX_WORDS = 6


def _capital(text: str) -> bool:
    return text[:1].isupper()


class SpaceLinker(Batchwise):
    """spaCy component ``testimony_spaces``."""

    def __init__(
        self, name: str = "testimony_spaces", *, registry: str | None = None, known: Registry | None = None, tokenizer: Any = None
    ) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self.registry = known or (Registry.load(registry) if registry else Registry())
        self._matcher: Any = None
        self._known_name = Memo(self.registry.resolve)

    def _known(self, doc: Doc) -> list[tuple[int, int]]:
        if not self.registry.spaces:
            return []
        if self._matcher is None:
            from spacy.lang.fr import French
            from spacy.matcher import PhraseMatcher

            tokenizer = self._tokenizer or French(vocab=doc.vocab).tokenizer
            self._matcher = PhraseMatcher(doc.vocab, attr="LOWER")
            names = {variant for name, _ in self.registry.names() for variant in (name, name.replace("'", "’"), name.replace("’", "'"))}
            self._matcher.add("SPACE", [tokenizer(name) for name in sorted(names)])
        return [(start, end) for _, start, end in self._matcher(doc) if any(_capital(token.text) for token in doc[start:end])]

    @staticmethod
    def _named(doc: Doc, signs: Sequence[int]) -> list[tuple[int, int]]:
        """Names built as spaces are: «Coworking X», «X Coworking», «tiers-lieu X», «La Cantine»."""
        found = []
        for at in signs:
            token = doc[at]
            lower = plain(token.lower_)
            if lower in _HEADS and _capital(token.text):
                start, end = _grow_left(doc, token.i), _grow_right(doc, token.i + 1)
                article = start and plain(doc[start - 1].text) in ("La", "Le", "L'")
                if article:
                    start -= 1
                if end - start > 1:
                    found.append((start, end))
            elif lower in _KINDS and lower != "espace" and token.i + 1 < len(doc) and _capital(doc[token.i + 1].text):
                end = _grow_right(doc, token.i + 1)
                if end > token.i + 1:
                    found.append((token.i + 1, end))
        return found

    def predict(self, docs: Sequence[Doc]) -> list[list[Named]]:
        """Give all entities of each document as (first token, token after the last, label, canonical name)."""
        signs = places(docs, find_keys(_SIGNS, columns(docs, [LOWER]).ravel())[1])
        return [self._name(doc, own) for doc, own in zip(docs, signs, strict=True)]

    def _name(self, doc: Doc, signs: Sequence[int]) -> list[Named]:
        known = filter_spans([doc[start:end] for start, end in self._known(doc)])
        sure = {token.i for span in known for token in span}
        named = [doc[start:end] for start, end in self._named(doc, signs) if not sure & set(range(start, end))]
        named = filter_spans([span for span in named if not self._is_other(span)])
        sure |= {token.i for span in named for token in span}
        rest = [(ent, ent.label_, ent.text) for ent in doc.ents if sure.isdisjoint(range(ent.start, ent.end))]
        people = [plain(text) for _, label, text in rest if label == "PER"]
        result = [(span.start, span.end, "SPACE", self._canonical(span.text)) for span in (*known, *named)]
        spaces = {signature(target): target for *_, target in result}
        for ent, label, text in rest:
            space = self._known_name[text] if label in ("SPACE", "ORG") else None
            # The short form of a space that the document names in full («Greenlab Coworking … Greenlab»).
            # A town is not one: «le coworking de Tournai» names the town.
            space = space or (spaces.get(signature(text)) if spaces and text[:1].isupper() and label != "LOC" else None)
            target = space or (_full_name(plain(text), people) if label == "PER" else self._canonical(text))
            result.append((ent.start, ent.end, "SPACE" if space else label, target))
        return sorted(result)

    @staticmethod
    def _is_other(span: Span) -> bool:
        """A longer organisation of which the space's name is a part («réseau Coworking Digital») keeps its own label."""
        return any(
            ent.start <= span.start and ent.end >= span.end and len(ent) > len(span) and ent.label_ in ("ORG", "MISC")
            for ent in span.doc.ents
        )

    def _canonical(self, name: str) -> str:
        return self._known_name[name] or " ".join(plain(name).split())

    def set_annotations(self, docs: Sequence[Doc], found: Sequence[Sequence[Named]]) -> None:
        """Write the entities with their canonical names."""
        for doc, own in zip(docs, found, strict=True):
            doc.set_ents([Span(doc, start, end, label=label, kb_id=target) for start, end, label, target in own], default="outside")


def _grow_right(doc: Doc, at: int) -> int:
    """End of a run of capitalised words, small words allowed between two of them."""
    end, number = at, at
    while number < len(doc) and number - at < _MAX_WORDS:
        token = doc[number]
        if token.is_sent_start and number > at:
            break
        if _capital(token.text) and (token.is_alpha or "-" in token.text or "'" in plain(token.text)):
            end = number + 1
        elif plain(token.lower_) not in _LINKS or not _capital(doc[min(number + 1, len(doc) - 1)].text) or end == at:
            break
        number += 1
    return end


def _grow_left(doc: Doc, at: int) -> int:
    start = at
    while start and at - start < 3 and _capital(doc[start - 1].text) and doc[start - 1].is_alpha and not doc[start].is_sent_start:
        start -= 1
    # A capital that only opens the sentence is no part of the name («Au Coworking X»).
    while start < at and plain(doc[start].lower_) in _OPENERS:
        start += 1
    return start


def _full_name(name: str, people: list[str]) -> str:
    """Longest name of the same document that contains a first or last name alone; the name itself when two people could be meant."""
    longer = sorted({person for person in people if person != name and name in person.split()})
    return longer[0] if len(longer) == 1 else name
