"""Both scorers in one command, through the whole of `testimony analyze`: `python benchmarks/quality.py [SHARED]`."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import testimony

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared").resolve()
TOOLS, DATA = SHARED / "tools", SHARED / "data" / "testimonials"


def run(*arguments):
    print(subprocess.run([sys.executable, *map(str, arguments)], check=True, text=True, capture_output=True).stdout, flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        clock = time.perf_counter()
        analysis = testimony.analyze(DATA / "documents", output=folder / "documents")
        print(f"## documents: exit without error, {time.perf_counter() - clock:.0f} s, counts {analysis.manifest['counts']}")
        run(TOOLS / "score_segmentation.py", folder / "documents", DATA / "gold.jsonl", DATA / "gold_files.tsv")
        one = folder / "one.tsv"
        one.write_text(
            "".join(line + "\n" for line in (DATA / "gold_files.tsv").read_text("utf-8").splitlines() if line.startswith(("file", "00-"))),
            "utf-8",
        )
        print("## the document the project was created from")
        run(TOOLS / "score_segmentation.py", folder / "documents", DATA / "gold.jsonl", one)
        run(TOOLS / "sentences_to_records.py", DATA / "sentences.gold.jsonl", folder / "gold.jsonl")
        testimony.analyze(folder / "gold.jsonl", output=folder / "sentences")
        print("## sentences")
        run(TOOLS / "score_sentences.py", folder / "sentences", DATA / "sentences.gold.jsonl")


if __name__ == "__main__":
    main()
