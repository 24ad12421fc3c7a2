"""What a corpus says of themes that nobody labelled in it: the words that stand where a theme is promised."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..theming.features import BITS
from ..theming.model import Floats
from ..theming.promise import Kin
from .kinship import Kinship

DOUBT = 4.0
"""Sentences of the usual mixture that are counted beside those a word stands in: words that stand in few say little."""


def hear(kinship: Kinship, kin: Kin, sentences: Sequence[list[int]], guesses: Floats) -> Kin:
    """Add to what is known of words the company they keep in a corpus.

    Parameters
    ----------
    kinship
        Vectors of words.
    kin
        What the codebook alone tells of words.
    sentences
        Columns of the words of each sentence of the corpus.
    guesses
        Sentences × themes: how likely each theme is in each sentence.
    """
    words = [np.unique(np.array(sentence, dtype=int)) for sentence in sentences]
    seen, company = _company(words, guesses)
    places = kin.places.copy()
    new = seen[places[seen] == 0]
    places[new] = len(kin.rarity) + np.arange(len(new))
    closeness = np.zeros((len(kin.rarity) + len(new), guesses.shape[1], kin.closeness.shape[2] + 2), np.float32)
    closeness[: len(kin.rarity), :, :-2] = kin.closeness
    closeness[: len(kin.rarity), :, -2] = _echo(kinship, words, guesses) * kinship.rarity[:, None]
    closeness[places[seen], :, -1] = company
    return Kin(places, np.append(kin.rarity, np.zeros(len(new), np.float32)), closeness)


def _company(words: list[np.ndarray], guesses: Floats) -> tuple[np.ndarray, Floats]:
    """Columns that occur, and how much more likely each theme is in sentences that have the word (log-odds)."""
    columns, owners = np.concatenate(words), np.repeat(np.arange(len(words)), [len(one) for one in words])
    number = np.bincount(columns, minlength=1 << BITS)
    seen, usual = np.flatnonzero(number), guesses.mean(axis=0)
    promised = np.stack([np.bincount(columns, theme[owners], 1 << BITS)[seen] for theme in guesses.T], axis=1)
    return seen, _log_odds((promised + DOUBT * usual) / (number[seen, None] + DOUBT)) - _log_odds(usual)


def _log_odds(chances: Floats) -> Floats:
    chances = np.clip(chances, 1e-6, 0.99)
    return np.asarray(np.log(chances / (1 - chances)))


def _echo(kinship: Kinship, words: list[np.ndarray], guesses: Floats) -> Floats:
    """Closeness of each word that has a vector to the sentences in which a theme is promised rather than to all."""
    rows = [kinship.places[one] for one in words]
    whole = np.array([kinship.rarity[row].sum() for row in rows])
    meant = np.array([kinship.rarity[row] @ kinship.vectors[row] for row in rows]) / np.maximum(whole, 1e-6)[:, None]
    usual = meant.mean(axis=0)
    centres = guesses.T @ (meant - usual)
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    return np.asarray((kinship.vectors - usual) @ centres.T)
