"""What a document says of its speakers outside the attribution itself: role before the name, profile lines, self-introductions, the space."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

from ..spaces import signature
from ..types import Document
from .attribution import split_role
from .claims import Claim
from .groups import announced_group, one_of
from .houses import KIND, field_of, is_town, organisation_at
from .names import Attribution, Field, person_score
from .premises import house_told, initials, school_of, space_of
from .sections import house_at, houses_by_section
from .signboard import KINDS
from .words import STATUS, is_role_word

_ROLE_LABEL = re.compile(
    r"(?:^|\n)[ \t•*–-]*(?:poste|métier|profession|fonction|rôle|activité|statut|job|situation)(?:[ \u00a0]\w+){0,2}[ \u00a0]?:[ \u00a0]*([^\n]{2,90})"
    r"|(?:quel|dans quel|votre|ton|ta|quelle)[^\n?]{0,30}(?:métier|profession|fonction|activité)[^\n?]{0,25}\?[ \u00a0]*([^\n]{2,70})",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"(?:(?:le |son |mon )?profil|contexte|qui (?:est|es|êtes)|identité|présentation|portrait|le participant|la participante)\b",
    re.IGNORECASE,
)
_SPACE_LABEL = re.compile(
    r"(?:^|\n)[ \t•*–-]*(?:entreprise|organisation|structure|société|employeur|association|espace|tiers-lieu)(?:[ \u00a0][\w'’]+){0,2}[ \u00a0]?:"
    r"[ \u00a0]*([^\n]{2,80})"
    rf"|(?:^|\n)[ \t•*–-]*(?:lieu|où)(?:[ \u00a0]\w+){{0,2}}[ \u00a0]?:[ \u00a0]*(?=(?:l['’]|le[ \u00a0]|la[ \u00a0])?{KINDS}[ \u00a0]|co-?work)([^\n]{{2,80}})",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"(?:aujourd['’]hui|désormais|actuellement|maintenant)[ \u00a0]?,?[ \u00a0]?(?=je[ \u00a0](?:suis|travaille))", re.IGNORECASE
)
# «j'étais …» says what one is no longer.
_I_AM = re.compile(
    r"(?<!\w)(?:je suis(?:[ \u00a0]devenue?)?|je travaille (?:comme|en tant que?)|je travaille en tant qu['’]|en tant que?|en tant qu['’]|moi c['’]est|"
    r"(?:mon|notre) (?:poste|contrat|métier|travail|mandat|rôle|activité) (?:de |d['’]|c['’]est |est ))"
    r"[ \u00a0]?(?:un[ \u00a0]|une[ \u00a0]|le[ \u00a0]|la[ \u00a0]|l['’]|aussi[ \u00a0]|donc[ \u00a0])?(?=(\w[\w·'’-]*))",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"(?:quitt|laiss|démissionn|abandonn|perd|lâch)\w*[ \u00a0](?:de[ \u00a0])?$", re.IGNORECASE
)  # «je quittais mon poste de …»
_LEADING_ROLE = re.compile(r"(?:En tant qu(?:e |['’]))?(?=([A-ZÀ-Ö][\w·'’-]{0,40}+))[^,.;:!?\n«»]{3,60}(?=, (?:je|j['’]))")
_I_WORK = re.compile(
    r"(?<!\w)(?:j['’]ai rejoint|(?:je travaille|je bosse|j['’]enseigne|j['’]exerce|je suis (?:salariée?|employée?|"
    r"en (?:alternance|stage|apprentissage|service civique)))[^.!?;:\n]{0,70}?[ \u00a0](?:à|au|chez|pour|dans))[ \u00a0]",
    re.IGNORECASE,
)
# «Je suis arrivé à La Capsule», «entré au Fournil»
_I_CAME = re.compile(
    r"(?<!\w)(?:[Jj]e[ \u00a0]|[Jj]['’]ai[ \u00a0])(?:quitté?e?|fréquenté?e?|découvr\w+|découvert|connais|connu|rejoin[st])[ \u00a0]"
    r"(?P<place>(?:L[ae]s?[ \u00a0]|L['’])[A-ZÀ-Ö][\w-]+(?:[ \u00a0](?:(?:des?|du|de la|d['’])[ \u00a0]?)?[A-ZÀ-Ö][\w-]+){0,3})|"
    r"(?<!\w)(?:(?:[Jj]e|[Jj]['’])[ \u00a0]?(?:suis|étais|y suis)[ \u00a0](?:arrivée?|entrée?|venue?|installée?|inscrite?)|(?<!\w)[Jj]['’]arrive|[Jj]e[ \u00a0](?:viens|travaille)|"
    r"[Mm]on[ \u00a0](?:premier|dernier)[ \u00a0]jour)[ \u00a0](?i:à|au|chez|dans)[ \u00a0]"
    r"((?:(?<=à[ \u00a0])(?:L[ae]s?[ \u00a0]|L['’])|(?<=dans[ \u00a0])(?:L[ae]s?[ \u00a0]|L['’])|(?<=au[ \u00a0])|(?<=chez[ \u00a0])|"
    r"(?<=à[ \u00a0])(?:la[ \u00a0]|l['’])(?=[A-ZÀ-Ö][\w-]+[ \u00a0](?:(?:des?|du)[ \u00a0]|d['’])?[A-ZÀ-Ö]))[A-ZÀ-Ö][\w-]+"
    r"(?:[ \u00a0](?:(?:des?|du|de la|d['’])[ \u00a0]?)?[A-ZÀ-Ö][\w-]+){0,3})"
)
# «Rencontre avec cette relieuse …»
_THIS_ONE = re.compile(r"(?<![\w’'-])(?:cet|cette|ce|notre)[ \u00a0](?:jeune[ \u00a0])?(?=(\w[\w·'’-]*))", re.IGNORECASE)
_PHRASE_END = re.compile(
    r"[.;:!?…()«»\n]|,|[ \u00a0](?:et je|et j['’]|mais|depuis|qui|que|quand|lorsque|parce|car|à mi-temps|pendant|dans le|ce)\b"
)
# What everybody in the house is: a trade that the speaker tells says more.
_MEMBER = re.compile(r"(?:coworkeu[rs]e?|coworker|membre|adhérente?|résidente?|usag(?:er|ère)|habituée?|participante?)", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:maire|adjointe?(?![ \u00a0](?!au|à|aux|chargée|délégu|en[ \u00a0]charge|du|de)\w)|échevine?|bourgmestre|préfète?|sous-préfète?|ministre|députée?|sénat(?:eur|rice)|élue?|"
    r"conseill(?:er|ère)[ \u00a0](?:municipal|départemental|régional|communautaire)e?|"
    r"(?:vice-)?présidente?[ \u00a0](?:de la (?:région|métropole|communauté)|du (?:département|conseil)))\b",
    re.IGNORECASE,
)
_TWO = re.compile(r"(?<![\w-])[A-ZÀ-Ö][\w-]{1,60}[ \u00a0](?:et|&)[ \u00a0]")
ARTICLE = "first-person article"
_IN_PROSE = frozenset({"quotation", "block quotation"})
# «Chez Mecanord, à Denain, …», «Même constat au sein du groupe Alma Textile.»
_AT_A_FIRM = re.compile(
    r"(?<!\w)(?:[Cc]hez|[Aa]u sein d(?:e la|e l['’]|u|e|['’])|[Dd]u côté d(?:e la|e l['’]|u|e|['’]))(?:(?<=['’])|[ \u00a0])(?=[^.!?\n]{0,200}[.!?])"
)
AT_ONCE = 300
"""Characters within which somebody who is asked who they are says it."""

REACH = 600
"""Characters before a quotation in which its paragraph speaks of a firm: keeps the time linear."""

PERSON = 0.5
"""Likeness to a name from which «chez …» leads to somebody's home."""

LONGEST_FIRM = 5
"""Words of a firm in prose."""

MAX_SPACES = 100
"""Spaces of one document whose names are compared."""


def role_before(text: str, start: int, floor: int) -> Field | None:
    """Role set before a name: «la responsable du groupe trésorerie, Anne …», «notre stagiaire Ambre»."""
    begin = max(floor, start - 70)
    lead = text[begin:start].rstrip(" \u00a0,")
    longest = 10 if text[begin + len(lead) : start].startswith(",") else 6  # an apposition may say for whom, and where
    cut = max(lead.rfind(mark) for mark in '.;:!?«»(\n"')
    for word in re.finditer(r"[\w·'’-]+", lead[cut + 1 :]):
        value = re.sub(r"^[ld]['’]", "", word.group(), flags=re.IGNORECASE)
        at = cut + 1 + word.end() - len(value)
        phrase = lead[at:]
        if value.endswith("s") and is_role_word(value[:-1]) and not _TWO.match(text, start):
            continue  # «les journalistes …» are not the one person named next
        if (
            is_role_word(value)
            and len(phrase.split()) <= longest
            and not re.search(r"\b(?:et|avec|que|qui|est|a|ont|sont|par|,)\b|,", phrase)
        ):
            return Field(value=" ".join(phrase.split()), start=begin + at, end=begin + len(lead))
    return None


def _labelled(pattern: re.Pattern[str], text: str) -> Field | None:
    match = pattern.search(text)
    if match is None:
        return None
    group = next(number for number in range(1, (match.lastindex or 0) + 1) if match.group(number))
    value = match.group(group).strip(" .;,*_")
    start = match.start(group) + match.group(group).find(value)
    return Field(value=" ".join(value.split()), start=start, end=start + len(value)) if value else None


def _in_profile(document: Document) -> Field | None:
    """Role that opens the first line under a heading «Profil»."""
    for heading, below in pairwise(document.blocks):
        if heading.kind == "heading" and _PROFILE.match(document.text, heading.start, heading.end):
            line = document.text[below.start : below.end].split("\n", 1)[0]
            role, _ = split_role(document.text, below.start, below.start + len(line))
            return role if role is not None and is_role_word(role.value.split()[0]) else None
    return None


def introduced(text: str, start: int, end: int, reach: int = 700) -> tuple[Field | None, Field | None]:
    """Role, and organisation, in which a speaker introduces themself near the beginning: «Je suis enseignante en CE1»."""
    end = min(end, start + reach)
    role = space = None
    if (leading := _LEADING_ROLE.match(text, start, end)) and is_role_word(leading.group(1)):  # «Ancien militaire, je me méfiais …»
        role, space = split_role(text, start, leading.end())
    for match in _I_AM.finditer(text, start, end) if role is None else ():
        if is_role_word(match.group(1)) and not _LEFT.search(text, max(start, match.start() - 30), match.start()):
            stop = _PHRASE_END.search(text, match.end(), end)
            role, space = split_role(text, match.end(), stop.start() if stop else end)
            break
    studies = re.compile(rf"(?<!\w)je suis[ \u00a0](?={STATUS.pattern})", re.IGNORECASE).search(text, start, end) if role is None else None
    if studies is not None:
        stop = _PHRASE_END.search(text, studies.end(), end)
        role, space = split_role(text, studies.end(), stop.start() if stop else end)
    if space is None:
        for match in _I_WORK.finditer(text, start, end):
            place = organisation_at(text, match.end(), end)
            if place is not None:
                value = " ".join(text[place[0] : place[1]].split())
                space = Field(value=value, start=place[0], end=place[1])
                break
    came = _I_CAME.search(text, start, end) if space is None else None
    if came is not None and not is_town(came.group(group := came.lastindex or 1)):
        article = re.match(r"(?:la[ \u00a0]|l['’])?", came.group(group))  # «j'arrive à la Scierie Ouverte»
        space = field_of(text, came.start(group) + (article.end() if article else 0), came.end(group))
    return role, space


def _told_before(text: str, start: int, end: int) -> Field | None:
    """Role in which an introduction speaks of the person whom it leads to."""
    for match in _THIS_ONE.finditer(text, start, end):
        if is_role_word(match.group(1)):
            return Field(value=match.group(1), start=match.start(1), end=match.end(1))
    return None


def _own_metadata(document: Document) -> Field | None:
    """Role in which an author introduces themself in the title or summary."""
    for key in ("title", "summary", "description", "resume", "excerpt", "subtitle"):
        value = str(document.metadata.get(key) or "")
        role, _ = introduced(value, 0, len(value))
        if role is not None:
            return Field(value=role.value, start=role.start, end=role.end, key=key)
    return None


def house_of_paragraph(document: Document, claim: Claim) -> Field | None:
    """The firm that the paragraph of a quotation has been speaking of: «Chez Mecanord, …»."""
    text, start = document.text, claim.spans[0][0]
    block = document.blocks[max(0, bisect_right(document.blocks, start, key=attrgetter("start")) - 1)]
    for link in reversed(list(_AT_A_FIRM.finditer(text, max(block.start, start - REACH), start))):
        named = organisation_at(text, link.end(), start)
        value = text[slice(*named)] if named else ""
        firm = KIND.match(text, link.end(), start) is not None or person_score(value) < PERSON
        if named is not None and firm and not is_town(value) and len(value.split()) <= LONGEST_FIRM:
            return field_of(text, *named)
    return None


def _in_labels(document: Document) -> tuple[Field | None, Field | None]:
    """Trade and house that a line of its own says of the one person who speaks: «Profession : …», «Lieu : espace de coworking …»."""
    text = document.text
    role = _labelled(_ROLE_LABEL, text) or _in_profile(document)
    space = _labelled(_SPACE_LABEL, text)
    if space is not None and (named := organisation_at(text, space.start, space.end)) is not None:
        space = field_of(text, *named)
    if role is not None and space is None:
        trade, space = split_role(text, role.start, role.end)
        role = trade or role
    return role, space


def _house_of_all(document: Document, claims: list[Claim], *, alone: bool) -> Field | None:
    """The house that the document is about, unless it is one speaker's own."""
    house = space_of(document) or house_told(document, claims[0].spans[0][0], alone=alone)
    if house is None or house.key is not None:
        return house
    own = any(claim.who.space and claim.who.space.start <= house.start < claim.who.space.end for claim in claims)
    return None if own else house


def _of_oneself(document: Document, claim: Claim) -> tuple[Field | None, Field | None]:
    """Role and house that the words themselves tell."""
    text = document.text
    start, end = claim.spans[0][0], claim.spans[-1][1]
    article, asked = claim.rule == ARTICLE, claim.rule == "interview"
    role, space = introduced(text, start, end if asked else claim.spans[0][1], 3000 if article or asked else 700)
    if role is None and claim.rule.startswith("interview") and (today := _TODAY.search(text, start, end)):
        role, space = introduced(text, today.end(), end, 120)
    return (_own_metadata(document) if role is None and article else role), space


def complete(document: Document, claims: list[Claim]) -> list[Claim]:
    """Fill in role and space where the document says them elsewhere."""
    if document.record is not None or not claims:
        return claims
    text = document.text
    speakers = {claim.who.speaker.value for claim in claims if claim.who.speaker}
    alone = len(speakers) == 1 or (len(claims) == 1 and not speakers)
    role, space = _in_labels(document) if alone else (None, None)
    if len(claims) == 1:
        role = role or _told_before(text, 0, claims[0].spans[0][0])
    anyone = announced_group(document)
    school = school_of(document) if alone else None
    of_all = _house_of_all(document, claims, alone=alone)
    sections = houses_by_section(document, [claim.spans[0][0] for claim in claims])
    result = []
    for claim in claims:
        who = claim.who
        house = house_at(document, sections, claim.spans[0][0])
        if house is not None and who.space is not None and signature(who.space.value) == signature(house.value):
            who = replace(who, space=house)
        own_role, own_space = _of_oneself(document, claim)
        if who.speaker is None and who.role is None and claim.rule != ARTICLE:
            who = replace(who, role=anyone)
        who = Attribution(
            speaker=who.speaker,
            role=(own_role if own_role and who.role and _says_more(own_role, who.role, claim) else who.role)
            or own_role
            or role
            or one_of(document, claim),
            space=school
            or who.space
            or own_space
            or house
            or space
            or (house_of_paragraph(document, claim) if claim.rule in _IN_PROSE else None)
            or (None if _holds_office(who.role or own_role) else of_all),
            strength=who.strength,
        )
        result.append(replace(claim, who=who))
    return _alike(result)


def _alike(claims: list[Claim]) -> list[Claim]:
    """Give what somebody tells of themselves once, in the first of their turns, to all their words."""
    told: dict[str, Attribution] = {}
    for claim in claims:
        if claim.rule == "turns" and claim.who.speaker is not None and claim.who.role is not None:
            told.setdefault(claim.who.speaker.value, claim.who)
    return [
        replace(claim, who=replace(claim.who, role=told[name.value].role, space=claim.who.space or told[name.value].space))
        if (name := claim.who.speaker) is not None and claim.who.role is None and name.value in told
        else claim
        for claim in claims
    ]


def is_former(role: Field | None) -> bool:
    """Tell no role, or one that somebody had before: «ancienne kinésithérapeute»."""
    return role is None or re.match(r"(?:ancien(?:ne)?|ex-)", role.value, re.IGNORECASE) is not None


def _says_more(own: Field, told: Field, claim: Claim) -> bool:
    """Tell whether the role in which somebody introduces themself outdoes the one that others give them."""
    if _MEMBER.fullmatch(told.value):
        return True
    at_once = claim.rule == "interview" and own.start - claim.spans[0][0] < AT_ONCE
    return at_once and len(own.value.split()) > len(told.value.split())


def _holds_office(role: Field | None) -> bool:
    """Tell who speaks for a public body, not for the house that the document is about."""
    return role is not None and _OFFICE.search(role.value) is not None


def one_name(claims: list[Claim]) -> list[Claim]:
    """Give each space one name in a document: the full one for a shorter form or its initials, where just one could be meant."""
    named = {field.value: field for claim in claims if (field := claim.who.space)}
    if len(named) < 2:
        return claims
    words = {name: frozenset(signature(name).split()) for name in list(named)[:MAX_SPACES]}
    fuller = {}
    for name, own in words.items():
        meant = [other for other, more in words.items() if (own <= more and len(other) > len(name)) or initials(other) == name]
        if len(meant) == 1:
            fuller[name] = named[meant[0]]
    return [
        replace(claim, who=replace(claim.who, space=fuller[claim.who.space.value]))
        if claim.who.space and claim.who.space.value in fuller
        else claim
        for claim in claims
    ]
