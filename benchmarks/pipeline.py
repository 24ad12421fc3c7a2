"""Speed and load time of the pipeline as the package loads it, beside the same folder with spaCy's stock settings.

    python benchmarks/pipeline.py [--rounds 5] [--texts training/testimonials.jsonl]

Both run in this one process, taking turns, over the same testimonials, which neither has seen before its first round; the median of the
rounds counts, by the clock (several BLAS threads count as time gained, so let nothing else run) and in seconds of processor
(`OMP_NUM_THREADS=1` takes the threads out). Stock settings are those of a pipeline that says nothing of them: thinc's own matrix kernels, 1,000 texts a batch, a
tokenizer that remembers 10,000 strings. `network` is the trained components alone, `whole` everything that `testimony analyze` runs.
Loading is timed in processes of their own, one after the other: all of it from the start of Python, and the part that is spaCy's import and
its rules of French.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
STOCK_BATCH, STOCK_CACHE = 1000, 10_000
OURS = ("testimony_lemmas", "testimony_entities", "testimony_spaces", "testimony_themes", "testimony_sentiment")
LOADS = {
    "import of spaCy and its rules of French": "import spacy.lang.fr",
    "the same and `testimony.load()`": "import testimony; testimony.load()",
    "the same and `spacy.load` of the folder": "import spacy; from testimony import store; spacy.load(store.models_path() / store.PIPELINE)",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--texts", type=Path, default=ROOT / "training" / "testimonials.jsonl")
    parser.add_argument("--words", type=int, default=30_000, help="words a round")
    given = parser.parse_args()
    speed(list(read(given.texts, given.words)), given.rounds)
    loading(given.rounds)


def read(path, words):
    for line in path.read_text("utf-8").splitlines():
        if words <= 0:
            return
        text = " ".join(item["text"] for item in json.loads(line)["sentences"])
        words -= len(text.split())
        yield text


def speed(texts, rounds):
    import spacy

    from testimony import pipeline, store, vocabulary

    vocabulary.register()
    stock = spacy.load(store.models_path() / store.PIPELINE)
    stock.batch_size, stock.tokenizer.max_cache_size = STOCK_BATCH, STOCK_CACHE
    loaded = {"stock": stock, "ours": pipeline.load()}
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} testimonials, {words} words, {rounds} rounds\n")
    print("| part, measure | stock, words/s | ours, words/s | ratio of the medians | ratios of the rounds |\n|---|---:|---:|---:|---|")
    for part, disabled in (("network", OURS), ("whole", ())):
        times = {name: [] for name in loaded}
        for _ in range(rounds):
            for name, nlp in loaded.items():
                with nlp.select_pipes(disable=list(disabled)):
                    start = time.perf_counter(), time.process_time()
                    for _doc in nlp.pipe(texts):
                        pass
                    times[name].append((time.perf_counter() - start[0], time.process_time() - start[1]))
        for number, measure in enumerate(("clock", "processor")):
            taken = {name: [both[number] for both in found] for name, found in times.items()}
            middle = {name: statistics.median(seconds) for name, seconds in taken.items()}
            ratios = " ".join(f"{one / other:.2f}" for one, other in zip(taken["stock"], taken["ours"], strict=True))
            figures = f"{words / middle['stock']:,.0f} | {words / middle['ours']:,.0f} | {middle['stock'] / middle['ours']:.2f}"
            print(f"| {part}, {measure} | {figures} | {ratios} |", flush=True)


def loading(rounds):
    times = {name: [] for name in LOADS}
    for _ in range(rounds):
        for name, code in LOADS.items():
            timed = f"import time\n{code}\nprint(time.process_time())"
            done = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
            times[name].append(float(done.stdout))
    print("\n| from the start of Python | seconds of processor, best | median |\n|---|---:|---:|")
    for name, taken in times.items():
        print(f"| {name} | {min(taken):.2f} | {statistics.median(taken):.2f} |")


if __name__ == "__main__":
    main()
