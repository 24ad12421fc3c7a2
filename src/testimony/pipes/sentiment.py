"""`testimony_sentiment`: polarity of each sentence and toward each theme, with the words that made it.

Writes ``doc.spans["sentences"]`` (label: polarity; attrs ``scores``, ``baseline``, ``irony``, ``cues``, and ``overall``, the score of the
whole text) and adds ``polarity`` and ``polarity_scores`` to the attrs of ``doc.spans["themes"]``, so it runs after `testimony_themes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.tokens import Span, SpanGroup

from .. import store
from ..annotations import SENTENCES, THEMES
from ..lexicon import DATA
from ..polarity import Grammar, PolarityModel, Verdict, toward
from .batchwise import Batchwise
from .cutting import Cut, cut_before

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "sentiment"
GRAMMAR = "grammar"
FILES = ("lexicon*.tsv", "expressions*.tsv", "polarity.toml")


Judged = Sequence[tuple[Cut, Verdict]]
"""The sentences of a document, and the verdict on each."""


class SentimentComponent(Batchwise):
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

    def predict(self, docs: Sequence[Doc]) -> list[Judged]:
        """Judge the sentences of documents; reads only."""
        sentences = [cut_before(doc) for doc in docs]
        verdicts = self.model.read(self.grammar, [[sentence.text for sentence in group] for group in sentences])
        return [list(zip(group, row, strict=True)) for group, row in zip(sentences, verdicts, strict=True)]

    def set_annotations(self, docs: Sequence[Doc], predictions: Sequence[Judged]) -> None:
        """Write the span groups."""
        overall = self.model.overall([[verdict for _, verdict in judged] for judged in predictions])
        for doc, judged, score in zip(docs, predictions, overall, strict=True):
            attrs = {
                "scores": [round(verdict.score, 4) for _, verdict in judged],
                "baseline": [round(verdict.baseline, 4) for _, verdict in judged],
                "irony": [verdict.reading.irony for _, verdict in judged],
                "overall": round(score, 4),
                "cues": [
                    [[sentence.at + start, sentence.at + end] for start, end in verdict.reading.cues()] for sentence, verdict in judged
                ],
            }
            spans = [Span(doc, sentence.start, sentence.end, label=verdict.polarity) for sentence, verdict in judged]
            doc.spans[SENTENCES] = SpanGroup(doc, name=SENTENCES, attrs=attrs, spans=spans)
            if THEMES in doc.spans:
                _set_themes(doc, judged)

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


def _set_themes(doc: Doc, judged: Judged) -> None:
    group = doc.spans[THEMES]
    by_start = {sentence.start: (sentence.at, verdict) for sentence, verdict in judged}
    polarities: list[str] = []
    scores: list[float] = []
    for span, evidence in zip(group, group.attrs.get("evidence", [[]] * len(group)), strict=True):
        at, verdict = by_start.get(span.start, (0, None))
        polarity, score = toward(verdict, [(start - at, end - at) for start, end in evidence]) if verdict else ("neutral", 0.0)
        polarities.append(polarity)
        scores.append(round(score, 4))
    group.attrs.update(polarity=polarities, polarity_scores=scores)


def _read_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for glob in FILES for path in sorted(folder.glob(glob))}
