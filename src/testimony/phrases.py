"""Where in many sentences which of many patterns may stand, found with arrays: candidates, for who looks at each with care.

A pattern of several items is looked for by two of them that follow one another, at each of the distances that its gaps allow; one of a
single item, or whose items are beginnings of words, by that item alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .words import Key, Numbers, PerWord, PerWordLists, Sentences, find_keys, spread

_BITS = 20
_MASK = (1 << _BITS) - 1


class Item(NamedTuple):
    """One item: the words and the beginnings that fit it, whether it may be missing, how many words may stand before it."""

    words: frozenset[str]
    prefixes: tuple[str, ...]
    optional: bool
    gap: int

    def fits(self, form: str, lemma: str) -> bool:
        """Whether a word, by form or lemma, is one of mine."""
        return form in self.words or lemma in self.words or (bool(self.prefixes) and form.startswith(self.prefixes))


Items = tuple[Item, ...]


def side_by_side(items: Sequence[Item]) -> bool:
    """Whether nothing may stand between items, and none may be missing."""
    return not any(item.optional or item.gap for item in items)


class _Lead(NamedTuple):
    """Two items that a pattern is looked for by, how far apart they stand at most, and where its anchor is told from.

    The anchor stands `shift` words after the left item, or where the right one is.
    """

    left: frozenset[str]
    right: frozenset[str]
    farthest: int
    shift: int
    is_right: bool


class Phrases:
    """Many patterns, looked for together.

    Parameters
    ----------
    patterns
        The items of each.
    anchors
        The item of each whose place is told; it must be there, and stand beside another that must, unless it is looked for alone.
    """

    def __init__(self, patterns: Sequence[Items], anchors: Sequence[int]) -> None:
        uses = Counter(word for items in patterns for item in items for word in item.words)
        self._symbols: dict[str, int] = {}
        self._words: dict[str, list[int]] = {}
        self._prefixes: dict[str, list[tuple[str, int]]] = {}
        pairs: dict[int, list[tuple[int, int, int]]] = {}
        for number, (items, anchor) in enumerate(zip(patterns, anchors, strict=True)):
            lead = _lead(items, anchor, uses)
            if lead is None:
                self._add_alone(items[anchor], number)
                continue
            keys = [(self._symbol(left) << _BITS) + self._symbol(right) for left in lead.left for right in lead.right]
            for distance in range(1, lead.farthest + 1):
                shift = distance if lead.is_right else lead.shift
                pairs.setdefault(distance, []).extend((key, number, shift) for key in keys)
        self._pairs = {distance: _Pairs(entries, len(self._symbols) + 1) for distance, entries in pairs.items()}
        self._named = PerWord(self._symbols_of, np.int64, np.int64)
        self._alone = PerWordLists(self._alone_at)

    def _add_alone(self, item: Item, number: int) -> None:
        for word in item.words:
            self._words.setdefault(word, []).append(number)
        for prefix in item.prefixes:
            self._prefixes.setdefault(prefix[:3], []).append((prefix, number))

    def _symbol(self, word: str) -> int:
        return self._symbols.setdefault(word, len(self._symbols) + 1)

    def _symbols_of(self, key: Key) -> tuple[int, int]:
        form, lemma = (self._symbols.get(name, 0) for name in key)
        return form, lemma if lemma != form else 0

    def _alone_at(self, key: Key) -> list[int]:
        """Patterns that are looked for by one word, where it stands."""
        form, lemma = key
        begun = [number for prefix, number in self._prefixes.get(form[:3], ()) if form.startswith(prefix)]
        return [*self._words.get(form, ()), *self._words.get(lemma, ()), *begun]

    def places(self, sentences: Sentences) -> Iterator[tuple[int, int, int]]:
        """Tell which patterns may stand where: number, sentence, and place of the anchor in it, in order of sentence, place and number."""
        numbers, places = self._alone.of(sentences)
        found = [(places << _BITS) + numbers]
        form, lemma = self._named.of(sentences)
        for distance, pairs in self._pairs.items():
            if len(form) > distance:
                ways = [(left[:-distance], right[distance:]) for left in (form, lemma) for right in (form, lemma)]
                found += [pairs.find(*way) for way in ways]
        codes = np.unique(np.concatenate(found))
        numbers, places = codes & _MASK, codes >> _BITS
        inside = (places >= 0) & (places < len(form))
        numbers, places = numbers[inside], places[inside]
        return zip(numbers.tolist(), *sentences.stand(places), strict=True)


class _Pairs:
    """Pairs of words by which patterns are looked for at one distance."""

    def __init__(self, entries: Iterable[tuple[int, int, int]], size: int) -> None:
        keys, self._numbers, self._shifts = np.array(sorted(entries), np.int64).T
        self._keys, self._firsts, self._sizes = np.unique(keys, return_index=True, return_counts=True)
        self._left, self._right = np.zeros((2, size), bool)
        self._left[self._keys >> _BITS] = True
        self._right[self._keys & _MASK] = True

    def find(self, left: Numbers, right: Numbers) -> Numbers:
        """Give the patterns of pairs of words and the places of their anchors, both in one number."""
        at = np.flatnonzero(self._left[left] & self._right[right])
        keys = (left[at] << _BITS) + right[at]
        rows, known = find_keys(self._keys, keys)
        at, rows = at[known], rows[known]
        sizes = self._sizes[rows]
        entries = spread(self._firsts[rows], sizes)
        return (np.repeat(at, sizes) + self._shifts[entries] << _BITS) + self._numbers[entries]


def _lead(items: Items, anchor: int, uses: Counter[str]) -> _Lead | None:
    """Choose the two items that the fewest patterns use; where words may stand between, one of them is the anchor."""
    sure = [i for i, item in enumerate(items) if not item.optional]
    plain = side_by_side(items)
    pairs = [(i, j) for i, j in zip(sure, sure[1:], strict=False) if not items[i].prefixes and not items[j].prefixes]
    fitting = [(i, j) for i, j in pairs if plain or anchor in (i, j)]
    if not fitting:
        return None
    i, j = min(
        fitting, key=lambda pair: sum(uses[word] for word in items[pair[0]].words) * sum(uses[word] for word in items[pair[1]].words)
    )
    farthest = sum(item.gap for item in items[i + 1 : j + 1]) + j - i
    return _Lead(items[i].words, items[j].words, farthest, anchor - i if plain else 0, not plain and anchor == j)
