"""What each word looks like among its neighbours: the layers of spaCy's ``MaxoutWindowEncoder``, computed in blocks that stay in the cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
_LAYER = "residual(expand_window>>maxout>>layernorm>>dropout)"


class Layer(NamedTuple):
    """Weights of a layer: (3 × width, pieces × width) with the pieces of one number apart, biases, and those of the normalisation."""

    weights: Floats
    biases: Floats
    scale: Floats
    shift: Floats


class BlockwiseTok2Vec(Tok2Vec):
    """spaCy's ``tok2vec`` over windows of three words (Honnibal & Montani 2017, "spaCy 2"), without thinc's copies between two steps."""

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
        states = _first(layers[0], np.vstack([rows, np.zeros((1, rows.shape[1]), np.float32)]), numbers)
        for layer in layers[1:]:
            states = _apply(layer, states)
        return [states[start : start + length] for start, length in zip(starts, lengths, strict=True)]


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


def _first(layer: Layer, rows: Floats, numbers: NDArray[np.intp]) -> Floats:
    """Apply the first layer to words given as rows: what a distinct word adds before, at and after its place is computed once."""
    width = rows.shape[1]
    before, own, after = (rows @ layer.weights[part : part + width] for part in range(0, 3 * width, width))
    own += layer.biases
    around = np.concatenate([[len(rows) - 1], numbers, [len(rows) - 1]])
    result = np.empty((len(numbers), width), np.float32)
    for start in range(0, len(numbers), BLOCK):
        end = min(start + BLOCK, len(numbers))
        pieces = before[around[start:end]]
        pieces += own[numbers[start:end]]
        pieces += after[around[start + 2 : end + 2]]
        np.add(_normalised(layer, pieces), rows[numbers[start:end]], out=result[start:end])
    return result


def _apply(layer: Layer, states: Floats) -> Floats:
    """Add to each row what the layer makes of it, of the one before and of the one after."""
    width = states.shape[1]
    edge = np.zeros((1, width), np.float32)
    around = np.vstack([edge, states, edge])
    result = np.empty_like(states)
    for start in range(0, len(states), BLOCK):
        end = min(start + BLOCK, len(states))
        pieces = np.hstack([around[start:end], states[start:end], around[start + 2 : end + 2]]) @ layer.weights
        pieces += layer.biases
        np.add(_normalised(layer, pieces), states[start:end], out=result[start:end])
    return result


def _normalised(layer: Layer, pieces: Floats) -> Floats:
    """The best of the pieces of each number, normalised (Ba et al. 2016, "Layer normalization")."""
    width = len(layer.scale)
    best = pieces[:, :width]
    for piece in range(width, pieces.shape[1], width):
        np.maximum(best, pieces[:, piece : piece + width], out=best)
    best -= best.mean(axis=1, keepdims=True)
    best *= 1 / np.sqrt(np.einsum("ij,ij->i", best, best)[:, None] / width + np.float32(1e-8))
    best *= layer.scale
    best += layer.shift
    return best
