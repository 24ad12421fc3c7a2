"""How polarity composes: the words of the lexicon read under the grammar of ``data/polarity.toml`` (negation, contrast, wish …).

`Grammar.read` turns a sentence into a `Reading`: the evidence with its value after composition, the segments that contrast and
concession cut, the operators met. Its plain verdict is that of the rules alone; the model learns from all of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import CodebookError
from ..lexicon import DATA, Entry, Hit, Lexicon, builtin
from ..types import Polarity
from ..words import Key, PerWord, Sentences, Words, read_distinct
from .irony import Irony

BOUNDARIES = frozenset({"contrast", "concession"})
CUE = 0.5  # evidence below it is not worth showing
_ENDS = frozenset(".!?;…") | {"...", "!!", "??", "?!", "!?"}


class Weights(NamedTuple):
    """How the rules judge: the table ``[verdict]`` of the grammar."""

    conceded: float
    question: float
    enough: float
    doubt: float


@dataclass(frozen=True, slots=True)
class Operator:
    """A row of the grammar: what its patterns do to the evidence around them."""

    flag: str
    before: int = 0
    after: int = 0
    positive: float = 1.0
    negative: float = 1.0
    value: float = 0.0
    missed: float = 0.0  # what its own value becomes where it is turned
    commas: bool = False
    keep: bool = False  # whether what the lexicon says of the word still counts


class Evidence(NamedTuple):
    """Words that carry polarity: the lexicon's `base` value and the `value` left after composition."""

    at: tuple[int, ...]
    base: float
    value: float


class Segment(NamedTuple):
    """A stretch of words ``[start, end)``, its role, and how much good and how much bad (both ≥ 0) its evidence says.

    The role is ``main``, ``contrast`` (after «mais») or ``concession`` («même si …»).
    """

    start: int
    end: int
    role: str
    positive: float
    negative: float


class Reading(NamedTuple):
    """What the grammar saw in one sentence."""

    words: Words
    evidence: list[Evidence]
    segments: list[Segment]
    flags: dict[str, int]
    question: bool
    irony: bool
    verdict: Polarity  # of the rules alone
    score: float  # in [-1, 1]

    def cues(self) -> list[tuple[int, int]]:
        """Return the code-point ranges of the words that made the score, words side by side as one range."""
        ranges: list[tuple[int, int]] = []
        before = -2
        for i in sorted(i for evidence in self.evidence if abs(evidence.value) >= CUE for i in evidence.at):
            if i == before + 1:
                ranges[-1] = (ranges[-1][0], self.words.ends[i])
            else:
                ranges.append((self.words.starts[i], self.words.ends[i]))
            before = i
        return ranges


@dataclass(eq=False)
class Grammar:
    """A lexicon and the operators that act on it; made once, used on every sentence.

    Parameters
    ----------
    lexicon
        Words and expressions with their polarity.
    rules
        The content of ``polarity.toml``.
    """

    lexicon: Lexicon
    rules: Mapping[str, Any]
    _matcher: Lexicon = field(init=False, repr=False)
    _operators: dict[int, Operator] = field(init=False, repr=False)
    _conditional: PerWord = field(init=False, repr=False)
    _lately: dict[str, Reading] = field(init=False, repr=False, default_factory=dict)
    _irony: Irony = field(init=False, repr=False)

    def __post_init__(self) -> None:
        single: list[Entry] = []
        several: list[Entry] = []
        self._operators = {}
        for row in self.rules["operator"]:
            operator = Operator(**{key: value for key, value in row.items() if key != "patterns"})
            for pattern in row["patterns"]:
                alone = " " not in pattern and "'" not in pattern
                for part in pattern.split("|") if alone else (pattern,):
                    entry = Entry(part, 0)
                    (single if alone else several).append(entry)
                    self._operators[id(entry)] = operator
        words = (
            entry if entry.silent == (not entry.polarity) else replace(entry, silent=not entry.polarity) for entry in self.lexicon.words
        )
        self._matcher = Lexicon([*single, *words], several, base=self.lexicon)
        stops = frozenset(self.rules["stops"])
        self._barred = {True: stops, False: stops | {","}}  # by whether an operator reaches across commas
        self._weights, self._irony = Weights(**self.rules["verdict"]), Irony(self.rules["irony"])
        verbs = self.rules["conditional"]
        self._stems, self._endings = tuple(verbs["stems"]), tuple("r" + ending for ending in verbs["endings"])
        self._suspended = Operator("conditional", after=verbs["after"], positive=verbs["positive"], negative=verbs["negative"])
        self._conditional = PerWord(lambda key: (self._is_conditional(key),), np.bool_)

    @classmethod
    def load(cls, folder: Path = DATA, lexicon: Lexicon | None = None) -> Grammar:
        """Read ``polarity.toml`` (and the lexicon, unless given) from a folder."""
        path = folder / "polarity.toml"
        try:
            rules = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls(lexicon or (builtin() if folder == DATA else Lexicon.load(folder)), rules)
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise CodebookError(f"{path}: not a grammar of polarity ({error}); restore the file that came with testimony") from error

    def read(self, text: str) -> Reading:
        """Read one sentence; `read_all` takes many faster."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> list[Reading]:
        """Read sentences."""
        return read_distinct(texts, self._read, self._lately)

    def _read(self, sentences: Sentences) -> list[Reading]:
        conditional: list[list[int]] = [[] for _ in sentences.texts]
        (verbs,) = self._conditional.of(sentences)
        for sentence, place in zip(*sentences.stand(np.flatnonzero(verbs)), strict=True):
            conditional[sentence].append(place)
        rows = (sentences.texts, sentences.words, self._matcher.match(sentences), conditional)
        return [self._compose(*row) for row in zip(*rows, strict=True)]

    def _compose(self, text: str, words: Words, hits: Sequence[Hit], conditional: Sequence[int]) -> Reading:
        """Let the operators of one sentence act on its evidence."""
        positive, negative = [1.0] * len(words.forms), [1.0] * len(words.forms)
        flags: dict[str, int] = {}
        # Words, value, value where it is turned (0: as the operator multiplies it), the word that decides what reaches it.
        evidence: list[tuple[tuple[int, ...], float, float, int]] = []
        cuts: list[tuple[int, str]] = []
        for hit in hits:
            operator = self._operators.get(id(hit.entry))
            if operator is None:
                if hit.entry.polarity:
                    evidence.append((hit.at, float(hit.entry.polarity), 0.0, hit.at[-1]))
                continue
            flags[operator.flag] = flags.get(operator.flag, 0) + 1
            if operator.value:
                evidence.append((hit.at, operator.value, operator.missed, hit.at[0]))
            elif operator.keep and (entry := self.lexicon.look_up(words.forms[hit.at[0]], words.lemmas[hit.at[0]])) and entry.polarity:
                evidence.append((hit.at, float(entry.polarity), 0.0, hit.at[-1]))
            if operator.flag in BOUNDARIES:
                cuts.append((hit.at[0], operator.flag))
            self._apply(operator, hit.at, words, (positive, negative))
        for i in conditional:
            flags["conditional"] = flags.get("conditional", 0) + 1
            self._apply(self._suspended, (i,), words, (positive, negative))
        composed = [_left(at, base, missed, (positive if base > 0 else negative)[pivot]) for at, base, missed, pivot in evidence]
        question = bool(words.forms) and any("?" in form for form in words.forms[-3:])
        segments = [_segment(*bounds, composed) for bounds in _segments(words, cuts)]
        irony = self._irony.possible(text, words, composed, flags)
        return Reading(words, composed, segments, flags, question, irony, *_judge(segments, question, self._weights))

    def _apply(self, operator: Operator, at: tuple[int, ...], words: Words, factors: tuple[list[float], list[float]]) -> None:
        """Multiply the factors of the words that an operator reaches."""
        if operator.positive == operator.negative == 1.0:
            return
        forms, barred = words.forms, self._barred[operator.commas]
        low = high = at[0]
        for low in range(at[0], max(at[0] - operator.before, 0) - 1, -1):
            if low > 0 and forms[low - 1] in barred:
                break
        for high in range(at[-1], min(at[-1] + operator.after, len(forms) - 1) + 1):
            if high + 1 < len(forms) and forms[high + 1] in barred:
                break
        for i in range(low, high + 1):
            if i not in at and forms[i][0].isalnum():  # an emoji says the same after «pas»
                factors[0][i] *= operator.positive
                factors[1][i] *= operator.negative

    def _is_conditional(self, key: Key) -> bool:
        """Tell a verb in the conditional by its ending and stem («aimerait», «aurions», not «montrait»)."""
        form, lemma = key
        if not form.endswith(self._endings):
            return False
        stem = form[: form.rindex("r") + 1]
        return stem in self._stems or (lemma.endswith(("er", "ir", "re", "oir")) and stem.startswith(lemma.removesuffix("e")))


def _left(at: tuple[int, ...], base: float, missed: float, factor: float) -> Evidence:
    """Value left of evidence; what one counts on says little when it is there and much when it is not."""
    return Evidence(at, base, missed if missed and factor < 0 else base * factor)


def _segments(words: Words, cuts: Sequence[tuple[int, str]]) -> list[tuple[int, int, str]]:
    """Cut a sentence at contrast markers, concessions (until their comma) and inner full stops."""
    if not cuts and _ENDS.isdisjoint(words.forms[:-1]):
        return [(0, len(words.forms), "main")]
    marks = {at: ("main" if flag == "contrast" and at == 0 else flag) for at, flag in cuts}
    segments: list[tuple[int, int, str]] = []
    start, role = 0, "main"
    for i, form in enumerate(words.forms):
        new = marks.get(i)
        if new is None and form == "," and role == "concession" and i > start + 1:  # «certes, …» has only begun
            new = "main"
        if new is None and i and words.forms[i - 1] in _ENDS and form not in _ENDS:
            new = "main"
        conceded = role == "concession" or (i == start + 1 and bool(segments) and segments[-1][-1] == "concession")
        if new == "contrast" and conceded:
            new = "main"  # «certes …, mais …»: the main clause begins
        if new is not None:
            if i > start:
                segments.append((start, i, role))
            start, role = i, new
    segments.append((start, len(words.forms), role))
    return segments


def _segment(start: int, end: int, role: str, evidence: Sequence[Evidence]) -> Segment:
    """Sum up the evidence that begins in a stretch of words."""
    positive = negative = 0.0
    for at, _, value in evidence:
        if start <= at[0] < end:
            if value > 0:
                positive += value
            else:
                negative -= value
    return Segment(start, end, role, positive, negative)


def _judge(segments: Sequence[Segment], question: bool, weights: Weights) -> tuple[Polarity, float]:
    """Weigh the segments against one another: the verdict and its score."""
    sides: list[tuple[float, float]] = []
    for _, _, role, positive, negative in segments:
        weight = (weights.conceded if role == "concession" else 1.0) * (weights.question if question else 1.0)
        sides.append((positive * weight, negative * weight))
    positive, negative = sum(p for p, _ in sides), sum(n for _, n in sides)
    score = (positive - negative) / (positive + negative + weights.doubt)
    contrast = any(segment.role == "contrast" for segment in segments)
    leaning = [p - n for p, n in sides]
    if contrast and max(leaning) >= weights.enough and min(leaning) <= -weights.enough:
        return "mixed", score
    if max(positive, negative) < weights.enough or abs(positive - negative) < weights.enough / 2:
        return ("mixed" if min(positive, negative) >= weights.enough else "neutral"), score
    return ("positive" if positive > negative else "negative"), score
