"""CSV and XLSX for spreadsheets: types are kept, text is never a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .. import results
from ..schemas import SCHEMAS
from . import flat

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
MAX_CELL = 32_767
"""Characters a spreadsheet's cell holds; the CSV files and the tables have the whole text."""

MAX_ROWS = 1_048_575
"""Rows a sheet holds under its header; the rest goes to a second sheet of the same name."""


def to_csv(path: Path, output: Path) -> Path:
    """Write a folder of CSV files, one per table, as French spreadsheets read them: UTF-8 with a byte-order mark, semicolons."""
    with results.explained(output):
        output.mkdir(parents=True, exist_ok=True)
    for name, columns, rows in _tables(path):
        _write_csv(output / f"{name}.csv", columns, rows)
    return output


def _tables(path: Path) -> Iterator[tuple[str, list[str], Iterable[dict[str, Any]]]]:
    yield "testimonials", flat.columns(path), flat.rows(path)
    for name in flat.SHEETS:
        yield name, list(SCHEMAS[name].names), results.read_rows(path, name)


def _write_csv(file: Path, columns: list[str], rows: Iterable[dict[str, Any]]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, delimiter=";")
    writer.writerow({name: flat.harmless(name) for name in columns})
    for row in rows:
        writer.writerow({name: flat.harmless(flat.plain(row[name])) for name in columns})
    with results.explained(file):
        results.write_atomically(file, ("\ufeff" + stream.getvalue()).encode("utf-8", "replace"))


def to_xlsx(path: Path, output: Path) -> Path:
    """Write a workbook: testimonials with a 0/1 column per theme, sentences, themes, entities, spaces."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for name, columns, rows in _tables(path):
        waiting = iter(rows)
        number, more = 1, True
        while more:
            sheet = book.create_sheet(name if number == 1 else f"{name} {number}")
            sheet.freeze_panes = "A2"
            for place, column in enumerate(columns, 1):
                sheet.column_dimensions[get_column_letter(place)].width = 60 if column == "text" else 16
            sheet.append([_cell(sheet, column, Font(bold=True)) for column in columns])
            more = _fill(sheet, columns, waiting)
            number += 1
    stream = io.BytesIO()
    book.save(stream)
    with results.explained(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        results.write_atomically(output, stream.getvalue())
    return output


def _fill(sheet: Any, columns: list[str], rows: Iterator[dict[str, Any]]) -> bool:
    """Fill a sheet; tell whether rows are left for another."""
    for count, row in enumerate(rows, 1):
        sheet.append([_cell(sheet, flat.plain(row[column])) for column in columns])
        if count == MAX_ROWS:
            return True
    return False


def _cell(sheet: Any, value: Any, font: Any = None) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=_ILLEGAL.sub("\ufffd", value)[:MAX_CELL])
    cell.data_type = "s"  # a text that begins with «=» stays a text
    if font is not None:
        cell.font = font
    return cell
