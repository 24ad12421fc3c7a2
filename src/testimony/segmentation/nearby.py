"""What prose says of a person right beside the name: trade in apposition, in parentheses, after «est», or before the name."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from ..types import Document
from .attribution import split_role
from .houses import KIND, field_of, is_town, organisation_at, organisation_in
from .names import SENTENCE_END, Attribution, Field, find_name, find_names, person_score
from .offices import becomes, names_its_house, office_after, office_of_pronoun
from .profile import is_former, role_before
from .words import STATUS, is_role_word

_APPOSITION_END = re.compile(
    r"[.;:«“\")]|\n(?=[A-ZÀ-Ö][^\n:.!?]{2,30}[ \u00a0]?:)|,[ \u00a0](?:l['’]|c['’]|(?:qui|dont|où|et|le|la|les|il|elle|on|ce|cet|cette|un|une|tout|rien|a|est|nous|en|pour|dans)(?![\w]))"
)
_AFTER_NAME = re.compile(
    r",[ \u00a0]vous êtes[ \u00a0](?:une?[ \u00a0]|la[ \u00a0]|le[ \u00a0]|l['’])?|[ \u00a0]{0,9}[,(][ \u00a0]{0,9}(?:\d{1,2} ans,[ \u00a0])?(?:[«\"“][ \u00a0]?)?"
    r"(?:(?:alors|aujourd['’]hui|désormais|longtemps|(?:lui|elle)-même|(?:lui|elle) aussi|également|jusqu['’]alors)[ \u00a0])?"
    r"|[ \u00a0]{1,9}(?:est(?: devenue?)?|devient|travaille comme|exerce comme)[ \u00a0]+(?:aussi |désormais |aujourd['’]hui )?(?:une?[ \u00a0]|l['’]|la[ \u00a0]|le[ \u00a0])?"
    r"(?:plus (?:jeune|vieux|vieille|ancien(?:ne)?)[ \u00a0])?"
)
# Initials or an age between the name and what the person does: «Marie Dupont (MD), 31 ans, boulangère».
_BESIDE_NAME = re.compile(r"(?:[ \u00a0]?\((?:(?:[A-ZÀ-Ö]\.?){1,4}|\d{1,2} ans)\)|,[ \u00a0]?\d{1,2} ans(?=[ \u00a0]?,))+")
_FIRST_WORD = re.compile(
    r"(?:(?:notre|votre|son|sa|leur|le|la|les)[ \u00a0]|l['’])?(?:(?:jeune|nouvelle?|nouveau|autre|\d(?:er|ère|e|ème)|premi(?:er|ère)|seconde?)[ \u00a0])?([^\s,.;()»\"”]+)",
    re.IGNORECASE,
)
_OUR = re.compile(r"(?:est|devient)[ \u00a0]+(?:notre|votre)\b")  # what people say of each other
# «Wassila Cherif, qui dirige l'agence Pollen».
_RUNS = re.compile(
    r"(?:[ \u00a0]?,)?[ \u00a0](?:qui[ \u00a0])?(?:dirige|préside|anime|gère|coordonne|a (?:fondé|créé|lancé|ouvert)|(?:co)?fonde|travaille (?:chez|pour|à|au sein de)|"
    r"a rejoint|a intégré|a ses bureaux (?:à|au|chez)|"
    r"(?:est|s['’]est) installée? (?:à|au|chez|dans))[ \u00a0]"
)
_OF = re.compile(r"[ \u00a0]?[,(][ \u00a0]?(?:du|de la|de l['’]|des|de chez|chez)(?:(?<=['’])|[ \u00a0])")
_QUOTED = re.compile(r"[«\"“][ \u00a0]?([^«»\"“”]{2,60}?)[ \u00a0]?[»\"”]")
_BEFORE_QUOTED = re.compile(r"(?:chez|d[eu]|à|@|de la|des)[ \u00a0]$")
_GOES_ON = re.compile(r"[ \u00a0](?:à|au|aux|chez|du|de la|de l['’]|dans)\b")
_CAPITAL = re.compile(r"[ \u00a0](?=[A-ZÀ-Ö«“\"])")
_LINKS = frozenset("chez de du des à au aux @ puis".split())
_IT = re.compile(r"[ \u00a0]{0,3}(?:Il|Elle)(?=[ \u00a0])")
_THIS_ONE = re.compile(
    r"[ \u00a0]{0,3}(?:Cet|Cette|Ce)[ \u00a0](?=(?:(ancien(?:ne)?|jeune)[ \u00a0])?(\w[\w·'’-]*)(?:[ \u00a0](\w[\w·'’-]*))?)"
)
_APPOSED = re.compile(r"[ \u00a0]{0,3}(([A-ZÀ-Ö][\w·'’-]{0,40}+)[^,.;:!?\n«»]{0,60}), (?:il|elle)(?![\w-])")
_AN_ARTICLE = re.compile(r"(?:l['’]|(?:la|le|les)[ \u00a0])", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<!\w)(?:son|sa)[ \u00a0]$", re.IGNORECASE)
FAR = 400
"""Characters before «son gérant» in which the house is named."""

AFTER = 300
"""Characters after a name in which the next sentence goes on about the person."""

NAMES_A_BLOCK = 20
"""Names looked at in one block."""


def attribution_near(text: str, start: int, end: int, since: int | None = None, least: float = 0.55) -> Attribution:
    """Read the name, and the role in apposition, in a range of prose; a role set before the name may begin at `since`."""
    found = find_name(text, start, end, floor=least)
    if found is None:
        return Attribution()
    speaker = Field(value=" ".join(text[found[0] : found[1]].split()), start=found[0], end=found[1])
    role = space = None
    beside = _BESIDE_NAME.match(text, found[1], end)
    if beside and not _is_beside(beside.group(), speaker.value):
        beside = None
    after = _AFTER_NAME.match(text, beside.end() if beside else found[1], end)
    if after:
        first = None if _OUR.search(text[after.start() : after.end() + 6]) else _FIRST_WORD.match(text, after.end(), end)
        if (first and is_role_word(first.group(1))) or STATUS.match(text, after.end(), end):
            role, space = split_role(text, after.end(), _apposition_end(text, after.end(), end))
        elif text[after.start() : after.end()].strip() == "(" and (closing := text.find(")", after.end(), end)) > 0:
            space = organisation_in(text, after.end(), closing)
    if space is None:
        space = _house_after(text, beside.end() if beside else found[1], end, told=role is not None)
    before = role_before(text, found[0], start if since is None else since) if role is None else None
    if before is not None:  # «Directrice de la coopérative Octet, Marie …»
        role, own = split_role(text, before.start, before.end)
        space = space or own or _house_before(text, before.start)
    if role is None and (office := office_after(text, found[1], end)) is not None:
        role, own = (office, None) if names_its_house(text, office) else split_role(text, office.start, office.end)
        space = space or own
    return Attribution(speaker=speaker, role=role, space=space, strength=person_score(speaker.value))


def _house_before(text: str, at: int) -> Field | None:
    """House whose «son gérant» somebody is: the one of a kind that the paragraph last named before."""
    begin = max(0, at - FAR, text.rfind("\n\n", 0, at))
    if not _POSSESSIVE.search(text, begin, at):
        return None
    starts = [_AN_ARTICLE.match(text, match.start()) or match for match in KIND.finditer(text, begin, at)]
    named = [house for found in starts if (house := organisation_at(text, found.end() if found.re is _AN_ARTICLE else found.start(), at))]
    return field_of(text, *named[-1]) if named else None


def _house_after(text: str, at: int, end: int, *, told: bool) -> Field | None:
    """Organisation right after a name: «, du Hangar 12» where no trade is told, «, qui dirige l'agence Pollen»."""
    link = _RUNS.match(text, at, end) or (None if told else _OF.match(text, at, end))
    house = organisation_at(text, link.end(), end) if link else None
    if house is None or is_town(text[house[0] : house[1]]):
        return None
    return Field(value=" ".join(text[house[0] : house[1]].split()), start=house[0], end=house[1])


def _is_beside(value: str, name: str) -> bool:
    """An age, or the name's own initials."""
    letters = re.sub(r"[^A-ZÀ-Ö]", "", value)
    return not letters or letters == "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())


def _apposition_end(text: str, start: int, end: int) -> int:
    """End of an apposition; an organisation between quotation marks belongs to it («gérant de « La Halte »»)."""
    stop = _APPOSITION_END.search(text, start, end)
    for comma in re.compile(r",[ \u00a0]*([^\s,.;:()]+)").finditer(text, start, stop.start() if stop else end):
        first = comma.group(1)
        goes_on = (
            first[:1].isupper()
            or first.startswith(("d'", "d’"))
            or first in _LINKS
            or is_role_word(re.sub(r"^l['’]", "", first))
            or _is_named(text, comma, end)
        )
        if not goes_on:
            return comma.start()
    if stop is None:
        return end
    quoted = _QUOTED.match(text, stop.start(), end)
    if quoted and _GOES_ON.match(text, quoted.end(), end):  # «pour le défi « Eau Claire » à l'Agence de l'eau»
        return _apposition_end(text, quoted.end(), end)
    if quoted and _BEFORE_QUOTED.search(text[max(start, stop.start() - 6) : stop.start()]):
        return quoted.end()
    return stop.start()


def _is_named(text: str, comma: re.Match[str], end: int) -> bool:
    """Tell a kind with its name at once, after a comma: «architecte, agence Terre Crue»."""
    return KIND.fullmatch(comma.group(1)) is not None and _CAPITAL.match(text, comma.end(), end) is not None


def _told_after(who: Attribution, text: str, at: int, end: int) -> Attribution:
    """Add the trade in which the sentence after the one that names somebody goes on about them: «Cet ancien maçon, arrivé en février, répare …»."""
    stop = SENTENCE_END.search(text, at, end)
    if stop is None:
        return who
    if who.role is None and (office := office_of_pronoun(text, stop.end(), end)) is not None:
        role, space = split_role(text, office.start, office.end)
        return replace(who, role=role, space=who.space or space)
    pronoun = _IT.match(text, stop.end(), end) if who.space is None else None
    if pronoun is not None and (house := _house_after(text, pronoun.end(), end, told=True)) is not None:
        who = replace(who, space=house)  # «Elle a rejoint la coopérative Oxalis»
    apposed = _APPOSED.match(text, stop.end(), end)
    if who.role is None and apposed is not None and is_role_word(apposed.group(2)):  # «Aide à domicile, elle vient depuis septembre»
        told = split_role(text, apposed.start(1), apposed.end(1))[0]
        return replace(who, role=(becomes(text, apposed.end(), end) or told) if is_former(told) else told)
    found = _THIS_ONE.match(text, stop.end(), end) if who.role is None else None
    if found is None or not (is_role_word(found.group(2)) or (found.group(1) and is_role_word(found.group(3) or ""))):
        return who
    role, _ = split_role(text, found.end(), _apposition_end(text, found.end(), end))
    return replace(who, role=role)


def people_named(document: Document) -> dict[str, Attribution]:
    """Names with a role in apposition anywhere in the prose."""
    known: dict[str, Attribution] = {}
    text = document.text
    for block in document.blocks:
        if block.kind not in ("paragraph", "heading", "quote", "item", "cue"):
            continue
        for name in islice(find_names(text, block.start, block.end), NAMES_A_BLOCK):
            who = attribution_near(text, name[0], min(block.end, name[1] + 160))
            if (who.role is None or who.space is None) and block.kind == "paragraph":
                who = _told_after(who, text, name[1], min(block.end, name[1] + AFTER))
            if (
                who.speaker
                and (" " in who.speaker.value or who.role)
                and (who.speaker.value not in known or (known[who.speaker.value].role is None and who.role))
            ):
                known[who.speaker.value] = who
    return known
