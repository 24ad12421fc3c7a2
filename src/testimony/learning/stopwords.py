"""Lemmas of grammar, and those so general that they tell no theme from another."""

from __future__ import annotations

from functools import cache

from ..lexicon import DATA


@cache
def stopwords() -> frozenset[str]:
    """Words of ``data/stopwords.txt``."""
    lines = (DATA / "stopwords.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
