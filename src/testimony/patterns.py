"""Patterns over words, written by people who know the language and not regular expressions; matching takes linear time.

A pattern is a sequence of items separated by spaces:

====================  ===================================================================================================
``mettre en commun``  a word is found as a lemma or as a form («met», «mettons»; write lemmas, lower case)
``bon|belle``         one of several words
``coworker*``         any word that starts so
``de?``               an item that may be missing
``…`` or ``…5``       a gap of at most 3 (or 5) words, never across the end of a sentence
``@lieu``             any word of the list named ``lieu``
====================  ===================================================================================================

Elided words are words of their own: «l'espace» is ``l' espace``, and ``le`` finds ``l'`` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from .memo import Memo

STOPS = frozenset(".!?…;")
MAX_ITEMS, MAX_GAP, DEFAULT_GAP = 12, 8, 3

_GAP = re.compile(r"…(\d*)\Z|\.\.\.(\d*)\Z")
_ITEM = re.compile(r"@?[^\W\d_][\w'-]*\*?(?:\|[^\W\d_][\w'-]*\*?)*\??\Z|\d+\Z|[€%$£]\Z")
_ELISION = re.compile(r"(?<=[^\W\d_]')(?=\w)|-")
ELISIONS = {"l'": "le", "d'": "de", "n'": "ne", "s'": "se", "qu'": "que", "j'": "je", "m'": "me", "t'": "te", "c'": "ce"}

Owner = TypeVar("Owner")
Key = tuple[str, str]
"""Form and lemma of a word."""


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


class Words(NamedTuple):
    """The words of a text in parallel lists; `keys` are forms and lemmas, `starts` and `ends` code points, `there` what it can be found by."""

    keys: list[Key]
    forms: list[str]
    lemmas: list[str]
    starts: list[int]
    ends: list[int]
    there: frozenset[str]

    @classmethod
    def of(cls, keys: list[Key], starts: list[int], ends: list[int]) -> Words:
        """Make them from the form and lemma of each word, and its place."""
        forms, lemmas = [form for form, _ in keys], [lemma for _, lemma in keys]
        return cls(keys, forms, lemmas, starts, ends, frozenset(chain.from_iterable(keys)))


class Item(NamedTuple):
    """One item: the words and the beginnings that fit it, whether it may be missing, how many words may stand before it."""

    words: frozenset[str]
    prefixes: tuple[str, ...]
    optional: bool
    gap: int

    def fits(self, form: str, lemma: str) -> bool:
        """Whether a word, by form or lemma, is one of mine."""
        return form in self.words or lemma in self.words or (bool(self.prefixes) and form.startswith(self.prefixes))


def parse(pattern: str, lists: Mapping[str, Sequence[str]] | None = None) -> tuple[Item, ...]:
    """Read a pattern.

    Raises
    ------
    PatternError
        With the item at fault and what is expected.

    Examples
    --------
    >>> [sorted(item.words) for item in parse("mettre en commun")]
    [['mettre'], ['en'], ['commun']]
    """
    items: list[Item] = []
    gap = 0
    for part in pattern.replace("’", "'").lower().split():
        if match := _GAP.match(part):
            gap = int(match[1] or match[2] or DEFAULT_GAP)
            if not items or not 1 <= gap <= MAX_GAP:
                raise PatternError(f"the gap {part!r} must stand between words and be at most {MAX_GAP} words")
            continue
        if not _ITEM.match(part):
            raise PatternError(f"{part!r} is no word; write words, a|b, word*, word?, …3 or @list")
        for words, prefixes, optional in _read_item(part, lists or {}):
            items.append(Item(words, prefixes, optional, gap))
            gap = 0
    if gap or all(item.optional for item in items):
        raise PatternError("a pattern needs a word that must be there, and cannot end with a gap")
    if len(items) > MAX_ITEMS:
        raise PatternError(f"{len(items)} words; a pattern has at most {MAX_ITEMS}")
    return tuple(items)


def _read_item(part: str, lists: Mapping[str, Sequence[str]]) -> list[tuple[frozenset[str], tuple[str, ...], bool]]:
    optional = part.endswith("?")
    body = part.removesuffix("?")
    if body.startswith("@"):
        if body[1:] not in lists:
            raise PatternError(f"no list is named {body[1:]!r}; known: {', '.join(sorted(lists)) or 'none'}")
        choices = [word.lower().replace("’", "'") for word in lists[body[1:]]]
    elif "|" in body:
        choices = body.split("|")
        if joined := next((choice for choice in choices if "-" in choice or "'" in choice.rstrip("'")), None):
            raise PatternError(f"{joined!r} is several words, which cannot be a choice; write a pattern for each")
    else:  # «l'espace» and «rendez-vous» are cut as a text is
        pieces = [piece for piece in _ELISION.split(body) if piece]
        return [(*_choices([piece]), optional) for piece in pieces]
    return [(*_choices(choices), optional)]


def _choices(choices: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    words: set[str] = set()
    prefixes: list[str] = []
    for choice in choices:
        if choice.endswith("*"):
            if len(choice) < 4:
                raise PatternError(f"{choice!r} is too short a beginning; give at least three letters")
            prefixes.append(choice[:-1])
        else:
            words |= {choice, ELISIONS.get(choice, choice)}
    return frozenset(words), tuple(sorted(prefixes))


class _Candidate(NamedTuple, Generic[Owner]):
    """A pattern, the item it is looked for by, the words of which one must stand beside it (none: any), and whether its items stand side by side."""

    items: tuple[Item, ...]
    anchor: int
    also: frozenset[str]
    plain: bool
    owner: Owner


@dataclass(eq=False)
class Matcher(Generic[Owner]):
    """Many patterns found in one pass; each belongs to an owner that a hit names.

    Parameters
    ----------
    patterns
        ``(items, owner)`` pairs.
    """

    patterns: Sequence[tuple[tuple[Item, ...], Owner]]
    _by_word: dict[str, list[tuple[int, int]]] = field(init=False, repr=False)
    _prefixes: list[tuple[str, int, int]] = field(init=False, repr=False)
    _candidates: Memo[Key, tuple[_Candidate[Owner], ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_word, self._prefixes, self._candidates = {}, [], Memo(self._anchored)
        for number, (items, _) in enumerate(self.patterns):
            at = _anchor(items)
            for word in sorted(items[at].words):
                self._by_word.setdefault(word, []).append((number, at))
            self._prefixes += [(prefix, number, at) for prefix in items[at].prefixes]

    def find(self, words: Words) -> list[tuple[tuple[int, ...], Owner]]:
        """Find every pattern in the words of one sentence; a hit gives the indices of the words matched, in order, and the owner."""
        hits: list[tuple[tuple[int, ...], Owner]] = []
        there = words.there
        for i, candidates in enumerate(self._candidates.of(words.keys)):
            for items, anchor, also, plain, owner in candidates:
                if len(items) == 1:
                    hits.append(((i,), owner))
                elif not (also and also.isdisjoint(there)):
                    match = _match_plain(items, i - anchor, words) if plain else _match(items, anchor, i, words)
                    if match is not None:
                        hits.append((match, owner))
        return hits

    def _anchored(self, key: Key) -> tuple[_Candidate[Owner], ...]:
        """Patterns to look for where a word stands."""
        form, lemma = key
        found = {*self._by_word.get(form, ()), *self._by_word.get(lemma, ())}
        found |= {(number, at) for prefix, number, at in self._prefixes if form.startswith(prefix)}
        patterns = ((*self.patterns[number], at) for number, at in sorted(found))
        return tuple(_Candidate(items, at, _second(items, at), _plain(items), owner) for items, owner, at in patterns)


def _anchor(items: Sequence[Item]) -> int:
    """Choose the item looked for first: the one whose shortest choice is longest, as a stand-in for rare."""
    sizes = [0 if item.optional else min(map(len, (*item.words, *item.prefixes))) for item in items]
    return max(range(len(items)), key=lambda i: (sizes[i], -i))


def _second(items: Sequence[Item], at: int) -> frozenset[str]:
    """Words of which one must stand somewhere beside the anchor, item `at`; none when beginnings would do too."""
    sure = [item.words for i, item in enumerate(items) if i != at and not item.optional and not item.prefixes]
    return max(sure, key=lambda words: min(map(len, words)), default=frozenset())


def _plain(items: Sequence[Item]) -> bool:
    return not any(item.optional or item.gap for item in items)


def _match_plain(items: Sequence[Item], first: int, words: Words) -> tuple[int, ...] | None:
    """Match items side by side from word `first` on."""
    end = first + len(items)
    if first < 0 or end > len(words.keys):
        return None
    for (form, lemma), item in zip(words.keys[first:end], items, strict=True):
        if not item.fits(form, lemma):
            return None
    return tuple(range(first, end))


def _match(items: Sequence[Item], at: int, i: int, words: Words) -> tuple[int, ...] | None:
    after = _walk([(item, item.gap) for item in items[at + 1 :]], i, 1, words)
    if after is None:
        return None
    # Backwards, the gap in front of an item belongs to the step from it to the item on its left.
    before = _walk([(items[k], items[k + 1].gap) for k in range(at - 1, -1, -1)], i, -1, words)
    return None if before is None else (*reversed(before), i, *after)


def _walk(steps: Sequence[tuple[Item, int]], i: int, way: int, words: Words) -> tuple[int, ...] | None:
    """Follow items from word `i`, forwards or backwards, over all reachable words at once; return one way through."""
    reached: dict[tuple[int, int], tuple[int, ...]] = {(i, 0): ()}  # (word, gap left over from a missing item) → words matched
    for item, gap in steps:
        following: dict[tuple[int, int], tuple[int, ...]] = {}
        for (j, more), path in reached.items():
            reach = max(gap, more)
            for k in range(j + way, j + way * (reach + 2), way):
                if not 0 <= k < len(words.forms) or words.forms[k] in STOPS:
                    break
                if item.fits(words.forms[k], words.lemmas[k]):
                    following.setdefault((k, 0), (*path, k))
            if item.optional:
                following.setdefault((j, reach), path)
        if not following:
            return None
        reached = following
    return min(reached.values(), key=len) if len(reached) == 1 else min(reached.values(), key=lambda path: (-len(path), path))
