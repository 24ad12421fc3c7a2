"""What textblob-fr says: the named baseline, and one voice among the features."""

from __future__ import annotations

import sys
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any


@cache
def _french() -> Any:
    """Import the sentiment of textblob-fr alone: the package around it brings NLTK, SciPy's statistics and scikit-learn, two seconds."""
    spec = find_spec("textblob_fr")
    if "textblob_fr" in sys.modules or spec is None:
        return import_module("textblob_fr.fr")
    sys.modules["textblob_fr"] = module_from_spec(spec)
    try:
        return import_module("textblob_fr.fr")
    finally:
        del sys.modules["textblob_fr"]  # who imports the package later gets all of it


@lru_cache(maxsize=4096)
def textblob(text: str) -> float:
    """Polarity of a sentence according to textblob-fr, in [-1, 1]."""
    return max(-1.0, min(1.0, float(_french().sentiment(text)[0])))
