"""Texts cut into words by a light tokenizer, many texts at a time, and what is known of each word, worked out once and kept in arrays.

A word as written has a number as long as its `Lexemes` live: `PerWord` and `PerWordLists` hold what a word gives by that number, so that
what a batch of texts gives is a matter of array look-ups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, count
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

ELIDED = {
    "l'": "le", "d'": "de", "n'": "ne", "s'": "se", "qu'": "que", "j'": "je", "m'": "me", "t'": "te", "c'": "ce", "jusqu'": "jusque",
    "lorsqu'": "lorsque", "puisqu'": "puisque", "quoiqu'": "quoique", "quelqu'": "quelque", "presqu'": "presque", "ç'": "ce",
}  # fmt: skip
MOST = 100_000
"""Words that have a number at most; then all are numbered anew."""
TOGETHER = 4_096
"""Texts that are cut together at most, and texts of which a reading is kept."""

# Addresses first, whole and without the punctuation after them, or «https://…» would hold a smiley and «super-bureau.fr» praise; what is
# tried anew at each word is bounded, or it would be quadratic.
ADDRESS = "://"
"""Form and lemma of every address: a sign that says nothing."""
_PATH = r"[^\s<>«»\"“”]*(?<![.,;:!?…()\[\]'’*_])"
_DOMAINS = "fr|com|org|net|eu|be|ch|info|coop|io|re|bzh"
_ADDRESS = (
    rf"(?=[^\W\d_])(?:(?:[a-zA-Z]{{2,12}}+://|[wW]{{3}}\.)(?=\w){_PATH}"
    r"|[\w.+-]{1,64}+@(?:[\w-]{1,63}+\.)+[a-z]{2,}(?!\w)"
    rf"|(?:[^\W_][\w-]{{0,62}}+\.){{1,4}}(?:{_DOMAINS})(?!\w)(?:/{_PATH})?)"
)
# Then emoticons, words (an inclusive ending «content·es» stays with its word, a hyphen parts words and is dropped), numbers,
# punctuation, any other sign (emoji).
_VARIATION = "\ufe0f\u200d"
_TOKEN = (
    r"[:;=8xX][-o^']?[)D(P/|\\\]\[*]+(?!\w)|<3|\^\^|T_T"
    r"|[^\W\d_]+(?:[·⋅•‧][^\W\d_]+)*(?:['’ʼ](?=\w))?"
    rf"|\d+(?:[.,]\d+)*|\.{{2,}}|[!?]+|(?!(?<=\w)-(?=\w))[^\w\s{_VARIATION}]"
)
_CUT = re.compile(f"({_ADDRESS}|{_TOKEN})")
_PIECE = re.compile(r"\S+")
_IS_ADDRESS = re.compile(_ADDRESS)
_INCLUSIVE = re.compile("[·⋅•‧]")
_REPEATED = re.compile(r"(.)\1{2,}")

Key = tuple[str, str]
"""Form and lemma of a word."""
Numbers = NDArray[np.int64]
Read = TypeVar("Read")


class Words(NamedTuple):
    """The words of a text in parallel lists; `keys` are forms and lemmas, `starts` and `ends` code points."""

    keys: list[Key]
    forms: list[str]
    lemmas: list[str]
    starts: list[int]
    ends: list[int]


class Sentences(NamedTuple):
    """Several texts cut into words.

    Those of text `i` stand in ``bounds[i]:bounds[i + 1]`` of `numbers`, which are those of `lexemes`; `owners` tells the text of each.
    """

    texts: tuple[str, ...]
    words: list[Words]
    numbers: Numbers
    bounds: Numbers
    owners: Numbers
    lexemes: Lexemes

    def stand(self, places: Numbers) -> tuple[list[int], list[int]]:
        """Tell of words, given their places among all, in which text they stand and at which place there."""
        owners = self.owners[places]
        return owners.tolist(), (places - self.bounds[owners]).tolist()


class Lexemes:
    """Words as written and pieces of text that stand between spaces, numbered as they are met.

    `known` gives the form and the lemma of each word. No word goes across a space, so a piece is cut once.
    """

    def __init__(self) -> None:
        self.known: list[Key] = []
        self._words: dict[str, int] = {}
        self._pieces: dict[str, int] = {}
        self._characters = 0
        self._cuts = _Lists(3)

    @property
    def full(self) -> bool:
        """Whether all should be numbered anew."""
        return len(self.known) > MOST or self._characters > 20 * MOST  # of pieces: one may be as long as a document

    def cut(self, pieces: Sequence[str]) -> tuple[Numbers, list[Numbers]]:
        """Tell how many words each piece has; their numbers, and where each begins and ends in its piece."""
        if new := sorted({*pieces}.difference(self._pieces)):
            self._learn(new)
        return self._cuts.of(np.fromiter(map(self._pieces.__getitem__, pieces), np.int64, len(pieces)))

    def _learn(self, pieces: Sequence[str]) -> None:
        parts = _CUT.split("\n".join(pieces))
        places = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))
        firsts, lasts = places[:-1:2], places[1::2]
        begins = np.cumsum([0, *(len(piece) + 1 for piece in pieces)])
        sizes = np.diff(np.searchsorted(firsts, begins))
        shift = np.repeat(begins[:-1], sizes)
        self._cuts.add(sizes, [*map(self._number, parts[1::2])], firsts - shift, lasts - shift)
        self._pieces.update(zip(pieces, count(len(self._pieces))))
        self._characters += sum(map(len, pieces))

    def _number(self, word: str) -> int:
        number = self._words.setdefault(word, len(self.known))
        if number == len(self.known):
            self.known.append(normalize(word))
        return number


_lexemes = lru_cache(maxsize=1)(Lexemes)


@lru_cache(maxsize=200_000)
def normalize(surface: str) -> Key:
    """Return the form (lower case, plain apostrophe, no inclusive ending, no «trooop»; `ADDRESS`) and the lemma of a word as written."""
    from simplemma import lemmatize  # slow to import

    form = form_of(surface)
    if not form[0].isalpha():
        return form, form
    return form, ELIDED.get(form) or lemmatize(form, lang="fr").lower() or form


def form_of(surface: str) -> str:
    """Return the form of a word as written."""
    form = surface.lower().replace("’", "'").replace("ʼ", "'")
    if not surface.isalpha():  # letters alone are no address and have no inclusive ending
        if _IS_ADDRESS.match(surface):
            return ADDRESS
        if not form[0].isalpha() or len(form) < 3:
            return form
        form = _INCLUSIVE.split(form, maxsplit=1)[0]
    return _REPEATED.sub(r"\1", form)


def surfaces(text: str) -> list[str]:
    """Words of a text as written."""
    return _CUT.findall(text)


def tokenize(text: str) -> Words:
    """Cut a text into words, numbers, punctuation, emoticons and emoji; what it returns is shared, so it must not be changed.

    Examples
    --------
    >>> tokenize("On n’est pas déçues !").lemmas
    ['on', 'ne', 'être', 'pas', 'déçu', '!']
    """
    return cut_words((text,)).words[0]


@lru_cache(maxsize=4)
def cut_words(texts: tuple[str, ...]) -> Sentences:
    """Cut several texts at once; the last ones are remembered, for who reads the same after another."""
    if _lexemes().full:
        _lexemes.cache_clear()
    lexemes = _lexemes()
    groups = [text.split() for text in texts]
    pieces, counts = [*chain(*groups)], np.array([*map(len, groups)], np.int64)
    sizes, (numbers, firsts, lasts) = lexemes.cut(pieces)
    shift = np.repeat(_starts(texts, pieces, counts), sizes)
    owners = np.repeat(np.repeat(np.arange(len(texts)), counts), sizes)
    bounds = np.searchsorted(owners, np.arange(len(texts) + 1))
    keys = [*map(lexemes.known.__getitem__, numbers.tolist())]
    forms, lemmas = [form for form, _ in keys], [lemma for _, lemma in keys]
    columns = (keys, forms, lemmas, (firsts + shift).tolist(), (lasts + shift).tolist())
    cuts = bounds.tolist()
    words = [Words(*[column[low:high] for column in columns]) for low, high in zip(cuts, cuts[1:], strict=False)]  # type: ignore[arg-type]
    return Sentences(texts, words, numbers, bounds, owners, lexemes)


def _starts(texts: Sequence[str], pieces: Sequence[str], counts: Numbers) -> Numbers:
    """Where pieces begin in their texts, of which each has so many."""
    sizes = np.fromiter(map(len, pieces), np.int64, len(pieces))
    firsts = np.append(0, np.cumsum(counts))
    starts = np.cumsum(sizes + 1) - sizes - 1
    ends = np.append(starts, sizes.sum() + len(sizes))[firsts]
    starts -= np.repeat(ends[:-1], counts)
    for number in np.flatnonzero(np.diff(ends) != [*(len(text) + 1 for text in texts)]).tolist():  # more than a space between pieces
        starts[firsts[number] : firsts[number + 1]] = [piece.start() for piece in _PIECE.finditer(texts[number])]
    return starts


def read_distinct(texts: Sequence[str], read: Callable[[Sentences], Sequence[Read]], lately: dict[str, Read]) -> list[Read]:
    """Read texts many at a time, equal ones once, and give what was read in their order.

    Parameters
    ----------
    texts
        The texts.
    read
        Reads some; what it gives of one does not depend on the others.
    lately
        Texts read by the last calls: surveys repeat them.
    """
    if len(lately) > TOGETHER:
        lately.clear()
    new = [text for text in dict.fromkeys(texts) if text not in lately]
    for at in range(0, len(new), TOGETHER):
        some = tuple(new[at : at + TOGETHER])
        lately.update(zip(some, read(cut_words(some)), strict=True))
    return [*map(lately.__getitem__, texts)]


def find_keys(keys: NDArray[Any], wanted: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Look keys up among sorted ones: their places, and which of them are there."""
    if not len(keys):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return places, keys[places] == wanted


def sums(rows: NDArray[Any], starts: Numbers) -> NDArray[Any]:
    """Sum up rows from each start to the next; where there are none, that makes zeros."""
    result = np.zeros((len(starts) - 1, rows.shape[1]), rows.dtype)
    some = np.flatnonzero(np.diff(starts))
    if len(some):
        result[some] = np.add.reduceat(rows, starts[some], axis=0)
    return result


def spread(firsts: Numbers, sizes: Numbers) -> Numbers:
    """Give the numbers that follow one another from each first one on, as many as its size says."""
    return np.repeat(firsts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())


def flat(lists: Sequence[Sequence[int]]) -> tuple[Numbers, Numbers]:
    """Put numbers of lists one after the other: the list that each comes from, and the numbers."""
    return np.repeat(np.arange(len(lists)), [*map(len, lists)]), np.array([*chain(*lists)], np.int64)


def together(high: Numbers, low: Numbers) -> Numbers:
    """Make one number of two, the second below 2**32; they are in order as the pairs are."""
    numbers: Numbers = (high << 32) + low
    return numbers


def counted(owners: Sequence[Numbers], values: Sequence[Numbers], texts: int) -> list[tuple[Numbers, Numbers]]:
    """Give the distinct values of each text in order, and how often each is there.

    Parameters
    ----------
    owners, values
        Arrays of the same sizes: the text of each value, and the values, below 2**32.
    texts
        How many texts there are.
    """
    codes = [together(owner, value) for owner, value in zip(owners, values, strict=True)]
    found, times = np.unique(np.concatenate(codes), return_counts=True)
    cuts = np.searchsorted(found, np.arange(texts + 1) << 32).tolist()
    found &= (1 << 32) - 1
    return [(found[low:high], times[low:high]) for low, high in zip(cuts, cuts[1:], strict=False)]


class PerWord:
    """As many values as there are columns for each word.

    Parameters
    ----------
    make
        Gives the values of a word; what they depend on besides the word must not change.
    kinds
        Type of each column.
    """

    def __init__(self, make: Callable[[Key], tuple[Any, ...]], *kinds: type) -> None:
        self._make, self._kinds = make, kinds
        self._lexemes: Lexemes | None = None

    def of(self, sentences: Sentences) -> list[NDArray[Any]]:
        """Give each column's values of all words of some texts."""
        lexemes = sentences.lexemes
        if lexemes is not self._lexemes:
            self._lexemes, self._columns = lexemes, [_Growing(kind) for kind in self._kinds]
        if new := lexemes.known[self._columns[0].size :]:
            for column, values in zip(self._columns, zip(*map(self._make, new), strict=True), strict=True):
                column.add(values)
        return [column.values[sentences.numbers] for column in self._columns]


class PerWordLists:
    """A list of numbers for each word.

    Parameters
    ----------
    make
        Gives the numbers of a word; what they depend on besides the word must not change.
    """

    def __init__(self, make: Callable[[Key], Sequence[int]]) -> None:
        self._make = make
        self._lexemes: Lexemes | None = None

    def of(self, sentences: Sentences) -> tuple[Numbers, Numbers]:
        """Give the numbers of all words of some texts one after the other, and the place of the word that gave each."""
        lexemes = sentences.lexemes
        if lexemes is not self._lexemes:
            self._lexemes, self._lists = lexemes, _Lists(1)
        if new := [*map(self._make, lexemes.known[self._lists.size :])]:
            self._lists.add(np.array([*map(len, new)]), [*chain(*new)])
        sizes, (values,) = self._lists.of(sentences.numbers)
        return values, np.repeat(np.arange(len(sizes)), sizes)


class _Lists:
    """Lists of numbers, one after the other, in as many columns as there are numbers of each member."""

    def __init__(self, columns: int) -> None:
        self._sizes, self._firsts, *self._columns = (_Growing(np.int64) for _ in range(2 + columns))

    @property
    def size(self) -> int:
        return self._sizes.size

    def add(self, sizes: Numbers, *columns: Sequence[int] | Numbers) -> None:
        """Add lists of these sizes."""
        self._firsts.add(self._columns[0].size + np.cumsum(sizes) - sizes)
        self._sizes.add(sizes)
        for column, values in zip(self._columns, columns, strict=True):
            column.add(values)

    def of(self, numbers: Numbers) -> tuple[Numbers, list[Numbers]]:
        """Give the sizes of some lists, and their columns one after the other."""
        sizes = self._sizes.values[numbers]
        rows = spread(self._firsts.values[numbers], sizes)
        return sizes, [column.values[rows] for column in self._columns]


class _Growing:
    """An array that values are added to."""

    def __init__(self, kind: type) -> None:
        self.values: NDArray[Any] = np.zeros(1_024, kind)
        self.size = 0

    def add(self, values: Sequence[Any] | NDArray[Any]) -> None:
        size = self.size + len(values)
        if size > len(self.values):
            self.values = np.concatenate([self.values, np.zeros(size, self.values.dtype)])
        self.values[self.size : size] = values
        self.size = size
