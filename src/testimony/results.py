"""The results folder: atomic partitions, manifest, lock and resume."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from . import store
from .errors import ResultsError, TestimonyError
from .schemas import PARTITIONED, SCHEMAS, WITHOUT_THEMES

FORMAT = 2
"""Version of the folder's layout; a folder of another version is never mixed with ours."""

MANIFEST = "run.json"
STAGING = ".staging"
PRIVATE = 0o700
"""Mode of the folder of what is not finished: the words of testimonials, for nobody else yet."""

UNDERSTANDING = 16
"""First characters of a batch's key, the same under every codebook; the others tell the codebook."""

SOME = 10_000
"""Rows that are held at once where a table may have any number of them."""


_LOG = logging.getLogger("testimony")
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)


def dumps(value: Any) -> str:
    """Canonical JSON: the same value gives the same characters."""
    return _CANONICAL.encode(value)


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn the operating system's refusals into one line that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ResultsError(f"{folder}: the disk is full; free some space and run the same command again to resume") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise ResultsError(f"{folder}: cannot be written ({error.strerror}); choose another folder with -o") from error
        raise ResultsError(f"{folder}: {error.strerror or error}") from error


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees all of it or none of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_table(path: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows of table `name` as one Parquet file, atomically and with the same bytes for the same rows."""
    schema, left = SCHEMAS[name], iter(rows)
    parts = [schema.empty_table()]
    while some := list(islice(left, SOME)):  # rows take ten times the memory of columns
        parts.append(pa.Table.from_pylist(some, schema=schema))
    write_arrow(path, pa.concat_tables(parts).combine_chunks())


def write_arrow(path: Path, table: pa.Table) -> None:
    """Write a table as one Parquet file, atomically and with the same bytes for the same rows."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_statistics=True)
    write_atomically(path, sink.getvalue().to_pybytes())


class ResultsFolder:
    """A results folder being written.

    Finished batches wait in ``.staging/NAME/`` under their key; the last step moves them into ``tables/NAME/`` in order. A killed run
    leaves the staging folder, from which the next run with the same keys goes on.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.staging = path / STAGING
        self._lock: Any = None

    def open(self, *, restart: bool = False) -> None:
        """Create or take over the folder.

        Raises
        ------
        ResultsError
            If the folder belongs to another program, to another version, to a run in progress, or cannot be written.
        """
        if self.path.exists() and not self.path.is_dir():
            raise ResultsError(f"{self.path}: is a file, not a folder; choose another folder with -o")
        self._refuse_strangers(restart=restart)
        with explained(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            self._finish_swap()
            for left in (*self.path.glob(".*.tmp"), *self.path.glob("tables/*/.*.tmp")):  # by a run that was killed while it wrote
                left.unlink(missing_ok=True)
            if restart:
                shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir(mode=PRIVATE, exist_ok=True)
            for name in PARTITIONED:
                (self.staging / name).mkdir(exist_ok=True)

    def _refuse_strangers(self, *, restart: bool) -> None:
        if not self.path.is_dir():
            return
        try:
            names = {entry.name for entry in self.path.iterdir()} - {".lock"}
        except OSError as error:
            raise ResultsError(f"{self.path}: cannot be read ({error.strerror}); choose another folder with -o") from error
        if not names or names == {STAGING}:
            return
        if MANIFEST not in names:
            raise ResultsError(
                f"{self.path}: holds files that testimony did not write and is left untouched; choose an empty or new folder with -o"
            )
        manifest = read_manifest(self.path)
        if not restart:
            say_if_old(self.path, manifest, "nothing of them is taken over, every document is read again")

    def _take_lock(self) -> None:
        stream = (self.path / ".lock").open("a")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            raise ResultsError(
                f"{self.path}: another run is writing there now; wait for it to end or choose another folder with -o"
            ) from None
        self._lock = stream

    def close(self) -> None:
        """Release the folder for other runs."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    # -- batches ---------------------------------------------------------------------------------------------------------------

    def is_done(self, key: str) -> bool:
        """Tell whether the batch was finished by an earlier, interrupted run: all its tables are there and whole."""
        return all(_is_whole(self.staging / name / f"{key}.parquet") for name in reversed(PARTITIONED))

    def is_understood(self, key: str) -> bool:
        """Tell whether all the tables of the batch but its themes are there and whole."""
        return all(_is_whole(self.staging / name / f"{key}.parquet") for name in WITHOUT_THEMES)

    def write_batch(self, key: str, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Write tables of one batch: all of them, the last of which tells that it is finished, or its themes."""
        with explained(self.path):
            for name in PARTITIONED:
                if name in tables:
                    write_table(self.staging / name / f"{key}.parquet", name, tables[name])

    def read_batch(self, key: str, name: str) -> list[dict[str, Any]]:
        """Read the rows of one table of a batch."""
        return read_file(self.staging / name / f"{key}.parquet")

    def reuse(self, keys: Sequence[str]) -> int:
        """Take over finished batches of the last complete run; return how many.

        The partitions of ``tables/`` are named ``part-NUMBER-KEY.parquet``, so a batch whose documents, model and options are unchanged
        is recognised by its key.
        """
        wanted = {key: key for key in keys if not self.is_done(key)}
        return self._take_over(wanted, (self.path / "tables" / PARTITIONED[-1]).glob("part-*.parquet"), PARTITIONED)

    def adopt(self, keys: Sequence[str]) -> int:
        """Take over all but the themes of batches that were finished under another codebook; return how many."""
        wanted = {key[:UNDERSTANDING]: key for key in keys if not self.is_done(key) and not self.is_understood(key)}
        finished = [folder.glob("*.parquet") for folder in (self.path / "tables" / PARTITIONED[-1], self.staging / PARTITIONED[-1])]
        return self._take_over(wanted, chain(*finished), WITHOUT_THEMES)

    def _take_over(self, wanted: dict[str, str], files: Iterable[Path], names: Sequence[str]) -> int:
        """Link tables of batches under the keys that are wanted; `wanted` finds them by as much of their own key as it has."""
        size = max(map(len, wanted), default=0)
        taken = 0
        with explained(self.path):
            for path in sorted(files):
                found = path.stem.rsplit("-", 1)[-1][:size]
                sources = {name: path.parents[1] / name / path.name for name in names}
                if found in wanted and all(map(_is_whole, sources.values())):
                    key = wanted.pop(found)
                    for name, source in sources.items():
                        target = self.staging / name / f"{key}.parquet"
                        target.unlink(missing_ok=True)
                        os.link(source, target)
                    taken += 1
        return taken

    # -- the end ---------------------------------------------------------------------------------------------------------------

    def publish(self, keys: Sequence[str], finish: Callable[[Path], None]) -> None:
        """Move the finished batches, in order, to where readers look for them.

        Parameters
        ----------
        keys
            Of the batches.
        finish
            Completes the tables in their folder, before a reader sees them.
        """
        ready = self.path / f"{STAGING}-ready"
        with explained(self.path):
            shutil.rmtree(ready, ignore_errors=True)
            for name in PARTITIONED:
                (ready / name).mkdir(parents=True)
                for number, key in enumerate(keys):
                    os.link(self.staging / name / f"{key}.parquet", ready / name / f"part-{number:06d}-{key}.parquet")
            finish(ready)
            (ready / "complete").touch()
            self._finish_swap()
            shutil.rmtree(self.staging, ignore_errors=True)

    def _finish_swap(self) -> None:
        # A run may die between the two renames: whoever opens the folder next completes them.
        ready, tables, old = self.path / f"{STAGING}-ready", self.path / "tables", self.path / f"{STAGING}-old"
        if (ready / "complete").exists():
            if tables.exists():
                shutil.rmtree(old, ignore_errors=True)
                tables.rename(old)
            ready.rename(tables)
        (tables / "complete").unlink(missing_ok=True)
        shutil.rmtree(ready, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)

    def write_spaces(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write the `spaces` table."""
        folder = self.path / "tables" / "spaces"
        with explained(self.path):
            folder.mkdir(parents=True, exist_ok=True)
            write_table(folder / "part-000000.parquet", "spaces", rows)

    def write_json(self, name: str, value: Any) -> None:
        """Write `value` as readable JSON, atomically."""
        text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
        with explained(self.path):
            write_atomically(self.path / name, text.encode("utf-8"))


def _is_whole(file: Path) -> bool:
    """A Parquet file begins and ends with its mark; a power cut leaves it short or empty."""
    try:
        with file.open("rb") as stream:
            head = stream.read(4)
            stream.seek(-4, os.SEEK_END)
            return head == stream.read(4) == b"PAR1"
    except OSError:
        return False


def read_manifest(path: Path) -> dict[str, Any]:
    """Read ``run.json``.

    Raises
    ------
    ResultsError
        If there is none, or it is not one of ours, or of another layout version.
    """
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        raise ResultsError(f"{path}: no {MANIFEST} there; give the folder that `testimony analyze` wrote") from None
    except (OSError, ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise ResultsError(f"{path}/{MANIFEST}: cannot be read ({reason}); run `testimony analyze` again into a new folder") from error
    if not isinstance(manifest, dict) or manifest.get("program") != "testimony":
        raise ResultsError(f"{path}/{MANIFEST}: was not written by testimony; choose another folder")
    if manifest.get("format") != FORMAT:
        raise ResultsError(
            f"{path}: results of layout {manifest.get('format')}, this version reads and writes layout {FORMAT}; "
            "run `testimony analyze` into a new folder"
        )
    return manifest


def say_if_old(path: Path, manifest: Mapping[str, Any], then: str) -> None:
    """Warn, in one line, that results are of another version of the code than the one that runs."""
    fingerprints = manifest.get("fingerprints")
    if isinstance(fingerprints, Mapping) and fingerprints.get("testimony") != store.code_fingerprint():
        _LOG.warning("%s: results of another version of testimony; %s", path, then)


_COMPLETE: dict[str, type] = {"codebook": dict, "counts": dict, "skipped": list, "versions": dict}
"""What ``run.json`` holds when a run is complete."""
_AGAIN = "run the same `testimony analyze` command again"


def check_complete(path: Path, manifest: Mapping[str, Any]) -> None:
    """Compare a finished results folder with what its ``run.json`` says, so that a part which is gone is not a part that was empty.

    Raises
    ------
    ResultsError
        If ``run.json`` lacks something, files of a table are missing, or a table has more or fewer rows than were counted.
    """
    for key, kind in _COMPLETE.items():
        if not isinstance(manifest.get(key), kind):
            raise ResultsError(f"{path}/{MANIFEST}: damaged, {key!r} is missing; {_AGAIN}")
    parts = {name: {file.name for file in table_files(path, name)} for name in SCHEMAS}
    every = set().union(*(parts[name] for name in PARTITIONED))
    for name, found in parts.items():
        if not found or (name in PARTITIONED and found != every):
            raise ResultsError(f"{path}/tables/{name}: files of this table are missing; {_AGAIN}")
    for name in ("documents", "testimonials"):
        counted, number = manifest["counts"].get(name), count_rows(path, name)
        if counted != number:
            raise ResultsError(f"{path}/tables/{name}: {number} rows, {MANIFEST} says {counted}; {_AGAIN}")


def read_summaries(path: Path) -> list[dict[str, Any]]:
    """Read ``summaries.json``.

    Raises
    ------
    ResultsError
        If it is missing or damaged.
    """
    file = path / "summaries.json"
    try:
        summaries = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ResultsError(f"{file}: missing; {_AGAIN}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ResultsError(f"{file}: cannot be read ({type(error).__name__}); {_AGAIN}") from error
    if not isinstance(summaries, list) or not all(isinstance(summary, dict) and "space" in summary for summary in summaries):
        raise ResultsError(f"{file}: damaged, not a list of summaries; {_AGAIN}")
    return summaries


@contextmanager
def intact(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong with results that others may have changed into one line."""
    try:
        with explained(path):
            yield
    except (TestimonyError, MemoryError):
        raise
    except Exception as error:
        raise ResultsError(
            f"{path}: holds what testimony did not write ({type(error).__name__}); run `testimony analyze` again with --restart"
        ) from error


def table_files(path: Path, name: str) -> list[Path]:
    """List the partitions of a table in order."""
    return sorted((path / "tables" / name).glob("part-*.parquet"))


def count_rows(path: Path, name: str) -> int:
    """Number of rows of a table."""
    number = 0
    for file in table_files(path, name):
        with readable(file):
            number += pq.read_metadata(file).num_rows
    return number


def read_rows(path: Path, name: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, some at a time.

    Raises
    ------
    ResultsError
        If a partition cannot be read.
    """
    for file in table_files(path, name):
        with readable(file):
            for some in pq.ParquetFile(file).iter_batches(SOME, columns=columns):
                yield from some.to_pylist()


def read_file(file: Path, columns: list[str] | None = None) -> list[dict[str, Any]]:
    """Read the rows of one partition.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    rows: list[dict[str, Any]] = read_arrow(file, columns).to_pylist()
    return rows


def read_arrow(file: Path, columns: list[str] | None = None) -> pa.Table:
    """Read one partition: alone and whole, so that nothing is imported that serves many files and threads.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    with readable(file), pq.ParquetFile(file) as parquet:
        return parquet.read(columns, use_threads=False)


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Turn what is wrong with a partition into one line."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise ResultsError(f"{file}: cannot be read ({error}); run `testimony analyze` again with --restart") from error
