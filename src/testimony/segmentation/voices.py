"""Who is said to have said a quotation: the incise in or after it, a signature, its sentence, the person in focus."""

from __future__ import annotations

import re

from ..gazetteer import ANONYMOUS
from ..types import Document, Span
from .answers import SIGNED_ITEM
from .attribution import parse
from .discourse import NO_SUBJECT, TOGETHER, described, gender, in_focus, subject
from .groups import ANNOUNCED_GROUP
from .houses import collective
from .names import SENTENCE_END, SOMEBODY, TITLES, Attribution, Field, find_name, find_names
from .nearby import attribution_near
from .quotes import Quote
from .reporting import incise_at, inner_incise, says
from .words import FIRST_PERSON, is_role_word

REACH = 600
"""Characters around a quotation in which its speaker is looked for: keeps the time linear in the document."""

_ACCORDING = re.compile(r"[\s\u00a0]{0,20}+(?:selon|pour|d['’]après|à en croire)[ \u00a0]", re.IGNORECASE)
_THESE_WORDS = re.compile(
    r"[\s\u00a0]{0,20}+(?:c['’]est (?:par|avec|en|sur) ces mots que|ainsi (?:parle|parlait|s['’]exprime|résume))[ \u00a0]", re.IGNORECASE
)
# What is written somewhere is nobody's word: «un écriteau : « Défense d'entrer »».
_WRITTEN = re.compile(
    r"(?:credo|mantra|leitmotiv|adage|dicton|proverbe|maxime|"
    r"écriteau|affiche(?:tte)?|panneau|pancarte|devise|slogan|titre|intitulée?|annonce|inscription|mot d['’]ordre|mention|baptisée?|appelée?|enseigne)\b",
    re.IGNORECASE,
)
LONGEST_GROUP = 6
"""Words of a group that signs."""
LONGEST_LEAD = 300
"""Characters of a paragraph that presents the person whose words are the next one."""
_SOMEBODY_SIGNS = re.compile(
    r"(?:(?:une?|un[·.(-]e\)?)[ \u00a0])?([\w·'’-]+)(?-i:(?:[ \u00a0][^,.;:()A-ZÀ-Ö]{1,40})?(?:,[ \u00a0][^,.;:()A-ZÀ-Ö]{1,40}){0,3})",
    re.IGNORECASE,
)
_PERSON = re.compile(r"femme|homme|garçon|fille|dame|monsieur|jeune|couple|maman|papa|mère|père|grand-(?:mère|père)", re.IGNORECASE)
_A_PERSON = re.compile(r"une?[ \u00a0]", re.IGNORECASE)
_ONE_OF_THEM = re.compile(r"[ \u00a0]l['’]une? d['’](?:entre )?(?:eux|elles)\b")
_SEVERAL = re.compile(r"(?<!\w)(?:[Ll]es|[Dd]es|[Dd]eux|[Tt]rois|[Qq]uelques|[Pp]lusieurs)[ \u00a0](\w+)s\b")
# «Le comité rappelle que « … »»: a rule, nobody's words.
_INSTITUTION = re.compile(
    r"(?:^|[.!?][ \u00a0\n])[ \u00a0\n]{0,3}(?:le|la|l['’]|les)[ \u00a0]?(?:comité|conseil|bureau|commission|assemblée|règlement|charte|statuts|convention|loi|contrat|rapport|"
    r"document|texte|article|note|notice|affiche|décret)(?!\w)[^«“\"]{0,60}$",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"[.\s\u00a0]*(?:[—–-]+|\(|~)?[ \u00a0]*")
_HE_OR_SHE = re.compile(r"(?<![\w-])(il|elle)(?![\w’'-])(?![ \u00a0](?:y[ \u00a0]a|faut|faudrait|s['’]agit)\b)", re.IGNORECASE)

_OWN = re.compile(r"(?:^|[.!?…»][ \u00a0\n])(?:Son|Sa|Ses)[ \u00a0]\w", re.MULTILINE)
"""«Son atelier …» at the head of a sentence: the person in focus has it."""

_LED = re.compile(r"(?:conduite|compagnie|houlette|côtés|mains|regard|coups? de main)[ \u00a0](?:de[ \u00a0]|d['’])$")
"""«sous la conduite de Dylan»: who leads may be who speaks."""

ONLY = 0.65
"""Likeness to a name of the one person of a paragraph."""

UNKNOWN_NAME = 0.3
"""Likeness to a name that is enough right after a reporting verb."""

Known = dict[str, Attribution]
"""People named so far, the one in focus last."""


def incise(text: str, start: int, end: int, known: Known, told: Span | None = None) -> tuple[Attribution, float]:
    """Read an incise such as «, raconte Samia, gérante du lieu», «, dit-elle» or «, soupire une habitante» at `start`; `told` is its paragraph before the words."""
    said = incise_at(text, start, end)
    if said is None:
        return Attribution(), 0.0
    ended = SENTENCE_END.search(text, start, said.range[1])
    stop = ended.start() + 1 if ended else said.range[1]
    begin, until = (max(start - REACH, told[0]), told[1]) if told is not None else (start, start)
    if said.pronoun:
        only_told = described(text, begin, until, known) if find_name(text, begin, until) is None else Attribution()
        fits = {"il": False, "elle": True}.get(said.pronoun.lower()) in (None, gender(only_told)) or gender(only_told) is None
        return (only_told if fits and (only_told.role or only_told.speaker) else in_focus(known, said.pronoun.lower())), 0.8
    if _ONE_OF_THEM.search(text, start, stop):
        return _of_those_named(text, begin, until), 0.85
    who = attribution_near(text, start, stop)
    if who.speaker is None:  # a verb that reports says that a capitalised word is a name
        who = attribution_near(text, start, stop, least=UNKNOWN_NAME)
    other = described(text, start, stop, known)
    if other.role is not None and (who.speaker is None or other.role.start < who.speaker.start) and other.speaker is None:
        beside = who.speaker is not None and not NO_SUBJECT.search(text[max(start, who.speaker.start - 10) : who.speaker.start])
        return (resolve(who, known), 0.95) if beside else (other, 0.85)
    if who.speaker is not None:
        return resolve(who, known), 0.95
    return (other, 0.85) if other.speaker is not None else (Attribution(), 0.0)


def _of_those_named(text: str, start: int, end: int) -> Attribution:
    """The role of several people last spoken of, of whom «l'un d'eux» is one."""
    roles = [match for match in _SEVERAL.finditer(text, start, end) if is_role_word(match.group(1))]
    return Attribution(role=Field(value=roles[-1].group(1), start=roles[-1].start(1), end=roles[-1].end(1))) if roles else Attribution()


def attribute(document: Document, quote: Quote, known: Known) -> tuple[Attribution, float, tuple[Span, ...]]:
    """Tell who says a quotation.

    Returns
    -------
    (Attribution, float, tuple of Span)
        The strength of the link between words and person, in [0, 1], and the words without an incise that stands among them.
    """
    text, block = document.text, document.blocks[quote.block]
    stop = min(block.end, quote.outer[1] + 260)
    told = (block.start, quote.outer[0])
    who, link = incise(text, quote.outer[1], stop, known, told)
    if link:
        return who, link, (quote.inner,)
    inside = inner_incise(text, *quote.inner)
    if inside is not None:
        (start, end), _ = inside
        who, link = incise(text, start, end, known, told)
        rest = ((quote.inner[0], start), (_skipped(text, end, quote.inner[1]), quote.inner[1]))
        words = tuple(span for span in rest if span[0] < span[1])
        if link and words:
            return who, link, words
    if quote.blockquote and (last := SIGNED_ITEM.search(text, max(quote.inner[0], quote.inner[1] - 120), quote.inner[1])) is not None:
        who = parse(text, *last.span(1 if last.group(1) else 2))  # «> … la fumée. (Kylian)»
        if who.speaker is not None and who.strength >= UNKNOWN_NAME:
            return resolve(who, known), 0.85, ((quote.inner[0], last.start() + 1),)
    if (signed := _signed(text, quote, block.end)) is not None:
        return resolve(signed, known), 0.85, (quote.inner,)
    who, link = _by_sentence(text, quote, (block.start, block.end), known)
    if link == 0 and quote.blockquote and who.speaker is None and who.role is None:
        who, link = _by_section(document, quote)
    if who.speaker is None and who.role is None and (introduced := _introduced(document, quote, known)).speaker is not None:
        who, link = resolve(introduced, known), max(link, 0.6)
    return who, link, (quote.inner,)


def _introduced(document: Document, quote: Quote, known: Known) -> Attribution:
    """The one person whom the paragraph before presents, where a paragraph is nothing but their words in the first person."""
    text, block = document.text, document.blocks[quote.block]
    alone = quote.outer[0] - block.start < 3 and block.end - quote.outer[1] < 3
    before = document.blocks[quote.block - 1] if quote.block else block
    if not alone or before is block or before.kind != "paragraph" or before.end - before.start > LONGEST_LEAD:
        return Attribution()
    if not FIRST_PERSON.search(text, *quote.inner) or any(mark in text[before.start : before.end] for mark in '«»“”"'):
        return Attribution()
    only = _only_person(text, before.start, before.end)
    pronouns = {match.group(1).lower() for match in _HE_OR_SHE.finditer(text, before.start, before.end)}
    if only.speaker is None and len(pronouns) == 1 and find_name(text, before.start, before.end) is None:
        only = in_focus(known, pronouns.pop())
    return Attribution(speaker=only.speaker, strength=only.strength)  # what they do is told where they are named in full


def _by_section(document: Document, quote: Quote) -> tuple[Attribution, float]:
    """The one person whom the paragraphs between a heading and a block quotation name."""
    head = next(
        (number for number in range(quote.block - 1, max(-1, quote.block - 8), -1) if document.blocks[number].kind == "heading"), None
    )
    if head is None or head + 1 == quote.block:
        return Attribution(), 0.0
    between = document.blocks[head + 1 : quote.block]
    if any(block.kind != "paragraph" for block in between):
        return Attribution(), 0.0
    only = _only_person(document.text, between[0].start, between[-1].end, by=True)
    return only, 0.6 if only.speaker else 0.0


def _skipped(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _signed(text: str, quote: Quote, end: int) -> Attribution | None:
    """Name right after the marks, after a dash or in parentheses, and little else in the paragraph."""
    stop = min(end, quote.outer[1] + 260)
    signature = _SIGNED.match(text, quote.outer[1], stop)
    if signature is None:
        return None
    rest = text[signature.end() : stop].strip(" ).;\u00a0\n")
    opens = text[signature.start() : signature.end()].strip().endswith("(")
    somebody = _SOMEBODY_SIGNS.fullmatch(rest) if signature.end() > quote.outer[1] + 1 or _A_PERSON.match(rest) else None
    if opens and (nobody := ANONYMOUS.fullmatch(rest)) is not None:
        at = text.index(nobody.group(), signature.end())
        return Attribution(role=Field(value=rest, start=at, end=at + len(rest)), strength=0.6)
    if somebody and (is_role_word(somebody.group(1)) or _PERSON.fullmatch(somebody.group(1))):
        role = rest[somebody.start(1) :].split(",", 1)[0]
        at = text.index(role, signature.end())
        return Attribution(role=Field(value=role, start=at, end=at + len(role)), strength=0.6)
    group = collective(text, signature.end(), stop)
    if group is not None and len(rest.split()) <= LONGEST_GROUP:
        return group  # «« … » Collectif Les Sans-Tickets»
    # A word alone in parentheses or after a dash needs to look less like a name.
    floor = 0.4 if rest.isalpha() else 0.55
    name = find_name(text, signature.end(), min(stop, signature.end() + 40), floor=floor)
    titled = TITLES.match(text, signature.end(), stop) if opens else None
    if name is None or name[0] - (titled.end() if titled else signature.end()) >= 2 or "," in text[quote.outer[1] : name[0]]:
        return None
    if len(text[quote.outer[1] : min(end, quote.outer[1] + REACH)].split()) > 14:
        return None
    closing = text.find(")", name[1], stop) if opens else -1
    who = parse(text, name[0], closing) if closing > 0 else Attribution()
    return who if who.speaker is not None and who.space is not None else attribution_near(text, name[0], end, least=floor)


def _by_sentence(text: str, quote: Quote, block: Span, known: Known) -> tuple[Attribution, float]:
    """Tell who says a quotation from the sentence it stands in, else from the one person of its paragraph."""
    stop = min(block[1], quote.outer[1] + REACH)
    told = _THESE_WORDS.match(text, quote.outer[1], stop)
    said = attribution_near(text, told.end(), stop) if told else Attribution()
    if said.speaker:
        return resolve(said, known), 0.85
    left, right = sentence_around(text, quote.outer[0], quote.outer[1], block)
    before = text[left : quote.outer[0]]
    colon = before.rstrip(" \u00a0").endswith(":")
    verb = says(text, left, quote.outer[0])
    who = subject(text, left, quote.outer[0], known)
    nobody = 0.0 if _INSTITUTION.search(before) else 0.6 if colon and who.speaker is None and ANNOUNCED_GROUP.search(before) else None
    if nobody is not None:
        return Attribution(), nobody
    according = _ACCORDING.match(before) is not None and before.rstrip(" \u00a0").endswith(",")
    if (who.speaker or who.role) and (verb or colon or according):
        return resolve(who, known), 0.85
    verb_after = says(text, quote.outer[1], right)
    after = subject(text, quote.outer[1], right, known) if verb_after else Attribution()
    if after.speaker or after.role:
        return resolve(after, known), 0.75
    if colon and not _WRITTEN.search(before) and (near := attribution_near(text, left, quote.outer[0])).speaker:
        return resolve(near, known), 0.75  # «Conférence d'Elsa Morin : …»
    if colon and not (verb or verb_after) and (_WRITTEN.search(before) or not known):
        return Attribution(), 0.0
    somebody = _somebody(text, left, before)
    if somebody.role and (colon or not (verb or verb_after)):
        return somebody, 0.75 if colon else 0.6
    if colon or verb or verb_after:
        return (in_focus(known) if known else _named_before(text, quote.outer[0])), 0.6
    near = attribution_near(text, left, quote.outer[0])
    if near.speaker:
        return resolve(near, known), 0.4
    return _by_paragraph(text, quote, block, known)


def _somebody(text: str, left: int, before: str) -> Attribution:
    """Somebody of whom only this is said, before a colon or on the line above: «Une dame pressée»."""
    lead = re.split(r"[,:]|[ \u00a0]qui[ \u00a0]", before.strip(), maxsplit=1)[0].strip()
    found = SOMEBODY.match(lead)
    if found is None:
        return Attribution()
    role = lead[found.start(1) :]
    at = text.index(role, left)
    return Attribution(role=Field(value=" ".join(role.split()), start=at, end=at + len(role)), strength=0.6)


def _by_paragraph(text: str, quote: Quote, block: Span, known: Known) -> tuple[Attribution, float]:
    """Words in the first person are those of the one person whom their paragraph names, or speaks of as «elle»."""
    inner = text[quote.inner[0] : quote.inner[1]]
    before = text[block[0] : quote.outer[0]].rstrip(" \u00a0\n*_")
    stands = inner[-1:] in ".!?…" and (not before or before[-1] in '.!?…»”"')  # a sentence of its own, not part of another
    if not inner[:1].isupper() or not (stands or FIRST_PERSON.search(inner)):
        return Attribution(), 0.0
    begin = max(block[0], quote.outer[0] - REACH)
    only = _only_person(text, begin, quote.outer[0])
    if only.speaker:
        return resolve(only, known), 0.5
    pronouns = {match.group(1).lower() for match in _HE_OR_SHE.finditer(text, begin, quote.outer[0])}
    own = not pronouns and len(known) == 1 and _OWN.search(text, begin, quote.outer[0]) is not None
    who = in_focus(known, pronouns.pop()) if len(pronouns) == 1 else in_focus(known) if own else Attribution()
    return (who, 0.5) if who.speaker else (who, 0.0)


def sentence_around(text: str, start: int, end: int, block: Span) -> Span:
    """Widen a range to its sentence within a block."""
    left = max(block[0], start - REACH)
    for match in SENTENCE_END.finditer(text, left, start):
        left = match.end()
    stop = min(block[1], end + REACH)
    right = SENTENCE_END.search(text, end, stop)
    return left, right.end() if right else stop


def _only_person(text: str, start: int, end: int, *, by: bool = False) -> Attribution:
    """Give the one person named in a range; nobody when there are several. `by` where «porté par Aïssatou Ba» names them too."""
    found: dict[str, int] = {}
    for name in find_names(text, start, end, floor=ONLY):
        before = text[max(0, name[0] - 10) : name[0]]
        if (
            not NO_SUBJECT.search(before)
            or _LED.search(text, max(0, name[0] - 24), name[0])
            or (by and before.endswith(("par ", "par\u00a0")))
        ):
            found.setdefault(text[name[0] : name[1]], name[0])
    return attribution_near(text, next(iter(found.values())), end) if len(found) == 1 else Attribution()


def _named_before(text: str, at: int) -> Attribution:
    """Person last named in the paragraphs before, whom «son regard» or «elle» may stand for."""
    names = list(find_names(text, max(0, at - REACH), at))
    return attribution_near(text, names[-1][0], min(at, names[-1][1] + 120)) if names else Attribution()


def resolve(who: Attribution, known: dict[str, Attribution], *, aside: bool = False) -> Attribution:
    """Give a first name its full name and role where the document said them before; remember who was named, behind all others when named aside."""
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
        others = list(known.items()) if aside else []
        for name, _ in others:
            del known[name]
        known[who.speaker.value] = who
        known.update(others)
    return who
