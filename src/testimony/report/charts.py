"""Charts as inline SVG: no library, no style attribute (the page's policy forbids it), each with its figures in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from .labels import Labels

POLARITIES = ("positive", "mixed", "neutral", "negative")
TONES = {"3": "+", "2": "+", "1": "±", "-2": "−", "-3": "−", "0": ""}
"""Sign of each tone, for those who do not see the colours."""


def spoken(counts: Mapping[str, int], labels: Labels) -> str:
    """Counts by polarity in words."""
    return ", ".join(labels(f"n_{name}", n=counts[name]) for name in POLARITIES if counts.get(name))


def bar(counts: Mapping[str, int], labels: Labels, *, length: float = 1.0) -> str:
    """One bar cut by polarity, over this part of the width."""
    total = sum(counts.get(name, 0) for name in POLARITIES)
    if not total:
        return ""
    width = 1000 * length
    parts, at = [], 0.0
    for name in POLARITIES:
        share = width * counts.get(name, 0) / total
        if share:
            parts.append(
                f'<rect class="p-{name}" x="{at:.1f}" y="0" width="{max(share - 2, 1):.1f}" height="10">'
                f"<title>{escape(labels(f'n_{name}', n=counts[name]))}</title></rect>"
            )
        at += share
    said = escape(spoken(counts, labels))
    return f'<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{said}">{"".join(parts)}</svg>'


def tone(counts: Mapping[str, int]) -> str:
    """How favourable the evaluating sentences are, from "-3" to "3"; "0" where there is none."""
    felt = counts["positive"] + counts["negative"] + counts["mixed"]
    if not felt:
        return "0"
    balance = (counts["positive"] - counts["negative"]) / felt
    return "3" if balance > 0.6 else "2" if balance > 0.2 else "1" if balance >= -0.2 else "-2" if balance >= -0.6 else "-3"


def columns(values: Sequence[tuple[str, Mapping[str, int]]], labels: Labels, *, height: int = 130) -> str:
    """Columns over time, cut by polarity, each open to its testimonials; a month is written ``2024-05``, a year ``2024``."""
    if not values:
        return ""
    totals = [sum(counts.values()) for _, counts in values]
    top, step = max(totals), 720 / len(values)
    every = -(-len(values) // 12)
    thickness = min(step - 3, 48.0)
    parts = []
    names = [_moment(name, labels) for name, _ in values]
    for number, (name, (step_name, counts), total) in enumerate(zip(names, values, totals, strict=True)):
        middle, at = (number + 0.5) * step, float(height + 16)
        for polarity in reversed(POLARITIES):
            size = height * counts.get(polarity, 0) / top
            if size:
                at -= size
                parts.append(
                    f'<rect class="p-{polarity}" x="{middle - thickness / 2:.1f}" y="{at:.1f}" width="{thickness:.1f}" height="{max(size - 1, 0.5):.1f}">'
                    f"<title>{escape(name)} : {escape(labels[polarity])}, {counts[polarity]}</title></rect>"
                )
        if total:
            text = f'<text class="value" x="{middle:.1f}" y="{at - 5:.1f}">{total}</text>'
            parts.append(_link(period(step_name), f"{name} : {labels('n_testimonial', n=total)}", text))
        if number % every == 0:
            lines = zip(name.split(), (34, 49), strict=False)
            parts += [f'<text x="{middle:.1f}" y="{height + below}">{escape(line)}</text>' for line, below in lines]
    said = escape(labels["timeline"])
    base = f'<line x1="0" y1="{height + 16.5}" x2="720" y2="{height + 16.5}"/>'
    return f'<svg class="columns" viewBox="0 0 720 {height + 56}" role="group" aria-label="{said}">{"".join(parts)}{base}</svg>'


def _link(filters: Mapping[str, str], said: str, drawn: str) -> str:
    """Something drawn that opens the testimonials that it counts."""
    return f'<a href="{escape(table_link(**filters))}" aria-label="{escape(said)}">{drawn}</a>'


def table_link(**filters: str | None) -> str:
    """Address of the table of testimonials with filters set."""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in filters.items() if value)
    return f"#temoignages?{query}" if query else "#temoignages"


def period(name: str) -> dict[str, str]:
    """Filters that keep a month, or a year."""
    return {"depuis": name, "jusqu": name} if "-" in name else {"depuis": f"{name}-01", "jusqu": f"{name}-12"}


def _moment(name: str, labels: Labels) -> str:
    """A month in words, a year as it stands."""
    year, _, month = name.partition("-")
    return f"{labels['months'].split()[int(month) - 1]} {year}" if month else year


def network(edges: Sequence[tuple[str, str, int]], labels: Labels) -> str:
    """Two columns of names, those who speak and what they name, joined by lines as thick as they are many."""
    if not edges:
        return ""
    sides = [_column([(source, n) for source, _, n in edges]), _column([(target, n) for _, target, n in edges])]
    height = 26 * max(map(len, sides)) + 12
    places = [{name: 20 + (row + 0.5) * (height - 12) / len(side) - 6 for row, name in enumerate(side)} for side in sides]
    most = max(n for _, _, n in edges)
    parts = []
    for source, target, n in sorted(edges, key=lambda edge: edge[2]):
        y1, y2 = places[0][source], places[1][target]
        said = escape(f"{source} → {target} : {n}")
        path = f'<path d="M192 {y1:.1f}C240 {y1:.1f} 240 {y2:.1f} 288 {y2:.1f}" stroke-width="{1 + 7 * n / most:.1f}"><title>{said}</title></path>'
        parts.append(_link({"espace": source, "nom": target}, f"{source} → {target} : {n}", path))
    for side, (x, anchor) in enumerate(((186, "end"), (294, "start"))):
        parts += [f'<text class="{anchor}" x="{x}" y="{y + 4:.1f}">{escape(_short(name))}</text>' for name, y in places[side].items()]
    return (
        f'<svg class="network" viewBox="0 0 480 {height + 16}" role="group" aria-label="{escape(labels["network"])}">{"".join(parts)}</svg>'
    )


def _column(weights: Sequence[tuple[str, int]]) -> list[str]:
    totals: dict[str, int] = {}
    for name, n in weights:
        totals[name] = totals.get(name, 0) + n
    return sorted(totals, key=lambda name: (-totals[name], name))


def _short(name: str, limit: int = 25) -> str:
    return name if len(name) <= limit else name[: limit - 1] + "…"
