"""`Analysis`: an opened results folder, for the commands, notebooks and scripts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import display, results
from .errors import InputError, ResultsError
from .schemas import SCHEMAS

if TYPE_CHECKING:
    import pandas as pd


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
        If the folder is not one of ours, its run was interrupted, or a part of it is missing or damaged.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.manifest = results.read_manifest(self.path)
        if self.manifest.get("status") != "complete":
            raise ResultsError(f"{self.path}: the run was interrupted; run the same `testimony analyze` command again to finish it")
        results.check_complete(self.path, self.manifest)
        results.say_if_old(self.path, self.manifest, "run the same `testimony analyze` command again to have those of this one")
        self._tables: dict[str, pd.DataFrame] = {}

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            import pandas as pd
            import pyarrow as pa
            import pyarrow.parquet as pq

            schema = SCHEMAS[name]
            parts = []
            for file in results.table_files(self.path, name):
                with results.readable(file):
                    parts.append(pq.read_table(file))
            with results.intact(self.path):
                table = pa.concat_tables(parts)
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
        return [display.Summary(row, self._titles()) for row in results.read_summaries(self.path)]

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

        with results.intact(self.path):
            return render(self.path, Path(path) if path is not None else self.path / "report.html", lang=lang)

    def export(self, to: str, path: str | os.PathLike[str] | None = None) -> Path:
        """Write the results in the format of another program, by default beside them; return the path.

        Raises
        ------
        InputError
            If there is no such format; the message names those there are.
        """
        from .exports import EXPORTERS

        if to not in EXPORTERS:
            raise InputError(f"--to {to}: no such format; choose one of {', '.join(EXPORTERS)}")
        output = Path(path) if path is not None else self.path.with_name(f"{self.path.resolve().name}.{to}")
        with results.intact(self.path):
            return EXPORTERS[to](self.path, output)

    def __repr__(self) -> str:
        counts = self.manifest["counts"]
        return f"Analysis({str(self.path)!r}: {counts['testimonials']} testimonials, {counts['documents']} documents)"

    def _repr_html_(self) -> str:
        return display.analysis_html(str(self.path), self.manifest["counts"], self.summaries, self._titles())


def open_results(path: str | os.PathLike[str]) -> Analysis:
    """Open the folder that `analyze` wrote."""
    return Analysis(path)
