"""What a codebook's words promise of a theme that few or no sentences were labelled with; it names no theme, so it holds for new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..codebook import Codebook, Theme
from ..words import Words, sums, tokenize
from .features import BITS, KINDS, Reading, bucket, context_matrix

Floats = NDArray[np.floating[Any]]

_ALONE = 2 * len(KINDS) - 1 + 6 + 9
"""Features: signs here and around, those of `pair_features` beside them, closeness to what the codebook says."""
_HEARD = _ALONE + 6
"""And what a corpus tells."""
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
        """Rebuild what `to_dict` gave; features of another version are refused."""
        if len(content["weights"]) not in (_ALONE, _HEARD):
            raise ValueError(f"{len(content['weights'])} weights, expected {_ALONE} or {_HEARD}")
        return cls(tuple(map(float, content["weights"])), float(content["bias"]), float(content["cut"]))


class Kin(NamedTuple):
    """Words that are close to what is said of themes: row of each column (0: nothing is known of it), how rare the word of each row is.

    `closeness` is rows × themes × 4: to the theme rather than to others, to a word of its patterns, of its definition, of its examples.
    Where a corpus was read (`testimony.learning.echoes`), two more: to the sentences in which the theme is promised, and how much more
    often the word stands in them than elsewhere (log-odds). All but the last are times the rarity.
    """

    places: NDArray[np.integer[Any]]
    rarity: Floats
    closeness: Floats

    def features(self, sentences: Sequence[list[int]], texts: Sequence[int], idf: Floats) -> list[Floats]:
        """Tell how close each sentence, given its columns, is to each theme, and so are those around it: each of sentences × themes."""
        bags = _Bags.of(sentences, texts)
        rows = self.places[bags.words]
        about, patterns, definition, examples, *heard = self.closeness[rows].astype(float).transpose(2, 0, 1)
        rarity = self.rarity[rows, None].astype(float)
        whole, length, said = bags.sums(rarity), np.sqrt(bags.sums(rarity**2)), bags.sums(about)
        closest = (patterns, definition, examples)
        parts = [_share(said, whole), _share(bags.rest(said), bags.rest(whole))]
        parts += [_share(bags.sums(part), length) for part in closest]
        parts += [bags.tops(part) for part in closest]
        parts.append(bags.beside(parts[0]))
        if heard:
            echo, company = heard
            weights, number = np.where(idf > 0, idf, idf.max())[bags.words, None], bags.sums(np.ones_like(rarity))
            spoken, all_weights = bags.sums(company * weights), bags.sums(weights)
            parts += [_share(bags.sums(echo), whole), _share(bags.sums(company), number), _share(spoken, all_weights)]
            parts += [bags.tops(company), _share(bags.sums(np.maximum(company, 0.0)), np.sqrt(number))]
            parts.append(_share(bags.rest(spoken), bags.rest(all_weights)))
        return parts


class _Bags(NamedTuple):
    """Distinct words of sentences, one after the other: their columns, where each sentence starts; number of the text of each sentence."""

    words: NDArray[np.integer[Any]]
    starts: NDArray[np.int64]
    texts: NDArray[np.integer[Any]]

    @classmethod
    def of(cls, sentences: Sequence[list[int]], texts: Sequence[int]) -> _Bags:
        distinct = [np.unique(np.array(sentence, dtype=int)) for sentence in sentences]
        starts = np.cumsum([0, *map(len, distinct)])
        return cls(np.concatenate(distinct), starts, np.unique(np.asarray(texts), return_inverse=True)[1])

    def sums(self, values: Floats) -> Floats:
        """Sum of what the words of each sentence have."""
        return sums(values, self.starts)

    def tops(self, values: Floats) -> Floats:
        """Most that a word of each sentence has; 0 without a word."""
        tops = np.maximum.reduceat(np.vstack([values, np.zeros(values.shape[1])]), self.starts[:-1])
        return np.asarray(tops * (np.diff(self.starts) > 0)[:, None])

    def rest(self, values: Floats) -> Floats:
        """Sum of what the other sentences of the text have."""
        return np.stack([np.bincount(self.texts, column)[self.texts] - column for column in values.T], axis=1)

    def beside(self, values: Floats) -> Floats:
        """Sum of what the sentences before and after have."""
        same = (self.texts[1:] == self.texts[:-1])[:, None]
        found = np.zeros_like(values)
        found[1:] += values[:-1] * same
        found[:-1] += values[1:] * same
        return found


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > _NOTHING))


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
    likeness, kin = described.likeness(words), described.kin.features(words, texts, described.idf)
    asked = np.array([["?" in reading.words.forms] for reading in readings]) * np.ones((1, number))
    alike = (likeness, proof * likeness, (proof > 0) * length)
    columns = [*own.transpose(1, 0, 2), *rest.transpose(1, 0, 2), rival, length, *alike, asked, *kin]
    return np.stack(columns, axis=2)


def content_columns(words: Words) -> list[int]:
    """Columns of the lemmas of a text that say what it is about."""
    return [bucket("lemma:" + lemma) for lemma in words.lemmas if len(lemma) > 3 and lemma[0].isalpha()]


def _weighed(columns: list[int], idf: Floats) -> Floats:
    counts = np.bincount(np.array(columns, dtype=int), minlength=len(idf))
    weights = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0.0) * idf
    return np.asarray(weights / max(float(np.linalg.norm(weights)), 1e-9))
