"""Tidies the entities of the network: borders, plain mistakes, one name one thing; adds names that lists know and the network missed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from spacy.attrs import IS_TITLE, ORTH
from spacy.tokens import Span
from spacy.util import filter_spans

from ..embedding import plain, typed_words
from ..gazetteer import FIRM, GIVEN, NAME, TOWN, WORD, classes
from .batchwise import Batchwise
from .columns import columns, places
from .cues import DROPPED_HEADS, Name, cue_before, may_take, named_after, quoted
from .heads import apart, at_home, at_work, own_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

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
_ENDS = (")", "!", ".", '"', "»")
_DEMONYM = re.compile(
    r"(?:français|belge|wallon|flamand|nantais|parisien|lyonnais|européen|breton|bruxellois|québécois|canadien|suisse)e?s?$"
)
_SAINTS = frozenset({"Saint", "Sainte", "St", "Ste", "St."})
_COUNCILS = frozenset({"Métropole", "Agglomération", "Agglo", "Communauté"})
_EVENT = re.compile(r"\b(?:week|week-?end|days?|tour|festival|forum|camp|summit|awards?|hackathon|cup|trophées?|prix)$")
_POINTS = frozenset({"Sud", "Nord", "Est", "Ouest"})
_LAB = re.compile(r"\w(?:lab|hub)$|cowork|fab ?lab|tiers[- ]lieu", re.IGNORECASE)


def trim(name: Name) -> Name | None:
    """Drop leading articles, elisions, titles and needless heads, and trailing punctuation; None when nothing is left."""
    doc, words, start, end, label = name
    while start < end and _no_part(name, start):
        start += 1
    end = next((at for at in range(start + 1, end) if label != "MISC" and _is_verb_of_sentence(doc[at])), end)
    while end > start and _is_mark(doc, words, end - 1) and words[end - 1] not in _ENDS:
        end -= 1
    # A name never ends with a verb or a small word that the network swallowed («Atelier fonctionne», «lycée Rousseau à»).
    while end - start > 1 and words[end - 1].islower() and doc[end - 1].pos_ in _NEVER_LAST:
        end -= 1
    while end > start and words[end - 1] in _ENDS and not _keeps_mark(doc[start:end]):
        end -= 1
    return Name(doc, words, start, end, label) if start < end else None


def _is_mark(doc: Doc, words: Sequence[str], at: int) -> bool:
    return not words[at][:1].isalnum() and (doc[at].is_space or doc[at].is_punct)


def _no_part(name: Name, at: int) -> bool:
    doc, words, _, end, label = name
    text = words[at]
    word = text.lower()
    if _is_mark(doc, words, at):
        return True
    if word == "l'" and at + 1 < end and (doc[at].is_sent_start or (at and doc[at - 1].is_punct)):
        return True  # a capital by its place: «L'Atelier ouvre à neuf heures»
    if word in DROPPED_HEADS and text.islower() and at + 1 < end:
        return True
    return (word in _ARTICLES and text[:1].islower()) or (label == "PER" and word in _TITLES)


def _is_verb_of_sentence(token: Token) -> bool:
    """A finite verb inside a name is the sentence's own, but for titles («Imagine ton territoire»)."""
    return token.text.islower() and token.pos_ in ("AUX", "VERB") and "Fin" in token.morph.get("VerbForm")


def _keeps_mark(span: Span) -> bool:
    last = span[-1].text
    if last in (")", '"', "»"):
        return {")": "(", '"': '"', "»": "«"}[last] in span.text[:-1]
    return last == "." and len(span) > 1 and len(plain(span[-2].text)) == 1


def is_noise(name: Name) -> bool:
    """Tell whether words are no name: a status, a demonym, a number, an ordinary word capitalised by its place."""
    text, single, label = name.text, name.start + 1 == name.end, name.label
    lower = text.lower()
    if lower in _STATUSES or not any(map(str.isalpha, text)):
        return True
    if text.islower() and (single or label in ("PER", "LOC")):
        return not classes(text) & (GIVEN | TOWN) or bool(classes(text) & WORD)
    if not single:
        return False
    if _DEMONYM.search(lower):
        return True
    if classes(text) != WORD or label not in ("PER", "MISC", "LOC") or not text.istitle():
        return False
    token = name.doc[name.start]
    return bool(token.is_sent_start or token.i == 0 or token.nbor(-1).is_punct)


# A capital inside a word: firms and tools are named so («OpenDesk»), people only after a particle («MacLeod», «LeBlanc»).
_COINED = re.compile(r"(?!Mac|Mc|De|Di|Du|La|Le|Van|Saint)[A-Z][a-zà-ÿ]+[A-Z]\w*")


def relabel(name: Name) -> str:
    """Correct a label that the name itself, the noun before it, or lists of names contradict."""
    text, label = name.text, name.label
    said = own_label(name) or at_work(name)
    if said:
        return said
    cue = cue_before(name.words, name.start)
    if cue and cue != label and may_take(name, cue):
        return cue
    if name.start + 1 != name.end or not text[:1].isupper():
        return label
    code = classes(text)
    if label in ("PER", "LOC") and _COINED.fullmatch(text):
        return "ORG"
    if label == "PER" and code & TOWN and not code & (GIVEN | NAME | WORD):
        return "LOC"
    if label in ("PER", "LOC") and code & FIRM and not code & (GIVEN | NAME | TOWN | WORD):
        return "ORG"
    if label in ("LOC", "MISC") and code & GIVEN and not code & (TOWN | WORD):
        return "PER"
    return label


def grow(name: Name) -> Name:
    """Take in what belongs to a name: «Saint» before it, the rest of a hyphenated word, the council of a town."""
    doc, words, start, end, label = name
    if start and words[start - 1] in _SAINTS and label in ("PER", "LOC"):
        start, label = start - 1, "LOC"
    while end < len(doc) and (words[end].startswith("-") or words[end - 1] == "-") and not doc[end - 1].whitespace_ and end - start < 12:
        end += 1
    if label in ("LOC", "ORG") and end < len(doc) and words[end] in _COUNCILS:
        end, label = end + 1, "ORG"
    if end + 1 < len(doc) and words[end] == "du" and words[end + 1] in _POINTS and label in ("PER", "LOC"):
        end, label = end + 2, "LOC"
    if label == "PER" and end < len(doc) and _goes_on(doc, end):
        end += 1
    elif label == "PER" and end + 1 < len(doc) and words[end] in ("la", "le", "l'") and _is_capital(doc, end + 1):
        end += 2
    return Name(doc, words, start, end, label)


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
    written = [Name(doc, words, *item).text for item in found]
    names = [text.lower() for text in written]
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name, (start, _, label) in zip(names, found, strict=True):
        cue = cue_before(words, start)
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


class EntityTidier(Batchwise):
    """spaCy component ``testimony_entities``."""

    def __init__(self, name: str = "testimony_entities") -> None:
        self.name = name

    def predict(self, docs: Sequence[Doc]) -> list[Found]:
        """Give the tidied entities of each document as token ranges; the documents are not changed."""
        words = columns(docs, [ORTH, IS_TITLE])
        typed = iter(typed_words(words[:, 0].tolist(), docs[0].vocab.strings))
        titles = places(docs, words[:, 1] != 0)
        return [_tidied(doc, list(islice(typed, len(doc))), own) for doc, own in zip(docs, titles, strict=True)]

    def set_annotations(self, docs: Sequence[Doc], found: Sequence[Found]) -> None:
        """Write the entities."""
        for doc, own in zip(docs, found, strict=True):
            doc.set_ents(filter_spans([Span(doc, start, end, label=label) for start, end, label in own]), default="outside")


def _tidied(doc: Doc, words: Sequence[str], titles: Sequence[int]) -> Found:
    found: Found = []
    for ent in doc.ents:
        name = trim(Name(doc, words, ent.start, ent.end, ent.label_)) if ent.label_ in LABELS else None
        name = grow(name) if name else None
        if name and not is_noise(name):
            found.append((name.start, name.end, relabel(name)))
    found = quoted_names(doc, words, _apart(found))
    for more in (named_after, at_home, partial(names_missed, titles=titles)):
        taken = _covered(found)
        new = [item for item in more(doc, words, taken=taken) if taken.isdisjoint(range(item[0], item[1]))]
        found = sorted(found + [item for item in new if not is_noise(Name(doc, words, *item))]) if new else found
    return harmonize(doc, words, [(*part, item[2]) for item in found for part in apart(Name(doc, words, *item))])


def _apart(found: Found) -> Found:
    """Entities in order, none over another: one that grew over the next takes it in."""
    kept: Found = []
    for start, end, label in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, label))
    return kept
