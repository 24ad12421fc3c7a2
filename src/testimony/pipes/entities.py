"""Tidies the entities of the network: borders, plain mistakes, one name one thing; adds names that lists know and the network missed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ..gazetteer import FIRM, GIVEN, NAME, TOWN, WORD, classes

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

LABELS = frozenset({"PER", "LOC", "ORG", "SPACE", "MISC"})
Found = list[tuple[int, int, str]]
"""Entities as (first token, token after the last, label)."""

_ARTICLES = frozenset("l' d' qu' n' s' j' c' le la les un une des de du d au aux à a en et ou chez par pour sur avec the".split())
_TITLES = frozenset(
    "m. mr mr. mme mme. mlle dr dr. pr pr. me monsieur madame mademoiselle messieurs mesdames docteur professeur maître".split()
)
_PLACE_PREPOSITIONS = frozenset("à vers depuis sur près de d' en entre et jusqu'à".split())
_NEVER_LAST = frozenset({"VERB", "AUX", "ADP", "CCONJ", "SCONJ", "DET", "ADV", "PRON"})
_STATUSES = frozenset(
    "scop scic cae cpge sarl sas eurl sa asbl pme tpe esn bts dut iut cap bac cdi cdd rtt tva ess rse r&d dg pdg ceo cto cfo rh ux ui seo wifi "
    "wi-fi covid covid-19 internet web pc mac pdf faq tgv ter rer ok http https www".split()
)
_DEMONYM = re.compile(
    r"(?:français|belge|wallon|flamand|nantais|parisien|lyonnais|européen|breton|bruxellois|québécois|canadien|suisse)e?s?$"
)


def _plain(token: Token) -> str:
    return token.lower_.replace("’", "'")


def trim(span: Span) -> Span | None:
    """Drop leading articles, elisions and titles and trailing punctuation; None when nothing is left."""
    doc, start, end = span.doc, span.start, span.end
    while start < end and (
        doc[start].is_space
        or doc[start].is_punct
        or (_plain(doc[start]) in _ARTICLES and doc[start].text[:1].islower())
        or (span.label_ == "PER" and _plain(doc[start]) in _TITLES)
        or (_plain(doc[start]) in ("l'", "d'") and span.label_ in ("PER", "LOC") and end - start > 1 and doc[start].text[:1].islower())
    ):
        start += 1
    while end > start and (doc[end - 1].is_space or (doc[end - 1].is_punct and doc[end - 1].text not in (")", "!", "."))):
        end -= 1
    # A name never ends with a verb or a small word that the network swallowed («Atelier fonctionne», «lycée Rousseau à»).
    while end - start > 1 and doc[end - 1].text.islower() and doc[end - 1].pos_ in _NEVER_LAST:
        end -= 1
    while end > start and doc[end - 1].text in (")", "!", ".") and not _keeps_mark(doc[start:end]):
        end -= 1
    return doc[start:end] if start < end else None


def _keeps_mark(span: Span) -> bool:
    last = span[-1].text
    if last == ")":
        return "(" in span.text
    return last == "." and len(span) > 1 and len(span[-2].text) == 1


def is_noise(span: Span) -> bool:
    """Tell whether a span is no name: a status, a demonym, a number, an ordinary word capitalised by its place."""
    text = span.text
    if not any(char.isalpha() for char in text) or text.lower() in _STATUSES:
        return True
    if text.islower() and span.label_ in ("PER", "LOC"):
        return not classes(text) & (GIVEN | TOWN) or bool(classes(text) & WORD)
    if len(span) == 1 and _DEMONYM.search(text.lower()):
        return True
    token = span[0]
    starts = token.is_sent_start or token.i == 0 or (token.i > 0 and token.nbor(-1).is_punct)
    return len(span) == 1 and starts and text.istitle() and classes(text) == WORD and span.label_ in ("PER", "MISC", "LOC")


def relabel(span: Span) -> str:
    """Correct a label that lists of names contradict."""
    label = span.label_
    if len(span) != 1 or not span.text[:1].isupper():
        return label
    code = classes(span.text)
    if label == "PER" and code & TOWN and not code & (GIVEN | NAME | WORD):
        return "LOC"
    if label in ("PER", "LOC") and code & FIRM and not code & (GIVEN | NAME | TOWN | WORD):
        return "ORG"
    if label in ("LOC", "MISC") and code & GIVEN and not code & (TOWN | WORD):
        return "PER"
    return label


def names_missed(doc: Doc, taken: set[int]) -> Found:
    """Given names (with the capitalised names after them) and towns after a preposition that the network left out."""
    found: Found = []
    token_number = 0
    while token_number < len(doc):
        token = doc[token_number]
        token_number += 1
        if token.i in taken or not token.text.istitle() or len(token.text) < 3:
            continue
        code = classes(token.text)
        if code & GIVEN and not code & (WORD | TOWN):
            end = token.i + 1
            while (
                end < len(doc) and end not in taken and doc[end].text[:1].isupper() and doc[end].is_alpha and classes(doc[end].text) & NAME
            ):
                end += 1
            found.append((token.i, end, "PER"))
            token_number = end
        elif code & FIRM and not code & ~FIRM and token.i:
            found.append((token.i, token.i + 1, "ORG"))
        elif code & TOWN and not code & (WORD | GIVEN) and token.i and _plain(token.nbor(-1)) in _PLACE_PREPOSITIONS:
            found.append((token.i, token.i + 1, "LOC"))
    return found


def harmonize(doc: Doc, found: Found) -> Found:
    """Give every occurrence of a name the label it has most often in the document, and find the occurrences that were missed."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for start, end, label in found:
        votes[doc[start:end].text][label] += 1
    best = {text: max(sorted(counter), key=counter.__getitem__) for text, counter in votes.items()}
    result = [(start, end, best[doc[start:end].text]) for start, end, _ in found]
    taken = {number for start, end, _ in found for number in range(start, end)}
    singles = {
        text: label for text, label in best.items() if " " not in text and len(text) > 2 and not classes(text) & WORD and text[0].isupper()
    }
    result += [(token.i, token.i + 1, singles[token.text]) for token in doc if token.i not in taken and token.text in singles]
    return sorted(result)


class EntityTidier:
    """spaCy component ``testimony_entities``."""

    def __init__(self, name: str = "testimony_entities") -> None:
        self.name = name

    def predict(self, doc: Doc) -> Found:
        """Give the tidied entities as token ranges; the `Doc` is not changed."""
        found: Found = []
        for ent in doc.ents:
            span = trim(ent)
            if span is None or ent.label_ not in LABELS:
                continue
            span = doc[span.start : span.end]
            labelled = type(span)(doc, span.start, span.end, label=ent.label)
            if not is_noise(labelled):
                found.append((span.start, span.end, relabel(labelled)))
        taken = {number for start, end, _ in found for number in range(start, end)}
        return harmonize(doc, sorted(found + names_missed(doc, taken)))

    def set_annotations(self, doc: Doc, found: Found) -> None:
        """Write the entities."""
        from spacy.tokens import Span
        from spacy.util import filter_spans

        doc.ents = filter_spans([Span(doc, start, end, label=label) for start, end, label in found])

    def __call__(self, doc: Doc) -> Doc:
        """Tidy the entities of one document."""
        self.set_annotations(doc, self.predict(doc))
        return doc
