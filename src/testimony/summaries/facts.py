"""Counts and candidate quotations per space, gathered testimonial by testimonial.

Everything here is added up: two halves of a corpus, gathered apart and merged, give what the whole gives, in whatever order. Quotations
are kept as a bounded list of the best, names as a bounded list of the first, so that memory follows the number of spaces and themes and
not that of testimonials.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from .. import results, store
from ..codebook import Codebook
from ..spaces import signature
from .bounded import Best, Voices
from .quotation import Quotation, excerpt, stance_of
from .words import content_words, said_in

Row = dict[str, Any]

MAX_MENTIONS = 12
"""Candidate quotations kept of what others say about a space."""

TABLES = ("documents", "testimonials", "sentences", "themes", "entities")


class Claim(NamedTuple):
    """What a sentence says of a theme: in which stance, how surely, and the words that prove it."""

    theme: str
    stance: str
    polarity: str
    sentence: int
    sure: float
    evidence: list[list[int]]
    proofs: list[list[int]]


@dataclass(frozen=True, kw_only=True)
class Item:
    """A testimonial with all that the tables say of it."""

    testimonial: Row
    document: Row
    sentences: list[Row]
    themes: list[Row]
    entities: list[Row]

    @property
    def voice(self) -> int:
        """Who speaks, as a number; nobody in particular is one person more."""
        return int(self.testimonial["person"] or store.digest(self.testimonial["testimonial_id"]), 16)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Sentences by their identifiers."""
        return {row["sentence_id"]: number for number, row in enumerate(self.sentences)}

    @cached_property
    def present(self) -> frozenset[str]:
        """Themes of any sentence."""
        return frozenset(row["theme"] for row in self.themes)

    @cached_property
    def named(self) -> list[tuple[int, int]]:
        """Where entities stand."""
        return [(row["start"], row["end"]) for row in self.entities]

    def claims(self) -> Iterator[Claim]:
        """Yield what the testimonial says of each theme, sentence by sentence."""
        for row in self.themes:
            number, polarity, evidence = self.numbers[row["sentence_id"]], row["polarity"], row["evidence"]
            sentence = self.sentences[number]
            agrees = 1.0 if polarity == sentence["polarity"] else 0.7 if "mixed" in (polarity, sentence["polarity"]) else 0.45
            yield Claim(
                theme=row["theme"],
                stance=stance_of(sentence["text"], polarity),
                polarity=polarity,
                sentence=number,
                sure=(0.5 * row["score"] + 0.3 * min(1.0, abs(row["polarity_score"])) + 0.2) * agrees,
                evidence=evidence,
                proofs=evidence if polarity == "neutral" else evidence + sentence["cues"],
            )

    def quotation(self, number: int, polarity: str, sure: float, proofs: Sequence[Sequence[int]] = ()) -> Quotation:
        """Quote sentence `number`, with what it needs to be understood."""
        text = self.testimonial["text"]
        chosen = excerpt(text, self.sentences, number, proofs)
        return Quotation(
            text=text[chosen.start : chosen.end],
            testimonial_id=self.testimonial["testimonial_id"],
            start=chosen.start,
            end=chosen.end,
            speaker=_one(self.testimonial["speaker"]),
            space=_one(self.testimonial["space"]),
            polarity=sys.intern(polarity),
            alone=round(chosen.alone, 6),
            score=round(sure * chosen.alone, 6),
            before=chosen.before,
            after=chosen.after,
            irony=self.sentences[number]["irony"],
        )


def _one(name: str | None) -> str | None:
    """One string for all the rows that hold the name."""
    return None if name is None else sys.intern(name)


def walk(path: Path, *, documents: Sequence[str] = ("document_id", "source")) -> Iterator[Item]:
    """Yield every testimonial of a results folder, a partition at a time.

    Parameters
    ----------
    documents
        Columns of the table of documents to read; their texts are long and seldom needed.
    """
    columns = {name: list(documents) if name == "documents" else None for name in TABLES}
    files = {name: results.table_files(path, name) for name in TABLES}
    for number in range(len(files["testimonials"])):
        rows = {name: results.read_file(files[name][number], columns[name]) for name in TABLES}
        sources = {row["document_id"]: row for row in rows["documents"]}
        parts = {
            name: {key: list(items) for key, items in groupby(rows[name], key=itemgetter("testimonial_id"))}
            for name in ("sentences", "themes", "entities")
        }
        for testimonial in rows["testimonials"]:
            key = testimonial["testimonial_id"]
            yield Item(
                testimonial=testimonial,
                document=sources[testimonial["document_id"]],
                sentences=parts["sentences"].get(key, []),
                themes=parts["themes"].get(key, []),
                entities=parts["entities"].get(key, []),
            )


@dataclass(slots=True)
class Stance:
    """What is said of a theme in one stance."""

    sentences: int = 0
    voices: Voices = field(default_factory=Voices)
    best: Best = field(default_factory=Best)
    aspects: Counter[str] = field(default_factory=Counter)

    def merge(self, other: Stance) -> None:
        """Add what another part of the corpus says."""
        self.sentences += other.sentences
        self.voices.merge(other.voices)
        self.best.add(*other.best.kept)
        self.aspects.update(other.aspects)


def _stances() -> defaultdict[str, Stance]:
    return defaultdict(Stance)


@dataclass(slots=True)
class Group:
    """Counts and candidate quotations of a space, or of any other group of testimonials."""

    testimonials: int = 0
    words: int = 0
    review: int = 0
    voices: Voices = field(default_factory=Voices)
    roles: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    """Names of the space as the documents say them."""
    polarity: Counter[str] = field(default_factory=Counter)
    stances: defaultdict[str, defaultdict[str, Stance]] = field(default_factory=lambda: defaultdict(_stances))
    themes: Counter[str] = field(default_factory=Counter)
    lemmas: Counter[str] = field(default_factory=Counter)

    def add(self, item: Item) -> None:
        """Count a testimonial."""
        testimonial, voice = item.testimonial, item.voice
        self.testimonials += 1
        self.words += testimonial["n_words"]
        self.review += bool(testimonial["review"])
        self.voices.add(voice, testimonial["person_name"])
        if testimonial["role"]:
            self.roles[testimonial["role"]] += 1
        if testimonial["space_in_document"]:
            self.forms[testimonial["space_in_document"]] += 1
        for row in item.sentences:
            self.polarity[row["polarity"]] += 1
        for theme in item.present:
            self.themes[theme] += 1
        self._hear(item, voice)

    def _hear(self, item: Item, voice: int) -> None:
        """Count what a testimonial says of each theme."""
        testimonial = item.testimonial
        heard: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for claim in item.claims():
            stance = self.stances[claim.theme][claim.stance]
            stance.sentences += 1
            if claim.sure >= stance.best.least:
                stance.best.add(item.quotation(claim.sentence, claim.polarity, claim.sure, claim.proofs))
            words = heard[claim.theme, claim.stance]
            for start, end in claim.evidence:
                if (start, end) not in item.named:
                    words |= said_in(testimonial["text"][start:end])
        for (theme, name), words in heard.items():
            stance = self.stances[theme][name]
            stance.voices.add(voice, testimonial["person_name"])
            for word in words:
                stance.aspects[word] += 1

    def merge(self, other: Group) -> None:
        """Add another part of the same group."""
        self.testimonials += other.testimonials
        self.words += other.words
        self.review += other.review
        self.voices.merge(other.voices)
        for name in ("roles", "forms", "polarity", "themes", "lemmas"):
            getattr(self, name).update(getattr(other, name))
        for theme, stances in other.stances.items():
            for name, stance in stances.items():
                self.stances[theme][name].merge(stance)

    def feelings(self) -> dict[str, int]:
        """Sentences by polarity."""
        return {name: self.polarity[name] for name in ("positive", "negative", "mixed", "neutral")}


@dataclass(slots=True)
class Mentions:
    """What speakers of other spaces say of one."""

    by: Counter[tuple[str, str]] = field(default_factory=Counter)
    best: Best = field(default_factory=lambda: Best(MAX_MENTIONS))

    def merge(self, other: Mentions) -> None:
        """Add the mentions of another part of the corpus."""
        self.by.update(other.by)
        self.best.add(*other.best.kept)


@dataclass(slots=True)
class Facts:
    """Facts of every space; `unplaced` are the testimonials that no document gives a space."""

    codebook: Codebook
    groups: dict[str, Group] = field(default_factory=dict)
    unplaced: Group = field(default_factory=Group)
    mentions: dict[str, Mentions] = field(default_factory=dict)

    def add(self, item: Item) -> None:
        """Count a testimonial."""
        space = item.testimonial["space"]
        group = self.unplaced if space is None else self.groups.setdefault(space, Group())
        group.add(item)
        group.lemmas.update(content_words(item.testimonial["text"], item.named))
        own = signature(space) if space else None
        numbers = item.numbers
        named = {
            (row["target"], row["sentence_id"])
            for row in item.entities
            if row["label"] in ("SPACE", "ORG") and row["sentence_id"] in numbers
        }
        about = item.testimonial["about"]
        if about and not any(target == about for target, _ in named):
            named |= {(about, row["sentence_id"]) for row in item.sentences if row["polarity"] != "neutral"}
        for target, sentence_id in sorted(named):
            if target == space or signature(target) == own:
                continue
            number = numbers[sentence_id]
            polarity = item.sentences[number]["polarity"]
            mentions = self.mentions.setdefault(target, Mentions())
            mentions.by[space or "", polarity] += 1
            mentions.best.add(item.quotation(number, polarity, 1.0 if polarity != "neutral" else 0.6))

    def merge(self, other: Facts) -> None:
        """Add the facts of another part of the corpus."""
        for space, group in other.groups.items():
            self.groups.setdefault(space, Group()).merge(group)
        self.unplaced.merge(other.unplaced)
        for target, mentions in other.mentions.items():
            self.mentions.setdefault(target, Mentions()).merge(mentions)

    def whole(self) -> Group:
        """All testimonials as one group."""
        group = Group()
        for part in (*self.groups.values(), self.unplaced):
            group.merge(part)
        return group

    def spaces(self) -> list[str]:
        """Names of the spaces in order."""
        return sorted(self.groups)

    def mentions_of_spaces(self) -> Mapping[str, Mentions]:
        """Mentions by the space that they mean: its name, or a name that says the same."""
        known = {signature(form): name for name in reversed(self.spaces()) for form in (*self.groups[name].forms, name)}
        found: dict[str, Mentions] = {}
        for target in sorted(self.mentions):
            space = target if target in self.groups else known.get(signature(target))
            if space is not None:
                found.setdefault(space, Mentions()).merge(self.mentions[target])
        return found


def gather(path: Path, codebook: Codebook) -> Facts:
    """Read a results folder once and gather the facts of every space."""
    facts = Facts(codebook)
    for item in walk(path):
        facts.add(item)
    return facts
