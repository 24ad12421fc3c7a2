"""One way to leave accents out, for comparison only."""

from __future__ import annotations

import unicodedata


def without_accents(text: str) -> str:
    """Drop the accents and leave the letters, decomposed ones included.

    Examples
    --------
    >>> without_accents("Éloïse, garçon")
    'Eloise, garcon'
    """
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
