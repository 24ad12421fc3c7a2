"""Content words of a text, as lemmas: what two quotations share, what a space says more than the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

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


@lru_cache(maxsize=200_000)
def _telling(word: str) -> str | None:
    """Lemma of a word that says something, else ``None``."""
    if len(word) < 3 or word in _stop():
        return None
    found = lemma(word)
    return None if len(found) < 3 or found in _stop() else found


def content_words(text: str, hidden: Sequence[tuple[int, int]] = ()) -> set[str]:
    """Lemmas of the content words of a text.

    Parameters
    ----------
    hidden
        Ranges whose words do not count: names say who and where, not what.
    """
    for start, end in hidden:
        text = text[:start] + " " * (end - start) + text[end:]
    return {telling for word in set(WORD.findall(text.lower())) if (telling := _telling(word)) is not None}


@lru_cache(maxsize=10_000)
def said_in(text: str) -> frozenset[str]:
    """Lemmas of the content words of a few words, such as people say again and again."""
    return frozenset(content_words(text))


@lru_cache(maxsize=16)
def tokens(text: str) -> frozenset[str]:
    """Words of a text, articles and all, for patterns that need one of them to be worth trying."""
    return frozenset(_TOKEN.findall(text.lower()))


_TOKEN = re.compile(r"\w+")
_SUBJECTS = frozenset("je tu il ils elle elles on nous vous qui".split())
_SUBJECT = re.compile(r"\bc['’]est\b|\bce sont\b|\b[jc]['’]", re.IGNORECASE)
_VERB_ENDINGS = ("er", "ir", "re")


def has_verb(text: str) -> bool:
    """Tell whether a text has a conjugated verb, as far as a list of lemmas can say."""
    if not _SUBJECTS.isdisjoint(tokens(text)) or _SUBJECT.search(text):
        return True
    # « travaille » comes from « travailler » and is a verb; « chambre » is its own lemma and is none.
    words = [(word, lemma(word)) for word in WORD.findall(text.lower())]
    return any(
        found.endswith(_VERB_ENDINGS) and word not in (found, f"{found}s") and not word.endswith(("ère", "ères")) for word, found in words
    )
