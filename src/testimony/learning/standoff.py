"""Sentences of public corpora labelled by their place: our labels are in the project, their text is not."""

from __future__ import annotations

import csv
import hashlib
import lzma
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from .data import LabelledSentence, LabelledText

_STRETCH = 300  # lines: labelled windows nearer than that may come from one document
_FAR = {"french-text.txt.xz": 500_000}  # from that line on a corpus holds novels, travels, debates and reviews: nobody speaks of a place


def digest_of(text: str) -> str:
    """First eight hexadecimal digits of the SHA-256 of a sentence."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def load_lines(path: Path, folder: Path) -> list[LabelledText]:
    """Load sentences labelled by line number; what is missing or has changed is left out.

    Parameters
    ----------
    path
        Tab-separated ``file``, ``line`` (from 1), ``digest`` (see `digest_of`), ``polarity``, ``themes`` (``id:polarity``, spaced) and
        ``entities`` (``start-end:LABEL`` in code points of the stripped line, spaced).
    folder
        Where the corpora are.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    texts = []
    for name, part in groupby(rows, key=lambda row: row["file"]):
        labelled = list(part)
        lines = _lines(folder / name, {int(row["line"]) for row in labelled})
        for first, sentences in _runs(labelled, lines):
            group = f"{name}@{first // _STRETCH}"
            kind = "far" if first >= _FAR.get(name, first + 1) else "real"
            texts.append(LabelledText(id=f"{name}#{first}", group=group, source=name, kind=kind, sentences=sentences))
    return texts


def _lines(path: Path, wanted: set[int]) -> dict[int, str]:
    """Read some lines of a corpus; none when it is not there."""
    if not path.is_file():
        return {}
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return {number: line.strip() for number, line in enumerate(file, 1) if number in wanted}


def _runs(rows: list[dict[str, str]], lines: dict[int, str]) -> Iterator[tuple[int, tuple[LabelledSentence, ...]]]:
    """Yield sentences that follow each other, with the line of the first."""
    run: list[LabelledSentence] = []
    first = before = 0
    for row in rows:
        number = int(row["line"])
        text = lines.get(number, "")
        if digest_of(text) != row["digest"]:
            continue
        if run and number > before + 2:  # lines left blank between sentences are no border
            yield first, tuple(run)
            run = []
        first = first if run else number
        themes = dict(item.split(":") for item in row["themes"].split())
        places = [item.split(":") for item in row["entities"].split()]
        entities = tuple((text[slice(*map(int, span.split("-")))], label) for span, label in places)
        run.append(LabelledSentence(text=text, themes=themes, polarity=row["polarity"], entities=entities))
        before = number
    if run:
        yield first, tuple(run)
