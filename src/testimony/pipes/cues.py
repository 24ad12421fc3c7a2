"""Words beside a name that say what it names: «l'entreprise X», «le tiers-lieu X», «la rue X», «la méthode « X »»."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..embedding import plain
from ..gazetteer import GIVEN, NAME, TOWN, classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

_WORDS = {
    "ORG": "réseau association entreprise société cabinet agence collectif coopérative start-up startup groupe fondation syndicat fédération "
    "boîte banque magazine journal université lycée collège école ong asbl mutuelle éditeur marque",
    "SPACE": "coworking tiers-lieu fablab incubateur pépinière makerspace hackerspace medialab",
    "LOC": "ville commune village région rue avenue boulevard quartier département province vallée lac rivière fleuve canton hameau bourg",
    "MISC": "concours logiciel programme projet appli application plateforme méthode festival événement évènement formation livre film label outil "
    "salon hackathon concept spectacle émission podcast jeu diplôme",
}
CUES = {word: label for label, words in _WORDS.items() for word in words.split()}
"""Label of a name that stands right after the word."""

# Heads that a name does not need: «la région Bretagne» names «Bretagne»; «lycée Condorcet» would not stand without its head.
DROPPED_HEADS = frozenset(
    "région ville commune village département province pays concours logiciel programme projet appli application plateforme outil label "
    "association entreprise société agence collectif cabinet start-up startup coworking tiers-lieu réseau groupe boîte".split()
)
_NAMING = frozenset("appeler intituler nommer baptiser dénommer surnommer titrer".split())
OPENING, _CLOSING = frozenset('«“"'), frozenset('»”"')
_MAX_QUOTED = 6
_BEFORE = frozenset("le la les l' un une du de des d' notre mon ma ce cette son sa".split())


class Name(NamedTuple):
    """Words of a document that may be a name, and what they are taken for; `words` are those of the whole document, typed plainly."""

    doc: Doc
    words: Sequence[str]
    start: int
    end: int
    label: str

    @property
    def text(self) -> str:
        """The name, typed plainly."""
        return self.words[self.start] if self.start + 1 == self.end else plain(self.doc[self.start : self.end].text)


def cue_before(words: Sequence[str], start: int) -> str | None:
    """Label that the noun right before a name gives it; quotation marks between them do not count."""
    at = start - 1
    while at >= 0 and words[at] in OPENING:
        at -= 1
    return CUES.get(words[at]) if at >= 0 else None


def may_take(name: Name, cue: str) -> bool:
    """Tell whether a cue may overrule a label: lists of names stand against it where they know the whole name."""
    code = classes(name.text)
    if cue == "SPACE" and name.label == "LOC" and code & TOWN:
        return False  # «le coworking Nantes» is short for «de Nantes»
    if name.label == "PER" and code & (GIVEN | NAME):
        return cue == "ORG" and name.end - name.start > 1  # «lycée Jean Moulin», but «le projet de Paul», «mon projet Paul»
    return not (name.label == "LOC" and code & TOWN and cue == "MISC")


def named_after(doc: Doc, words: Sequence[str], taken: set[int]) -> list[tuple[int, int, str]]:
    """Capitalised words right after a cue, which the network left out: «l'entreprise Verdier»."""
    found = []
    for at in [at for at, word in enumerate(words[:-1], 1) if word in CUES]:
        label = CUES[words[at - 1]]
        if label == "LOC" or at in taken:
            continue
        following = doc[at]
        if following.is_alpha and following.text[0].isupper() and not following.is_sent_start:
            end = following.i + 1
            while end < len(doc) and end not in taken and doc[end].is_alpha and doc[end].text[0].isupper() and not doc[end].is_sent_start:
                end += 1
            found.append((following.i, end, label))
    return found


def quoted(doc: Doc, words: Sequence[str]) -> list[tuple[int, int, str | None]]:
    """Short stretches between quotation marks that begin with a capital, with the label that the word before them gives, if it gives one.

    A stretch that no word introduces counts too, with ``""``: it is a name only where the network found one in it.
    """
    found: list[tuple[int, int, str | None]] = []
    opened = -1
    if OPENING.isdisjoint(words):
        return found
    for token in doc:
        if token.text in _CLOSING and 0 <= opened < token.i - 1 <= opened + _MAX_QUOTED:
            first, inside = opened + 1, doc[opened + 1 : token.i]
            if doc[first].text[:1].isupper() and not any(part.text in ".!?…;:," for part in inside):
                found.append((first, token.i, _introduction(doc, opened)))
            opened = -1
        elif token.text in OPENING:
            opened = token.i
    return found


def _introduction(doc: Doc, opening: int) -> str | None:
    before = [token for token in doc[max(0, opening - 3) : opening] if plain(token.lower_) not in _BEFORE and not token.is_punct]
    label = _introduced(before[-1]) if before else None
    return None if label == "?" else label or ""


def _introduced(token: Token) -> str | None:
    """Label given by the last word before a quotation; ``?`` when it names without saying what."""
    if token.lemma_ in _NAMING:
        return "?"
    return CUES.get(plain(token.text)) or CUES.get(plain(token.lemma_))
