"""What polarity is learnt from besides labelled testimonials: reviews, and sentences labelled where they stand in documents of others."""

from __future__ import annotations

import csv
import gzip
import hashlib
import html
import json
import lzma
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from .data import LabelledSentence, LabelledText

MEASURE_ONLY = "semeval16-rest-sent"
DOMAINS = {
    "tripadvisor-ft": "restaurants", "tripadvisor-lyon": "restaurants", "mabsa-food": "restaurants", "mabsa-hotel": "restaurants",
    "insurance": "insurance", "allocine-tv": "series", "allocine-10titles": "series", "amazon-books": "books", "mabsa-laptop": "devices",
    "mabsa-phone": "devices", "mabsa-coursera": "courses", MEASURE_ONLY: "restaurants",
}  # fmt: skip
_STRETCH = 10_000  # code points
_NEAR = 60  # code points between sentences that still follow each other


class Review(NamedTuple):
    """A review with its polarity; `domain` is what it is about."""

    text: str
    polarity: str
    name: str
    domain: str


def load_reviews(folder: Path, *, limit: int | None = None) -> list[Review]:
    """Read the review sets of a folder, except the one that is only measured on.

    Parameters
    ----------
    limit
        Keep that many of each set, chosen once and for all.
    """
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        raise InputError(f"{folder}: no *.jsonl.gz there; give the folder of the review sets")
    names = [path for path in paths if not path.name.startswith(MEASURE_ONLY)]
    return [review for path in names for review in load_review_set(path)[:limit]]


def load_review_set(path: Path) -> list[Review]:
    """Read one review set, positive and negative reviews only, in a fixed shuffled order."""
    name = path.name.removesuffix(".jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    kept = [Review(row["text"], row["polarity"], name, DOMAINS.get(name, name)) for row in rows]
    kept = [review for review in kept if review.polarity in ("positive", "negative")]
    order = np.random.default_rng(0).permutation(len(kept))
    return [kept[i] for i in order]


def load_standoff(path: Path, folders: Sequence[Path]) -> list[LabelledText]:
    """Read sentences labelled by place: their text stays in documents that are not ours.

    Parameters
    ----------
    path
        Tab-separated ``document``, ``start``, ``end`` (code points of the file in NFC with LF), ``digest`` (first eight hexadecimal
        digits of the SHA-256 of those characters) and ``polarity``.
    folders
        Where the documents are. What is missing or has changed is left out.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    texts: list[LabelledText] = []
    for document, group in groupby(rows, key=lambda row: row["document"]):
        labelled = list(group)
        content = _content(document, folders, max(int(row["end"]) for row in labelled))
        for first, sentences in _runs(labelled, content):
            # A corpus in one file holds many documents: those far apart are different ones.
            group_id = f"{document}@{first // _STRETCH}" if document.endswith(".xz") else document
            texts.append(LabelledText(id=f"{document}#{first}", group=group_id, source=document, kind="real", sentences=sentences))
    return texts


def _content(document: str, folders: Sequence[Path], length: int) -> str:
    """Text of a document, as far as it is needed; empty when it is nowhere."""
    for folder in folders:
        source = folder / document
        if source.suffix == ".xz" and source.is_file():
            with lzma.open(source, "rt", encoding="utf-8") as file:
                return file.read(length)
        if source.is_file():
            return unicodedata.normalize("NFC", source.read_text(encoding="utf-8").replace("\r\n", "\n"))
    return ""


def _runs(rows: list[dict[str, str]], content: str) -> Iterator[tuple[int, tuple[LabelledSentence, ...]]]:
    """Yield stretches of sentences that follow each other, with the place of the first."""
    run: list[LabelledSentence] = []
    first = before = 0
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        raw = content[start:end]
        if hashlib.sha256(raw.encode()).hexdigest()[:8] != row["digest"]:
            continue
        if run and start - before > _NEAR:
            yield first, tuple(run)
            run = []
        first = first if run else start
        run.append(LabelledSentence(text=" ".join(html.unescape(raw).split()), themes={}, polarity=row["polarity"]))
        before = end
    if run:
        yield first, tuple(run)
