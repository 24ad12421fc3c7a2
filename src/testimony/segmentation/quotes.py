"""Quotation marks, reporting verbs and incises: words quoted inside prose, and who is said to have said them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ..types import Document, Span
from .claims import Claim, is_marked, merge, trimmed, words_in
from .names import TITLES, Attribution, find_name
from .nearby import attribution_near, people_named
from .profile import ANNOUNCED_GROUP
from .reporting import incise_at, says
from .words import is_role_word

_MARKS = re.compile('[«»“”"„]')
REACH = 600
"""Characters around a quotation in which its speaker is looked for: keeps the time linear in the document."""

MAX_QUOTES = 200
"""Quotations looked at in one block: a paragraph with more is no testimony."""

MAX_PIECES = 50
"""Pieces in which incises may cut one testimonial."""

WEAK = 0.4
"""Confidence below which a quotation needs the rest of the document to be somebody's words."""

MIN_WORDS = 5
"""Words below which a quotation in prose is a title, a term or scare quotes, unless somebody is said to say it."""

# A couple says what it says together; one of the two may speak alone too.
TOGETHER = re.compile(r"[ \u00a0](?:et|&)[ \u00a0]")
_SENTENCE_END = re.compile(r"[.!?…](?:[\s»”\")]|$)")
_ANNOUNCED = re.compile(
    r"(?:témoign|retours?|verbatims?|réactions?|avis|ils? (?:en )?(?:disent|racontent)|paroles? de|impressions?|citations?|ce qu['’]\w+ (?:en )?disent)",
    re.IGNORECASE,
)


# A name after these is seldom the one that «elle» stands for: «les locaux de France Info».
_ACCORDING = re.compile(r"[\s\u00a0]*(?:selon|pour|d['’]après|à en croire)[ \u00a0]", re.IGNORECASE)
_THESE_WORDS = re.compile(
    r"[\s\u00a0]*(?:c['’]est (?:par|avec|en|sur) ces mots que|ainsi (?:parle|parlait|s['’]exprime|résume))[ \u00a0]", re.IGNORECASE
)
_NO_SUBJECT = re.compile(r"(?<!\w)(?:de|d['’]|du|des|à|au|aux|chez)[ \u00a0]?$", re.IGNORECASE)
_I = re.compile(r"(?<![\w’'-])(?:je|j['’]|me|m['’]|moi|mon|ma|mes|nous|notre|nos|on)(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotation: the range inside its marks and the range with them."""

    inner: Span
    outer: Span
    block: int
    blockquote: bool = False


def in_block(text: str, start: int, end: int, number: int) -> Iterator[Quote]:
    """Find the outermost quotations of a block; « » may be opened or closed the wrong way round, straight marks alternate.

    An unclosed quotation ends with its block.
    """
    opened: int | None = None
    opener = closing = ""
    depth = 0
    last = {mark: text.rfind(mark, start, end) for mark in '«»“”"„'}
    for match in _MARKS.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if opened is None:
            if not _opens(text, at, start, end):
                continue
            opened, depth = at, 1
            opener, closing = mark, {"«": "»", "“": "”", "»": "«»", '"': '"', "„": "“”", "”": "”"}[mark]
        elif (mark == opener and mark not in closing) or (mark == '"' == opener and _opens_word(text, at, end) and last[mark] > at + 1):
            depth += 1
        elif mark in closing or (opener == "“" and mark == '"' and last["”"] < at):
            depth -= 1
            if depth <= 0 or last[mark] <= at:
                inner = trimmed(text, opened + 1, at)
                if inner[0] < inner[1]:
                    yield Quote(inner=inner, outer=(opened, at + 1), block=number)
                opened = None
    if opened is not None and end - opened > 40:
        inner = trimmed(text, opened + 1, end)
        if len(text[inner[0] : inner[1]].split()) >= MIN_WORDS:
            yield Quote(inner=inner, outer=(opened, end), block=number)


def _opens_word(text: str, at: int, end: int) -> bool:
    """Tell a straight mark that opens a quotation inside another: after a space and before a word."""
    return text[at - 1].isspace() and at + 1 < end and text[at + 1].isalnum()


def _opens(text: str, at: int, start: int, end: int) -> bool:
    """Tell whether a mark may open a quotation: a closing mark does so only at the beginning of a word, a straight one not after one."""
    before, after = text[at - 1] if at > start else " ", text[at + 1] if at + 1 < end else " "
    if text[at] in "”»":
        return after.isalnum() and before.isspace()
    return text[at] != '"' or not before.isalnum()


def find(document: Document) -> list[Quote]:
    """Find every quotation of the document's prose, block quotations included, in order."""
    quotes: list[Quote] = []
    text = document.text
    last_group = None
    for number, block in enumerate(document.blocks):
        if block.kind not in ("paragraph", "quote", "item"):
            continue
        inside = list(islice(in_block(text, block.start, block.end, number), MAX_QUOTES))
        covered = words_in(text, [quote.inner for quote in inside])
        whole = len(text[block.start : block.end].split())
        if block.kind == "quote" and covered < 0.6 * whole:
            if last_group == block.group and block.group >= 0 and quotes:
                quotes[-1] = Quote(
                    inner=(quotes[-1].inner[0], block.end), outer=(quotes[-1].outer[0], block.end), block=number, blockquote=True
                )
            else:
                quotes.append(Quote(inner=(block.start, block.end), outer=(block.start, block.end), block=number, blockquote=True))
            last_group = block.group
        else:
            quotes += inside
            last_group = None
    return quotes


def incise(text: str, start: int, end: int) -> tuple[Span | None, Attribution]:
    """Read an incise such as «, raconte Samia, gérante du lieu» at `start`."""
    said = incise_at(text, start, end)
    if said is None:
        return None, Attribution()
    stop = said.range[1]
    ended = _SENTENCE_END.search(text, start, stop)
    stop = ended.start() + 1 if ended else stop
    return (start, stop), attribution_near(text, start, stop)


def sentence_around(text: str, start: int, end: int, block: Span) -> Span:
    """Widen a range to its sentence within a block."""
    left = max(block[0], start - REACH)
    for match in _SENTENCE_END.finditer(text, left, start):
        left = match.end()
    stop = min(block[1], end + REACH)
    right = _SENTENCE_END.search(text, end, stop)
    return left, right.end() if right else stop


def attribute(document: Document, quote: Quote, known: dict[str, Attribution]) -> tuple[Attribution, float]:
    """Tell who says a quotation: an incise after it, a signature, a reporting verb before it, the name in its sentence.

    Returns
    -------
    (Attribution, float)
        The second is the strength of the link between words and name, in [0, 1].
    """
    text, block = document.text, document.blocks[quote.block]
    stop = min(block.end, quote.outer[1] + 260)
    _, who = incise(text, quote.outer[1], stop)
    if who.speaker:
        return resolve(who, known), 0.95
    signature = re.compile(r"[.\s\u00a0]*(?:[—–-]+|\(|~)?[ \u00a0]*").match(text, quote.outer[1], stop)
    if signature:
        name = find_name(text, signature.end(), min(stop, signature.end() + 40))
        titled = TITLES.match(text, signature.end(), stop) if text[signature.start() : signature.end()].strip().endswith("(") else None
        if (
            name
            and name[0] - (titled.end() if titled else signature.end()) < 2
            and len(text[quote.outer[1] : min(block.end, quote.outer[1] + REACH)].split()) <= 14
            and "," not in text[quote.outer[1] : name[0]]
        ):
            return resolve(attribution_near(text, name[0], block.end), known), 0.85
    said = incise_at(text, quote.outer[1], stop)
    if said is not None and said.pronoun:
        return last_known(known), 0.8
    return _by_sentence(text, quote, (block.start, block.end), known)


def _by_sentence(text: str, quote: Quote, block: Span, known: dict[str, Attribution]) -> tuple[Attribution, float]:
    """Tell who says a quotation from the sentence it stands in, else from the one person of its paragraph."""
    stop = min(block[1], quote.outer[1] + REACH)
    told = _THESE_WORDS.match(text, quote.outer[1], stop)
    said = attribution_near(text, told.end(), stop) if told else Attribution()
    if said.speaker:
        return resolve(said, known), 0.85
    left, right = sentence_around(text, quote.outer[0], quote.outer[1], block)
    before = text[left : quote.outer[0]]
    who = attribution_near(text, left, quote.outer[0])
    colon = before.rstrip(" \u00a0").endswith(":")
    if colon and who.speaker is None and ANNOUNCED_GROUP.search(before):
        return Attribution(), 0.6
    according = _ACCORDING.match(before) is not None and before.rstrip(" \u00a0").endswith(",")
    if who.speaker and (says(text, left, quote.outer[0]) or colon or according):
        return resolve(who, known), 0.85
    after = attribution_near(text, quote.outer[1], right)
    if after.speaker and says(text, quote.outer[1], right):
        return resolve(after, known), 0.75
    if colon or says(text, left, quote.outer[0]) or says(text, quote.outer[1], right):
        return (last_known(known) if known else _named_before(text, quote.outer[0])), 0.6
    if who.speaker:
        return resolve(who, known), 0.4
    inner = text[quote.inner[0] : quote.inner[1]]
    if inner[:1].isupper() and _I.search(inner):
        only = _only_person(text, max(block[0], quote.outer[0] - REACH), quote.outer[0])
        return (resolve(only, known), 0.5) if only.speaker else (only, 0.0)
    return Attribution(), 0.0


def _only_person(text: str, start: int, end: int) -> Attribution:
    """Give the one person named in a range; nobody when there are several."""
    found: dict[str, int] = {}
    name = find_name(text, start, end, floor=0.7)
    while name is not None:
        if not _NO_SUBJECT.search(text[max(0, name[0] - 10) : name[0]]):
            found.setdefault(text[name[0] : name[1]], name[0])
        name = find_name(text, name[1], end, floor=0.7)
    return attribution_near(text, next(iter(found.values())), end) if len(found) == 1 else Attribution()


def _named_before(text: str, at: int) -> Attribution:
    """Person last named in the paragraphs before, whom «son regard» or «elle» may stand for."""
    found: Attribution = Attribution()
    begin = max(0, at - REACH)
    name = find_name(text, begin, at)
    while name is not None:
        found = attribution_near(text, name[0], min(at, name[1] + 120))
        name = find_name(text, name[1], at)
    return found


def last_known(known: dict[str, Attribution]) -> Attribution:
    """Give the person last named."""
    return next(reversed(known.values()), Attribution())


def resolve(who: Attribution, known: dict[str, Attribution]) -> Attribution:
    """Give a first name its full name and role where the document said them before; remember who was named."""
    if who.speaker is None:
        return who
    name = who.speaker.value
    full = [value for key, value in known.items() if key == name or (name in re.split(r"[ \u00a0]", key) and not TOGETHER.search(key))]
    if len(full) == 1 and full[0].speaker is not None:
        before = full[0]
        who = Attribution(
            speaker=before.speaker if before.speaker and len(before.speaker.value) >= len(name) else who.speaker,
            role=who.role or before.role,
            space=who.space or before.space,
            strength=max(who.strength, before.strength),
        )
        known.pop(before.speaker.value, None) if before.speaker else None
    if who.speaker is not None:
        known.pop(who.speaker.value, None)
        known[who.speaker.value] = who
    return who


def inline(document: Document) -> list[Claim]:
    """Claim quotations in prose that somebody is said to say; those of one paragraph that an incise parts are one testimonial.

    A quotation in the first person that nobody is said to say is claimed with little confidence: the document as a whole may tell.
    """
    known: dict[str, Attribution] = {}
    named = people_named(document)
    claims: list[Claim] = []
    text = document.text
    announced = bool(_ANNOUNCED.search(text[: document.blocks[0].end])) if document.blocks else False
    last: Quote | None = None
    for quote in find(document):
        block = document.blocks[quote.block]
        lead = document.text[max(0, quote.outer[0] - 120) : quote.outer[0]]
        announced = announced or bool(_ANNOUNCED.search(lead) and lead.rstrip(" \n\u00a0*_").endswith(":"))
        _remember(text, max(block.start, quote.outer[0] - REACH), quote.outer[0], named, known)
        who, link = attribute(document, quote, known)
        if last is not None and _joins(text, claims, last, quote) and not _another(claims[-1].who, who, link):
            claims[-1] = Claim(
                rule=claims[-1].rule,
                spans=merge(text, (*claims[-1].spans, quote.inner)),
                who=claims[-1].who if claims[-1].who.speaker else who,
                confidence=max(claims[-1].confidence, link),
            )
        elif not _is_title(document, quote, link):
            confidence = _confidence(document, quote, link, announced)
            if confidence > 0:
                who = _with_role(who, named)
                rule = "block quotation" if quote.blockquote else "quotation"
                claims.append(Claim(rule=rule, spans=(quote.inner,), who=who, confidence=confidence))
        last = quote
    return claims


def _confidence(document: Document, quote: Quote, link: float, announced: bool) -> float:
    """How sure it is that a quotation is somebody's words; 0 when it is a term, a title or scare quotes."""
    inner = document.text[quote.inner[0] : quote.inner[1]]
    n_words = len(inner.split())
    if n_words < MIN_WORDS and not ((link >= 0.8 or (announced and quote.blockquote)) and n_words >= 3):
        return 0.0
    block = document.blocks[quote.block]
    alone = quote.outer[0] - block.start < 3 and block.end - quote.outer[1] < 3
    strong = quote.blockquote or (alone and (n_words >= 8 or announced))
    confidence = max(
        link,
        0.75 if quote.blockquote and (n_words >= MIN_WORDS or announced) else 0.0,
        0.6 if strong and announced else 0.45 if alone else 0.0,
    )
    if confidence < WEAK and inner[:1].isupper() and _I.search(inner):
        return WEAK - 0.05
    # Part of a sentence that only stands near a name: a wording, not words of somebody's own.
    return 0.0 if confidence < WEAK or (link <= WEAK and not alone and inner[:1].islower() and n_words < 12) else confidence


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


def _remember(text: str, start: int, end: int, named: dict[str, Attribution], known: dict[str, Attribution]) -> None:
    name = find_name(text, start, end)
    while name is not None:
        if _NO_SUBJECT.search(text[max(0, name[0] - 10) : name[0]]):
            name = find_name(text, name[1], end)
            continue
        value = " ".join(text[name[0] : name[1]].split())
        known.pop(value, None)
        known[value] = named.get(value) or attribution_near(text, name[0], name[1])
        name = find_name(text, name[1], end)


def _continues(text: str, last: Quote, quote: Quote) -> bool:
    """Tell whether only an incise stands between two quotations."""
    between = text[last.outer[1] : quote.outer[0]]
    if len(between) > 160:
        return False
    if not between.strip(" \u00a0\n"):
        return True
    said = incise_at(text, last.outer[1], quote.outer[0])
    ends = [found.start() for found in _SENTENCE_END.finditer(between)]
    return said is not None and (not ends or ends[0] >= len(between.rstrip()) - 1)
