"""Results → one offline HTML file: facts are gathered here, the template only shows them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from .. import results, summaries
from ..codebook import Codebook
from . import charts
from .labels import LABELS, RULES

Row = dict[str, Any]

MAX_TESTIMONIALS = 20_000
"""Testimonials embedded in the page; the page says when there are more."""

CONTEXT = 160
"""Characters of the document shown before and after a testimonial."""


def render(path: Path, output: Path, *, lang: str = "fr") -> Path:
    """Draw the report of a results folder.

    Parameters
    ----------
    path
        The results folder.
    output
        The HTML file to write.
    lang
        Language of the frame, ``"fr"`` or ``"en"``.

    Returns
    -------
    Path
        `output`.

    Raises
    ------
    ResultsError
        If the results cannot be read or the file cannot be written.
    """
    import jinja2

    labels = LABELS[lang]
    manifest = results.read_manifest(path)
    codebook = Codebook.from_dict(manifest["codebook"])
    summary_rows = json.loads((path / "summaries.json").read_text("utf-8"))
    page = _page(path, manifest, codebook, summary_rows, labels)
    room = files("testimony.report") / "templates"
    style, script = (room / "report.css").read_text("utf-8"), (room / "report.js").read_text("utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["bar"] = lambda counts: jinja2.utils.markupsafe.Markup(charts.stacked_bar(counts, labels))
    template = environment.from_string((room / "report.html").read_text("utf-8"))
    markup = jinja2.utils.markupsafe.Markup
    html = template.render(
        t=labels, page=page, style=markup(style), script=markup(script), style_hash=_hash(style), script_hash=_hash(script),
        data=markup(_embedded(page.pop("data"))), timeline=markup(charts.columns(page.pop("timeline"))),
    )  # fmt: skip
    with results.explained(output.parent):
        output.parent.mkdir(parents=True, exist_ok=True)
        results.write_atomically(output, html.encode("utf-8", "replace"))
    return output


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(value: Any) -> str:
    """JSON that no text can close early: every ``<`` is written as an escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return (
        text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _page(path: Path, manifest: Row, codebook: Codebook, summary_rows: list[Row], labels: dict[str, str]) -> Row:
    """Everything that the template shows, gathered in one pass over the tables."""
    titles = {theme.id: theme.label for theme in codebook.themes}
    gathered = _Gathered(titles)
    sources = {
        row["document_id"]: row
        for row in results.read_rows(path, "documents", ["document_id", "source", "text", "status", "reason", "n_testimonials"])
    }
    for testimonial, sentences, themes, entities in summaries.testimonials(path):
        gathered.add(testimonial, sentences, themes, entities, sources)
    themes = [gathered.theme(theme.id, theme.label, theme.definition, labels) for theme in codebook.themes]
    themes = sorted((theme for theme in themes if theme["n"]), key=lambda theme: (-theme["n"], theme["id"]))
    return {
        "lang": labels["lang"],
        "counts": {
            "testimonials": gathered.n, "speakers": len(gathered.speakers), "spaces": len(summary_rows), "words": gathered.words,
            "documents": sum(row["status"] != "skipped" for row in sources.values()),
        },
        "polarity": {name: gathered.polarity.get(name, 0) for name in charts.POLARITIES},
        "themes": themes,
        "divisive": [theme for theme in sorted(themes, key=lambda one: (-one["division"], one["id"])) if theme["division"] >= 0.25][:4],
        "spaces": [_space(row, titles, labels) for row in sorted(summary_rows, key=lambda row: (-row["n_testimonials"], row["space"]))],
        "columns": [{"id": theme["id"], "label": theme["label"]} for theme in themes],
        "entities": gathered.entity_rows(),
        "timeline": gathered.timeline(),
        "skipped": manifest["skipped"],
        "without": sorted(row["source"] for row in sources.values() if row["status"] == "ok" and not row["n_testimonials"]),
        "not_documents": manifest.get("not_documents", []),
        "versions": manifest["versions"],
        "codebook": [{"label": theme.label, "definition": theme.definition} for theme in codebook.themes],
        "review": gathered.review,
        "truncated": max(0, gathered.n - MAX_TESTIMONIALS),
        "shown": min(gathered.n, MAX_TESTIMONIALS),
        "data": {"themes": titles, "rows": gathered.rows, "labels": labels, "rules": RULES if labels["lang"] == "fr" else {}},
    }  # fmt: skip


class _Gathered:
    """Counts over all testimonials, and their compact rows for the page's script."""

    def __init__(self, titles: dict[str, str]) -> None:
        self.titles = titles
        self.n = self.words = self.review = 0
        self.speakers: set[str] = set()
        self.polarity: Counter[str] = Counter()
        self.rows: list[list[Any]] = []
        self.stances: dict[str, dict[str, summaries.Theme]] = defaultdict(lambda: defaultdict(summaries.Theme))
        self.testimonials_of: Counter[str] = Counter()
        self.together: dict[str, Counter[str]] = defaultdict(Counter)
        self.entities: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.in_testimonials: Counter[tuple[str, str]] = Counter()
        self.dates: Counter[str] = Counter()

    def add(self, testimonial: Row, sentences: list[Row], themes: list[Row], entities: list[Row], sources: dict[str, Row]) -> None:
        self.n += 1
        self.words += testimonial["n_words"]
        self.review += bool(testimonial["review"])
        who = testimonial["speaker"] or f"#{testimonial['testimonial_id']}"
        self.speakers.add(who)
        self.polarity.update(row["polarity"] for row in sentences)
        self._count_themes(testimonial, sentences, themes, who)
        for key in {(row["target"], row["label"]) for row in entities}:
            self.in_testimonials[key] += 1
        for row in entities:
            self.entities[row["target"], row["label"]][row["text"]] += 1
        if testimonial["date"]:
            self.dates[str(testimonial["date"])[:7]] += 1
        if self.n <= MAX_TESTIMONIALS:
            self.rows.append(_compact(testimonial, sentences, themes, entities, sources[testimonial["document_id"]]))

    def _count_themes(self, testimonial: Row, sentences: list[Row], themes: list[Row], who: str) -> None:
        texts = {row["sentence_id"]: row for row in sentences}
        present = sorted({row["theme"] for row in themes})
        for theme in present:
            self.testimonials_of[theme] += 1
            self.together[theme].update(other for other in present if other != theme)
        for row in themes:
            sentence = texts[row["sentence_id"]]
            quotation = summaries.Quotation(
                text=sentence["text"], testimonial_id=testimonial["testimonial_id"], start=sentence["start"], end=sentence["end"],
                speaker=testimonial["speaker"], score=round(summaries.worth(sentence["text"], row["score"], row["polarity_score"]), 4),
                polarity=row["polarity"],
            )  # fmt: skip
            self.stances[row["theme"]][summaries.stance_of(sentence["text"], row["polarity"])].add(quotation, who)

    def theme(self, identifier: str, label: str, definition: str, labels: dict[str, str]) -> Row:
        stances = self.stances.get(identifier, {})
        counts = {name: stances[name].sentences if name in stances else 0 for name in summaries.STANCES}
        felt = counts["positive"] + counts["negative"] + counts["mixed"]
        division = min(counts["positive"], counts["negative"]) + 0.5 * counts["mixed"]
        used: list[summaries.Quotation] = []
        shown = []
        for name in ("positive", "negative", "proposal", "mixed"):
            if name in stances:
                best = summaries.choose(stances[name].quotations, used, 4)
                used += best
                shown.append({"stance": labels[name], "name": name, "n_speakers": len(stances[name].speakers), "quotations": best})
        return {
            "id": identifier, "label": label, "definition": definition, "n": self.testimonials_of[identifier],
            "polarity": {name: counts[name] for name in charts.POLARITIES} | {"neutral": counts["neutral"] + counts["proposal"]},
            "division": division / felt if felt >= 5 else 0.0, "stances": shown,
            "together": [self.titles[other] for other, _ in sorted(self.together[identifier].items(), key=lambda x: (-x[1], x[0]))[:3]],
        }  # fmt: skip

    def entity_rows(self) -> list[Row]:
        ranked = sorted(self.entities.items(), key=lambda item: (-self.in_testimonials[item[0]], item[0]))
        return [
            {
                "name": name, "label": label, "n": sum(forms.values()), "testimonials": self.in_testimonials[name, label],
                "forms": [form for form, _ in sorted(forms.items(), key=lambda item: (-item[1], item[0])) if form != name][:6],
            }
            for (name, label), forms in ranked[:300]
        ]  # fmt: skip

    def timeline(self) -> list[tuple[str, int]]:
        months = {date: n for date, n in self.dates.items() if len(date) >= 4 and date[:4].isdigit()}
        if len(months) > 24:
            years: Counter[str] = Counter()
            for date, n in months.items():
                years[date[:4]] += n
            months = dict(years)
        return sorted(months.items()) if len(months) > 1 else []


def _compact(testimonial: Row, sentences: list[Row], themes: list[Row], entities: list[Row], document: Row) -> list[Any]:
    """A testimonial as a list, keys left out: what the page's script knows by position."""
    starts = {row["sentence_id"]: number for number, row in enumerate(sentences)}
    first, last = testimonial["segments"][0][0], testimonial["segments"][-1][1]
    text = document["text"]
    evidence = [[item["attribute"], item["origin"], item["key"], _said(item, text)] for item in json.loads(testimonial["evidence"])]
    return [
        testimonial["testimonial_id"], testimonial["speaker"], testimonial["role"], testimonial["space"], testimonial["date"],
        testimonial["polarity"], testimonial["text"], document["source"], testimonial["rule"], testimonial["confidence"],
        int(testimonial["review"]), testimonial["about"],
        [[row["start"], row["end"], row["polarity"][:3]] for row in sentences],
        [[starts[row["sentence_id"]], row["theme"], row["polarity"][:3], row["evidence"]] for row in themes],
        [[row["start"], row["end"], row["label"]] for row in entities],
        evidence, text[max(0, first - CONTEXT) : first], text[last : last + CONTEXT],
    ]  # fmt: skip


def _said(item: Row, text: str) -> str | None:
    return text[item["start"] : item["end"]] if item["origin"] == "text" and item["start"] is not None else None


def _space(row: Row, titles: dict[str, str], labels: dict[str, str]) -> Row:
    points: dict[str, list[Row]] = defaultdict(list)
    for point in row["key_points"]:
        points[point["stance"]].append(point | {"label": titles.get(point["theme"], point["theme"])})
    cells = {item["theme"]: item for item in row["themes"]}
    return row | {
        "anchor": "espace-" + hashlib.sha256(row["space"].encode()).hexdigest()[:10],
        "sections": [(labels[name], points[stance]) for stance, name in (
            ("positive", "praise"), ("negative", "complaint"), ("proposal", "proposals"), ("mixed", "divided")) if points[stance]],
        "missing": [titles[theme] for theme in row["missing_themes"]],
        "cells": {name: {"n": item["n_testimonials"], "tone": charts.tone(item["positive"], item["negative"], item["mixed"])} for name, item in cells.items()},
    }  # fmt: skip
