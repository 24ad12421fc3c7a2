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
        return _read(import_module("textblob_fr.fr").sentiment)
    sys.modules["textblob_fr"] = module_from_spec(spec)
    try:
        return _read(import_module("textblob_fr.fr").sentiment)
    finally:
        del sys.modules["textblob_fr"]  # who imports the package later gets all of it


def _read(table: Any) -> Any:
    """Have the words read, after which the table is a dictionary like any other, and is made to look words up like one."""
    len(table)
    table.__class__ = type("Sentiment", (type(table),), {name: getattr(dict, name) for name in ("__contains__", "__getitem__", "get")})
    return table


@lru_cache(maxsize=4096)
def textblob(text: str) -> float:
    """Polarity of a sentence according to textblob-fr, in [-1, 1]."""
    return max(-1.0, min(1.0, float(_french()(text)[0])))
