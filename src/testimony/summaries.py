"""Tables → one summary per space: what is praised, complained of and proposed, each point proved by quotations.

Extractive only: every text is a sentence of a testimonial, found at its offsets. Aggregation goes testimonial by testimonial and keeps
counts and a bounded number of candidate quotations per (space, theme, stance), so that it needs no table whole.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from . import comparison, results
from .codebook import Codebook
from .spaces import bare, signature

Row = dict[str, Any]

MAX_CANDIDATES = 40
"""Quotations kept for one theme and stance of a space."""

MAX_POINTS = 8
MIN_TESTIMONIALS_FOR_SILENCE = 5
"""Testimonials a space needs before a theme that nobody mentions is called missing."""

STANCES = ("positive", "negative", "proposal", "mixed", "neutral")
_WISH = re.compile(
    r"\b(?:il faudrait|faudrait|on pourrait|je propose|proposons|pourquoi ne pas|ce serait (?:bien|utile|chouette|idéal)|j['’]aimerais|nous aimerions|"
    r"on aimerait|souhait\w+|suggér\w+|suggestion|mériterait|gagnerait à|il manque|manquerait|à améliorer|idéalement|un vœu|je rêve)\b",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"^(?:cela|ça|ce(?:la)? |c['’]|il |elle |ils |elles |celui|celle|ceux|y |en |lui |leur |ces |cet |cette |mais |et |donc |car |puis |or |aussi,|"
    r"ainsi|par contre|en revanche|d['’]ailleurs|pourtant|ensuite|enfin|là|dont |qui |que |lequel|même chose|idem|oui|non)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A sentence of a testimonial, with who says it."""

    text: str
    testimonial_id: str
    start: int
    end: int
    speaker: str | None
    score: float
    polarity: str

    def words(self) -> frozenset[str]:
        """Content words, for telling two quotations that say the same."""
        return frozenset(word for word in bare(self.text).split() if len(word) > 3)


@dataclass(slots=True)
class Theme:
    """What a space says about a theme, in one stance."""

    sentences: int = 0
    speakers: set[str] = field(default_factory=set)
    quotations: list[Quotation] = field(default_factory=list)

    def add(self, quotation: Quotation, who: str) -> None:
        """Count a quotation; keep it if it is among the best."""
        self.sentences += 1
        self.speakers.add(who)
        self.quotations.append(quotation)
        if len(self.quotations) > 2 * MAX_CANDIDATES:
            self.quotations = _best_first(self.quotations)[:MAX_CANDIDATES]


@dataclass(slots=True)
class SpaceFacts:
    """Counts and candidate quotations of a space."""

    space: str
    testimonials: int = 0
    words: int = 0
    speakers: set[str] = field(default_factory=set)
    roles: Counter[str] = field(default_factory=Counter)
    polarity: Counter[str] = field(default_factory=Counter)
    themes: dict[str, dict[str, Theme]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Theme)))
    theme_testimonials: Counter[str] = field(default_factory=Counter)
    lemmas: Counter[str] = field(default_factory=Counter)
    mentions: list[Row] = field(default_factory=list)
    n_mentions: int = 0
    cites: Counter[str] = field(default_factory=Counter)
    review: int = 0


@dataclass(slots=True)
class Facts:
    """Facts of every space, by name in order; `None` in the tables is the space of nobody and is left out of summaries."""

    spaces: dict[str, SpaceFacts]
    codebook: Codebook


def _best_first(quotations: Sequence[Quotation]) -> list[Quotation]:
    return sorted(quotations, key=lambda item: (-item.score, item.testimonial_id, item.start))


def worth(text: str, theme_score: float, polarity_score: float) -> float:
    """How well a sentence stands alone as a quotation: sure of its theme and stance, of middle length, not leaning on another."""
    n_words = len(text.split())
    length = 1.0 if 8 <= n_words <= 35 else 0.6 if 5 <= n_words <= 55 else 0.2
    alone = 0.45 if _DANGLING.match(text) else 1.0
    whole = 1.0 if text[:1].isupper() and text.rstrip()[-1:] in '.!?…»”"' else 0.75
    return (0.5 * theme_score + 0.3 * abs(polarity_score) + 0.2) * length * alone * whole


def stance_of(text: str, polarity: str) -> str:
    """Stance of a sentence toward a theme: a wish or suggestion that is no praise is a proposal."""
    return "proposal" if polarity != "positive" and _WISH.search(text) else polarity


def testimonials(path: Path) -> Iterator[tuple[Row, list[Row], list[Row], list[Row]]]:
    """Yield each testimonial with its sentences, themes and entities, a partition at a time."""
    files = {name: results.table_files(path, name) for name in ("testimonials", "sentences", "themes", "entities")}
    for number in range(len(files["testimonials"])):
        rows = {name: results.read_file(files[name][number]) for name in files}
        parts = {
            name: {key: list(items) for key, items in groupby(rows[name], key=lambda row: row["testimonial_id"])}
            for name in ("sentences", "themes", "entities")
        }
        for testimonial in rows["testimonials"]:
            key = testimonial["testimonial_id"]
            yield testimonial, parts["sentences"].get(key, []), parts["themes"].get(key, []), parts["entities"].get(key, [])


def gather(path: Path, codebook: Codebook) -> Facts:
    """Read a results folder once and gather the facts of every space."""
    spaces: dict[str, SpaceFacts] = {}
    pending: list[tuple[str, Row]] = []
    for testimonial, sentences, themes, entities in testimonials(path):
        name = testimonial["space"]
        if name is not None:
            facts = spaces.setdefault(name, SpaceFacts(name))
            _add(facts, testimonial, sentences, themes)
        texts = {row["sentence_id"]: row for row in sentences}
        seen = set()
        for entity in entities:
            if entity["label"] in ("SPACE", "ORG") and (entity["target"], entity["sentence_id"]) not in seen:
                seen.add((entity["target"], entity["sentence_id"]))
                sentence = texts.get(entity["sentence_id"])
                if sentence is not None and len(pending) < 200_000:
                    pending.append((entity["target"], _mention(testimonial, sentence)))
    known = {signature(name): name for name in sorted(spaces, reverse=True)}
    for target, mention in pending:
        space = target if target in spaces else known.get(signature(target))
        if space is None or mention["from_space"] == space:
            continue
        facts = spaces[space]
        facts.n_mentions += 1
        facts.mentions.append(mention)
        if mention["from_space"] in spaces:
            spaces[mention["from_space"]].cites[space] += 1
    return Facts({name: spaces[name] for name in sorted(spaces)}, codebook)


def _mention(testimonial: Row, sentence: Row) -> Row:
    return {
        "text": sentence["text"], "testimonial_id": testimonial["testimonial_id"], "start": sentence["start"], "end": sentence["end"],
        "speaker": testimonial["speaker"], "from_space": testimonial["space"], "polarity": sentence["polarity"],
    }  # fmt: skip


def _add(facts: SpaceFacts, testimonial: Row, sentences: Sequence[Row], themes: Sequence[Row]) -> None:
    who = testimonial["speaker"] or f"#{testimonial['testimonial_id']}"
    facts.testimonials += 1
    facts.words += testimonial["n_words"]
    facts.review += bool(testimonial["review"])
    facts.speakers.add(who)
    if testimonial["role"]:
        facts.roles[testimonial["role"]] += 1
    facts.polarity.update(row["polarity"] for row in sentences)
    facts.lemmas.update(comparison.content_words(testimonial["text"]))
    texts = {row["sentence_id"]: row for row in sentences}
    facts.theme_testimonials.update({row["theme"] for row in themes})
    for row in themes:
        sentence = texts[row["sentence_id"]]
        text = sentence["text"]
        quotation = Quotation(
            text=text, testimonial_id=testimonial["testimonial_id"], start=sentence["start"], end=sentence["end"],
            speaker=testimonial["speaker"], score=round(worth(text, row["score"], row["polarity_score"]), 4), polarity=row["polarity"],
        )  # fmt: skip
        facts.themes[row["theme"]][stance_of(text, row["polarity"])].add(quotation, who)


def points(facts: SpaceFacts, limit: int = MAX_POINTS) -> list[Row]:
    """Choose the key points: by number of speakers, praise and complaint in turn, no two that say the same."""
    ranked = sorted(
        ((theme, stance, item) for theme, stances in facts.themes.items() for stance, item in stances.items() if stance != "neutral"),
        key=lambda entry: (-len(entry[2].speakers), -entry[2].sentences, entry[0], STANCES.index(entry[1])),
    )
    chosen: list[Row] = []
    used: list[Quotation] = []
    for theme, stance, item in _balanced(ranked):
        quotations = [one for one in _best_first(item.quotations) if not any(_same(one, other) for other in used)]
        if not quotations or len(chosen) >= limit:
            continue
        lead, *others = quotations
        used.append(lead)
        chosen.append({
            "theme": theme, "polarity": lead.polarity, "stance": stance, "text": lead.text, "testimonial_id": lead.testimonial_id,
            "start": lead.start, "end": lead.end, "speaker": lead.speaker, "n_speakers": len(item.speakers),
            "speakers": sorted(name for name in item.speakers if not name.startswith("#")), "n_sentences": item.sentences,
            "others": [_place(one) for one in _distinct(others, lead)[:6]],
        })  # fmt: skip
    return chosen


def _balanced(ranked: Sequence[tuple[str, str, Theme]]) -> Iterator[tuple[str, str, Theme]]:
    """Take praise, complaint and proposals in turn, so that a loud side does not hide the other."""
    queues = [[entry for entry in ranked if entry[1] == "positive"], [entry for entry in ranked if entry[1] != "positive"]]
    while any(queues):
        for queue in queues:
            if queue:
                yield queue.pop(0)


def _place(quotation: Quotation) -> Row:
    return {name: getattr(quotation, name) for name in ("text", "testimonial_id", "start", "end", "speaker")}


def _same(one: Quotation, other: Quotation) -> bool:
    if one.testimonial_id == other.testimonial_id and one.start == other.start:
        return True
    a, b = one.words(), other.words()
    return bool(a and b) and len(a & b) / min(len(a), len(b)) > 0.6


def choose(quotations: Sequence[Quotation], used: Sequence[Quotation], limit: int) -> list[Quotation]:
    """The best quotations that say neither the same as one another nor as those already used."""
    kept: list[Quotation] = []
    for quotation in _best_first(quotations):
        if len(kept) < limit and not any(_same(quotation, other) for other in (*used, *kept)):
            kept.append(quotation)
    return kept


def _distinct(quotations: Sequence[Quotation], lead: Quotation) -> list[Quotation]:
    kept = [lead]
    for quotation in quotations:
        if not any(_same(quotation, other) for other in kept):
            kept.append(quotation)
    return kept[1:]


def summarize(facts: Facts) -> list[Row]:
    """Sum up every space; see CONTRACT of the results folder for the shape."""
    labels = {theme.id: theme.label for theme in facts.codebook.themes}
    groups = {name: one.lemmas for name, one in facts.spaces.items()}
    words = comparison.distinctive(groups, {name: one.testimonials for name, one in facts.spaces.items()})
    return [_summary(one, facts, labels, words.get(name, [])) for name, one in facts.spaces.items()]


def _summary(facts: SpaceFacts, every: Facts, labels: dict[str, str], words: list[Row]) -> Row:
    missing = [theme for theme in labels if theme not in facts.themes] if facts.testimonials >= MIN_TESTIMONIALS_FOR_SILENCE else []
    return {
        "space": facts.space,
        "n_testimonials": facts.testimonials,
        "n_speakers": len(facts.speakers),
        "n_words": facts.words,
        "roles": [{"role": role, "n": n} for role, n in sorted(facts.roles.items(), key=lambda pair: (-pair[1], pair[0]))],
        "polarity": {name: facts.polarity.get(name, 0) for name in ("positive", "negative", "mixed", "neutral")},
        "themes": theme_rows(facts),
        "key_points": points(facts),
        "distinctive": words,
        "missing_themes": missing,
        "mentions_by_others": sorted(facts.mentions, key=lambda row: (row["testimonial_id"], row["start"]))[:50],
        "n_mentions": facts.n_mentions,
        "cites": [{"space": name, "n": n} for name, n in sorted(facts.cites.items(), key=lambda pair: (-pair[1], pair[0]))],
        "warnings": _warnings(facts, len(every.spaces)),
    }


def theme_rows(facts: SpaceFacts) -> list[Row]:
    """Themes of a space with the number of testimonials, of speakers and of sentences by stance."""
    rows = []
    for theme, stances in facts.themes.items():
        speakers = set().union(*(item.speakers for item in stances.values()))
        rows.append(
            {"theme": theme, "n_testimonials": facts.theme_testimonials[theme], "n_speakers": len(speakers)}
            | {stance: stances[stance].sentences if stance in stances else 0 for stance in STANCES}
        )
    return sorted(rows, key=lambda row: (-row["n_testimonials"], row["theme"]))


def _warnings(facts: SpaceFacts, n_spaces: int) -> list[str]:
    warnings = []
    if len(facts.speakers) == 1:
        warnings.append("une seule voix")
    elif facts.testimonials < comparison.MIN_TESTIMONIALS:
        warnings.append(f"petit nombre : {facts.testimonials} témoignages")
    if n_spaces < 2:
        warnings.append("un seul espace : rien à comparer")
    if facts.review:
        warnings.append(f"{facts.review} témoignage(s) à vérifier")
    return warnings


def spaces_table(facts: Facts) -> list[Row]:
    """Rows of the `spaces` table."""
    return [
        {
            "space": one.space, "n_testimonials": one.testimonials, "n_speakers": len(one.speakers), "n_words": one.words,
            "n_mentions": one.n_mentions, "themes": results.dumps({row["theme"]: row["n_testimonials"] for row in theme_rows(one)}),
        } | {name: one.polarity.get(name, 0) for name in ("positive", "negative", "mixed", "neutral")}
        for one in facts.spaces.values()
    ]  # fmt: skip


def quotations_of(summaries: Iterable[Row]) -> Iterator[Row]:
    """Every quotation printed in summaries, for those who check them against their source."""
    for summary in summaries:
        for point in summary["key_points"]:
            yield point
            yield from point["others"]
        yield from summary["mentions_by_others"]
