"""A line that says what the person named above it does, and for whom: «Trésorière, association Lire ensemble»."""

from __future__ import annotations

import re

from .attribution import split_role
from .edges import GREETING
from .names import Field
from .words import FIRST_PERSON, STATUS, is_role_word

LONGEST = 100
"""Characters above which a line is words."""

MOST_WORDS = 12

ENDS_AS_SENTENCE = re.compile(r"[.!?…:;»”\"][\s*_]*$")


def detail_of(text: str, start: int, end: int) -> tuple[Field | None, Field | None] | None:
    """Read role and organisation in a line; None when it is anything else."""
    value = text[start:end]
    if (
        len(value) > LONGEST
        or len(value.split()) > MOST_WORDS
        or ENDS_AS_SENTENCE.search(value)
        or FIRST_PERSON.search(value)
        or GREETING.match(value)
    ):
        return None
    role, space = split_role(text, start, end)
    told = role is not None and (STATUS.search(role.value) is not None or any(map(is_role_word, re.findall(r"[\w·'’-]+", role.value))))
    return (role if told else None, space) if told or space is not None else None
