"""Killed at any instant, the next run goes on and ends with the same bytes as an undisturbed one."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import testimony
from testimony import results

PROGRAM = """
import sys, testimony, testimony.batches
testimony.batches.BATCH_BYTES = 2000
testimony.analyze(sys.argv[1], output=sys.argv[2])
"""


def data_files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and p.name not in ("run.json", ".lock")}


@pytest.mark.slow
def test_kill_at_fifty_random_times(corpus, tmp_path) -> None:
    rng = random.Random(11)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    subprocess.run([sys.executable, "-c", PROGRAM, str(corpus), str(whole)], check=True)
    kills = 0
    while kills < 50:
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(corpus), str(cut)], stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=rng.uniform(0.3, 8.0))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        kills += 1
    subprocess.run([sys.executable, "-c", PROGRAM, str(corpus), str(cut)], check=True)
    assert data_files(whole) == data_files(cut)


def test_a_truncated_partition_of_an_interrupted_run_is_not_trusted(corpus, tmp_path) -> None:
    """A power cut may leave a staged file short: the batch is done again."""
    folder = results.ResultsFolder(tmp_path / "out")
    folder.open()
    folder.write_batch("k", {name: [] for name in results.PARTITIONED})
    assert folder.is_done("k")
    staged = folder.staging / "entities" / "k.parquet"
    staged.write_bytes(staged.read_bytes()[:20])
    assert not folder.is_done("k")
    folder.close()


def test_an_interrupted_publication_is_finished_by_the_next_run(corpus, tmp_path) -> None:
    out = tmp_path / "out"
    source = corpus / "05-enquete-nantes.csv"
    testimony.analyze(source, output=out)
    before = data_files(out)
    (out / "tables").rename(out / ".staging-ready")
    (out / ".staging-ready" / "complete").touch()
    testimony.analyze(source, output=out)
    assert data_files(out) == before
