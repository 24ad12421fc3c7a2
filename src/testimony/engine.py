"""Engines: run batches here, in processes of this machine, or on a Dask cluster; each gives the same tables."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from . import machine, store
from .batches import Batch, Settings, Tally, process, process_themes
from .crew import CrewLostError, share_out
from .errors import InputError, MissingExtraError, ResultsError
from .garbage import collected_after
from .isolation import Room
from .lean import import_spacy
from .readers import Part
from .rereading import ThemeReader
from .results import ResultsFolder

if TYPE_CHECKING:
    from spacy.language import Language

MOST = 4
"""Processes that are started where nobody says how many: more are for who knows the machine."""

EACH = 600_000_000
"""Bytes that one process may fill, with the one that reads for it."""

WORTH = 600_000
"""Bytes of documents for which one process more spares more time than it takes to start."""

PATIENCE = "10s"
"""How long a Dask scheduler may take to answer."""

Engine = Callable[[Sequence[Batch], Settings, Path], Iterator[Tally]]


class _Desk:
    """What a worker keeps between batches: the pipeline, what reads themes alone, and the process that reads; each made when needed."""

    def __init__(self, settings: Settings) -> None:
        _same_versions(settings)
        self.settings = settings
        self.room = Room(settings.how)
        self._nlp: Language | None = None

    def do(self, batch: Batch, folder: ResultsFolder) -> Tally:
        """Process a batch, or read its themes alone where the rest was kept."""
        if self.settings.model is None and folder.is_understood(batch.key):
            with collected_after():
                tally = process_themes(batch, folder, self._themes)
            if tally is not None:
                return tally
        nlp = self._pipeline(batch)  # before, for it stays: no garbage is looked for in it
        with collected_after():
            return process(batch, folder, nlp, self.room)

    @cached_property
    def _themes(self) -> ThemeReader:
        return ThemeReader.build(self.settings.codebook)

    def _pipeline(self, first: Batch) -> Language:
        if self._nlp is None:
            if first.parts:
                self.room.ask(first.parts[0])  # read while the pipeline loads
            import_spacy()
            from . import pipeline

            self._nlp = pipeline.load(self.settings.model, codebook=self.settings.codebook, registry=self.settings.registry)
        return self._nlp


def _same_versions(settings: Settings) -> None:
    """Refuse to mix results: another machine of a cluster may have another version installed."""
    here = (store.code_fingerprint(), store.model_fingerprint(settings.model))
    if settings.versions not in ((), here):
        raise ResultsError(
            "another version of testimony or of the pipeline than the run began with: its files were changed meanwhile, or a machine has "
            "other ones; install the same version everywhere and run the same command again"
        )


_DESKS: dict[tuple[str, str], _Desk] = {}
_TURN = threading.Lock()
"""A Dask worker may run several threads; a pipeline serves one text at a time."""


def _run_batch(batch: Batch, settings: Settings, folder: Path) -> Tally:
    """Process one batch at the desk that this process keeps."""
    with _TURN, threadpool_limits(1):  # matrices are small: more threads would take a third more time, waiting for one another
        key = settings.fingerprint, settings.themes
        if key not in _DESKS:
            leave()
            _DESKS[key] = _Desk(settings)
        return _DESKS[key].do(batch, ResultsFolder(folder))


def leave() -> None:
    """Give up what this process keeps between batches."""
    for desk in _DESKS.values():
        desk.room.close()
    _DESKS.clear()


atexit.register(leave)


def run_here(batches: Sequence[Batch], settings: Settings, folder: Path) -> Iterator[Tally]:
    """Run the batches one after the other in this process."""
    for batch in batches:
        yield _run_batch(batch, settings, folder)


def in_processes(workers: int) -> Engine:
    """Run the batches in `workers` processes of this machine: texts in, counts out, tables written by the workers."""

    def run(batches: Sequence[Batch], settings: Settings, folder: Path) -> Iterator[Tally]:
        if min(workers, len(batches)) < 2:
            yield from run_here(batches, settings, folder)
            return
        largest_first = sorted(batches, key=lambda batch: -batch.size)  # so that no worker is left with a large one at the end
        try:
            yield from share_out(partial(_run_batch, settings=settings, folder=folder), largest_first, min(workers, len(batches)))
        except CrewLostError:
            raise ResultsError(
                f"{folder}: the worker processes died (killed, or out of memory); run the same command again to resume, with fewer --workers"
            ) from None

    return run


def as_many_as_fit(batches: Sequence[Batch], settings: Settings, folder: Path) -> Iterator[Tally]:
    """Run the batches in as many processes as they are worth and the machine has room for."""
    return in_processes(_fitting(batches))(batches, settings, folder)


def _fitting(batches: Sequence[Batch]) -> int:
    worth = 1 + sum(batch.size for batch in batches) // WORTH
    return max(1, min(MOST, worth, machine.processors(), (machine.free_memory() or 0) // EACH))


def on_dask(scheduler: str | None, workers: int | None) -> Engine:
    """Run the batches on a Dask cluster, or on a local one when no scheduler is named.

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    InputError
        If the scheduler does not answer.
    """
    try:
        from distributed import Client, KilledWorker, LocalCluster
        from distributed import as_completed as dask_completed
        from distributed.comm import CommClosedError
    except ImportError as error:
        raise MissingExtraError("--engine dask needs Dask; install it with: pip install 'testimony[dask]'") from error

    def run(batches: Sequence[Batch], settings: Settings, folder: Path) -> Iterator[Tally]:
        cluster = None
        if scheduler is None:
            cluster = LocalCluster(n_workers=workers or _fitting(batches), threads_per_worker=1, dashboard_address=None)
        try:
            client = Client(cluster if cluster is not None else scheduler, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            raise InputError(f"--scheduler {scheduler}: no Dask scheduler answers there; start one with `dask scheduler`") from error
        try:
            # `pure` keys: a batch lost with its worker runs again elsewhere, under the same name, and writes the same bytes.
            futures = client.map(
                _run_batch,
                [_anywhere(batch) for batch in batches],
                settings=_anywhere(settings),
                folder=folder.resolve(),
                key=[f"testimony-{batch.key}" for batch in batches],
            )
            for future in dask_completed(futures):
                yield future.result()
                future.release()
        except (KilledWorker, CommClosedError, CancelledError) as error:
            raise ResultsError(
                f"{folder}: the Dask cluster gave up ({type(error).__name__}); look at its workers and run the same command again to resume"
            ) from error
        finally:
            client.close()
            if cluster is not None:
                cluster.close()

    return run


def _anywhere(item: Any) -> Any:
    """Name files from the root: a worker has another current folder."""
    if isinstance(item, Batch):
        return replace(item, parts=tuple(_anywhere(part) for part in item.parts))
    if isinstance(item, Part):
        return replace(item, path=item.path.resolve()) if isinstance(item.path, Path) else item
    paths = {name: getattr(item, name) for name in ("codebook", "registry", "hints")}
    if item.model and Path(item.model).is_dir():
        paths["model"] = item.model
    return replace(item, **{name: os.path.abspath(path) for name, path in paths.items() if path})


def choose(engine: str, workers: int | None, scheduler: str | None) -> Engine:
    """Give the engine that the options ask for; without a number of workers, as many as fit.

    Raises
    ------
    InputError
        If the options do not fit together.
    """
    if workers is not None and workers < 1:
        raise InputError(f"--workers {workers}: at least 1 is needed")
    if engine == "dask":
        return on_dask(scheduler, workers)
    if engine != "local":
        raise InputError(f"--engine {engine}: no such engine; choose local or dask")
    if scheduler is not None:
        raise InputError("--scheduler is for --engine dask; add it, or leave the scheduler out")
    return as_many_as_fit if workers is None else in_processes(workers)
