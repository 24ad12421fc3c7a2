"""Interrupted at any instant, the next run goes on and ends with the same bytes as an undisturbed one; finished work is not done again."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import testimony
from processes import are_gone, descendants
from testimony import batches, engine, results, schemas
from testimony.cli import main
from testimony.codebook import SKELETON


def data_files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in ("run.json", ".lock")
    }


# A driver that loads the pipeline once and is killed in copies of itself, so that fifty kills take minutes and not hours.
DRIVER = """
import json, os, random, shutil, signal, sys, time
from pathlib import Path
import testimony, testimony.batches
from testimony import engine
from testimony.isolation import Room

corpus, whole, cut, kills = *map(Path, sys.argv[1:4]), int(sys.argv[4])
codebook = sys.argv[5] if len(sys.argv) > 5 else None  # then the runs begin with results under the built-in one
testimony.batches.BATCH_BYTES = 2000

def run(output, codebook=codebook):
    for desk in engine._DESKS.values():
        desk.room = Room(desk.room.how)
    return testimony.analyze(corpus, output=output, codebook=codebook)

def begin():
    shutil.rmtree(cut, ignore_errors=True)
    if codebook:
        shutil.copytree(start, cut)

if codebook:
    start = cut.with_name("start")
    run(start, None)
run(whole)
clock = time.perf_counter()
shutil.rmtree(whole)
n_batches = run(whole).manifest["timings"]["batches_run"]
length = time.perf_counter() - clock
keys = {path.stem.rsplit("-", 1)[-1] for path in whole.rglob("entities/*.parquet")}
begin()
if codebook:  # shorter than from scratch
    clock = time.perf_counter()
    run(cut)
    length = time.perf_counter() - clock
    begin()
for desk in engine._DESKS.values():
    desk.room.close()

def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and p.name not in ("run.json", ".lock")}

def finished():
    found = {}
    for path in cut.rglob("themes/*.parquet" if codebook else "entities/*.parquet"):
        status, key = path.stat(), path.stem.rsplit("-", 1)[-1]
        if key in keys:
            found[key] = (status.st_ino, status.st_mtime_ns)
    return found

draw, killed, completed, kept, redone, interrupted = random.Random(11), 0, 0, 0, 0, 0
while killed < kills:
    before = finished()
    child = os.fork()
    if not child:
        try:
            run(cut)
        finally:
            os._exit(0)
    time.sleep(draw.uniform(0.0, 1.1 * length))
    os.kill(child, signal.SIGKILL)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    killed += not ended
    after = finished()
    kept += sum(after.get(key) == value for key, value in before.items())
    redone += sum(key in after and after[key] != value for key, value in before.items())
    interrupted += 0 < len(after) < n_batches
    if (cut / "run.json").exists() and json.loads((cut / "run.json").read_text())["status"] == "complete":
        run(cut)
        assert files(cut) == files(whole), sorted({name for name, _ in files(cut).items() ^ files(whole).items()})
        completed += 1
        begin()
run(cut)
assert files(cut) == files(whole)
print(json.dumps({"kills": killed, "batches": n_batches, "completed": completed + 1, "kept": kept, "redone": redone, "interrupted": interrupted}))
os._exit(0)
"""


def kill_at_random(corpus: Path, tmp_path: Path, kills: int, *codebook: str) -> dict[str, int]:
    command = [sys.executable, "-c", DRIVER, str(corpus), str(tmp_path / "whole"), str(tmp_path / "cut"), str(kills), *codebook]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout.splitlines()[-1])
    sys.stderr.write(f"{figures}\n")
    return figures


@pytest.mark.slow
def test_killed_at_fifty_random_times(corpus, tmp_path) -> None:
    figures = kill_at_random(corpus, tmp_path, 50)
    assert figures["kills"] == 50
    assert figures["redone"] == 0
    assert figures["kept"] > figures["batches"]
    assert figures["interrupted"] >= 10


@pytest.mark.slow
def test_killed_at_random_times_while_themes_are_read_again(corpus, tmp_path) -> None:
    (tmp_path / "themes.toml").write_text(SKELETON, "utf-8")
    figures = kill_at_random(corpus, tmp_path, 20, str(tmp_path / "themes.toml"))
    assert figures["kills"] == 20
    assert figures["redone"] == 0
    assert figures["kept"] > 0


PROGRAM = "import sys, testimony.batches, testimony.cli; testimony.batches.BATCH_BYTES = 2000; sys.exit(testimony.cli.main(sys.argv[1:]))"


@pytest.mark.slow
def test_killed_at_fifty_random_times_with_two_workers(corpus, tmp_path) -> None:
    """Every process of the run ends with the one that is killed; what they had finished is kept."""
    whole, cut = tmp_path / "whole", tmp_path / "cut"

    def command(output: Path) -> list[str]:
        return [sys.executable, "-c", PROGRAM, "analyze", str(corpus), "-o", str(output), "--workers", "2", "--quiet"]

    def finished() -> dict[str, tuple[int, int]]:
        files = [(path.stem.rsplit("-", 1)[-1], path.stat()) for path in cut.rglob("entities/*.parquet")]
        return {key: (status.st_ino, status.st_mtime_ns) for key, status in files}

    clock = time.perf_counter()
    subprocess.run(command(whole), check=True)
    length = time.perf_counter() - clock
    n_batches = len(list(whole.rglob("entities/*.parquet")))
    figures = dict.fromkeys(("kills", "completed", "kept", "redone", "interrupted"), 0)
    draw = random.Random(12)
    while figures["kills"] < 50:
        before = finished()
        process = subprocess.Popen(command(cut))
        time.sleep(draw.uniform(0.0, 1.1 * length))
        started = descendants(process.pid)
        process.kill()
        figures["kills"] += process.wait() == -signal.SIGKILL
        assert are_gone(started, within=5)
        after = finished()
        figures["kept"] += sum(after.get(key) == value for key, value in before.items())
        figures["redone"] += sum(key in after and after[key] != value for key, value in before.items())
        figures["interrupted"] += 0 < len(after) < n_batches
        if (cut / "run.json").exists() and json.loads((cut / "run.json").read_text("utf-8"))["status"] == "complete":
            subprocess.run(command(cut), check=True)  # it may have been killed before the report
            figures["completed"] += 1
            assert data_files(cut) == data_files(whole)
            shutil.rmtree(cut)
    subprocess.run(command(cut), check=True)
    assert data_files(cut) == data_files(whole)
    sys.stderr.write(f"{figures | {'batches': n_batches}}\n")
    assert figures["redone"] == 0
    assert figures["kept"] > n_batches
    assert figures["interrupted"] >= 10


def test_a_truncated_partition_of_an_interrupted_run_is_not_trusted(tmp_path) -> None:
    """A power cut may leave a staged file short, or empty: the batch is done again."""
    folder = results.ResultsFolder(tmp_path / "out")
    folder.open()
    folder.write_batch("k", {name: [] for name in schemas.PARTITIONED})
    assert folder.is_done("k")
    for name in schemas.PARTITIONED:
        staged = folder.staging / name / "k.parquet"
        whole = staged.read_bytes()
        for length in (0, 3, 20, len(whole) - 1):
            staged.write_bytes(whole[:length])
            assert not folder.is_done("k")
        staged.write_bytes(whole)
    assert folder.is_done("k")
    folder.close()


@pytest.fixture
def several(corpus, monkeypatch) -> list[Path]:
    """Files that make three batches."""
    monkeypatch.setattr(batches, "BATCH_BYTES", 2000)
    return [corpus / name for name in ("05-enquete-nantes.csv", "07-verbatims-halle.jsonl", "03-entretien-gaelle.md")]


def test_a_truncated_file_costs_its_batch_alone(several, tmp_path) -> None:
    whole = testimony.analyze(several, output=tmp_path / "whole")
    out = tmp_path / "out"

    def stop(progress) -> None:
        if progress.batches == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        testimony.analyze(several, output=out, progress=stop)
    staged = sorted((out / results.STAGING / "sentences").glob("*.parquet"))
    assert len(staged) == 2
    staged[0].write_bytes(staged[0].read_bytes()[:50])
    resumed = testimony.analyze(several, output=out)
    assert resumed.manifest["timings"]["batches_run"] == 2
    assert whole.manifest["timings"]["batches_run"] == 3
    assert data_files(out) == data_files(tmp_path / "whole")


def test_files_half_written_by_a_killed_run_are_removed(corpus, tmp_path) -> None:
    out = tmp_path / "out"
    source = corpus / "05-enquete-nantes.csv"
    testimony.analyze(source, output=out)
    before = data_files(out)
    for name in (".summaries.json.7.tmp", ".report.html.7.tmp", "tables/spaces/.part-000000.parquet.7.tmp"):
        (out / name).write_bytes(b"half")
    testimony.analyze(source, output=out)
    assert data_files(out) == before


def test_an_interrupted_publication_is_finished_by_the_next_run(corpus, tmp_path) -> None:
    out = tmp_path / "out"
    source = corpus / "05-enquete-nantes.csv"
    testimony.analyze(source, output=out)
    before = data_files(out)
    (out / "tables").rename(out / ".staging-ready")
    (out / ".staging-ready" / "complete").touch()
    testimony.analyze(source, output=out)
    assert data_files(out) == before


@pytest.mark.parametrize(("workers", "sign"), [(1, signal.SIGINT), (1, signal.SIGKILL), (2, signal.SIGINT), (2, signal.SIGKILL)])
def test_a_signal_ends_every_process_of_a_run_and_the_next_resumes(several, tmp_path, workers, sign) -> None:
    """A real process and a real signal, in the middle of a run: Ctrl-C gives exit 130 and one line."""
    out = tmp_path / "out"
    command = [sys.executable, "-c", PROGRAM, "analyze", *map(str, several), "-o", str(out), "--workers", str(workers)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not list((out / results.STAGING / "entities").glob("*.parquet")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.002)
    started = descendants(process.pid)
    process.send_signal(sign)
    _, errors = process.communicate(timeout=60)
    assert len(started) == (1 if workers == 1 else 2 * workers)  # each has a process that reads
    assert are_gone(started, within=5)
    if sign == signal.SIGINT:
        assert process.returncode == 130, errors
        assert errors.strip() == "testimony: interrupted; run the same command again to go on from there"
    resumed = testimony.analyze(several, output=out)
    assert resumed.manifest["timings"]["batches_run"] < 3
    testimony.analyze(several, output=tmp_path / "whole")
    assert data_files(out) == data_files(tmp_path / "whole")


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of its own with hardly any room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_said_and_the_run_resumes(several, tmp_path, tiny_disk, capsys) -> None:
    arguments = ["analyze", *map(str, several), "-o", str(tiny_disk / "out"), "--quiet"]
    assert main(arguments) == 1
    error = capsys.readouterr().err.strip()
    assert "the disk is full" in error
    assert "resume" in error
    assert error.count("\n") == 0
    assert not list(tiny_disk.rglob("*.tmp"))
    subprocess.run(["mount", "-o", "remount,size=64m", str(tiny_disk)], check=True)
    assert main(arguments) == 0
    testimony.analyze(several, output=tmp_path / "whole")
    assert data_files(tiny_disk / "out") == data_files(tmp_path / "whole")


def test_a_second_run_into_the_same_folder_is_refused(several, tmp_path, capsys) -> None:
    """The first holds the folder from another process; when that one is killed, the folder is free again."""
    program = "import sys, time; from pathlib import Path; from testimony.results import ResultsFolder; held = ResultsFolder(Path(sys.argv[1])); held.open(); print('open', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "out")], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "open\n"
    assert main(["analyze", str(several[0]), "-o", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err.strip()
    assert "another run is writing there now" in error
    assert error.count("\n") == 0
    holder.kill()
    holder.wait()
    assert main(["analyze", str(several[0]), "-o", str(tmp_path / "out")]) == 0


def test_results_of_an_older_version_of_the_code_are_not_taken_over(several, tmp_path, monkeypatch) -> None:
    """Same layout, other code: nothing of the old tables is used."""
    first = testimony.analyze(several, output=tmp_path / "out")
    assert first.manifest["timings"]["batches_run"] == 3
    again = testimony.analyze(several, output=tmp_path / "out")
    assert again.manifest["timings"]["batches_run"] == 0
    assert again.manifest["timings"]["batches_reused"] == 3
    monkeypatch.setattr("testimony.store.code_fingerprint", lambda: "another version")
    later = testimony.analyze(several, output=tmp_path / "out")
    assert later.manifest["timings"]["batches_reused"] == 0
    assert later.manifest["timings"]["batches_run"] == 3
    engine.leave()
