"""What a document says of its speakers outside the attribution itself: role before the name, profile lines, self-introductions, the space."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from operator import attrgetter

from ..spaces import signature
from ..types import Document
from .attribution import split_role
from .claims import Claim, title_of
from .houses import organisation_at
from .names import Attribution, Field
from .words import is_role_word

_ROLE_LABEL = re.compile(
    r"(?:^|\n)[ \t•*–-]*(?:poste|métier|profession|fonction|rôle|activité|statut|job|situation)(?:[ \u00a0]\w+){0,2}[ \u00a0]?:[ \u00a0]*([^\n]{2,90})"
    r"|(?:quel|dans quel|votre|ton|ta|quelle)[^\n?]{0,30}(?:métier|profession|fonction|activité)[^\n?]{0,25}\?[ \u00a0]*([^\n]{2,70})",
    re.IGNORECASE,
)
_SPACE_LABEL = re.compile(
    r"(?:^|\n)[ \t•*–-]*(?:entreprise|organisation|structure|société|employeur|association|espace|tiers-lieu)(?:[ \u00a0]\w+){0,2}[ \u00a0]?:"
    r"[ \u00a0]*([^\n]{2,80})",
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
_I_WORK = re.compile(
    r"(?<!\w)(?:j['’]ai rejoint|(?:je travaille|je bosse|j['’]enseigne|j['’]exerce|je suis (?:salariée?|employée?))[^.!?;:\n]{0,70}?[ \u00a0](?:à|au|chez|pour|dans))[ \u00a0]",
    re.IGNORECASE,
)
# «Rencontre avec cette relieuse …»
_THIS_ONE = re.compile(r"(?<![\w’'-])(?:cet|cette|ce|notre)[ \u00a0](?:jeune[ \u00a0])?(?=(\w[\w·'’-]*))", re.IGNORECASE)
_PHRASE_END = re.compile(r"[.;:!?…()«»\n]|,|[ \u00a0](?:et je|mais|depuis|qui|que|quand|lorsque|parce|car|à mi-temps|pendant|dans le|ce)\b")
ANNOUNCED_GROUP = re.compile(
    r"(?:témoign\w+|retours?|verbatims?|réactions?|avis|paroles?|impressions?|citations?)[^.\n:]{0,60}?\b"
    r"(participant|stagiaire|coworker|membre|étudiant|élève|usager|habitant|adhérent|bénéficiaire|visiteur|client)(?=(?:[·.]?e)?[·.]?s\b)",
    re.IGNORECASE,
)
# «… certains de nos coworkers …» right before words that only a first name signs.
_ONE_OF = re.compile(
    r"(?:certaine?s|quelques|plusieurs|deux|trois|quatre|cinq)[ \u00a0](?:de nos|de ces|des|d['’]entre (?:nos|les|ces))?[ \u00a0]?(?:\w+[ \u00a0])?"
    r"(participant|stagiaire|coworker|membre|étudiant|élève|usager|habitant|adhérent|bénéficiaire|visiteur|client|bénévole|salarié)(?=(?:[·.]?e)?[·.]?s\b)",
    re.IGNORECASE,
)
_COLLECTED = re.compile(
    r"(?:verbatims?|témoignages|retours|réactions|avis|paroles|impressions|commentaires)[ \u00a0](?:recueillie?s|collectée?s|reçue?s|laissée?s)"
    r"[ \u00a0](?:à l['’]issue|lors|à la fin|au cours|pendant|après|durant)",
    re.IGNORECASE,
)
_SPACE_NAME = re.compile(
    r"(?:(?<=[a-zà-ÿ,][ \u00a0])(?:La[ \u00a0]|Le[ \u00a0]|Les[ \u00a0]|L['’]))?"
    r"(?:Atelier|Coworking|Cowork['’]?\w*|Cantine|Fab ?[Ll]ab|FabLab|LabFab|Hub|Ruche|Pépinière|Tiers-[Ll]ieu|Fabrique|Grange|Halle|Brasserie|Usine|Forge|"
    r"Manufacture|Hangar|Ressourcerie|Recyclerie|Fournil|Conserverie|Scierie|Friche|Maison(?= d(?:es?|u) )|Greenlab|Grenier|Moulin|Filature|Cordée|Quincaillerie|[Ll]ycée|"
    r"(?:fablab|brasserie|librairie|tiers-lieu|espace de coworking)(?= d))\b(?:[ \u00a0](?:des?|du|de la|aux?|en|in)[ \u00a0][\w'’-]+|[ \u00a0]d['’][\w-]+"
    r"|[ \u00a0][A-ZÀ-Ö][\w'’-]+){0,3}"
)
# What everybody in the house is: a trade that the speaker tells says more.
_MEMBER = re.compile(r"(?:coworkeu[rs]e?|coworker|membre|adhérente?|résidente?|usag(?:er|ère)|habituée?|participante?)", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:maire|adjointe?|échevine?|bourgmestre|préfète?|sous-préfète?|ministre|députée?|sénat(?:eur|rice)|élue?|"
    r"conseill(?:er|ère)[ \u00a0](?:municipal|départemental|régional|communautaire)e?|"
    r"(?:vice-)?présidente?[ \u00a0](?:de la (?:région|métropole|communauté)|du (?:département|conseil)))\b",
    re.IGNORECASE,
)
_TWO = re.compile(r"(?<![\w-])[A-ZÀ-Ö][\w-]{1,60}[ \u00a0](?:et|&)[ \u00a0]")
_OPINIONS_OF = re.compile(
    r"(?:avis|témoignages?|retours?|commentaires|paroles|ce qu['’]ils (?:disent|pensent))(?:[ \u00a0]\w+){0,2}?[ \u00a0](?:sur|à propos de|chez|à)[ \u00a0]",
    re.IGNORECASE,
)
_OURS = re.compile(r"(?:notre|nos)[ \u00a0]$", re.IGNORECASE)
MIN_MENTIONS = 3
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


def introduced(text: str, start: int, end: int, reach: int = 700) -> tuple[Field | None, Field | None]:
    """Role, and organisation, in which a speaker introduces themself near the beginning: «Je suis enseignante en CE1»."""
    end = min(end, start + reach)
    role = space = None
    for match in _I_AM.finditer(text, start, end):
        if is_role_word(match.group(1)):
            stop = _PHRASE_END.search(text, match.end(), end)
            role, space = split_role(text, match.end(), stop.start() if stop else end)
            break
    if space is None:
        for match in _I_WORK.finditer(text, start, end):
            place = organisation_at(text, match.end(), end)
            if place is not None:
                value = " ".join(text[place[0] : place[1]].split())
                space = Field(value=value, start=place[0], end=place[1])
                break
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


def _initials(value: str) -> str:
    return "".join(word[0] for word in re.split(r"[ \u00a0]|['’]", re.sub(r"^(?:L[ae] |Les |L['’])", "", value)) if word).upper()


def _opening_end(document: Document) -> int:
    """Where the first paragraph of the text ends."""
    return next((block.end for block in document.blocks if block.kind == "paragraph" and block.end - block.start > 60), 0)


def space_of(document: Document) -> Field | None:
    """The one named space that a document keeps naming: in its title, as «notre …», or at least `MIN_MENTIONS` times, initials included."""
    text = document.text
    places: dict[str, list[Field]] = {}
    weight: Counter[str] = Counter()
    head = title_of(document)
    titles = " ".join([str(document.metadata.get("title", "")), head.value if head else ""])
    for match in _SPACE_NAME.finditer(text):
        value = (
            re.sub(r"[ \u00a0](?:des?|du|de la|en|aux?|d['’])?[ \u00a0]?[a-zà-ÿ][\w'’-]*$", "", match.group())
            if _trails(match.group())
            else match.group()
        )
        own = signature(value)
        # A single word is a name of its own when it is built like one («LabFab», not «Atelier»).
        if own and (" " in value or re.search(r"[a-z][A-Z]", value)) and value.lower() not in ("fablab", "fab lab"):
            places.setdefault(own, []).append(Field(value=value, start=match.start(), end=match.start() + len(value)))
            weight[own] += MIN_MENTIONS if _OURS.search(text[max(0, match.start() - 8) : match.start()]) else 1
    for own, found in places.items():
        letters = _initials(found[0].value)
        if len(letters) > 2:
            weight[own] += len(re.findall(rf"(?<!\w){letters}(?!\w)", f"{titles} {text}"))
        if own in signature(titles):
            weight[own] += MIN_MENTIONS
    if not places:
        return _place_in_title(document) or _site_of(document)
    if len(places) == 1 and next(iter(places.values()))[0].start < _opening_end(document):
        return next(iter(places.values()))[0]  # the only space of the document, named at its beginning
    best, n = min(weight.items(), key=lambda pair: (-pair[1], pair[0]))
    return places[best][0] if n >= MIN_MENTIONS and n >= 0.6 * sum(weight.values()) else None


def _site_of(document: Document) -> Field | None:
    """Name at the end of the page's title («5 questions à … – Le Satellite»), where the text speaks of the place too."""
    title = str(document.metadata.get("title") or "")
    parts = re.split(r"[ \u00a0][|–—·-][ \u00a0]", title)
    name = parts[-1].strip()
    if (
        len(parts) < 2
        or not 0 < len(name.split()) <= 4
        or not name[:1].isupper()
        or re.search(r"blog|journal|magazine|ville de", name, re.I)
    ):
        return None
    bare = re.sub(r"^(?:L[ae] |Les |L['’])", "", name)
    body = [block for block in document.blocks if block.kind in ("paragraph", "item", "quote", "question")]
    spoken = any(re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", document.text[block.start : block.end]) for block in body)
    return Field(value=name, start=0, end=0, key="title") if spoken else None


def _place_in_title(document: Document) -> Field | None:
    """The place that a title collects opinions of: «Avis sur La Soute»."""
    head = title_of(document)
    match = _OPINIONS_OF.search(document.text, head.start, head.end) if head else None
    named = organisation_at(document.text, match.end(), head.end) if match and head else None
    return Field(value=" ".join(document.text[slice(*named)].split()), start=named[0], end=named[1]) if named else None


def _trails(value: str) -> bool:
    """A lower-case last word is part of the name only after «des», «de la» … («Atelier des médias»)."""
    return bool(re.search(r"[ \u00a0][a-zà-ÿ]\w*$", value)) and not re.search(
        r"[ \u00a0](?:des?|du|de la|aux?)[ \u00a0][a-zà-ÿ]\w*$", value
    )


def complete(document: Document, claims: list[Claim]) -> list[Claim]:
    """Fill in role and space where the document says them elsewhere."""
    if document.record is not None or not claims:
        return claims
    text = document.text
    speakers = {claim.who.speaker.value for claim in claims if claim.who.speaker}
    alone = len(speakers) == 1
    role = _labelled(_ROLE_LABEL, text) if alone else None
    space = _labelled(_SPACE_LABEL, text) if alone else None
    if len(claims) == 1:
        role = role or _told_before(text, 0, claims[0].spans[0][0])
    anyone = announced_group(document)
    of_all = space_of(document)
    if of_all is not None and any(claim.who.space and claim.who.space.start <= of_all.start < claim.who.space.end for claim in claims):
        of_all = None  # one speaker's own
    result = []
    for claim in claims:
        who = claim.who
        article = claim.rule == "first-person article"
        own_role, own_space = introduced(text, *claim.spans[0], 3000 if article else 700)
        if (
            own_role is None
            and claim.rule.startswith("interview")
            and (today := _TODAY.search(text, claim.spans[0][0], claim.spans[-1][1]))
        ):
            own_role, own_space = introduced(text, today.end(), claim.spans[-1][1], 120)
        if own_role is None and article:
            own_role = _own_metadata(document)
        if who.speaker is None and who.role is None and not article:
            who = replace(who, role=anyone)
        who = Attribution(
            speaker=who.speaker,
            role=(own_role if own_role and who.role and _MEMBER.fullmatch(who.role.value) else who.role)
            or own_role
            or role
            or _one_of(document, claim),
            space=who.space or own_space or space or (None if _holds_office(who.role or own_role) else of_all),
            strength=who.strength,
        )
        result.append(replace(claim, who=who))
    return result


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
        meant = [other for other, more in words.items() if (own <= more and len(other) > len(name)) or _initials(other) == name]
        if len(meant) == 1:
            fuller[name] = named[meant[0]]
    return [
        replace(claim, who=replace(claim.who, space=fuller[claim.who.space.value]))
        if claim.who.space and claim.who.space.value in fuller
        else claim
        for claim in claims
    ]


def _one_of(document: Document, claim: Claim) -> Field | None:
    """Group that the paragraph before a quotation says it takes its speakers from."""
    if claim.who.speaker is not None and " " in claim.who.speaker.value:
        return None
    start = claim.spans[0][0]
    before = bisect_right(document.blocks, start, key=attrgetter("end"))
    for block in reversed(document.blocks[max(0, before - 6) : before]):
        if block.kind in ("caption", "boilerplate") or block.kind == "quote":
            continue
        found = _ONE_OF.search(document.text, block.start, block.end) if block.kind == "paragraph" else None
        return Field(value=found.group(1), start=found.start(1), end=found.end(1)) if found else None
    return None


def announced_group(document: Document) -> Field | None:
    """Whose words a document announces that it quotes without naming anybody: «quelques retours des participants»."""
    text = document.text
    found = ANNOUNCED_GROUP.search(text)
    if found is None and _COLLECTED.search(text):
        found = re.search(r"\b(participant)(?=(?:[·.]?e)?[·.]?s\b)", text, re.IGNORECASE)
    return Field(value=found.group(1), start=found.start(1), end=found.end(1)) if found else None
