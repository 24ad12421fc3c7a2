"""CSV, TSV, XLSX and JSON Lines: files of rows, read as a stream and cut by position."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import UnreadableDocument
from . import headers, records
from .columns import Columns
from .decoding import sniff
from .office import open_archive
from .records import Layout
from .remote import Remote

SAMPLE_ROWS = 50
HEAD_BYTES = 1_000_000
MAX_FIELD = 5_000_000
"""Characters of one cell; more is refused rather than held in memory."""

MAX_LINE = 20_000_000
"""Bytes of one line, characters where the encoding is wide; more is refused likewise."""

BLOCK_BYTES = 1 << 18
MAX_SHEETS = 1_000

Rows = Iterator[tuple[int, Mapping[str, Any]]]


def _lines(path: Path | Remote, offset: int = 0) -> Iterator[bytes]:
    """Yield the lines of a file; a line without end is refused before it fills the memory."""
    with path.open("rb") as stream:
        stream.seek(offset)
        rest = b""
        while block := stream.read(BLOCK_BYTES):
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                yield line + b"\n"
            if len(rest) > MAX_LINE:
                raise UnreadableDocument(f"{path}: a line of more than {MAX_LINE // 1_000_000} MB; break the lines where records end")
        if rest:
            yield rest


class Table:
    """A delimited text file whose records can be read from any record's byte offset."""

    def __init__(self, path: Path | Remote, source: str) -> None:
        self.path, self.source = path, source
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        self.encoding = sniff(head)
        self.wide = self.encoding.startswith(("utf-16", "utf-32"))
        text = head.decode("utf-8-sig" if self.encoding == "utf-8" else self.encoding, errors="replace")
        self.separator = headers.separator(text, path.suffix.lower())
        csv.field_size_limit(MAX_FIELD)
        self.names, self.lead = headers.header(list(itertools.islice(self._guarded(self._reader(self._text(0))), headers.SAMPLE)))
        if not self.names:
            raise UnreadableDocument(f"{source}: an empty table; the first line must name the columns")

    def _text(self, offset: int) -> Iterator[str]:
        if self.wide:  # no byte offsets in a wide encoding: always from the start
            with self.path.open("r", encoding=self.encoding, newline="", errors="replace") as stream:
                yield from iter(partial(stream.readline, MAX_LINE), "")
            return
        for line in _lines(self.path, offset):
            yield line.decode(self.encoding, errors="replace")

    def _reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.separator, strict=False)

    def _skip_lead(self, reader: Iterator[list[str]]) -> None:
        for _ in itertools.islice(reader, self.lead):
            pass

    def cuts(self, rows: int) -> list[tuple[int, int]]:
        """Byte offset and number of the first record of each run of `rows` records (one run for a wide encoding)."""
        if self.wide:
            return [(0, 1)]
        position = 0

        def counted() -> Iterator[str]:
            nonlocal position
            for line in _lines(self.path):
                position += len(line)
                yield line.decode(self.encoding, errors="replace")

        cuts: list[tuple[int, int]] = []
        reader = self._guarded(self._reader(counted()))
        self._skip_lead(reader)
        number = 1
        start = position
        for row in reader:
            if row and (number - 1) % rows == 0:
                cuts.append((start, number))
            number += bool(row)
            start = position
        return cuts

    def _guarded(self, reader: Iterator[list[str]]) -> Iterator[list[str]]:
        try:
            yield from reader
        except csv.Error as error:
            foreign = "new-line character" in str(error)
            said = "line ends of an old system inside a line; save it again" if foreign else f"{error}; check the quotation marks"
            raise UnreadableDocument(f"{self.source}: line {getattr(reader, 'line_num', '?')}: {said}") from error

    def rows(self, offset: int = 0, first: int = 1, limit: int | None = None) -> Rows:
        """Yield numbered records from a cut."""
        reader = self._guarded(self._reader(self._text(offset)))
        if offset == 0:
            self._skip_lead(reader)
        numbered = (row for row in reader if row)
        for number, row in enumerate(itertools.islice(numbered, limit), first):
            record: dict[str, Any] = dict(zip(self.names, row, strict=False))
            if len(row) > len(self.names):
                record["…"] = row[len(self.names) :]
            yield number, record

    def layout(self, columns: Columns) -> Layout:
        """Find the columns, or say which were seen.

        Raises
        ------
        UnreadableDocument
            If no column holds a text.
        """
        sample = [row for _, row in itertools.islice(self.rows(), SAMPLE_ROWS)]
        return require(records.layout_of(self.names, sample, columns, self.source), self.names, self.source)


def require(layout: Layout | None, names: list[str], source: str) -> Layout:
    """Refuse a table in which no text was found, with the columns that were seen."""
    if layout is None:
        raise UnreadableDocument(f"{source}: no column with texts; columns seen: {', '.join(names)}; name it with --text-column")
    return layout


def xlsx_sheets(data: bytes, source: str) -> list[tuple[list[str], list[dict[str, Any]]]]:
    """Read the sheets of a workbook as (column names, records).

    Raises
    ------
    UnreadableDocument
        If the workbook is broken or protected.
    """
    import python_calamine

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument(f"{source}: protected by a password, or an old .xls; save it as a plain .xlsx")
    if data.startswith(b"PK"):
        open_archive(data, source).close()
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        number = len(workbook.sheet_names)
        # A small file can name one sheet as many times as it likes.
        grids = [workbook.get_sheet_by_index(at).to_python(skip_empty_area=True) for at in range(number if number <= MAX_SHEETS else 0)]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableDocument(
            f"{source}: not a readable workbook ({' '.join(str(error).split())[:100]}); save it again as .xlsx"
        ) from error
    if number > MAX_SHEETS:
        raise UnreadableDocument(f"{source}: a workbook of {number} sheets, at most {MAX_SHEETS} are read; split it")
    sheets = []
    for grid in grids:
        rows = [row for row in grid if any(str(cell).strip() for cell in row)]
        names, lead = headers.header([[str(cell) for cell in row] for row in rows[: headers.SAMPLE]])
        if len(rows) > lead:
            sheets.append((names, [{name: _cell(cell) for name, cell in zip(names, row, strict=False)} for row in rows[lead:]]))
    return sheets


def _cell(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


def jsonl_cuts(path: Path | Remote, rows: int) -> list[tuple[int, int]]:
    """Byte offset and number of the first record of each run of `rows` lines."""
    cuts, position, number = [], 0, 1
    for line in _lines(path):
        if line.strip():
            if (number - 1) % rows == 0:
                cuts.append((position, number))
            number += 1
        position += len(line)
    return cuts


def jsonl_rows(path: Path | Remote, offset: int, first: int, limit: int | None) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Yield numbered records of a JSON Lines file; a string in place of a record is the reason why it cannot be read."""
    lines = (line for line in _lines(path, offset) if line.strip())
    for number, line in enumerate(itertools.islice(lines, limit), first):
        try:
            value = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            yield number, f"not valid JSON ({' '.join(str(error).split())[:80]}); correct that line"
            continue
        if isinstance(value, dict):
            from .columns import flatten

            yield number, flatten(value)
        else:
            yield number, f"a JSON object was expected, found {type(value).__name__}"
