"""The network's own overview, from the summaries: what divides it, where spaces agree and where they do not, who names whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]

MIN_SENTENCES = 3
MIN_SPEAKERS = 2
"""A space has a position on a theme from this many evaluating sentences of this many people."""

CLEAR = 1 / 3
"""A balance beyond this, on either side, is a position."""

MIN_DIVIDED = 6
"""Evaluating sentences from which a theme may be called divided."""


def balance(row: Row) -> float | None:
    """How favourable the evaluating sentences of a row of counts are, in [-1, 1]; ``None`` where there is none."""
    felt = row["positive"] + row["negative"] + row["mixed"]
    return (row["positive"] - row["negative"]) / felt if felt else None


def division(row: Row) -> float:
    """How evenly praise and complaint share a row of counts, in [0, 1]; 0 where too little is evaluated."""
    felt = row["positive"] + row["negative"] + row["mixed"]
    return (2 * min(row["positive"], row["negative"]) + row["mixed"]) / felt if felt >= MIN_DIVIDED else 0.0


def positions(summaries: Sequence[Row]) -> list[Row]:
    """Where spaces agree on a theme, and where they do not.

    Returns
    -------
    list of dict
        For each theme on which at least two spaces have a position: `theme`, `favourable` and `critical` (names), `agreed`.
    """
    sides: dict[str, tuple[list[str], list[str]]] = {}
    for summary in summaries:
        for row in summary["themes"]:
            value = balance(row)
            felt = row["positive"] + row["negative"] + row["mixed"]
            if value is None or felt < MIN_SENTENCES or row["n_judging"] < MIN_SPEAKERS or abs(value) < CLEAR:
                continue
            favourable, critical = sides.setdefault(row["theme"], ([], []))
            (favourable if value > 0 else critical).append(summary["space"])
    found = [
        {"theme": theme, "favourable": sorted(favourable), "critical": sorted(critical), "agreed": not (favourable and critical)}
        for theme, (favourable, critical) in sides.items()
        if len(favourable) + len(critical) > 1
    ]
    return sorted(found, key=lambda row: (row["agreed"], -len(row["favourable"]) - len(row["critical"]), row["theme"]))


def links(summaries: Sequence[Row]) -> list[Row]:
    """Who names whom: `source`, `target` and how many times, most first."""
    found = [{"source": row["space"], "target": item["space"], "n": item["n"]} for row in summaries for item in row["cites"]]
    return sorted(found, key=lambda row: (-row["n"], row["source"], row["target"]))
