"""The layout of a record: its text field is one testimonial, its other fields say who speaks, whatever their columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..gazetteer import ANONYMOUS, FIRM, GIVEN, NAME, WORD, classes
from ..readers.columns import NOTHING, plain
from ..types import Document, Record
from .attribution import parse, split_role
from .claims import Claim, Explanation
from .houses import collective, is_organisation, is_town
from .labels import INTERVIEWER
from .names import TITLES, Attribution, Field, person_score
from .words import is_role_word

LONGEST_VALUE = 120
"""Characters above which a field is no name and no role."""

_BEFORE = re.compile(r"(?:avant|ancien|precedent|before|previous|former)")
_NAMES = frozenset("nom noms prenom prenoms name names qui who identite".split())
_NO_NAME = re.compile(
    r"\W{0,9}(?:illisible|inconnue?s?|non (?:renseigné|signé|communiqué|précisé)e?|sans (?:nom|signature)|n/?[car]|x+)\W{0,9}",
    re.IGNORECASE,
)
_TOWN_AFTER = re.compile(r"[ \u00a0]\(([^()]{2,40})\)$")
_CONSENT = re.compile(
    r"(?:oui|non|ok|d['’]accord|volontiers|je refuse|je préfère pas)(?:[ \u00a0]*[,;:.!/(–—-][ \u00a0(]*|$)", re.IGNORECASE
)
_COURTESY = re.compile(r"(?:M\.|Mr?|Mme|Mlle|Monsieur|Madame)(?:[ \u00a0]|$)", re.IGNORECASE)
_BODY = re.compile(
    r"(?:ministère|commissariat|cour|mairie|université|institut|école|association|agence|région|département|préfecture|centre|ville)\b",
    re.IGNORECASE,
)
_LINKED = re.compile(r"[ \u00a0](?:de|du|des|à|en|pour|par)[ \u00a0]|['’]", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:une?|le|la|les)[ \u00a0]|^l['’]|^(?:je suis|en tant que?)[ \u00a0](?:une?[ \u00a0])?", re.IGNORECASE)


def record(document: Document) -> Explanation | None:
    """A record of a table, YAML or JSON file: its text field is one testimonial, its other fields say who speaks."""
    if document.record is None or not any(char.isalpha() for char in document.text) or NOTHING.fullmatch(document.text):
        return None
    keys = dict(document.record.columns)
    if document.record.speaker and INTERVIEWER.fullmatch(document.record.speaker.strip()) and document.text.rstrip().endswith("?"):
        return None  # who asks
    claim = Claim(
        rule="record",
        spans=((0, len(document.text)),),  # a record is kept as it was given, quotation marks and all
        who=_who(document.record),
        confidence=0.95,
        key=keys.get("speaker") or "record",
    )
    return Explanation(rule="record", claims=(claim,), score=1.0, reason="a record of a table")


def _who(fields: Record) -> Attribution:
    """Put name, role and organisation apart where one field holds several."""
    speaker, role, space = _untitled(_agreed(_detached(fields.speaker))), _detached(fields.role), _sited(_detached(fields.space))
    if speaker is not None and _NO_NAME.fullmatch(speaker.value):
        speaker = None
    if speaker is not None and ANONYMOUS.search(speaker.value):
        role, speaker = role or speaker, None
    if speaker is not None:
        who = parse(speaker.value, 0, len(speaker.value))
        several = "," in speaker.value and all(
            person_score(part.strip()) >= 0.3 and not is_town(part.strip()) for part in speaker.value.split(",")
        )
        if who.speaker is not None and len(who.speaker.value) < len(speaker.value) and who.strength >= 0.3 and not several:
            speaker = who.speaker
            role, space = role or who.role, space or who.space
        elif (group := collective(speaker.value, 0, len(speaker.value))) is not None:
            space = space or group.space  # «L'équipe de Radio Méandre»
        elif space is None and role is None and not _COURTESY.match(speaker.value) and _is_house(speaker.value):
            space = speaker  # a house that speaks for itself
    if role is not None and (article := _ARTICLE.match(role.value)) and is_role_word(role.value[article.end() :].split(maxsplit=1)[0]):
        role = replace(role, value=role.value[article.end() :])  # «Une habitante du quartier»
    if role is not None and space is None and not ANONYMOUS.fullmatch(role.value):
        space = _leading_organisation(role.value)
        if space is None:
            split, space = split_role(role.value, 0, len(role.value))
            role = split if split is not None and space is not None else role
    return Attribution(speaker=speaker, role=role, space=space, strength=1.0)


def _sited(space: Field | None) -> Field | None:
    """Take the town in parentheses off a house: «L'Archipel (Paimpol)»."""
    town = _TOWN_AFTER.search(space.value) if space is not None else None
    return replace(space, value=space.value[: town.start()]) if space is not None and town is not None and is_town(town.group(1)) else space


def _agreed(speaker: Field | None) -> Field | None:
    """Take the consent off a name, «Oui, Enora»; None where there is nothing else."""
    consent = _CONSENT.match(speaker.value) if speaker is not None else None
    if speaker is None or consent is None:
        return speaker
    return replace(speaker, value=speaker.value[consent.end() :]) if consent.end() < len(speaker.value) else None


def _untitled(speaker: Field | None) -> Field | None:
    """Take a title off a first and a last name: «Pr. Anne-Lise Corbin»."""
    title = TITLES.match(speaker.value) if speaker is not None else None
    if speaker is None or title is None:
        return speaker
    first, *last = speaker.value[title.end() :].split() or [""]
    return replace(speaker, value=speaker.value[title.end() :]) if last and classes(first.split("-")[0]) & GIVEN else speaker


def settled(document: Document) -> Document:
    """Read in the values of a record what the names of its columns did not tell: a name, a role under a column called «title»."""
    fields = document.record
    if fields is None or (fields.speaker and fields.role):
        return document
    columns = dict(fields.columns)
    values: dict[str, str] = {}
    about = columns.get("about")
    if fields.speaker is None and about and _presents(fields.about):
        return replace(document, record=replace(fields, speaker=fields.about, about=None, columns=_renamed(fields, "about", "speaker")))
    if fields.role is None:
        free = [*_short(document), *([(about, fields.about)] if about and fields.about else [])]
        key, value = next(((key, value) for key, value in free if _is_role(value)), (None, None))
        if key and value:
            values["role"], columns["role"] = value, key
    if fields.speaker is None:
        key, value = next(
            ((key, value) for key, value in _short(document) if key != columns.get("role") and _is_name(key, value)), (None, None)
        )
        if key and value:
            values["speaker"], columns["speaker"] = value, key
    if not values:
        return document
    kept = {key: value for key, value in document.metadata.items() if key not in (columns.get("role"), columns.get("speaker"))}
    told = fields.about
    if about and columns.get("role") == about:
        told = None
        del columns["about"]
    return replace(document, metadata=kept, record=replace(fields, **values, about=told, columns=tuple(columns.items())))


def _presents(value: str | None) -> bool:
    """Tell a title that presents somebody: «Karima, cheffe d'équipe»."""
    who = parse(value, 0, len(value)) if value else Attribution()
    return who.speaker is not None and who.role is not None and who.strength >= 0.7 and is_role_word(who.role.value.split()[0])


def _renamed(fields: Record, old: str, new: str) -> tuple[tuple[str, str], ...]:
    return tuple((new if name == old else name, column) for name, column in fields.columns)


def _short(document: Document) -> Iterator[tuple[str, str]]:
    for key, value in document.metadata.items():
        if (
            not _BEFORE.match(plain(key))
            and isinstance(value, str)
            and 1 < len(value.strip()) <= LONGEST_VALUE
            and "\n" not in value.strip()
        ):
            yield key, value.strip()


def _is_house(value: str) -> bool:
    """A speaker that is no person: a kind of organisation, or ordinary words with capitals."""
    words = value.split()
    if person_score(value) >= 0.5 or ANONYMOUS.search(value):
        return False
    if len(words) == 1 and value.isupper():  # a family name in a forum as often as a firm
        return bool(classes(value) & FIRM and not classes(value) & NAME)
    ordinary = len(words) > 1 and all(word[:1].isupper() and classes(word) & WORD and not classes(word) & GIVEN for word in words)
    return is_organisation(value) or ordinary


def _is_role(value: str) -> bool:
    """A value that begins with a trade, or ends with one as English does («Product designer»)."""
    if ANONYMOUS.fullmatch(value):
        return True
    words = _ARTICLE.sub("", value).split()
    if not words or value[-1] in ".!?" or len(words) > 12:
        return False
    return is_role_word(words[0]) or (
        len(words) <= 3
        and not classes(words[0]) & GIVEN
        and not _LINKED.search(value)
        and is_role_word(words[-1])
        and person_score(value) < 0.7
    )


def _is_name(key: str, value: str) -> bool:
    """A value that reads like a name; less is asked where the column says that it holds names."""
    if _NAMES & set(plain(key).split("_")):
        return person_score(value.split(",", maxsplit=1)[0]) >= 0.3
    return 1 < len(value.split()) <= 4 and person_score(value) >= 0.9


def _leading_organisation(value: str) -> Field | None:
    """First item of a list that begins like the name of a body («ministère de …, défi …»)."""
    first = re.split(r"[,;]", value)[0].strip()
    return Field(value=first, start=0, end=len(first)) if _BODY.match(first) else None


def _detached(value: str | None) -> Field | None:
    return Field(value=" ".join(value.split()), start=0, end=0) if value else None
