"""`analyze()`: the whole journey."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import __version__, readers, results, store
from .batches import Batch, Settings, Tally, plan
from .codebook import Codebook
from .engine import Engine, choose, leave
from .errors import InputError, UnreadableDocument
from .garbage import uncollected
from .opened import Analysis
from .readers import Columns
from .results import FORMAT, MANIFEST, ResultsFolder
from .spaces import Registry

MANY = 100_000
"""Testimonials after which names and words need the memory more than the next run needs a pipeline that is loaded already."""

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is; given to the `progress` callback after each batch."""

    batches: int
    total: int
    documents: int
    testimonials: int
    words: int
    seconds: float


def analyze(  # noqa: PLR0913 - the options of the command, one for one
    paths: Paths,
    output: str | os.PathLike[str] = "results/",
    *,
    codebook: str | os.PathLike[str] | None = None,
    spaces: str | os.PathLike[str] | None = None,
    model: str | None = None,
    hints: str | os.PathLike[str] | None = None,
    whole: bool = False,
    text_column: str | Sequence[str] = (),
    speaker_column: str | Sequence[str] = (),
    role_column: str | Sequence[str] = (),
    space_column: str | Sequence[str] = (),
    date_column: str | Sequence[str] = (),
    id_column: str | Sequence[str] = (),
    engine: str = "local",
    workers: int | None = None,
    scheduler: str | None = None,
    restart: bool = False,
    strict: bool = False,
    lang: str = "fr",
    progress: Callable[[Progress], None] | None = None,
) -> Analysis:
    """Find the testimonials in documents, understand them, and write tables, summaries and report.

    Parameters
    ----------
    paths
        Files or folders, searched recursively.
    output
        The results folder; created, or resumed if an earlier run left it unfinished. Of what an earlier run finished there only new or
        changed documents are read; where only the codebook changed, only themes are.
    codebook, spaces, model, hints
        Files that replace the built-in codebook, the registry of spaces (by default ``spaces.toml`` beside the corpus), the pipeline
        and the hints (by default ``testimony.toml`` beside the corpus).
    whole
        Take each document as one testimonial.
    text_column, speaker_column, role_column, space_column, date_column, id_column
        Names of the columns or keys of tables and records, where the usual names do not fit.
    engine, workers, scheduler
        ``"local"`` or ``"dask"``, how many processes (by default as many as the documents are worth and the machine has processors and
        memory for, at most four), and the address of a Dask scheduler.
    restart
        Ignore what an interrupted run left.
    strict
        Raise `UnreadableDocument` at the end if a document could not be read.
    lang
        Language of the report's labels, ``"fr"`` or ``"en"``.
    progress
        Called after each batch.

    Returns
    -------
    Analysis

    Raises
    ------
    InputError, CodebookError, ResultsError, ModelNotFoundError, MissingExtraError
        Each with one line that says what to do.
    """
    run: dict[str, Any] = {"started": time.time(), "clock": time.perf_counter(), "lang": lang}
    roots = [readers.locate(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    columns = Columns(*(_names(value) for value in (text_column, speaker_column, role_column, space_column, date_column, id_column)))
    settings = Settings(
        model=model,
        codebook=_file(codebook, "--codebook"),
        registry=_file(spaces, "--spaces") or _beside(roots, "spaces.toml"),
        hints=_file(hints, "--hints") or _beside(roots, "testimony.toml"),
        whole=whole,
        columns=columns,
    )
    run["fingerprints"] = _fingerprints(settings)
    settings, how = _sealed(settings, run["fingerprints"]), (choose(engine, workers, scheduler), progress)
    _keep_apart(Path(output), model)
    found = readers.find(roots)
    if not found.files:
        raise InputError(f"{', '.join(map(str, roots))}: no document to analyze there; known formats: {', '.join(readers.SUFFIXES)}")
    _check(settings)
    folder = ResultsFolder(Path(output))
    folder.open(restart=restart)
    try:
        with uncollected():
            _fill(folder, found, settings, run | {"roots": roots, "restart": restart}, how)
    finally:
        folder.close()
    return _judged(Analysis(folder.path), strict=strict)


def _judged(analysis: Analysis, *, strict: bool) -> Analysis:
    """Raise where nothing could be read because of a column that the user named, or where nothing may be skipped and something was."""
    from .readers.records import NO_SUCH_COLUMN

    counts, skipped = analysis.manifest["counts"], analysis.manifest["skipped"]
    wrong = [item["reason"] for item in skipped if NO_SUCH_COLUMN in item["reason"]]
    if wrong and counts["skipped"] == counts["documents"]:
        raise InputError(wrong[0])
    if skipped and strict:
        raise UnreadableDocument(f"--strict: {len(skipped)} document(s) could not be read; the first: {skipped[0]['reason']}")
    return analysis


def _keep_apart(output: Path, model: str | None) -> None:
    """Refuse results inside a folder by whose files a run is told from another."""
    for folder in (*([Path(model)] if model and Path(model).is_dir() else ()), store.models_path(), Path(__file__).parent):
        if output.resolve().is_relative_to(folder.resolve()):
            raise InputError(f"{output}: lies inside {folder}, which must stay as it is while it is used; choose another folder with -o")


def _check(settings: Settings) -> None:
    """Read the user's own files before any work, so that a mistake in them is said at once."""
    if settings.codebook:
        Codebook.load(settings.codebook)
    if settings.registry:
        Registry.load(settings.registry)
    if settings.hints:
        from .segmentation.hints import Hints

        Hints.load(Path(settings.hints))


def _fill(
    folder: ResultsFolder,
    found: readers.Found,
    settings: Settings,
    run: dict[str, Any],
    how: tuple[Engine, Callable[[Progress], None] | None],
) -> None:
    """Run every batch that is not done and write the results."""
    from .identities import settle

    batches = plan(found.files, settings)
    manifest = {
        "program": "testimony",
        "format": FORMAT,
        "status": "running",
        "versions": _versions(),
        "fingerprints": run["fingerprints"],
        "options": {
            "paths": sorted(map(str, run["roots"])), "whole": settings.whole, "columns": asdict(settings.columns), "model": settings.model,
        },
        "not_documents": list(found.passed_over),
    }  # fmt: skip
    folder.write_json(MANIFEST, manifest)
    keys = [batch.key for batch in batches]
    reused = 0
    if not run["restart"]:
        reused = folder.reuse(keys)
        folder.adopt(keys)
    tallies = _run(batches, settings, folder, *how)
    if sum(tally.testimonials for tally in tallies) > MANY:
        leave()
    folder.publish(keys, partial(settle, known_spaces=_known_spaces(settings)))
    _conclude(folder, manifest, tallies, run | {"reused": reused}, settings)


def _known_spaces(settings: Settings) -> list[str]:
    return [space.name for space in Registry.load(settings.registry).spaces] if settings.registry else []


def _run(
    batches: Sequence[Batch],
    settings: Settings,
    folder: ResultsFolder,
    run_engine: Engine,
    progress: Callable[[Progress], None] | None,
) -> list[Tally]:
    todo = [batch for batch in batches if not folder.is_done(batch.key)]
    done: list[Tally] = []
    clock = time.perf_counter()
    for tally in run_engine(todo, settings, folder.path):
        done.append(tally)
        if len(done) == len(todo) - 1:  # another process may be at the last: time to import what follows
            from .report import page, render  # noqa: F401
        if progress is not None:
            progress(
                Progress(
                    batches=len(batches) - len(todo) + len(done),
                    total=len(batches),
                    documents=sum(item.documents for item in done),
                    testimonials=sum(item.testimonials for item in done),
                    words=sum(item.words for item in done),
                    seconds=time.perf_counter() - clock,
                )
            )
    return done


def _conclude(folder: ResultsFolder, manifest: dict[str, Any], tallies: list[Tally], run: dict[str, Any], settings: Settings) -> None:
    """Write what needs every batch: spaces, summaries, manifest, report."""
    from .report import page
    from .report.render import render
    from .summaries import spaces_table, summarize

    laps = {"batches": time.perf_counter() - run["clock"]}
    work = time.process_time()
    codebook = Codebook.load(settings.codebook) if settings.codebook else Codebook.builtin()
    corpus = page.read(folder.path, codebook)
    folder.write_spaces(spaces_table(corpus.facts))
    folder.write_json("summaries.json", summarize(corpus.facts))
    laps["summaries"] = time.process_time() - work
    skipped, counts = _count(folder.path)
    manifest |= {
        "status": "complete",
        "codebook": codebook.to_dict(),
        "skipped": skipped,
        "counts": counts,
        "timings": {
            "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(run["started"])),
            "batches_run": sum(not tally.again for tally in tallies),
            "batches_reused": run["reused"],
            "batches_themes_only": sum(tally.again for tally in tallies),
            "testimonials_themes_only": sum(tally.testimonials for tally in tallies if tally.again),
            "words_read": sum(tally.words for tally in tallies if not tally.again),
        }
        | {name: round(sum(getattr(tally, name) for tally in tallies), 3) for name in ("reading", "segmenting", "annotating", "writing")}
        | {name: round(value, 3) for name, value in laps.items()},
    }
    folder.write_json(MANIFEST, manifest)
    with results.explained(folder.path):
        work = time.process_time()
        render(folder.path, folder.path / "report.html", lang=run["lang"], corpus=corpus)
    manifest["timings"]["report"] = round(time.process_time() - work, 3)
    manifest["timings"]["total"] = round(time.perf_counter() - run["clock"], 3)
    folder.write_json(MANIFEST, manifest)


def _count(path: Path) -> tuple[list[dict[str, str]], dict[str, int]]:
    """List the skipped documents and count the others, a row at a time: there may be millions."""
    skipped: list[dict[str, str]] = []
    counts = {"documents": 0, "skipped": 0, "without_testimonial": 0, "testimonials": 0}
    for row in results.read_rows(path, "documents", ["source", "status", "reason", "n_testimonials"]):
        counts["documents"] += 1
        counts["testimonials"] += row["n_testimonials"]
        counts["without_testimonial"] += row["status"] == "ok" and not row["n_testimonials"]
        if row["status"] == "skipped":
            counts["skipped"] += 1
            skipped.append({"source": row["source"], "reason": row["reason"]})
    return skipped, counts


def _names(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _file(value: str | os.PathLike[str] | None, option: str) -> str | None:
    if value is None:
        return None
    if not Path(value).is_file():
        raise InputError(f"{option} {os.fspath(value)}: no such file; check its path")
    return os.fspath(value)


def _beside(roots: Sequence[Path | readers.Remote], name: str) -> str | None:
    """Find a file of the corpus itself, in the given folders or beside the given files."""
    for root in roots:
        if isinstance(root, readers.Remote):
            continue
        candidate = (root if root.is_dir() else root.parent) / name
        if candidate.is_file():
            return os.fspath(candidate)
    return None


def _own_model(codebook: str | None) -> str | None:
    """Fingerprint of the theme model trained for a user's codebook."""
    from .theming import model_folder

    folder = model_folder(Path(codebook)) if codebook else None
    return store.folder_fingerprint(folder) if folder and folder.is_dir() else None


def _fingerprints(settings: Settings) -> dict[str, str | None]:
    def content(path: str | None) -> str | None:
        return store.digest(Path(path).read_bytes()) if path else None

    return {
        "testimony": store.code_fingerprint(),
        "model": store.model_fingerprint(settings.model),
        "codebook": content(settings.codebook),
        "themes": _own_model(settings.codebook),
        "spaces": content(settings.registry),
        "hints": content(settings.hints),
    }


def _sealed(settings: Settings, fingerprints: dict[str, str | None]) -> Settings:
    """Write into the settings by what a batch of theirs is known again: what decides on themes apart from all the rest."""
    themes = {name: fingerprints[name] for name in ("codebook", "themes")}
    rest = [fingerprints | dict.fromkeys(themes), asdict(replace(settings, codebook=None))]
    versions = (str(fingerprints["testimony"]), str(fingerprints["model"]))
    return replace(settings, versions=versions, fingerprint=store.digest(results.dumps(rest)), themes=results.dumps(themes))


def _versions() -> dict[str, str]:
    return {"testimony": __version__} | {name: version(name) for name in ("spacy", "scikit-learn", "numpy", "pyarrow")}
