"""What a sentence looks like to the theme estimators: its words, the codebook's patterns and the lexicon's hints in it and around it."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..codebook import Codebook
from ..lexicon import Lexicon, Words, tokenize
from ..patterns import Matcher, parse

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

KINDS = ("patterns", "hints", "strong", "weak", "counter")
"""What can speak for a theme in a sentence: codebook patterns and hints, lexicon words that suggest it strongly or weakly; and what
its counter-patterns cover."""

BITS = 17
CHARACTERS = 5  # length of the pieces of words that let misspelt and rare words look like known ones
_REMEMBERED, _SENTENCES = 200_000, 2_048
_SMALL = frozenset(
    "le la les l' un une de d' du des et à au aux en que qu' qui ne n' pas ce c' se s' je j' tu il elle on nous vous ils elles y "
    "être avoir mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs".split()
)


class Sign(NamedTuple):
    """Words of a sentence that speak for a theme: the theme's number, their indices, what found them."""

    theme: int
    at: tuple[int, ...]
    kind: int


class Reading(NamedTuple):
    """A sentence as it was read."""

    words: Words
    signs: list[Sign]
    counts: np.ndarray  # kinds × themes
    ids: np.ndarray  # hashed features, sorted, once each
    values: np.ndarray  # their damped counts


def bucket(feature: str) -> int:
    """Hash a feature into a column; the same on every machine."""
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) >> (32 - BITS)


@dataclass(eq=False)
class SentenceReader:
    """Reads sentences under a codebook and the lexicon.

    Parameters
    ----------
    codebook
        Its themes give the dense features, in order.
    lexicon
        Its theme hints count where they name a theme of the codebook.
    """

    codebook: Codebook
    lexicon: Lexicon
    _matcher: Matcher[tuple[int, int, int]] = field(init=False, repr=False)
    _pattern_buckets: list[int] = field(init=False, repr=False)
    _numbers: dict[str, int] = field(init=False, repr=False)
    _words: dict[tuple[str, str], tuple[int, ...]] = field(init=False, repr=False)
    _pairs: dict[tuple[str, str], int] = field(init=False, repr=False)
    _reading: Callable[[str], Reading] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._numbers = {theme: number for number, theme in enumerate(self.codebook.ids)}
        self._words, self._pairs = {}, {}
        self._pattern_buckets = []
        rows = []
        for number, theme in enumerate(self.codebook.themes):
            for kind, patterns in ((0, theme.patterns), (1, theme.hints), (4, theme.counter_patterns)):
                for pattern in patterns:
                    rows.append((parse(pattern, self.codebook.lists), (number, kind, len(self._pattern_buckets))))
                    self._pattern_buckets.append(bucket(f"pattern:{theme.id}:{pattern}"))
        self._matcher = Matcher(rows)
        self._reading = lru_cache(maxsize=_SENTENCES)(self._read)

    def read(self, text: str) -> Reading:
        """Read one sentence; the last ones are remembered, since surveys repeat them."""
        return self._reading(text)

    def _read(self, text: str) -> Reading:
        words = tokenize(text)
        signs, matched = self._signs(words)
        counts = np.zeros((len(KINDS), len(self.codebook.themes)))
        for sign in signs:
            counts[sign.kind, sign.theme] += 1
        found = Counter(self._surface(words))
        found.update(self._pattern_buckets[pattern] for pattern in matched)
        ids = np.array(sorted(found), dtype=np.int32)
        values = np.array([found[i] for i in ids.tolist()], dtype=np.float64)
        return Reading(words, signs, counts, ids, 1.0 + np.log(values) if len(values) else values)

    def _signs(self, words: Words) -> tuple[list[Sign], list[int]]:
        hits = self._matcher.find(words.forms, words.lemmas)
        covered: dict[int, set[int]] = {}
        signs: list[Sign] = []
        for at, (theme, kind, _) in hits:
            if kind == 4:
                covered.setdefault(theme, set()).update(at)
                signs.append(Sign(theme, at, kind))
        matched: list[int] = []
        used: dict[int, set[int]] = {}
        for wanted in (0, 1):
            for at, (theme, kind, pattern) in hits:
                if kind == wanted and not covered.get(theme, set()).issuperset(at) and not used.get(theme, set()).issuperset(at):
                    used.setdefault(theme, set()).update(at)
                    matched.append(pattern)
                    signs.append(Sign(theme, at, kind))
        for at, entry in self.lexicon.match(words):
            for theme_id, strong in entry.themes:
                if (number := self._numbers.get(theme_id)) is not None:
                    signs.append(Sign(number, at, 2 if strong else 3))
        return signs, matched

    def _surface(self, words: Words) -> list[int]:
        """Hashed features of the words: forms, lemmas, pieces of words, pairs of lemmas."""
        features: list[int] = []
        before = ""
        for form, lemma in zip(words.forms, words.lemmas, strict=True):
            if not (form[0].isalnum() or form == "€"):
                before = ""
                continue
            features += self.word_features(form, lemma)
            name = "0" if form[0].isdigit() else lemma
            if before:
                features.append(self._pair(before, name))
            before = name
        return features

    def word_features(self, form: str, lemma: str) -> tuple[int, ...]:
        """Columns of one word: lemma, form, pieces."""
        known = self._words.get((form, lemma))
        if known is None:
            if form[0].isdigit():
                known = (bucket("lemma:0"),)
            else:
                known = (bucket("lemma:" + lemma), *((bucket("form:" + form),) if form != lemma else ()), *_pieces(form, lemma))
            if len(self._words) >= _REMEMBERED:
                self._words.clear()
            self._words[form, lemma] = known
        return known

    def _pair(self, first: str, second: str) -> int:
        known = self._pairs.get((first, second))
        if known is None:
            if len(self._pairs) >= _REMEMBERED:
                self._pairs.clear()
            known = self._pairs[first, second] = bucket(f"pair:{first} {second}")
        return known


def _pieces(form: str, lemma: str) -> tuple[int, ...]:
    if lemma in _SMALL or len(form) < 4:
        return ()
    whole = f"^{form}$"
    return tuple(bucket("piece:" + whole[i : i + CHARACTERS]) for i in range(len(whole) - CHARACTERS + 1))


def surface_matrix(readings: Sequence[Reading]) -> csr_matrix:
    """Hashed features of readings, one row each, not weighted yet."""
    from scipy.sparse import csr_matrix  # slow to import

    pointers = np.concatenate(([0], np.cumsum([len(reading.ids) for reading in readings])))
    if not readings or not pointers[-1]:
        return csr_matrix((len(readings), 1 << BITS))
    indices = np.concatenate([reading.ids for reading in readings])
    values = np.concatenate([reading.values for reading in readings])
    return csr_matrix((values, indices, pointers), shape=(len(readings), 1 << BITS))


def context_matrix(readings: Sequence[Reading], texts: Sequence[int]) -> np.ndarray:
    """Signs for each theme in each sentence, in the ones before and after, and in the rest of its text.

    Parameters
    ----------
    readings
        Sentences in order.
    texts
        Number of the text of each sentence; sentences of one text stand together.
    """
    if not readings:
        return np.zeros((0, 0))
    own = np.log1p(np.array([reading.counts for reading in readings]))
    size = own.shape[0]
    near = own[:, :4].reshape(size, -1)
    number = np.asarray(texts)
    same = number[1:] == number[:-1]
    before, after = np.zeros_like(near), np.zeros_like(near)
    before[1:][same] = near[:-1][same]
    after[:-1][same] = near[1:][same]
    _, number = np.unique(number, return_inverse=True)
    totals = np.zeros((number.max() + 1, near.shape[1]))
    np.add.at(totals, number, near)
    others = np.bincount(number)[number][:, None] - 1
    rest = (totals[number] - near) / np.maximum(1, others)
    return np.hstack([own.reshape(size, -1), 0.5 * before, 0.5 * after, rest])
