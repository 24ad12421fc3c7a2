"""What sets groups apart, whatever makes them: spaces, roles, periods, or any other field of the records."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import comparison, results
from ..errors import InputError
from .dates import iso_date
from .facts import Item, walk
from .words import content_words

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

COLUMNS = ("group", "kind", "form", "inside", "part", "outside", "rest", "difference", "low", "high", "specificity", "p_value")
MAX_NAMED = 10
"""Groups too small that a notebook names; the others are counted."""

OWN = ("space", "role", "speaker", "about", "language", "rule", "polarity")


@cache
def group_of(by: str) -> Callable[[Item], str | None]:
    """What tells the group of a testimonial.

    Parameters
    ----------
    by
        A column of testimonials (``"space"``, ``"role"``…), ``"year"`` or ``"month"`` of its date, ``"source"``, or a field of `metadata`.
    """

    def own(item: Item) -> str | None:
        value = item.testimonial[by]
        return str(value).strip().casefold() if by == "role" and value else value

    def period(item: Item) -> str | None:
        date, length = iso_date(item.testimonial["date"]), 4 if by == "year" else 7
        return date[:length] if date and len(date) >= length else None

    def other(item: Item) -> str | None:
        value = json.loads(item.testimonial["metadata"] or "{}").get(by)
        return None if value in (None, "") else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    if by in ("year", "month"):
        return period
    return own if by in OWN else (lambda item: str(item.document["source"])) if by == "source" else other


@dataclass(slots=True)
class Tally:
    """Testimonials of each group, and how many of them have each theme and each word."""

    by: str
    with_words: bool = True
    sizes: Counter[str] = field(default_factory=Counter)
    themes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    words: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, item: Item, group: str | None) -> None:
        """Count a testimonial of a group."""
        if group is None:
            return
        self.sizes[group] += 1
        self.themes[group].update(item.present)
        if self.with_words:
            self.words[group].update(content_words(item.testimonial["text"], item.named))

    def compare(self) -> Comparison:
        """Compare every group with the others together."""
        share = comparison.ALPHA / (2 if self.with_words else 1)  # the two questions share the chance of a false alarm
        kinds = [("theme", comparison.compare(_filled(self.themes, self.sizes), self.sizes, direction="both", alpha=share))]
        if self.with_words:
            kinds.append(("word", comparison.compare(_filled(self.words, self.sizes), self.sizes, direction="both", alpha=share)))
        rows = [{"group": group, "kind": kind, **one.row()} for kind, found in kinds for group, items in found.items() for one in items]
        total = sum(self.sizes.values())
        least = comparison.MIN_TESTIMONIALS
        small = [name for name, n in sorted(self.sizes.items()) if n < least or total - n < least]
        return Comparison(by=self.by, sizes=dict(sorted(self.sizes.items())), too_small=small, rows=rows)


def _filled(counts: Mapping[str, Counter[str]], sizes: Mapping[str, int]) -> dict[str, Counter[str]]:
    return {name: counts.get(name, Counter()) for name in sizes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What sets groups apart.

    Attributes
    ----------
    by
        What makes the groups.
    sizes
        Testimonials of each group.
    too_small
        Groups that have too few testimonials to be compared, or leave too few outside.
    rows
        What stays significant after correction; see `testimony.comparison.Contrast`.
    """

    by: str
    sizes: Mapping[str, int]
    too_small: list[str]
    rows: list[Row]

    def to_frame(self) -> pd.DataFrame:
        """The rows as a table."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(COLUMNS))

    def _repr_html_(self) -> str:
        compared = len(self.sizes) - len(self.too_small)
        found = (
            f"{len(self.rows)} différence{'s' * (len(self.rows) > 1)} sûre{'s' * (len(self.rows) > 1)}"
            if self.rows
            else "aucune différence sûre"
        )
        said = f"<p>{compared} groupe{'s' * (compared > 1)} comparé{'s' * (compared > 1)} ({escape(self.by)}), {found}.</p>"
        shown = [str(row) for row in self.too_small[:MAX_NAMED]]
        rest = len(self.too_small) - len(shown)
        more = f" et {rest} autre{'s' * (rest > 1)}" if rest else ""
        few = f"<p>Trop peu de témoignages pour être comparés\u00a0: {escape(', '.join(shown))}{more}.</p>" if shown else ""
        return said + (self._table() if self.rows else "") + few

    def _table(self) -> str:
        head = "".join(
            f"<th>{title}</th>" for title in ("groupe", "mot ou thème", "ici", "ailleurs", "écart (points)", "intervalle à 95 %")
        )
        body = "".join(
            f"<tr><td>{escape(str(row['group']))}</td><td>{escape(row['form'])}</td><td>{row['inside']} sur {row['part']}</td>"
            f"<td>{row['outside']} sur {row['rest']}</td><td>{100 * row['difference']:+.0f}</td>"
            f"<td>{100 * row['low']:+.0f} à {100 * row['high']:+.0f}</td></tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def compare(analysis: Any, by: str = "space", *, words: bool = True) -> Comparison:
    """Compare the groups of an analysis: testimonials that have a theme or a word, inside each group and outside it.

    Parameters
    ----------
    analysis
        An `Analysis`, or the path of a results folder.
    by
        A column of testimonials (``"space"``, ``"role"``, ``"about"``…), ``"year"``, ``"month"``, ``"source"``, or any other field of the
        records (see the column `metadata`). Testimonials without it are left out.
    words
        Compare words too, not only themes.

    Returns
    -------
    Comparison
        Only what chance does not explain: Lafon's specificities, corrected so that the chance of one false alarm or more is at most 5 %.

    Raises
    ------
    InputError
        If no testimonial has the field; the message names those there are.
    """
    path = Path(getattr(analysis, "path", analysis))
    tally, group = Tally(by, words), group_of(by)
    for item in walk(path):
        tally.add(item, group(item))
    if not tally.sizes:
        names = {name for row in results.read_rows(path, "testimonials", ["metadata"]) for name in json.loads(row["metadata"] or "{}")}
        raise InputError(
            f"{path}: no testimonial has {by!r}; compare by {', '.join([*OWN, 'year', 'month', 'source', *sorted(names)][:30])}"
        )
    return tally.compare()
