"""Testimonials as flat rows, with one 0/1 column per theme and one column per other field of the records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import results
from ..summaries import walk

COLUMNS = (
    "testimonial_id", "source", "record_id", "speaker", "role", "space", "about", "date", "language", "polarity", "polarity_score", "n_words",
    "rule", "confidence", "review", "text",
)  # fmt: skip

_FORMULA = re.compile(r"\A(?:\s*[=+\-@＝＋－＠]|[\t\r])")

SHEETS = ("sentences", "themes", "entities", "spaces")
"""Tables that are written as they are, beside the testimonials."""

MAX_METADATA = 100
"""Columns made of the records' other fields; what is beyond stays in the column ``metadata``."""


def theme_columns(path: Path) -> dict[str, str]:
    """Themes of the codebook, in its order, and the column of each: its id, unless another column has that name."""
    ids = [theme["id"] for theme in results.read_manifest(path)["codebook"]["themes"]]
    return {name: f"theme:{name}" if name in COLUMNS else name for name in ids}


def metadata_names(path: Path) -> list[str]:
    """Names of the records' other fields, in order."""
    names: set[str] = set()
    for row in results.read_rows(path, "testimonials", ["metadata"]):
        if row["metadata"] not in ("", "{}", None):
            names |= json.loads(row["metadata"]).keys()
    return sorted(names)[:MAX_METADATA]


def columns(path: Path) -> list[str]:
    """Columns of the flat rows."""
    return [*COLUMNS, *theme_columns(path).values(), *(f"meta:{name}" for name in metadata_names(path))]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield one row per testimonial; each theme is 1 where the testimonial has it, else 0."""
    themes, names = theme_columns(path), metadata_names(path)
    for item in walk(path):
        present = {row["theme"] for row in item.themes}
        other = json.loads(item.testimonial["metadata"] or "{}")
        row = item.testimonial | {"source": item.document["source"]}
        yield (
            {name: row[name] for name in COLUMNS}
            | {column: int(theme in present) for theme, column in themes.items()}
            | {f"meta:{name}": plain(other.get(name)) for name in names}
        )


def plain(value: Any) -> Any:
    """A value that a cell can hold: lists and objects become JSON."""
    if isinstance(value, bool):
        return int(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def harmless(value: Any) -> Any:
    """Keep a spreadsheet from taking a text for a formula."""
    return "'" + value if isinstance(value, str) and _FORMULA.match(value) else value
