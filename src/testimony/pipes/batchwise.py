"""What components that understand documents by batches have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from spacy.util import minibatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Doc


class Batchwise(ABC):
    """A spaCy component: `predict` works out what is in some documents, which it only reads, and `set_annotations` writes it."""

    @abstractmethod
    def predict(self, docs: Sequence[Doc], /) -> Any:
        """Work out what is in documents."""

    @abstractmethod
    def set_annotations(self, docs: Sequence[Doc], found: Any, /) -> None:
        """Write it."""

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Annotate documents by batches."""
        for docs in minibatch(stream, size=batch_size):
            self.set_annotations(docs, self.predict(docs))
            yield from docs
