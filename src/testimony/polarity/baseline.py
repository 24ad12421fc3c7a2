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
    spec = None if "textblob_fr" in sys.modules else find_spec("textblob_fr")
    if spec is not None:
        sys.modules["textblob_fr"] = module_from_spec(spec)
    try:
        table = import_module("textblob_fr.fr").sentiment
    finally:
        if spec is not None:
            del sys.modules["textblob_fr"]  # who imports the package later gets all of it
    len(table)  # the words are read now: from here on the table is a dictionary like any other, and looks words up like one
    table.__class__ = type("Sentiment", (type(table),), {name: getattr(dict, name) for name in ("__contains__", "__getitem__", "get")})
    return table


@lru_cache(maxsize=4096)
def textblob(text: str) -> float:
    """Polarity of a sentence according to textblob-fr, in [-1, 1]."""
    return max(-1.0, min(1.0, float(_french()(text)[0])))
