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
from typing import Generic, TypeVar

from .phrases import Item, Items, Phrases, side_by_side
from .words import Sentences, Words

STOPS = frozenset(".!?…;")
MAX_ITEMS, MAX_GAP, DEFAULT_GAP = 12, 8, 3

_GAP = re.compile(r"…(\d*)\Z|\.\.\.(\d*)\Z")
_ITEM = re.compile(r"@?[^\W\d_][\w'-]*\*?(?:\|[^\W\d_][\w'-]*\*?)*\??\Z|\d+\Z|[€%$£]\Z")
_ELISION = re.compile(r"(?<=[^\W\d_]')(?=\w)|-")
ELISIONS = {"l'": "le", "d'": "de", "n'": "ne", "s'": "se", "qu'": "que", "j'": "je", "m'": "me", "t'": "te", "c'": "ce"}

Owner = TypeVar("Owner")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


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


@dataclass(eq=False)
class Matcher(Generic[Owner]):
    """Many patterns found in one pass; each belongs to an owner that a hit names.

    Parameters
    ----------
    patterns
        ``(items, owner)`` pairs.
    """

    patterns: Sequence[tuple[Items, Owner]]
    _ways: list[tuple[Items, int, bool, Owner]] = field(init=False, repr=False)
    _phrases: Phrases = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._ways = [(items, _anchor(items), side_by_side(items), owner) for items, owner in self.patterns]
        self._phrases = Phrases([items for items, *_ in self._ways], [anchor for _, anchor, *_ in self._ways])

    def find(self, sentences: Sentences) -> list[list[tuple[tuple[int, ...], Owner]]]:
        """Find every pattern in the words of sentences; a hit gives the indices of the words matched, in order, and the owner."""
        hits: list[list[tuple[tuple[int, ...], Owner]]] = [[] for _ in sentences.texts]
        for number, sentence, place in self._phrases.places(sentences):
            items, anchor, plain, owner = self._ways[number]
            words = sentences.words[sentence]
            at = match_plain(items, place - anchor, words) if plain else _match(items, anchor, place, words)
            if at is not None:
                hits[sentence].append((at, owner))
        return hits


def _anchor(items: Sequence[Item]) -> int:
    """Choose the item whose place is told: the one whose shortest choice is longest, as a stand-in for rare."""
    sizes = [0 if item.optional else min(map(len, (*item.words, *item.prefixes))) for item in items]
    return max(range(len(items)), key=lambda i: (sizes[i], -i))


def match_plain(items: Sequence[Item], first: int, words: Words) -> tuple[int, ...] | None:
    """Match items side by side from word `first` on."""
    end = first + len(items)
    if first < 0 or end > len(words.keys):
        return None
    for (form, lemma), (fitting, prefixes, _, _) in zip(words.keys[first:end], items, strict=True):
        if not (form in fitting or lemma in fitting or (prefixes and form.startswith(prefixes))):
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
