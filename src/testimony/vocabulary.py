"""What the pipeline's vocabulary knows of each word; set up when spaCy creates our pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .embedding import plain

if TYPE_CHECKING:
    from spacy.language import Language

_READ = ("norm_", "prefix_", "suffix_", "shape_", "lower_")


def _suffix(text: str) -> str:
    return text[-3:]


def _prepare(nlp: Language) -> Language:
    from spacy.attrs import NORM, PREFIX, SUFFIX

    from .gazetteer import prefix
    from .tokenizer import CACHE

    getters = nlp.vocab.lex_attr_getters
    # The network reads norm, prefix, suffix and shape of a word and no other attribute; its first letter alone says little, so the
    # gazetteer's classes ride on it.
    getters.update({NORM: str.lower, PREFIX: prefix, SUFFIX: _suffix})
    # Every attribute, those that rules read too, is that of the word typed plainly, so that typography changes nothing.
    getters.update({attribute: _of_plain(getter) for attribute, getter in getters.items()})
    for word in list(nlp.vocab):  # the tokenizer's special cases, which were there before
        typed = plain(word.orth_)
        if typed != word.orth_:
            for name in _READ:
                setattr(word, name, getattr(nlp.vocab[typed], name))
    nlp.tokenizer.max_cache_size = CACHE
    return nlp


def _of_plain(getter: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: getter(plain(text))


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
