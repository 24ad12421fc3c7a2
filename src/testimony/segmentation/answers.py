"""The layout of announced answers: a line that says whose words follow, then a plain list of them, without names or quotation marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from ..types import Block, Document
from .attribution import parse
from .claims import NO_ONE, Claim, Explanation, coverage, trimmed
from .edges import is_furniture, undated
from .names import Attribution, Field
from .words import MONTHS, is_role_word

LONGEST = 900
"""Characters above which a paragraph is no answer of a list."""

_ANNOUNCES = re.compile(
    r"témoignages?|verbatims?|réponses?|paroles?|réactions?|commentaires|impressions|avis|citations|retours\b|mots? (?:laissé|reçu|d['’e])|"
    r"livre d['’]or|morceaux choisis|pêle-mêle|en vrac|florilège|(?:ils|elles|on)(?: et (?:ils|elles))?(?: nous| m['’]| en)*[ \u00a0](?:l['’])?"
    r"(?:ont|a)?[ \u00a0]?(?:dit|disent|écrit|écrivent|raconté|racontent|confié|répondu)|"
    r"(?:vous|nos \w+|les \w+|ce qu['’]\w+|ce que[ \u00a0][\w ]{2,30})[ \u00a0](?:nous )?(?:en )?(?:avez|ont|disent|dites|pensent|retiennent|écrivent)\b",
    re.IGNORECASE,
)
_SURVEY = re.compile(
    r"questionnaire|sondage|enquête|réponses|ont répondu|consultation|formulaire|participants|recueilli|verbatim", re.IGNORECASE
)
_OWN = re.compile(
    r"(?<![\w’'-])(?:[jm]['’](?=\w)|(?:je|me|moi|mon|ma|mes|on|nous|notre|nos|merci|bravo|dommage|trop|pas assez|rien à|vivement|très|super|génial|"
    r"il (?:faut|faudrait|manque)|c['’](?:est|était))(?![\w-]))",
    re.IGNORECASE,
)
_I = re.compile(r"(?<![\w’'-])(?:[jm]['’](?=\w)|(?:je|me|moi|mon|ma|mes|on)(?![\w-]))", re.IGNORECASE)
# Items of agendas, contacts, price lists and counts.
_DATA = re.compile(
    r"^\W*\d{1,2}(?:[ \u00a0]?h|[/.:]\d{2})|https?:|\d[ \u00a0]?(?:%|€|euros\b)|^[^.!?]{2,40}[ \u00a0]?:|\(\d+\)\s*$|@\w+\.|\b\d{1,2}[ \u00a0](?:"
    + MONTHS
    + r")\b",
    re.IGNORECASE,
)
_THEME = re.compile(r"(?:thème|consigne|question|sujet|exercice|mot|contrainte)[ \u00a0]?(?:\d{1,2}[ \u00a0]?)?:", re.IGNORECASE)
_QUOTED = re.compile(r"[«“„\"][^«»“”\"]{25}")
_RESPONDENTS = re.compile(
    r"(?<!\w)(participant|stagiaire|habitant|usager|adhérent|membre|coworker|étudiant|élève|visiteur|bénéficiaire|parent|salarié|résident|client)"
    r"(?=(?:[·.(]?e\)?)?[·.]?s\b)",
    re.IGNORECASE,
)
SIGNED_ITEM = re.compile(r"[.!?…][ \u00a0]+(?:\(([^()\n]{2,90})\)|[—–-][ \u00a0]*([A-ZÀ-Ö][^.!?\n]{1,80}))\.?\s*$")
_GROUP = re.compile(r"(?:des?|d['’]|du|les|nos|vos|de nos|certaine?s|quelques)[ \u00a0]?([a-zà-ÿ]\w+?)(?:[·.]?e)?(?:[·.])?s(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """What stands under an announcement: blocks of one kind and form."""

    head: Block
    items: tuple[Block, ...]


def answers(document: Document) -> Explanation | None:
    """Lists of words that a heading or a line announces as said by several people: each item is one testimonial."""
    text = document.text
    surveyed = bool(_SURVEY.search(text[:4000]))
    anyone = _respondents(text) if surveyed else NO_ONE
    claims: list[Claim] = []
    sections = list(_sections(document, surveyed))
    for section in sections:
        voiced = _voice(text, section.items)
        if voiced < 0.5:
            continue
        group = _group(text, section.head)
        group = anyone if group is NO_ONE else group
        claims += [_claim(text, block, group, 0.45 + 0.4 * voiced) for block in section.items]
    if len(claims) < 2:
        return None
    covered, total = coverage(document, claims, ("paragraph", "quote", "item"))
    mean = sum(claim.confidence for claim in claims) / len(claims)
    asked = surveyed and any(_asks(text, section.head) for section in sections)
    score = min(0.99, 0.3 + 0.55 * mean + 0.2 * covered / max(1, total) + 0.3 * asked)
    return Explanation(rule="answers", claims=tuple(claims), score=score, reason=f"{len(claims)} items under a line that announces answers")


def _sections(document: Document, surveyed: bool) -> Iterator[_Section]:
    """Announcements, each with the run of like blocks right after it."""
    text = document.text
    blocks = [block for block in document.blocks if block.kind not in ("boilerplate", "code", "caption")]
    for number, block in enumerate(blocks[:-1]):
        if not _announces(text, block, surveyed) and not _asks_several(text, blocks, number):
            continue
        first = number + 1
        first += first + 1 < len(blocks) and _THEME.match(text, blocks[first].start) is not None
        if block.kind == "heading" and blocks[first].kind == "paragraph" and blocks[first].end - blocks[first].start < 200:
            lead = text[blocks[first].start : blocks[first].end].rstrip()
            first += first + 1 < len(blocks) and (lead.endswith(":") or blocks[first + 1].kind == "item")
        kind = blocks[first].kind
        items = []
        for item in islice(blocks, first, None):
            if item.kind != kind or kind not in ("item", "paragraph") or is_furniture(document, item.start, item.end):
                break
            items.append(item)
        if len(items) >= 2:
            yield _Section(head=block, items=tuple(items))


def _asks_several(text: str, blocks: Sequence[Block], number: int) -> bool:
    """Tell a question to which items that people sign answer: «… (Odette, 79 ans)»."""
    if not text[: blocks[number].end].rstrip().endswith("?"):
        return False
    items = list(takewhile(lambda block: block.kind == "item", islice(blocks, number + 1, None)))
    signed = sum(SIGNED_ITEM.search(text, max(item.start, item.end - 120), item.end) is not None for item in items)
    return len(items) > 1 and 2 * signed >= len(items)


def _announces(text: str, block: Block, surveyed: bool) -> bool:
    words = text[block.start : block.end].strip()
    if block.kind == "heading":
        return len(words) < 140 and (_ANNOUNCES.search(words) is not None or (surveyed and words.endswith("?")))
    return block.kind == "paragraph" and len(words) < 300 and words.endswith(":") and _ANNOUNCES.search(words) is not None


def _asks(text: str, head: Block) -> bool:
    return text[head.start : head.end].rstrip().endswith("?")


def _voice(text: str, items: Sequence[Block]) -> float:
    """How much a list reads like different people's words: sentences, opinions, the first person; neither data nor commitments."""
    said = [text[block.start : block.end].strip() for block in items]
    if any(len(one) > LONGEST or _QUOTED.search(one) for one in said):
        return 0.0
    if sum("\n" in one and parse(one, one.rindex("\n") + 1, len(one)).strength >= 0.7 for one in said) > len(said) / 2:
        return 0.0  # signed, each on its last line
    data = sum(bool(_DATA.search(one)) for one in said) / len(said)
    firsts = Counter(one.split()[0].casefold() for one in said if one).most_common(1)
    same = firsts[0][1] / len(said) if firsts and len(said) > 2 and firsts[0][0] not in ("j'ai", "j’ai", "je", "on") else 0.0
    sentences = sum(one[-1:] in ".!?…" or len(one.split()) >= 6 for one in said) / len(said)
    own = sum(bool(_OWN.search(one)) for one in said) / len(said)
    singular = sum(bool(_I.search(one)) for one in said) / len(said)
    if data > 0.3 or same > 0.6 or singular < 0.2:
        return 0.0
    return 0.5 * own + 0.25 * singular + 0.25 * sentences


def _group(text: str, head: Block) -> Attribution:
    """Whom the announcement says that it quotes: «quelques réponses d'habitants»."""
    for match in _GROUP.finditer(text, head.start, head.end):
        if is_role_word(match.group(1)):
            return Attribution(role=Field(value=match.group(1), start=match.start(1), end=match.end(1)))
    return NO_ONE


def _respondents(text: str) -> Attribution:
    """Who answered a survey, where its beginning says it: «18 réponses sur 20 participants»."""
    match = _RESPONDENTS.search(text, 0, 1500)
    return Attribution(role=Field(value=match.group(1), start=match.start(1), end=match.end(1))) if match else NO_ONE


def _claim(text: str, block: Block, group: Attribution, confidence: float) -> Claim:
    """One item; a name in parentheses or after a dash at its end signs it."""
    ((start, end),) = undated(text, [trimmed(text, block.start, block.end)])
    signed = SIGNED_ITEM.search(text, max(start, end - 120), end)
    if signed:
        number = 1 if signed.group(1) else 2
        who = parse(text, signed.start(number), signed.end(number))
        if who.strength >= 0.45 or who.role is not None:
            return Claim(rule="announced answer", spans=((start, signed.start() + 1),), who=who, confidence=confidence)
    return Claim(rule="announced answer", spans=((start, end),), who=group, confidence=confidence)
