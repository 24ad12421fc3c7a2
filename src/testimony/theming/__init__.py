"""Which themes a sentence speaks of, and the words that prove it: the running half of what `testimony.learning.themes` trains."""

from .evidence import prove
from .features import KINDS, Reading, SentenceReader, Surface, context_matrix, surface
from .finder import Found, ThemeFinder
from .model import Promised, ThemeModel, model_beside, model_folder
from .promise import Described, Promise, pair_features

__all__ = [
    "KINDS",
    "Described",
    "Found",
    "Promise",
    "Promised",
    "Reading",
    "SentenceReader",
    "Surface",
    "ThemeFinder",
    "ThemeModel",
    "context_matrix",
    "model_beside",
    "model_folder",
    "pair_features",
    "prove",
    "surface",
]
