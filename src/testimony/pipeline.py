"""The French pipeline: loaded with the settings that make it fast, and run over testimonials."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import store
from .annotations import read_out, register
from .errors import ModelNotFoundError
from .types import Annotations, Testimonial

if TYPE_CHECKING:
    from spacy.language import Language

BATCH = 64
"""Documents per batch: more falls out of the processor's cache, less wastes calls."""

COMPONENTS = ("testimony_entities", "testimony_spaces", "testimony_themes", "testimony_sentiment")
_LOG = logging.getLogger("testimony")


def load(
    model: str | None = None, *, codebook: str | os.PathLike[str] | None = None, registry: str | os.PathLike[str] | None = None
) -> Language:
    """Load a pipeline with the components of testimony.

    Parameters
    ----------
    model
        Any spaCy pipeline for French, by name or path; by default the one that is shipped. What it lacks is done by rules, and said
        in the log.
    codebook, registry
        Files that replace the built-in codebook and the empty registry of spaces.

    Raises
    ------
    ModelNotFoundError
        If the pipeline is missing, broken, or holds code.
    """
    from thinc.api import use_ops

    from . import vocabulary

    vocabulary.register()
    register()
    # numpy's matrix kernels know more processors than thinc's own; the choice is bound to the layers while they are made.
    with use_ops("numpy", use_blis=False):
        nlp = _load(model if model is not None else str(store.models_path() / store.PIPELINE))
    nlp.batch_size = BATCH
    _complete(nlp, {"codebook": codebook, "registry": registry})
    return nlp


def _load(model: str) -> Language:
    import spacy

    path = Path(model)
    if path.is_dir():
        code = [file.name for file in path.rglob("*") if file.suffix in (".py", ".pkl", ".pickle", ".joblib", ".pyc")]
        if code:
            raise ModelNotFoundError(f"{model}: holds code or pickles ({code[0]}), refused; use a pipeline without them")
    elif path.exists() or os.sep in model:
        raise ModelNotFoundError(f"{model}: no pipeline folder there; give a folder that spaCy wrote, or the name of an installed pipeline")
    try:
        return spacy.load(path if path.is_dir() else model)
    except (OSError, ValueError, KeyError, TypeError, ImportError, EOFError) as error:
        reason = " ".join(str(error).split())[:160]
        raise ModelNotFoundError(
            f"{model}: cannot be loaded as a spaCy pipeline ({reason}); check the name, or install it again"
        ) from error


def _complete(nlp: Language, settings: dict[str, Any]) -> None:
    """Add what a pipeline lacks, and the user's own files."""
    given = {name: os.fspath(value) for name, value in settings.items() if value is not None}
    wants = {"testimony_spaces": "registry", "testimony_themes": "codebook"}
    if nlp.lang != "fr":
        raise ModelNotFoundError(f"{nlp.meta.get('name')}: a pipeline for {nlp.lang!r}; one for French ('fr') is needed")
    if not {"senter", "parser", "sentencizer"} & set(nlp.pipe_names):
        _LOG.warning("the pipeline %s finds no sentences; rules on punctuation do it", nlp.meta.get("name"))
        nlp.add_pipe("sentencizer", first=True)
    if "ner" not in nlp.pipe_names:
        _LOG.warning("the pipeline %s finds no entities; only names that lists know are found", nlp.meta.get("name"))
    for name in COMPONENTS:
        config = {wants[name]: given[wants[name]]} if wants.get(name) in given else {}
        if name in nlp.pipe_names and config:
            following = nlp.pipe_names[nlp.pipe_names.index(name) + 1 :]
            nlp.remove_pipe(name)
            nlp.add_pipe(name, config=config, before=following[0] if following else None)
        elif name not in nlp.pipe_names:
            nlp.add_pipe(name, config=config)


def annotate(nlp: Language, testimonials: Sequence[Testimonial]) -> list[Annotations]:
    """Run the pipeline over testimonials and read out what it understood, in the same order.

    Equal texts are understood once. Nothing of spaCy leaves this function.
    """
    texts = list(dict.fromkeys(testimonial.text for testimonial in testimonials))
    wanted: dict[str, list[int]] = {}
    for number, testimonial in enumerate(testimonials):
        wanted.setdefault(testimonial.text, []).append(number)
    result: list[Annotations | None] = [None] * len(testimonials)
    with nlp.memory_zone():
        for text, doc in zip(texts, nlp.pipe(texts, batch_size=BATCH), strict=True):
            for number in wanted[text]:
                result[number] = read_out(doc, testimonials[number])
    return [annotation for annotation in result if annotation is not None]
