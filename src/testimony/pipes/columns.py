"""Attributes of the words of a batch of documents as columns, looked at together."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc


def columns(docs: Sequence[Doc], attributes: Sequence[int]) -> NDArray[np.uint64]:
    """Give a row per word of all documents, a column per attribute."""
    return np.concatenate([doc.to_array(attributes).reshape(-1, len(attributes)) for doc in docs])


def places(docs: Sequence[Doc], marked: NDArray[np.bool_]) -> list[list[int]]:
    """Give the numbers of each document's marked words."""
    at = np.flatnonzero(marked)
    ends = np.cumsum([len(doc) for doc in docs]).tolist()
    borders = [0, *np.searchsorted(at, ends).tolist()]
    return [(at[first:last] - (end - len(doc))).tolist() for doc, end, (first, last) in zip(docs, ends, pairwise(borders), strict=True)]
