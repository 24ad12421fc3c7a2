"""A user's own labels: read, learned from, and measured by cross-validation with a learning curve and the confusions."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..codebook import Codebook
from ..errors import InputError
from ..theming import SentenceReader, ThemeModel
from ..theming.model import Floats
from .classifiers import choose_thresholds
from .data import LabelledSentence, LabelledText
from .themes import Settings, Table, fold_of, scores
from .themes_weak import WITHOUT_HINTS, Known, train_weakly

ENOUGH = 300
"""Labelled sentences from which thresholds are chosen by cross-validation; below, a lucky sentence would decide."""
_COLUMNS = {
    "text": ("text", "texte", "phrase", "sentence"),
    "themes": ("themes", "theme", "thèmes", "thème"),
    "document": ("document", "id", "source"),
}


def load_labels(path: Path, codebook: Codebook) -> list[LabelledText]:
    """Read labelled sentences: JSON Lines, or a table (CSV, TSV) with the columns ``text``, ``themes`` and, if there is one, ``document``.

    Themes are ids of the codebook separated by commas, semicolons or spaces; an empty cell says that a sentence has none. Sentences of
    one document that follow each other are each other's context, and never part between training and test.

    Raises
    ------
    InputError
        With file, line, what is wrong and what is expected.
    """
    texts: list[tuple[str, list[LabelledSentence]]] = []
    for number, row in _json_rows(path) if path.suffix.lower() in (".jsonl", ".ndjson") else _table_rows(path):
        themes = (
            row["themes"]
            if isinstance(row["themes"], list | dict)
            else [one for one in re.split(r"[,;|\s]+", str(row["themes"] or "")) if one]
        )
        unknown = [theme for theme in themes if theme not in codebook.ids]
        if unknown:
            raise InputError(f"{path}:{number}: the codebook has no theme {unknown[0]!r}; it has {', '.join(codebook.ids)}")
        document = _document(row.get("document"), number)
        if not texts or texts[-1][0] != document:
            texts.append((document, []))
        texts[-1][1].append(LabelledSentence(text=str(row["text"]), themes=dict.fromkeys(themes, ""), polarity="neutral"))
    if not texts:
        raise InputError(f"{path}: no labelled sentence; give a text and its themes on each line")
    return [LabelledText(f"{document}:{index}", document, document, "real", tuple(found)) for index, (document, found) in enumerate(texts)]


def _document(given: Any, number: int) -> str:
    """Name the document of a row: as given, without the number of the sentence (``document#3``); a row without one stands alone."""
    name = str(given or f"line {number}")
    return name.rpartition("#")[0] or name


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_read(path).splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                yield number, {"text": row["text"], "themes": row["themes"], "document": row.get("document", row.get("id"))}
            except (ValueError, KeyError, TypeError, AttributeError):
                raise InputError(f"{path}:{number}: each line needs an object with text and themes") from None


def _table_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = _read(path).splitlines()
    marks = "\t;," if lines else ","
    reader = csv.DictReader(lines, delimiter=max(marks, key=lines[0].count) if lines else ",")
    names = {
        key: next((name for name in reader.fieldnames or () if name.strip().lower() in known), None) for key, known in _COLUMNS.items()
    }
    for key in ("text", "themes"):
        if names[key] is None:
            raise InputError(f"{path}:1: no column {key!r}; the table needs the columns text and themes")
    for row in reader:
        yield reader.line_num, {key: row.get(name) if name else None for key, name in names.items()}


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); a UTF-8 file is needed") from error


def train(known: Known, codebook: Codebook, corpus: Sequence[Sequence[str]], labelled: Sequence[LabelledText]) -> ThemeModel:
    """Train on a user's labels and unlabelled corpus; with enough labels the thresholds are chosen by cross-validation."""
    model = train_weakly(known, codebook, corpus, labelled)
    if sum(len(text.sentences) for text in labelled) >= ENOUGH:
        table, probabilities, _, _ = _cross_validate(known, codebook, corpus, labelled, 1.0)
        model.thresholds = choose_thresholds(probabilities, table.labels, table.weights)
    return model


class Measured(NamedTuple):
    """What cross-validation says: figures of the model, of the patterns alone, the curve and the confusions."""

    model: dict[str, Any]
    patterns: dict[str, Any]
    curve: list[tuple[int, float, float]]  # labelled sentences, micro-F1, macro-F1
    confusions: list[tuple[str, str, int]]  # theme missed, theme given instead, sentences
    sureness: list[tuple[float, float, int]]  # mean probability, share that is right, decisions


def evaluate(
    known: Known,
    codebook: Codebook,
    corpus: Sequence[Sequence[str]],
    labelled: Sequence[LabelledText],
    *,
    steps: Sequence[float] = (0.25, 0.5, 1.0),
) -> Measured:
    """Measure a user's codebook on the user's labels: each sentence is read by a model that did not see its document."""
    curve = []
    for share in steps:
        table, probabilities, found, used = _cross_validate(known, codebook, corpus, labelled, share)
        figures = scores(found, table.labels, table.ignored, codebook.ids)
        curve.append((used, figures["micro_f1"], figures["macro_f1"]))
    proof = np.array([reading.counts[0] for reading in table.readings]) > 0
    return Measured(
        figures,
        scores(proof, table.labels, table.ignored, codebook.ids),
        curve,
        _confusions(found, table, codebook),
        _sureness(probabilities, table),
    )


def _found(probabilities: Floats, cuts: Floats, table: Table) -> np.ndarray:
    """Which themes are said; with enough labels the thresholds of each fold come from the others, so that no sentence chooses its own."""
    result = cuts.copy()
    if len(table.labels) >= ENOUGH:
        fold = fold_of(table.groups)
        for number in np.unique(fold):
            rest = fold != number
            result[~rest] = choose_thresholds(probabilities[rest], table.labels[rest], table.weights[rest])
    return np.asarray(probabilities >= result)


def _cross_validate(
    known: Known, codebook: Codebook, corpus: Sequence[Sequence[str]], labelled: Sequence[LabelledText], share: float
) -> tuple[Table, Floats, np.ndarray, int]:
    """Probabilities, and themes said, from models that saw none of the sentence's document, and only a share of the other documents."""
    table = Table.build(labelled, SentenceReader(codebook, WITHOUT_HINTS), Settings(weights={}))
    if len(set(table.groups.tolist())) < 2:
        raise InputError("evaluate themes: the labels are of one document only; cross-validation needs at least two (column `document`)")
    fold, used = fold_of(table.groups), []
    probabilities, cuts = np.zeros(table.labels.shape), np.zeros(table.labels.shape)
    of_text = dict(zip(table.texts.tolist(), fold.tolist(), strict=True))
    for number in sorted(set(fold.tolist())):
        seen = [text for index, text in enumerate(labelled) if of_text[index] != number]
        seen = seen[: max(1, round(len(seen) * share))]
        used.append(sum(len(text.sentences) for text in seen))
        model = train_weakly(known, codebook, corpus, seen)
        test = fold == number
        probabilities[test], cuts[test] = model.probabilities(*table.rows(test)), model.thresholds
    return table, probabilities, _found(probabilities, cuts, table), round(float(np.mean(used)))


def _confusions(found: np.ndarray, table: Table, codebook: Codebook) -> list[tuple[str, str, int]]:
    pairs: Counter[tuple[str, str]] = Counter()
    for got, true in zip(found, table.labels, strict=True):
        missed, wrong = np.flatnonzero(true & ~got), np.flatnonzero(got & ~true)
        pairs.update((codebook.ids[m], codebook.ids[w]) for m in missed for w in (wrong if len(wrong) else ()))
        pairs.update((codebook.ids[m], "–") for m in missed if not len(wrong))
        pairs.update(("–", codebook.ids[w]) for w in wrong if not len(missed))
    return [(missed, given, number) for (missed, given), number in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))]


def _sureness(probabilities: Floats, table: Table) -> list[tuple[float, float, int]]:
    """How often a theme is really there when the model is so sure, by fifths of probability."""
    edges = np.minimum((probabilities * 5).astype(int), 4)
    groups = [(probabilities[edges == one], table.labels[edges == one]) for one in range(5)]
    return [(float(chances.mean()), float(labels.mean()), len(chances)) for chances, labels in groups if len(chances)]
