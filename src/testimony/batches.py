"""Batches: what one worker does at a time, from files to finished tables."""

from __future__ import annotations

import hashlib
import os
import time
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import readers
from .errors import TestimonyError, UnreadableDocument
from .isolation import Heard, How, Room
from .readers import Columns, Limits, Part, Remote, Unreadable
from .rereading import ThemeReader
from .results import UNDERSTANDING, ResultsFolder, dumps
from .store import digest
from .types import REVIEW_THRESHOLD, Annotations, Document, SentenceView, Testimonial, ThemeMention, flat

if TYPE_CHECKING:
    from spacy.language import Language

ROWS_PER_PART = 250
"""Records of a table that one part holds."""

BATCH_BYTES = 100_000
"""A batch ends when its files reach this size: large enough to keep the tables few, small enough to resume finely and to end together."""

LARGE_BATCH_BYTES = 400_000
SHARES = 32
"""Of a large table a batch may be this share, and this large, for fewer and larger batches cost a little less."""

FAILED = "cannot be understood"
"""What is said of a document that the pipeline failed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that decides what a batch's tables hold; the same settings give the same bytes.

    `fingerprint` covers the version of the code, the pipeline, the registry, the hints and the columns: all that decides but the themes,
    which `themes` covers (the codebook, and the model beside it). `versions` are those of the code and the pipeline, which the machine
    that runs a batch must have too.
    """

    model: str | None = None
    codebook: str | None = None
    registry: str | None = None
    hints: str | None = None
    whole: bool = False
    columns: Columns = field(default_factory=Columns)
    limits: Limits = field(default_factory=Limits)
    versions: tuple[str, ...] = ()
    fingerprint: str = ""
    themes: str = ""

    @property
    def how(self) -> How:
        """What the process that reads is told."""
        return How(hints=self.hints, registry=self.registry, whole=self.whole, columns=self.columns, limits=self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Consecutive parts of the corpus, their size in bytes, and the key under which their finished tables are kept."""

    key: str
    parts: tuple[Part, ...]
    failures: tuple[Unreadable, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a finished batch sends back: counts and reasons, never text. Times are seconds of the processor.

    `again` tells that only its themes were read, the rest being there.
    """

    key: str
    documents: int = 0
    testimonials: int = 0
    words: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
    again: bool = False
    reading: float = 0.0
    segmenting: float = 0.0
    annotating: float = 0.0
    writing: float = 0.0


def plan(files: Iterable[tuple[Path | Remote, str]], settings: Settings) -> list[Batch]:
    """Cut the corpus into batches.

    The cut depends on the files alone, in the order of their sources: not on the order they were given in, nor on the workers.
    A batch also ends after a file whose name says so (its hash; the larger the file, the likelier), so that a new file moves the borders
    near it and no others.
    """
    batches: list[Batch] = []
    parts: list[Part] = []
    failures: list[Unreadable] = []
    identity: list[Any] = []
    size = 0

    def close() -> None:
        nonlocal size
        if identity:
            key = digest(dumps([settings.fingerprint, identity]))[:UNDERSTANDING] + digest(settings.themes)[:8]
            batches.append(Batch(key=key, parts=tuple(parts), failures=tuple(failures), size=size))
        parts.clear()
        failures.clear()
        identity.clear()
        size = 0

    for path, source in sorted(files, key=lambda pair: pair[1]):
        try:
            content = _digest(path)
            cut = readers.scan(path, source=source, rows=ROWS_PER_PART, columns=settings.columns)
        except UnreadableDocument as error:
            failures.append(Unreadable(source=source, reason=str(error)))
            identity.append([source, str(error)])
            continue
        whole = path.stat().st_size
        for number, part in enumerate(cut):
            parts.append(part)
            identity.append([source, content, number])
            size += whole // len(cut)
            if size >= max(BATCH_BYTES, min(whole // SHARES, LARGE_BATCH_BYTES)):
                close()
        if _lot(source) * BATCH_BYTES < whole:
            close()
    close()
    return batches


def _lot(source: str) -> float:
    """A number from 0 to 1 that a name draws, always the same."""
    return int.from_bytes(hashlib.sha256(source.encode()).digest()[:4]) / 2**32


def _digest(path: Path | Remote) -> str:
    try:
        with path.open("rb") as stream:
            state = hashlib.sha256()
            while block := stream.read(1 << 20):
                state.update(block)
            return state.hexdigest()
    except OSError as error:
        raise UnreadableDocument(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from error


def process(batch: Batch, folder: ResultsFolder, nlp: Language, room: Room) -> Tally:
    """Read, segment, annotate and write one batch."""
    skipped = list(batch.failures)
    heard: list[Heard] = []
    for part in batch.parts:
        for item in room.read(part):
            (skipped if isinstance(item, Unreadable) else heard).append(item)  # type: ignore[arg-type]
    clock = time.process_time()
    heard, annotations, failed = _annotate(nlp, heard)
    skipped += failed
    annotated = time.process_time()
    rows = tables([one.document for one in heard], [one.testimonials for one in heard], annotations, skipped)
    folder.write_batch(batch.key, rows)
    return Tally(
        key=batch.key,
        documents=len(rows["documents"]),
        testimonials=len(annotations),
        words=sum(annotation.n_words for annotation in annotations),
        skipped=tuple((item.source, item.reason) for item in skipped),
        reading=sum(one.reading for one in heard),
        segmenting=sum(one.segmenting for one in heard),
        annotating=annotated - clock,
        writing=time.process_time() - annotated,
    )


def process_themes(batch: Batch, folder: ResultsFolder, reader: ThemeReader) -> Tally | None:
    """Read the themes of a batch whose other tables are there; ``None`` where that cannot be done and the batch must be processed."""
    clock = time.process_time()
    kept = {name: folder.read_batch(batch.key, name) for name in ("documents", "testimonials", "sentences")}
    skipped = tuple((row["source"], row["reason"]) for row in kept["documents"] if row["status"] == "skipped")
    if any(FAILED in reason for _, reason in skipped):  # what the pipeline failed on under one codebook it may read under another
        return None
    try:
        found = list(reader.read(kept["testimonials"], kept["sentences"]))
    except Exception:  # noqa: BLE001 - one text that themes cannot be read in: `process` finds which and lists it
        return None
    read = time.process_time()
    rows = [{name: sentence[name] for name in ("testimonial_id", "sentence_id")} | _theme_row(theme) for sentence, theme in found]
    folder.write_batch(batch.key, {"themes": rows})
    return Tally(
        key=batch.key,
        documents=len(kept["documents"]),
        testimonials=len(kept["testimonials"]),
        words=sum(row["n_words"] for row in kept["testimonials"]),
        skipped=skipped,
        again=True,
        annotating=read - clock,
        writing=time.process_time() - read,
    )


def _annotate(nlp: Language, heard: list[Heard]) -> tuple[list[Heard], list[Annotations], list[Unreadable]]:
    """Annotate the testimonials of documents; where that fails, document by document, so that one costs itself alone."""
    from . import pipeline

    try:
        return heard, pipeline.annotate(nlp, [testimonial for one in heard for testimonial in one.testimonials]), []
    except TestimonyError:
        raise
    except Exception as error:
        if not heard:
            raise
        if len(heard) == 1:
            source = heard[0].document.source
            reason = f"{source}: {FAILED} ({type(error).__name__}); take it out and tell us"
            return [], [], [Unreadable(source=source, reason=reason)]
        kept, annotations, failed = zip(*(_annotate(nlp, [one]) for one in heard), strict=True)
        return list(chain(*kept)), list(chain(*annotations)), list(chain(*failed))


def tables(
    documents: Sequence[Document],
    found: Sequence[Sequence[Testimonial]],
    annotations: Sequence[Annotations],
    skipped: Sequence[Unreadable],
) -> dict[str, list[dict[str, Any]]]:
    """Turn records into the rows of the tables, in the order of the documents."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("documents", "testimonials", "sentences", "themes", "entities")}
    rows["documents"] = [_document_row(document, len(group)) for document, group in zip(documents, found, strict=True)]
    rows["documents"] += [_skipped_row(item) for item in skipped]
    for annotation in annotations:
        _add_testimonial(rows, annotation)
    return rows


def _document_row(document: Document, n_testimonials: int) -> dict[str, Any]:
    empty = not document.text.strip()
    return {
        "document_id": document.id,
        "source": document.source,
        "format": document.format,
        "sha256": document.sha256,
        "text": document.text,
        "status": "empty" if empty else "ok",
        "reason": "no text" if empty else None,
        "n_testimonials": n_testimonials,
        "metadata": dumps(dict(document.metadata)),
    }


def _skipped_row(item: Unreadable) -> dict[str, Any]:
    return {
        "document_id": hashlib.sha256(item.source.encode()).hexdigest()[:16],
        "source": item.source,
        "format": os.path.splitext(item.source.split("#")[0])[1].lstrip(".").lower() or None,
        "text": "",
        "status": "skipped",
        "reason": item.reason,
        "n_testimonials": 0,
        "metadata": "{}",
    }


def _add_testimonial(rows: dict[str, list[dict[str, Any]]], annotation: Annotations) -> None:
    testimonial = annotation.testimonial
    rows["testimonials"].append(_testimonial_row(annotation))
    starts = [sentence.start for sentence in annotation.sentences]
    sentence_ids = [f"{testimonial.id}-{number:03d}" for number in range(len(starts))]
    for sentence, sentence_id in zip(annotation.sentences, sentence_ids, strict=True):
        key = {"testimonial_id": testimonial.id, "sentence_id": sentence_id}
        rows["sentences"].append(key | _sentence_row(sentence, testimonial.text))
        rows["themes"] += [key | _theme_row(theme) for theme in sentence.themes]
    for mention in annotation.entities:
        place = bisect_right(starts, mention.start)
        owner = sentence_ids[place - 1] if place else None
        rows["entities"].append(
            {"testimonial_id": testimonial.id, "sentence_id": owner} | flat(mention) | {"score": round(mention.score, 4)}
        )


def _testimonial_row(annotation: Annotations) -> dict[str, Any]:
    testimonial = annotation.testimonial
    names = ("document_id", "record_id", "text", "speaker", "role", "space", "about", "date", "language", "rule")
    return {name: getattr(testimonial, name) for name in names} | {
        "testimonial_id": testimonial.id,
        "segments": [list(span) for span in testimonial.segments],
        "confidence": round(testimonial.confidence, 4),
        "polarity": annotation.polarity,
        "polarity_score": round(annotation.polarity_score, 4),
        "n_words": annotation.n_words,
        "metadata": dumps(dict(testimonial.metadata)),
        "evidence": dumps(list(map(flat, testimonial.evidence))),
        "review": testimonial.confidence < REVIEW_THRESHOLD,
        "space_in_document": testimonial.space,
    }


def _sentence_row(sentence: SentenceView, text: str) -> dict[str, Any]:
    return {
        "start": sentence.start,
        "end": sentence.end,
        "text": text[sentence.start : sentence.end],
        "polarity": sentence.polarity,
        "polarity_score": round(sentence.polarity_score, 4),
        "baseline_score": round(sentence.baseline_score, 4),
        "irony": sentence.irony,
        "cues": [list(span) for span in sentence.cues],
    }


def _theme_row(theme: ThemeMention) -> dict[str, Any]:
    return {
        "theme": theme.theme,
        "score": round(theme.score, 4),
        "polarity": theme.polarity,
        "polarity_score": round(theme.polarity_score, 4),
        "evidence": [list(span) for span in theme.evidence],
    }
