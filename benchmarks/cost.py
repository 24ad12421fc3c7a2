"""What each component of the pipeline costs on the testimonials of a results folder, and themes and sentiment beside all others.

    python benchmarks/cost.py RESULTS [--first 100]

Seconds of processor of one process with one thread, in batches as `testimony analyze` makes them; the first testimonials are left out, as they
meet most words of the language for the first time. Let nothing else run.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections import Counter
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

from spacy.language import Language

import testimony
from testimony import pipeline

OURS = ("testimony_themes", "testimony_sentiment")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("results", type=Path)
    options.add_argument("--first", type=int, default=100, help="testimonials that are not counted")
    given = options.parse_args()
    texts = list(testimony.open_results(given.results).testimonials["text"])
    nlp = pipeline.load()
    spend(nlp, texts[: given.first])
    took = spend(nlp, texts[given.first :])
    words = sum(len(text.split()) for text in texts[given.first :])
    for name, seconds in took.items():
        print(f"{name:24} {seconds / words * 1e6:6.2f} microseconds a word")
    ours = sum(took[name] for name in OURS)
    others = sum(took.values()) - ours
    print(f"{words} words: themes and sentiment {ours / words * 1e6:.1f}, others {others / words * 1e6:.1f}, ratio {ours / others:.2f}")


def spend(nlp: Language, texts: list[str]) -> Counter[str]:
    """Seconds of processor that each component takes."""
    took = Counter[str]()
    gc.collect()
    gc.disable()
    for batch in pipeline.batches(texts):
        start = time.process_time()
        docs = [nlp.make_doc(text) for text in batch]
        took["tokenizer"] += time.process_time() - start
        for name, component in nlp.pipeline:
            start = time.process_time()
            docs = list(component.pipe(docs, batch_size=pipeline.BATCH))
            took[name] += time.process_time() - start
    gc.enable()
    return took


if __name__ == "__main__":
    main()
