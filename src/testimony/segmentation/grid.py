"""The layout of a table inside a document: a row for each person, columns for name, role and words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ..readers.columns import choose, is_usual
from ..types import Block, Document
from .attribution import parse, split_role
from .claims import Claim, Explanation, coverage, without_marks, words_in
from .names import Attribution, person_score
from .words import is_role_word

MIN_WORDS = 6
"""Mean number of words of a cell from which a column without a heading holds what people say."""

Row = tuple[Block, ...]


def grid(document: Document) -> Explanation | None:
    """A table whose columns say who speaks and what: by their headings, else by what the cells hold."""
    claims: list[Claim] = []
    for rows in _tables(document):
        claims += _claims(document, rows)
    if not claims:
        return None
    covered, total = coverage(document, claims, ("paragraph", "quote", "item", "cell"))
    score = min(1.0, 0.75 + 0.25 * covered / max(1, total))
    return Explanation(rule="grid", claims=tuple(claims), score=score, reason=f"{len(claims)} rows of a table with names and words")


def _tables(document: Document) -> list[list[Row]]:
    """Runs of rows of the same width."""
    tables: list[list[Row]] = []
    for kind, run in groupby(document.blocks, key=lambda block: block.kind):
        if kind != "cell":
            continue
        rows = [tuple(cells) for _, cells in groupby(run, key=lambda block: block.group)]
        for _, alike in groupby(rows, key=len):
            table = list(alike)
            if len(table) > 1 and len(table[0]) > 1:
                tables.append(table)
    return tables


def _claims(document: Document, rows: list[Row]) -> list[Claim]:
    text = document.text
    columns = _headed(text, rows[0])
    if columns is not None:
        rows = rows[1:]
    else:
        rows = rows[1:] if _names_columns(text, rows[0]) else rows
        columns = _by_content(text, rows)
    if columns is None:
        return []
    claims = []
    for row in rows:
        words, who = row[columns["text"]], _who(text, row, columns)
        spans = without_marks(text, ((words.start, words.end),))
        if words_in(text, spans) >= 3 and (who.speaker or who.role):
            claims.append(Claim(rule="table row", spans=spans, who=who, confidence=0.8))
    return claims


def _headed(text: str, row: Row) -> dict[str, int] | None:
    """Columns named by the first row; None when it names neither words nor people."""
    names = [text[cell.start : cell.end].strip() for cell in row]
    if any(len(name) > 40 for name in names):
        return None
    found: dict[str, int] = {}
    for field in ("text", "speaker", "space", "role"):
        name = choose(field, [name for number, name in enumerate(names) if number not in found.values()])
        if name is not None:
            found[field] = names.index(name)
    return found if "text" in found and len(found) > 1 else None


def _names_columns(text: str, row: Row) -> bool:
    """Tell a first row of headings, although none of them says where the words are («Ce qu'elle en dit»)."""
    names = [text[cell.start : cell.end].strip() for cell in row]
    return any(map(is_usual, names)) and all(len(name) <= 40 and name[-1:] not in ".!…" for name in names)


def _by_content(text: str, rows: Sequence[Row]) -> dict[str, int] | None:
    """Columns by their cells: one of names, one of prose, perhaps one of trades."""
    width = len(rows[0])
    values = [[text[row[column].start : row[column].end].strip() for row in rows] for column in range(width)]
    prose = max(range(width), key=lambda column: sum(len(value.split()) for value in values[column]))
    if sum(len(value.split()) for value in values[prose]) < MIN_WORDS * len(rows):
        return None
    found = {"text": prose}
    for column in range(width):
        if column == prose:
            continue
        if "speaker" not in found and _share(person_score(value.split(",")[0]) >= 0.5 for value in values[column]) >= 0.6:
            found["speaker"] = column
        elif "role" not in found and _share(is_role_word(value.split()[0]) for value in values[column] if value) >= 0.6:
            found["role"] = column
    return found if "speaker" in found else None


def _share(truths: object) -> float:
    listed = list(truths)  # type: ignore[call-overload]
    return sum(listed) / max(1, len(listed))


def _who(text: str, row: Row, columns: dict[str, int]) -> Attribution:
    speaker = role = space = None
    if "speaker" in columns:
        cell = row[columns["speaker"]]
        who = parse(text, cell.start, cell.end)
        speaker, role, space = who.speaker, who.role, who.space
    if "role" in columns:
        cell = row[columns["role"]]
        own_role, own_space = split_role(text, cell.start, cell.end)
        role, space = own_role or role, own_space or space
    if "space" in columns:
        cell = row[columns["space"]]
        space = parse(text, cell.start, cell.end).speaker or split_role(text, cell.start, cell.end)[1] or space
    return Attribution(speaker=speaker, role=role, space=space, strength=0.8)
