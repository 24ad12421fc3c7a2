"""Where the rows of a table begin, what separates their cells, and what their columns are called."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from . import columns as cols

SAMPLE = 30
"""Rows that are looked at."""
ONE_COLUMN = "\x1f"
"""A separator that occurs in no text: the table has one column."""
_SEPARATOR = re.compile(r"\ufeff?sep=(.?)\s*$", re.IGNORECASE)
_GLUED_COMMA = re.compile(r",\S")
_STATEMENT = re.compile(r"[.!…»”\"]\s*$")
_STATEMENT_WORDS = 6


def separator(text: str, suffix: str) -> str:
    """Find what separates the cells: the sign that cuts most rows into the same number of cells, or `ONE_COLUMN`."""
    if suffix == ".tsv":
        return "\t"
    lines = text.splitlines(keepends=True)
    if lines and (said := _SEPARATOR.match(lines[0])) and said[1]:
        return said[1]
    return max([",", ";", "\t", "|", ONE_COLUMN], key=lambda mark: _agreement(lines, mark))


def _agreement(lines: Sequence[str], mark: str) -> tuple[float, int]:
    """Share of rows with the most frequent number of cells, and that number; a table of one column is what is left when none agrees."""
    if mark == ONE_COLUMN:
        return 0.6, 1
    if mark == "," and lines and not any(map(_GLUED_COMMA.search, lines[:SAMPLE])) and ("," not in lines[0] or _STATEMENT.search(lines[0])):
        return 0.0, 0  # commas of sentences
    try:
        rows = itertools.islice(csv.reader(lines, delimiter=mark), SAMPLE)
        counts = Counter(len(row) for row in rows if row)
    except csv.Error:
        return 0.0, 0
    count, rows_alike = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (round(rows_alike / counts.total(), 1), count) if count > 1 else (0.0, count)


def header(rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Give the names of the columns and the number of rows before the first record.

    A title above the names (one cell filled), blank rows and Excel's ``sep=`` are passed over. Where the first full row is somebody's words and not names,
    the columns are numbered, so that it stays a record.
    """
    filled = [0 if row and _SEPARATOR.match(row[0]) else sum(bool(cell.strip()) for cell in row) for row in rows[:SAMPLE]]
    at = next((number for number, count in enumerate(filled) if count >= min(2, max(filled)) > 0), None)
    if at is None:
        return [], 0
    while at + 1 < len(rows) and _is_better(rows[at + 1], rows[at]):
        at += 1
    names = [cell.strip().lstrip("\ufeff") for cell in rows[at]]
    if at + 1 < len(rows) and _are_under(rows[at + 1], names):
        at += 1
        names = [below.strip() or name for below, name in zip_longest(rows[at], names, fillvalue="")]
    if _is_record(names) and not _is_over_numbers(names, rows[at + 1 :]):
        return _unique([""] * max(len(row) for row in rows[at:])), at
    return _unique(names), at + 1


def _is_better(row: Sequence[str], names: Sequence[str]) -> bool:
    """Tell a second row of names from a record: the first groups its columns, or holds their codes."""
    own, others = (sum(cols.is_usual(cell) or cell.rstrip().endswith("?") for cell in cells if cell.strip()) for cells in (row, names))
    return own > 1 and own > 2 * others and not _is_record(names)


def _are_under(row: Sequence[str], names: Sequence[str]) -> bool:
    """Tell names that stand under one name merged over several columns: nothing under the others."""
    filled = [bool(cell.strip()) for cell in row]
    over = [not name or (number + 1 < len(names) and not names[number + 1]) for number, name in enumerate(names)]
    return (
        not all(names) and any(filled) and all(group or not cell for cell, group in zip(filled, over, strict=False)) and not _is_record(row)
    )


def _is_over_numbers(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Tell names from a first record: some column is words over numbers and dates."""
    columns = (([row[number] for row in rows if number < len(row) and row[number].strip()], name) for number, name in enumerate(names))
    return any(
        values and name and not name[0].isdigit() and all(value.strip()[0].isdigit() for value in values) for values, name in columns
    )


def _is_record(cells: Sequence[str]) -> bool:
    said = any(len(cell.split()) >= _STATEMENT_WORDS and _STATEMENT.search(cell) for cell in cells)
    return said and not any(cols.is_usual(cell) or cell.rstrip().endswith("?") for cell in cells)


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for position, name in enumerate(names, 1):
        name = name or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
