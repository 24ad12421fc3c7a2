"""The pass over the names of finished tables: each space gets its one name, each speaker an identity.

Batches are written without knowing each other; what only the corpus as a whole can tell is written here, from columns of names: texts
are copied, never looked at. Batches keep the names that their documents say, so that the pass gives the same over old and new batches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .. import results
from ..store import digest
from .people import Census, Node, Person, Said, known, of_document
from .places import own_names

_NAMES = ["document_id", "speaker", "role", "space_in_document"]
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
    census = Census()
    for file in files:
        for rows in _documents(pq.read_table(file, columns=_NAMES), spaces):
            census.add([said for _, said in rows])
    people = census.people()
    folder = tables / "people"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("part-*.parquet"):
        old.unlink()
    for file in files:
        local = _settle_part(file, spaces, people)
        if local:
            results.write_table(folder / file.name, "people", [_row(person) for person in local])
    results.write_table(folder / LAST, "people", [_row(person) for person in sorted(set(people.values()), key=lambda one: one.id)])


def _count_spaces(files: Iterable[Path]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for file in files:
        column = pq.read_table(file, columns=["space_in_document"]).column(0)
        counts.update({row["values"]: row["counts"] for row in pc.value_counts(column).to_pylist() if row["values"]})
    return counts


def _documents(table: pa.Table, spaces: Mapping[str, str]) -> Iterator[list[tuple[str, Said]]]:
    """Rows of each document, which stand together."""
    rows = table.select(_NAMES).to_pylist()
    for document, group in groupby(rows, key=lambda row: row["document_id"]):
        yield [(document, Said(row["speaker"], row["role"], spaces.get(row["space_in_document"] or ""))) for row in group]


def _settle_part(file: Path, spaces: Mapping[str, str], people: Mapping[Node, Person]) -> list[Person]:
    """Write one part again; return the people whom only one of its documents knows."""
    table = pq.read_table(file)
    identities: list[Person | None] = []
    local = []
    for rows in _documents(table, spaces):
        said = [row for _, row in rows]
        mine: list[Person | None] = [None] * len(said)
        for group, person in known(of_document(said), people):
            if person is None:
                person = _local(rows[0][0], group.rows, said)
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


def _local(document: str, numbers: Iterable[int], said: list[Said]) -> Person:
    from .people import Tally

    tally = Tally()
    for number in numbers:
        tally.add(said[number])
    person = tally.person("")
    return Person(**asdict(person) | {"id": digest(f"{document}\0{person.name}")})


def _row(person: Person) -> dict[str, Any]:
    row = asdict(person)
    return {"person": row.pop("id")} | {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
