"""One way to leave accents out, for comparison only."""

from __future__ import annotations

import unicodedata
from itertools import filterfalse


def without_accents(text: str) -> str:
    """Drop the accents and leave the letters, decomposed ones included.

    Examples
    --------
    >>> without_accents("Éloïse, garçon")
    'Eloise, garcon'
    """
    return text if text.isascii() else "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFD", text)))
