"""CSV and XLSX for spreadsheets: text is never a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .. import results
from . import flat

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MAX_CELL = 32_767
"""Characters a spreadsheet cell holds; the CSV and the tables have the whole text."""


def to_csv(path: Path, output: Path) -> Path:
    """Write a folder of CSV files (UTF-8 with a byte-order mark, semicolons, as French spreadsheets read them): one per table."""
    with results.explained(output):
        output.mkdir(parents=True, exist_ok=True)
    ids = flat.theme_ids(path)
    _write_csv(output / "testimonials.csv", (*flat.COLUMNS, *ids), flat.rows(path))
    for name in ("sentences", "themes", "entities", "spaces"):
        columns = results.SCHEMAS[name].names
        _write_csv(output / f"{name}.csv", columns, results.read_rows(path, name))
    return output


def _write_csv(file: Path, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> None:
    names = list(columns)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, names, delimiter=";", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: flat.neutral(_plain(row[name])) for name in names})
    with results.explained(file):
        results.write_atomically(file, ("\ufeff" + stream.getvalue()).encode("utf-8", "replace"))


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) else int(value) if isinstance(value, bool) else value


def to_xlsx(path: Path, output: Path) -> Path:
    """Write a workbook: testimonials with a 0/1 column per theme, sentences, themes, entities, spaces."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheets: list[tuple[str, list[str], Iterator[dict[str, Any]]]] = [
        ("testimonials", [*flat.COLUMNS, *flat.theme_ids(path)], flat.rows(path)),
        *((name, results.SCHEMAS[name].names, results.read_rows(path, name)) for name in ("sentences", "themes", "entities", "spaces")),
    ]
    for name, columns, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(columns)
        for row in rows:
            cells = []
            for column in columns:
                value = _plain(row[column])
                cell = WriteOnlyCell(sheet, value=_ILLEGAL.sub("", value)[:MAX_CELL] if isinstance(value, str) else value)
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with «=» stays a text
                cells.append(cell)
            sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    with results.explained(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        results.write_atomically(output, stream.getvalue())
    return output
