"""The layout of a thread of messages: who writes is said at the head of each, and what one of them tells is a testimonial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..types import Document
from .attribution import parse
from .claims import Claim, Explanation, Line, lines_of, merge, words_in
from .edges import MAIL_HEADER, trimmed_tail
from .names import Attribution
from .words import FIRST_SINGULAR

MIN_WORDS = 40
"""Words from which a message tells something."""

_FROM = re.compile(r"\W{0,9}(?:de|from|expéditeur|expéditrice)[ \u00a0]?:[ \u00a0]?([^\n<(@]{3,60}?)[ \u00a0]*(?:[<(\n]|$)", re.IGNORECASE)
_WROTE = re.compile(r"le\b.{4,60}?,[ \u00a0]([^<,:]{3,60}?)[ \u00a0]?(?:<[^>\n]{1,80}>[ \u00a0]?)?a écrit[ \u00a0]?:", re.IGNORECASE)
_RULE = re.compile(r"[-–—_=*>]{3,30}[^\n]{0,40}?[-–—_=*]{3,30}$|[-–—_=*]{5,200}$")


@dataclass(slots=True)
class _Message:
    who: Attribution
    words: list[Line] = field(default_factory=list)


def letters(document: Document) -> Explanation | None:
    """At least two messages, of which those that tell something in the first person are one testimonial each."""
    text = document.text
    messages = _messages(text, lines_of(document))
    if len(messages) < 2:
        return None
    claims = []
    for message in messages:
        spans = trimmed_tail(document, [(line.start, line.end) for line in message.words], message.who)
        own = sum(len(FIRST_SINGULAR.findall(text[start:end])) for start, end in spans)
        if own > 2 and words_in(text, spans) >= MIN_WORDS:
            claims.append(Claim(rule="message", spans=merge(text, spans), who=message.who, confidence=0.75))
    if not claims:
        return None
    return Explanation(rule="letters", claims=tuple(claims), score=0.9, reason=f"{len(messages)} messages, {len(claims)} of them tell")


def _messages(text: str, lines: Sequence[Line]) -> list[_Message]:
    """Cut at the heads of messages; lines that repeat an earlier message are left out."""
    messages: list[_Message] = []
    in_head = False
    for line in lines:
        words = text[line.start : line.end]
        sender = _FROM.match(text, line.start, line.end) or _WROTE.match(text, line.start, line.end)
        header = MAIL_HEADER.match(words) is not None
        if sender is not None:
            who = parse(text, *sender.span(1))
            if in_head and messages:
                messages[-1].who = who
            else:
                messages.append(_Message(who))
            in_head = header
        elif header:
            if not in_head:
                messages.append(_Message(Attribution()))
            in_head = True
        else:
            in_head = False
            if messages and not words.startswith(">") and not _RULE.match(words):
                messages[-1].words.append(line)
    return messages
