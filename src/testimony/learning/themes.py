"""Training and measuring the theme model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..codebook import Codebook
from ..lexicon import Lexicon
from ..theming import Reading, SentenceReader, ThemeModel
from ..theming.model import Floats
from .classifiers import ThemeClassifier, choose_thresholds
from .data import LabelledText, apart

FOLDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the theme model is trained.

    Attributes
    ----------
    own
        Scale of the signs for the theme itself (see `ThemeClassifier`).
    weights
        What a sentence weighs by the kind of its text: ``real``, ``far`` (real, of other genres) or ``written`` for the project; 0 leaves
        it out.
    level
        What the thresholds average to. The threshold with the best F1 is half the F1 reached: one reading's labels, which the model is
        cross-validated on, allow little more than 0.4 and would put it at 0.2; two readings settled, as in testimonials that are
        measured on, allow more. Moving all thresholds at once keeps what tells the themes apart.
    """

    C: float = 3.0
    min_count: int = 2
    own: float = 1.0
    weights: Mapping[str, float] = field(default_factory=lambda: {"real": 2.0, "far": 0.5, "written": 1.0})
    level: float = 0.32


@dataclass(eq=False)
class Table:
    """Sentences ready to learn from: readings, labels, weights and what keeps them together."""

    readings: list[Reading]
    texts: Floats
    labels: np.ndarray
    ignored: np.ndarray
    weights: Floats
    groups: np.ndarray
    kinds: np.ndarray

    @classmethod
    def build(cls, texts: Sequence[LabelledText], reader: SentenceReader, settings: Settings) -> Table:
        """Read labelled texts; groups are what cross-validation keeps together."""
        sentences = [(number, text, sentence) for number, text in enumerate(texts) for sentence in text.sentences]
        ids = reader.codebook.ids
        return cls(
            readings=reader.read_all([sentence.text for _, _, sentence in sentences]),
            texts=np.array([number for number, _, _ in sentences]),
            labels=np.array([[theme in sentence.themes for theme in ids] for _, _, sentence in sentences]),
            ignored=np.array([[theme in sentence.themes_either for theme in ids] for _, _, sentence in sentences]),
            weights=np.array([settings.weights.get(text.kind, 1.0) for _, text, _ in sentences]),
            groups=np.array([apart(text) for _, text, _ in sentences]),
            kinds=np.array([text.kind for _, text, _ in sentences]),
        )

    def rows(self, wanted: np.ndarray) -> tuple[list[Reading], list[int]]:
        """Give the classifier what it takes, for some sentences."""
        return [self.readings[i] for i in np.flatnonzero(wanted)], self.texts[wanted].tolist()


def fold_of(groups: np.ndarray, folds: int = FOLDS) -> np.ndarray:
    """Spread groups over folds, the biggest first, each to the emptiest fold."""
    load, chosen = [0] * folds, {}
    for group, size in sorted(Counter(groups.tolist()).items(), key=lambda item: (-item[1], item[0])):
        chosen[group] = load.index(min(load))
        load[chosen[group]] += size
    return np.array([chosen[group] for group in groups.tolist()])


def folds_of(table: Table) -> np.ndarray:
    """Fold of each sentence: real and written groups are spread apart, so that every fold has its share of both."""
    fold = np.zeros(len(table.groups), dtype=int)
    for kind in np.unique(table.kinds):
        rows = table.kinds == kind
        fold[rows] = fold_of(table.groups[rows])
    return fold


def cross_validate(table: Table, settings: Settings) -> Floats:
    """Probability of each theme in each sentence, from models that did not see the sentence's group."""
    fold = folds_of(table)
    probabilities = np.zeros(table.labels.shape)
    for number in range(FOLDS):
        test = fold == number
        seen = ~test & (table.weights > 0)
        model = ThemeClassifier(settings.C, settings.min_count, settings.own)
        model.fit(table.rows(seen), table.labels[seen], sample_weight=table.weights[seen])
        probabilities[test] = model.predict_proba(table.rows(test))
    return probabilities


def fit(texts: Sequence[LabelledText], codebook: Codebook, lexicon: Lexicon, settings: Settings | None = None) -> ThemeModel:
    """Train a model: thresholds by cross-validation, weights on everything."""
    settings = settings or Settings()
    table = Table.build(texts, SentenceReader(codebook, lexicon), settings)
    thresholds = thresholds_of(cross_validate(table, settings), table.labels, table.weights, settings)
    model = ThemeClassifier(settings.C, settings.min_count, settings.own)
    seen = table.weights > 0
    model.fit(table.rows(seen), table.labels[seen], sample_weight=table.weights[seen])
    model.thresholds_ = thresholds
    kinds = Counter(table.kinds[seen].tolist())
    return model.to_model(codebook.ids, sentences=dict(sorted(kinds.items())), codebook=codebook.fingerprint)


def thresholds_of(probabilities: Floats, labels: np.ndarray, weights: Floats, settings: Settings) -> Floats:
    """Thresholds from probabilities that cross-validation gave, moved together to the level of the settings."""
    thresholds = choose_thresholds(probabilities, labels, weights)
    return np.clip(thresholds + settings.level - thresholds.mean(), 0.05, 0.9)


def scores(found: np.ndarray, labels: np.ndarray, ignored: np.ndarray, themes: Sequence[str]) -> dict[str, Any]:
    """Precision, recall and F1 per theme, micro and macro; what readers disagreed on counts neither way."""
    counted = ~ignored
    hit = (found & labels & counted).sum(axis=0)
    false = (found & ~labels & counted).sum(axis=0)
    missed = (~found & labels & counted).sum(axis=0)
    per = {
        theme: {
            "precision": _ratio(hit[i], hit[i] + false[i]),
            "recall": _ratio(hit[i], hit[i] + missed[i]),
            "f1": _ratio(2 * hit[i], 2 * hit[i] + false[i] + missed[i]),
            "sentences": int(labels[:, i].sum()),
        }
        for i, theme in enumerate(themes)
    }
    return {
        "micro_f1": _ratio(2 * hit.sum(), 2 * hit.sum() + false.sum() + missed.sum()),
        "macro_f1": float(np.mean([row["f1"] for row in per.values()])),
        "themes": per,
    }


def _ratio(part: Any, whole: Any) -> float:
    return float(part) / float(whole) if whole else 0.0


def evaluate(model: ThemeModel, texts: Sequence[LabelledText], codebook: Codebook, lexicon: Lexicon) -> dict[str, Any]:
    """Measure a model on labelled texts."""
    table = Table.build(texts, SentenceReader(codebook, lexicon), Settings())
    found = model.probabilities(table.readings, table.texts.tolist()) >= model.thresholds
    return scores(found, table.labels, table.ignored, model.themes)
