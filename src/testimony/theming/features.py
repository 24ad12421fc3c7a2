"""What a sentence looks like to the theme estimators: its words, the codebook's patterns and the lexicon's hints in it and around it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..codebook import Codebook
from ..lexicon import Hit, Lexicon
from ..patterns import Matcher, parse
from ..words import MOST, Key, PerWord, PerWordLists, Sentences, Words, counted, flat, read_distinct

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

KINDS = ("patterns", "hints", "strong", "weak", "counter")
"""What can speak for a theme in a sentence: codebook patterns and hints, lexicon words that suggest it strongly or weakly; and what
its counter-patterns cover."""

BITS = 17
CHARACTERS = 5  # length of the pieces of words that let misspelt and rare words look like known ones
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
    """A sentence as it was read; its hashed features stand in order, with how often each is there."""

    words: Words
    signs: list[Sign]
    counts: np.ndarray  # kinds × themes
    columns: np.ndarray
    times: np.ndarray


class Surface(NamedTuple):
    """Hashed features of sentences: those of sentence `i` stand in ``starts[i]:starts[i + 1]``, in order, once each."""

    columns: np.ndarray
    values: np.ndarray
    starts: np.ndarray

    def matrix(self) -> csr_matrix:
        """The same as a sparse matrix, one row a sentence."""
        from scipy.sparse import csr_matrix  # slow to import

        return csr_matrix((self.values, self.columns, self.starts), shape=(len(self.starts) - 1, 1 << BITS))


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
    _columns: PerWordLists = field(init=False, repr=False)
    _names: PerWord = field(init=False, repr=False)
    _lately: dict[str, Reading] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = {theme: number for number, theme in enumerate(self.codebook.ids)}
        self._columns, self._names = PerWordLists(word_columns), PerWord(_name, object, np.int64, np.bool_)
        self._pattern_buckets = []
        rows = []
        for number, theme in enumerate(self.codebook.themes):
            for kind, patterns in ((0, theme.patterns), (1, theme.hints), (4, theme.counter_patterns)):
                for pattern in patterns:
                    rows.append((parse(pattern, self.codebook.lists), (number, kind, len(self._pattern_buckets))))
                    self._pattern_buckets.append(bucket(f"pattern:{theme.id}:{pattern}"))
        self._matcher = Matcher(rows)

    def read(self, text: str) -> Reading:
        """Read one sentence; `read_all` takes many faster."""
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> list[Reading]:
        """Read sentences."""
        return read_distinct(texts, self._read, self._lately)

    def _read(self, sentences: Sentences) -> list[Reading]:
        counts = np.zeros((len(sentences.texts), len(KINDS), len(self.codebook.themes)))
        signs: list[list[Sign]] = []
        matched: list[list[int]] = []
        for hits, hints in zip(self._matcher.find(sentences), self.lexicon.match(sentences, hints=True), strict=True):
            own, buckets = self._signs(hits, hints)
            signs.append(own)
            matched.append(buckets)
        said = [(number, sign.kind, sign.theme) for number, own in enumerate(signs) for sign in own]
        if said:
            np.add.at(counts, tuple(np.array(said).T), 1.0)
        surface = self._surface(sentences, matched)
        rows = zip(sentences.words, signs, counts, surface, strict=True)
        return [Reading(words, own, number, columns, times) for words, own, number, (columns, times) in rows]

    def _signs(self, hits: Sequence[tuple[tuple[int, ...], tuple[int, int, int]]], hints: Sequence[Hit]) -> tuple[list[Sign], list[int]]:
        """Sort out what patterns and lexicon found in a sentence: the signs that count, and the columns of their patterns."""
        covered: dict[int, set[int]] = {}
        signs: list[Sign] = []
        for at, (theme, kind, _) in hits:
            if kind == 4:
                covered.setdefault(theme, set()).update(at)
                signs.append(Sign(theme, at, kind))
        matched: list[int] = []
        used: dict[int, set[int]] = {}
        for wanted in (0, 1) if hits else ():
            for at, (theme, kind, pattern) in hits:
                if kind == wanted and not covered.get(theme, set()).issuperset(at) and not used.get(theme, set()).issuperset(at):
                    used.setdefault(theme, set()).update(at)
                    matched.append(self._pattern_buckets[pattern])
                    signs.append(Sign(theme, at, kind))
        for at, entry in hints:
            for theme_id, strong in entry.themes:
                if (number := self._numbers.get(theme_id)) is not None:
                    signs.append(Sign(number, at, 2 if strong else 3))
        return signs, matched

    def _surface(self, sentences: Sentences, matched: Sequence[Sequence[int]]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Hashed features of each sentence, and how often each is there: forms, lemmas, pieces of words, pairs of lemmas, patterns."""
        owners = sentences.owners
        columns, places = self._columns.of(sentences)
        names, firsts, named = self._names.of(sentences)
        second = np.flatnonzero(named[1:] & named[:-1] & (owners[1:] == owners[:-1])) + 1
        pairs = [
            zlib.crc32(name, first) >> (32 - BITS) for name, first in zip(names[second].tolist(), firsts[second - 1].tolist(), strict=True)
        ]
        matching, buckets = flat(matched)
        return counted((owners[places], owners[second], matching), (columns, np.array(pairs, np.int64), buckets), len(matched))


def _name(key: Key) -> tuple[bytes, int, bool]:
    """What the column of a pair is hashed from: a word as its second, the hash of its beginning with the word, whether it is a word."""
    form, lemma = key
    lemma = "0" if form[0].isdigit() else lemma
    return _bytes(lemma), zlib.crc32(_bytes(f"pair:{lemma} ")), _is_word(form)


def _is_word(form: str) -> bool:
    return form[0].isalnum() or form == "€"


@lru_cache(maxsize=MOST)
def word_columns(key: Key) -> tuple[int, ...]:
    """Columns of one word: lemma, form, pieces; none of a sign that is no word."""
    form, lemma = key
    if not _is_word(form):
        return ()
    if form[0].isdigit():
        return (bucket("lemma:0"),)
    return (bucket("lemma:" + lemma), *((bucket("form:" + form),) if form != lemma else ()), *_pieces(form, lemma))


def _pieces(form: str, lemma: str) -> tuple[int, ...]:
    if lemma in _SMALL or len(form) < 4:
        return ()
    whole = f"^{form}$"
    return tuple(bucket("piece:" + whole[i : i + CHARACTERS]) for i in range(len(whole) - CHARACTERS + 1))


def surface(readings: Sequence[Reading]) -> Surface:
    """Hashed features of readings with their damped counts, not weighted yet."""
    starts = np.cumsum([0, *(len(reading.columns) for reading in readings)])
    columns, times = ([getattr(reading, name) for reading in readings] or [np.zeros(0, np.int64)] for name in ("columns", "times"))
    return Surface(np.concatenate(columns), 1.0 + np.log(np.concatenate(times)), starts)


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
