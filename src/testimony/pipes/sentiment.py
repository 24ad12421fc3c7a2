"""`testimony_sentiment`: polarity of each sentence and toward each theme, with the words that made it.

Writes ``doc.spans["sentences"]`` (label: polarity; attrs ``scores``, ``baseline``, ``irony``, ``cues``, and ``overall``, the score of the
whole text) and adds ``polarity`` and ``polarity_scores`` to the attrs of ``doc.spans["themes"]``, so it runs after `testimony_themes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from spacy.tokens import Span, SpanGroup
from spacy.util import minibatch

from .. import store
from ..annotations import SENTENCES, THEMES
from ..lexicon import DATA
from ..polarity import Grammar, PolarityModel, Verdict, toward

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "sentiment"
GRAMMAR = "grammar"
FILES = ("lexicon*.tsv", "expressions*.tsv", "polarity.toml")


class Sentence(NamedTuple):
    """Tokens ``[start, end)`` of a sentence and the verdict on it."""

    start: int
    end: int
    verdict: Verdict


class SentimentComponent:
    """Reads polarity; made by the factory ``testimony_sentiment``.

    Parameters
    ----------
    name
        Name in the pipeline.
    grammar, model
        The knowledge and the weights; `build` loads those that come with the package.
    """

    def __init__(self, name: str, grammar: Grammar, model: PolarityModel) -> None:
        self.name = name
        self.grammar = grammar
        self.model = model
        self._data = _read_files(DATA)

    @classmethod
    def build(cls, nlp: Language, name: str) -> SentimentComponent:
        """Make the component with what comes with the package."""
        return cls(name, Grammar.load(), PolarityModel.load(store.models_path() / MODEL))

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        self.set_annotations([doc], self.predict([doc]))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Annotate documents in batches."""
        for batch in minibatch(stream, batch_size):
            docs = list(batch)
            self.set_annotations(docs, self.predict(docs))
            yield from docs

    def predict(self, docs: Sequence[Doc]) -> list[list[Sentence]]:
        """Judge the sentences of documents; reads only."""
        bounds = [[(sent.start, sent.end) for sent in doc.sents] if doc.has_annotation("SENT_START") else [(0, len(doc))] for doc in docs]
        texts = [[doc[start:end].text for start, end in group] for doc, group in zip(docs, bounds, strict=True)]
        verdicts = self.model.read(self.grammar, texts)
        return [
            [Sentence(start, end, verdict) for (start, end), verdict in zip(group, row, strict=True)]
            for group, row in zip(bounds, verdicts, strict=True)
        ]

    def set_annotations(self, docs: Sequence[Doc], predictions: Sequence[Sequence[Sentence]]) -> None:
        """Write the span groups."""
        for doc, sentences in zip(docs, predictions, strict=True):
            offsets = [doc[sentence.start].idx if sentence.start < len(doc) else 0 for sentence in sentences]
            attrs = {
                "scores": [round(sentence.verdict.score, 4) for sentence in sentences],
                "baseline": [round(sentence.verdict.baseline, 4) for sentence in sentences],
                "irony": [sentence.verdict.reading.irony for sentence in sentences],
                "overall": round(self.model.overall([sentence.verdict for sentence in sentences]), 4),
                "cues": [
                    [[at + start, at + end] for start, end in sentence.verdict.reading.cues()]
                    for at, sentence in zip(offsets, sentences, strict=True)
                ],
            }
            spans = [Span(doc, sentence.start, sentence.end, label=sentence.verdict.polarity) for sentence in sentences]
            doc.spans[SENTENCES] = SpanGroup(doc, name=SENTENCES, attrs=attrs, spans=spans)
            if THEMES in doc.spans:
                _set_themes(doc, sentences)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model and the knowledge it was made with."""
        self.model.save(Path(path))
        folder = Path(path) / GRAMMAR
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self._data.items():
            (folder / name).write_bytes(data)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> SentimentComponent:
        """Read what `to_disk` wrote."""
        if not Path(path).is_dir():  # the shipped pipeline holds no copy: the model in `models/` is the only one
            return self
        self.model = PolarityModel.load(Path(path))
        self.grammar = Grammar.load(Path(path) / GRAMMAR)
        self._data = _read_files(Path(path) / GRAMMAR)
        return self


def _set_themes(doc: Doc, sentences: Sequence[Sentence]) -> None:
    group = doc.spans[THEMES]
    by_start = {sentence.start: sentence.verdict for sentence in sentences}
    polarities: list[str] = []
    scores: list[float] = []
    for span, evidence in zip(group, group.attrs.get("evidence", [[]] * len(group)), strict=True):
        verdict = by_start.get(span.start)
        at = span.start_char
        polarity, score = toward(verdict, [(start - at, end - at) for start, end in evidence]) if verdict else ("neutral", 0.0)
        polarities.append(polarity)
        scores.append(round(score, 4))
    group.attrs.update(polarity=polarities, polarity_scores=scores)


def _read_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for glob in FILES for path in sorted(folder.glob(glob))}
