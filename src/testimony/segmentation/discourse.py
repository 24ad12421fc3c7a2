"""Who is in focus where prose quotes: names, pronouns that stand for them, and people who are only described («une cliente»)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ..types import Document, Span
from .claims import is_marked
from .names import TITLES, Attribution, Field, find_name, find_names
from .nearby import attribution_near
from .offices import OFFICE
from .reporting import verb_at
from .words import is_feminine, is_role_word

MENTIONS_A_BLOCK = 60
"""Names looked at in one block."""

# A name after these is seldom the one that «elle» stands for: «les locaux de France Info».
NO_SUBJECT = re.compile(r"(?<!\w)(?:de|d['’]|du|des|à|au|aux|chez|avec|par)[ \u00a0]?$", re.IGNORECASE)
# A couple says what it says together; one of the two may speak alone too.
TOGETHER = re.compile(r"[ \u00a0](?:et|&)[ \u00a0]")
# «Les Ateliers Lumen»: the last word of a house's name is nobody.
_IN_A_NAME = re.compile(r"(?:L[ae]s?[ \u00a0]|L['’])[A-ZÀ-Ö][\w’'-]*[ \u00a0]$")
_PRONOUN = re.compile(
    r"(?<![\w’'-])(ils?|elles?)(?![\w’'-])(?![ \u00a0](?:(?:n['’])?y[ \u00a0](?:a|avait|aura)|n['’]est|ne|faut|faudrait|fallait|s['’]agit|semble|suffit|reste|fait|convient|existe|"
    r"est[ \u00a0](?:vrai|temps|clair|important|essentiel|nécessaire|possible|rare|difficile|facile))\b)",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"(?<![\w’'-])(un(?=[ \u00a0])|une|le|la|l['’]|cet|cette|ce|son|sa|leur|notre)(?:(?<=['’])|[ \u00a0])(?:(?:autre|jeune|vieux|vieille|seconde?|première?|même)[ \u00a0])?"
    r"((?:ancien(?:ne)?[ \u00a0])?(\w[\w·-]*)(?:[ \u00a0](?:de|du|des|d['’]|en)[ \u00a0]?(?:la[ \u00a0]|l['’])?[^\W\d][\w-]*){0,2})",
    re.IGNORECASE,
)
# What anybody may be called after their name: «se réjouit l'artisan de 45 ans».
_ANYBODY = re.compile(
    r"artisane?|artiste|entrepreneu(?:r|se)|créat(?:eur|rice)|trentenaire|quadragénaire|quinquagénaire|sexagénaire|septuagénaire|octogénaire|nonagénaire|"
    r"retraitée?|indépendante?|professionnel(?:le)?|commerçante?|passionnée?|ancienne?|cadette?|aînée?|maman|papa|patronne?",
    re.IGNORECASE,
)
_THE_TWO = re.compile(r"(?<![\w’'-])les[ \u00a0]deux[ \u00a0](\w+)s\b", re.IGNORECASE)
_IN_PARENTHESES = re.compile(r"[ \u00a0]\(((?:\d{1,2} ans, )?(\w[\w·'’-]*)[^()\n]{0,80})\)")
_FEMININE_NAME = re.compile(r"(?:a|ette|elle|ine|ienne|anne|lie|rie|nie|mie|ée|ise|ence|ane|ande)$")
_MASCULINE_NAME = re.compile(r"(?:o|ien|in|ert|ard|ain|is|el|ent|our|an|on|ric|ois|ves|ues|aul|ac)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody mentioned at a place: a name, or a description without one."""

    start: int
    end: int
    who: Attribution
    aside: bool = False
    """Whether the sentence is about somebody else: «autour de Monique Roux»."""


def mentions(document: Document, quoted: Sequence[Span]) -> list[Mention]:
    """Names of the prose in order, those inside quotations left out: they are not who tells."""
    text = document.text
    found: list[Mention] = []
    inside = iter(sorted(quoted))
    span = next(inside, None)
    for block in document.blocks:
        if block.kind not in ("paragraph", "heading", "item"):
            continue
        for name in islice(find_names(text, block.start, block.end), MENTIONS_A_BLOCK):
            while span is not None and span[1] <= name[0]:
                span = next(inside, None)
            if (span is not None and span[0] <= name[0]) or (block.kind == "heading" and _IN_A_NAME.search(text, block.start, name[0])):
                continue
            who = attribution_near(text, name[0], min(block.end, name[1] + 160), block.start)
            aside = (
                not (block.kind == "heading" or is_marked(document, ("bold",), block.start, block.end))
                and NO_SUBJECT.search(text[max(0, name[0] - 10) : name[0]]) is not None
            )
            if not aside or (who.role is not None and " " in text[name[0] : name[1]]):
                found.append(Mention(start=name[0], end=name[1], who=who, aside=aside))
    return found


def in_focus(known: dict[str, Attribution], pronoun: str = "") -> Attribution:
    """Person last named that a pronoun may stand for; a couple for «ils»."""
    if pronoun.startswith(("ils", "elles")):
        return next((who for name, who in reversed(known.items()) if TOGETHER.search(name)), Attribution())
    alone = [who for name, who in reversed(known.items()) if not TOGETHER.search(name)]
    wanted = {"il": False, "elle": True}.get(pronoun)
    fitting = [who for who in alone[:8] if wanted is None or gender(who) in (None, wanted)]
    return (fitting or alone or [Attribution()])[0]


def gender(who: Attribution) -> bool | None:
    """Tell whether a person is called by feminine words: True, False, or None when nothing tells."""
    if who.role is not None and not OFFICE.match(who.role.value):
        for word in re.findall(r"[\w·'’-]+", who.role.value):
            if is_role_word(word):
                if (feminine := is_feminine(word)) is not None:
                    return feminine
                break
    first = who.speaker.value.split()[0].lower() if who.speaker else ""
    return True if _FEMININE_NAME.search(first) else False if _MASCULINE_NAME.search(first) else None


def subject(text: str, start: int, end: int, known: dict[str, Attribution]) -> Attribution:
    """Tell whom a stretch of a sentence has as its subject: the one right before its reporting verb, else the first."""
    found = sorted(_candidates(text, start, end, known), key=lambda mention: mention.start)
    beside = [one for one in found if verb_at(text, one.end, end)]
    return (beside[-1] if beside else found[0]).who if found else Attribution()


def _candidates(text: str, start: int, end: int, known: dict[str, Attribution]) -> Iterator[Mention]:
    for name in islice(find_names(text, start, end), MENTIONS_A_BLOCK):
        if not NO_SUBJECT.search(text[max(start, name[0] - 10) : name[0]]):
            yield Mention(start=name[0], end=name[1], who=attribution_near(text, name[0], end, start))
    for match in _PRONOUN.finditer(text, start, end):
        who = in_focus(known, match.group(1).lower())
        if who.speaker is not None:
            yield Mention(start=match.start(), end=match.end(), who=who)
    yield from _described(text, start, end, known)


def _described(text: str, start: int, end: int, known: dict[str, Attribution]) -> Iterator[Mention]:
    """People of whom only the trade is said; «la maire» is the one known mayor, «une cliente» nobody known, «les deux associées» a couple."""
    for both in _THE_TWO.finditer(text, start, end):
        if is_role_word(both.group(1)) and (couple := in_focus(known, "ils")).speaker is not None:
            yield Mention(start=both.start(), end=both.end(), who=couple)
    for match in _DESCRIBED.finditer(text, start, end):
        if not is_role_word(match.group(3)) or NO_SUBJECT.search(text[max(start, match.start() - 10) : match.start()]):
            continue
        if re.compile(r"[ \u00a0,]{0,9}(?=[A-ZÀ-Ö])").match(text, match.end(), end) and find_name(
            text, match.end(), min(end, match.end() + 30)
        ):
            continue  # «la gérante Samia» is a name's role
        same = [who for who in known.values() if who.role is not None and _like(who.role.value, match.group(3))]
        definite = match.group(1).lower() not in ("un", "une")
        role = Field(value=" ".join(match.group(2).split()), start=match.start(2), end=match.end(2))
        if (told := _IN_PARENTHESES.match(text, match.end(), end)) and is_role_word(told.group(2)):
            role = Field(
                value=" ".join(told.group(1).split()), start=told.start(1), end=told.end(1)
            )  # «une participante (maire d'une commune)»
        who = same[-1] if definite and same else Attribution(role=role, strength=0.6)
        if (
            not same
            and (match.group(1).lower() in ("ce", "cet", "cette") or (definite and _ANYBODY.fullmatch(match.group(3))))
            and (focus := in_focus(known, _pronoun(match.group(3)))).speaker is not None
        ):
            who = replace(focus, role=focus.role or role)  # «souffle cette institutrice», of whom the sentence before tells the name
        yield Mention(start=match.start(), end=match.end(), who=who)


def _pronoun(role: str) -> str:
    feminine = is_feminine(role)
    return "" if feminine is None else "elle" if feminine else "il"


def _like(role: str, word: str) -> bool:
    stem = word.casefold()[: max(4, len(word) - 4)]
    return any(part.casefold().startswith(stem) for part in role.split() if is_role_word(part) or OFFICE.fullmatch(part))


def described(text: str, start: int, end: int, known: dict[str, Attribution]) -> Attribution:
    """Give the first person whom a range describes without a name."""
    return next((mention.who for mention in _described(text, start, end, known)), Attribution())


def titled(text: str, start: int, end: int) -> bool:
    """Tell whether a range begins with a title of courtesy."""
    return TITLES.match(text, start, end) is not None
