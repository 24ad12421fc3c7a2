"""Charts as inline SVG: no library, no style attribute, readable by a screen reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

POLARITIES = ("positive", "mixed", "neutral", "negative")


def stacked_bar(counts: Mapping[str, int], labels: Mapping[str, str], *, width: int = 600, height: int = 22) -> str:
    """One bar cut by polarity; the counts are in its title."""
    total = sum(counts.get(name, 0) for name in POLARITIES)
    if not total:
        return ""
    said = ", ".join(f"{counts.get(name, 0)} {labels[name]}" for name in POLARITIES)
    parts, at = [], 0.0
    for name in POLARITIES:
        share = width * counts.get(name, 0) / total
        if share:
            parts.append(
                f'<rect class="p-{name}" x="{at:.1f}" y="0" width="{max(share - 1, 0.5):.1f}" height="{height}">'
                f"<title>{counts[name]} {escape(labels[name])}</title></rect>"
            )
        at += share
    return f'<svg class="bar" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img" aria-label="{escape(said)}">{"".join(parts)}</svg>'


def columns(values: Sequence[tuple[str, int]], *, height: int = 120) -> str:
    """Columns over time."""
    if not values:
        return ""
    top = max(value for _, value in values)
    step = 640 / len(values)
    every = max(1, len(values) // 12)
    parts = []
    for number, (name, value) in enumerate(values):
        size = height * value / top
        x = number * step
        parts.append(
            f'<rect class="column" x="{x + 2:.1f}" y="{height - size + 14:.1f}" width="{max(2, step - 4):.1f}" height="{size:.1f}">'
            f"<title>{escape(name)} : {value}</title></rect>"
            f'<text class="value" x="{x + step / 2:.1f}" y="{height - size + 10:.1f}">{value}</text>'
        )
        if number % every == 0:
            parts.append(f'<text class="tick" x="{x + step / 2:.1f}" y="{height + 30}">{escape(name)}</text>')
    said = ", ".join(f"{name} : {value}" for name, value in values)
    return f'<svg class="columns" viewBox="0 0 640 {height + 36}" role="img" aria-label="{escape(said)}">{"".join(parts)}</svg>'


def tone(positive: int, negative: int, mixed: int) -> str:
    """Class of a cell of the map: how favourable its evaluating sentences are."""
    felt = positive + negative + mixed
    if not felt:
        return "t0"
    balance = (positive - negative) / felt
    return "t3" if balance > 0.6 else "t2" if balance > 0.2 else "t1" if balance >= -0.2 else "t-2" if balance >= -0.6 else "t-3"
