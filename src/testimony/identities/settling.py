"""The pass over the names of finished tables: each space gets its one name, each speaker an identity.

Batches are written without knowing each other; what only the corpus as a whole can tell is written here, from columns of names: texts
are copied, never looked at. Batches keep the names that their documents say, so that the pass gives the same over old and new batches.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from .. import results
from ..schemas import SCHEMAS
from ..store import digest
from .people import Census, People, Person, Said, known, of_document, person_of
from .places import own_names

_NAMES = ["document_id", "speaker", "role", "space_in_document"]
_ROW = re.compile(r"\A(.+)#\d+", re.DOTALL)
LAST = "part-999999.parquet"
"""Part of the table of people that holds those whom several documents may know."""


def settle(tables: Path, known_spaces: Iterable[str] = ()) -> None:
    """Fill in `space`, `person` and `person_name` of the testimonials, and write the table of people.

    Parameters
    ----------
    tables
        Folder of the tables.
    known_spaces
        Canonical names of the registry.
    """
    files = sorted((tables / "testimonials").glob("part-*.parquet"))
    spaces = own_names(_count_spaces(files), known_spaces)
    people = _people(tables, files, spaces)
    folder = tables / "people"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("part-*.parquet"):
        old.unlink()
    for file in files:
        local = _settle_part(tables, file, spaces, people)
        if local:
            results.write_table(folder / file.name, "people", [_row(person) for person in local])
    results.write_table(folder / LAST, "people", map(_row, sorted(set(people.values()), key=lambda one: one.id)))


def _people(tables: Path, files: Iterable[Path], spaces: Mapping[str, str]) -> People:
    census = Census()
    for file in files:
        for document in _documents(results.read_arrow(file, _NAMES), _tables(tables, file), spaces):
            census.add(document.said, document.table)
    return census.people()


def _count_spaces(files: Iterable[Path]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for file in files:
        counts.update(filter(None, results.read_arrow(file, ["space_in_document"]).column(0).to_pylist()))
    return counts


class _Document(NamedTuple):
    id: str
    table: str
    said: list[Said]


def _tables(tables: Path, file: Path) -> dict[str, str]:
    """The file of which a document is a row, for the documents that are."""
    rows = results.read_file(tables / "documents" / file.name, ["document_id", "source"])
    return {row["document_id"]: found.group(1) for row in rows if (found := _ROW.fullmatch(row["source"]))}


def _documents(table: pa.Table, of_table: Mapping[str, str], spaces: Mapping[str, str]) -> Iterator[_Document]:
    """What each document says of its speakers; its rows stand together."""
    rows = table.select(_NAMES).to_pylist()
    for name, group in groupby(rows, key=lambda row: row["document_id"]):
        # The same names come back in a thousand rows: one string for all of them.
        said = [Said(_one(row["speaker"]), _one(row["role"]), spaces.get(row["space_in_document"] or "")) for row in group]
        yield _Document(name, of_table.get(name, ""), said)


def _one(text: str | None) -> str | None:
    return None if text is None else sys.intern(text)


def _settle_part(tables: Path, file: Path, spaces: Mapping[str, str], people: People) -> list[Person]:
    """Write one part again; return the people whom only one of its documents knows."""
    table = results.read_arrow(file)
    identities: list[Person | None] = []
    local = []
    for document in _documents(table, _tables(tables, file), spaces):
        mine: list[Person | None] = [None] * len(document.said)
        for group, person in known(of_document(document.said, document.table), people):
            if person is None:
                person = _local(document, group.rows)
                local.append(person)
            for number in group.rows:
                mine[number] = person
        identities += mine
    columns: dict[str, list[Any]] = {
        "space": [spaces.get(name or "") for name in table.column("space_in_document").to_pylist()],
        "person": [person.id if person else None for person in identities],
        "person_name": [person.name if person else None for person in identities],
    }
    for name, values in columns.items():
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), pa.array(values, pa.string()))
    results.write_arrow(file, table)
    return local


def _local(document: _Document, numbers: Iterable[int]) -> Person:
    person = person_of(Counter(document.said[number] for number in numbers), "")
    return replace(person, id=digest(f"{document.id}\0{person.name}"))


def _row(person: Person) -> dict[str, Any]:
    return {"person": person.id} | {name: getattr(person, name) for name in SCHEMAS["people"].names[1:]}
