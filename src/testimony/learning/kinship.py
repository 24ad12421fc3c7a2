"""How close words are to what a codebook says of its themes, by the company that words keep in a large corpus."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np

from ..codebook import Codebook
from ..embedding import WordTable
from ..errors import ModelNotFoundError
from ..theming.features import BITS
from ..theming.model import Floats
from ..theming.promise import Kin, content_columns, describe
from ..words import tokenize

CLOSE = 0.35
"""Cosine from which a word is close to another; what is beyond it counts."""


class Kinship(NamedTuple):
    """Words that have a vector: row of each column of theme features (0: none), unit vectors, how rare the words are.

    `rivals` are the themes, besides a codebook's own, that a word may be close to: what is close to all themes is close to none.
    """

    places: np.ndarray
    vectors: Floats
    rarity: Floats
    rivals: Floats

    @classmethod
    def of(cls, table: WordTable, rarity: Floats) -> Kinship:
        """Take the vectors of a table whose keys are columns, and how rare their words are."""
        columns = table.keys.astype(np.int64)
        vectors = np.vstack([np.zeros(len(table.scale)), table.rows * table.scale])
        places = np.zeros(1 << BITS, np.int32)
        places[columns] = np.arange(1, len(columns) + 1)
        return cls(places, _unit(vectors), np.append(0.0, rarity), np.zeros((0, len(table.scale))))

    @classmethod
    def load(cls, path: Path) -> Kinship:
        """Read what `save_words` wrote.

        Raises
        ------
        ModelNotFoundError
            When the file is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls.of(WordTable(arrays["keys"], arrays["rows"], arrays["scale"]), arrays["rarity"])
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ModelNotFoundError(f"{path}: cannot be read ({error}); install testimony again") from error

    def beside(self, codebook: Codebook) -> Kinship:
        """Take the themes of a codebook as rivals."""
        return self._replace(rivals=self._centres(codebook))

    def kin(self, codebook: Codebook) -> Kin:
        """Say of every word how close it is to each theme, and to the closest word of its patterns, its definition and its examples."""
        centres = self._centres(codebook)
        apart = self.vectors @ (centres - np.vstack([centres, self.rivals]).mean(axis=0)).T
        patterns = self._closest([" ".join(theme.patterns) for theme in codebook.themes])
        definitions = self._closest([f"{theme.label} {theme.definition}" for theme in codebook.themes])
        examples = self._closest([" ".join((*theme.examples, *theme.inclusions)) for theme in codebook.themes])
        close = np.stack([apart, patterns, definitions, examples], axis=2) * self.rarity[:, None, None]
        return Kin(self.places, self.rarity.astype(np.float32), close.astype(np.float32))

    def _centres(self, codebook: Codebook) -> Floats:
        said = [self._rows(describe(theme)) for theme in codebook.themes]
        return _unit(np.array([(self.vectors[rows] * self.rarity[rows, None]).sum(axis=0) for rows in said]))

    def _closest(self, texts: list[str]) -> Floats:
        cosines = [(self.vectors @ self.vectors[self._rows(text)].T).max(axis=1, initial=0.0) for text in texts]
        return np.maximum(np.stack(cosines, axis=1) - CLOSE, 0.0)

    def _rows(self, text: str) -> np.ndarray:
        return np.unique(self.places[content_columns(tokenize(text))])


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def save_words(table: WordTable, rarity: Floats, path: Path) -> None:
    """Write a table of vectors and how rare its words are; the same table gives the same bytes."""
    with path.open("wb") as file:
        np.savez_compressed(file, keys=table.keys, rows=table.rows, scale=table.scale, rarity=rarity)
