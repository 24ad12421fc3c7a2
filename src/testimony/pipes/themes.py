"""`testimony_themes`: the themes of each sentence, how sure they are, and the words that prove them.

Writes ``doc.spans["themes"]``: one span per sentence and theme (label: theme id; attrs ``scores`` and ``evidence``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from spacy.tokens import Span as DocSpan
from spacy.tokens import SpanGroup
from spacy.util import minibatch

from .. import store
from ..annotations import THEMES
from ..codebook import Codebook
from ..errors import ModelNotFoundError
from ..lexicon import Lexicon, builtin
from ..theming import Reading, SentenceReader, ThemeModel, model_beside, prove
from ..types import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "themes"


class Found(NamedTuple):
    """A theme in the sentence of tokens ``[start, end)``; evidence in code points of the document."""

    start: int
    end: int
    theme: str
    score: float
    evidence: list[Span]


class ThemeComponent:
    """Finds themes; made by the factory ``testimony_themes``.

    Parameters
    ----------
    name
        Name in the pipeline.
    codebook
        The themes.
    model
        Weights trained for these themes; ``None`` reads by the codebook's patterns alone.
    lexicon
        Words that suggest themes.
    """

    def __init__(self, name: str, codebook: Codebook, model: ThemeModel | None, lexicon: Lexicon) -> None:
        self.name = name
        self._set(codebook, model, lexicon)

    def _set(self, codebook: Codebook, model: ThemeModel | None, lexicon: Lexicon) -> None:
        self.codebook, self.model, self.lexicon = codebook, model, lexicon
        self._reader = SentenceReader(codebook, lexicon)

    @classmethod
    def build(cls, nlp: Language, name: str, codebook: str | None = None) -> ThemeComponent:
        """Make the component with what comes with the package, or with a user's codebook.

        The trained model knows the built-in themes: it is used for a codebook that has the same ids. For another codebook the model is
        the one that `testimony train themes` left beside it, if any.
        """
        book = Codebook.load(codebook) if codebook else Codebook.builtin()
        model = model_beside(Path(codebook), book.ids) if codebook else None
        if model is None and book.ids == Codebook.builtin().ids:
            model = ThemeModel.load(store.models_path() / MODEL)
        return cls(name, book, model, builtin())

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        self.set_annotations([doc], self.predict([doc]))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Annotate documents by batches: one matrix product for all sentences of a batch."""
        for docs in minibatch(stream, size=batch_size):
            self.set_annotations(docs, self.predict(docs))
            yield from docs

    def predict(self, docs: Sequence[Doc]) -> list[list[Found]]:
        """Find the themes of each document's sentences."""
        sentences = [(number, sent.start, sent.end, sent.start_char, sent.text) for number, doc in enumerate(docs) for sent in doc.sents]
        readings = [self._reader.read(text) for *_, text in sentences]
        found: list[list[Found]] = [[] for _ in docs]
        scores = self._scores(readings, [number for number, *_ in sentences])
        for row, theme in zip(*(scores > 0).nonzero(), strict=True):
            number, start, end, offset, _ = sentences[row]
            evidence = [(first + offset, last + offset) for first, last in prove(readings[row], int(theme), self._reader, self.model)]
            found[number].append(Found(start, end, self.codebook.ids[theme], round(float(scores[row, theme]), 4), evidence))
        return found

    def _scores(self, readings: Sequence[Reading], texts: Sequence[int]) -> np.ndarray:
        if self.model is None:
            return np.array([1.0 - 0.5 ** reading.counts[0] for reading in readings]).reshape(len(readings), -1)
        probabilities = self.model.probabilities(readings, texts)
        return np.where(probabilities >= self.model.thresholds, probabilities, 0.0)

    def set_annotations(self, docs: Sequence[Doc], predictions: Sequence[Sequence[Found]]) -> None:
        """Write the themes."""
        for doc, found in zip(docs, predictions, strict=True):
            spans = [DocSpan(doc, item.start, item.end, label=item.theme) for item in found]
            attrs = {"scores": [item.score for item in found], "evidence": [[list(span) for span in item.evidence] for item in found]}
            doc.spans[THEMES] = SpanGroup(doc, name=THEMES, spans=spans, attrs=attrs)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the codebook and the model beside the pipeline."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "codebook.json").write_text(json.dumps(self.codebook.to_dict(), ensure_ascii=False, indent=1) + "\n", "utf-8")
        if self.model:
            self.model.save(folder)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> ThemeComponent:
        """Load what `to_disk` saved."""
        folder = Path(path)
        if not folder.is_dir():  # the shipped pipeline holds no copy: the themes in `models/` are the only ones
            return self
        try:
            codebook = Codebook.from_dict(json.loads((folder / "codebook.json").read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelNotFoundError(f"{folder / 'codebook.json'}: cannot be read ({error}); save the pipeline again") from error
        model = ThemeModel.load(folder) if (folder / "model.json").is_file() else None
        self._set(codebook, model, self.lexicon)
        return self
