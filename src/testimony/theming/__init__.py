"""Which themes a sentence speaks of, and the words that prove it: the running half of what `testimony.learning.themes` trains."""

from .evidence import prove
from .features import KINDS, Reading, SentenceReader, context_matrix, surface_matrix
from .model import ThemeModel, model_beside, model_folder

__all__ = ["KINDS", "Reading", "SentenceReader", "ThemeModel", "context_matrix", "model_beside", "model_folder", "prove", "surface_matrix"]
