"""Themes read again in sentences that the pipeline has cut and judged: what a changed codebook needs, without spaCy.

Themes depend on the words of sentences alone, and polarity toward a theme on the verdict that the tables hold, or, in a mixed sentence,
on its clauses. So the rows are those that the pipeline would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from .pipeline import batches
from .polarity import Grammar, lean_of_clauses
from .theming import Found, ThemeFinder
from .types import Polarity, ThemeMention

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ThemeReader:
    """What finds themes, and what knows the clauses of a mixed sentence."""

    finder: ThemeFinder
    grammar: Grammar

    @classmethod
    def build(cls, codebook: str | None = None) -> ThemeReader:
        """Make it with what comes with the package, and with a user's codebook if there is one."""
        return cls(ThemeFinder.build(codebook), Grammar.load())

    def read(self, testimonials: Sequence[Row], sentences: Sequence[Row]) -> Iterator[tuple[Row, ThemeMention]]:
        """Yield each theme of some testimonials with its sentence, in the order in which the pipeline would.

        Parameters
        ----------
        testimonials, sentences
            Rows of the tables of one batch.
        """
        cut = {key: list(rows) for key, rows in groupby(sentences, key=lambda row: row["testimonial_id"])}
        # Equal texts are read once and the others by as many as the pipeline takes, so that not even a last bit differs.
        firsts = {row["text"]: row["testimonial_id"] for row in reversed(testimonials)}
        texts = list(dict.fromkeys(row["text"] for row in testimonials))
        found: dict[str, list[Found]] = {}
        for some in batches(texts):
            groups = [[row["text"] for row in cut.get(firsts[text], ())] for text in some]
            found.update(zip(some, self.finder.find(groups), strict=True))
        for testimonial in testimonials:
            rows = cut.get(testimonial["testimonial_id"], [])
            for item in found[testimonial["text"]]:
                yield rows[item.sentence], self._mention(rows[item.sentence], item)

    def _mention(self, sentence: Row, found: Found) -> ThemeMention:
        polarity: Polarity = sentence["polarity"]
        side = lean_of_clauses(self.grammar.read(sentence["text"]), found.evidence) if polarity == "mixed" else None
        polarity, score = side or (polarity, sentence["polarity_score"])
        start = sentence["start"]
        evidence = tuple((start + first, start + last) for first, last in found.evidence)
        return ThemeMention(theme=found.theme, score=found.score, polarity=polarity, polarity_score=score, evidence=evidence)
