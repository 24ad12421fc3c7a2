"""Finds named spaces, by the registry and by the way spaces are named, and gives every entity its canonical name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np
from spacy.attrs import LOWER
from spacy.strings import hash_string  # type: ignore[attr-defined]

from ..embedding import find_keys, plain
from ..spaces import Registry, signature

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_HEADS = frozenset({"coworking", "cowork", "co-working", "fablab", "hackerspace", "makerspace", "tiers-lieu", "cantine", "hub", "living"})
_KINDS = frozenset("tiers-lieu tiers-lieux fablab hackerspace makerspace coworking incubateur pépinière accélérateur espace".split())
# Their hashes as spaCy has them, in order, with composed and with decomposed accents.
_SIGNS = np.unique(np.array([hash_string(normalize(form, word)) for word in _HEADS | _KINDS for form in ("NFC", "NFD")], np.uint64))
_LINKS = frozenset("de du des d' la le les l' en sur".split())
_OPENERS = frozenset("au le la les du un une ce notre chez l' mon son".split())
_MAX_WORDS = 6


def _capital(text: str) -> bool:
    return text[:1].isupper()


class SpaceLinker:
    """spaCy component ``testimony_spaces``."""

    def __init__(
        self, name: str = "testimony_spaces", *, registry: str | None = None, known: Registry | None = None, tokenizer: Any = None
    ) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self.registry = known or (Registry.load(registry) if registry else Registry())
        self._matcher: Any = None

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
    def _named(doc: Doc) -> list[tuple[int, int]]:
        """Names built as spaces are: «Coworking X», «X Coworking», «tiers-lieu X», «La Cantine»."""
        found = []
        _, signs = find_keys(_SIGNS, doc.to_array([LOWER]).ravel())
        for at in np.flatnonzero(signs).tolist():
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

    def predict(self, doc: Doc) -> list[tuple[int, int, str, str]]:
        """Give all entities as (first token, token after the last, label, canonical name)."""
        from spacy.util import filter_spans

        known = filter_spans([doc[start:end] for start, end in self._known(doc)])
        sure = {token.i for span in known for token in span}
        named = [doc[start:end] for start, end in self._named(doc) if not sure & set(range(start, end))]
        named = filter_spans([span for span in named if not self._is_other(span)])
        sure |= {token.i for span in named for token in span}
        rest = [ent for ent in doc.ents if not sure & set(range(ent.start, ent.end))]
        people = [plain(ent.text) for ent in rest if ent.label_ == "PER"]
        result = [(span.start, span.end, "SPACE", self._canonical(span)) for span in (*known, *named)]
        spaces = {signature(target): target for *_, target in result}
        for ent in rest:
            space = self.registry.resolve(ent.text) if ent.label_ in ("SPACE", "ORG") else None
            # The short form of a space that the document names in full («Greenlab Coworking … Greenlab»).
            # A town is not one: «le coworking de Tournai» names the town.
            space = space or (spaces.get(signature(ent.text)) if ent.text[:1].isupper() and ent.label_ != "LOC" else None)
            label = "SPACE" if space else ent.label_
            target = space or (_full_name(plain(ent.text), people) if ent.label_ == "PER" else self._canonical(ent))
            result.append((ent.start, ent.end, label, target))
        return sorted(result)

    @staticmethod
    def _is_other(span: Span) -> bool:
        """A longer organisation of which the space's name is a part («réseau Coworking Digital») keeps its own label."""
        return any(
            ent.start <= span.start and ent.end >= span.end and len(ent) > len(span) and ent.label_ in ("ORG", "MISC")
            for ent in span.doc.ents
        )

    def _canonical(self, span: Span) -> str:
        return self.registry.resolve(span.text) or " ".join(plain(span.text).split())

    def set_annotations(self, doc: Doc, found: list[tuple[int, int, str, str]]) -> None:
        """Write the entities with their canonical names."""
        from spacy.tokens import Span

        doc.ents = [Span(doc, start, end, label=label, kb_id=target) for start, end, label, target in found]

    def __call__(self, doc: Doc) -> Doc:
        """Find and name the spaces of one document."""
        self.set_annotations(doc, self.predict(doc))
        return doc


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
