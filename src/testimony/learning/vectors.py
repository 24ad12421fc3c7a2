"""Word vectors from raw text: neighbours counted, weighted by surprise, reduced by singular values, kept in one byte a number.

Those of the pipeline are of forms and tell neighbours apart by their place, which is mostly grammar; those of themes are of lemmas, and
neighbours count wherever they stand, which is mostly topic.
"""

from __future__ import annotations

import lzma
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from ..embedding import WordTable, word_keys
from ..theming.features import BITS
from ..theming.promise import content_columns
from ..words import tokenize

if TYPE_CHECKING:
    from spacy.language import Language

WORDS, CONTEXTS, WIDTH = 50_000, 12_000, 96
"""Words that get a vector, words that are counted as neighbours, numbers in a vector."""

# Neighbours at one and two words are told apart by their place: grammar. Farther ones are counted together: topic.
_PLACES: tuple[tuple[int, ...], ...] = ((-1,), (1,), (-2,), (2,), (-3, -4, -5, 3, 4, 5))
_AROUND = ((-5, -4, -3, -2, -1, 1, 2, 3, 4, 5),)
_SMOOTHING = 0.75  # of the neighbours' frequencies, so that rare neighbours do not rule
_MIN_COUNT, _OFTEN = 5, 10
_END = 0

Keys = NDArray[np.uint64]


def build(nlp: Language, path: Path, say: Callable[[str], None] = lambda line: None) -> WordTable:
    """Make the table of vectors of the most frequent words of a raw text (``.xz``, a sentence per line), cut by the pipeline's tokenizer."""
    keys, starts = _read(nlp, path)
    found, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.lexsort((found, -counts))
    order = order[counts[order] >= _MIN_COUNT][:WORDS]
    rank = np.full(len(found), -1, np.int32)
    rank[order] = np.arange(1, len(order) + 1)
    say(f"{len(keys)} tokens of raw text; {len(order)} words with a vector")
    stream = _set_apart(rank[inverse], starts)
    return WordTable.pack(found[order], _reduce(_neighbours(stream, len(order) + 1))[1:])


def _read(nlp: Language, path: Path) -> tuple[Keys, NDArray[np.int64]]:
    """Keys of all tokens, and where sentences begin; a capital that only opens a sentence is taken off."""
    from spacy.attrs import ORTH

    rows = []
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if text := line.strip():
                rows.append(nlp.tokenizer(text).to_array([ORTH]).ravel().astype(np.uint64))
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])[:-1]])
    forms, places = np.unique(np.concatenate(rows), return_inverse=True)
    words = [nlp.vocab.strings[int(form)] for form in forms]
    exact, lower = word_keys(words)[places], word_keys([word.lower() for word in words])[places[starts]]
    known, counts = np.unique(np.delete(exact, starts), return_counts=True)

    def count(keys: Keys) -> NDArray[np.int64]:
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[at] == keys, counts[at], 0)

    exact[starts] = np.where(count(lower) > count(exact[starts]), lower, exact[starts])
    return exact, starts


def _set_apart(numbers: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Put five ends before each sentence, so that no window reaches from one into another."""
    return np.insert(numbers, np.repeat(starts, 5), _END).astype(np.int32)


def topics(path: Path) -> tuple[WordTable, NDArray[np.float32]]:
    """Make the table of vectors of the lemmas of a raw text (``.xz``, a sentence per line), and say how rare they are in it.

    Keys are columns of theme features.
    """
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        rows = [np.array(content_columns(tokenize(line)), np.int32) for line in stream]
    columns = np.concatenate(rows)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])[:-1]])
    counts = np.bincount(columns, minlength=1 << BITS)
    found = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts >= _OFTEN)]
    rank = np.full(1 << BITS, -1, np.int32)
    rank[found] = np.arange(1, len(found) + 1)
    numbers = _set_apart(rank[columns], starts)
    table = WordTable.pack(found.astype(np.uint64), _reduce(_neighbours(numbers, len(found) + 1, _AROUND))[1:])
    return table, np.log(len(columns) / counts[table.keys.astype(np.int64)]).astype(np.float32)


def _neighbours(stream: NDArray[np.int32], size: int, layout: tuple[tuple[int, ...], ...] = _PLACES) -> csr_matrix:
    """Positive pointwise mutual information of words and their neighbours."""
    blocks = []
    for places in layout:
        counted = csr_matrix((size, CONTEXTS), dtype=np.float32)
        for place in places:
            word, near = (stream[:-place], stream[place:]) if place > 0 else (stream[-place:], stream[:place])
            kept = (word > 0) & (near >= (_END if abs(place) < 3 else _END + 1)) & (near < CONTEXTS)
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
