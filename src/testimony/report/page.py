"""What the report shows, gathered in one pass over the tables; the template needs no arithmetic."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import comparison, results
from ..codebook import Codebook
from ..summaries import Facts, Group, Item, walk
from ..summaries.contrasts import Tally, group_of
from ..summaries.dates import iso_date
from ..summaries.network import division, positions
from ..summaries.points import theme_rows
from ..summaries.quotation import Quotation, choose
from . import charts
from .labels import Labels
from .rows import Rows
from .spaces import MAX_ON_MAP, MAX_SPACES, SIDES, MapCell, apart, space_rows, unplaced_row

Row = dict[str, Any]

MAX_NAMES = 400
MAX_LISTED = 200
MAX_CONTRASTS = 12
MAX_SIDE = 14
"""Names on each side of the drawing of who names whom."""

THEME_QUOTATIONS = 5
SHOWN = 0.55
"""How well a quotation must be understood alone to stand on the first page."""

DIVIDED = 0.5
GROUPED = ("role", "year")
"""Groups compared on the first page, beside the spaces, which have pages of their own."""


@dataclass(slots=True)
class Corpus:
    """Facts, counts over all testimonials beside them, and the rows that the page carries."""

    facts: Facts
    unnamed: int = 0
    together: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    names: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Names as they are written and labelled, with whom they mean."""
    named_in: Counter[str] = field(default_factory=Counter)
    named_by: Counter[tuple[str, str]] = field(default_factory=Counter)
    dates: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rules: Counter[str] = field(default_factory=Counter)
    rows: Rows = field(default_factory=Rows)
    groups: tuple[Tally, ...] = field(default_factory=lambda: tuple(Tally(by, with_words=False) for by in GROUPED))

    def add(self, item: Item) -> None:
        """Count a testimonial."""
        self.facts.add(item)
        testimonial = item.testimonial
        self.unnamed += not testimonial["speaker"]
        self.rules[testimonial["rule"]] += 1
        for theme in item.present if len(item.present) > 1 else ():
            together = self.together[theme]
            for other in item.present:
                together[other] += 1
        named, space = set(), testimonial["space"]
        for row in item.entities:
            name = (row["target"], row["text"], row["label"])
            self.names[name] += 1
            named.add((name[0], name[2] in ("SPACE", "ORG")))
        self.named_in.update({name for name, _ in named})
        if space:
            self.named_by.update((space, name) for name, organised in named if organised and name != space)
        if date := iso_date(testimonial["date"]):
            self.dates[date[:7]][testimonial["polarity"]] += 1
        for tally in self.groups:
            tally.add(item, group_of(tally.by)(item))
        self.rows.add(item)


def read(path: Path, codebook: Codebook) -> Corpus:
    """Read a results folder once, for summaries and report."""
    corpus = Corpus(Facts(codebook))
    for item in walk(path, documents=("document_id", "source", "text")):
        corpus.add(item)
    return corpus


def build(path: Path, say: Labels, corpus: Corpus) -> tuple[Row, Row]:
    """Gather all that the report of a results folder shows.

    Parameters
    ----------
    path, say, corpus
        The results folder, the words of the report, what `read` found in the folder.

    Returns
    -------
    dict
        What the template shows.
    dict
        What the page's script reads, beside the testimonials.

    Raises
    ------
    ResultsError
        If the folder cannot be read.
    """
    manifest, codebook = results.read_manifest(path), corpus.facts.codebook
    titles = {theme.id: theme.label for theme in codebook.themes}
    summaries = results.read_summaries(path)
    whole = corpus.facts.whole()
    spaces, cells = space_rows(summaries, titles, say)
    themes = _themes(corpus, whole, cells)
    page = {
        "counts": _counts(corpus, whole, manifest),
        "polarity": whole.feelings(),
        "brief": _brief(whole, themes),
        "themes": themes,
        "most": max((theme["n"] for theme in themes), default=0),
        "silent": [theme.label for theme in codebook.themes if theme.id not in whole.themes],
        "divided": divided_themes(themes)[:4],
        "positions": [row | {"label": titles.get(row["theme"], row["theme"])} for row in positions(summaries)][:8],
        "groups": [_groups(tally, titles, say) for tally in corpus.groups if len(tally.sizes) > 1],
        "spaces": spaces[:MAX_SPACES],
        "maps": [part for part in (spaces[:MAX_ON_MAP], spaces[MAX_ON_MAP:MAX_SPACES]) if part],
        "more_spaces": [space["space"] for space in spaces[MAX_SPACES:]],
        "unplaced": unplaced_row(corpus.facts.unplaced, titles, say),
        "roles": ranked(whole.roles)[:12],
        "names": _names(corpus),
        "people": _people(path),
        "more_people": max(0, results.count_rows(path, "people") - MAX_NAMES),
        "more_names": max(0, len(corpus.named_in) - MAX_NAMES),
        "network": _edges(corpus.named_by),
        "timeline": timeline(corpus.dates),
        "rules": [(say.rule_names.get(rule, rule), n) for rule, n in ranked(corpus.rules)],
        "left_out": corpus.rows.seen - len(corpus.rows.rows),
        "carried": len(corpus.rows.rows),
        "minimum": comparison.MIN_TESTIMONIALS,
    }
    script = {
        "labels": say.words,
        "lang": say.lang,
        "rules": say.rule_names,
        "themes": titles,
        "anchors": {space["space"]: space["anchor"] for space in spaces[:MAX_SPACES]},
        "pool": corpus.rows.pool.texts(),
    }
    return page | _method(manifest, path, codebook), script


def ranked(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """Most first, then in order."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _counts(corpus: Corpus, whole: Group, manifest: Row) -> Row:
    dated = sum(sum(counts.values()) for counts in corpus.dates.values())
    return {
        "testimonials": whole.testimonials,
        "speakers": len(whole.voices),
        "spaces": len(corpus.facts.groups),
        "documents": manifest["counts"]["documents"] - manifest["counts"]["skipped"],
        "words": whole.words,
        "unnamed": corpus.unnamed,
        "dated": dated,
        "undated": whole.testimonials - dated,
        "review": whole.review,
    }


def _brief(whole: Group, themes: Sequence[Row]) -> list[Row]:
    """The theme most praised, the one most complained of, the one that divides most: each with a quotation."""
    found: list[Row] = []
    used: list[Quotation] = []
    labels = {row["id"]: row for row in themes}
    for kind in ("positive", "negative"):
        sides = [(theme, stances[kind]) for theme, stances in whole.stances.items() if kind in stances and theme in labels]
        for theme, stance in sorted(sides, key=lambda side: (-len(side[1].voices), -side[1].sentences, side[0]))[:1]:
            best = choose([one for one in stance.best.ranked() if one.alone >= SHOWN], used, 1)
            used += best
            found.append({"kind": kind, "theme": labels[theme], "n": len(stance.voices), "quotations": [one.row() for one in best]})
    for divided in divided_themes(themes)[:1]:
        best = [
            one
            for kind in ("positive", "negative")
            if kind in whole.stances[divided["id"]]
            for one in choose([one for one in whole.stances[divided["id"]][kind].best.ranked() if one.alone >= SHOWN], used, 1)
        ]
        found.append({"kind": "divided", "theme": divided, "n": 0, "quotations": [one.row() for one in best]})
    return found


def divided_themes(themes: Sequence[Row]) -> list[Row]:
    """Themes that praise and complaint share about equally, those with the most on both sides first."""
    found = [row for row in themes if row["division"] >= DIVIDED]
    return sorted(found, key=lambda row: (-min(row["polarity"]["positive"], row["polarity"]["negative"]), -row["division"], row["id"]))


def _themes(corpus: Corpus, whole: Group, cells: Mapping[str, Sequence[MapCell]]) -> list[Row]:
    counts = {row["theme"]: row for row in theme_rows(whole)}
    codebook = corpus.facts.codebook
    titles = {theme.id: theme.label for theme in codebook.themes}
    rows = []
    for theme in codebook.themes:
        if theme.id in counts:
            row = counts[theme.id]
            rows.append(
                {
                    "id": theme.id,
                    "label": theme.label,
                    "definition": theme.definition,
                    "n": row["n_testimonials"],
                    "n_speakers": row["n_speakers"],
                    "polarity": {name: row[name] for name in ("positive", "negative", "mixed")}
                    | {"neutral": row["neutral"] + row["proposal"]},
                    "division": division(row),
                    "sides": _sides(_stances(whole, theme.id)),
                    "together": [
                        (other, titles[other], n) for other, n in ranked(corpus.together[theme.id]) if other in titles and other != theme.id
                    ][:5],
                    "by_space": sorted(cells.get(theme.id, ()), key=lambda cell: (-cell.n, cell.space))[:12],
                }
            )
    return sorted(rows, key=lambda row: (-row["n"], row["id"]))


def _stances(whole: Group, theme: str) -> list[Row]:
    """Quotations of a theme by stance, none of which stands twice."""
    used: list[Quotation] = []
    rows = []
    for name in ("positive", "negative", "proposal", "mixed", "neutral"):
        if name in whole.stances[theme]:
            stance = whole.stances[theme][name]
            limit = THEME_QUOTATIONS if name != "neutral" else 3
            best = choose([one for one in stance.best.ranked() if one.alone >= 0.4], used, limit)
            used += best
            rows.append(
                {"name": name, "n_speakers": len(stance.voices), "n_sentences": stance.sentences, "quotations": [one.row() for one in best]}
            )
    return rows


def _sides(stances: Sequence[Row]) -> list[list[Row]]:
    """The two columns of a sheet, without what nothing can be quoted of."""
    return [side for names in SIDES if (side := [row for row in stances if row["name"] in names and row["quotations"]])]


def _groups(tally: Tally, titles: Mapping[str, str], say: Labels) -> Row:
    """What sets roles or years apart, or that nothing surely does."""
    found = tally.compare()
    return {
        "by": tally.by,
        "compared": len(found.sizes) - len(found.too_small),
        "small": len(found.too_small),
        "rows": [apart(row, _filter(tally.by, row["group"]), titles, say) | {"group": row["group"]} for row in found.rows[:MAX_CONTRASTS]],
    }


def _filter(by: str, group: str) -> Row:
    return {"role": group} if by == "role" else charts.period(group)


def _names(corpus: Corpus) -> list[Row]:
    """Names by the number of testimonials that have them; one that was read in two ways stands once, as what it is most often."""
    shown = dict(ranked(corpus.named_in)[:MAX_NAMES])
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (name, form, label), n in corpus.names.items():
        if name in shown:
            forms[name][form] += n
            kinds[name][label] += n
    return [
        {
            "name": name,
            "label": "SPACE" if "SPACE" in kinds[name] else ranked(kinds[name])[0][0],
            "n": sum(forms[name].values()),
            "testimonials": n,
            "forms": [form for form, _ in ranked(forms[name]) if form != name][:6],
        }
        for name, n in shown.items()
    ]


def _people(path: Path) -> list[Row]:
    """People who speak, by the number of their testimonials."""
    return heapq.nsmallest(
        MAX_NAMES, results.read_rows(path, "people"), key=lambda row: (-row["n_testimonials"], row["name"], row["person"])
    )


def _edges(named_by: Counter[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Who names what, among the spaces that name most and the names that come back most."""
    sources, targets = Counter[str](), Counter[str]()
    for (source, target), n in named_by.items():
        targets[target] += n
        sources[source] += n
    kept_targets = {name for name, _ in ranked(targets)[:MAX_SIDE]}
    kept_sources = {name for name, _ in ranked(sources)[:MAX_SIDE]}
    return [(source, target, n) for (source, target), n in ranked(named_by) if source in kept_sources and target in kept_targets]


def timeline(dates: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    """Testimonials by month, or by year where months are too many or not known; empty months are there too."""
    names = sorted(dates)
    if len(names) < 2:
        return []
    months = [int(name[:4]) * 12 + int(name[5:7]) - 1 for name in names if len(name) == 7]
    if len(months) == len(names) and months[-1] - months[0] < 36:
        steps = [f"{month // 12}-{month % 12 + 1:02}" for month in range(months[0], months[-1] + 1)]
        return [(step, dates.get(step, Counter())) for step in steps]
    years: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        years[name[:4]].update(dates[name])
    first, last = int(names[0][:4]), int(names[-1][:4])
    steps = [str(year) for year in range(first, last + 1)] if last - first < 60 else sorted(years)
    return [(step, years.get(step, Counter())) for step in steps] if len(steps) > 1 else []


def _method(manifest: Row, path: Path, codebook: Codebook) -> Row:
    without: list[str] = []
    for row in results.read_rows(path, "documents", ["source", "status", "n_testimonials"]):
        if row["status"] == "ok" and not row["n_testimonials"]:
            without.append(row["source"])
    return {
        "skipped": manifest["skipped"],
        "without": sorted(without)[:MAX_LISTED],
        "more_without": max(0, len(without) - MAX_LISTED),
        "passed_over": sorted(manifest.get("not_documents", []))[:MAX_LISTED],
        "versions": sorted(manifest["versions"].items()),
        "codebook": [(theme.label, theme.definition) for theme in codebook.themes],
    }
