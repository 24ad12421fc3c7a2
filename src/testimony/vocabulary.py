"""What the pipeline's vocabulary knows of each word; set up when spaCy creates our pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

TOKENIZER_CACHE = 200_000
"""Distinct strings whose cut the tokenizer remembers; spaCy's default of 10,000 is soon full and is not saved with a model."""


def _prepare(nlp: Language) -> Language:
    from spacy.attrs import PREFIX

    from .gazetteer import prefix

    # The embedding reads four attributes of a word; its first letter alone says little, so the gazetteer's classes ride on it.
    nlp.vocab.lex_attr_getters[PREFIX] = prefix
    nlp.tokenizer.max_cache_size = TOKENIZER_CACHE
    return nlp


def make_vocabulary() -> Callable[[Language], Language]:
    """Give the callback named in the pipeline's configuration."""
    return _prepare


def register() -> None:
    """Make the callback known where the package runs without being installed; entry points do it otherwise."""
    from spacy import registry

    if "testimony_vocabulary" not in registry.callbacks:
        registry.callbacks.register("testimony_vocabulary", func=make_vocabulary)
