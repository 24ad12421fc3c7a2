"""Questions of an interview, told from answers by how they are set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from ..types import Document
from .claims import Line, bold_lead, is_marked, title_of

ASKED = re.compile(r"\?[\s»”\")*_!.]*$")
_Q = re.compile(r"[-–— ]{0,3}Q[ \u00a0]?\d{0,2}[ \u00a0]?[:.)–—-]")
_FAQ = re.compile(
    r"(?<!\w)(?:f\.?a\.?q\.?|foire aux questions|questions (?:les plus )?(?:fréquentes|courantes)|vos questions, nos réponses)(?!\w)",
    re.IGNORECASE,
)
LONGEST_QUESTION = 250
"""Characters of a line that may be a question where nothing sets it apart."""


def is_faq(document: Document) -> bool:
    """Tell a house that answers what it is often asked."""
    heading = title_of(document)
    return any(_FAQ.search(value) for value in (str(document.metadata.get("title") or ""), heading.value if heading else ""))


def is_question(document: Document, line: Line) -> bool:
    """Tell a line that asks and is set apart: a heading, marked words, «Q :», a dash."""
    text = document.text[line.start : line.end]
    if line.kind == "question":
        return True
    if not ASKED.search(text) or len(text) > 600:
        return False
    return (
        line.kind in ("heading", "item")
        or is_marked(document, ("bold", "italic", "underline"), line.start, line.end)
        or _Q.match(text) is not None
        or text.startswith(("–", "—", "- "))
    )


def inline_question(document: Document, line: Line) -> int | None:
    """End of a bold question that its answer follows on the same line."""
    end = bold_lead(document, line)
    return end if end is not None and ASKED.search(document.text[line.start : end]) else None


def units(document: Document, lines: Sequence[Line], *, plain: bool = False) -> list[tuple[str, Line]]:
    """Give each line its kind, questions told from the rest; `plain` where nothing sets them apart but a paragraph of their own."""
    text = document.text
    unit: list[tuple[str, Line]] = []
    for _, group in groupby(lines, key=lambda line: line.block):
        items = list(group)
        whole = " ".join(text[line.start : line.end] for line in items)
        bold_block = all(is_marked(document, ("bold", "italic"), line.start, line.end) for line in items)
        if len(items) > 1 and bold_block and ASKED.search(whole) and len(whole) < 600:
            unit += [("question", line) for line in items]
        else:
            asks = plain and _asks(text, items[0]) and not any(_asks(text, line) for line in items[1:])
            unit += [("question" if (asks and line is items[0]) or is_question(document, line) else line.kind, line) for line in items]
    return unit


def _asks(text: str, line: Line) -> bool:
    """Tell a line that may be a question of an interview: alone, or with its answer on the lines under it."""
    return line.end - line.start < LONGEST_QUESTION and text[line.start].isupper() and ASKED.search(text[line.start : line.end]) is not None


def questions_told(document: Document, lines: Sequence[Line]) -> list[tuple[str, Line]]:
    """Units of a document that says that it is an interview: where nothing sets questions apart, paragraphs that ask are taken for them."""
    unit = units(document, lines)
    return unit if sum(kind == "question" for kind, _ in unit) > 1 else units(document, lines, plain=True)


def lists_of_questions(units: Sequence[tuple[str, Line]]) -> set[int]:
    """Lists most of whose items ask: a table of contents, whose other items answer nothing."""
    items = Counter(line.group for _, line in units if line.kind == "item" and line.group >= 0)
    asking = Counter(line.group for kind, line in units if line.kind == "item" and kind == "question")
    return {group for group, count in items.items() if count >= 3 and asking[group] >= 0.6 * count}
