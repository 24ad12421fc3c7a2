"""What the pipeline's vocabulary knows of each word; set up when spaCy creates our pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .embedding import plain

if TYPE_CHECKING:
    from spacy.language import Language


def _norm(text: str) -> str:
    return plain(text).lower()


def _suffix(text: str) -> str:
    return plain(text)[-3:]


def _shape(text: str) -> str:
    from spacy.lang.lex_attrs import word_shape

    return str(word_shape(plain(text)))


def _prepare(nlp: Language) -> Language:
    from spacy.attrs import NORM, PREFIX, SHAPE, SUFFIX

    from .gazetteer import prefix
    from .tokenizer import CACHE

    # The network reads these four attributes of a word and no other, so that typography changes nothing; its first letter alone says
    # little, so the gazetteer's classes ride on it.
    nlp.vocab.lex_attr_getters.update({NORM: _norm, PREFIX: prefix, SUFFIX: _suffix, SHAPE: _shape})
    nlp.tokenizer.max_cache_size = CACHE
    return nlp


def make_vocabulary() -> Callable[[Language], Language]:
    """Give the callback named in the pipeline's configuration."""
    return _prepare


def register() -> None:
    """Make callback, tokenizer and layer known where the package runs without being installed; entry points do it otherwise."""
    from spacy import registry

    from .embedding import make_embed
    from .tokenizer import make_tokenizer

    if "testimony_tokenizer" not in registry.tokenizers:
        registry.tokenizers.register("testimony_tokenizer", func=make_tokenizer)
    if "testimony_vocabulary" not in registry.callbacks:
        registry.callbacks.register("testimony_vocabulary", func=make_vocabulary)
    if "testimony_embed" not in registry.architectures:
        registry.architectures.register("testimony_embed", func=make_embed)
