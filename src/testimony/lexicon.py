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

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from .accents import without_accents
from .errors import CodebookError
from .memo import Memo
from .patterns import Key, Words

DATA = Path(__file__).parent / "data"
STOPS = frozenset(".!?…;:")
ELIDED = {
    "l'": "le", "d'": "de", "n'": "ne", "s'": "se", "qu'": "que", "j'": "je", "m'": "me", "t'": "te", "c'": "ce", "jusqu'": "jusque",
    "lorsqu'": "lorsque", "puisqu'": "puisque", "quoiqu'": "quoique", "quelqu'": "quelque", "presqu'": "presque", "ç'": "ce",
}  # fmt: skip
# Emoticons first, then words (an inclusive ending «content·es» stays with its word, a hyphen parts words and is dropped), numbers,
# punctuation, any other sign (emoji).
_VARIATION = "\ufe0f\u200d"
_TOKEN = re.compile(
    r"[:;=8xX][-o^']?[)D(P/|\\\]\[*]+(?!\w)|<3|\^\^|T_T"
    r"|[^\W\d_]+(?:[·⋅•‧][^\W\d_]+)*(?:['’ʼ](?=\w))?"
    rf"|\d+(?:[.,]\d+)*|\.{{2,}}|[!?]+|(?!(?<=\w)-(?=\w))[^\w\s{_VARIATION}]"
)
_INCLUSIVE = re.compile("[·⋅•‧]")
_REPEATED = re.compile(r"(.)\1{2,}")
_INFINITIVES = ("er", "ir", "oir", "re")
_POLARITIES = frozenset(sign + digit for sign in ("", "+", "-") for digit in "0123")
_LATELY = 1_024  # sentences


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


class _Item(NamedTuple):
    words: frozenset[str]
    optional: bool
    gap: int  # how many words may stand before it


class _Pattern(NamedTuple):
    """A compiled expression, the item to look for first, the words of which one must be there too; `plain`: items side by side.

    Of expressions that cover the same words the one counts whose `head` stands first, by its form rather than its lemma, then the first
    in the list.
    """

    items: tuple[_Item, ...]
    anchor: int
    head: int
    also: frozenset[str]
    plain: bool
    number: int
    entry: Entry


class _Known(NamedTuple):
    """What there is to know where a word stands: its entries, the expressions to look for, and the words of which one must be there too."""

    entries: list[Entry]
    also: frozenset[str]
    patterns: tuple[_Pattern, ...]


@lru_cache(maxsize=200_000)
def normalize(surface: str) -> tuple[str, str]:
    """Return the form (lower case, plain apostrophe, no inclusive ending, no «trooop») and the lemma of a word as written."""
    from simplemma import lemmatize  # slow to import

    form = _form(surface)
    if not form[0].isalpha():
        return form, form
    return form, ELIDED.get(form) or lemmatize(form, lang="fr").lower() or form


def _form(surface: str) -> str:
    form = surface.lower().replace("’", "'").replace("ʼ", "'")
    if not form[0].isalpha() or len(form) < 3:
        return form
    return _REPEATED.sub(r"\1", _INCLUSIVE.split(form, maxsplit=1)[0])


@lru_cache(maxsize=2 * _LATELY)
def tokenize(text: str) -> Words:
    """Cut a text into words, numbers, punctuation, emoticons and emoji; what it returns is shared, so it must not be changed.

    Examples
    --------
    >>> tokenize("On n’est pas déçues !").lemmas
    ['on', 'ne', 'être', 'pas', 'déçu', '!']
    """
    found = [*_TOKEN.finditer(text)]
    return Words.of([normalize(match[0]) for match in found], [match.start() for match in found], [match.end() for match in found])


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
    _known: Memo[Key, _Known] = field(init=False, repr=False)
    _lately: dict[int, tuple[Words, list[Hit], list[Hit]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_word, self._lately = {}, {}
        self._known = Memo(self._of_word)
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
    def _by_anchor(self) -> dict[str, list[_Pattern]]:
        """Compiled expressions by the words of the item to look for first."""
        found: dict[str, list[_Pattern]] = {}
        rarity = _rarities(self.words)
        uses = Counter(word for entry in self.expressions for item in _compile(entry.pattern) for word in item.words)
        for number, entry in enumerate(self.expressions):
            pattern = _pattern(entry, number, rarity, uses)
            for word in sorted(pattern.items[pattern.anchor].words):
                found.setdefault(word, []).append(pattern)
        return found

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
        several = [entry for entry in words if not entry.pattern.isalpha() and len(_surfaces(entry.pattern)) > 1]  # «rendez-vous»
        apart = {id(entry) for entry in several}
        return cls([entry for entry in words if id(entry) not in apart], [*expressions, *several])

    def __len__(self) -> int:
        return len(self.words) + len(self.expressions)

    def look_up(self, form: str, lemma: str, pos: str = "") -> Entry | None:
        """Return the entry of one word: by form, by lemma, then by its spelling without accents; None when it says nothing."""
        return next((entry for entry in self._known[form, lemma].entries if not pos or entry.pos in ("", pos)), None)

    def _of_word(self, key: Key) -> _Known:
        form, lemma = key
        entries = self._by_word.get(form) or self._by_word.get(lemma) or self._misspelt(form)
        if all(entry.silent for entry in entries):
            entries = []
        patterns = (*self._by_anchor.get(form, ()), *(self._by_anchor.get(lemma, ()) if lemma != form else ()))
        return _Known(entries, frozenset().union(*(pattern.also for pattern in patterns)), patterns)

    def _misspelt(self, form: str) -> list[Entry]:
        """Look a form up without its accents, then without the ending of a feminine or plural («deçues»)."""
        folded = without_accents(form)
        for ending in ("", "s", "e", "es"):
            if folded.endswith(ending) and (entries := self._by_fold.get(folded.removesuffix(ending))):
                return entries
        return []

    def match(self, words: Words, tags: Sequence[str] = ()) -> list[Hit]:
        """Find expressions and words, in order of their first word; the longest expression wins, and hides what it covers.

        Parameters
        ----------
        words
            What `tokenize` returned.
        tags
            Part-of-speech tag of each word, where the caller has them.
        """
        words, single, several = self._found(words)
        if tags:
            told = (self.look_up(form, lemma, tag) for (form, lemma), tag in zip(words.keys, tags, strict=True))
            single = [Hit((i,), entry) for i, entry in enumerate(told) if entry is not None and not entry.silent]
        if not several:
            return [*single]
        taken: set[int] = set()
        hits: list[Hit] = []
        for hit in sorted(several, key=lambda hit: (-len(hit.at), not hit.entry.polarity, hit.at)):
            if taken.isdisjoint(hit.at):
                taken.update(hit.at)
                hits.append(hit)
        hits += [hit for hit in single if hit.at[0] not in taken]
        hits.sort(key=itemgetter(0))
        return hits

    def _found(self, words: Words) -> tuple[Words, list[Hit], list[Hit]]:
        """Find the words and all expressions, those of the base too; remembered of the last sentences, whose words `tokenize` shares."""
        known = self._lately.get(id(words))
        if known is None:
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            single: list[Hit] = []
            several: list[tuple[tuple[int, bool, int], Hit]] = []
            there = words.there
            for i, (entries, also, patterns) in enumerate(self._known.of(words.keys)):
                if entries and not entries[0].silent:
                    single.append(Hit((i,), entries[0]))
                if also and not also.isdisjoint(there):
                    for pattern in patterns:
                        if not pattern.also.isdisjoint(there) and (at := self._at(words, pattern, i)) is not None:
                            head = i - pattern.anchor + pattern.head
                            by_lemma = words.forms[head] not in pattern.items[pattern.head].words
                            several.append(((head, by_lemma, pattern.number), Hit(at, pattern.entry)))
            several.sort(key=itemgetter(0))
            inherited = [] if self.base is None else self.base._found(words)[2]
            known = self._lately[id(words)] = (words, single, [*inherited, *(hit for _, hit in several)])
        return known

    def _at(self, words: Words, pattern: _Pattern, i: int) -> tuple[int, ...] | None:
        """Match a pattern whose anchor is word `i`; return the indices matched."""
        items, anchor = pattern.items, pattern.anchor
        if pattern.plain:
            first, end = i - anchor, i - anchor + len(items)
            if first < 0 or end > len(words.keys):
                return None
            for (form, lemma), (fitting, _, _) in zip(words.keys[first:end], items, strict=True):
                if form not in fitting and lemma not in fitting:
                    return None
            return tuple(range(first, end))
        before = self._backwards(words, items[:anchor], items[anchor].gap, i)
        after = None if before is None else self._forwards(words, items[anchor + 1 :], i)
        return None if before is None or after is None else (*before, i, *after)

    def _forwards(self, words: Words, items: Sequence[_Item], i: int) -> tuple[int, ...] | None:
        """Match items after word `i`; return the indices matched."""
        if not items:
            return ()
        item = items[0]
        for j in range(i + 1, min(i + 2 + item.gap, len(words.forms))):
            if self._fits(words, j, item) and (rest := self._forwards(words, items[1:], j)) is not None:
                return (j, *rest)
            if words.forms[j] in STOPS:
                break
        return self._forwards(words, items[1:], i) if item.optional else None

    def _backwards(self, words: Words, items: Sequence[_Item], gap: int, i: int) -> tuple[int, ...] | None:
        """Match items before word `i`, with at most `gap` words between; return the indices matched."""
        if not items:
            return ()
        item = items[-1]
        for j in range(i - 1, max(i - 2 - gap, -1), -1):
            if self._fits(words, j, item) and (rest := self._backwards(words, items[:-1], item.gap, j)) is not None:
                return (*rest, j)
            if words.forms[j] in STOPS:
                break
        return self._backwards(words, items[:-1], max(gap, item.gap), i) if item.optional else None

    def _fits(self, words: Words, j: int, item: _Item) -> bool:
        form, lemma = words.forms[j], words.lemmas[j]
        return form in item.words or lemma in item.words


@cache
def builtin() -> Lexicon:
    """Lexicon that comes with the package; themes and sentiment share it, so it must not be changed."""
    return Lexicon.load()


@lru_cache(maxsize=50_000)
def _compile(pattern: str) -> tuple[_Item, ...]:
    items: list[_Item] = []
    gap = 0
    for part in pattern.split():
        if part.startswith("…"):
            gap = int(part[1:] or 3)
            continue
        optional = part.endswith("?") and len(part) > 1
        body = part.removesuffix("?") if optional else part
        for words in _alternatives(body):
            items.append(_Item(words, optional, gap))
            gap = 0
    if len(items) > 1 and not items[1].gap and not items[0].optional and any(word.endswith(_INFINITIVES) for word in items[0].words):
        items[1] = items[1]._replace(gap=2)
    return tuple(items)


def _alternatives(body: str) -> list[frozenset[str]]:
    """Cut one written item as a text is cut: «l'aise» gives two items, «bon|belle» one."""
    if "|" in body:
        return [frozenset(part for alternative in body.split("|") for part in _both(alternative))]
    return [frozenset(_both(_form(surface))) for surface in _surfaces(body)]


def _surfaces(text: str) -> list[str]:
    return _TOKEN.findall(text)


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


def _rarities(words: Sequence[Entry]) -> Callable[[_Item], int]:
    """How rare items are, as far as the order of the lexicon (frequent words first) tells."""
    rank = {entry.pattern: number for number, entry in reversed(list(enumerate(words)))}
    unknown = len(rank)

    @cache
    def rarity(item: _Item) -> int:
        if item.optional:
            return -1
        # Short words that the lexicon does not list are articles, prepositions, pronouns.
        return min(rank.get(word, unknown if len(word) > 4 else 0) for given in item.words for word in (given, normalize(given)[1]))

    return rarity


def _pattern(entry: Entry, number: int, rarity: Callable[[_Item], int], uses: Counter[str]) -> _Pattern:
    """Compile an entry; its head is the rarest item.

    It is looked for by the two items whose words the fewest expressions use; where words may stand between, by its head and another.
    """
    items = _compile(entry.pattern)
    head = min(range(len(items)), key=lambda i: (-rarity(items[i]), i))
    plain = not any(item.optional or item.gap for item in items)
    rare = sorted((i for i, item in enumerate(items) if not item.optional), key=lambda i: sum(uses[word] for word in items[i].words))
    anchor = rare[0] if plain else head
    also = next((i for i in rare if i != anchor), anchor)
    return _Pattern(items, anchor, head, items[also].words, plain, number, entry)


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
