"""`testimony evaluate segmentation` beside the shared scorer: `python benchmarks/scoring.py [SHARED] [RESULTS]`.

Both measure the same results of the shared documents (read and segmented here when no results folder is given), as they are and spoiled in
several ways; every figure must be the same to the last digit printed.
"""

import contextlib
import io
import json
import random
import runpy
import sys
import tempfile
from pathlib import Path

from testimony import readers, results
from testimony.batches import tables
from testimony.commands import evaluate
from testimony.segmentation import segment
from testimony.types import Annotations

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
DATA = SHARED / "data" / "testimonials"


def segmented():
    """Rows of the two tables that are measured."""
    documents = []
    for path, source in readers.find([DATA / "documents"]).files:
        documents += [item for item in readers.read(path, source=source) if not isinstance(item, readers.Unreadable)]
    found = [segment(document) for document in documents]
    blank = {"entities": (), "sentences": (), "polarity": "neutral", "polarity_score": 0, "n_words": 0}
    rows = tables(documents, found, [Annotations(testimonial=one, **blank) for group in found for one in group], [])
    return rows["documents"], rows["testimonials"]


def cut(text, rng):
    words = text.split()
    return " ".join(words[rng.randrange(0, 1 + len(words) // 3) : len(words) - rng.randrange(0, 1 + len(words) // 3)]) or text


def spoil(rows, rng, how, silent):
    """Drop, cut, double, move or misattribute a third of the testimonials."""
    spoiled = []
    for row in rows:
        if rng.random() > 1 / 3 or how == "untouched":
            spoiled.append(row)
            continue
        other = rng.choice(rows)
        spoiled += {
            "dropped": [],
            "moved boundaries": [row | {"text": cut(row["text"], rng)}],
            "wrong speakers": [row | {name: other[name] for name in ("speaker", "role", "space")}],
            "nobody": [row | {"speaker": None, "role": None, "space": ""}],
            "doubled": [row, row | {"text": cut(row["text"], rng)}],
            "in another document": [row | {"document_id": other["document_id"]}],
            "invented where nobody speaks": [row, row | {"document_id": rng.choice(silent)}],
            "empty": [row | {"text": ""}],
            "shouted": [row | {"speaker": (row["speaker"] or "X").upper(), "text": row["text"].replace("'", "’").replace("e", "e\u00ad")}],
        }[how]
    return spoiled


def figures(out):
    pairs = (line.rsplit(" ", 1) for line in out.splitlines() if line.rsplit(" ", 1)[0].isidentifier())
    return dict(pairs)


def measure(folder):
    gold = DATA / "gold.jsonl", DATA / "gold_files.tsv"
    shared, ours = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(shared), contextlib.redirect_stderr(io.StringIO()):
        runpy.run_path(str(SHARED / "tools" / "score_segmentation.py"))["main"](folder, *gold)
    with contextlib.redirect_stdout(ours):
        evaluate("segmentation", [str(folder), *map(str, gold)])
    return figures(shared.getvalue()), figures(ours.getvalue())


def main():
    if len(sys.argv) > 2:
        documents, testimonials = (list(results.read_rows(Path(sys.argv[2]), name)) for name in ("documents", "testimonials"))
    else:
        documents, testimonials = segmented()
    told = {json.loads(line)["file"] for line in (DATA / "gold.jsonl").open(encoding="utf8")}
    listed = {line.split("\t")[0] for line in (DATA / "gold_files.tsv").read_text("utf-8").splitlines()[1:]}
    silent = [row["document_id"] for row in documents if row["source"].rsplit("/", 1)[-1] in listed - told]
    wrong = 0
    for how in (
        "untouched",
        "dropped",
        "moved boundaries",
        "wrong speakers",
        "nobody",
        "doubled",
        "in another document",
        "invented where nobody speaks",
        "empty",
        "shouted",
    ):
        with tempfile.TemporaryDirectory() as folder:
            for name, rows in (("documents", documents), ("testimonials", spoil(testimonials, random.Random(7), how, silent))):
                target = Path(folder) / "tables" / name
                target.mkdir(parents=True)
                results.write_table(target / "part-000000.parquet", name, rows)
            shared, ours = measure(Path(folder))
        wrong += shared != ours
        print("same " if shared == ours else "OTHER", how, " ".join(f"{name} {value}" for name, value in shared.items()))
        if shared != ours:
            print("      ours:", " ".join(f"{name} {value}" for name, value in ours.items()))
    return wrong


if __name__ == "__main__":
    sys.exit(main())
