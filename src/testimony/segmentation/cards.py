"""The layout of cards: a name on a line of its own, what the person does on the next, and the words after or before them.

Sites set testimonials this way («Ils en parlent»), without quotation marks; only that the form comes back, and that the words are in the
first person, tells them from a list of a team.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from ..gazetteer import ANONYMOUS
from ..types import Document
from .attribution import parse
from .claims import CLOSING, OPENING, Claim, Explanation, Line, lines_of, merge, without_marks, words_in
from .details import ENDS_AS_SENTENCE, detail_of
from .edges import GREETING, is_furniture, undated
from .houses import field_of
from .names import Attribution
from .words import FIRST_PERSON, MONTHS

LONGEST_NAME = 60
LEAST_RATED = 0.1
"""Likeness to a name that is enough beside stars."""
LONGEST_TOLD = 110
"""The same with the trade on the line."""
MOST_DETAILS = 2
MIN_WORDS = 5

# When it was said, and how many stars it got.
_ASIDE = re.compile(
    r"il y a (?:\d+|une?|deux|trois|quelques) (?:jours?|semaines?|mois|ans?)|[\s★☆⭐]+|\d(?:[.,]\d)?[ \u00a0]?/[ \u00a0]?\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|"
    r"(?:(?:publié |posté )?le )?(?:\d{1,2}(?:er)? )?[a-zéû]{3,9} \d{4}|avis (?:vérifié|certifié)|client vérifié",
    re.IGNORECASE,
)
# «Fabienne C. ★★★★★ août 2022»
_RATED = re.compile(
    rf"[ \u00a0](?:[★☆⭐]|\d(?:[.,]\d)?[ \u00a0]?/[ \u00a0]?\d{{1,2}}\b|il y a \d|(?:le \d{{1,2}}(?:er)? )?(?:{MONTHS}) \d{{4}}$)",
    re.IGNORECASE,
)
# «@lise_cowork · 10 mars»: the line above a message
_HANDLE = re.compile(
    rf"(@\w{{2,30}})[ \u00a0]?(?:[·|,(–—-][ \u00a0]?(?:(?:le[ \u00a0])?\d{{1,2}}(?:er)?[ \u00a0](?:{MONTHS})|\d{{1,2}}[/.:h]\d{{0,2}}|il y a \d|\d{{1,2}}[ \u00a0]?[hjm]\b)[^\n]{{0,20}})$",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(r"[«“][^«“»”\n]+[»”][ \u00a0]?[–—-]?[ \u00a0]?\w")
_LABELLED = re.compile(r"[^.!?:\n]{2,30}[ \u00a0]?: ?[A-ZÀ-Ö]")  # «Modérateur : …» opens a programme
_INITIAL_END = re.compile(r"(?<![\w])[A-ZÀ-Ö]\.$")
_ANNOUNCES = re.compile(
    r"témoign|(?:ils|elles|on)[ \u00a0](?:en |nous )?(?:l['’])?(?:ont |a )?(?:disent|dit|parlent?|racontent?|aiment)|paroles?|retours|verbatim|avis|"
    r"ce qu['’](?:ils|elles|on)|impressions|portraits?|confiance|livre d['’]or",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """A person and the lines of their words."""

    who: Attribution
    detailed: float
    """1 where lines of their own say what the person does, 0.5 where the line of a signature does."""
    words: tuple[Line, ...]


def cards(document: Document) -> Explanation | None:
    """Names on lines of their own, each with its details and its words, at least two of one form."""
    found = _cards(document)
    text = document.text
    kept = [
        card
        for card in found
        if _is_sentence(text, card.words[-1])
        and not _LABELLED.match(text, card.words[0].start, card.words[0].end)
        and not _passes_on(text, card)
    ]
    if not kept:
        return None
    voiced = sum(_voiced(text, card.words) for card in kept) / len(kept)
    announced = _is_announced(document)
    detailed = sum(card.detailed for card in kept) / len(kept)
    if voiced < (0.5 if announced else 0.75) or not (detailed >= 0.5 or announced):
        return None
    if len(kept) == 1 and (not (announced and detailed)):
        return None  # one name proves no form
    strength = sum(card.who.strength for card in kept) / len(kept)
    score = min(1.0, 0.3 + 0.3 * min(1.0, strength) + 0.15 * voiced + 0.1 * announced + 0.25 * detailed)
    claims = tuple(_claim(text, card, 0.4 + 0.25 * min(1.0, card.who.strength) + 0.15 * voiced + 0.1 * announced) for card in kept)
    return Explanation(rule="cards", claims=claims, score=score, reason=f"{len(claims)} names on lines of their own, with their words")


def _passes_on(text: str, card: _Card) -> bool:
    """Tell a message that passes on what somebody else says: «« … » Mathilde Sarda, fondatrice de @LaBande»."""
    by_handle = card.who.speaker is not None and card.who.speaker.value.startswith("@")
    return by_handle and _OF_ANOTHER.match(text, card.words[0].start, card.words[-1].end) is not None


def _is_announced(document: Document) -> bool:
    short = (document.text[b.start : b.end] for b in document.blocks if b.kind == "heading" or b.end - b.start < 80)
    return any(map(_ANNOUNCES.search, [str(document.metadata.get("title", "")), *short]))


def _claim(text: str, card: _Card, confidence: float) -> Claim:
    spans = without_marks(text, undated(text, merge(text, [(line.start, line.end) for line in card.words])))
    return Claim(rule="card", spans=spans, who=card.who, confidence=confidence)


def _cards(document: Document) -> list[_Card]:
    """Cut the lines at the names, then give each name the words that its form puts after or before it."""
    lines = _lines(document)
    names = {number: who for number, line in enumerate(lines) if (who := _name(document.text, line)) is not None}
    title = next((number for number, line in enumerate(lines) if line.kind == "heading"), -1)
    if not any(lines[number].kind == "heading" for number in names if number != title):
        names.pop(title, None)  # «Paroles d'usagers du FabLab», over people who are no headings
    if not names:
        return []
    people = [_with_details(document.text, lines, number, names) for number in names]
    starts = [number for number, *_ in people]
    gaps = [_words(document.text, lines, end, following) for (_, end, _), following in zip(people, [*starts[1:], len(lines)], strict=True)]
    before = _words(document.text, lines, 0, starts[0], last=True)
    # Where somebody's words stand before the first name and none after the last, the names sign.
    sign = bool(before) and (not gaps[-1] or _voiced(document.text, before) > _voiced(document.text, gaps[-1]))
    bodies = [before, *gaps[:-1]] if sign else gaps
    usual = max((len({line.block for line in body}) for body in (bodies[1:] if sign else bodies[:-1])), default=len(lines))
    bodies = [_in_marks(document.text, _nearest(document.text, _of_one_kind(body, last=sign), usual, last=sign)) for body in bodies]
    return [
        _Card(
            who=who,
            detailed=1.0 if end - number > 1 or _is_rated(document.text, lines[number]) else 0.5 * (sign and who.role is not None),
            words=tuple(body),
        )
        for (number, end, who), body in zip(people, bodies, strict=True)
        if body
    ]


def _is_rated(text: str, line: Line) -> bool:
    return _RATED.search(text, line.start, line.end) is not None or _HANDLE.match(text, line.start, line.end) is not None


def _lines(document: Document) -> list[Line]:
    """Lines that may be of a card; a quotation that carries its own caption is none."""
    captioned = {
        number
        for number, (block, following) in enumerate(pairwise(document.blocks))
        if block.kind == "quote" and following.kind == "caption"
    }
    return [line for line in lines_of(document) if line.block not in captioned and not is_furniture(document, line.start, line.end)]


def _voiced(text: str, words: Sequence[Line]) -> bool:
    """Tell whether words are somebody's: sentences in the first person."""
    return bool(words) and any(FIRST_PERSON.search(text, line.start, line.end) for line in words) and _is_sentence(text, words[-1])


def _is_sentence(text: str, line: Line) -> bool:
    return ENDS_AS_SENTENCE.search(text, max(line.start, line.end - 5), line.end) is not None


def _of_one_kind(body: Sequence[Line], *, last: bool) -> list[Line]:
    """Lines next to the name that are quoted as the nearest is, or like it not."""
    if not body:
        return []
    quoted = body[-1 if last else 0].kind == "quote"
    near = list(takewhile(lambda line: (line.kind == "quote") == quoted, reversed(body) if last else body))
    return near[::-1] if last else near


def _in_marks(text: str, body: list[Line]) -> list[Line]:
    """Lines of words in quotation marks, where the last one closes them: what stands over them is their title."""
    if not body or text[body[-1].start : body[-1].end].rstrip(" *_.")[-1:] not in CLOSING:
        return body
    opens = next((number for number, line in enumerate(body) if text[line.start : line.end].lstrip(" *_")[:1] in OPENING), 0)
    return body[opens:]


def _nearest(text: str, body: Sequence[Line], usual: int, *, last: bool) -> list[Line]:
    """Lines of as many blocks as the other cards have, those next to the name."""
    greeted = next((number for number, line in enumerate(body) if GREETING.match(text, line.start)), None) if last else None
    if greeted is not None:
        return list(body[greeted:])  # a letter
    numbers = list(dict.fromkeys(line.block for line in body))
    kept = set(numbers[-usual:] if last else numbers[:usual])
    return [line for line in body if line.block in kept]


def _words(text: str, lines: Sequence[Line], start: int, end: int, *, last: bool = False) -> list[Line]:
    """Lines of a stretch that are words: up to its first heading, or after its last one."""
    stretch = list(lines[start:end])
    headings = [number for number, line in enumerate(stretch) if line.kind == "heading"]
    if headings:
        stretch = stretch[headings[-1] + 1 :] if last else stretch[: headings[0]]
    return stretch if words_in(text, [(line.start, line.end) for line in stretch]) >= MIN_WORDS else []


def _name(text: str, line: Line) -> Attribution | None:
    """Attribution of a line that is a name, or says that nobody gives one, and nothing that could be words."""
    value = text[line.start : line.end]
    if (handle := _HANDLE.match(value)) is not None:
        return Attribution(speaker=field_of(text, line.start, line.start + handle.end(1)), strength=0.8)
    if len(value) > LONGEST_TOLD or (ENDS_AS_SENTENCE.search(value) and not _INITIAL_END.search(value)):
        return None
    rated = _RATED.search(value)
    who = parse(text, line.start, line.start + rated.start() if rated else line.end)
    if who.speaker is None:
        return who if who.role is not None and ANONYMOUS.match(who.role.value) and len(value.split()) <= 4 else None
    short = len(value) <= LONGEST_NAME or who.role is not None
    return who if short and who.strength >= (LEAST_RATED if rated else 0.6) and len(who.speaker.value.split()) <= 4 else None


def _with_details(text: str, lines: Sequence[Line], number: int, names: dict[int, Attribution]) -> tuple[int, int, Attribution]:
    """The name, and the lines right after it that say what the person does and for whom: (line, line after them, attribution)."""
    who = names[number]
    end = number + 1
    while end < len(lines) and end - number <= MOST_DETAILS and end not in names:
        value = text[lines[end].start : lines[end].end]
        if _ASIDE.fullmatch(value):
            end += 1
            continue
        detail = detail_of(text, lines[end].start, lines[end].end)
        if detail is None or (lines[end].kind == "heading" and detail[0] is None):
            break  # a heading that tells no trade is another name
        who = replace(who, role=who.role or detail[0], space=who.space or detail[1])
        end += 1
    return number, end, who
