"""`testimony_encoder`: what the small French encoder says of each sentence, for the components after it.

Writes ``doc.user_data["testimony_encoder"]``: arrays of logits, a row per sentence, and the names it found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..encoder import Encoder, Floats, Read, shipped

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

KEY = "testimony_encoder"


class Opinion(NamedTuple):
    """Logits of a document's sentences, a row each, and names as ``(start, end, label)`` in code points of the document."""

    themes: Floats
    polarity: Floats
    toward: Floats
    names: list[tuple[int, int, str]]


class EncoderComponent:
    """Runs the encoder; made by the factory ``testimony_encoder``."""

    def __init__(self, name: str, encoder: Encoder | None) -> None:
        self.name = name
        self.encoder = encoder

    @classmethod
    def build(cls, nlp: Language, name: str) -> EncoderComponent:
        """Make the component with the encoder that comes with the package."""
        return cls(name, shipped())

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        self.set_annotations([doc], self.predict([doc]))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Annotate documents one by one: the encoder groups the sentences of each text itself."""
        for doc in stream:
            yield self(doc)

    def predict(self, docs: Sequence[Doc]) -> list[Opinion | None]:
        """Read each document's sentences."""
        return [_opinion(self.encoder, doc) if self.encoder is not None and len(doc) else None for doc in docs]

    def set_annotations(self, docs: Sequence[Doc], predictions: Sequence[Opinion | None]) -> None:
        """Write what was read."""
        for doc, opinion in zip(docs, predictions, strict=True):
            if opinion is not None:
                doc.user_data[KEY] = tuple(opinion)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save nothing: the encoder in `models/` is the only one."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> EncoderComponent:
        """Load nothing."""
        return self


def _opinion(encoder: Encoder, doc: Doc) -> Opinion:
    sents = list(doc.sents)
    reads = encoder.read([sent.text for sent in sents])
    names = [name for sent, read in zip(sents, reads, strict=True) for name in names_of(read, encoder.info["tags"], sent.start_char)]
    themes, polarity, toward = (np.stack([getattr(read, field) for read in reads]) for field in ("themes", "polarity", "toward"))
    return Opinion(themes, polarity, toward, names)


def opinion_of(doc: Doc) -> Opinion | None:
    """What the encoder said of a document, where it ran."""
    stored = doc.user_data.get(KEY)
    return Opinion(*stored) if stored is not None else None


def names_of(read: Read, tags: Sequence[str], offset: int) -> list[tuple[int, int, str]]:
    """Join the tags of sub-words to names in code points."""
    found: list[tuple[int, int, str]] = []
    start, end, label = -1, -1, ""
    for number, (first, last) in zip(read.tags.argmax(axis=1).tolist(), read.spans, strict=True):
        tag = tags[number]
        if start >= 0 and tag != f"I-{label}":
            found.append((start + offset, end + offset, label))
            start = -1
        if tag != "O":
            if start < 0:
                start, label = first, tag[2:]
            end = last
    if start >= 0:
        found.append((start + offset, end + offset, label))
    return found
