"""What lists of names know of a word: given name, other name, town, ordinary word, firm."""

from __future__ import annotations

import gzip
import re
import unicodedata
from bisect import bisect_left
from functools import cache
from importlib.resources import files

from .accents import without_accents

GIVEN, NAME, TOWN, WORD, FIRM = 1, 2, 4, 8, 16
"""Classes of words; a word may belong to several: Florent (a name and a word), Paris (a name and a town)."""

ANONYMOUS = re.compile(
    r"\b(?:anonyme|anonymous|participant(?:[·.\-(]?e\)?)?s?|participante?s?|un(?:[·.\-(]?e\)?)? (?:participant|coworker|membre|stagiaire|usag[eè]re?))\b",
    re.IGNORECASE,
)
"""What stands in the place of a name and names nobody."""


@cache
def _lines() -> list[str]:
    data = gzip.decompress((files("testimony") / "data" / "gazetteer.txt.gz").read_bytes())
    return data.decode("utf-8").rstrip("\n").split("\n")


def _code(word: str) -> int:
    """Code of a word in the sorted list, 0 where it is not there: made into a table, the list would take four times as long to read."""
    key, lines = word + "\t", _lines()
    line = lines[min(bisect_left(lines, key), len(lines) - 1)]
    return int(line[len(key) :]) if line.startswith(key) else 0


@cache
def _forenames() -> frozenset[str]:
    lines = (files("testimony") / "data" / "forenames.txt").read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


@cache
def classes(word: str) -> int:
    """Sum of the classes of a word, whatever its case; an inflected form counts as the ordinary word it comes from.

    Given names that only older people bear, and those that a list has without the accent of their capital («Éric»), are given names too.

    Examples
    --------
    >>> bool(classes("Nantes") & TOWN), bool(classes("Samia") & GIVEN), bool(classes("maisons") & WORD)
    (True, True, True)
    """
    code, lower = _listed(word), _plain(word)
    if lower in _forenames() or (lower[:1] in "éèêëâîïôû" and _code(without_accents(lower[:1]) + lower[1:]) & GIVEN):
        code |= GIVEN
    return code


@cache
def begins_a_town(word: str) -> bool:
    """Tell a word by which people call a town of a longer name: «Carhaix» for Carhaix-Plouguer.

    Examples
    --------
    >>> begins_a_town("Carhaix"), begins_a_town("Hublot")
    (True, False)
    """
    start, lines = _plain(word) + "-", _lines()
    line = lines[min(bisect_left(lines, start), len(lines) - 1)]
    return len(word) > 4 and line.startswith(start) and bool(int(line.rpartition("\t")[2]) & TOWN)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower().replace("’", "'")


@cache
def _listed(word: str) -> int:
    lower = _plain(word)
    code = _code(lower)
    if not code & WORD and any(_code(lower[:-cut]) & WORD for cut in (1, 2) if len(lower) > cut + 2):
        code |= WORD
    if "-" in lower:  # Jean-Marc, Marche-en-Famenne
        parts = [_code(part) for part in lower.split("-")]
        code |= GIVEN if len(parts) == 2 and all(part & GIVEN for part in parts) else 0
    return code


def prefix(text: str) -> str:
    """First letter of a token with the classes that lists give it, read by the pipeline's embedding, which was trained so, as spaCy's `PREFIX`."""
    return f"{text[:1]}{_listed(text)}" if text[:1].isalpha() else text[:1]
