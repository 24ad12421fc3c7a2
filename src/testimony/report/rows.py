"""Testimonials as the page's script reads them: short lists, names by number, packed when they are many."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..summaries import Item
from ..summaries.dates import iso_date

MAX_TESTIMONIALS = 20_000
MAX_CHARACTERS = 44_000_000
"""What the page carries at most; it says how many testimonials are left to the tables."""

PACKED_FROM = 1_000_000
"""Characters from which the data are compressed: below, the oldest browsers read them too."""

CONTEXT = 200
"""Characters of the document shown before and after a testimonial."""

_POLARITY = {"positive": 3, "mixed": 2, "neutral": 1, "negative": 0}
_IRONY = 4
"""Added to the number of a sentence's polarity where irony is possible."""


class Numbers:
    """Texts by number, in the order in which they first came."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, text: str | None) -> int:
        """Number of a text; -1 for none."""
        return -1 if text is None else self._numbers.setdefault(text, len(self._numbers))

    def __len__(self) -> int:
        return len(self._numbers)

    def texts(self) -> list[str]:
        """The texts by number."""
        return list(self._numbers)


@dataclass(slots=True)
class Rows:
    """The testimonials that the page carries."""

    rows: list[str] = field(default_factory=list)
    """In JSON."""
    characters: int = 0
    seen: int = 0
    pool: Numbers = field(default_factory=Numbers)

    def add(self, item: Item) -> None:
        """Take a testimonial in, if there is room."""
        self.seen += 1
        if len(self.rows) < self.seen - 1 or len(self.rows) >= MAX_TESTIMONIALS or self.characters > MAX_CHARACTERS:
            return
        row = _JSON(self._row(item))
        self.rows.append(row)
        self.characters += len(row)

    def _row(self, item: Item) -> list[Any]:
        testimonial, text, number = item.testimonial, item.document["text"], self.pool.of
        first, last = testimonial["segments"][0][0], testimonial["segments"][-1][1]
        places = {row["sentence_id"]: place for place, row in enumerate(item.sentences)}
        return [
            testimonial["testimonial_id"],
            testimonial["text"],
            *(number(testimonial[name]) for name in ("speaker", "role", "space", "about", "date")),
            iso_date(testimonial["date"]) or 0,
            _POLARITY[testimonial["polarity"]],
            number(item.document["source"]),
            number(testimonial["rule"]),
            round(100 * testimonial["confidence"]),
            int(testimonial["review"]),
            [value for row in item.sentences for value in (row["start"], row["end"], _POLARITY[row["polarity"]] + _IRONY * row["irony"])],
            [place for row in item.sentences if row["polarity"] != "neutral" for pair in row["cues"] for place in pair],
            [
                [
                    places[row["sentence_id"]],
                    number(row["theme"]),
                    _POLARITY[row["polarity"]],
                    *(place for pair in row["evidence"] for place in pair),
                ]
                for row in item.themes
            ],
            [value for row in item.entities for value in (row["start"], row["end"], number(row["label"]), number(row["target"]))],
            [
                [number(one["attribute"]), number(one["origin"]), number(one["key"]), _said(one, text)]
                for one in json.loads(testimonial["evidence"])
            ],
            text[max(0, first - CONTEXT) : first],
            text[last : last + CONTEXT],
        ]


def _said(evidence: dict[str, Any], text: str) -> str | int:
    return text[evidence["start"] : evidence["end"]] if evidence["origin"] == "text" and evidence["start"] is not None else 0


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def embed(value: dict[str, Any], rows: Iterable[str]) -> tuple[str, bool]:
    """Write data for a page: JSON that no text can close early, or compressed above `PACKED_FROM`.

    Parameters
    ----------
    value
        What the page's script reads, but for the testimonials.
    rows
        The testimonials, in JSON.

    Returns
    -------
    str
        Characters to put into a ``<script>`` of data.
    bool
        Whether they are compressed (gzip, then base64).
    """
    text = f'{_JSON(value)[:-1]},"rows":[{",".join(rows)}]}}'
    if len(text) > PACKED_FROM:
        return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), 9, mtime=0)).decode("ascii"), True
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text, False
