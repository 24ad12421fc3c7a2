"""Layouts in which one voice fills the document: first-person articles, records, whole documents."""

from __future__ import annotations

import re

from ..types import Document
from .attribution import parse, split_role
from .claims import NO_ONE, Claim, Explanation, merge, words_in
from .names import ANONYMOUS, Attribution, Field
from .quotes import find
from .subject import author_of

_FIRST = re.compile(r"(?<![\w’'-])(?:je|j['’]|me|m['’]|moi|mon|ma|mes|mien\w*|nous|notre|nos|on)(?![\w-])", re.IGNORECASE)
_SINGULAR = re.compile(r"(?<![\w’'-])(?:je|j['’]|me|m['’]|moi|mon|ma|mes)(?![\w-])", re.IGNORECASE)
_TAIL = re.compile(r"^(?:crédits?|photos?|sources?|notes?|liens?|en savoir plus|partag|commentaires?|contact|\[|https?:)", re.IGNORECASE)


def article(document: Document, *, sure: bool = False) -> Explanation | None:
    """A text told in the first person: one testimonial of its paragraphs, lists and headings.

    `sure` when the user says so: then short texts and those that seldom say «je» are one too.
    """
    text = document.text
    kept = [block for block in document.blocks if block.kind in ("paragraph", "item", "quote", "heading", "question")]
    spans = [(block.start, block.end) for block in kept]
    total = words_in(text, spans)
    if not total or (total < 80 and not sure):
        return None
    quoted = [quote.inner for quote in find(document) if not quote.blockquote]
    outside = _without(text, quoted)
    if len(outside.split()) < 0.4 * total:  # a letter or speech given whole between quotation marks
        outside = text
    own = len(_FIRST.findall(outside))
    singular = len(_SINGULAR.findall(outside))
    density = 100 * own / max(1, len(outside.split()))
    if not sure and (density < 1.6 or own < 5 or (singular < 5 and density < 2.2)):
        return None
    # Notes and forms are lists and tables more than prose; they are told apart by their share of words outside paragraphs.
    notes = 1 - words_in(text, [(block.start, block.end) for block in kept if block.kind == "paragraph"]) / total
    first = next((number for number, block in enumerate(kept) if block.kind == "paragraph"), 0)
    last = len(kept)
    while last > first + 1 and (kept[last - 1].kind == "heading" or _TAIL.match(text[kept[last - 1].start : kept[last - 1].end])):
        last -= 1
    body = merge(text, spans[first:last])
    who, key = author_of(document)
    confidence = min(0.9, 0.35 + 0.06 * density + (0.15 if who else 0.0))
    claim = Claim(rule="first-person article", spans=body, who=who or NO_ONE, confidence=confidence, key=key)
    return Explanation(
        rule="article",
        claims=(claim,),
        score=min(0.8, 0.5 + 0.05 * density) - 0.25 * (notes > 0.6),
        reason=f"{density:.1f} words of the first person per hundred",
    )


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            parts.append(text[at:start])
            at = end
    return "".join([*parts, text[at:]])


def record(document: Document) -> Explanation | None:
    """A record of a table, YAML or JSON file: its text field is one testimonial, its other fields say who speaks."""
    fields = document.record
    if fields is None or not any(char.isalpha() for char in document.text):
        return None
    keys = dict(fields.columns)
    speaker, role, space = _detached(fields.speaker), _detached(fields.role), _detached(fields.space)
    if speaker is not None and ANONYMOUS.search(speaker.value):
        role, speaker = role or speaker, None
    if speaker is not None:
        who = parse(speaker.value, 0, len(speaker.value))
        if who.speaker is not None and len(who.speaker.value) < len(speaker.value) and (who.role or who.space) and who.strength >= 0.3:
            speaker = who.speaker
            role, space = role or who.role, space or who.space
    if role is not None and space is None:
        space = _leading_organisation(role.value)
        if space is None:
            split, space = split_role(role.value, 0, len(role.value))
            role = split if split is not None and space is not None else role
    claim = Claim(
        rule="record", spans=((0, len(document.text)),), who=Attribution(speaker=speaker, role=role, space=space, strength=1.0), confidence=0.95,
        key=keys.get("speaker") or "record",
    )  # fmt: skip
    return Explanation(rule="record", claims=(claim,), score=1.0, reason="a record of a table")


def _leading_organisation(value: str) -> Field | None:
    """First item of a list that begins like the name of a body («ministère de …, défi …»)."""
    first = re.split(r"[,;]", value)[0].strip()
    body = re.compile(
        r"(?:ministère|commissariat|cour|mairie|université|institut|école|association|agence|région|département|préfecture|centre|ville)\b",
        re.IGNORECASE,
    )
    return Field(value=first, start=0, end=len(first)) if body.match(first) else None


def _detached(value: str | None) -> Field | None:
    return Field(value=" ".join(value.split()), start=0, end=0) if value else None


def whole(document: Document) -> Explanation | None:
    """The user said that each document is one testimonial."""
    kept = [(b.start, b.end) for b in document.blocks if b.kind not in ("boilerplate", "code", "caption")]
    spans = merge(document.text, kept)
    if not words_in(document.text, spans):
        return None
    who, key = author_of(document)
    claim = Claim(rule="whole document", spans=spans, who=who or NO_ONE, confidence=0.9, key=key)
    return Explanation(rule="whole", claims=(claim,), score=1.0, reason="asked for by the user")
