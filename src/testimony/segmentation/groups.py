"""Groups of which somebody speaks as one: «certains de nos coworkers», «quelques retours des participants»."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import attrgetter

from ..types import Document
from .claims import Claim
from .names import Field

_MEMBERS = "participant|stagiaire|coworker|membre|étudiant|élève|usager|habitant|adhérent|bénéficiaire|visiteur|client"
_SEVERAL = r"(?:[·.]?e)?[·.]?s\b"  # «participants», «adhérent·es»
ANNOUNCED_GROUP = re.compile(
    r"(?:témoign\w+|retours?|verbatims?|réactions?|avis|paroles?|impressions?|citations?)[^.\n:]{0,60}?\b"
    rf"({_MEMBERS})(?={_SEVERAL})",
    re.IGNORECASE,
)
_ASKED_GROUP = re.compile(
    rf"(?<!\w)({_MEMBERS})"
    rf"(?={_SEVERAL}[^.\n:]{{0,60}}[ \u00a0]ont[ \u00a0]répondu)",
    re.IGNORECASE,
)
_SURVEYED_GROUP = re.compile(
    r"(?:enquête|questionnaire|sondage|consultation)s?[ \u00a0][^.\n:]{0,40}?(?:auprès[ \u00a0])?(?:des|de[ \u00a0]nos|de[ \u00a0]vos)[ \u00a0]"
    rf"({_MEMBERS})(?={_SEVERAL})",
    re.IGNORECASE,
)
_SEVERAL_SAY = re.compile(
    r"(?:quelques|des|les|voici (?:les|des|quelques)|plusieurs)[ \u00a0](?:réactions|retours|témoignages|verbatims?|impressions|paroles|avis|mots)\b[^.!?:\n]{0,60}:[ \u00a0]*\n",
    re.IGNORECASE,
)
# «… certains de nos coworkers …» right before words that only a first name signs.
_ONE_OF = re.compile(
    r"(?:certaine?s|quelques|plusieurs|deux|trois|quatre|cinq)[ \u00a0](?:de nos|de ces|des|d['’]entre (?:nos|les|ces))?[ \u00a0]?(?:\w+[ \u00a0])?"
    rf"({_MEMBERS}|bénévole|salarié)(?={_SEVERAL})",
    re.IGNORECASE,
)
_COLLECTED = re.compile(
    r"(?:verbatims?|témoignages|retours|réactions|avis|paroles|impressions|commentaires)[ \u00a0](?:recueillie?s|collectée?s|reçue?s|laissée?s)"
    r"[ \u00a0](?:à l['’]issue|lors|à la fin|au cours|pendant|après|durant)",
    re.IGNORECASE,
)


def one_of(document: Document, claim: Claim) -> Field | None:
    """Group that the paragraph before a quotation says it takes its speakers from."""
    if claim.who.speaker is not None and " " in claim.who.speaker.value:
        return None
    start = claim.spans[0][0]
    before = bisect_right(document.blocks, start, key=attrgetter("end"))
    for block in reversed(document.blocks[max(0, before - 6) : before]):
        if block.kind in ("caption", "boilerplate", "quote"):
            continue
        found = _ONE_OF.search(document.text, block.start, block.end) if block.kind == "paragraph" else None
        return Field(value=found.group(1), start=found.start(1), end=found.end(1)) if found else None
    return None


def announces_several(document: Document) -> bool:
    """Tell a document that announces what several people say, whether it says who they are or not: «Quelques réactions à chaud :»."""
    return announced_group(document) is not None or _SEVERAL_SAY.search(document.text) is not None


def announced_group(document: Document) -> Field | None:
    """Whose words a document announces that it quotes without naming anybody: «quelques retours des participants»."""
    text = document.text
    found = ANNOUNCED_GROUP.search(text) or _ASKED_GROUP.search(text) or _SURVEYED_GROUP.search(text)
    if found is None and _COLLECTED.search(text):
        found = re.search(rf"\b(participant)(?={_SEVERAL})", text, re.IGNORECASE)
    return Field(value=found.group(1), start=found.start(1), end=found.end(1)) if found else None
