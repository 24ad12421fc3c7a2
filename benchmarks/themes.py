"""Measure themes: cross-validation on the training sentences, gold sentences, unseen sources, learning curves, themes left out.

One half of the real training sentences (by source, or by stretch of a corpus) may be read by whoever extends the codebook; the other is
only measured, and its figures are what to expect elsewhere.

python benchmarks/themes.py [SHARED] [--only gold,crossed,unseen,curve,left] [--patterns 10,20,30,60,400]
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from testimony import store
from testimony.codebook import Codebook
from testimony.learning import themes_weak
from testimony.learning.classifiers import ThemeClassifier
from testimony.learning.data import LabelledText, load_gold, load_real, load_written
from testimony.learning.kinship import Kinship
from testimony.learning.standoff import load_all
from testimony.learning.themes import FOLDS, Settings, Table, cross_validate, folds_of, scores, thresholds_of
from testimony.lexicon import Lexicon
from testimony.theming import SentenceReader, ThemeModel

ROOT = Path(__file__).parents[1]
PARTS = ("gold", "crossed", "unseen", "curve", "left")
KINDS = ("real", "far", "written")


def line(name: str, figures: dict[str, Any], *, each: bool = False) -> None:
    print(f"{name:52} micro {figures['micro_f1']:.3f}   macro {figures['macro_f1']:.3f}", flush=True)
    if each:
        for theme, row in figures["themes"].items():
            print(f"    {theme:24} precision {row['precision']:.2f} recall {row['recall']:.2f} f1 {row['f1']:.2f}   {row['sentences']}")


def fit_and_read(table: Table, seen: np.ndarray, gold: Table, thresholds: np.ndarray) -> np.ndarray:
    settings = Settings()
    model = ThemeClassifier(settings.C, settings.min_count, settings.own)
    model.fit(table.rows(seen), table.labels[seen], sample_weight=table.weights[seen])
    return np.asarray(model.predict_proba((gold.readings, gold.texts.tolist())) >= thresholds)


def run_crossed(texts: list[LabelledText], reader: SentenceReader) -> None:
    """Read each real sentence by a model that saw nothing of its source, with thresholds chosen without it."""
    settings = Settings()
    table = Table.build(texts, reader, settings)
    fold, probabilities = folds_of(table), cross_validate(table, settings)
    found = np.zeros(table.labels.shape, dtype=bool)
    for number in range(FOLDS):
        test = fold == number
        found[test] = probabilities[test] >= thresholds_of(probabilities[~test], table.labels[~test], table.weights[~test], settings)
    proof = np.array([reading.counts[0] for reading in table.readings]) > 0
    place = np.array(["@" in group for group in table.groups.tolist()])
    real, read = table.kinds != "written", fold % 2 == 0
    for name, rows in (("read half", read), ("measured half", ~read), ("places", place), ("documents", ~place)):
        rows &= real
        for voice, said in (("patterns", proof), ("model", found)):
            figures = scores(said[rows], table.labels[rows], table.ignored[rows], reader.codebook.ids)
            line(f"real, {name} ({rows.sum()} sentences), {voice}", figures, each=name == "measured half")


def run_unseen(
    texts: list[LabelledText], gold_texts: list[LabelledText], gold: Table, reader: SentenceReader, thresholds: np.ndarray
) -> None:
    """Train without any sentence of the sources that the gold documents come from."""
    sources = {text.source.lower() for text in gold_texts}
    table = Table.build(texts, reader, Settings())
    kept = np.array([text.source.lower() not in sources for text in texts for _ in text.sentences])
    line(
        f"gold, trained without its sources ({(~kept).sum()} sentences fewer)",
        scores(fit_and_read(table, kept & (table.weights > 0), gold, thresholds), gold.labels, gold.ignored, reader.codebook.ids),
    )


def run_curve(texts: list[LabelledText], gold: Table, reader: SentenceReader, thresholds: np.ndarray) -> None:
    """Learn from parts of the sentences of one kind, drawn by groups, beside all the others."""
    table = Table.build(texts, reader, Settings())
    groups = sorted(set(table.groups.tolist()))
    random.Random(1).shuffle(groups)
    rank = {group: number / len(groups) for number, group in enumerate(groups)}
    early = np.array([rank[group] for group in table.groups.tolist()])
    for kind in KINDS:
        own = table.kinds == kind
        for share in (0.0, 0.25, 0.5, 1.0):
            seen = (~own | (early < share)) & (table.weights > 0)
            figures = scores(fit_and_read(table, seen, gold, thresholds), gold.labels, gold.ignored, reader.codebook.ids)
            line(f"curve: {(seen & own).sum()} of {own.sum()} {kind} sentences", figures)


def run_left(texts: list[LabelledText], gold_texts: list[LabelledText], lengths: list[int]) -> None:
    """Five themes at a time are new: their definitions, examples and few patterns, then twenty labelled sentences each."""
    book = Codebook.builtin()
    figures: dict[str, list[tuple[float, float]]] = {}
    for group in (book.ids[:5], book.ids[5:10], (*book.ids[10:], *book.ids[:3])):
        known = _known(texts, group)
        for length in lengths:
            for name, one in _left_out(known, themes_weak.shortened(book, texts, length), group, texts, gold_texts).items():
                figures.setdefault(f"{length} patterns a theme, {name}", []).append((one["micro_f1"], one["macro_f1"]))
    for name, pairs in figures.items():
        micro, macro = np.mean(pairs, axis=0)
        print(f"five themes left out, {name:62} micro {micro:.3f}   macro {macro:.3f}")


def _known(texts: list[LabelledText], group: tuple[str, ...]) -> themes_weak.Known:
    """Learn from the other themes what any theme promises."""
    book = Codebook.builtin()
    others = replace(book, themes=tuple(theme for theme in book.themes if theme.id not in group))
    kinship = Kinship.load(store.models_path() / "themes" / themes_weak.WORDS)
    rarity = themes_weak.rarity_of(ThemeModel.load(store.models_path() / "themes"))
    return themes_weak.Known(themes_weak.teach(texts, others, kinship), rarity, kinship.beside(others))


def _left_out(
    known: themes_weak.Known, book: Codebook, group: tuple[str, ...], texts: list[LabelledText], gold_texts: list[LabelledText]
) -> dict[str, dict[str, Any]]:
    new = replace(book, themes=tuple(replace(theme, hints=(), counter_patterns=()) for theme in book.themes if theme.id in group))
    full, builtin = ThemeModel.load(store.models_path() / "themes"), Codebook.builtin()
    table = Table.build(gold_texts, SentenceReader(new, themes_weak.WITHOUT_HINTS), Settings())
    corpus = [[sentence.text for sentence in text.sentences] for text in texts]
    drawn, labelled = random.Random(1), []
    for theme in group:
        alone = [
            replace(text, id=f"{text.id}.{n}", sentences=(one,))
            for text in texts
            for n, one in enumerate(text.sentences)
            if theme in one.themes
        ]
        labelled += drawn.sample(alone, 20)
    trained = {
        "definitions and patterns only": themes_weak.train_weakly(known, new, corpus),
        "plus 20 labelled sentences a theme": themes_weak.train_weakly(known, new, corpus, labelled),
        "20 labelled sentences a theme, no corpus": themes_weak.train_weakly(known, new, [], labelled),
    }
    whole = Table.build(gold_texts, SentenceReader(builtin, Lexicon.load()), Settings())
    columns = [builtin.ids.index(theme) for theme in new.ids]
    found = {
        "matched": np.array([reading.counts[0] for reading in table.readings]) > 0,
        **{name: one.probabilities(table.readings, table.texts.tolist()) >= one.thresholds for name, one in trained.items()},
        "full model": (full.probabilities(whole.readings, whole.texts.tolist()) >= full.thresholds)[:, columns],
    }
    return {name: scores(one, table.labels, table.ignored, new.ids) for name, one in found.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared")
    options.add_argument("--only", default=",".join(PARTS))
    options.add_argument("--patterns", default=str(themes_weak.FEW), help="patterns of a theme left out")
    given = options.parse_args()
    only, folder = set(given.only.split(",")), given.shared / "data" / "testimonials"
    gold_texts = load_gold(folder / "sentences.gold.jsonl")
    reader = SentenceReader(Codebook.builtin(), Lexicon.load())
    gold = Table.build(gold_texts, reader, Settings())
    model = ThemeModel.load(store.models_path() / "themes")
    if "gold" in only:
        found = model.probabilities(gold.readings, gold.texts.tolist()) >= model.thresholds
        line("gold sentences", scores(found, gold.labels, gold.ignored, model.themes), each=True)
        proof = np.array([reading.counts[0] for reading in gold.readings]) > 0
        line("gold sentences, patterns alone", scores(proof, gold.labels, gold.ignored, model.themes))
    if only & set(PARTS[1:]):
        texts = load_written(ROOT / "training") + load_real(folder / "sentences.training.jsonl")
        texts += load_all(ROOT / "training", given.shared / "data")
        if "crossed" in only:
            run_crossed(texts, reader)
        if "unseen" in only:
            run_unseen(texts, gold_texts, gold, reader, model.thresholds)
        if "curve" in only:
            run_curve(texts, gold, reader, model.thresholds)
        if "left" in only:
            run_left(texts, gold_texts, [int(number) for number in given.patterns.split(",")])


if __name__ == "__main__":
    main()
