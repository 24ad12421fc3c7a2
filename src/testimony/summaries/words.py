"""Content words of a text, as lemmas: what two quotations share, what a space says more than the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from ..memo import Memo

# What is asked of a word is asked of all that stands between two blanks and remembered: texts are cut at blanks far faster than at words.
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@cache
def _stop() -> frozenset[str]:
    """Lemmas that tell nothing."""
    lines = (Path(__file__).parents[1] / "data" / "stopwords.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Dictionary form of a lower-case word."""
    from simplemma import lemmatize

    return str(lemmatize(word, lang="fr")).lower()


def _telling(piece: str) -> tuple[str, ...]:
    """Lemmas of the words that say something."""
    words = (word for word in WORD.findall(piece) if len(word) >= 3 and word not in _stop())
    return tuple(found for found in map(lemma, words) if len(found) >= 3 and found not in _stop())


_TELLING = Memo(_telling, 200_000)


def content_words(text: str, hidden: Sequence[tuple[int, int]] = ()) -> set[str]:
    """Lemmas of the content words of a text.

    Parameters
    ----------
    hidden
        Ranges whose words do not count: names say who and where, not what.
    """
    for start, end in hidden:
        text = text[:start] + " " * (end - start) + text[end:]
    return set(chain.from_iterable(_TELLING.of(text.lower().split())))


@lru_cache(maxsize=10_000)
def said_in(text: str) -> frozenset[str]:
    """Lemmas of the content words of a few words, such as people say again and again."""
    return frozenset(content_words(text))


_TOKENS: Memo[str, list[str]] = Memo(re.compile(r"\w+").findall)


@lru_cache(maxsize=16)
def tokens(text: str) -> frozenset[str]:
    """Words of a text, articles and all, for patterns that need one of them to be worth trying."""
    return frozenset(chain.from_iterable(_TOKENS.of(text.lower().split())))


_SUBJECTS = frozenset("je tu il ils elle elles on nous vous qui".split())
_SUBJECT_WORDS = frozenset({"c", "ce", "j"})
_SUBJECT = re.compile(r"\bce sont\b|\b[jc]['’]", re.IGNORECASE)
_VERB_ENDINGS = ("er", "ir", "re")


def _conjugated(piece: str) -> bool:
    # « travaille » comes from « travailler » and is a verb; « chambre » is its own lemma and is none.
    words = [(word, lemma(word)) for word in WORD.findall(piece)]
    return any(
        found.endswith(_VERB_ENDINGS) and word not in (found, f"{found}s") and not word.endswith(("ère", "ères")) for word, found in words
    )


_CONJUGATED = Memo(_conjugated)


def has_verb(text: str) -> bool:
    """Tell whether a text has a conjugated verb, as far as a list of lemmas can say."""
    words = tokens(text)
    if not _SUBJECTS.isdisjoint(words) or (not _SUBJECT_WORDS.isdisjoint(words) and _SUBJECT.search(text)):
        return True
    return any(_CONJUGATED.of(text.lower().split()))
