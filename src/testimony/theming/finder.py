"""Texts cut into sentences → the themes of each sentence, how sure they are, and the words that prove them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .. import store
from ..codebook import Codebook
from ..lexicon import Lexicon, builtin
from ..types import Span
from .evidence import prove
from .features import Reading, SentenceReader
from .model import ThemeModel, model_beside

MODEL = "themes"


class Found(NamedTuple):
    """A theme in sentence number `sentence` of its text; evidence in code points of the sentence."""

    sentence: int
    theme: str
    score: float
    evidence: list[Span]


class ThemeFinder:
    """Finds themes in sentences.

    Parameters
    ----------
    codebook
        The themes.
    model
        Weights trained for these themes; ``None`` reads by the codebook's patterns alone.
    lexicon
        Words that suggest themes.
    """

    def __init__(self, codebook: Codebook, model: ThemeModel | None, lexicon: Lexicon) -> None:
        self.codebook, self.model, self.lexicon = codebook, model, lexicon
        self._reader = SentenceReader(codebook, lexicon)

    @classmethod
    def build(cls, codebook: str | None = None) -> ThemeFinder:
        """Make it with what comes with the package, or with a user's codebook.

        The trained model knows the built-in themes: it is used for a codebook that has the same ids. For another codebook the model is
        the one that `testimony train themes` left beside it, if any.
        """
        book = Codebook.load(codebook) if codebook else Codebook.builtin()
        model = model_beside(Path(codebook), book.ids) if codebook else None
        if model is None and book.ids == Codebook.builtin().ids:
            model = ThemeModel.load(store.models_path() / MODEL)
        return cls(book, model, builtin())

    def find(self, texts: Sequence[Sequence[str]]) -> list[list[Found]]:
        """Find the themes of texts given as their sentences: one matrix product for all, so a batch of texts at once is fastest."""
        places = [(text, number) for text, sentences in enumerate(texts) for number in range(len(sentences))]
        readings = self._reader.read_all([sentence for sentences in texts for sentence in sentences])
        found: list[list[Found]] = [[] for _ in texts]
        scores = self._scores(readings, [text for text, _ in places])
        ids = self.codebook.ids
        for row, theme in np.argwhere(scores > 0).tolist():
            text, number = places[row]
            evidence = prove(readings[row], theme, self.model)
            found[text].append(Found(number, ids[theme], round(float(scores[row, theme]), 4), evidence))
        return found

    def _scores(self, readings: Sequence[Reading], texts: Sequence[int]) -> np.ndarray:
        if self.model is None:
            return np.array([1.0 - 0.5 ** reading.counts[0] for reading in readings]).reshape(len(readings), -1)
        probabilities = self.model.probabilities(readings, texts)
        return np.where(probabilities >= self.model.thresholds, probabilities, 0.0)
