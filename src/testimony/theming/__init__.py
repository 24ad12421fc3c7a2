"""Which themes a sentence speaks of, and the words that prove it: the running half of what `testimony.learning.themes` trains."""

from .evidence import prove
from .features import KINDS, Reading, SentenceReader, context_matrix, surface_matrix
from .model import ThemeModel

__all__ = ["KINDS", "Reading", "SentenceReader", "ThemeModel", "context_matrix", "prove", "surface_matrix"]
