"""Layouts in which one voice fills the document: first-person articles, whole documents."""

from __future__ import annotations

import re

from ..types import Block, Document
from .author import author_of
from .claims import NO_ONE, Claim, Explanation, merge, words_in
from .edges import GREETING, trimmed_head, trimmed_tail, without_last_sections
from .names import Attribution
from .questions import is_faq
from .quotes import find, set_in_italics
from .subject import dominant_person, same_name
from .words import FIRST_PERSON, FIRST_SINGULAR

LEAST_ASKED = 3
"""Items that ask, from which a list is a form that somebody filled in."""

_OF_A_HOUSE = re.compile(
    r"(?:(?:qui|que) (?:sommes|faisons|proposons)-nous|à propos|(?:l['’]|notre |nos |les |la |le |une? )?(?:équipes?|valeurs|missions?|services|offres?|formules?|"
    r"abonnements|prestations|pourquoi nous|engagements?|tarifs?|horaires?|partenaires|locaux|espaces?|équipements|gouvernance|conseil d['’]administration|association|adhésions?|contacts?|accès)|"
    r"(?:nous|venir|nous )?(?:contacter|rejoindre|trouver|soutenir|adhérer)|venir|réserver|infos? pratiques?|informations pratiques|en (?:bref|pratique|chiffres))"
    r"\b[^.!]{0,25}$",
    re.IGNORECASE,
)


def article(document: Document, *, sure: bool = False) -> Explanation | None:
    """A text told in the first person: one testimonial of its paragraphs, lists and headings.

    `sure` when the user says so: then short texts and those that seldom say «je» are one too.
    """
    text = document.text
    if not sure and is_faq(document):
        return None
    kept = [block for block in document.blocks if block.kind in ("paragraph", "item", "quote", "heading", "question", "cue")]
    kept = without_last_sections(document, kept)
    spans = [(block.start, block.end) for block in kept]
    total = words_in(text, spans)
    if not total or (total < 40 and not sure):
        return None
    aside = {(block.start, block.end) for block in set_in_italics(document)}
    quoted = [quote.inner for quote in find(document) if not quote.blockquote or quote.outer in aside]
    outside = _without(text, quoted)
    if len(quoted) < 3 and len(outside.split()) < 0.4 * total:  # a letter or speech given whole between quotation marks
        outside = text
    own = len(FIRST_PERSON.findall(outside))
    singular = len(FIRST_SINGULAR.findall(outside))
    density = 100 * own / max(1, len(outside.split()))
    if not sure and singular < 3 and _presents_a_house(document):
        return None
    dense = density >= 2.0 and own >= 5 and (singular >= 6 or density >= 2.2)
    if not (sure or dense or singular > 1):
        return None
    who, key = author_of(document)
    if not sure and _reports(document, who):
        return None
    letter = who is not None and singular > 1 and any(GREETING.match(text, block.start) for block in kept[:3])
    if not sure and (not (dense or letter) or (total < 80 and who is None)):
        return None
    # Notes and forms are lists and tables more than prose, and their items ask.
    notes = 1 - words_in(text, [(block.start, block.end) for block in kept if block.kind in ("paragraph", "cue")]) / total
    first = next((number for number, block in enumerate(kept) if block.kind in ("paragraph", "cue")), 0)
    last = len(kept)
    while last > first + 1 and kept[last - 1].kind == "heading":
        last -= 1
    body = merge(text, trimmed_tail(document, trimmed_head(document, spans[first:last]), who))
    confidence = min(0.9, 0.35 + 0.045 * density + (0.15 if who else 0.0))
    claim = Claim(rule="first-person article", spans=body, who=who or NO_ONE, confidence=confidence, key=key)
    return Explanation(
        rule="article",
        claims=(claim,),
        score=min(0.8, 0.5 + 0.04 * density) - 0.25 * (notes > 0.6 and _is_form(text, kept)) - 0.05 * (who is None),
        reason=f"{density:.1f} words of the first person per hundred",
    )


def _reports(document: Document, author: Attribution | None) -> bool:
    """Tell an author who sets apart what somebody else says, twice at least, in the first person."""
    said = [quote for quote in find(document) if quote.blockquote and FIRST_PERSON.search(document.text, *quote.inner)]
    other = dominant_person(document) if len(said) > 1 else None
    if other is None or other.speaker is None:
        return False
    return author is None or author.speaker is None or not same_name(author.speaker.value, other.speaker.value)


def _is_form(text: str, blocks: list[Block]) -> bool:
    return sum("?" in text[block.start : block.end] for block in blocks if block.kind != "paragraph") >= LEAST_ASKED


def _presents_a_house(document: Document) -> bool:
    """Tell a page on which a house presents itself, «Qui sommes-nous ?», «Nos valeurs», from what people tell together."""
    heads = [document.text[block.start : block.end].strip() for block in document.blocks if block.kind == "heading"]
    return sum(_OF_A_HOUSE.match(head) is not None for head in {*heads, str(document.metadata.get("title") or "")}) >= 2


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            parts.append(text[at:start])
            at = end
    return "".join([*parts, text[at:]])


def whole(document: Document) -> Explanation | None:
    """The user said that each document is one testimonial."""
    kept = [(b.start, b.end) for b in document.blocks if b.kind not in ("boilerplate", "code", "caption")]
    spans = merge(document.text, kept)
    if not words_in(document.text, spans):
        return None
    who, key = author_of(document)
    claim = Claim(rule="whole document", spans=spans, who=who or NO_ONE, confidence=0.9, key=key)
    return Explanation(rule="whole", claims=(claim,), score=1.0, reason="asked for by the user")
