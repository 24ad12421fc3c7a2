"""Testimonials as flat rows, with one column per theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import results, summaries

COLUMNS = (
    "testimonial_id", "source", "record_id", "speaker", "role", "space", "about", "date", "language", "polarity", "polarity_score", "n_words",
    "rule", "confidence", "review", "text",
)  # fmt: skip


def theme_ids(path: Path) -> list[str]:
    """Ids of the codebook's themes, in its order."""
    return [theme["id"] for theme in results.read_manifest(path)["codebook"]["themes"]]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield one row per testimonial; each theme is 1 where the testimonial has it, else 0."""
    sources = {row["document_id"]: row["source"] for row in results.read_rows(path, "documents", ["document_id", "source"])}
    ids = theme_ids(path)
    for testimonial, _, themes, _ in summaries.testimonials(path):
        present = {row["theme"] for row in themes}
        row = testimonial | {"source": sources[testimonial["document_id"]]}
        yield {name: row[name] for name in COLUMNS} | {theme: int(theme in present) for theme in ids}


def neutral(value: Any) -> Any:
    """Keep a spreadsheet from taking a text for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
