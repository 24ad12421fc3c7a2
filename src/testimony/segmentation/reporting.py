"""Reporting verbs in prose: where a sentence says that somebody says, and the incise after a quotation.

Words are looked up one by one, so the time is linear in the text whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..types import Span
from .words import reports

_SURE = frozenset(
    "dit disait dira ajoute ajoutait ajouta affirme affirmait explique expliquait expliqua raconte racontait confie confiait précise précisait "
    "souligne soulignait témoigne témoignait estime estimait assure assurait indique indiquait rappelle rappelait poursuit poursuivait "
    "continue conclut concluait reconnaît reconnait admet avoue avouait sourit s'amuse s'enthousiasme s'exclame s'étonne se_réjouit "
    "se_félicite se_souvient regrette regrettait déplore insiste insistait observe note notait remarque constate commente commentait détaille "
    "résume résumait répond répondait lance lâche glisse plaisante ironise s'inquiète s'interroge demande demandait juge pense pensait croit "
    "considère déclare déclarait évoque nuance tempère relativise renchérit reprend complète abonde annonce argumente analyse décrit "
    "écrit écrivait soutient prévient garantit espère souhaite rêve se_rappelle s'émerveille se_désole fait_remarquer fait_valoir fait_observer "
    "tient_à justifie illustre martèle murmure soupire râle peste rit se_livre "
    "disent disaient se_souviennent se_réjouissent poursuivent concluent répondent écrivent sourient".split()
)
"""Forms that report even without a comma before them, and anywhere in a sentence; the wider list of `words` counts only after one."""

_PARTICIPLES = frozenset(
    "dit ajouté expliqué raconté souligné précisé confié déclaré détaillé indiqué rappelé conclu témoigné estimé affirmé commenté répondu".split()
)
_HAVE = frozenset("a ont avait avaient m'a m'ont".split())
_CLITICS = frozenset("me te se nous vous lui leur en y le la l'on on".split())
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", re.UNICODE)
_LEAD = re.compile(r"[ \u00a0]{0,9}([,–—-]?)[ \u00a0]{0,9}")
_GAP = re.compile(r"[ \u00a0]")
_REST = re.compile(r"[^«»“”\"\n]{0,200}")
_PRONOUN = re.compile(r"(?:-t)?-(ils?|elles?|on|je)$")
_ELIDED = re.compile(r"^[mlt]['’]")
_ADVERBS = frozenset("fait tient ensuite alors même aussi encore".split())
_INNER = re.compile(
    r",[ \u00a0](?=(?:(?:nous|me|lui|leur|en|y|se|s['’]|m['’])[ \u00a0]?)?\w+(?:-t)?-(?:ils?|elles?|on)\b|\w+[ \u00a0][A-ZÀ-Ö])"
)
_CLAUSE_END = re.compile(r"[.!?…;]|,(?=[ \u00a0])")
LONGEST_INNER = 80
"""Characters within which an incise inside a quotation ends."""

MAX_WORDS = 4
"""Words of an incise among which its verb stands: «, nous a ensuite confié …»."""


@dataclass(frozen=True, slots=True)
class Said:
    """A reporting verb after a quotation: the range up to the end of its clause, and whether a pronoun stands for the speaker."""

    range: Span
    pronoun: str = ""
    """«elle» of «dit-elle»."""


def incise_at(text: str, start: int, end: int) -> Said | None:
    """Read an incise such as «, raconte Samia» or «, nous a-t-elle confié» at `start`."""
    lead = _LEAD.match(text, start, end)
    if lead is None:
        return None
    marked = bool(lead.group(1)) or (start > 1 and text[start - 1] in '»”"' and text[start - 2 : start - 1] in ",!?…")
    at, previous, pronoun = lead.end(), "", None
    for _ in range(MAX_WORDS):
        word = _WORD.match(text, at, end)
        if word is None:
            return None
        value = word.group().lower().replace("’", "'")
        here = _PRONOUN.search(value)
        pronoun = here or pronoun  # «a-t-elle confié»
        bare = value[: here.start()] if here else value
        if _is_sure(previous, bare) or (marked and reports(bare)):
            stop = _REST.match(text, word.end(), end)
            if not pronoun and text[word.end() : word.end() + 1] not in (" ", "\u00a0"):
                return None
            stands = pronoun.group(1) if pronoun and pronoun.group(1) not in ("on", "je") else ""
            return Said((start, stop.end() if stop else word.end()), stands)
        if bare not in _CLITICS and bare not in _HAVE and bare not in _ADVERBS:
            return None
        gap = _GAP.match(text, word.end(), end)
        if gap is None:
            return None
        previous, at = bare, gap.end()
    return None


def verb_at(text: str, start: int, end: int) -> bool:
    """Tell whether a reporting verb follows at once, clitics, adverbs and auxiliaries between."""
    at, previous = start, ""
    for _ in range(MAX_WORDS):
        gap = _GAP.match(text, at, end)
        word = _WORD.match(text, gap.end(), end) if gap else None
        if word is None:
            return False
        bare = word.group().lower().replace("’", "'")
        if _is_sure(previous, bare) or reports(bare):
            return True
        if bare not in _CLITICS and bare not in _HAVE and bare not in _ADVERBS:
            return False
        previous, at = bare, word.end()
    return False


def inner_incise(text: str, start: int, end: int) -> tuple[Span, Said] | None:
    """Find an incise inside a quotation («…, prévient-elle. …»): its range, commas included, and what it says."""
    for comma in _INNER.finditer(text, start, end):
        said = incise_at(text, comma.start(), end)
        if said is None:
            continue
        stop = _CLAUSE_END.search(text, comma.end(), min(end, comma.end() + LONGEST_INNER))
        verb_end = stop.end() if stop else end
        if stop is not None or end - comma.end() < LONGEST_INNER:
            return (comma.start(), verb_end), said
    return None


def says(text: str, start: int, end: int) -> bool:
    """Tell whether a range holds a form that surely reports."""
    previous = ""
    for word in _WORD.finditer(text, start, end):
        value = word.group().lower().replace("’", "'")
        pronoun = _PRONOUN.search(value)
        bare = value[: pronoun.start()] if pronoun else value
        if _is_sure(previous, bare):
            return True
        previous = bare
    return False


def _is_sure(previous: str, bare: str) -> bool:
    own = _ELIDED.sub("", bare)
    if bare in _SURE or own in _SURE or f"{previous}_{bare}" in _SURE:
        return True
    if bare.endswith("nt") and bare[:-2] in _SURE and bare[:-2].endswith("e"):
        return True
    return previous in _HAVE and bare in _PARTICIPLES
