"""What the lexicon, the codebook and the grammar say of each sentence, as amounts that a network can be given beside the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...polarity import Grammar
from ...polarity.baseline import textblob
from ...polarity.features import dense
from ...polarity.model import LIMIT
from ...theming import SentenceReader, context_matrix
from ..data import LabelledText

Floats = NDArray[Any]


def amounts(texts: Sequence[LabelledText], reader: SentenceReader, grammar: Grammar) -> Floats:
    """Signs of themes in each sentence and around it, and the amounts that its polarity is judged by: a row for each sentence, in order."""
    sentences = [sentence.text for text in texts for sentence in text.sentences]
    numbers = [number for number, text in enumerate(texts) for _ in text.sentences]
    signs = context_matrix(reader.read_all(sentences), numbers)
    feelings = dense(grammar.read_all(sentences), sentences, textblob(sentences))
    return np.hstack([signs, feelings]).astype(np.float32)


def scaled(rows: Floats, known: Floats) -> Floats:
    """Make amounts comparable by those of the sentences in `known`; a last column says that there are any.

    The first row of the result stands for sentences of which nothing is known: zeros throughout.
    """
    mean, scale = known.mean(axis=0), known.std(axis=0)
    result = np.clip((rows - mean) / np.where(scale > 0, scale, 1.0), -LIMIT, LIMIT)
    result = np.hstack([result, np.ones((len(rows), 1))])
    return np.vstack([np.zeros((1, result.shape[1])), result]).astype(np.float32)
