"""What a codebook's words promise of a theme that few or no sentences were labelled with; it names no theme, so it holds for new ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..codebook import Codebook, Theme
from ..errors import ModelNotFoundError
from ..lexicon import Words, tokenize
from .features import BITS, KINDS, Reading, bucket, context_matrix

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Promise:
    """How likely a theme is, given what any theme can have: hits of its patterns here and around, likeness to its description.

    It is learned on themes that have labels and holds for others, since nothing in it names a theme.

    Attributes
    ----------
    weights, bias
        Of a logistic regression over `pair_features`.
    cut
        Probability from which a sentence has the theme: the best on the themes it was learned on.
    """

    weights: tuple[float, ...]
    bias: float
    cut: float

    def odds(self, features: Floats) -> Floats:
        """Log-odds of each theme in each sentence, from `pair_features`."""
        return np.asarray(features @ np.array(self.weights) + self.bias)

    def predict(self, features: Floats) -> Floats:
        """Probability of each theme in each sentence, from `pair_features`."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.odds(features))))

    def to_dict(self) -> dict[str, Any]:
        """Give the numbers as JSON-able values."""
        return {"kind": "promise", "weights": self.weights, "bias": self.bias, "cut": self.cut}

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Promise:
        """Rebuild what `to_dict` gave."""
        return cls(tuple(map(float, content["weights"])), float(content["bias"]), float(content["cut"]))

    def save(self, path: Path) -> None:
        """Write the weights as JSON."""
        path.write_text(json.dumps(self.to_dict()) + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Promise:
        """Read what `save` wrote.

        Raises
        ------
        ModelNotFoundError
            When the file is missing or damaged.
        """
        try:
            return cls.from_dict(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelNotFoundError(f"{path}: cannot be read ({error}); run `testimony train themes` again") from error


class Described(NamedTuple):
    """Descriptions of themes as weighted words: how rare each column is in a corpus (0: not a word of it), columns × themes."""

    idf: Floats
    words: Floats

    @classmethod
    def of(cls, codebook: Codebook, readings: Sequence[Reading]) -> Described:
        """Weigh the words of the codebook's descriptions by how rare they are in sentences."""
        descriptions = [_content(tokenize(describe(theme))) for theme in codebook.themes]
        rows = [*descriptions, *(_content(reading.words) for reading in readings)]
        counts = np.zeros(1 << BITS)
        for row in rows:
            np.add.at(counts, np.unique(np.array(row, dtype=int)), 1.0)
        return cls.weighed(codebook, np.where(counts > 0, np.log((1 + len(rows)) / (1 + counts)) + 1, 0.0))

    @classmethod
    def weighed(cls, codebook: Codebook, idf: Floats) -> Described:
        """Weigh the words of the codebook's descriptions by a rarity that is known."""
        descriptions = [_content(tokenize(describe(theme))) for theme in codebook.themes]
        words = np.zeros((1 << BITS, len(descriptions)))
        for theme, row in enumerate(descriptions):
            words[:, theme] = _weighed(row, idf)
        return cls(idf, words)

    def likeness(self, readings: Sequence[Reading]) -> Floats:
        """Cosine between the words of each sentence and those of each description."""
        return np.array([self._alike(_content(reading.words)) for reading in readings]).reshape(len(readings), -1)

    def _alike(self, columns: list[int]) -> Floats:
        found, times = np.unique(np.array(columns, dtype=int), return_counts=True)
        weights = (1 + np.log(times)) * self.idf[found]
        return np.asarray(weights @ self.words[found] / max(float(np.linalg.norm(weights)), 1e-9))


def describe(theme: Theme) -> str:
    """Everything a codebook says of a theme, as one text."""
    return " ".join((theme.label, theme.definition, *theme.inclusions, *theme.examples, *theme.patterns, *theme.hints))


def pair_features(readings: Sequence[Reading], texts: Sequence[int], described: Described) -> Floats:
    """Features of every sentence towards every theme: sentences × themes × features."""
    number, near = described.words.shape[1], len(KINDS) - 1
    signs = context_matrix(readings, texts)
    size = len(readings)
    own = signs[:, : len(KINDS) * number].reshape(size, len(KINDS), number)
    rest = signs[:, -near * number :].reshape(size, near, number)
    proof = own[:, 0]
    order = np.sort(proof, axis=1)
    rival = np.where(proof == order[:, -1:], order[:, -2:-1] if number > 1 else 0.0, order[:, -1:])
    length = np.log1p([len(reading.words.forms) for reading in readings])[:, None] * np.ones((1, number))
    likeness = described.likeness(readings)
    columns = [*own.transpose(1, 0, 2), *rest.transpose(1, 0, 2), rival, length, likeness, proof * likeness, (proof > 0) * length]
    return np.stack(columns, axis=2)


def _content(words: Words) -> list[int]:
    return [bucket("lemma:" + lemma) for lemma in words.lemmas if len(lemma) > 3 and lemma[0].isalpha()]


def _weighed(columns: list[int], idf: Floats) -> Floats:
    counts = np.bincount(np.array(columns, dtype=int), minlength=len(idf))
    weights = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0.0) * idf
    return np.asarray(weights / max(float(np.linalg.norm(weights)), 1e-9))
