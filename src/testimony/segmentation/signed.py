"""The layout of signed words: a quotation, then who said it, on the next line or block or at its end."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import groupby, islice
from operator import attrgetter

from ..gazetteer import GIVEN, classes
from ..types import Block, Document, Span
from .attribution import parse, split_role
from .claims import CLOSING, Claim, Explanation, merge, trimmed, without_marks, words_in
from .edges import GREETING, undated
from .headed import HANDLE, after_dash, follow_the_words, names_someone
from .houses import FAMILY, TEAM, field_of, is_organisation, organisation_in
from .names import Attribution, person_score
from .words import FIRST_PERSON, FIRST_SINGULAR, is_role_word

_SOME = re.compile(r"(?:une?|des|deux|trois|quelques|plusieurs)[ \u00a0](?=[^,.;:]{3,40}$)", re.IGNORECASE)
SURE = 0.8
"""Likeness of a line to a name from which it ends the letter before it."""
LONGEST_LETTER = 12
"""Paragraphs of a letter among other texts."""
_DASH = re.compile(r"^[ \u00a0]*(?:[—–]|--?|~)[ \u00a0]*(?=\S)")


def signed(document: Document) -> Explanation | None:
    """A quotation, then its signature: ``— Prénom N., métier, ville`` on the next line or block, or at the end of the quotation."""
    text = document.text
    blocks = [
        block
        for number, block in enumerate(document.blocks)
        if block.kind not in ("boilerplate", "code", "caption", "heading")
        or (block.kind == "caption" and number and document.blocks[number - 1].kind == "quote")
    ]
    ends = [block.end for block in blocks]
    claims: list[Claim] = []
    after = follow_the_words(document, blocks, [number for number, block in enumerate(blocks) if names_someone(document, block)])
    dashes = 0
    for number, block in enumerate(blocks):
        dash, start, end = (
            (True, *trimmed(text, block.start, block.end))
            if block.kind == "caption"
            else _in_italics(document, block) or _signature(text, block)
        )
        if start is None or _opens_a_list(document, block):
            continue
        who = signatory(text, start, end, dash=dash)
        if (who.speaker is None and who.role is None) or who.strength < _least(text, block, start, dash=dash):
            continue
        body_end = _line_start(text, start, block.start)
        spans: list[Span] = [trimmed(text, block.start, body_end)] if body_end > block.start else _before(text, blocks, number, block)
        spans = [span for span in spans if span[0] < span[1]]
        if not spans:
            continue
        quoted = block.kind == "quote" or text[spans[0][0]] in '«"“' or blocks[number - 1].kind == "quote"
        letter = who.strength >= 0.7 and GREETING.match(text, spans[0][0]) is not None
        if words_in(text, spans) < 4 or not (quoted or dash or letter):
            continue
        first = bisect_right(ends, spans[0][0])
        if not dash and not after and first and names_someone(document, blocks[first - 1]) is not None:
            continue  # the name before the words is theirs; the one after opens the next testimonial
        dashes += dash
        parts = without_marks(text, undated(text, merge(text, spans)))
        claims.append(
            Claim(rule="quotation, signature", spans=parts, who=who, confidence=min(0.95, 0.5 + 0.3 * who.strength + 0.15 * quoted))
        )
    if not claims or (len(claims) < 2 and not dashes and claims[0].who.strength < 0.8):
        return None
    strength = sum(claim.confidence for claim in claims) / len(claims)
    return Explanation(
        rule="signed",
        claims=(*claims, *(_unsigned(document, claims) if dashes > 1 else ())),
        score=min(1.0, strength + (0.1 if len(claims) > 1 else -0.05)),
        reason=f"{len(claims)} signed texts",
    )


def _opens_a_list(document: Document, block: Block) -> bool:
    """Tell the first item under a heading: «Nouveaux venus»."""
    if block.kind != "item":
        return False
    number = bisect_left(document.blocks, block.start, key=attrgetter("start"))
    return number > 0 and document.blocks[number - 1].kind == "heading"


def _least(text: str, block: Block, start: int, *, dash: bool) -> float:
    """Likeness to a name that is enough for a signature: less where its form says that it is one."""
    follows = text[max(block.start, start - 2) : start].strip(" \u00a0\n")[-1:] in CLOSING and start > block.start
    return 0.25 if block.kind == "caption" else 0.35 if dash else 0.5 if follows else 0.7


def signatory(text: str, start: int, end: int, *, dash: bool) -> Attribution:
    """Read who signs; after a dash somebody unnamed too, or a house."""
    several = _SOME.match(text, start, end)
    if several and not dash:
        closes = text[max(0, start - 3) : start].strip()[-1:] in CLOSING
        several = several if closes and is_role_word(text[several.end() : end].split(maxsplit=1)[0].strip(",")) else None
    if several:
        return Attribution(role=field_of(text, several.end(), end), strength=0.6 if dash else 0.75)
    if handle := HANDLE.fullmatch(text, start, end):
        return Attribution(speaker=field_of(text, *handle.span()), strength=0.7)
    if dash and (first := text[start:end].split(maxsplit=1)[:1]) and is_role_word(first[0]) and not classes(first[0]) & GIVEN:
        role, space = split_role(text, start, end)  # «– Étudiante à l'UQAR»
        return Attribution(role=role, space=space, strength=0.6)
    who = parse(text, start, end)
    if dash and who.strength < 0.35 and who.role is None and is_organisation(text[start:end].strip()):
        firm = organisation_in(text, start, end)
        who = Attribution(speaker=firm, space=firm, strength=0.5)
    return who


def _unsigned(document: Document, claims: list[Claim]) -> list[Claim]:
    """Entries that nobody signs, between rules that part most of the signed ones: «***»."""
    text = document.text
    kept = [block for block in document.blocks if block.kind in ("paragraph", "quote")]
    entries = [list(run) for rule, run in groupby(kept, key=lambda block: not re.search(r"\w", text[block.start : block.end])) if not rule]
    taken = {span[0] for claim in claims for span in claim.spans}
    free = [entry for entry in entries[1:] if not any(entry[0].start <= at < entry[-1].end for at in taken)]
    if 3 * len(free) > len(entries):
        return []
    said = [merge(text, [(block.start, block.end) for block in entry]) for entry in free]
    return [
        Claim(rule="entry without a signature", spans=without_marks(text, undated(text, spans)), confidence=0.55)
        for spans in said
        if FIRST_PERSON.search(text, spans[0][0], spans[-1][1]) and text[spans[-1][1] - 1] in ".!?…»"
    ]


def _in_italics(document: Document, block: Block) -> tuple[bool, int, int] | None:
    """Signature in italics at the end of a paragraph that is not: «… quatre heures passées. *Casimir B.*»."""
    text = document.text
    first = bisect_left(document.marks, max(block.start, block.end - 120), key=attrgetter("start"))
    mark = next((mark for mark in islice(document.marks, first, first + 9) if mark.kind == "italic" and mark.end == block.end), None)
    ended = mark is not None and text[block.start : mark.start].rstrip()[-1:] in tuple(".!?…»”")
    if mark is None or not ended:
        return None
    dash = _DASH.match(text[mark.start : mark.end])
    return True, mark.start + (dash.end() if dash else 0), mark.end


def _signature(text: str, block: Block) -> tuple[bool, int | None, int]:
    """Place of a signature in the last line of a block: (after a dash, start, end)."""
    start, end = trimmed(text, block.start, block.end)
    lines = text[start:end].split("\n")
    if (
        1 < len(lines) <= 3
        and person_score(lines[0].strip()) >= 0.7
        and all(len(line) < 80 and line.rstrip()[-1:] not in ".!?»”" for line in lines)
    ):
        return False, start, end  # name, trade and house on lines of their own
    last = text.rfind("\n", start, end) + 1 or start
    line = text[last:end]
    if after_dash(text, block) and len(line) < 120 and person_score(re.split(r"[,(–—]", line)[0].strip()) >= 0.5:
        return True, start, end
    if last == start and len(line) < 80 and (TEAM.match(line) or FAMILY.match(line)):
        return False, start, end
    dash = _DASH.match(line)
    if dash and len(line) < 160:
        return True, last + dash.end(), end
    inner = re.compile(
        r"[»”\".!?][ \u00a0]*[»”\"]?[ \u00a0]+[—–][ \u00a0]*(?=[A-ZÀ-Ö@]|(?:une?|des|deux|trois|quelques|plusieurs)[ \u00a0])"
    ).search(text, max(start, end - 160), end)
    if inner:
        return True, inner.end(), end
    if 3 < len(line) < 120 and line[:1].isupper() and last > start and text[last - 2] in '»”".!?':
        return False, last, end
    if (
        last == start
        and len(line) < 120
        and line[:1].isupper()
        and person_score(re.split(r"[,(–—]", line)[0].strip()) >= 0.7
        and not line.rstrip().endswith(".")
    ):
        return False, start, end
    return False, None, end


def _line_start(text: str, at: int, floor: int) -> int:
    while at > floor and text[at - 1] in " \u00a0—–-~(":
        at -= 1
    return at


def _before(text: str, blocks: list[Block], number: int, block: Block) -> list[Span]:
    """Words before a block that is only a signature: the letter, or the quotation, of as many paragraphs as it has."""
    spans: list[Span] = []
    letter = _letter(text, blocks[max(0, number - LONGEST_LETTER) : number])
    if letter:
        return letter
    for previous in reversed(blocks[max(0, number - 6) : number]):
        content = text[previous.start : previous.end].strip()
        if previous.kind == "quote":
            if spans and previous.group != blocks[number - 1].group:
                break
            spans.insert(0, (previous.start, previous.end))
            if content[:1] in '«“"' and text[spans[-1][1] - 1] in '»”"':
                return spans  # what stands over it is its title
            continue
        if spans and spans[-1] and blocks[number - 1].kind == "quote":
            break
        closes = content[-1:] in '»”"' or content[-2:-1] in '»”"'
        opens = content[:1] in '«“"'
        if not spans and not closes:
            return []
        spans.insert(0, (previous.start, previous.end))
        if opens:
            return spans
        if len(spans) > 5:
            return []
    return spans if spans and blocks[number - 1].kind == "quote" else []


def _letter(text: str, blocks: list[Block]) -> list[Span]:
    """A letter in the first person: all paragraphs since its greeting, where nothing among them is quoted or signed."""
    greeted = next((at for at in range(len(blocks) - 2, -1, -1) if GREETING.match(text, blocks[at].start)), None)
    if greeted is None or not FIRST_SINGULAR.search(text, blocks[greeted].start, blocks[-1].end):
        return []
    for one in blocks[greeted + 1 :]:
        name = re.split(r"[,(\n]", text[one.start : one.end], maxsplit=1)[0]
        if one.kind == "quote" or text[one.start] in '«“"' or person_score(name) >= SURE:
            return []
    return [(one.start, one.end) for one in blocks[greeted:]]
