"""Labels «Name :» at the start of lines: people, codes, handles, question and answer marks, time codes around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from .attribution import split_role
from .claims import Line
from .edges import MAIL_HEADER
from .names import NOT_NAMES, Attribution, Field, person_score
from .words import is_role_word

_TIME = r"[\[(]?\d{1,2}[:h]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?[\])]?"
_LABEL = re.compile(
    rf"(?:{_TIME}[ \u00a0]{{0,5}})?[-–—•*\s]{{0,20}}+((?:[A-ZÀ-Ö]\.-?[ \u00a0]?){{1,3}}|(?:(?:(?:Mr?|Dr|Pr|Mme)\.?|(?:[A-ZÀ-Ö]\.-?){{1,2}})[ \u00a0])?[^\n:.!?«»\"“”]{{1,90}}?(?:[ \u00a0][A-ZÀ-Ö]\.)?)"
    rf"(?:[ \u00a0]{{0,9}}+\(([^()\n]{{1,80}})\))?(?:[ \u00a0]{{0,9}}(?::|[ \u00a0][–—][ \u00a0])[ \u00a0]*+(?=\S|$)|[ \u00a0]{{1,5}}{_TIME}[ \u00a0]{{0,9}}(?::[ \u00a0]*|$))",
    re.MULTILINE,
)
INTERVIEWER = re.compile(
    r"\b(?:q|question|journaliste|interview(?:eu[rs]e?|er)?|enquêt(?:eur|rice)|animat(?:eur|rice)|modérat(?:eur|rice)|la rédaction|rédaction|intervieweuse|nous)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@\w{2,30}")
QUESTION_LABEL = re.compile(r"^(?:q|question|r|r[ée]p(?:onse)?\.?|a|answer)[ \u00a0]?\d{0,2}$", re.IGNORECASE)
_NAMELESS = re.compile(
    r"(?:(?:une?|le|la|autre)[ \u00a0]|l['’])(?:(?:même|autre|seconde?|deuxième|troisième|première?|jeune)[ \u00a0])?([\w·-]{3,40})(?:[ \u00a0](?:dans|de) (?:la salle|l['’]assistance|le public))?",
    re.IGNORECASE,
)
_SEX = re.compile(r"femme|homme|dame|monsieur|fille|garçon|personne|maman|papa|voix", re.IGNORECASE)
_THINGS = frozenset("conseil guide cadre critique relais pilote modèle second garde trompette secrétariat ancien".split())
"""Roles that are things as often, after an article."""

_NUMBERED = re.compile(r"(?<=[a-zé.qr])[ \u00a0]?\d{1,2}$|(?<=^[QR])[ \u00a0]?\d{1,2}$")
_SPEAKER_CODE = re.compile(
    r"^(?:[A-Z]{1,3}\d?|(?:[A-Z]\.[ ]?){1,2}|(?:speaker|locut(?:eur|rice)|enquêtée?|participante?|intervenante?)[ \u00a0]?\d{1,3})$",
    re.IGNORECASE,
)
RESPONDENT = re.compile(
    r"(?:la )?(?:personne )?(?:enquêté|interviewé|interrogé|invité)(?:[·.(-]?e\)?)?|témoin|r[ée]p(?:onse)?\.?|r|a|answer", re.IGNORECASE
)
"""What stands for the name of the one person who answers."""
MAX_SPEAKERS = 100
"""Names among which a first name or initials are looked for."""


def label_of(text: str, line: Line, houses: Collection[str] = ()) -> tuple[str, Attribution, int] | None:
    """Read ``Name :`` at the start of a line: key, attribution, where the words start; `houses` are labels that name nobody but come back."""
    match = _LABEL.match(text, line.start, line.end)
    if match is None:
        return None
    value = match.group(1).strip(" \u00a0*_")
    if not value or len(value.split()) > 12:
        return None
    head = re.split(r"[,(]|[ \u00a0]@", value, maxsplit=1)[0].strip()
    if (nobody := _nameless(text, match.start(1), head)) is not None and not text[match.end() : match.end() + 1].islower():
        return nobody.value.casefold(), Attribution(role=nobody, strength=0.6), match.end()
    key = _NUMBERED.sub("", head) if QUESTION_LABEL.match(head) else head
    if not (
        person_score(head) >= 0.3
        or _HANDLE.fullmatch(head)
        or _SPEAKER_CODE.match(head)
        or INTERVIEWER.fullmatch(head)
        or RESPONDENT.fullmatch(key)
        or QUESTION_LABEL.match(head)
        or head in houses
    ):
        return None
    start = match.start(1)
    name_end = start + len(head)
    speaker = Field(value=" ".join(head.split()), start=start, end=name_end)
    role = space = None
    beside = match.group(2) or ""
    if any(char.isalpha() for char in beside) and re.sub(r"\W", "", beside) != letters_of(head):
        role, space = split_role(text, match.start(2), match.end(2))
    elif len(value) > len(head) and "@" not in value[len(head) : len(head) + 3]:
        role, space = split_role(text, name_end + 1, match.end(1))
    return key, Attribution(speaker=speaker, role=role, space=space, strength=person_score(head)), match.end()


def _nameless(text: str, start: int, head: str) -> Field | None:
    """What a label says of somebody without a name: «Une participante (Tulle) :», «Le même habitant :»."""
    found = _NAMELESS.fullmatch(head)
    if found is None or found.group(1).casefold() in _THINGS or not (is_role_word(found.group(1)) or _SEX.fullmatch(found.group(1))):
        return None
    at = text.index(head, start) + found.start(1)
    return Field(value=found.group(1), start=at, end=at + len(found.group(1)))


def bold_label(text: str, line: Line, end: int | None) -> tuple[str, Attribution, int] | None:
    """Read a name in bold that opens a line without a colon, «**Michèle** J'ai dormi …»; where prose goes on it is no label."""
    head = text[line.start : end].strip(" \u00a0:*_") if end is not None else ""
    if end is None or not head or len(head.split()) > 4 or not text[end : line.end].lstrip(" \u00a0:–—«")[:1].isupper():
        return None
    if not (person_score(head) >= 0.5 or _SPEAKER_CODE.match(head) or INTERVIEWER.fullmatch(head) or RESPONDENT.fullmatch(head)):
        return None
    start = text.index(head, line.start)
    speaker = Field(value=" ".join(head.split()), start=start, end=start + len(head))
    words = end + len(text[end : line.end]) - len(text[end : line.end].lstrip(" \u00a0:–—"))
    return head, Attribution(speaker=speaker, strength=person_score(head)), words


def houses_of(text: str, lines: Sequence[Line]) -> frozenset[str]:
    """Labels that are no names but come back («Le Quai : …»): a house that asks."""
    heads = [match.group(1).strip(" \u00a0*_") for line in lines if (match := _LABEL.match(text, line.start, line.end)) is not None]
    return frozenset(
        head
        for head, count in Counter(heads).items()
        if count > 1
        and head[:1].isupper()
        and len(head.split()) <= 4
        and head.casefold() not in NOT_NAMES
        and not MAIL_HEADER.match(f"{head}: ")
    )


def key_of(name: str, names: Sequence[str]) -> str:
    """Full name that a first name or initials stand for, when just one could be meant."""
    fold = name.casefold()
    longer = [other for other in names[:MAX_SPEAKERS] if other != name and fold in [word.casefold() for word in other.split()]]
    if len(longer) == 1:
        return longer[0]
    letters = name.replace(".", "").replace(" ", "").replace("-", "")
    if letters.isupper() and len(letters) <= 3:
        meant = [
            other
            for other in names[:MAX_SPEAKERS]
            if "".join(word[0] for word in re.split(r"[\s-]+", other) if word).upper() == letters and other != name
        ]
        if len(meant) == 1:
            return meant[0]
    return name


def letters_of(name: str) -> str:
    """Give the initials of a name."""
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word[0].isupper())


def is_abbreviated(name: str, short: Sequence[str]) -> bool:
    """Tell whether «E. Bourdieu» is short for a full name."""
    first, _, rest = name.partition(" ")
    return (
        len(short) == 2 and short[0].endswith(".") and len(first) > 2 and first[0] == short[0][0] and rest.casefold() == short[1].casefold()
    )


def is_code(name: str) -> bool:
    """Tell a label that stands for a person whom a list describes: «P1»."""
    return _SPEAKER_CODE.match(name) is not None


def strength_of(name: str) -> float:
    """How much a label looks like somebody: a code or a handle does."""
    coded = is_role_word(name) or _SEX.fullmatch(name) or _SPEAKER_CODE.match(name) or _HANDLE.match(name) or RESPONDENT.fullmatch(name)
    return 0.6 if coded else person_score(name)
