"""Discovered themes: what sentences speak of beside the codebook, the same whatever their order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer

from ..words import tokenize
from .stopwords import stopwords

SHARE = 0.5
"""A sentence belongs to the theme that holds at least this share of its weight; else it stays unclassified."""
FEWEST = 20  # sentences below which nothing can be discovered
WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A theme found in sentences.

    Attributes
    ----------
    words
        Its most specific lemmas, the most telling first.
    sentences
        The sentences that belong to it, the most typical first.
    """

    words: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its three most specific words."""
        return ", ".join(self.words[:3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """The themes found, the largest first, and the share of the sentences that belong to none."""

    themes: tuple[Discovered, ...]
    unclassified: float
    n_sentences: int


def discover(sentences: Sequence[str], *, number: int = 8) -> Discovery:
    """Group sentences by the words they share: non-negative factors of the lemmas' weights.

    The sentences are sorted first and the seed is fixed, so that their order changes nothing.

    Parameters
    ----------
    sentences
        Usually those in which no theme of the codebook was found.
    number
        Themes looked for at most.
    """
    rows = sorted(set(sentences))
    lemmas = [_lemmas(sentence) for sentence in rows]
    least = max(3, round(len(rows) / 500))
    vectors = TfidfVectorizer(analyzer=lambda row: row, min_df=least, max_df=0.5, sublinear_tf=True)
    if len(rows) < FEWEST:
        return Discovery(themes=(), unclassified=1.0, n_sentences=len(rows))
    try:
        weights = vectors.fit_transform(lemmas)
    except ValueError:  # no lemma stands in two sentences
        return Discovery(themes=(), unclassified=1.0, n_sentences=len(rows))
    words = vectors.get_feature_names_out().tolist()
    number = min(number, len(words) - 1, len(rows) // 5)
    if number < 1:
        return Discovery(themes=(), unclassified=1.0, n_sentences=len(rows))
    parts = NMF(number, init="nndsvd", solver="cd", max_iter=400, tol=1e-5, random_state=0).fit_transform(weights)
    whole = parts.sum(axis=1)
    best = parts.argmax(axis=1)
    sure = (whole > 0) & (parts.max(axis=1) >= SHARE * whole) & (np.diff(weights.indptr) > 0)
    themes = [_theme(rows, words, weights, parts, np.flatnonzero(sure & (best == one)), one) for one in range(number)]
    found = sorted((theme for theme in themes if theme), key=lambda theme: (-len(theme.sentences), theme.words))
    inside = sum(len(theme.sentences) for theme in found)
    return Discovery(themes=tuple(found), unclassified=1 - inside / len(rows), n_sentences=len(rows))


def _theme(
    rows: list[str], words: list[str], weights: sparse.csr_matrix, parts: np.ndarray, members: np.ndarray, one: int
) -> Discovered | None:
    """Name a theme by the words that are commoner in its sentences than in the rest."""
    if len(members) < 2:
        return None
    there = weights > 0
    inside = np.asarray(there[members].sum(axis=0)).ravel()
    total = np.asarray(there.sum(axis=0)).ravel()
    expected = total * len(members) / weights.shape[0]
    excess = np.where(inside > expected, 2 * inside * np.log(np.maximum(inside, 1e-9) / expected), 0.0)  # as a likelihood ratio weighs it
    order = sorted(range(len(words)), key=lambda i: (-round(float(excess[i]), 6), words[i]))
    named = tuple(words[i] for i in order[:WORDS] if inside[i] >= 2 and excess[i] > 0)
    typical = sorted(members.tolist(), key=lambda i: (-round(float(parts[i, one]), 6), rows[i]))
    return Discovered(words=named, sentences=tuple(rows[i] for i in typical)) if len(named) > 1 else None


def _lemmas(sentence: str) -> list[str]:
    words = tokenize(sentence)
    stop = stopwords()
    pairs = zip(words.forms, words.lemmas, strict=True)
    return [lemma for form, lemma in pairs if len(lemma) > 2 and lemma[0].isalpha() and lemma not in stop and form not in stop]


def to_entry(theme: Discovered) -> str:
    """Write a discovered theme as a ``[[theme]]`` of a codebook, for a person to finish."""
    identifier = "-".join(_plain(word) for word in theme.words[:2]).strip("-") or "theme"

    def text(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    def listed(values: Sequence[str]) -> str:
        return "[" + ", ".join(text(value) for value in values) + "]"

    simple = [word for word in theme.words if word.isalpha()]
    return "\n".join((
        "[[theme]]",
        f"id = {text(identifier)}",
        f"label = {text(theme.name.capitalize())}",
        f"definition = {text('À préciser. Thème découvert, mots spécifiques : ' + ', '.join(theme.words) + '.')}",
        f"examples = {listed(theme.sentences[:5])}",
        f"patterns = {listed(simple[:4])}",
        f"hints = {listed(simple[4:])}",
        "",
    ))  # fmt: skip


def _plain(word: str) -> str:
    import unicodedata

    flat = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in flat if char.isascii() and char.isalnum())
