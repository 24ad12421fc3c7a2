"""Measuring polarity: on labelled sentences, on minimal pairs by phenomenon, on reviews of domains that were not trained on."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from ..polarity import POLARITIES, Grammar, PolarityModel, Verdict, toward
from ..types import Span
from .data import LabelledText
from .polarity_data import Review
from .polarity_text import ReadReview, fit_reviews, lean_of, read_reviews
from .sentiment import Settings, Sources, assemble, make_vocabulary, prepare

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Probabilities = NDArray[Any]
BINS = 10
"""Stretches of probability, for the calibration."""
Reader = Callable[[Verdict], str]


class Figures(NamedTuple):
    """Accuracy, mean F1 over the four classes and F1 of each, on `number` sentences."""

    number: int
    accuracy: float
    macro_f1: float
    f1: dict[str, float]


def by_model(verdict: Verdict) -> str:
    """Read the model's verdict."""
    return verdict.polarity


def by_rules(verdict: Verdict) -> str:
    """Read the verdict of the grammar alone."""
    return verdict.reading.verdict


def by_baseline(verdict: Verdict) -> str:
    """Read textblob-fr's score with the thresholds that suit it best on the development sentences."""
    return "positive" if verdict.baseline > 0.1 else "negative" if verdict.baseline < -0.05 else "neutral"


READERS: dict[str, Reader] = {"model": by_model, "rules alone": by_rules, "textblob-fr": by_baseline}


def figures(gold: Sequence[str], predicted: Sequence[str]) -> Figures:
    """Compare labels."""
    each = f1_score(gold, predicted, labels=list(POLARITIES), average=None, zero_division=0.0)
    right = float(np.mean([g == p for g, p in zip(gold, predicted, strict=True)])) if gold else 0.0
    return Figures(len(gold), right, float(each.mean()), dict(zip(POLARITIES, map(float, each), strict=True)))


def evaluate(model: PolarityModel, texts: Sequence[LabelledText], grammar: Grammar, reader: Reader = by_model) -> Figures:
    """Measure on labelled sentences in their texts; where two readers disagreed, either answer is right."""
    verdicts = model.read(grammar, [[sentence.text for sentence in text.sentences] for text in texts])
    predicted = [reader(verdict) for group in verdicts for verdict in group]
    sentences = [sentence for text in texts for sentence in text.sentences]
    gold = [p if p in s.polarity_either else s.polarity for s, p in zip(sentences, predicted, strict=True)]
    return figures(gold, predicted)


def of_probabilities(probabilities: Probabilities, labels: Numbers, chosen: Sequence[bool]) -> Figures:
    """Measure probabilities that cross-validation gave, on the chosen sentences."""
    mask = np.asarray(chosen)
    return figures([POLARITIES[i] for i in labels[mask]], [POLARITIES[i] for i in probabilities.argmax(axis=1)[mask]])


def calibration_error(probabilities: Probabilities, labels: Numbers) -> float:
    """Expected calibration error: how far, on average, the probability of the likeliest class is from how often it is right."""
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.abs(np.bincount(bins, right - sure, BINS))
    return float(gaps.sum() / max(len(labels), 1))


def toward_themes(
    texts: Sequence[LabelledText], probabilities: Probabilities, grammar: Grammar, evidence: Callable[[str, str], Sequence[Span]]
) -> dict[str, Figures]:
    """Polarity toward each theme that readers found in a sentence: the sentence's own polarity, and that of the theme's clauses.

    Measured on all themes, and on those of sentences in which readers marked praise and complaint.

    Parameters
    ----------
    probabilities
        What the model says of each sentence, in order.
    evidence
        Gives the words of a sentence that prove a theme.
    """
    sentences = [sentence for text in texts for sentence in text.sentences]
    readings = grammar.read_all([sentence.text for sentence in sentences])
    rows: list[tuple[bool, str, str, str]] = []
    for sentence, reading, row in zip(sentences, readings, probabilities, strict=True):
        verdict = Verdict(tuple(row), POLARITIES[int(row.argmax())], reading, 0.0)
        for theme, label in sentence.themes.items():
            if label:
                clause, _ = toward(verdict, evidence(sentence.text, theme))
                rows.append((sentence.polarity == "mixed", label, verdict.polarity, clause))
    result = {}
    for name, some in (("", rows), (", mixed sentences", [row for row in rows if row[0]])):
        for voice, place in (("sentence", 2), ("clauses", 3)):
            result[voice + name] = figures([str(row[1]) for row in some], [str(row[place]) for row in some])
    return result


def challenge(model: PolarityModel, grammar: Grammar, path: Path) -> dict[str, dict[str, float]]:
    """Accuracy on minimal pairs: phenomenon → reader → share right; ``all`` and the parts of the set stand beside the phenomena."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for row, (verdict,) in zip(rows, model.read(grammar, [[row["text"]] for row in rows]), strict=True):
        for name, reader in READERS.items():
            for key in (row["phenomenon"], f"({row['part']})", "(all)"):
                right[key][name].append(reader(verdict) == row["polarity"])
    return {key: {name: float(np.mean(oks)) for name, oks in by.items()} for key, by in sorted(right.items())}


def held_out_domains(sources: Sources, measured: Sequence[Review], grammar: Grammar, settings: Settings) -> dict[str, tuple[float, float]]:
    """Accuracy on whole reviews by models that saw none of their domain: domain → (ours, textblob-fr).

    Parameters
    ----------
    measured
        Reviews that are never trained on; read by a model of all the others, and by one without their domain (``… unseen``).
    """
    read, apart = read_reviews(sources.reviews, grammar), read_reviews(measured, grammar)
    domains = np.array([review.domain for review in sources.reviews])
    result = {}
    for domain in sorted(set(domains)):
        result[domain] = _unseen(sources.reviews, read, domains != domain, settings)
    for name, seen in (("", domains != ""), (" unseen", domains != measured[0].domain)) if measured else ():
        seen = np.concatenate([seen, np.zeros(len(measured), bool)])
        chosen = np.concatenate([np.zeros(len(domains), bool), np.ones(len(measured), bool)])
        result[f"{measured[0].name}{name}"] = _unseen([*sources.reviews, *measured], [*read, *apart], seen, settings, chosen)
    return result


def _unseen(
    reviews: Sequence[Review], read: Sequence[ReadReview], seen: Mask, settings: Settings, chosen: Mask | None = None
) -> tuple[float, float]:
    """Fit on some reviews, measure on the others (or on those `chosen`)."""
    fitted = [(read[i], reviews[i]) for i in np.flatnonzero(seen).tolist()]
    others = [(read[i], reviews[i].polarity == "positive") for i in np.flatnonzero(~seen if chosen is None else chosen).tolist()]
    vocabulary, frequency = make_vocabulary([], [[term for bag in one.bags for term in bag] for one, _ in fitted], settings)
    layer = fit_reviews([one for one, _ in fitted], [review for _, review in fitted], vocabulary, frequency, settings)
    positive = lean_of([one for one, _ in others], layer, vocabulary, frequency) > 0
    sides = np.array([side for _, side in others])
    baseline = np.array([one.baseline > 0 for one, _ in others])
    return float((positive == sides).mean()), float((baseline == sides).mean())


def learning_curve(
    sources: Sources, gold: Sequence[LabelledText], grammar: Grammar, settings: Settings, shares: Iterable[float]
) -> list[tuple[str, int, Figures]]:
    """What more sentences would bring: kind left out in part, sentences kept of it, figures on the gold sentences."""
    prepared = prepare(sources.texts, sources.reviews, grammar, settings)
    kinds = [text.kind for text in sources.texts for _ in text.sentences]
    groups = np.array(prepared.groups)
    order = {group: rank for rank, group in enumerate(np.random.default_rng(0).permutation(sorted(set(prepared.groups))))}
    ranks = np.array([order[group] for group in groups]) / max(len(order), 1)
    rows = []
    for kind in ("real", "written", "plain"):
        for share in shares:
            mask = np.array([k != kind for k in kinds]) | (ranks < share)
            model = assemble(prepared, replace(settings, folds=min(settings.folds, len(set(groups[mask])))), mask)
            kept = int((mask & np.array([k == kind for k in kinds])).sum())
            rows.append((kind, kept, evaluate(model, gold, grammar)))
    return rows
