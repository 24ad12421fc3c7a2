"""What stands among turns and is none: who is meant by a label, who is asked, what somebody has to do."""

from __future__ import annotations

from collections import Counter

from ..types import Span
from .anyone import is_description
from .attribution import parse, split_role
from .labels import RESPONDENT, is_code
from .names import Attribution
from .words import FIRST_PERSON

Turn = tuple[str, Attribution, list[Span]]
"""A label, who it names, the words."""


def without_legend(text: str, found: list[Turn]) -> tuple[list[Turn], dict[str, Attribution]]:
    """Part the lines that say who is meant by a label («P1 : femme, 34 ans, graphiste») from turns of the same label."""
    counts = Counter(name for name, _, _ in found)
    legend: dict[str, Attribution] = {}
    kept = []
    for turn in found:
        name, _, parts = turn
        if counts[name] > 1 and name not in legend and is_code(name) and len(parts) == 1 and is_description(text, *parts[0]):
            role, space = split_role(text, *parts[0])
            legend[name] = Attribution(role=role, space=space)
        elif RESPONDENT.fullmatch(name) and text[parts[0][1] - 1] not in ".!?…" and parse(text, *parts[0]).strength >= 0.5:
            continue  # «Personne interrogée : …» at the head
        else:
            kept.append(turn)
    return kept, legend


def is_task(text: str, part: Span) -> bool:
    """Tell what minutes note of somebody, «Yves : appelle la mairie», from what they say."""
    return text[part[0] : part[0] + 1].islower() and not FIRST_PERSON.search(text, *part)
