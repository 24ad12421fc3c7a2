"""The layout in which a heading, a bold line or a short line names who speaks, and the words follow."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ..gazetteer import GIVEN, NAME, WORD, classes
from ..types import Block, Document, Span
from .attribution import parse
from .claims import NO_ONE, Claim, Explanation, is_marked, merge, trimmed, without_marks, words_in
from .details import detail_of
from .houses import field_of, organisation_at, organisation_in
from .names import Attribution
from .quotes import in_block
from .words import FIRST_PERSON, FIRST_SINGULAR

_BY = re.compile(
    r",?[ \u00a0](?:par|by|de)[ \u00a0](?=(?:l[ae][ \u00a0]|l['’]|les[ \u00a0])?"
    r"(?:[A-ZÀ-ÖÉ@]|(?:agence|équipe|association|collectif|société|entreprise|studio|revue)[ \u00a0]))(?!.*[ \u00a0]par[ \u00a0])"
)
HANDLE = re.compile(r"@\w{2,30}")
_QUOTED = re.compile(r"[«“][^»”]{0,300}[»”]")
_TITLED = re.compile(r"[ \u00a0][–—|-][ \u00a0](?=[A-ZÀ-Ö])")
_ANNOUNCES = re.compile(
    r"témoign|ils? (?:en )?(?:disent|parlent)|paroles|retours|verbatim|avis|ce qu['’]ils|impressions|portraits?", re.IGNORECASE
)


def names_someone(document: Document, block: Block) -> Attribution | None:
    """Attribution that a block is made of, or None."""
    text = document.text
    start, end = trimmed(text, block.start, block.end)
    if end - start > 200 or ("\n" in text[start:end].strip() and block.kind != "heading"):
        lines = text[start:end].split("\n")
        if len(lines) > 3 or end - start > 200:
            return None
    if text[start] in '«"“—–-~' or after_dash(text, block) or re.search(r"[?!…]$", text[start:end]):
        return None
    leads = block.kind == "item" and text[start:end].endswith(":")
    stands_out = block.kind == "heading" or leads or is_marked(document, ("bold",), start, end)
    by = _BY.search(text, start, end) if stands_out else None
    if block.kind == "heading" and (titled := _after_title(document, start, end)) is not None:
        return titled
    signed = _signed_by(text, by.end(), end) if by is not None else NO_ONE
    if signed is not NO_ONE:
        return signed
    who = parse(text, start, end)
    if who.speaker is None and who.role is None:
        return None
    if (
        who.speaker is not None
        and text[start:end].rstrip().endswith(".")
        and block.kind == "paragraph"
        and not is_marked(document, ("bold",), start, end)
    ):
        return None
    return who if who.strength >= 0.45 else None


def _signed_by(text: str, start: int, end: int) -> Attribution | None:
    """Read who signs after «par»: a handle, a person, or a house that speaks for itself; None when a sentence goes on, `NO_ONE` when it may be no signature."""
    if handle := HANDLE.match(text, start, end):
        return Attribution(speaker=field_of(text, *handle.span()), strength=0.6)
    signed = parse(text, start, end)
    if signed.speaker is None and text[start].islower():  # «par la Revue du Bac», «par l'agence Pixel»
        named = organisation_at(text, start, end)
        firm = field_of(text, *named) if named is not None and text[named[0]].isupper() else field_of(text, start, end)
        return Attribution(speaker=firm, space=firm, strength=0.6) if firm is not None and len(firm.value.split()) <= 5 else None
    if signed.speaker is None or (signed.strength < 0.3 and len(signed.speaker.value.split()) > 3):
        return NO_ONE
    word, *others = signed.speaker.value.split()
    unlike = any(not classes(other) & (GIVEN | NAME) and other[0].isupper() for other in others)
    by_firm = not classes(word) & GIVEN and (not classes(word) & NAME or unlike)
    return replace(signed, space=signed.space or (signed.speaker if by_firm else None), strength=max(signed.strength, 0.6))


def _after_title(document: Document, start: int, end: int) -> Attribution | None:
    """Read «[Une semaine dans le bus] — Tiffany Le Goff», a title that is a link, and who wrote what it leads to."""
    text = document.text
    dash = _TITLED.search(text, start, end)
    if dash is None or not is_marked(document, ("link",), start, dash.start()):
        return None
    who = parse(text, dash.end(), end)
    if who.speaker is not None and who.strength >= 0.3:
        return replace(who, strength=max(who.strength, 0.6))
    firm = organisation_in(text, dash.end(), end)
    return Attribution(speaker=firm, space=firm, strength=0.6) if firm is not None else None


def after_dash(text: str, block: Block) -> bool:
    """A list item whose bullet is a dash may be a signature."""
    return block.kind == "item" and text[max(0, block.start - 3) : block.start].strip() in ("–", "—", "-", "--")


def _form(document: Document, block: Block) -> str:
    if block.kind == "heading":
        return f"heading {block.level}"
    if is_marked(document, ("bold",), *trimmed(document.text, block.start, block.end)):
        return "bold line"
    return "line" if block.kind == "paragraph" else block.kind


def headed(document: Document) -> Explanation | None:
    """A name in a heading, bold line or short line, then the words: quotation paragraphs, a block quotation, or plain paragraphs.

    The same form must come back, or the words be quoted, or a heading announce testimonials.
    """
    blocks = [block for block in document.blocks if block.kind not in ("boilerplate", "code", "caption", "cell")]
    heads = {number: who for number, block in enumerate(blocks) if (who := names_someone(document, block)) is not None}
    if follow_the_words(document, blocks, sorted(number for number in heads if blocks[number].kind != "heading")):
        heads = {number: who for number, who in heads.items() if blocks[number].kind == "heading"}
    heads |= _siblings(document, blocks, heads)
    heads |= _firms(document, blocks, heads)
    forms = Counter(_form(document, blocks[number]) for number in heads)
    claims: list[tuple[str, Claim]] = []
    for number, who in heads.items():
        form = _form(document, blocks[number])
        if number + 1 not in heads:
            who, number = _with_detail(document.text, blocks, number, who)
        spans, quoted = _body(document, blocks, number, heads, form)
        n_words = words_in(document.text, spans)
        if n_words < (3 if quoted else 8):
            continue
        mixed = any(block.kind == "quote" and start <= block.start < end for block in blocks for start, end in spans[:1])
        if not quoted and (mixed or form == "line" or forms[form] < 2 or _tells_of(document.text, spans, who)):
            continue
        confidence = min(0.97, 0.45 + 0.3 * who.strength + (0.15 if quoted else 0.0) + (0.1 if forms[form] > 1 else 0.0))
        claims.append(
            (
                form,
                Claim(rule=f"{form.split(' ')[0]} name, {'quotation' if quoted else 'text'}", spans=spans, who=who, confidence=confidence),
            )
        )
    if not claims:
        return None
    announced = any(_ANNOUNCES.search(document.text[b.start : b.end]) for b in blocks if b.kind == "heading" or b.end - b.start < 80)
    if not announced and not any("quotation" in claim.rule or _is_voiced(document.text, claim) for _, claim in claims):
        return None  # what others say of a team
    if sum("quotation" in claim.rule for _, claim in claims) >= 2:  # where names stand over quotations, a name over plain text is a list
        claims = [(form, claim) for form, claim in claims if "quotation" in claim.rule]
    common = Counter(form for form, _ in claims).most_common(1)[0]
    if len(claims) == 1 and not announced and "quotation" not in claims[0][1].rule:
        return None
    quoted_share = sum("quotation" in claim.rule for _, claim in claims) / len(claims)
    strength = sum(claim.who.strength for _, claim in claims) / len(claims)
    score = (
        0.35
        + 0.25 * strength
        + 0.25 * quoted_share
        + (0.15 if common[1] == 2 else 0.25 if common[1] > 2 else 0.0)
        + (0.15 if announced else 0.0)
    )
    kept = tuple(claim for _, claim in claims)
    return Explanation(
        rule="headed", claims=kept, score=min(1.0, score), reason=f"{len(kept)} texts under a name ({common[1]} alike: {common[0]})"
    )


def _with_detail(text: str, blocks: list[Block], number: int, who: Attribution) -> tuple[Attribution, int]:
    """Add what the line right under a name says of the person."""
    below = blocks[number + 1] if number + 1 < len(blocks) else blocks[number]
    detail = (
        detail_of(text, *trimmed(text, below.start, below.end))
        if below.kind == "paragraph" and "\n" not in text[below.start : below.end]
        else None
    )
    if detail is None or below is blocks[number] or (who.role is not None and who.space is not None):
        return who, number
    return replace(who, role=who.role or detail[0], space=who.space or detail[1]), number + 1


def _tells_of(text: str, spans: tuple[Span, ...], who: Attribution) -> bool:
    """Tell words about the person named above them: «Sophie a grandi …», without a word of the first person singular."""
    if not spans or who.speaker is None or FIRST_SINGULAR.search(_QUOTED.sub("", " ".join(text[slice(*span)] for span in spans))):
        return False
    first = text[spans[0][0] : spans[0][0] + 80].split()[:1]
    name = re.escape(who.speaker.value.split()[0])
    if re.compile(rf"[A-ZÀ-Ö][^.!?«]{{3,80}}, {name} (?!et )\w").match(text, *spans[0]):
        return True  # «Menuisier, Olivier encadre …»
    return bool(first) and first[0].strip(",.").casefold() in ("il", "elle", *(word.casefold() for word in who.speaker.value.split()))


def _is_voiced(text: str, claim: Claim) -> bool:
    return any(FIRST_PERSON.search(text, *span) for span in claim.spans)


def _is_quoted(document: Document, block: Block) -> bool:
    return block.kind == "quote" or document.text[block.start : block.end].lstrip()[:1] in '«"“„'


def follow_the_words(document: Document, blocks: list[Block], names: list[int]) -> bool:
    """Tell lines of names that sign the quotations before them from those that head the ones after them."""
    if len(names) < 2 or not names[0]:
        return False
    before = blocks[names[0] - 1]
    if not _is_quoted(document, before):
        alone = not any("\n" in document.text[blocks[number].start : blocks[number].end] for number in names)
        said = before.kind != "heading" and FIRST_PERSON.search(document.text, before.start, before.end) is not None
        return alone and said and names[-1] + 1 == len(blocks)
    return names[-1] + 1 >= len(blocks) or not _is_quoted(document, blocks[names[-1] + 1])


def _siblings(document: Document, blocks: list[Block], heads: dict[int, Attribution]) -> dict[int, Attribution]:
    """Short headings and bold lines that stand where others of their form name people, and may be names themselves."""
    forms = {number: _form(document, block) for number, block in enumerate(blocks) if block.end - block.start < 80}
    named = Counter(forms[number] for number in heads if number in forms)
    found: dict[int, Attribution] = {}
    for form, count in named.items():
        if count < 2 or not form.startswith(("heading", "bold")):
            continue
        alike = [number for number in range(min(heads), max(heads) + 2) if forms.get(number) == form]
        likely = {number: who for number in alike if number not in heads and (who := _may_be(document, blocks[number])) is not None}
        if count + len(likely) >= 0.75 * len(alike):
            found |= likely
    return found


def _may_be(document: Document, block: Block) -> Attribution | None:
    """Attribution with a name that no list knows, or that is an ordinary word too."""
    who = parse(document.text, *trimmed(document.text, block.start, block.end))
    if who.speaker is None or len(who.speaker.value.split()) > 3 or document.text[block.start : block.end].rstrip()[-1] in ".!?…:":
        return None
    first = classes(who.speaker.value.split()[0])
    return who if first & (GIVEN | NAME) or not first & WORD else None


def _firms(document: Document, blocks: list[Block], heads: dict[int, Attribution]) -> dict[int, Attribution]:
    """Headings over block quotations that are names of organisations: they speak for themselves.

    Every heading of that level must stand over a quotation, and at least two name nobody else.
    """
    found: dict[int, Attribution] = {}
    over = {number for number, block in enumerate(blocks[:-1]) if block.kind == "heading" and blocks[number + 1].kind == "quote"}
    levels = {blocks[number].level for number in over}
    for level in levels:
        alike = [number for number, block in enumerate(blocks) if block.kind == "heading" and block.level == level]
        if len(alike) < 2 or not set(alike) <= over:
            continue
        for number in alike:
            firm = organisation_in(document.text, blocks[number].start, blocks[number].end) if number not in heads else None
            if firm is not None:
                found[number] = Attribution(speaker=firm, space=firm, strength=0.5)
    told = sum(who.space is not None and who.space == who.speaker for who in heads.values())
    return found if len(found) + told > 1 else {}


def _body(document: Document, blocks: list[Block], number: int, heads: dict[int, Attribution], form: str) -> tuple[tuple[Span, ...], bool]:
    """Words that follow a name, until the next name, heading, or end of what is quoted."""
    text = document.text
    level = blocks[number].level if blocks[number].kind == "heading" else 9
    spans: list[Span] = []
    quoted = False
    open_mark = False
    for following, block in enumerate(blocks[number + 1 :], number + 1):
        if (following in heads and _form(document, blocks[following]) == form) or (following in heads and not open_mark and spans):
            break
        if block.kind == "heading" and (block.level <= level or not spans):
            break
        content = text[block.start : block.end].strip()
        starts = block.kind == "quote" or (content[:1] in '«"“„' and not _closes_early(text, block))
        if not spans:
            quoted = starts
        elif quoted and not open_mark and not starts:
            break
        if block.kind == "heading":
            continue
        spans.append((block.start, block.end))
        if quoted and block.kind != "quote":
            open_mark = not re.search(r"[»\"”][\s.,;!?)]*$", content) and not _closed(text, block)
    merged = merge(text, spans)
    return (without_marks(text, merged) if quoted else merged), quoted


def _closes_early(text: str, block: Block) -> bool:
    """Tell a title in quotation marks that opens a paragraph: «« Le sel et les hommes », par l'historien …»."""
    first = next(in_block(text, block.start, block.end, 0), None)
    return (
        first is not None
        and 2 * (first.outer[1] - block.start) < block.end - block.start
        and text[first.outer[1] : block.end].count("«") == 0
    )


def _closed(text: str, block: Block) -> bool:
    return any(block.end - quote.outer[1] <= 3 for quote in in_block(text, block.start, block.end, 0)) and text[block.end - 1] in '»"”.'
