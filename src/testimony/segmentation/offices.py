"""Roles that only a verb tells: «qui préside la coopérative», «pour devenir modiste»."""

from __future__ import annotations

import re

from .houses import KIND, field_of
from .names import Field
from .words import is_role_word

_SINCE = r"(?:[ \u00a0]?,)?[ \u00a0](?:(?:et[ \u00a0])?(?:qui|il|elle)[ \u00a0])?"
_DOES = re.compile(
    rf"{_SINCE}((?:copréside|préside|dirige|codirige|coordonne|anime|gère|enseigne|fabrique|répare|restaure|cultive|tient|a (?:co)?(?:fondé|créé|lancé|ouvert|monté))"
    r"[ \u00a0](?:(?:aujourd['’]hui|désormais|aussi|également|seule?)[ \u00a0])?(?=(l['’]|(?:la|le|les|une?|des|son|sa|ses)[ \u00a0])))",
    re.IGNORECASE,
)
_CRAFT = re.compile(r"(?:enseigne|fabrique|répare|restaure|cultive)", re.IGNORECASE)
OFFICE = re.compile(r"(?:co)?(?:préside|dirige)|coordonne|anime|gère|tient|enseigne|fabrique|répare|restaure|cultive|a(?= )", re.IGNORECASE)
"""Verbs that tell a role: who «préside» is later «la présidente»."""

_ENDS = re.compile(
    r"[.,;:!?…()«»“”\"\n]|[ \u00a0](?:depuis|pendant|durant|et|mais|qui|que|où|dont|quand|lorsque|avec|pour|dans|en|à|au|aux|chez|sur|non|"
    r"est|a|se|sourit|raconte|explique)(?![\w-])"
)
_IT = re.compile(r"[ \u00a0]{0,3}(?:Il|Elle)(?=[ \u00a0])")
_BECOMES = re.compile(
    r"(?<!\w)(?:(?:est|était)[ \u00a0](?:ensuite[ \u00a0])?devenue?|devient|pour[ \u00a0]devenir|"
    r"s['’]est[ \u00a0](?:installée?|lancée?|établie?|reconvertie?)[ \u00a0](?:comme|en tant que))[ \u00a0](?:une?[ \u00a0])?(?=(\w[\w·'’-]*))",
    re.IGNORECASE,
)
_TRADE_ENDS = re.compile(r"[.,;:!?…()«»“”\"\n]|[ \u00a0](?:en \d|depuis|et|mais|qui|après|grâce|il y a)(?![\w-])")
_A_NAMED_HOUSE = re.compile(r"[^A-ZÀ-Ö\n]{2,30}[ \u00a0](?:la[ \u00a0]|le[ \u00a0]|l['’])(?=[A-ZÀ-Ö])")
_SENTENCE = re.compile(r"[.!?…«»“”\"](?:\s|$)")


def office_after(text: str, at: int, end: int) -> Field | None:
    """What a verb right after a name says that the person does, in these words; a house for offices, whatever one makes for crafts."""
    does = _DOES.match(text, at, end)
    if does is None:
        return None
    article = does.end(2)
    if not _CRAFT.match(text, does.start(1)) and not KIND.match(text, article, end):
        return None
    stop = _ENDS.search(text, article, end)
    return field_of(text, does.start(1), stop.start() if stop else end)


def office_of_pronoun(text: str, at: int, end: int) -> Field | None:
    """What the sentence after a name goes on to say that the person does: «Elle tient aujourd'hui le fournil»."""
    pronoun = _IT.match(text, at, end)
    return office_after(text, pronoun.end(), end) if pronoun else None


def names_its_house(text: str, office: Field) -> bool:
    """Tell an office whose object is a house by its name: «a fondé l'Atelier des Possibles»."""
    return _A_NAMED_HOUSE.match(text, office.start, office.end) is not None


def becomes(text: str, at: int, end: int) -> Field | None:
    """Trade that the sentence at `at` says somebody took up: «elle a tout quitté pour devenir modiste à Figeac»."""
    ended = _SENTENCE.search(text, at, end)
    found = _BECOMES.search(text, at, ended.start() if ended else end)
    if found is None or not is_role_word(found.group(1)):
        return None
    stop = _TRADE_ENDS.search(text, found.end(), end)
    return field_of(text, found.end(), stop.start() if stop else end)
