"""The polarity lexicon: words, expressions and patterns with gaps, found in a text by its own light tokenizer.

Files
-----
Every ``lexicon*.tsv`` and ``expressions*.tsv`` of a folder is read, the shortest name first; an entry met again is skipped, so a
file that is added later can only add. UTF-8, tabs, one header line that names the columns, lines starting with ``#`` are comments.

``lexicon*.tsv``: one word a line, columns ``lemma``, ``polarity`` and, where known, ``pos`` and ``themes``.

- ``lemma``: a lemma, or an inflected or misspelt form where only that form carries the value; lower case;
- ``pos``: a Universal Dependencies tag when the value holds for that part of speech only (used where the caller knows the tags);
- ``polarity``: -3…3 as a careful reader of testimonials takes the word out of context, 0 for none;
- ``themes``: ids of the built-in codebook separated by commas; a ``?`` marks a weak hint (``communaute,amenagement?``).

``expressions*.tsv``: columns ``pattern``, ``polarity``, ``themes``. An expression hides the single words inside it: polarity 0 says that
«bien sûr» is no praise. A pattern is a sequence of items separated by spaces:

====================  =================================================================================
``à fuir``            a word, found as a lemma or as a form (``fuir`` finds «fuyez», ``fuyez`` only itself)
``bon|belle``         one of several words
``de?``               an item that may be missing
``…`` or ``…5``       a gap of at most 3 (or 5) words, never across a full stop
====================  =================================================================================

An adverb or a negation may stand between a verb and what follows it: an expression that begins with an infinitive lets two words pass there
(``faire plaisir`` finds «fait toujours plaisir»). Elided words are items of their own («n'hésitez» is ``n' hésiter``); a pattern is cut as a text is, so it may be written naturally.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .accents import without_accents
from .errors import CodebookError
from .memo import Memo
from .patterns import match_plain
from .phrases import Item, Items, Phrases, side_by_side
from .words import ELIDED, Key, PerWord, Sentences, Words, form_of, normalize, surfaces

DATA = Path(__file__).parent / "data"
STOPS = frozenset(".!?…;:")
_INFINITIVES = ("er", "ir", "oir", "re")
_POLARITIES = frozenset(sign + digit for sign in ("", "+", "-") for digit in "0123")


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or expression that was judged: its polarity and the themes it suggests as ``(theme, strong)`` pairs.

    A `silent` word says nothing; it is kept because it hides what its lemma would say («la nuit» is no form of «nuire»).
    """

    pattern: str
    polarity: int
    themes: tuple[tuple[str, bool], ...] = ()
    pos: str = ""
    silent: bool = False


class Hit(NamedTuple):
    """An entry found at some words; `at` are the indices of the words that matched, gaps left out."""

    at: tuple[int, ...]
    entry: Entry


class _Pattern(NamedTuple):
    """A compiled expression; `plain`: items side by side."""

    items: Items
    plain: bool
    entry: Entry


@dataclass(eq=False)
class Lexicon:
    """Entries indexed for matching; `Lexicon.load` reads the files described above.

    Expressions are compiled when a text is first matched: that takes the dictionary of lemmas, which a text needs and loading does not.

    Parameters
    ----------
    words
        Entries of one word each.
    expressions
        Entries whose pattern has several items.
    base
        A lexicon whose expressions count too: sentences that both read are searched for them once.
    """

    words: Sequence[Entry]
    expressions: Sequence[Entry]
    base: Lexicon | None = None
    _by_word: dict[str, list[Entry]] = field(init=False, repr=False)
    _entries: Memo[Key, list[Entry]] = field(init=False, repr=False)
    _said: PerWord = field(init=False, repr=False)
    _lately: tuple[Sentences, list[list[Hit]]] | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        self._by_word = {}
        self._entries = Memo(self._of_word)
        self._said = PerWord(self._says, object, np.bool_, np.bool_)
        for entry in self.words:
            self._by_word.setdefault(entry.pattern, []).append(entry)

    @cached_property
    def _by_fold(self) -> dict[str, list[Entry]]:
        """Words whose spelling has accents, by what is left without them."""
        found: dict[str, list[Entry]] = {}
        for entry in self.words:
            if (folded := without_accents(entry.pattern)) != entry.pattern and len(folded) > 3:
                found.setdefault(folded, []).append(entry)
        return found

    @cached_property
    def _patterns(self) -> list[_Pattern]:
        items = [_compile(entry.pattern) for entry in self.expressions]
        return [_Pattern(own, side_by_side(own), entry) for own, entry in zip(items, self.expressions, strict=True)]

    @cached_property
    def _heads(self) -> Memo[int, int]:
        """Rarest item of each expression.

        Of expressions that cover the same words the one counts whose head stands first, by its form rather than its lemma, then the first
        in the list; where words may stand between, an expression is found once for each place of its head.
        """
        rarity = _rarities(self.words)

        def head(number: int) -> int:
            items = self._patterns[number].items
            return min(range(len(items)), key=lambda i: (-rarity(items[i]), i))

        return Memo(head)

    @cached_property
    def _phrases(self) -> Phrases:
        anchors = [0 if pattern.plain else self._heads[number] for number, pattern in enumerate(self._patterns)]
        return Phrases([pattern.items for pattern in self._patterns], anchors)

    @classmethod
    def load(cls, folder: Path = DATA) -> Lexicon:
        """Read every ``lexicon*.tsv`` and ``expressions*.tsv`` of a folder.

        Raises
        ------
        CodebookError
            When a file cannot be used; the message names file and line.
        """
        words = _read_all(folder, "lexicon*.tsv", "lemma")
        expressions = _read_all(folder, "expressions*.tsv", "pattern")
        several = [entry for entry in words if not entry.pattern.isalpha() and len(surfaces(entry.pattern)) > 1]  # «rendez-vous»
        apart = {id(entry) for entry in several}
        return cls([entry for entry in words if id(entry) not in apart], [*expressions, *several])

    def __len__(self) -> int:
        return len(self.words) + len(self.expressions)

    def look_up(self, form: str, lemma: str, pos: str = "") -> Entry | None:
        """Return the entry of one word: by form, by lemma, then by its spelling without accents; None when it says nothing."""
        for entry in self._entries[form, lemma]:
            if not pos or entry.pos in ("", pos):
                return entry
        return None

    def _of_word(self, key: Key) -> list[Entry]:
        form, lemma = key
        entries = self._by_word.get(form) or self._by_word.get(lemma) or self._misspelt(form)
        return [] if all(entry.silent for entry in entries) else entries

    def _misspelt(self, form: str) -> list[Entry]:
        """Look a form up without its accents, then without the ending of a feminine or plural («deçues»)."""
        folded = without_accents(form)
        for ending in ("", "s", "e", "es"):
            if folded.endswith(ending) and (entries := self._by_fold.get(folded.removesuffix(ending))):
                return entries
        return []

    def match(self, sentences: Sentences, tags: Sequence[str] = (), *, hints: bool = False) -> list[list[Hit]]:
        """Find expressions and words, in order of their first word; the longest expression wins, and hides what it covers.

        Parameters
        ----------
        sentences
            What `cut_words` returned.
        tags
            Part-of-speech tag of each word, where the caller has them.
        hints
            Of single words, give those that suggest themes, and no other.

        Returns
        -------
        list of list of Hit
            Those of each sentence.
        """
        hits = [_longest(several) for several in self._several(sentences)]
        taken = [{i for hit in own for i in hit.at} for own in hits]
        entries, says, suggests = self._tagged(sentences, tags) if tags else self._said.of(sentences)
        places = np.flatnonzero(suggests if hints else says)
        for sentence, place, entry in zip(*sentences.stand(places), entries[places].tolist(), strict=True):
            if place not in taken[sentence]:
                hits[sentence].append(Hit((place,), entry))
        for own, covered in zip(hits, taken, strict=True):
            if covered:
                own.sort(key=itemgetter(0))
        return hits

    def _says(self, key: Key, tag: str = "") -> tuple[Entry | None, bool, bool]:
        """Give the entry of a word, whether it says anything, and whether it suggests a theme."""
        entry = self.look_up(*key, tag)
        return entry, entry is not None and not entry.silent, entry is not None and bool(entry.themes)

    def _tagged(self, sentences: Sentences, tags: Sequence[str]) -> list[NDArray[Any]]:
        keys = (key for words in sentences.words for key in words.keys)
        entries, says, suggests = zip(*map(self._says, keys, tags), strict=True)
        return [np.array(entries, object), np.array(says), np.array(suggests)]

    def _several(self, sentences: Sentences) -> list[list[Hit]]:
        """Find all expressions, those of the base too; remembered of the last sentences, which themes and polarity both ask for."""
        if self._lately is None or self._lately[0] is not sentences:
            found: list[list[tuple[tuple[int, bool, int], Hit]]] = [[] for _ in sentences.texts]
            for number, sentence, place in self._phrases.places(sentences):
                (items, plain, entry), words = self._patterns[number], sentences.words[sentence]
                at = match_plain(items, place, words) if plain else _at(words, items, self._heads[number], place)
                if at is not None:
                    head = self._heads[number]
                    stands = place + head if plain else place
                    by_lemma = words.forms[stands] not in items[head].words
                    found[sentence].append(((stands, by_lemma, number), Hit(at, entry)))
            inherited = [[] for _ in found] if self.base is None else self.base._several(sentences)
            hits = [[*own, *(hit for _, hit in sorted(more))] for own, more in zip(inherited, found, strict=True)]
            self._lately = (sentences, hits)
        return self._lately[1]


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Choose among expressions that have words in common."""
    if len(hits) < 2:
        return [*hits]
    taken: set[int] = set()
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (-len(hit.at), not hit.entry.polarity, hit.at)):
        if taken.isdisjoint(hit.at):
            taken.update(hit.at)
            kept.append(hit)
    return kept


def _at(words: Words, items: Items, head: int, i: int) -> tuple[int, ...] | None:
    """Match an expression whose item `head` is word `i`; return the indices matched."""
    before = _backwards(words, items[:head], items[head].gap, i)
    after = None if before is None else _forwards(words, items[head + 1 :], i)
    return None if before is None or after is None else (*before, i, *after)


def _forwards(words: Words, items: Sequence[Item], i: int) -> tuple[int, ...] | None:
    """Match items after word `i`; return the indices matched."""
    if not items:
        return ()
    item = items[0]
    for j in range(i + 1, min(i + 2 + item.gap, len(words.forms))):
        if item.fits(words.forms[j], words.lemmas[j]) and (rest := _forwards(words, items[1:], j)) is not None:
            return (j, *rest)
        if words.forms[j] in STOPS:
            break
    return _forwards(words, items[1:], i) if item.optional else None


def _backwards(words: Words, items: Sequence[Item], gap: int, i: int) -> tuple[int, ...] | None:
    """Match items before word `i`, with at most `gap` words between; return the indices matched."""
    if not items:
        return ()
    item = items[-1]
    for j in range(i - 1, max(i - 2 - gap, -1), -1):
        if item.fits(words.forms[j], words.lemmas[j]) and (rest := _backwards(words, items[:-1], item.gap, j)) is not None:
            return (*rest, j)
        if words.forms[j] in STOPS:
            break
    return _backwards(words, items[:-1], max(gap, item.gap), i) if item.optional else None


@cache
def builtin() -> Lexicon:
    """Lexicon that comes with the package; themes and sentiment share it, so it must not be changed."""
    return Lexicon.load()


@lru_cache(maxsize=50_000)
def _compile(pattern: str) -> Items:
    items: list[Item] = []
    gap = 0
    for part in pattern.split():
        if part.startswith("…"):
            gap = int(part[1:] or 3)
            continue
        optional = part.endswith("?") and len(part) > 1
        body = part.removesuffix("?") if optional else part
        for words in _alternatives(body):
            items.append(Item(words, (), optional, gap))
            gap = 0
    if len(items) > 1 and not items[1].gap and not items[0].optional and any(word.endswith(_INFINITIVES) for word in items[0].words):
        items[1] = items[1]._replace(gap=2)
    return tuple(items)


def _alternatives(body: str) -> list[frozenset[str]]:
    """Cut one written item as a text is cut: «l'aise» gives two items, «bon|belle» one."""
    if "|" in body:
        return [frozenset(part for alternative in body.split("|") for part in _both(alternative))]
    return [frozenset(_both(form_of(surface))) for surface in surfaces(body)]


def _both(form: str) -> tuple[str, ...]:
    """Let an item find what the lemmatizer may miss: «n'» finds «ne», «tomber» «tombe» (not the grave), «livré» «livrées»."""
    form = form.replace("’", "'")
    if form in ELIDED:
        return form, ELIDED[form]
    if len(form) > 4 and form.endswith("er"):
        return form, form[:-1], form[:-1] + "s", form[:-2] + "ent"
    if len(form) > 3 and form.endswith(("é", "i", "u")) and (lemma := normalize(form)[1]).endswith(("er", "ir", "re", "oir")):
        return form, lemma
    return (form,)


def _rarities(words: Sequence[Entry]) -> Callable[[Item], int]:
    """How rare items are, as far as the order of the lexicon (frequent words first) tells."""
    rank = {entry.pattern: number for number, entry in reversed(list(enumerate(words)))}
    unknown = len(rank)

    @cache
    def rarity(item: Item) -> int:
        if item.optional:
            return -1
        # Short words that the lexicon does not list are articles, prepositions, pronouns.
        return min(rank.get(word, unknown if len(word) > 4 else 0) for given in item.words for word in (given, normalize(given)[1]))

    return rarity


def _read_all(folder: Path, glob: str, key: str) -> list[Entry]:
    found: dict[tuple[str, str], Entry] = {}
    for path in sorted(folder.glob(glob), key=lambda path: (len(path.stem), path.stem)):
        for entry in _read(path, key):
            found.setdefault((entry.pattern, entry.pos), entry)
    return list(found.values())


def _read(path: Path, key: str) -> Iterator[Entry]:
    lines = enumerate(unicodedata.normalize("NFC", path.read_text("utf-8")).split("\n"), 1)
    rows = ((number, line.split("\t")) for number, line in lines if line and line[0] != "#")
    _, header = next(rows, (1, []))
    if not {key, "polarity"} <= set(header):
        raise CodebookError(f"{path}: the first line must name the columns {key!r} and 'polarity', found {header}")
    for number, cells in rows:
        yield _entry(dict(zip(header, cells, strict=False)), key, (path, number))


def _entry(row: dict[str, str], key: str, place: tuple[Path, int]) -> Entry:
    pattern = row.get(key, "").strip()
    polarity = row.get("polarity", "").strip()
    if not pattern or polarity not in _POLARITIES:
        raise CodebookError(_fault(place, f"expected a {key} and a polarity from -3 to 3, found {pattern!r} and {polarity!r}"))
    if key == "pattern" and not _has_words(pattern):
        raise CodebookError(_fault(place, f"the pattern {pattern!r} has no word, or a gap that is no number"))
    value, themes = int(polarity), _themes(row.get("themes", ""))
    return Entry(pattern, value, themes, row.get("pos", "").strip(), key == "lemma" and not value and not themes)


@cache
def _themes(cell: str) -> tuple[tuple[str, bool], ...]:
    return tuple((name.rstrip("?"), not name.endswith("?")) for name in cell.replace(",", " ").split() if name.strip("?"))


def _has_words(pattern: str) -> bool:
    parts = pattern.split()
    gaps = [part[1:] for part in parts if part[0] == "…"]
    return len(gaps) < len(parts) and all(not gap or gap.isdecimal() for gap in gaps)


def _fault(place: tuple[Path, int], fault: str) -> str:
    return f"{place[0]}:{place[1]}: {fault}"
