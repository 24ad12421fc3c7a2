"""Every engine gives the same answer, or says why it cannot; a cluster may lose a worker."""

import importlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info

import testimony
from testimony import InputError, MissingExtraError, ResultsError, batches, engine, store

distributed = pytest.importorskip("distributed")


def test_options_that_do_not_fit_together() -> None:
    with pytest.raises(InputError, match="--workers 0"):
        engine.choose("local", 0, None)
    with pytest.raises(InputError, match="no such engine"):
        engine.choose("spark", 1, None)
    with pytest.raises(InputError, match="--engine dask"):
        engine.choose("local", 1, "tcp://127.0.0.1:8786")


@pytest.mark.parametrize(
    ("processors", "memory", "sizes", "expected"),
    [
        (1, 64e9, [100_000] * 100, 1),
        (2, 64e9, [100_000] * 100, 2),
        (64, 64e9, [100_000] * 100, 4),
        (64, 2e9, [100_000] * 100, 3),
        (64, 1e6, [100_000] * 100, 1),
        (64, None, [100_000] * 100, 1),
        (64, 64e9, [100_000] * 5, 1),
        (64, 64e9, [100_000] * 13, 3),
        (64, 64e9, [20_000_000], 1),
        (64, 64e9, [], 1),
    ],
)
def test_as_many_processes_as_the_documents_are_worth_and_the_machine_has_room_for(
    tmp_path, monkeypatch, processors, memory, sizes, expected
) -> None:
    monkeypatch.setattr("testimony.machine.processors", lambda: processors)
    monkeypatch.setattr("testimony.machine.free_memory", lambda: memory)
    started = []
    monkeypatch.setattr(engine, "share_out", lambda work, tasks, workers: started.append(workers) or iter(()))
    monkeypatch.setattr(engine, "run_here", lambda *_: started.append(1) or iter(()))
    todo = [batches.Batch(key=str(n), parts=(), size=size) for n, size in enumerate(sizes)]
    assert not list(engine.choose("local", None, None)(todo, batches.Settings(), tmp_path))
    assert started == [expected]


def test_a_dead_crew_is_said_in_one_line(tmp_path, monkeypatch) -> None:
    def lost(*_):
        raise engine.CrewLostError
        yield

    monkeypatch.setattr(engine, "share_out", lost)
    todo = [batches.Batch(key=str(n), parts=()) for n in range(2)]
    with pytest.raises(ResultsError, match="with fewer --workers"):
        list(engine.choose("local", 2, None)(todo, batches.Settings(), tmp_path))


def test_without_dask_the_extra_is_named(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"testimony\[dask\]"):
        engine.choose("dask", 1, None)


def test_a_scheduler_that_does_not_answer(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE", "1s")
    run = engine.choose("dask", 1, "tcp://127.0.0.1:1")
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        next(run([], batches.Settings(), tmp_path))


def test_a_worker_of_another_version_is_refused() -> None:
    here = (store.code_fingerprint(), store.model_fingerprint(None))
    engine._same_versions(batches.Settings(versions=here))
    with pytest.raises(ResultsError, match="another version"):
        engine._same_versions(batches.Settings(versions=("other", here[1])))


def test_paths_that_a_worker_elsewhere_finds(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    part = engine._anywhere(batches.Part(path=Path("a.txt"), source="a.txt"))
    assert part.path == tmp_path / "a.txt"
    assert part.source == "a.txt"
    settings = engine._anywhere(batches.Settings(codebook="themes.toml", model="fr_core_news_sm", fingerprint="f"))
    assert settings.codebook == str(tmp_path / "themes.toml")
    assert (settings.model, settings.registry, settings.fingerprint) == ("fr_core_news_sm", None, "f")


class Cluster:
    """A scheduler and workers, each a process of its own, that speak over TCP."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.processes: list[subprocess.Popen] = []
        file = folder / "scheduler.json"
        self._start(folder, "scheduler", "--scheduler-file", str(file), "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        for number in range(workers):
            elsewhere = folder / f"worker-{number}"  # another current folder: nothing may depend on it
            elsewhere.mkdir()
            self._start(elsewhere, "worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard",
                        "--no-nanny", "--name", f"w{number}", "--local-directory", str(elsewhere))  # fmt: skip
        with distributed.Client(scheduler_file=str(file), timeout="60s") as client:
            client.wait_for_workers(workers, timeout=60)
            self.address = client.scheduler.address

    def _start(self, folder: Path, what: str, *options: str) -> None:
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, *options]
        self.processes.append(subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path, 2)
    yield made
    made.close()


def digests(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in ("run.json", ".lock")
    }


@pytest.mark.parametrize("root", ["", "file://"])
def test_a_scheduler_over_tcp_gives_the_same_bytes(tmp_path, corpus, monkeypatch, root) -> None:
    """Two workers that are threads of this process, so that the pipeline is loaded once: quick. Documents by path and from a store."""
    monkeypatch.setattr(batches, "BATCH_BYTES", 2000)
    names = ("05-enquete-nantes.csv", "07-verbatims-halle.jsonl", "03-entretien-gaelle.md")
    files = [f"{root}{corpus / name}" for name in names]
    here = testimony.analyze(files, output=tmp_path / "here")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp://", host="127.0.0.1", dashboard_address=None
    ) as local:
        there = testimony.analyze(files, output=tmp_path / "there", engine="dask", scheduler=local.scheduler_address)
    assert digests(tmp_path / "here") == digests(tmp_path / "there")
    assert here.manifest["timings"]["batches_run"] == there.manifest["timings"]["batches_run"] == 3
    engine.leave()


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(tmp_path, corpus, cluster, monkeypatch) -> None:
    """Relative paths, workers elsewhere, one of them killed after the first batch: nothing lost, nothing twice."""
    monkeypatch.setattr(batches, "BATCH_BYTES", 4000)
    monkeypatch.chdir(corpus.parent)
    files = sorted(path.relative_to(corpus.parent) for path in corpus.glob("0*"))
    assert files
    options = {"spaces": "corpus/spaces.toml", "hints": "corpus/testimony.toml"}
    here = testimony.analyze(files, output=tmp_path / "here", **options)
    killed = []

    def kill(progress) -> None:
        if not killed:
            killed.append(time.monotonic())
            os.kill(cluster.processes[1].pid, signal.SIGKILL)

    there = testimony.analyze(files, output=tmp_path / "there", engine="dask", scheduler=cluster.address, progress=kill, **options)
    assert killed
    assert digests(tmp_path / "here") == digests(tmp_path / "there")
    ours, theirs = here.manifest["timings"], there.manifest["timings"]
    # Of a batch whose worker died after writing it and before saying so, only the themes are read again.
    assert ours["batches_run"] == theirs["batches_run"] + theirs["batches_themes_only"] > 4
    assert theirs["batches_themes_only"] <= 1
    assert cluster.processes[1].wait() == -signal.SIGKILL
    engine.leave()


@pytest.mark.slow
def test_two_processes_of_a_cluster_read_from_a_store(tmp_path, corpus, cluster, monkeypatch) -> None:
    """Documents named by URL: each worker opens them itself, and hands them to the process that reads for it."""
    monkeypatch.setattr(batches, "BATCH_BYTES", 2000)
    files = [f"file://{path}" for path in sorted(corpus.glob("0[3-7]*"))]
    here = testimony.analyze(files, output=tmp_path / "here")
    there = testimony.analyze(files, output=tmp_path / "there", engine="dask", scheduler=cluster.address)
    assert digests(tmp_path / "here") == digests(tmp_path / "there")
    assert here.manifest["counts"]["skipped"] == 0
    assert there.manifest["timings"]["batches_run"] > 2
    engine.leave()


def test_documents_of_a_store_that_fsspec_knows(tmp_path, corpus) -> None:
    """A URL in place of a path: the same testimonials at the same offsets."""
    names = ("05-enquete-nantes.csv", "07-verbatims-halle.jsonl", "03-entretien-gaelle.md", "15-mot-des-membres-carrieres.odt", "README.md")
    folder = tmp_path / "store"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes((corpus / name).read_bytes())
    local = testimony.analyze(folder, output=tmp_path / "local")
    remote = testimony.analyze(f"file://{folder}", output=tmp_path / "remote")
    assert [row.replace("file://", "") for row in remote.documents["source"]] == list(local.documents["source"])
    assert list(remote.testimonials["text"]) == list(local.testimonials["text"])
    assert remote.manifest["not_documents"] == [f"file://{folder}/README.md"]
    with pytest.raises(InputError, match="no such file or folder"):
        testimony.analyze(f"file://{tmp_path}/nowhere", output=tmp_path / "none")
    with pytest.raises(InputError, match="no way to read there"):
        testimony.analyze("nonsense://x/y", output=tmp_path / "none")


@pytest.mark.slow
def test_a_local_dask_cluster_gives_the_same_bytes(corpus, tmp_path) -> None:
    testimony.analyze(corpus, output=tmp_path / "here")
    testimony.analyze(corpus, output=tmp_path / "dask", engine="dask", workers=2)
    assert digests(tmp_path / "here") == digests(tmp_path / "dask")


def test_a_batch_runs_in_one_thread(tmp_path, monkeypatch) -> None:
    """Whatever the environment says, and whichever libraries are there; and only while it runs."""
    importlib.import_module("sklearn.cluster")  # brings OpenMP's threads beside those of linear algebra

    class Desk:
        def do(self, *_) -> list[int]:
            return [library["num_threads"] for library in threadpool_info()]

    settings = batches.Settings(fingerprint="f")
    monkeypatch.setitem(engine._DESKS, ("f", ""), Desk())
    before = [library["num_threads"] for library in threadpool_info()]
    assert set(engine._run_batch(batches.Batch(key="k", parts=()), settings, tmp_path)) == {1}
    assert [library["num_threads"] for library in threadpool_info()] == before
