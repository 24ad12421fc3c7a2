"""What `testimony analyze` costs beside what a user would write, every row in the same run, on texts made from the demonstration.

    python benchmarks/speed.py [--words 200000] [--data FOLDER] [--repeat 1]

(a) is the same pipeline by `spacy.load` with stock settings (thinc's own matrix kernels, batches of 1000, tokenizer cache of 10,000)
and `nlp.pipe`, TextBlob's sentiment of each sentence, and a theme model of scikit-learn (TF-IDF and one-vs-rest logistic regression),
texts read by `json.loads` and written by pandas; it reads no documents, finds no speakers and draws no report. (b) is `testimony
analyze` whole, in one process and in as many as it takes by itself; (c) its stages in one process, as run.json tells them, and its
trained components as it runs them; (d) floors. Each row runs in a process of its own. The seconds are those of the processor, of the
process and of those it starts, so that other work on the machine changes them little; the clock stands beside them for what runs whole.
The rows of a round follow one another, and of several rounds the best counts, for each figure.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import invented
from testimony.machine import processors

MODEL = invented.ROOT / "models" / "fr_testimony"
SIGNS = ("salle", "espace", "prix", "atelier", "village", "réunion", "télétravail", "formation", "réseau", "tarif", "équipe", "mairie")


def texts_of(corpus: Path) -> list[str]:
    """Texts of a corpus of JSON Lines."""
    return [json.loads(line)["témoignage"] for line in corpus.open(encoding="utf-8")]


def naive(corpus: Path, output: Path) -> Iterator[None]:
    """(a); what precedes the first yield is loading and fitting."""
    import pandas as pd
    import spacy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from textblob import Blobber
    from textblob_fr import PatternAnalyzer, PatternTagger

    nlp = spacy.load(MODEL, exclude=["testimony_entities", "testimony_spaces", "testimony_themes", "testimony_sentiment"])
    nlp.tokenizer.max_cache_size = 10_000
    nlp.batch_size = 1000
    blob = Blobber(pos_tagger=PatternTagger(), analyzer=PatternAnalyzer())
    said = invented.sentences(output.parent / "demo")
    training = [text for _, text in zip(range(2000), invented.texts(said, 7, 20), strict=False)]
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), OneVsRestClassifier(LogisticRegression(max_iter=50)))
    model.fit(training, [[int(sign in text) for sign in SIGNS] for text in training])
    yield
    rows, sentences = [], []
    for number, doc in enumerate(nlp.pipe(texts_of(corpus))):
        for sent in doc.sents:
            sentences.append(sent.text)
            entities = [(ent.text, ent.label_) for ent in sent.ents]
            rows.append((number, sent.start_char, sent.end_char, blob(sent.text).sentiment[0], entities))
    table = pd.DataFrame(rows, columns=["text", "start", "end", "polarity", "entities"])
    table["themes"] = [list(map(int, row)) for row in model.predict(sentences)]
    table.to_parquet(output)


def tokenizer(corpus: Path, output: Path) -> Iterator[None]:
    """(d): tokens only."""
    import testimony

    nlp, texts = testimony.load(), texts_of(corpus)
    yield
    for text in texts:
        nlp.make_doc(text)


def by_batches(nlp: Any, texts: list[str], parts: Iterable[str]) -> None:
    """Run some parts of the pipeline as `testimony analyze` does: on the different texts of a batch, its words learnt before."""
    from testimony import batches, pipeline
    from testimony.garbage import uncollected

    with nlp.select_pipes(enable=list(parts)), uncollected():
        for first in range(0, len(texts), batches.ROWS_PER_PART):
            some = list(dict.fromkeys(texts[first : first + batches.ROWS_PER_PART]))
            pipeline._learn_words(nlp, some)
            with nlp.memory_zone():
                for _ in nlp.pipe(some, batch_size=pipeline.BATCH):
                    pass


def network(corpus: Path, output: Path) -> Iterator[None]:
    """(d): tok2vec and entities only, as `testimony` runs them."""
    import testimony

    nlp, texts = testimony.load(), texts_of(corpus)
    yield
    by_batches(nlp, texts, ["tok2vec", "ner"])


def neural(corpus: Path, output: Path) -> Iterator[None]:
    """(c): the trained components alone, as `testimony` runs them."""
    import testimony

    nlp, texts = testimony.load(), texts_of(corpus)
    yield
    by_batches(nlp, texts, [name for name in nlp.pipe_names if not name.startswith("testimony_")])


def import_spacy(corpus: Path, output: Path) -> Iterator[None]:
    """Beginning of every start, for anybody."""
    import spacy  # noqa: F401

    yield


def load_stock(corpus: Path, output: Path) -> Iterator[None]:
    """`import spacy` and the pipeline loaded by it."""
    import spacy

    spacy.load(MODEL)
    yield


STAGES = {"neural": neural, "tokenizer": tokenizer, "network": network}
ROWS = {"naive": naive, **STAGES, "import spacy": import_spacy, "load stock": load_stock}
OTHERS = ("reading", "segmenting", "writing", "summaries", "report")
WHOLE = {
    "naive": "(a) what a user would write",
    "one": "(b) testimony analyze --workers 1",
    "default": "(b) testimony analyze",
}
"""Titles of what runs whole."""


def spent(command: list[str], **more: Any) -> tuple[float, float, str]:
    """Run a command; return seconds of the processor (children included), seconds of the clock, and what it printed."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, **more)
    after, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - clock
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, clock, done.stdout


def row(name: str, corpus: Path, output: Path) -> dict[str, float]:
    """Run one row in a process of its own."""
    whole, clock, printed = spent([sys.executable, __file__, "--row", name, str(corpus), str(output)])
    return {"whole": whole, "clock": clock, "work": float(printed.splitlines()[-1])}


def analyze(corpus: Path, output: Path, *options: str) -> tuple[dict[str, float], dict[str, Any]]:
    """(b): the command, start to end, and what run.json says of its stages."""
    command = [sys.executable, "-m", "testimony", "analyze", str(corpus), "-o", str(output), "--quiet", "--restart", *options]
    whole, clock, _ = spent(command)
    timings = json.loads((output / "run.json").read_text("utf-8"))["timings"]
    return {"whole": whole, "clock": clock}, timings


def repeats(corpus: Path) -> str:
    """How much of a corpus recurs: what a cache could spare."""
    texts = texts_of(corpus)
    sentences = [sentence for text in texts for sentence in text.split(". ")]
    again = 1 - len(set(sentences)) / len(sentences)
    return f"{len(texts):,} testimonials, {1 - len(set(texts)) / len(texts):.0%} repeated; sentences repeated word for word: {again:.0%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--words", type=int, default=200_000)
    parser.add_argument("--data", type=Path, help="a folder of raw documents to compare on as well")
    parser.add_argument("--repeat", type=int, default=1, help="the best of so many runs counts")
    parser.add_argument("--row", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.row:
        name, corpus, output = options.row
        steps = ROWS[name](Path(corpus), Path(output))
        next(steps)
        clock = time.process_time()
        next(steps, None)
        print(time.process_time() - clock)
        return
    # As an installed package is, spaCy among them; else every start would compile it where Python may not keep what it compiles.
    compileall.compile_dir(invented.ROOT / "src" / "testimony", quiet=1)
    folder = Path(tempfile.mkdtemp(prefix="speed-"))
    analyze(invented.ROOT / "corpus", folder / "demo")
    said = invented.sentences(folder / "demo")
    corpus = folder / "corpus.jsonl"
    invented.write(corpus, said, round(options.words / 57))
    print(f"{platform.machine()}, {processors()} processors, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}")
    compare(corpus, corpus, folder, options.repeat)
    start(folder)
    if options.data:
        print(f"\n## {options.data.name}")
        compare(options.data, None, folder, options.repeat)


def compare(documents: Path, corpus: Path | None, folder: Path, times: int) -> None:
    """Run every row on a corpus, the rows of one round side by side in time; without texts, on those found in the documents."""
    best: dict[str, dict[str, float]] = {}
    laps: list[dict[str, Any]] = []

    def note(name: str, cost: dict[str, float]) -> None:
        best[name] = {figure: min(value, best.get(name, cost)[figure]) for figure, value in cost.items()}

    for _ in range(times):
        cost, timings = analyze(documents, folder / "out", "--workers", "1")
        note("one", cost)
        laps.append(timings)
        if corpus is None:
            corpus = folder / "found.jsonl"
            found = invented.testimonials(folder / "out")
            corpus.write_text("".join(json.dumps({"témoignage": text}, ensure_ascii=False) + "\n" for text in found), "utf-8")
        note("naive", row("naive", corpus, folder / "naive.parquet"))
        note("default", analyze(documents, folder / "out")[0])
        for name in STAGES:
            note(name, row(name, corpus, folder / "naive.parquet"))
    corpus = corpus or documents
    words = sum(len(text.split()) for text in texts_of(corpus))
    print(f"\n{words:,} words of testimonials; {repeats(corpus)}\n")
    show_whole(words, best)
    show_stages(words, best, min(laps, key=done))


def done(laps: dict[str, Any]) -> float:
    """Seconds of the processor that the stages of a run took."""
    return sum(laps[name] for name in ("annotating", *OTHERS))


def show_whole(words: int, best: dict[str, dict[str, float]]) -> None:
    """Print what (a) and (b) cost start to end, by the processor and by the clock."""
    print(f"{'start to end':40}{'processor s':>12}{'words/s':>10}{'(a) / row':>10}{'clock s':>10}{'words/s':>10}{'(a) / row':>10}")
    for name, title in WHOLE.items():
        figures = "".join(
            f"{best[name][figure]:>{width}.2f}{words / best[name][figure]:>10,.0f}{best['naive'][figure] / best[name][figure]:>10.2f}"
            for figure, width in (("whole", 12), ("clock", 10))
        )
        print(f"{title:40}{figures}")


def show_stages(words: int, best: dict[str, dict[str, float]], laps: dict[str, Any]) -> None:
    """Print what the stages of (b) cost in one process, loading and fitting aside, in seconds of the processor."""
    others = sum(laps[name] for name in OTHERS)
    rows = [
        ("(a) loading and fitting aside", best["naive"]["work"]),
        ("(b) --workers 1, loading aside", done(laps)),
        ("(c) trained components", best["neural"]["work"]),
        ("(c) entities, spaces, themes, sentiment, reading out", laps["annotating"] - best["neural"]["work"]),
        *((f"(c) {name}", laps[name]) for name in OTHERS),
        ("(d) tokenizer alone", best["tokenizer"]["work"]),
        ("(d) tok2vec and entities alone", best["network"]["work"]),
    ]
    print(f"\n{'loading aside':54}{'processor s':>12}{'words/s':>11}{'(a) / row':>11}")
    for name, taken in rows:
        print(f"{name:54}{taken:>12.2f}{words / max(taken, 1e-9):>11,.0f}{best['naive']['work'] / max(taken, 1e-9):>11.2f}")
    print(f"\nstages other than the pipeline ({', '.join(OTHERS)}): {others / done(laps):.0%}")
    print(f"everything but the trained components: {1 - best['neural']['work'] / done(laps):.0%}")


def start(folder: Path) -> None:
    """Print what one article costs from start to report, beside a bare start."""
    article = invented.ROOT / "corpus" / "02-paroles-de-la-grange.md"
    bare = {name: min(row(name, article, folder)["whole"] for _ in range(3)) for name in ("import spacy", "load stock")}
    whole = min(analyze(article, folder / "small")[0]["whole"] for _ in range(3))
    print(
        f"\none article, start to report: {whole:.1f} s; import spacy {bare['import spacy']:.1f} s, and spacy.load {bare['load stock']:.1f} s"
    )
    print(f"the article / import and load: {whole / bare['load stock']:.2f}")


if __name__ == "__main__":
    main()
