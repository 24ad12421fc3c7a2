"""Tidies the entities of the network: borders, plain mistakes, one name one thing; adds names that lists know and the network missed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING

from spacy.attrs import IS_TITLE, ORTH

from ..embedding import plain, typed_words
from ..gazetteer import FIRM, GIVEN, NAME, TOWN, WORD, classes
from .cues import DROPPED_HEADS, cue_before, may_take, named_after, quoted
from .heads import apart, at_home, at_work, own_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span

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
    "wi-fi covid covid-19 internet web pc mac pdf faq tgv ter rer ok http https www licence master bachelor doctorat baccalauréat nwow".split()
)
_DEMONYM = re.compile(
    r"(?:français|belge|wallon|flamand|nantais|parisien|lyonnais|européen|breton|bruxellois|québécois|canadien|suisse)e?s?$"
)
_SAINTS = frozenset({"Saint", "Sainte", "St", "Ste", "St."})
_COUNCILS = frozenset({"Métropole", "Agglomération", "Agglo", "Communauté"})
_EVENT = re.compile(r"\b(?:week|week-?end|days?|tour|festival|forum|camp|summit|awards?|hackathon|cup|trophées?|prix)$")
_POINTS = frozenset({"Sud", "Nord", "Est", "Ouest"})
_LAB = re.compile(r"\w(?:lab|hub)$|cowork|fab ?lab|tiers[- ]lieu", re.IGNORECASE)


def trim(span: Span) -> Span | None:
    """Drop leading articles, elisions, titles and needless heads, and trailing punctuation; None when nothing is left."""
    doc, start, end = span.doc, span.start, span.end
    while start < end and _no_part(span, start, end):
        start += 1
    end = next((at for at in range(start + 1, end) if _is_verb_of_sentence(span, at)), end)
    while end > start and (doc[end - 1].is_space or (doc[end - 1].is_punct and doc[end - 1].text not in (")", "!", ".", '"', "»"))):
        end -= 1
    # A name never ends with a verb or a small word that the network swallowed («Atelier fonctionne», «lycée Rousseau à»).
    while end - start > 1 and doc[end - 1].text.islower() and doc[end - 1].pos_ in _NEVER_LAST:
        end -= 1
    while end > start and doc[end - 1].text in (")", "!", ".", '"', "»") and not _keeps_mark(doc[start:end]):
        end -= 1
    return doc[start:end] if start < end else None


def _no_part(span: Span, at: int, end: int) -> bool:
    token = span.doc[at]
    word = plain(token.lower_)
    if token.is_space or token.is_punct:
        return True
    if word == "l'" and at + 1 < end and (token.is_sent_start or (at and token.nbor(-1).is_punct)):
        return True  # a capital by its place: «L'Atelier ouvre à neuf heures»
    if word in DROPPED_HEADS and token.text.islower() and at + 1 < end:
        return True
    return (word in _ARTICLES and token.text[:1].islower()) or (span.label_ == "PER" and word in _TITLES)


def _is_verb_of_sentence(span: Span, at: int) -> bool:
    """A finite verb inside a name is the sentence's own, but for titles («Imagine ton territoire»)."""
    token = span.doc[at]
    return span.label_ != "MISC" and token.text.islower() and token.pos_ in ("AUX", "VERB") and "Fin" in token.morph.get("VerbForm")


def _keeps_mark(span: Span) -> bool:
    last = span[-1].text
    if last in (")", '"', "»"):
        return {")": "(", '"': '"', "»": "«"}[last] in span.text[:-1]
    return last == "." and len(span) > 1 and len(plain(span[-2].text)) == 1


def is_noise(span: Span) -> bool:
    """Tell whether a span is no name: a status, a demonym, a number, an ordinary word capitalised by its place."""
    text = plain(span.text)
    if not any(char.isalpha() for char in text) or text.lower() in _STATUSES:
        return True
    if text.islower() and (span.label_ in ("PER", "LOC") or len(span) == 1):
        return not classes(text) & (GIVEN | TOWN) or bool(classes(text) & WORD)
    if len(span) == 1 and _DEMONYM.search(text.lower()):
        return True
    token = span[0]
    starts = token.is_sent_start or token.i == 0 or token.nbor(-1).is_punct
    return len(span) == 1 and starts and text.istitle() and classes(text) == WORD and span.label_ in ("PER", "MISC", "LOC")


# A capital inside a word: firms and tools are named so («OpenDesk»), people only after a particle («MacLeod», «LeBlanc»).
_COINED = re.compile(r"(?!Mac|Mc|De|Di|Du|La|Le|Van|Saint)[A-Z][a-zà-ÿ]+[A-Z]\w*")


def relabel(span: Span) -> str:
    """Correct a label that the name itself, the noun before it, or lists of names contradict."""
    label = span.label_
    said = own_label(span) or at_work(span)
    if said:
        return said
    cue = cue_before(span.doc, span.start)
    if cue and cue != label and may_take(span, label, cue):
        return cue
    if len(span) != 1 or not span.text[:1].isupper():
        return label
    code = classes(span.text)
    if label in ("PER", "LOC") and _COINED.fullmatch(span.text):
        return "ORG"
    if label == "PER" and code & TOWN and not code & (GIVEN | NAME | WORD):
        return "LOC"
    if label in ("PER", "LOC") and code & FIRM and not code & (GIVEN | NAME | TOWN | WORD):
        return "ORG"
    if label in ("LOC", "MISC") and code & GIVEN and not code & (TOWN | WORD):
        return "PER"
    return label


def grow(doc: Doc, start: int, end: int, label: str) -> tuple[int, int, str]:
    """Take in what belongs to a name: «Saint» before it, the rest of a hyphenated word, the council of a town."""
    if start and doc[start - 1].text in _SAINTS and label in ("PER", "LOC"):
        start, label = start - 1, "LOC"
    while (
        end < len(doc) and not doc[end - 1].whitespace_ and (doc[end].text.startswith("-") or doc[end - 1].text == "-") and end - start < 12
    ):
        end += 1
    if label in ("LOC", "ORG") and end < len(doc) and plain(doc[end].text) in _COUNCILS:
        end, label = end + 1, "ORG"
    if end + 1 < len(doc) and doc[end].text == "du" and doc[end + 1].text in _POINTS and label in ("PER", "LOC"):
        end, label = end + 2, "LOC"
    if label == "PER" and end < len(doc) and _goes_on(doc, end):
        end += 1
    elif label == "PER" and end + 1 < len(doc) and plain(doc[end].text) in ("la", "le", "l'") and _is_capital(doc, end + 1):
        end += 2
    return start, end, label


def _is_capital(doc: Doc, at: int) -> bool:
    token = doc[at]
    return token.text[:1].isupper() and token.is_alpha and not token.is_sent_start


def _goes_on(doc: Doc, at: int) -> bool:
    """A capitalised word right after a person's name is the rest of it, unless it is an ordinary word and no name."""
    code = classes(doc[at].text)
    return _is_capital(doc, at) and (bool(code & NAME) or not code & WORD)


def names_missed(doc: Doc, words: Sequence[str], titles: Sequence[int], taken: set[int]) -> Found:
    """Given names (with the capitalised names after them) and towns after a preposition that the network left out."""
    found: Found = []
    free = 0
    for at in titles:
        code = classes(words[at]) if at >= free and at not in taken and len(words[at]) > 2 else 0
        if not code & (GIVEN | FIRM | TOWN):
            continue
        token = doc[at]
        if code & GIVEN and not code & (WORD | TOWN):
            end = token.i + 1
            while end < len(doc) and end not in taken and _is_capital(doc, end):
                end += 1
            found.append((token.i, end, "PER"))
            free = end
        elif code & FIRM and not code & ~FIRM and token.i:
            found.append((token.i, token.i + 1, "ORG"))
        elif code & TOWN and not code & (WORD | GIVEN) and token.i and plain(token.nbor(-1).lower_) in _PLACE_PREPOSITIONS:
            found.append((token.i, token.i + 1, "LOC"))
    return found


def quoted_names(doc: Doc, words: Sequence[str], found: Found) -> Found:
    """Names between quotation marks, whole; what the network found inside them gives way.

    A quotation that nothing introduces is the title of something when a name begins it and lists do not know it as a person's or a town's.
    """
    result = list(found)
    for start, end, label in quoted(doc, words):
        inside = [item for item in result if item[0] < end and start < item[1]]
        if any(item[0] < start or item[1] > end for item in inside):
            continue
        if label == "" and (not any(item[0] == start for item in inside) or classes(doc[start].text) & (GIVEN | TOWN)):
            continue
        kept = max(inside, key=lambda item: item[1] - item[0])[2] if inside and label is None else None
        own = label or (kept if kept in ("SPACE", "ORG") else "MISC")
        result = [item for item in result if item not in inside] + [(start, end, own)]
    return sorted(result)


def harmonize(doc: Doc, words: Sequence[str], found: Found) -> Found:
    """Give every occurrence of a name the label it has most often in the document, and find the occurrences that were missed.

    A name that is once shown to be a space (its own form, «les locaux de X») is one everywhere, and so is the short form of a longer name.
    """
    written = [words[start] if start + 1 == end else plain(doc[start:end].text) for start, end, _ in found]
    names = [text.lower() for text in written]
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name, (start, _, label) in zip(names, found, strict=True):
        cue = cue_before(doc, start)
        votes[name][label] += 3 if label == cue else 1
        if label not in ("PER", "LOC", cue):
            votes[name]["MISC" if _EVENT.search(name) else "SPACE"] += 2 * bool(_EVENT.search(name) or _LAB.search(name))
    best = {name: max(sorted(counter), key=counter.__getitem__) for name, counter in votes.items()}
    for name in sorted(best):
        longer = sorted(other for other in best if other.startswith(name + " ") and best[other] in ("SPACE", "ORG"))
        if longer and best[name] != "LOC":
            best[name] = best[longer[0]]
    result = [(start, end, best[name]) for name, (start, end, _) in zip(names, found, strict=True)]
    singles = {text for text in written if " " not in text and len(text) > 2 and not classes(text) & WORD and text[0].isupper()}
    if singles:
        taken = _covered(found)
        result += [(at, at + 1, best[word.lower()]) for at, word in enumerate(words) if word in singles and at not in taken]
    return sorted(result)


def _covered(found: Found) -> set[int]:
    return {number for start, end, _ in found for number in range(start, end)}


class EntityTidier:
    """spaCy component ``testimony_entities``."""

    def __init__(self, name: str = "testimony_entities") -> None:
        self.name = name

    def predict(self, doc: Doc) -> Found:
        """Give the tidied entities as token ranges; the `Doc` is not changed."""
        from spacy.tokens import Span

        found: Found = []
        for ent in doc.ents:
            span = trim(ent) if ent.label_ in LABELS else None
            if span is None:
                continue
            start, end, label = grow(doc, span.start, span.end, ent.label_)
            labelled = Span(doc, start, end, label=label)
            if not is_noise(labelled):
                found.append((start, end, relabel(labelled)))
        orths, titles = doc.to_array([ORTH, IS_TITLE]).T
        words = typed_words(orths.tolist(), doc.vocab.strings)
        found = quoted_names(doc, words, _apart(found))
        for more in (named_after, at_home, partial(names_missed, titles=titles.nonzero()[0].tolist())):
            taken = _covered(found)
            new = [item for item in more(doc, words, taken=taken) if taken.isdisjoint(range(item[0], item[1]))]
            found = sorted(found + [item for item in new if not is_noise(Span(doc, item[0], item[1], label=item[2]))]) if new else found
        return harmonize(doc, words, [(*part, label) for start, end, label in found for part in apart(doc, start, end)])

    def set_annotations(self, doc: Doc, found: Found) -> None:
        """Write the entities."""
        from spacy.tokens import Span
        from spacy.util import filter_spans

        doc.set_ents(filter_spans([Span(doc, start, end, label=label) for start, end, label in found]), default="outside")

    def __call__(self, doc: Doc) -> Doc:
        """Tidy the entities of one document."""
        self.set_annotations(doc, self.predict(doc))
        return doc


def _apart(found: Found) -> Found:
    """Entities in order, none over another: one that grew over the next takes it in."""
    kept: Found = []
    for start, end, label in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, label))
    return kept
