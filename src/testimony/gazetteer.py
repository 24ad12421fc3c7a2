"""What lists of names know of a word: given name, other name, town, ordinary word, firm."""

from __future__ import annotations

import gzip
import unicodedata
from functools import cache
from importlib.resources import files

GIVEN, NAME, TOWN, WORD, FIRM = 1, 2, 4, 8, 16
"""Classes of words; a word may belong to several: Florent (a name and a word), Paris (a name and a town)."""


@cache
def _classes() -> dict[str, int]:
    data = gzip.decompress((files("testimony") / "data" / "gazetteer.txt.gz").read_bytes()).decode("utf-8")
    cells = data.rstrip("\n").replace("\n", "\t").split("\t")
    return dict(zip(cells[::2], map(int, cells[1::2]), strict=True))


@cache
def classes(word: str) -> int:
    """Sum of the classes of a word, whatever its case; an inflected form counts as the ordinary word it comes from.

    Examples
    --------
    >>> bool(classes("Nantes") & TOWN), bool(classes("Samia") & GIVEN), bool(classes("maisons") & WORD)
    (True, True, True)
    """
    known = _classes()
    lower = unicodedata.normalize("NFC", word).lower().replace("’", "'")
    code = known.get(lower, 0)
    if not code & WORD and any(known.get(lower[:-cut], 0) & WORD for cut in (1, 2) if len(lower) > cut + 2):
        code |= WORD
    if "-" in lower:  # Jean-Marc, Marche-en-Famenne
        parts = [known.get(part, 0) for part in lower.split("-")]
        code |= GIVEN if len(parts) == 2 and all(part & GIVEN for part in parts) else 0
    return code


def prefix(text: str) -> str:
    """First letter of a token with its classes, read by the pipeline's embedding as spaCy's `PREFIX`."""
    return f"{text[:1]}{classes(text)}" if text[:1].isalpha() else text[:1]
