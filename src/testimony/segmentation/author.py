"""Who signs a text of their own: front matter, by-line, sender of a letter, name under the title, signature; what they say adds up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..types import Document
from .attribution import parse, split_role
from .edges import CLOSING, is_furniture, is_signature
from .names import TITLES, Attribution, Field, find_name, person_score
from .nearby import attribution_near
from .subject import people_titled, same_name, value_in
from .words import FIRST_SINGULAR, is_role_word

_AUTHOR_KEYS = ("author", "auteur", "autrice", "authors", "auteurs", "by", "par")
_ABOUT = (
    "role",
    "job",
    "bio",
    "fonction",
    "metier",
    "métier",
    "profession",
    "title",
    "titre",
    "poste",
    "description",
    "about",
    "qualite",
    "qualité",
)
_SIGNED_BY = re.compile(
    r"(?:^|[,.»–—|:\n])[ \u00a0]{0,9}(?:un texte de|texte|récit|écrit)?[ \u00a0]{0,9}par[ \u00a0]+(?=[A-ZÀ-Ö])",
    re.IGNORECASE | re.MULTILINE,
)
_SENDER = re.compile(
    r"(?:^|\n)[ \t]*(?:de|from|expéditeur|expéditrice|auteur|autrice|author)[ \u00a0]?:[ \u00a0]?([^\n<(@]{3,60}?)[ \u00a0]*(?:[<(\n]|$)",
    re.IGNORECASE,
)
# «Graphiste installée à Ath, Lise Morvan raconte sa première année …»
_TELLS = re.compile(
    r"[ \u00a0](?:nous[ \u00a0])?(?:raconte|témoigne|partage|revient|livre|confie|retrace|relate|explique)(?=[ \u00a0.,:])", re.IGNORECASE
)
# «Ce mois-ci : Ludovic, magasinier»
_THIS_TIME = re.compile(
    r"(?:ce mois-ci|ce mois|cette semaine|cette fois(?:-ci)?|aujourd['’]hui|à l['’]honneur|dans ce numéro)[ \u00a0]?[:,][ \u00a0]?(?=[A-ZÀ-Ö])",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?<!\w)(?i:je m['’]appelle|mon nom est|moi,? c['’]est)[ \u00a0]([A-ZÀ-Ö][\w'’-]{1,40}(?:[ \u00a0][A-ZÀ-Ö][\w'’-]{1,40}){0,2})"
)
_HOUSE = ("company", "organisation", "organization", "structure", "entreprise", "employeur", "affiliation", "espace")
_OWN = ("role", "fonction", "metier", "métier", "profession", "job", "poste", "bio", "qualite", "qualité")
_SPEECH = re.compile(
    r"(?:^|\n)[ \t]*(?:(?:texte|contenu) (?:de l['’]|du |de la ))?(?:l['’]|le |la )?(?:allocution|discours|intervention|prise de parole|mot|tribune|lettre|message|récit|carnet|témoignage|billet)"
    r"(?: (?:d['’]accueil|de bienvenue|ouverte|inaugurale?|de clôture))?[ \u00a0](?:prononcée? par|de|d['’]|par)[ \u00a0]?",
    re.IGNORECASE,
)
_WORD_OF = re.compile(
    r"(?:mot|édito(?:rial)?|billet|message|lettre)[ \u00a0](?:de la|du|de l['’]|de notre|de votre)[ \u00a0]?(\w+)[ \u00a0]?$",
    re.IGNORECASE | re.MULTILINE,
)
_NO_AUTHOR = re.compile(r"rédaction|redaction|admin|équipe|equipe|webmaster|team|staff|anonym", re.IGNORECASE)

_ABOUT_AUTHOR = re.compile(r"\W{0,20}+(?:à propos de l['’]|l['’])?(?:auteu?re?|autrice)\b|\W{0,20}+qui suis-je", re.IGNORECASE)

OFTEN = 3
"""How often «je» tells one person from a house."""
FORM = 600
"""Characters in which a form says who filled it in."""

Signed = tuple[Attribution, str | None]
"""Who signs, and the metadata key that says it, None for the text."""


def author_of(document: Document) -> tuple[Attribution | None, str | None]:
    """Tell who signs a first-person text; later places only complete what the first says."""
    places = (_in_metadata, _in_titles, _in_a_form, _speaker_told, _at_the_head, _at_the_end)
    found = [one for place in places for one in place(document) if one[0].speaker is not None]
    if not found:
        return None, None
    who, key = found[0]
    own = next((one for one in found[1:] if _is_person(one[0])), None)
    if own is not None and not _is_person(who) and len(FIRST_SINGULAR.findall(document.text)) >= OFTEN:
        who, key = replace(own[0], space=own[0].space or who.speaker), own[1]  # a page of a house, on which one of its people writes
    who = replace(who, role=who.role or _office_told(document))
    for other, other_key in found[1:]:
        if who.speaker is None or other.speaker is None or not same_name(other.speaker.value, who.speaker.value):
            continue
        if len(other.speaker.value) >= len(who.speaker.value):
            key = other_key
        else:
            other = Attribution(speaker=who.speaker, role=other.role, space=other.space)
        who = Attribution(speaker=other.speaker, role=who.role or other.role, space=who.space or other.space, strength=who.strength)
    return who, key


def _in_metadata(document: Document) -> Iterator[Signed]:
    for key in _AUTHOR_KEYS:
        record = _record(document, key)
        value = str(record.get("name") or record.get("nom") or "") or value_in(document, key)
        if value and not _NO_AUTHOR.search(value) and "@" not in value and len(value.split()) <= 8:
            slug = value.islower() and re.fullmatch(r"[\w.-]+", value)
            name = re.sub(r"[-_.]+", " ", value).title() if slug else value.title() if value.islower() else value
            who = parse(name, 0, len(name))
            bare = who.role is None and who.space is None
            if who.role is not None and not any(map(is_role_word, re.findall(r"[\w·'’-]+", who.role.value))):
                who = replace(who, role=None)  # «Tristan Beaulieu, défi Eau Claire»
            house = next((value for name in _HOUSE if isinstance(value := record.get(name), str) and value), None)
            if house is not None and who.space is None:
                who, bare = replace(who, space=Field(value=house, start=0, end=0, key=key)), False
            if who.role is None and (told := _told_of(document, key)) is not None:
                who, bare = replace(who, role=told), False
            if who.speaker is not None and not bare and person_score(who.speaker.value) >= 0.5:
                yield who, key
            else:
                yield Attribution(speaker=Field(value=name, start=0, end=0), strength=0.8), key
            return


def _is_person(who: Attribution) -> bool:
    return who.speaker is not None and person_score(who.speaker.value) >= 0.5


def _record(document: Document, key: str) -> dict[str, Any]:
    """What the metadata holds of an author: a record, or the one of this short name among the `authors`; empty for a name alone."""
    value, all_authors = document.metadata.get(key), document.metadata.get("authors")
    if isinstance(value, str) and isinstance(all_authors, dict):
        value = all_authors.get(value)
    return value if isinstance(value, dict) else {}


def _told_of(document: Document, key: str) -> Field | None:
    """Trade that the metadata says beside an author's name: `author: {name: …, bio: Graphiste à Ath}`, `author_role: …`."""
    record = _record(document, key)
    beside = {name: document.metadata.get(name) for name in (*(f"{key}_{name}" for name in _ABOUT), *_OWN)}
    for name, value in (record or beside).items():
        if name.rsplit("_", 1)[-1] in _ABOUT and isinstance(value, str) and is_role_word(re.split(r"[\s,.]", value, maxsplit=1)[0]):
            role, _ = split_role(value, 0, len(value.split(".")[0]))
            return replace(role, key=key) if role is not None else None
    return None


def _in_titles(document: Document) -> Iterator[Signed]:
    """What the metadata's titles say of people, which completes an author."""
    if any(True for _ in _in_metadata(document)):
        for who in people_titled(document).values():
            yield who, "description"


def _at_the_head(document: Document) -> Iterator[Signed]:
    """Sender of a letter, a name alone right under the title, «par …»."""
    text = document.text
    for number, block in enumerate(document.blocks[:4]):
        if block.end - block.start >= 400:
            continue
        if called := _CALLED.search(text, block.start, block.end):
            yield parse(text, *called.span(1)), None
        sender = _SENDER.search(text, block.start, block.end)
        if sender and person_score(sender.group(1)) >= 0.5:
            yield parse(text, *sender.span(1)), None
        if (this := _THIS_TIME.search(text, block.start, block.end)) and (named := parse(text, this.end(), block.end)).speaker is not None:
            yield named, None
        if told := _TELLS.search(text, block.start, block.end):
            named = attribution_near(text, block.start, told.start())
            if named.speaker is not None and named.strength >= 0.7 and told.start() - named.speaker.end < 60:
                yield named, None
        under_title = number and document.blocks[number - 1].kind == "heading" and block.kind == "paragraph"
        if under_title and is_signature(text, block.start, block.end) and (who := parse(text, block.start, block.end)).strength >= 0.7:
            yield who, None
        signed = _SIGNED_BY.search(text, block.start, block.end) if number < 3 and block.end - block.start < 160 else None
        if signed and (who := parse(text, signed.end(), block.end)).speaker is not None and person_score(who.speaker.value) >= 0.7:
            yield who, None


def _office_told(document: Document) -> Field | None:
    """Office of who writes, by the title: «Le mot de la présidente»."""
    for block in document.blocks[:4]:
        found = _WORD_OF.search(document.text, block.start, block.end)
        if found and is_role_word(found.group(1)):
            return Field(value=found.group(1), start=found.start(1), end=found.end(1))
    return None


def _in_a_form(document: Document) -> Iterator[Signed]:
    """Name in the first lines of a form, where it is parted: «Nom : Prunier», «Prénom : Ludivine»."""
    head = document.text[:FORM]
    last, first = (re.search(rf"(?:^|\n){label}[ \u00a0]?:[ \u00a0]*([A-ZÀ-Ö][^\n,]{{1,40}})", head) for label in ("Nom", "Prénom"))
    if last and first and (name := f"{first.group(1).strip()} {last.group(1).strip()}") and person_score(name) >= 0.5:
        yield Attribution(speaker=Field(value=name, start=0, end=0, key="Prénom, Nom"), strength=0.9), "Prénom, Nom"


def _speaker_told(document: Document) -> Iterator[Signed]:
    """Whose speech or letter the first lines say that it is: «Allocution de Mme Josiane Perrot, présidente de l'association»."""
    text = document.text
    for block in document.blocks[:3]:
        lead = _SPEECH.search(text, block.start, block.end) if block.end - block.start < 300 else None
        name = find_name(text, lead.end(), block.end) if lead else None
        if lead is not None and name is not None and not re.search(r"\w", TITLES.sub("", text[lead.end() : name[0]])):
            stop = text.find("\n", name[1], block.end)
            yield attribution_near(text, name[0], stop if stop > 0 else block.end), None


def _at_the_end(document: Document) -> Iterator[Signed]:
    """Last lines that are a name, perhaps with a trade and a house."""
    text = document.text
    last = [(block.start, block.end) for block in document.blocks if block.kind in ("paragraph", "quote", "item")][-8:]
    while last and is_furniture(document, *last[-1]):
        last.pop()
    for number, block in enumerate(document.blocks[1:], 1):
        before = document.blocks[number - 1]
        if before.kind == "heading" and _ABOUT_AUTHOR.match(text, before.start, before.end) and block.kind == "paragraph":
            yield attribution_near(text, block.start, min(block.end, block.start + 200)), None
    closed = [
        number for number, (start, end) in enumerate(last[1:], 1) if CLOSING.match(text[slice(*last[number - 1])]) and end - start < 80
    ]
    for start, end in [*last[-1:], *(last[number] for number in closed[-1:])]:
        for begin in (start, max(start, text.rfind("\n", start, end) + 1)):
            if not is_signature(text, begin, end):
                continue
            who = parse(text, begin, end)
            place = find_name(text, begin, end, floor=0.45)
            if who.speaker is not None and who.strength >= 0.45:
                yield who, None
            elif place is not None and place[0] - begin < 12:
                yield attribution_near(text, place[0], end), None
            break
