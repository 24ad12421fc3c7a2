"""Sentences of texts that are not ours, labelled by their place: our labels are in the project, the text is not."""

from __future__ import annotations

import csv
import hashlib
import html
import lzma
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from .data import LabelledSentence, LabelledText, origins_of

FILES = ("sentences-standoff.tsv", "passages-standoff.tsv")
"""Labels by line of a corpus, and by code points of a document."""

_FAR = {"french-text.txt.xz": 500_000}  # from that line on a corpus holds novels, travels, debates and reviews: nobody speaks of a place


class _Unit(NamedTuple):
    """What places count: sentences `near` each other follow each other, labels within a `stretch` of a corpus may come from one document."""

    near: int
    stretch: int


_LINES, _CODE_POINTS = _Unit(near=2, stretch=300), _Unit(near=60, stretch=10_000)


class _Passage(NamedTuple):
    """Where a sentence starts and ends, what stands there, and how it reads."""

    start: int
    end: int
    raw: str
    text: str


def digest_of(text: str) -> str:
    """First eight hexadecimal digits of the SHA-256 of a sentence."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def load_all(training: Path, data: Path) -> list[LabelledText]:
    """Load all stand-off labels of the project, as far as the shared data are there."""
    folders = [data / "testimonials" / "documents", data / "raw"]
    return [text for name in FILES for text in load_standoff(training / name, folders)]


def load_standoff(path: Path, folders: Sequence[Path]) -> list[LabelledText]:
    """Load sentences labelled by place; what is missing or has changed is left out.

    Parameters
    ----------
    path
        Tab-separated ``file``; ``line`` (from 1), or ``start`` and ``end`` (code points of the file in NFC with LF); ``digest`` of
        what stands there (see `digest_of`; a line is stripped), ``polarity``, ``themes`` (``id:polarity``, spaced) and ``entities``
        (``start-end:LABEL`` in code points of the sentence without entities of HTML, white space made single spaces; spaced).
    folders
        Where the files are; beside such a folder ``SOURCES.tsv`` may say of what repository a file comes.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    texts = []
    for name, part in groupby(rows, key=lambda row: row["file"]):
        labelled = list(part)
        source = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if source is None:
            continue
        origin = origins_of(source.parent.with_name("SOURCES.tsv")).get(name, name)
        by_line = "line" in labelled[0]
        unit, read, far = (_LINES, _lines, _FAR.get(name)) if by_line else (_CODE_POINTS, _passages, None)
        for first, sentences in _runs(zip(labelled, read(source, labelled), strict=True), unit):
            # A corpus in one file holds many documents: those far apart are different ones.
            group = f"{name}@{first // unit.stretch}" if source.suffix == ".xz" else name
            kind = "far" if far is not None and first >= far else "real"
            texts.append(LabelledText(id=f"{name}#{first}", group=group, source=origin, kind=kind, sentences=sentences))
    return texts


def _lines(source: Path, rows: Sequence[dict[str, str]]) -> Iterator[_Passage]:
    """Find sentences by line of a compressed corpus."""
    wanted = {int(row["line"]) for row in rows}
    with lzma.open(source, "rt", encoding="utf-8") as file:
        lines = {number: line.strip() for number, line in enumerate(file, 1) if number in wanted}
    for row in rows:
        number = int(row["line"])
        text = lines.get(number, "")
        yield _Passage(number, number, text, text)


def _passages(source: Path, rows: Sequence[dict[str, str]]) -> Iterator[_Passage]:
    """Find sentences by code points."""
    if source.suffix == ".xz":
        with lzma.open(source, "rt", encoding="utf-8") as file:
            content = file.read(max(int(row["end"]) for row in rows))
    else:
        content = unicodedata.normalize("NFC", source.read_text(encoding="utf-8").replace("\r\n", "\n"))
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        raw = content[start:end]
        yield _Passage(start, end, raw, " ".join(html.unescape(raw).split()))


def _runs(rows: Iterable[tuple[dict[str, str], _Passage]], unit: _Unit) -> Iterator[tuple[int, tuple[LabelledSentence, ...]]]:
    """Yield sentences that follow each other, with the place of the first."""
    run: list[LabelledSentence] = []
    first = before = 0
    for row, passage in rows:
        if digest_of(passage.raw) != row["digest"]:
            continue
        if run and passage.start - before > unit.near:
            yield first, tuple(run)
            run = []
        first = first if run else passage.start
        run.append(_labelled(row, passage.text))
        before = passage.end
    if run:
        yield first, tuple(run)


def _labelled(row: dict[str, str], text: str) -> LabelledSentence:
    themes = dict(item.split(":") for item in row["themes"].split())
    places = [item.split(":") for item in row["entities"].split()]
    entities = tuple((text[slice(*map(int, span.split("-")))], label) for span, label in places)
    return LabelledSentence(text=text, themes=themes, polarity=row["polarity"], entities=entities)
