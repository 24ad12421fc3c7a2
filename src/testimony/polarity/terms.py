"""The terms of sentences, the sparse part of what the model sees: lemmas, pairs of lemmas, beginnings and ends of long words, evidence.

`terms` names those of one sentence, to learn from; `Terms` finds the rows of those that a vocabulary has, of many sentences at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import count
from weakref import WeakKeyDictionary

import numpy as np

from ..words import Key, Numbers, PerWord, PerWordLists, Sentences, counted, find_keys, flat, read_distinct, together
from .grammar import Evidence, Grammar, Reading


def terms(reading: Reading) -> Iterator[str]:
    """Yield the names of the sparse features of one sentence, repeated as they occur."""
    before = START
    for name, pieces in map(of_word, reading.words.keys):
        yield name
        yield f"{before} {name}"
        yield from pieces
        before = name
    yield f"{before} {END}"
    yield from (of_evidence(evidence, reading.words.lemmas) for evidence in reading.evidence)


START, END = "^", "$"


def of_word(key: Key) -> tuple[str, tuple[str, ...]]:
    """Name of a word, and the names of its beginning and its end where it is long."""
    form, lemma = key
    return "0" if lemma[0].isdigit() else lemma, (form[:5] + "~", "~" + form[-4:]) if len(form) > 5 else ()


def of_evidence(evidence: Evidence, lemmas: Sequence[str]) -> str:
    """Name of evidence with its sign."""
    sign = "+" if evidence.value > 0 else "-" if evidence.value < 0 else "0"
    return sign + "_".join([lemmas[i] for i in evidence.at])


class Terms:
    """The rows of terms in a vocabulary.

    Parameters
    ----------
    vocabulary
        Row of each term.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._rows = vocabulary
        self._own = PerWordLists(self._rows_of)
        self._named = PerWord(lambda key: (self._pairs.symbols.get(of_word(key)[0], 0),), np.int64)
        self._lately: WeakKeyDictionary[Grammar, dict[str, tuple[Numbers, Numbers]]] = WeakKeyDictionary()

    @cached_property
    def _pairs(self) -> _Pairs:
        return _Pairs(self._rows)

    def _rows_of(self, key: Key) -> list[int]:
        name, pieces = of_word(key)
        return self._known((name, *pieces))

    def _known(self, names: Iterable[str]) -> list[int]:
        return [self._rows[name] for name in names if name in self._rows]

    def of(self, grammar: Grammar, texts: Sequence[str], readings: Sequence[Reading]) -> tuple[Numbers, Numbers, Numbers]:
        """Give the rows of sentences, each once, where those of each sentence start, and how often each term is there.

        Parameters
        ----------
        grammar
            What read the sentences.
        texts, readings
            The sentences, as written and read.
        """
        lately = self._lately.setdefault(grammar, {})
        known = dict(zip(texts, readings, strict=True))
        bags = read_distinct(texts, lambda sentences: self._bags(sentences, [known[text] for text in sentences.texts]), lately)
        starts = np.cumsum([0, *(len(rows) for rows, _ in bags)])
        rows, times = (np.concatenate(parts) for parts in zip(*bags, strict=True)) if bags else (np.zeros(0, np.int64),) * 2
        return rows, starts, times

    def _bags(self, sentences: Sentences, readings: Sequence[Reading]) -> list[tuple[Numbers, Numbers]]:
        rows, places = self._own.of(sentences)
        (names,) = self._named.of(sentences)
        # Each word after the one before it, the first after the start of its sentence, and its end after the last.
        start, end = (self._pairs.symbols.get(mark, 0) for mark in (START, END))
        pairs, known = self._pairs.find(np.insert(names, sentences.bounds[:-1], start), np.insert(names, sentences.bounds[1:], end))
        sides = np.repeat(np.arange(len(readings)), np.diff(sentences.bounds) + 1)
        shown = [self._known(of_evidence(one, reading.words.lemmas) for one in reading.evidence) for reading in readings]
        showing, evidence = flat(shown)
        return counted((sentences.owners[places], sides[known], showing), (rows, pairs, evidence), len(readings))


class _Pairs:
    """The rows of those terms of a vocabulary that are pairs, found by numbers of their words."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        pairs = [term for term in rows if term.count(" ") == 1]
        names = " ".join(pairs).split(" ")
        self.symbols = dict(zip(dict.fromkeys(names), count(1), strict=False))
        left, right = np.fromiter(map(self.symbols.__getitem__, names), np.int64, len(names)).reshape(-1, 2).T
        keys = together(left, right)
        order = np.argsort(keys)
        self._keys, self._rows = keys[order], np.array([*map(rows.__getitem__, pairs)], np.int64)[order]

    def find(self, left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
        """Give the rows of pairs of words, and which of the pairs have one."""
        places, known = find_keys(self._keys, together(left, right))
        return self._rows[places[known]], np.flatnonzero(known)
