"""The layout of quotations in prose: those that somebody is said to say, and what joins them."""

from __future__ import annotations

import re
from collections import Counter

from ..types import Document, Span
from .attribution import parse
from .claims import Claim, is_marked, merge
from .discourse import TOGETHER, mentions
from .names import SENTENCE_END, Attribution, find_name
from .nearby import attribution_near, people_named
from .quotes import MIN_WORDS, Quote, find
from .reporting import incise_at
from .voices import Known, attribute, resolve
from .words import FIRST_PERSON, is_role_word

MAX_PIECES = 50
"""Pieces in which incises may cut one testimonial."""

SHORT_INCISE = 6
"""Words of an incise that needs no comma before the quotation goes on."""

LEAST = 0.45
"""Likeness to a name that is enough in a heading."""

WEAK = 0.4
"""Confidence below which a quotation needs the rest of the document to be somebody's words."""

BOLD = 9
"""Level of a bold line, under all headings."""

_LED_BY = re.compile(r"(?:(?<!\w)(?:par|avec|chez)|[:–—])[ \u00a0]$")
_DEFINES = re.compile(r"(?:Une?|L[ae]|L['’])[ \u00a0]?[^.!?]{2,60}[ \u00a0](?:est|désigne|consiste)[ \u00a0]")
_ANNOUNCED = re.compile(
    r"(?:témoign|retours?|verbatims?|réactions?|avis|ils? (?:en )?(?:disent|racontent)|paroles? de|impressions?|citations?|ce qu['’]\w+ (?:en )?disent)",
    re.IGNORECASE,
)


def inline(document: Document) -> list[Claim]:
    """Claim quotations in prose that somebody is said to say; those of one paragraph that an incise parts are one testimonial.

    A quotation in the first person that nobody is said to say is claimed with little confidence: the document as a whole may tell.
    """
    known: Known = {}
    sections = _sections(document)
    named = people_named(document)
    claims: list[Claim] = []
    text = document.text
    announced = bool(_ANNOUNCED.search(text[: document.blocks[0].end])) if document.blocks else False
    last: Quote | None = None
    quotes = find(document)
    named_so_far = iter(mentions(document, [quote.outer for quote in quotes]))
    following = next(named_so_far, None)
    for quote in quotes:
        lead = document.text[max(0, quote.outer[0] - 120) : quote.outer[0]]
        announced = announced or bool(_ANNOUNCED.search(lead) and lead.rstrip(" \n\u00a0*_").endswith(":"))
        while following is not None and following.start < quote.outer[0]:
            resolve(_with_role(following.who, named), known, aside=following.aside)
            following = next(named_so_far, None)
        if _is_wording(document, quote):
            continue
        who, link, spans = attribute(document, quote, known)
        block = document.blocks[quote.block]
        apart = quote.blockquote or _stands_alone(text, quote.outer, (block.start, block.end)) or _is_a_sentence(text, quote)
        if link < 0.7 and apart and (headed := sections.get(quote.block)) is not None:
            who, link = headed, 0.8
        if last is not None and _joins(text, claims, last, quote) and not _another(claims[-1].who, who, link):
            claims[-1] = Claim(
                rule=claims[-1].rule,
                spans=merge(text, (*claims[-1].spans, *spans)),
                who=claims[-1].who if claims[-1].who.speaker else who,
                confidence=max(claims[-1].confidence, link),
            )
        elif not _is_title(document, quote, link):
            confidence = _confidence(document, quote, link, announced)
            if confidence > 0:
                who = _with_role(who, named)
                rule = "block quotation" if quote.blockquote else "quotation"
                claims.append(Claim(rule=rule, spans=spans, who=who, confidence=confidence))
        last = quote
    return [] if len(claims) == 1 and not announced and _is_notice(text, claims[0]) else claims


def _sections(document: Document) -> dict[int, Attribution]:
    """Person in whose section each block stands, where headings of one level, or bold lines, name people, as notes of interviews have them."""
    named: dict[int, Attribution] = {}
    stack: list[tuple[int, Attribution | None]] = []
    levels: Counter[int] = Counter()
    for number, block in enumerate(document.blocks):
        bold = block.kind == "paragraph" and is_marked(document, ("bold",), block.start, block.end)
        if block.kind == "heading" or bold:
            own = BOLD if bold else block.level
            stack = [(level, other) for level, other in stack if level < own]
            stack.append((own, _person_of(document.text, block.start, block.end)))
            levels[own] += stack[-1][1] is not None
        elif (person := next(((level, who) for level, who in reversed(stack) if who is not None), None)) is not None:
            named[number] = person[1]
    return named if max(levels.values(), default=0) > 1 else {}


def _person_of(text: str, start: int, end: int) -> Attribution | None:
    """Person whom a heading names: at its beginning, or as the one who leads («Visite de l'atelier avec Fatou»)."""
    who = parse(text, start, end)
    if who.speaker is not None and who.strength >= LEAST:
        return who
    name = find_name(text, start, end)
    if name is None or not _LED_BY.search(text, max(start, name[0] - 10), name[0]):
        return None
    return attribution_near(text, name[0], end)


NOTICE = 25
"""Words below which a single block quotation that nobody is said to say must be in the first person."""


def _is_notice(text: str, claim: Claim) -> bool:
    """A sentence that a page sets apart, which nobody says, and not of themselves."""
    said = [text[start:end] for start, end in claim.spans]
    short = sum(len(part.split()) for part in said) < NOTICE
    told = short or _DEFINES.match(said[0]) is not None
    return claim.rule == "block quotation" and claim.who.speaker is None and told and not any(map(FIRST_PERSON.search, said))


def _confidence(document: Document, quote: Quote, link: float, announced: bool) -> float:
    """How sure it is that a quotation is somebody's words; 0 when it is a term, a title or scare quotes."""
    inner = document.text[quote.inner[0] : quote.inner[1]]
    n_words = len(inner.split())
    block = document.blocks[quote.block]
    alone = _stands_alone(document.text, quote.outer, (block.start, block.end))
    set_apart = quote.blockquote or (alone and block.kind == "item")
    if n_words < MIN_WORDS and not ((link >= 0.8 or (announced and set_apart)) and n_words >= 3):
        return 0.0
    if link < 0.5 and inner.endswith("?") and not SENTENCE_END.search(inner[:-1]):
        return 0.0  # a question that nobody is said to ask
    strong = quote.blockquote or (alone and (n_words >= 8 or announced))
    confidence = max(
        link,
        0.75 if quote.blockquote and (n_words >= MIN_WORDS or announced) else 0.0,
        0.6 if strong and announced else 0.45 if alone else 0.0,
    )
    if confidence < WEAK and inner[:1].isupper() and FIRST_PERSON.search(inner):
        return WEAK - 0.05
    # Part of a sentence that only stands near a name: a wording, not words of somebody's own.
    return 0.0 if confidence < WEAK or (link <= WEAK and not alone and inner[:1].islower() and n_words < 12) else confidence


def _stands_alone(text: str, quote: Span, block: Span) -> bool:
    """Tell a quotation that is a paragraph, or lines of one, of its own."""
    before, after = text[block[0] : quote[0]], text[quote[1] : block[1]]
    return (len(before) < 3 or before.rstrip(" \u00a0*_").endswith("\n")) and (
        len(after) < 3 or after.lstrip(" \u00a0*_.").startswith("\n")
    )


def _is_title(document: Document, quote: Quote, link: float) -> bool:
    """Tell a name, a role or an intertitle between quotation marks from words that somebody said."""
    text = document.text
    inner = text[quote.inner[0] : quote.inner[1]]
    words = inner.split()
    if len(words) <= 5 and len(words) > 1 and all(word[:1].isupper() for word in words if len(word) > 3) and inner[-1] not in ".!?…":
        return not inner.isupper()
    before = text[max(0, quote.outer[0] - 60) : quote.outer[0]]
    if len(words) <= 8 and is_role_word(words[0].strip(",")) and find_name(before) is not None and before.rstrip().endswith(","):
        return True
    block = document.blocks[quote.block]
    whole = quote.outer[0] - block.start < 3 and block.end - quote.outer[1] < 3
    return whole and not quote.blockquote and link < 0.5 and len(words) <= 12 and is_marked(document, ("bold",), block.start, block.end)


def _another(one: Attribution, other: Attribution, link: float) -> bool:
    """Tell whether an incise of its own gives a quotation to somebody else."""
    return link >= 0.9 and one.speaker is not None and other.speaker is not None and one.speaker.value != other.speaker.value


def _joins(text: str, claims: list[Claim], last: Quote, quote: Quote) -> bool:
    """Tell whether a quotation goes on with the testimonial before it."""
    return bool(claims) and len(claims[-1].spans) < MAX_PIECES and last.block == quote.block and _continues(text, last, quote)


def _with_role(who: Attribution, named: dict[str, Attribution]) -> Attribution:
    if who.speaker is None:
        return who
    name = who.speaker.value
    fuller = [value for key, value in named.items() if name == key or (name in key.split() and not TOGETHER.search(key))]
    if len(fuller) == 1 and fuller[0].speaker:
        best = fuller[0]
        return Attribution(speaker=best.speaker, role=who.role or best.role, space=who.space or best.space, strength=who.strength)
    return who


def _continues(text: str, last: Quote, quote: Quote) -> bool:
    """Tell whether only an incise stands between two quotations."""
    between = text[last.outer[1] : quote.outer[0]]
    if len(between) > 160:
        return False
    if not between.strip(" \u00a0\n"):
        return True
    said = incise_at(text, last.outer[1], quote.outer[0])
    ends = [found.start() for found in SENTENCE_END.finditer(between)]
    return said is not None and (ends[0] >= len(between.rstrip()) - 1 if ends else _breaks(between))


def _breaks(between: str) -> bool:
    """Tell an incise that a comma or colon closes, or that is short, from a sentence that goes on into a wording («, qui vient « fouiner »»)."""
    return between.rstrip(" \u00a0\n")[-1:] in ",:;–—-.!?…" or len(between.split()) <= SHORT_INCISE


def _is_a_sentence(text: str, quote: Quote) -> bool:
    """Tell whole sentences in the first person."""
    return text[quote.inner[0]].isupper() and text[quote.inner[1] - 1] in ".!?…" and FIRST_PERSON.search(text, *quote.inner) is not None


def _is_wording(document: Document, quote: Quote) -> bool:
    """Tell a few words that a sentence takes over from what somebody says elsewhere."""
    text, block = document.text, document.blocks[quote.block]
    before = text[block.start : quote.outer[0]].rstrip(" \u00a0\n")
    few = len(text[quote.inner[0] : quote.inner[1]].split()) < MIN_WORDS and text[quote.inner[0]].islower()
    return few and (before[-1:].isalnum() or before[-1:] == ",")
