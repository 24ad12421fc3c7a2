"""The polarity model: weights over features, kept as plain arrays and JSON, applied with numpy alone.

A linear layer over the sparse and dense features of each sentence; a second one that also sees what the first said of the sentences
around. A side column of the first, learnt from reviews, says how a reviewer's words lean; a third layer, learnt with it, weighs
the column and the amounts of a whole text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt, tanh
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelNotFoundError
from ..types import POLARITIES, Polarity
from ..words import sums
from .baseline import textblob
from .features import DENSE, dense
from .grammar import Grammar, Reading
from .terms import Terms
from .whole import whole

Array = NDArray[np.float32]
NEIGHBOURS = 4  # how far around a sentence its surroundings are averaged
MOOD, FACTS = 0.4, 0.2  # how much mood, and how few facts, around a sentence can make a difference: a fact among complaints is a fact
LIMIT = 4.0  # standard deviations beyond which an amount says nothing more
WIDTH = DENSE + 4
"""Dense features of a sentence and those of the review column."""
FORMAT = 3
_ARRAYS = {"mean", "scale", "dense", "bias", "context", "context_bias", "text", "text_mean", "text_scale", "text_bias"}


class Verdict(NamedTuple):
    """What the model says of a sentence: class probabilities in the order of `POLARITIES`, the likeliest, and what they were read from."""

    probabilities: tuple[float, ...]
    polarity: Polarity
    reading: Reading
    baseline: float
    lean: float = 0.0  # logit of the review column: how reviewers lean who use these words
    norm: float = 0.0  # length of the sentence's vector of words, before it was made 1

    @property
    def score(self) -> float:
        """Probability of positive minus that of negative, in [-1, 1]."""
        return self.probabilities[0] - self.probabilities[1]


@dataclass(frozen=True, eq=False)
class PolarityModel:
    """Weights of the model; `fit` of `testimony.learning.sentiment` makes one.

    Attributes
    ----------
    vocabulary
        Sparse feature → row of `weights`.
    weights
        One row per sparse feature: its inverse document frequency, a column per class, the review column.
    arrays
        ``mean`` and ``scale`` of the dense features, their weights ``dense``, the ``bias``, and the second layer ``context`` with its
        ``context_bias``; ``text_mean``, ``text_scale``, ``text`` and ``text_bias`` of the layer that judges whole texts.
    card
        What the model was made from; written beside the arrays.
    """

    vocabulary: Mapping[str, int]
    weights: Array
    arrays: Mapping[str, Array]
    card: Mapping[str, Any]

    def read(self, grammar: Grammar, groups: Sequence[Sequence[str]]) -> list[list[Verdict]]:
        """Judge the sentences of several testimonials, each given in reading order."""
        texts = [text for group in groups for text in group]
        if not texts:
            return [[] for _ in groups]
        readings = grammar.read_all(texts)
        baselines = textblob(texts)
        sparse, norms = self.project(grammar, texts, readings)
        first = softmax(self._sentence_logits(sparse, readings, texts, baselines))
        final = softmax(surroundings(first, [len(group) for group in groups]) @ self.arrays["context"] + self.arrays["context_bias"])
        polarities = [POLARITIES[number] for number in final.argmax(axis=1).tolist()]
        columns = (map(tuple, final.tolist()), polarities, readings, baselines, sparse[:, -1].tolist(), norms.tolist())
        verdicts = [*map(Verdict, *columns)]
        ends = np.cumsum([len(group) for group in groups]).tolist()
        return [verdicts[end - len(group) : end] for end, group in zip(ends, groups, strict=True)]

    def _sentence_logits(self, sparse: Array, readings: Sequence[Reading], texts: Sequence[str], baselines: Sequence[float]) -> Array:
        """Return the logits of the first layer, a row per sentence."""
        amounts = np.hstack([dense(readings, texts, baselines).astype(np.float32), lean(sparse[:, -1])])
        scaled = np.clip((amounts - self.arrays["mean"]) / self.arrays["scale"], -LIMIT, LIMIT)
        logits: Array = sparse[:, :-1] + scaled @ self.arrays["dense"] + self.arrays["bias"]
        return logits

    def overall(self, groups: Sequence[Sequence[Verdict]]) -> list[float]:
        """How positive (> 0) or negative whole texts are, in [-1, 1]: which side each takes, times how much of it is no plain fact."""
        if not groups:
            return []
        amounts = np.array([whole([(verdict.reading, verdict.baseline) for verdict in verdicts]) for verdicts in groups])
        scaled = np.clip((amounts - self.arrays["text_mean"]) / self.arrays["text_scale"], -LIMIT, LIMIT)
        return [self._overall(verdicts, row) if verdicts else 0.0 for verdicts, row in zip(groups, scaled, strict=True)]

    def _overall(self, verdicts: Sequence[Verdict], amounts: Array) -> float:
        felt = 1.0 - sum(verdict.probabilities[-1] for verdict in verdicts) / len(verdicts)
        norm = sqrt(sum(verdict.norm**2 for verdict in verdicts))
        leaning = sum(verdict.lean * verdict.norm for verdict in verdicts) / (norm or 1.0)
        return tanh(float(leaning + amounts @ self.arrays["text"] + self.arrays["text_bias"][0]) / 2) * felt

    @cached_property
    def _terms(self) -> Terms:
        return Terms(self.vocabulary)

    def project(self, grammar: Grammar, texts: Sequence[str], readings: Sequence[Reading]) -> tuple[Array, Array]:
        """Sum the weights of the terms of each sentence, weighted by frequency and scaled to unit length; give the lengths too."""
        rows, starts, times = self._terms.of(grammar, texts, readings)
        taken = self.weights[rows].astype(np.float32)
        weight = (1.0 + np.log(times)).astype(np.float32) * taken[:, 0]
        norm = np.sqrt(sums(weight[:, None] ** 2, starts)[:, 0])
        return (sums(taken[:, 1:] * weight[:, None], starts) / np.maximum(norm, 1e-9)[:, None]).astype(np.float32), norm

    def save(self, folder: Path) -> None:
        """Write ``arrays.npz``, ``vocabulary.json`` and ``meta.json``."""
        folder.mkdir(parents=True, exist_ok=True)
        order = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        save_arrays(folder / "arrays.npz", {"weights": self.weights.astype(np.float16), **self.arrays})
        (folder / "vocabulary.json").write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")
        meta = {"format": FORMAT, "classes": list(POLARITIES), **self.card}
        (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> PolarityModel:
        """Read a model; nothing in its files is executed.

        Raises
        ------
        ModelNotFoundError
            If files are missing, broken or of another version.
        """
        try:
            meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            order = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
            with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            weights = arrays.pop("weights")
            complete = arrays.keys() >= _ARRAYS
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ModelNotFoundError(f"{folder}: no usable sentiment model ({error}); install testimony again or train it") from error
        fits = complete and len(order) == len(weights) and len(arrays["mean"]) == WIDTH
        if meta.get("format") != FORMAT or meta.get("classes") != list(POLARITIES) or not fits:
            raise ModelNotFoundError(f"{folder}: a sentiment model of another version; train it again with `testimony train sentiment`")
        return cls({term: row for row, term in enumerate(order)}, weights, arrays, meta)


def save_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write an ``.npz`` whose bytes depend on its content only (numpy stamps no time, but keeps the order given)."""
    np.savez_compressed(path, **{name: arrays[name] for name in sorted(arrays)})  # type: ignore[arg-type]


def softmax(logits: Array) -> Array:
    """Turn logits into probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Array = powers / powers.sum(axis=1, keepdims=True)
    return result


def lean(logit: Array) -> Array:
    """Dense features of the review column."""
    return np.stack([logit, np.maximum(logit, 0), np.maximum(-logit, 0), np.tanh(logit)], axis=1)


def surroundings(probabilities: Array, sizes: Sequence[int]) -> Array:
    """Features of the second layer: what the first layer says of a sentence, and the mood of those around.

    Parameters
    ----------
    probabilities
        A row per sentence, testimonials one after the other.
    sizes
        Number of sentences of each testimonial.
    """
    result = np.zeros((len(probabilities), 2 * probabilities.shape[1]), np.float32)
    number = np.array(sizes)
    ends = np.cumsum(number)
    for size in {*sizes} - {0}:  # testimonials of as many sentences at once
        places = (ends[number == size, None] - size) + np.arange(size)
        result[places] = _surroundings(probabilities[places])
    return result


def _surroundings(own: Array) -> Array:
    """Do the same for testimonials of one size: testimonials × sentences × classes."""
    texts, size, classes = own.shape
    totals = np.concatenate([np.zeros((texts, 1, classes), np.float32), np.cumsum(own, axis=1)], axis=1)
    low = np.maximum(np.arange(size) - NEIGHBOURS, 0)
    high = np.minimum(np.arange(size) + NEIGHBOURS + 1, size)
    number = (high - low - 1)[:, None]
    # A sentence alone is taken to stand among average ones.
    around = np.where(number > 0, (totals[:, high] - totals[:, low] - own) / np.maximum(number, 1), 1.0 / classes)
    edge = np.zeros((texts, size, 2), np.float32)
    edge[:, 0, 0] = edge[:, -1, 1] = 1.0
    # How good and how factual it is around; the finer classes of neighbours would only be copied.
    mood = np.stack([np.clip(around[..., 0] - around[..., 1], -MOOD, MOOD), np.maximum(around[..., 3], FACTS)], axis=-1)
    return np.concatenate([np.log(own + 1e-4), mood, edge], axis=-1).astype(np.float32)
