"""Polarity: the grammar that composes the evidence of words, the features drawn from it, and the model that decides."""

from ..types import POLARITIES
from .clauses import lean_of_clauses, toward
from .grammar import Grammar, Reading
from .model import PolarityModel, Verdict

__all__ = ["POLARITIES", "Grammar", "PolarityModel", "Reading", "Verdict", "lean_of_clauses", "toward"]
