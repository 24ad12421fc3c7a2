"""Measure segmentation and attribution on the shared documents: `python benchmarks/segmentation.py [SHARED] [FILE…]`.

Reads and segments only (no pipeline), writes the two tables that the shared scorer needs into a temporary folder and runs the scorer,
over all documents and over each site's documents apart.
"""

import collections
import contextlib
import io
import runpy
import sys
import tempfile
import time
from pathlib import Path

from testimony import readers
from testimony.batches import tables
from testimony.results import write_table
from testimony.segmentation import segment
from testimony.types import Annotations

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
DATA = SHARED / "data" / "testimonials"


def main(wanted):
    documents, clock = [], time.perf_counter()
    for path, source in readers.find([DATA / "documents"]).files:
        if not wanted or path.name in wanted:
            documents += [item for item in readers.read(path, source=source) if not isinstance(item, readers.Unreadable)]
    found = [segment(document) for document in documents]
    seconds = time.perf_counter() - clock
    annotations = [
        Annotations(testimonial=t, entities=(), sentences=(), polarity="neutral", polarity_score=0, n_words=0)
        for group in found
        for t in group
    ]
    rows = tables(documents, found, annotations, [])
    scorer = runpy.run_path(str(SHARED / "tools" / "score_segmentation.py"))["main"]
    lines = (DATA / "gold_files.tsv").read_text("utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("documents", "testimonials"):
            (Path(folder) / "tables" / name).mkdir(parents=True)
            write_table(Path(folder) / "tables" / name / "part-000000.parquet", name, rows[name])
        files = [line for line in lines[1:] if not wanted or line.split("\t")[0] in wanted]

        def score(chosen, quiet):
            listing = Path(folder) / "files.tsv"
            listing.write_text("\n".join([lines[0], *chosen]) + "\n", "utf-8")
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO() if quiet else sys.stderr):
                scorer(folder, DATA / "gold.jsonl", listing)
            return dict(line.split(" ", 1) for line in out.getvalue().splitlines())

        for name, value in score(files, quiet=False).items():
            print(name, value)
        sites = collections.defaultdict(list)
        for line in files:
            sites[line.split("-")[1]].append(line)
        for site, chosen in sorted(sites.items()):
            figures = score(chosen, quiet=True)
            print("site", site, *(f"{name} {figures[name]}" for name in ("gold", "f1", "exact_boundaries", "speaker", "role", "space")))
    print(f"seconds {seconds:.2f}")


if __name__ == "__main__":
    main(set(sys.argv[2:]))
