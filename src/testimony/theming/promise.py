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
from ..words import Words, tokenize
from .features import BITS, KINDS, Reading, bucket, context_matrix

Floats = NDArray[np.floating[Any]]

_NOTHING = 1e-6  # what rounding leaves of a sum of which everything was taken away


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


class Kin(NamedTuple):
    """Words that are close to what is said of themes: row of each column (0: nothing is known of it), how rare the word of each row is.

    `closeness` (rows × themes × 3), times the rarity: to the theme rather than to others, to a word of its patterns, of its definition.
    """

    places: NDArray[np.integer[Any]]
    rarity: Floats
    closeness: Floats

    def features(self, sentences: Sequence[list[int]], texts: Sequence[int]) -> list[Floats]:
        """Closeness of each sentence, given its columns, to each theme, and that of the rest of its text: four of sentences × themes."""
        rows = [self.places[sentence] for sentence in sentences]
        sums = np.array([self.closeness[row].sum(axis=0) for row in rows], dtype=float)
        rarity = [self.rarity[row].astype(float) for row in rows]
        whole = np.array([row.sum() for row in rarity])[:, None]
        length = np.array([np.linalg.norm(row) for row in rarity])[:, None]
        _, number = np.unique(np.asarray(texts), return_inverse=True)
        there = np.zeros((number.max() + 1, sums.shape[1] + 1))
        here = np.hstack([sums[:, :, 0], whole])
        np.add.at(there, number, here)
        rest = there[number] - here
        about, patterns, definition = sums.transpose(2, 0, 1)
        parts = [(about, whole), (rest[:, :-1], rest[:, -1:]), (patterns, length), (definition, length)]
        return [np.divide(part, size, out=np.zeros_like(part), where=size > _NOTHING) for part, size in parts]


class Described(NamedTuple):
    """Descriptions of themes as weighted words: how rare each column is in a corpus (0: not a word of it), columns × themes.

    `kin` are the words that the descriptions do not have and that are close to theirs.
    """

    idf: Floats
    words: Floats
    kin: Kin

    @classmethod
    def of(cls, codebook: Codebook, readings: Sequence[Reading], kin: Kin) -> Described:
        """Weigh the words of the codebook's descriptions by how rare they are in sentences."""
        descriptions = [content_columns(tokenize(describe(theme))) for theme in codebook.themes]
        rows = [*descriptions, *(content_columns(reading.words) for reading in readings)]
        counts = np.zeros(1 << BITS)
        for row in rows:
            np.add.at(counts, np.unique(np.array(row, dtype=int)), 1.0)
        return cls.weighed(codebook, np.where(counts > 0, np.log((1 + len(rows)) / (1 + counts)) + 1, 0.0), kin)

    @classmethod
    def weighed(cls, codebook: Codebook, idf: Floats, kin: Kin) -> Described:
        """Weigh the words of the codebook's descriptions by a rarity that is known."""
        descriptions = [content_columns(tokenize(describe(theme))) for theme in codebook.themes]
        words = np.zeros((1 << BITS, len(descriptions)))
        for theme, row in enumerate(descriptions):
            words[:, theme] = _weighed(row, idf)
        return cls(idf, words, kin)

    def likeness(self, sentences: Sequence[list[int]]) -> Floats:
        """Cosine between the words of each sentence, given its columns, and those of each description."""
        return np.array([self._alike(sentence) for sentence in sentences]).reshape(len(sentences), -1)

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
    words = [content_columns(reading.words) for reading in readings]
    likeness, kin = described.likeness(words), described.kin.features(words, texts)
    columns = [*own.transpose(1, 0, 2), *rest.transpose(1, 0, 2), rival, length, likeness, proof * likeness, (proof > 0) * length, *kin]
    return np.stack(columns, axis=2)


def content_columns(words: Words) -> list[int]:
    """Columns of the lemmas of a text that say what it is about."""
    return [bucket("lemma:" + lemma) for lemma in words.lemmas if len(lemma) > 3 and lemma[0].isalpha()]


def _weighed(columns: list[int], idf: Floats) -> Floats:
    counts = np.bincount(np.array(columns, dtype=int), minlength=len(idf))
    weights = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0.0) * idf
    return np.asarray(weights / max(float(np.linalg.norm(weights)), 1e-9))
