"""Pages of the spaces, and the map of what each of them talks about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..comparison import MIN_TESTIMONIALS
from ..spaces import bare
from ..summaries import Group
from ..summaries.points import summarize_group
from . import charts
from .charts import table_link
from .labels import Labels

Row = dict[str, Any]

MAX_SPACES = 400
"""Spaces that have a page; the others are named."""

MAX_OTHERS = 4
MAX_ON_MAP = 20
"""Spaces on the map of the first page; the others are one click below."""
SECTIONS = {"positive": "praise", "negative": "complaint", "proposal": "proposals", "mixed": "divided", "neutral": "facts"}
SIDES = (("positive", "proposal", "neutral"), ("negative", "mixed"))
"""Stances of the two columns of a sheet."""


@dataclass(frozen=True, slots=True)
class MapCell:
    """What a space says of a theme: testimonials, and how favourable its sentences are."""

    space: str
    anchor: str
    theme: str
    n: int
    tone: str
    sign: str
    said: str


def space_rows(summaries: Sequence[Row], titles: Mapping[str, str], say: Labels) -> tuple[list[Row], dict[str, list[MapCell]]]:
    """Spaces by the number of their testimonials, and the cells of the map by theme."""
    anchors = _anchors([row["space"] for row in summaries])
    cells: defaultdict[str, list[MapCell]] = defaultdict(list)
    rows = []
    for row in sorted(summaries, key=lambda row: (-row["n_testimonials"], row["space"])):
        own = {item["theme"]: _cell(row["space"], anchors[row["space"]], item, say) for item in row["themes"]}
        for theme, cell in own.items():
            cells[theme].append(cell)
        rows.append(
            _row(row, titles, say)
            | {"cites": [item | {"anchor": anchors.get(item["space"], "espaces")} for item in row["cites"]]}
            | {"anchor": anchors[row["space"]], "cells": own, "warnings": _warnings(row, len(summaries), say)}
        )
    return rows, cells


def unplaced_row(group: Group, titles: Mapping[str, str], say: Labels) -> Row | None:
    """The testimonials of no space, as a page of their own."""
    if not group.testimonials:
        return None
    nothing: Row = {
        "space": None,
        "aliases": [],
        "distinctive": [],
        "missing_themes": [],
        "absent_themes": [],
        "cites": [],
        "n_mentions": 0,
        "mentions_by_others": [],
    }
    row = summarize_group(group) | nothing
    return _row(row, titles, say) | {"anchor": "sans-espace", "cells": {}, "warnings": []}


def _anchors(names: Sequence[str]) -> dict[str, str]:
    seen: Counter[str] = Counter()
    anchors = {}
    for name in sorted(names):
        slug = bare(name).replace(" ", "-")[:60] or "nom"
        seen[slug] += 1
        anchors[name] = f"espace-{slug}" + (f"--{seen[slug]}" if seen[slug] > 1 else "")
    return anchors


def _cell(space: str, anchor: str, item: Row, say: Labels) -> MapCell:
    tone = charts.tone(item)
    said = f"{say('n_testimonial', n=item['n_testimonials'])}, {say[f'tone_{tone}']}"
    return MapCell(space, anchor, item["theme"], item["n_testimonials"], tone, charts.TONES[tone], said)


def _row(row: Row, titles: Mapping[str, str], say: Labels) -> Row:
    points: defaultdict[str, list[Row]] = defaultdict(list)
    for point in row["key_points"]:
        points[point["stance"]].append(
            point
            | {
                "tags": [
                    (theme, titles.get(theme, theme), table_link(espace=row["space"] or "∅", theme=theme)) for theme in point["themes"]
                ],
                "voices": say(f"voices_{point['stance']}", n=point["n_speakers"], total=row["n_speakers"]),
                "link": table_link(
                    espace=row["space"] or "∅", theme=point["theme"], ressenti=None if point["stance"] == "proposal" else point["stance"]
                ),
                "others": point["others"][:MAX_OTHERS],
                "more": max(0, point["n_sentences"] - 1 - len(point["others"][:MAX_OTHERS])),
            }
        )
    profile = [
        item
        | {"label": titles.get(item["theme"], item["theme"]), "neutral": item["neutral"] + item["proposal"]}
        | {"link": table_link(espace=row["space"] or "∅", theme=item["theme"])}
        for item in row["themes"]
    ]
    return row | {
        "sides": [
            side for stances in SIDES if (side := [(stance, say[SECTIONS[stance]], points[stance]) for stance in stances if points[stance]])
        ],
        "profile": profile,
        "most": max((item["n_testimonials"] for item in profile), default=0),
        "main": [item["label"] for item in profile[:3]],
        "missing": [titles[theme] for theme in row["missing_themes"] if theme in titles],
        "absent": [titles[theme] for theme in row["absent_themes"] if theme in titles and theme not in row["missing_themes"]],
        "set_apart": [apart(item, {"espace": row["space"]}, titles, say) for item in row["distinctive"]],
        "table": table_link(espace=row["space"] or "∅"),
        "comparable": row["n_testimonials"] >= MIN_TESTIMONIALS,
    }


def apart(item: Row, filters: Mapping[str, str], titles: Mapping[str, str], say: Labels) -> Row:
    """A contrast in words, and the address of the testimonials that it counts."""
    theme = item["kind"] == "theme"
    percent = {name: f"{100 * item[name]:+.0f}".replace("-", "−") for name in ("difference", "low", "high")}
    return {
        "label": titles.get(item["form"], item["form"]) if theme else item["form"],
        "theme": theme,
        "more": item["difference"] > 0,
        "link": table_link(**filters, theme=item["form"])
        if theme
        else table_link(**filters).replace("#temoignages?", f"#concordance?mot={quote(item['form'], safe='')}&"),
        "counts": say("distinctive_row", inside=item["inside"], part=item["part"], outside=item["outside"], rest=item["rest"]),
        "gap": say("distinctive_gap", **percent),
    }


def _warnings(row: Row, n_spaces: int, say: Labels) -> list[str]:
    found = []
    if row["n_speakers"] == 1:
        found.append(say["warning_one"])
    elif row["n_testimonials"] < MIN_TESTIMONIALS:
        found.append(say("warning_few", n=row["n_testimonials"]))
    if n_spaces < 2:
        found.append(say["warning_alone"])
    if row["n_review"]:
        found.append(say("warning_review", n=row["n_review"]))
    return found
