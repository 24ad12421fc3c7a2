"""Peak memory and time per testimonial as a corpus grows, with one worker or several.

    python benchmarks/growth.py [1000 10000 100000 300000] [--folder DIR] [--words 75] [--workers 1]

Each size is a run of its own; the last column is a second run into the same folder, with a pattern more in the codebook: themes are read
again, nothing else is. The memory is the highest sum of resident memory of the run and of the process that reads for it, looked at
ten times a second, beside the highest that the kernel noted for either.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import invented
from testimony.codebook import BUILTIN


def resident(pid: int) -> int:
    """Bytes of a process and its children."""
    total = 0
    for one in (pid, *children(pid)):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue
    return total


def children(pid: int) -> list[int]:
    try:
        return [int(item) for item in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def measured(corpus: Path, output: Path, *options: str) -> tuple[float, int, dict[str, float]]:
    """Run `testimony analyze`; return seconds, peak bytes and what run.json says of the time."""
    command = [sys.executable, "-m", "testimony", "analyze", str(corpus), "-o", str(output), "--quiet", *options]
    clock, peak = time.perf_counter(), 0
    process = subprocess.Popen(command, env=os.environ | {"OMP_NUM_THREADS": "1"})
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(0.1)
    if process.returncode:
        sys.exit(f"the run ended with {process.returncode}")
    return time.perf_counter() - clock, peak, json.loads((output / "run.json").read_text("utf-8"))["timings"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000, 300_000])
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    parser.add_argument("--words", type=int, default=75, help="words of a testimonial, about")
    parser.add_argument("--workers", default="1", help="processes (default: 1)")
    options = parser.parse_args()
    how = ("--workers", options.workers)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="growth-"))
    folder.mkdir(parents=True, exist_ok=True)
    measured(invented.ROOT / "corpus", folder / "demo")
    said = invented.sentences(folder / "demo")
    changed = folder / "changed.toml"
    changed.write_text(BUILTIN.read_text("utf-8").replace("patterns = [", 'patterns = ["vis-à-vis", ', 1), "utf-8")
    print(
        f"{'testimonials':>13}{'seconds':>9}{'ms each':>9}{'peak MB':>9}{'reading':>9}{'segment':>9}{'pipeline':>9}{'writing':>9}{'summary':>9}{'report':>8}{'report MB':>10}{'codebook':>10}",
        flush=True,
    )
    for size in options.sizes:
        corpus, output = folder / f"{size}.jsonl", folder / f"out-{size}"
        invented.write(corpus, said, size, words=options.words)
        shutil.rmtree(output, ignore_errors=True)
        seconds, peak, laps = measured(corpus, output, *how)
        parts = "".join(f"{laps[name]:>9.1f}" for name in ("reading", "segmenting", "annotating", "writing", "summaries"))
        megabytes = (output / "report.html").stat().st_size / 1e6
        again, _, laps_again = measured(corpus, output, "--codebook", str(changed), *how)
        if laps_again["batches_run"] or laps_again["testimonials_themes_only"] != size:
            sys.exit(f"the pipeline ran again: {laps_again}")
        print(
            f"{size:>13,}{seconds:>9.1f}{1000 * seconds / size:>9.2f}{peak / 1e6:>9.0f}{parts}{laps['report']:>8.1f}{megabytes:>10.1f}{again:>10.1f}",
            flush=True,
        )
    print(f"files in {folder}")


if __name__ == "__main__":
    main()
