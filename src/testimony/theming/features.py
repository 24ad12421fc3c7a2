"""What a sentence looks like to the theme estimators: its words, the codebook's patterns and the lexicon's hints in it and around it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..codebook import Codebook
from ..lexicon import Lexicon, tokenize
from ..memo import Memo
from ..patterns import Key, Matcher, Words, parse

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

KINDS = ("patterns", "hints", "strong", "weak", "counter")
"""What can speak for a theme in a sentence: codebook patterns and hints, lexicon words that suggest it strongly or weakly; and what
its counter-patterns cover."""

BITS = 17
CHARACTERS = 5  # length of the pieces of words that let misspelt and rare words look like known ones
_SENTENCES = 2_048  # remembered
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
    columns: list[int]  # hashed features, as they occur


class Surface(NamedTuple):
    """Hashed features of sentences: those of sentence `i` stand in ``starts[i]:starts[i + 1]``, in order, once each."""

    columns: np.ndarray
    values: np.ndarray
    starts: np.ndarray

    @property
    def rows(self) -> np.ndarray:
        """The sentence of each value."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def matrix(self) -> csr_matrix:
        """The same as a sparse matrix, one row a sentence."""
        from scipy.sparse import csr_matrix  # slow to import

        return csr_matrix((self.values, self.columns, self.starts), shape=(len(self.starts) - 1, 1 << BITS))


class _Word(NamedTuple):
    """What a word gives: its columns, and what the column of a pair is hashed from; a sign that is no word gives nothing."""

    columns: tuple[int, ...] = ()
    name: bytes = b""
    first: int = 0  # hash of the beginning of a pair


def bucket(feature: str) -> int:
    """Hash a feature into a column; the same on every machine."""
    return zlib.crc32(_bytes(feature)) >> (32 - BITS)


def _bytes(feature: str) -> bytes:
    return feature.encode("utf-8", "surrogatepass")


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
    _words: Memo[Key, _Word] = field(init=False, repr=False)
    _reading: Callable[[str], Reading] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._numbers = {theme: number for number, theme in enumerate(self.codebook.ids)}
        self._words = Memo(_word)
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
        columns = [*self._surface(words), *(self._pattern_buckets[pattern] for pattern in matched)]
        return Reading(words, signs, counts, columns)

    def _signs(self, words: Words) -> tuple[list[Sign], list[int]]:
        hits = self._matcher.find(words)
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
        columns: list[int] = []
        before = 0
        for own, name, first in self._words.of(words.keys):
            columns += own
            if before and name:
                columns.append(zlib.crc32(name, before) >> (32 - BITS))
            before = first
        return columns

    def word_features(self, key: Key) -> tuple[int, ...]:
        """Columns of one word: lemma, form, pieces."""
        return self._words[key].columns


def _word(key: Key) -> _Word:
    form, lemma = key
    if not (form[0].isalnum() or form == "€"):
        return _Word()
    if form[0].isdigit():
        lemma, columns = "0", (bucket("lemma:0"),)
    else:
        columns = (bucket("lemma:" + lemma), *((bucket("form:" + form),) if form != lemma else ()), *_pieces(form, lemma))
    return _Word(columns, _bytes(lemma), zlib.crc32(_bytes(f"pair:{lemma} ")))


def _pieces(form: str, lemma: str) -> tuple[int, ...]:
    if lemma in _SMALL or len(form) < 4:
        return ()
    whole = f"^{form}$"
    return tuple(bucket("piece:" + whole[i : i + CHARACTERS]) for i in range(len(whole) - CHARACTERS + 1))


def surface(readings: Sequence[Reading]) -> Surface:
    """Hashed features of readings with their damped counts, not weighted yet."""
    number = np.repeat(np.arange(len(readings)), [len(reading.columns) for reading in readings])
    columns = np.fromiter(chain.from_iterable(reading.columns for reading in readings), np.int64, len(number))
    found, counts = np.unique((number << BITS) + columns, return_counts=True)
    starts = np.searchsorted(found, np.arange(len(readings) + 1) << BITS)
    return Surface(found & ((1 << BITS) - 1), 1.0 + np.log(counts), starts)


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
