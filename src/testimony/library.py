"""The rooms as three functions for scripts: load the pipeline, read a file, segment a document."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .types import Document, Testimonial

if TYPE_CHECKING:
    from spacy.language import Language


def load(model: str | None = None, **settings: Any) -> Language:
    """Load the French pipeline with the components of testimony.

    Parameters
    ----------
    model
        Any spaCy pipeline for French, by name or path; by default the one that is shipped.
    **settings
        `codebook` and `registry`, paths of files that replace the built-in ones.

    Returns
    -------
    spacy.language.Language
        ``nlp("…").ents``, ``doc._.themes``, ``doc._.polarity``.

    Raises
    ------
    ModelNotFoundError
        If the pipeline is missing or unusable.
    """
    from . import pipeline

    return pipeline.load(model, **settings)


def read(path: str | os.PathLike[str], **settings: Any) -> list[Document]:
    """Read a file into documents: one, or one per record of a table.

    Raises
    ------
    UnreadableDocument
        If the file, or one of its records, cannot be read.
    """
    from . import readers
    from .errors import UnreadableDocument

    documents: list[Document] = []
    for item in readers.read(Path(path), **settings):
        if isinstance(item, readers.Unreadable):
            raise UnreadableDocument(item.reason)
        documents.append(item)
    return documents


def segment(document: Document, **settings: Any) -> list[Testimonial]:
    """Find the testimonials of a document; none is a normal answer."""
    from .segmentation import segment as find

    return find(document, **settings)
