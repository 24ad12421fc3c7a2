"""Word vectors from raw text: neighbours counted by place, weighted by surprise, reduced by singular values, kept in one byte a number."""

from __future__ import annotations

import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from ..embedding import WordTable

WORDS, CONTEXTS, WIDTH = 50_000, 12_000, 96
"""Words that get a vector, words that are counted as neighbours, numbers in a vector."""

# Neighbours at one and two words are told apart by their place: grammar. Farther ones are counted together: topic.
_PLACES: tuple[tuple[int, ...], ...] = ((-1,), (1,), (-2,), (2,), (-3, -4, -5, 3, 4, 5))
_TOKEN = re.compile(
    r"[Aa]ujourd'hui|\d+|-(?:t-)?(?:ils?|elles?|on|je|tu|nous|vous|ce|là|ci|moi|toi|les?|la|lui|leur|y|en)\b|[^\W\d_]+'?|[^\w\s]"
)
_SMOOTHING = 0.75  # of the neighbours' frequencies, so that rare neighbours do not rule
_END = 0


def tokens(line: str) -> list[str]:
    """Cut a line as the pipeline's tokenizer does, nearly; elided words in lower case, whatever their apostrophe."""
    return [token.lower() if "'" in token else token for token in _TOKEN.findall(line.replace("’", "'"))]


def read(path: Path) -> Iterator[list[str]]:
    """Read the sentences of a raw text, one per line."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            words = tokens(line)
            if len(words) > 1:
                yield words


def build(path: Path, say: Callable[[str], None] = lambda line: None) -> WordTable:
    """Make the table of vectors of the most frequent words of a raw text (``.xz``, a sentence per line)."""
    text = list(read(path))
    counts = Counter(word for sentence in text for word in sentence[1:])
    first = Counter(sentence[0] for sentence in text)
    for sentence in text:  # a capital that only opens the sentence says nothing of the word
        if counts[sentence[0].lower()] > counts[sentence[0]]:
            sentence[0] = sentence[0].lower()
    counts.update(first)
    vocabulary = [word for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:WORDS] if count > 4]
    say(f"{sum(counts.values())} words of raw text, {len(vocabulary)} of them with a vector")
    matrix = _neighbours(_numbers(text, vocabulary), len(vocabulary) + 1)
    vectors = _reduce(matrix)[1:]
    return WordTable.pack(vocabulary, vectors)


def _numbers(text: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> NDArray[np.int32]:
    """Words as numbers by frequency from 1, sentences set apart by five ends; -1 for a word without a vector."""
    number = {word: rank for rank, word in enumerate(vocabulary, 1)}
    stream: list[int] = []
    for sentence in text:
        stream += (number.get(word, -1) for word in sentence)
        stream += (_END,) * 5
    return np.array(stream, np.int32)


def _neighbours(stream: NDArray[np.int32], size: int) -> csr_matrix:
    """Positive pointwise mutual information of words and their neighbours."""
    blocks = []
    for places in _PLACES:
        counted = csr_matrix((size, CONTEXTS), dtype=np.float32)
        for place in places:
            word, near = (stream[place:], stream[:-place]) if place > 0 else (stream[:place], stream[-place:])
            kept = (word > 0) & (near >= (0 if abs(place) < 3 else 1)) & (near < CONTEXTS)
            ones = np.full(int(kept.sum()), 1.0 / len(places), np.float32)
            counted = counted + csr_matrix((ones, (word[kept], near[kept])), shape=(size, CONTEXTS))
        blocks.append(_surprise(counted))
    return hstack(blocks).tocsr()


def _surprise(counted: csr_matrix) -> csr_matrix:
    rows = np.asarray(counted.sum(axis=1)).ravel()
    columns = np.asarray(counted.sum(axis=0)).ravel() ** _SMOOTHING
    cells = counted.tocoo()
    value = np.log(cells.data * columns.sum() / np.maximum(rows[cells.row] * columns[cells.col], 1e-9))
    kept = value > 0
    return csr_matrix((value[kept].astype(np.float32), (cells.row[kept], cells.col[kept])), shape=counted.shape)


def _reduce(matrix: csr_matrix) -> NDArray[np.float32]:
    from sklearn.utils.extmath import randomized_svd

    left, values, _ = randomized_svd(matrix, WIDTH, n_iter=3, random_state=0)
    vectors = (left * np.sqrt(values)).astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
