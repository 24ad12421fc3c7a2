"""Measure polarity: gold sentences, unseen documents and sources, minimal pairs, reviews of unseen domains, speed.

python benchmarks/sentiment.py [SHARED] [--only gold,unseen,sources,toward,challenge,reviews,curve,speed]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from testimony import store
from testimony.codebook import Codebook
from testimony.learning import sentiment_measures as measures
from testimony.learning.data import LabelledText, load_gold, load_real
from testimony.learning.polarity_data import MEASURE_ONLY, load_review_set
from testimony.learning.sentiment import Prepared, Settings, assemble, cross_validate, load_sources, prepare
from testimony.lexicon import Lexicon
from testimony.polarity import Grammar, PolarityModel
from testimony.polarity.baseline import MADE
from testimony.theming import SentenceReader, ThemeModel, prove
from testimony.types import Span
from testimony.words import cut_words

ROOT = Path(__file__).parents[1]
PARTS = ("gold", "unseen", "sources", "toward", "challenge", "reviews", "curve", "speed")


def line(name: str, figures: measures.Figures) -> None:
    each = " ".join(f"{value:.3f}" for value in figures.f1.values())
    print(f"{name:42} {figures.number:6} {figures.accuracy:.3f} {figures.macro_f1:.3f}   {each}", flush=True)


def origin(text: LabelledText) -> str:
    """Where a real text comes from, so that none of it is seen; written texts go by testimonial."""
    return text.source if text.kind == "real" else text.group


def run_unseen(sources: measures.Sources, prepared: Prepared, by_document: np.ndarray, settings: Settings) -> None:
    """Each sentence is judged by a model that saw nothing of its document, or of its source; with the calibration."""
    real = [text.kind == "real" for text in sources.texts for _ in text.sentences]
    place = [text.kind == "real" and text.source == text.group.partition("@")[0] for text in sources.texts for _ in text.sentences]
    windows = [a and not b for a, b in zip(real, place, strict=True)]
    by_source = [origin(text) for text in sources.texts for _ in text.sentences]
    for name, groups in (("document", None), ("source", by_source)):
        probabilities = cross_validate(prepared, settings, groups) if groups else by_document
        for kind, chosen in (("windows of blogs", windows), ("labelled by place", place)):
            line(f"unseen {name}: {kind}", measures.of_probabilities(probabilities, prepared.labels, chosen))
        print(f"unseen {name}: calibration error {measures.calibration_error(probabilities[real], prepared.labels[real]):.3f}", flush=True)


def run_sources(sources: measures.Sources, prepared: Prepared, gold: list[LabelledText], grammar: Grammar, settings: Settings) -> None:
    """Train with everything, then without any sentence of the sources that the gold documents come from."""
    of_gold = {text.source.lower() for text in gold}
    kept = np.array([text.source.lower() not in of_gold for text in sources.texts for _ in text.sentences])
    for name, seen in (("trained on all", kept | True), (f"trained without its sources ({(~kept).sum()} fewer)", kept)):
        line(f"gold, {name}", measures.evaluate(assemble(prepared, settings, seen), gold, grammar))


def run_toward(sources: measures.Sources, probabilities: np.ndarray, grammar: Grammar) -> None:
    """Polarity toward each theme that was labelled, in sentences whose document the model did not see."""
    model, book = ThemeModel.load(store.models_path() / "themes"), Codebook.builtin()
    reader = SentenceReader(book, Lexicon.load())

    def evidence(text: str, theme: str) -> list[Span]:
        return prove(reader.read(text), book.ids.index(theme), model)

    kinds = [text.kind for text in sources.texts for _ in text.sentences]
    for kind in ("real", "far", "written"):
        rows = [row == kind for row in kinds]
        texts = [text for text in sources.texts if text.kind == kind]
        for some, figures in measures.toward_themes(texts, probabilities[rows], grammar, evidence).items():
            line(f"toward themes, {kind}: {some}", figures)


def run_reviews(sources: measures.Sources, shared: Path, grammar: Grammar, settings: Settings) -> None:
    measured = load_review_set(shared / "data" / "sentiment" / "reviews" / f"{MEASURE_ONLY}.jsonl.gz")
    domains = measures.held_out_domains(sources, measured, grammar, settings)
    for domain, (ours, theirs) in domains.items():
        print(f"unseen: {domain:30} {ours:.3f}   textblob-fr {theirs:.3f}", flush=True)
    means = [sum(pair[i] for name, pair in domains.items() if MEASURE_ONLY not in name) / (len(domains) - 2) for i in (0, 1)]
    print(f"unseen: {'mean of domains':30} {means[0]:.3f}   textblob-fr {means[1]:.3f}")


def run_speed(model: PolarityModel, grammar: Grammar, shared: Path) -> None:
    texts = load_real(shared / "data" / "testimonials" / "sentences.training.jsonl")
    groups = [[sentence.text for sentence in text.sentences] for text in texts]
    words = sum(len(text.split()) for group in groups for text in group)
    model.read(grammar, [["Bonjour."]])
    times = []
    for _ in range(3):
        MADE.clear()
        cut_words.cache_clear()
        start = time.process_time()
        for i in range(0, len(groups), 64):
            model.read(grammar, groups[i : i + 64])
        times.append(time.process_time() - start)
    print(f"speed: {words / min(times):,.0f} words per second of processor time (best of three, {words} words)")


def run_learned(only: set[str], shared: Path, grammar: Grammar, gold: list[LabelledText]) -> None:
    settings = Settings()
    sources = load_sources(ROOT / "training", shared, settings)
    if only & {"unseen", "sources", "toward"}:
        prepared = prepare(sources.texts, sources.reviews, grammar, settings)
    if only & {"unseen", "toward"}:
        by_document = cross_validate(prepared, settings)
    if "unseen" in only:
        run_unseen(sources, prepared, by_document, settings)
    if "sources" in only:
        run_sources(sources, prepared, gold, grammar, settings)
    if "toward" in only:
        run_toward(sources, by_document, grammar)
    if "reviews" in only:
        run_reviews(sources, shared, grammar, settings)
    if "curve" in only:
        for kind, kept, figures in measures.learning_curve(sources, gold, grammar, settings, (0.0, 0.25, 0.5, 1.0)):
            line(f"curve: {kept} {kind} sentences", figures)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared")
    options.add_argument("--only", default=",".join(PARTS))
    given = options.parse_args()
    only = set(given.only.split(","))
    grammar = Grammar.load()
    if only & {"gold", "challenge", "speed"}:
        model = PolarityModel.load(store.models_path() / "sentiment")
    gold = load_gold(given.shared / "data" / "testimonials" / "sentences.gold.jsonl")
    print(f"{'':42} {'n':>6} acc.  macro   positive negative mixed neutral (F1)")
    if "gold" in only:
        for name, reader in measures.READERS.items():
            line(f"gold sentences: {name}", measures.evaluate(model, gold, grammar, reader))
    if "challenge" in only:
        for name, shares in measures.challenge(model, grammar, ROOT / "tests" / "challenge" / "polarity.tsv").items():
            print(f"{name:15} " + "  ".join(f"{reader} {share:.2f}" for reader, share in shares.items()))
    if only - {"gold", "challenge", "speed"}:
        run_learned(only, given.shared, grammar, gold)
    if "speed" in only:
        run_speed(model, grammar, given.shared)


if __name__ == "__main__":
    main()
