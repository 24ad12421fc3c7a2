"""`testimony_themes`: the themes of each sentence, how sure they are, and the words that prove them.

Writes ``doc.spans["themes"]``: one span per sentence and theme (label: theme id; attrs ``scores`` and ``evidence``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.tokens import Span, SpanGroup

from ..annotations import THEMES
from ..codebook import Codebook
from ..errors import ModelNotFoundError
from ..theming import Found, ThemeFinder, ThemeModel
from .batchwise import Batchwise
from .cutting import Cut, cut_for_the_next

if TYPE_CHECKING:
    from spacy.tokens import Doc


class ThemeComponent(Batchwise):
    """Finds themes; made by the factory ``testimony_themes``.

    Parameters
    ----------
    name
        Name in the pipeline.
    finder
        What finds them in sentences.
    """

    def __init__(self, name: str, finder: ThemeFinder) -> None:
        self.name = name
        self.finder = finder

    def predict(self, docs: Sequence[Doc]) -> list[list[tuple[Cut, Found]]]:
        """Find the themes of each document's sentences."""
        sentences = [cut_for_the_next(doc) for doc in docs]
        found = self.finder.find([[sentence.text for sentence in group] for group in sentences])
        return [[(group[item.sentence], item) for item in items] for group, items in zip(sentences, found, strict=True)]

    def set_annotations(self, docs: Sequence[Doc], predictions: Sequence[Sequence[tuple[Cut, Found]]]) -> None:
        """Write the themes; evidence is told in code points of the document."""
        for doc, found in zip(docs, predictions, strict=True):
            spans = [Span(doc, sentence.start, sentence.end, label=item.theme) for sentence, item in found]
            evidence = [[[sentence.at + start, sentence.at + end] for start, end in item.evidence] for sentence, item in found]
            attrs = {"scores": [item.score for _, item in found], "evidence": evidence}
            doc.spans[THEMES] = SpanGroup(doc, name=THEMES, spans=spans, attrs=attrs)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the codebook and the model beside the pipeline."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps(self.finder.codebook.to_dict(), ensure_ascii=False, indent=1)
        (folder / "codebook.json").write_text(content + "\n", "utf-8")
        if self.finder.model:
            self.finder.model.save(folder)

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
        self.finder = ThemeFinder(codebook, model, self.finder.lexicon)
        return self
