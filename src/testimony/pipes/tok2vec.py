"""What each word looks like among its neighbours: the layers of spaCy's ``MaxoutWindowEncoder``, computed in blocks that stay in the cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from spacy.pipeline.tok2vec import Tok2Vec
from thinc.api import Model

from ..embedding import distinct_words, is_embedding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

BLOCK = 512
"""Words that go through a layer together: what is between two steps stays in the processor's cache."""
_MOST = 2**21
"""States whose windows can be told by a number of 64 bits."""

_LAYER = "residual(expand_window>>maxout>>layernorm>>dropout)"


class Layer(NamedTuple):
    """Weights of a layer: (3 × width, pieces × width) with the pieces of one number apart, biases, and those of the normalisation."""

    weights: Floats
    biases: Floats
    scale: Floats
    shift: Floats


class Told(np.ndarray[Any, np.dtype[np.float32]]):
    """Rows of a document's words that also tell where they come from: the distinct rows of a batch, and which of them they are."""

    rows: Floats | None = None
    numbers: NDArray[np.intp] | None = None

    @classmethod
    def of(cls, rows: Floats, numbers: NDArray[np.intp]) -> Told:
        """Give the rows with these numbers."""
        told = rows[numbers].view(cls)
        told.rows, told.numbers = rows, numbers
        return told


def distinct_rows(vectors: Sequence[Floats]) -> tuple[Floats, list[NDArray[np.intp]]]:
    """Rows that documents share, and the numbers of each one's; all their rows where nothing tells what they share."""
    rows = getattr(vectors[0], "rows", None)
    numbers = [getattr(own, "numbers", None) for own in vectors if getattr(own, "rows", None) is rows]
    if rows is not None and len(numbers) == len(vectors):
        return rows, [own for own in numbers if own is not None]
    ends = list(accumulate(len(own) for own in vectors))
    return np.concatenate(vectors), [np.arange(end - len(own), end) for own, end in zip(vectors, ends, strict=True)]


def blocks(rows: Floats) -> Iterator[Floats]:
    """Cut rows into blocks that stay in the processor's cache."""
    return (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))


class BlockwiseTok2Vec(Tok2Vec):
    """spaCy's ``tok2vec`` over windows of three words (Honnibal & Montani 2017, "spaCy 2"), without thinc's copies between two steps.

    What a layer makes of a word depends on the words in reach of its window alone: where people say the same it is computed once.
    """

    def predict(self, docs: Iterable[Any]) -> Any:
        """Give an array per document, a row per word."""
        docs = list(docs)
        if not _covers(self.model) or not any(map(len, docs)):
            return super().predict(docs)
        embedding, encoder = self.model.layers
        rows, words = distinct_words(embedding, docs)
        layers = list(_layers(encoder))
        space = len(layers)  # nothing between two documents, so that no word sees another one's
        lengths = [len(doc) for doc in docs]
        starts = list(accumulate((length + space for length in lengths[:-1]), initial=space))
        numbers = np.full(starts[-1] + lengths[-1] + space, len(rows))
        numbers[np.concatenate([np.arange(start, start + length) for start, length in zip(starts, lengths, strict=True)])] = words
        states = np.vstack([rows, np.zeros((1, rows.shape[1]), np.float32)])
        for layer in layers:
            windows, numbers = _windows(numbers, len(states))
            states = _apply(layer, states, windows)
        return [Told.of(states, numbers[start : start + length]) for start, length in zip(starts, lengths, strict=True)]


def _covers(model: Model) -> bool:
    if len(model.layers) != 2 or not is_embedding(model.layers[0]):
        return False
    whole = model.layers[1]
    inner = whole.layers[0]
    usual = inner.name == ">>".join([_LAYER] * len(inner.layers)) and whole.name == f"with_array({inner.name})"
    return usual and all(node.attrs["window_size"] == 1 for node in inner.walk() if node.name == "expand_window")


def _layers(encoder: Model) -> Iterator[Layer]:
    for residual in encoder.layers[0].layers:
        maxout, norm = (next(node for node in residual.walk() if node.name == name) for name in ("maxout", "layernorm"))
        weights, biases = maxout.get_param("W"), maxout.get_param("b")
        apart = weights.transpose(2, 1, 0).reshape(weights.shape[2], -1)
        yield Layer(np.ascontiguousarray(apart), biases.T.ravel(), norm.get_param("G"), norm.get_param("b"))


def _windows(numbers: NDArray[np.intp], count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Distinct windows of three among states told by their numbers, below `count`: the three numbers of each, and its number at each place."""
    edge = numbers[:1]  # nothing stands at both ends
    before, after = np.concatenate([edge, numbers[:-1]]), np.concatenate([numbers[1:], edge])
    if count >= _MOST:
        return np.stack([before, numbers, after], axis=1), np.arange(len(numbers))
    keys, places = np.unique((before * count + numbers) * count + after, return_inverse=True)
    return np.stack([keys // count**2, keys // count % count, keys % count], axis=1), places


def _apply(layer: Layer, states: Floats, windows: NDArray[np.intp]) -> Floats:
    """Add to the state in the middle of each window what the layer makes of the three."""
    width, size = states.shape[1], layer.weights.shape[1]
    # Where windows are many more than states, what a state adds at each of the three places is computed once.
    parts = [states @ layer.weights[at : at + width] for at in range(0, 3 * width, width)] if len(windows) > 2 * len(states) else []
    if parts:
        parts[1] += layer.biases
    result = np.empty((len(windows), width), np.float32)
    pieces = np.empty((BLOCK, size), np.float32)
    for start in range(0, len(windows), BLOCK):
        block = windows[start : start + BLOCK]
        room = pieces[: len(block)]
        if parts:
            np.take(parts[0], block[:, 0], axis=0, out=room, mode="clip")
            room += parts[1][block[:, 1]]
            room += parts[2][block[:, 2]]
        else:
            np.matmul(states[block.ravel()].reshape(len(block), -1), layer.weights, out=room)
            room += layer.biases
        np.add(_normalised(layer, room), states[block[:, 1]], out=result[start : start + BLOCK])
    return result


def _normalised(layer: Layer, pieces: Floats) -> Floats:
    """The best of the pieces of each number, normalised (Ba et al. 2016, "Layer normalization")."""
    width = len(layer.scale)
    best = np.maximum(pieces[:, :width], pieces[:, width : 2 * width])
    for piece in range(2 * width, pieces.shape[1], width):
        np.maximum(best, pieces[:, piece : piece + width], out=best)
    best -= (best @ np.full(width, 1 / width, np.float32))[:, None]
    best *= (1 / np.sqrt(np.vecdot(best, best) / width + np.float32(1e-8)))[:, None]
    best *= layer.scale
    best += layer.shift
    return best
