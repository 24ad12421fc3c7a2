"""What a document says of its speakers outside the attribution itself: role before the name, profile lines, self-introductions, the space."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ..spaces import signature
from ..types import Document
from .attribution import split_role
from .claims import Claim
from .names import Attribution, Field
from .words import is_role_word

_ROLE_LABEL = re.compile(
    r"(?:^|\n)[ \t•*–-]*(?:poste|métier|profession|fonction|rôle|activité|statut|job)(?:[ \u00a0]\w+){0,2}[ \u00a0]?:[ \u00a0]*([^\n]{2,90})"
    r"|(?:quel|dans quel|votre|ton|ta|quelle)[^\n?]{0,30}(?:métier|profession|fonction|activité)[^\n?]{0,25}\?[ \u00a0]*([^\n]{2,70})",
    re.IGNORECASE,
)
_SPACE_LABEL = re.compile(
    r"(?:^|\n)[ \t•*–-]*(?:entreprise|organisation|structure|société|employeur|association|espace|tiers-lieu)(?:[ \u00a0]\w+){0,2}[ \u00a0]?:"
    r"[ \u00a0]*([^\n]{2,80})",
    re.IGNORECASE,
)
_I_AM = re.compile(
    r"(?<!\w)(?:je suis|j['’]étais|je travaille (?:comme|en tant que?)|je travaille en tant qu['’]|en tant que?|en tant qu['’]|moi c['’]est)"
    r"[ \u00a0]?(?:un[ \u00a0]|une[ \u00a0]|le[ \u00a0]|la[ \u00a0]|l['’]|aussi[ \u00a0]|donc[ \u00a0])?(?=(\w[\w·'’-]*))",
    re.IGNORECASE,
)
_PHRASE_END = re.compile(r"[.;:!?…()«»\n]|,|[ \u00a0](?:et je|mais|depuis|qui|que|quand|lorsque|parce|car|à mi-temps|pendant|dans le|ce)\b")
_ANNOUNCED = re.compile(
    r"(?:témoign\w+|retours?|verbatims?|réactions?|avis|paroles?|impressions?|citations?)[^.\n:]{0,60}?\b"
    r"(participant|stagiaire|coworker|membre|étudiant|élève|usager|habitant|adhérent|bénéficiaire|visiteur|client)(?=(?:[·.]?e)?[·.]?s\b)",
    re.IGNORECASE,
)
_SPACE_NAME = re.compile(
    r"(?:Atelier|Coworking|Cowork['’]?\w*|Cantine|Fab ?[Ll]ab|FabLab|LabFab|Hub|Ruche|Pépinière|Tiers-[Ll]ieu|Fabrique|Grange|Halle|Brasserie|Usine|Forge|"
    r"Manufacture|Greenlab|Grenier|Moulin|Filature|Cordée|Quincaillerie)\b(?:[ \u00a0](?:des?|du|de la|aux?|en|in)[ \u00a0][\w'’-]+|[ \u00a0]d['’][\w-]+"
    r"|[ \u00a0][A-ZÀ-Ö][\w'’-]+){0,3}"
)
MIN_MENTIONS = 3


def role_before(text: str, start: int, floor: int) -> Field | None:
    """Role set before a name: «la responsable du groupe trésorerie, Anne …», «notre stagiaire Ambre»."""
    begin = max(floor, start - 70)
    lead = text[begin:start].rstrip(" \u00a0,")
    cut = max(lead.rfind(mark) for mark in ".;:!?«»(\n\"")
    for word in re.finditer(r"[\w·'’-]+", lead[cut + 1 :]):
        value = re.sub(r"^[ld]['’]", "", word.group(), flags=re.IGNORECASE)
        at = cut + 1 + word.end() - len(value)
        phrase = lead[at:]
        if is_role_word(value) and len(phrase.split()) <= 6 and not re.search(r"\b(?:et|avec|que|qui|est|a|ont|sont|par|,)\b|,", phrase):
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


def introduced(text: str, start: int, end: int) -> tuple[Field | None, Field | None]:
    """Role, and organisation, in which a speaker introduces themself near the beginning: «Je suis enseignante en CE1»."""
    for match in _I_AM.finditer(text, start, min(end, start + 700)):
        if is_role_word(match.group(1)):
            stop = _PHRASE_END.search(text, match.end(), end)
            return split_role(text, match.end(), stop.start() if stop else end)
    return None, None


def space_of(document: Document) -> Field | None:
    """The one named space that a document keeps naming, in its title or at least `MIN_MENTIONS` times."""
    text = document.text
    places: dict[str, list[Field]] = {}
    for match in _SPACE_NAME.finditer(text):
        value = re.sub(r"[ \u00a0](?:des?|du|de la|en|aux?|d['’])?[ \u00a0]?[a-zà-ÿ][\w'’-]*$", "", match.group()) if _trails(match.group()) else match.group()
        own = signature(value)
        # A single word is a name of its own when it is built like one («LabFab», not «Atelier»).
        if own and (" " in value or re.search(r"[a-z][A-Z]", value)) and value.lower() not in ("fablab", "fab lab"):
            places.setdefault(own, []).append(Field(value=value, start=match.start(), end=match.start() + len(value)))
    if not places:
        return None
    counts = Counter({own: len(found) for own, found in places.items()})
    best, n = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    titled = signature(str(document.metadata.get("title", ""))).find(best) >= 0
    if (n >= MIN_MENTIONS or (titled and n >= 1)) and n >= 0.6 * sum(counts.values()):
        return places[best][0]
    return None


def _trails(value: str) -> bool:
    """A lower-case last word is part of the name only after «des», «de la» … («Atelier des médias»)."""
    return bool(re.search(r"[ \u00a0][a-zà-ÿ]\w*$", value)) and not re.search(r"[ \u00a0](?:des?|du|de la|aux?)[ \u00a0][a-zà-ÿ]\w*$", value)


def complete(document: Document, claims: list[Claim]) -> list[Claim]:
    """Fill in role and space where the document says them elsewhere."""
    if document.record is not None or not claims:
        return claims
    text = document.text
    speakers = {claim.who.speaker.value for claim in claims if claim.who.speaker}
    role = _labelled(_ROLE_LABEL, text) if len(speakers) == 1 else None
    space = _labelled(_SPACE_LABEL, text) if len(speakers) == 1 else None
    announced = _ANNOUNCED.search(text)
    anyone = Field(value=announced.group(1), start=announced.start(1), end=announced.end(1)) if announced else None
    of_all = space_of(document)
    result = []
    for claim in claims:
        who = claim.who
        own_role, own_space = introduced(text, *claim.spans[0]) if who.role is None else (None, None)
        if who.speaker is None and who.role is None and claim.rule != "first-person article":
            who = replace(who, role=anyone)
        who = Attribution(
            speaker=who.speaker, role=who.role or own_role or role, space=who.space or own_space or space or of_all, strength=who.strength
        )
        result.append(replace(claim, who=who))
    return result
