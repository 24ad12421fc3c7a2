"""The French tokenizer: spaCy's rules, and typography that changes no token."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from spacy.attrs import NORM
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

from .embedding import plain

if TYPE_CHECKING:
    from spacy.language import Language

CACHE = 200_000
"""Distinct strings whose cut is remembered; spaCy's default of 10,000 is soon full and is not saved with a model."""

_SPACES = "\u00a0\u202f\u2009\u2007"
# Marks that join two words by mistake («fini?Oui», «"Autrement"et») or by style («réseau|région»).
_INFIXES = (r"[|\"“”«»]", r"(?<=[^\W\d_])[?!](?=[^\W\d_])")
_ENORMOUS = 100_000
# Spelled out, spaCy's letters of all scripts make its expression for «faux-ami», «rond-de-cuir», «entr'aperçu» 1.4 million characters.
_LETTERS = "a-zß-öø-ɏ"
_ENDINGS = (f"[-–—‐‑][{_LETTERS}][-–—‐‑{_LETTERS}'’]*$", f"[{_LETTERS}]*$", f"[{_LETTERS}]+$", "")
_JOINED = r"(?iu)\A(?=.*[-–—‐‑'’])"


class _Later:
    """An expression that is compiled when first used."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def match(self, text: str) -> re.Match[str] | None:
        """Match at the beginning of a text."""
        return re.compile(self.pattern, self.flags).match(text)


def import_french() -> None:
    """Import spaCy's French without the three seconds in which it compiles an expression that we replace."""
    if "spacy.lang.fr" in sys.modules:
        return
    compile_now = re.compile

    def compile_later(pattern: Any, flags: int = 0) -> Any:
        return _Later(pattern, flags) if len(getattr(pattern, "pattern", pattern)) > _ENORMOUS else compile_now(pattern, flags)

    re.compile = compile_later
    try:
        import spacy.lang.fr  # noqa: F401
    finally:
        re.compile = compile_now


@cache
def _joined_words() -> Any:
    """Tell words that are joined and stay one, as spaCy's French does, for the letters that French is written with."""
    import_french()
    from spacy.lang.char_classes import ALPHA, ALPHA_LOWER
    from spacy.lang.fr.tokenizer_exceptions import TOKEN_MATCH

    pattern = TOKEN_MATCH.__self__.pattern.removeprefix("(?iu)").replace(ALPHA_LOWER, _LETTERS).replace(ALPHA, _LETTERS)
    # Beginnings that go on in the same way share what follows: 266 copies of it would take eight times as long to compile.
    beginnings: dict[str, list[str]] = {}
    for way in pattern.removeprefix("(?:").removesuffix(")").split(")|(?:"):
        ending = next(ending for ending in _ENDINGS if way.endswith(ending))
        beginnings.setdefault(ending, []).append(way.removesuffix(ending))
    ways = "|".join(f"(?:{'|'.join(ways)}){ending}" for ending, ways in beginnings.items())
    return re.compile(f"{_JOINED}(?:{ways})").match


_TEXTS: WeakKeyDictionary[Doc, str] = WeakKeyDictionary()


def text_of(doc: Doc) -> str:
    """Text of a document, kept from when it was cut: spaCy puts it together token by token whenever it is asked."""
    return _TEXTS.get(doc) or doc.text


class FrenchTokenizer(Tokenizer):
    """Cuts a text into tokens that are the same in every typography.

    Spaces that do not break become plain ones in the `Doc`, one for one, so that offsets stay those of the text given; a text with curly
    apostrophes or decomposed accents is cut as if it were typed plainly, and keeps them.
    """

    def __call__(self, text: str) -> Doc:
        """Cut a text."""
        spaced = text
        for space in _SPACES:  # far quicker than `str.translate`
            spaced = spaced.replace(space, " ")
        typed = plain(spaced)
        doc = super().__call__(typed)
        if typed == spaced:
            _TEXTS[doc] = typed
            return doc
        starts = range(len(spaced) + 1) if len(typed) == len(spaced) else _origins(spaced)
        words = [spaced[starts[token.idx] : starts[token.idx + len(token)]] for token in doc]
        kept = Doc(self.vocab, words=words, spaces=[bool(token.whitespace_) for token in doc])
        # What a special case says of a token («av.» for «avant») is the token's, not the word's.
        kept.from_array([NORM], doc.to_array([NORM]))
        _TEXTS[kept] = spaced
        return kept

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Write all but the words that stay joined, which are long and come with spaCy."""
        return super().to_bytes(exclude=[*exclude, "token_match"])

    def from_bytes(self, bytes_data: bytes, *, exclude: Iterable[str] = ()) -> FrenchTokenizer:
        """Load what `to_bytes` wrote; where it is as the tokenizer was made, only the special cases are."""
        if bytes_data == self.to_bytes(exclude=["vocab"]):
            # Their words anew: what the vocabulary says of a word was settled after they were made.
            made: Any = self
            made.rules = made.rules
            return self
        super().from_bytes(bytes_data, exclude=[*exclude, "token_match"])
        self.token_match = _joined_words()
        return self

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterator[Doc]:
        """Cut a stream of texts."""
        for text in texts:
            yield self(text)


def _origins(text: str) -> list[int]:
    """Where each character of the composed text begins in the text, and where the text ends."""
    starts: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        composed = unicodedata.normalize("NFC", text[at:end])
        # Marks that find no letter to join stay characters of their own, in as many places.
        starts += [min(at + extra, end - 1) for extra in range(len(composed))]
        at = end
    return [*starts, len(text)]


def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Give the function named in the pipeline's configuration."""
    return _create


def _create(nlp: Language) -> Tokenizer:
    defaults: Any = nlp.Defaults
    tokenizer = FrenchTokenizer(
        nlp.vocab,
        rules=defaults.tokenizer_exceptions,
        prefix_search=compile_prefix_regex(defaults.prefixes).search,
        suffix_search=compile_suffix_regex(defaults.suffixes).search,
        infix_finditer=compile_infix_regex([*defaults.infixes, *_INFIXES]).finditer,
        token_match=_joined_words(),
        url_match=defaults.url_match,
    )
    tokenizer.max_cache_size = CACHE
    return tokenizer
