"""`analyze()`: the whole journey; `Analysis`: an opened results folder for notebooks and scripts."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__, display, readers, results, store
from .batches import Batch, Settings, Tally, plan
from .codebook import Codebook
from .engine import Engine, choose, leave
from .errors import InputError, ResultsError, UnreadableDocument
from .garbage import uncollected
from .readers import Columns
from .results import FORMAT, MANIFEST, ResultsFolder
from .schemas import SCHEMAS
from .spaces import Registry

if TYPE_CHECKING:
    import pandas as pd

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


class Analysis:
    """An opened results folder.

    Parameters
    ----------
    path
        The folder that `analyze` wrote.

    Attributes
    ----------
    testimonials, sentences, themes, entities, spaces, people, documents : pandas.DataFrame
        The tables, read when first asked for.
    summaries : list of dict
        One summary per space.
    manifest : dict
        What ``run.json`` says.

    Raises
    ------
    ResultsError
        If the folder is not one of ours, or its run was interrupted.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.manifest = results.read_manifest(self.path)
        if self.manifest["status"] != "complete":
            raise ResultsError(f"{self.path}: the run was interrupted; run the same `testimony analyze` command again to finish it")
        self._tables: dict[str, pd.DataFrame] = {}

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            import pandas as pd
            import pyarrow as pa
            import pyarrow.parquet as pq

            files = results.table_files(self.path, name)
            schema = SCHEMAS[name]
            parts = [pq.read_table(file) for file in files]
            table = pa.concat_tables(parts) if parts else schema.empty_table()
            self._tables[name] = table.to_pandas() if len(table) else pd.DataFrame(schema.empty_table().to_pandas())
        return self._tables[name]

    @property
    def documents(self) -> pd.DataFrame:
        """One row per document, the skipped ones with their reason."""
        return self._table("documents")

    @property
    def testimonials(self) -> pd.DataFrame:
        """One row per testimonial."""
        return self._table("testimonials")

    @property
    def sentences(self) -> pd.DataFrame:
        """One row per sentence, with its polarity."""
        return self._table("sentences")

    @property
    def themes(self) -> pd.DataFrame:
        """One row per theme of a sentence, with the polarity toward it."""
        return self._table("themes")

    @property
    def entities(self) -> pd.DataFrame:
        """One row per mention of a named entity."""
        return self._table("entities")

    @property
    def spaces(self) -> pd.DataFrame:
        """One row per space."""
        return self._table("spaces")

    @property
    def people(self) -> pd.DataFrame:
        """One row per person who speaks, with the forms of the name."""
        return self._table("people")

    @property
    def summaries(self) -> list[dict[str, Any]]:
        """One summary per space."""
        return [display.Summary(row, self._titles()) for row in json.loads((self.path / "summaries.json").read_text("utf-8"))]

    def _titles(self) -> dict[str, str]:
        """Title of each theme."""
        return {theme["id"]: theme["label"] for theme in self.manifest["codebook"]["themes"]}

    def summary(self, space: str) -> dict[str, Any]:
        """Give the summary of one space.

        Raises
        ------
        InputError
            If there is no such space; the message names those there are.
        """
        every = self.summaries
        for summary in every:
            if summary["space"] == space:
                return summary
        names = ", ".join(str(summary["space"]) for summary in every[:10]) or "none"
        raise InputError(f"no space {space!r} in {self.path}; there are: {names}")

    def report(self, path: str | os.PathLike[str] | None = None, *, lang: str = "fr") -> Path:
        """Draw the report again, by default where it was; return its path."""
        from .report.render import render

        return render(self.path, Path(path) if path is not None else self.path / "report.html", lang=lang)

    def __repr__(self) -> str:
        counts = self.manifest["counts"]
        return f"Analysis({str(self.path)!r}: {counts['testimonials']} testimonials, {counts['documents']} documents)"

    def _repr_html_(self) -> str:
        return display.analysis_html(str(self.path), self.manifest["counts"], self.summaries, self._titles())


def open_results(path: str | os.PathLike[str]) -> Analysis:
    """Open the folder that `analyze` wrote."""
    return Analysis(path)


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
    settings = _sealed(settings, run["fingerprints"])
    how = (choose(engine, workers, scheduler), progress)
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
    analysis = Analysis(folder.path)
    _refuse_wrong_columns(analysis)
    return _strictly(analysis) if strict else analysis


def _refuse_wrong_columns(analysis: Analysis) -> None:
    """Say what is wrong with a column that the user named, where nothing could be read because of it."""
    from .readers.records import NO_SUCH_COLUMN

    counts, skipped = analysis.manifest["counts"], analysis.manifest["skipped"]
    wrong = [item["reason"] for item in skipped if NO_SUCH_COLUMN in item["reason"]]
    if wrong and counts["skipped"] == counts["documents"]:
        raise InputError(wrong[0])


def _strictly(analysis: Analysis) -> Analysis:
    skipped = analysis.manifest["skipped"]
    if skipped:
        raise UnreadableDocument(f"--strict: {len(skipped)} document(s) could not be read; the first: {skipped[0]['reason']}")
    return analysis


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
