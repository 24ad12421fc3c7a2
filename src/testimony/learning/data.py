"""Labelled sentences to train on and to measure with, kept in the texts they stand in."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSentence:
    """A sentence as a reader labelled it.

    Attributes
    ----------
    themes
        Theme id → polarity toward it; ``""`` where the source does not say which.
    entities
        ``(surface, label)`` pairs in order.
    themes_either, polarity_either
        What two readers disagreed on: counts neither way.
    """

    text: str
    themes: Mapping[str, str]
    polarity: str
    entities: tuple[tuple[str, str], ...] = ()
    themes_either: tuple[str, ...] = ()
    polarity_either: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelledText:
    """Consecutive sentences of one voice, in their order: the sentence and its context.

    Attributes
    ----------
    group
        The document or testimonial: texts of one group never part between training and test.
    source
        Where the document comes from (a repository, a slice of the written corpus); coarser than `group`.
    kind
        ``"written"``, ``"real"``, ``"far"`` (real, of other genres than testimonials) or ``"gold"``.
    """

    id: str
    group: str
    source: str
    kind: str
    sentences: tuple[LabelledSentence, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The sentences joined by one space, as the scorers do."""
        return " ".join(sentence.text for sentence in self.sentences)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Code points of each sentence in `text`."""
        spans, start = [], 0
        for sentence in self.sentences:
            spans.append((start, start + len(sentence.text)))
            start += len(sentence.text) + 1
        return tuple(spans)


def load_written(path: Path | str) -> list[LabelledText]:
    """Load testimonials written for the project: one JSON object a line, its sentences inside; a folder means all its ``*.jsonl``."""
    path = Path(path)
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [
        LabelledText(
            id=str(row["id"]),
            group=str(row["id"]),
            source=str(row["id"]).partition("-")[0],
            kind="written",
            sentences=tuple(_sentence(sentence, file, number) for sentence in row["sentences"]),
            metadata={key: value for key, value in row.items() if key not in ("id", "sentences")},
        )
        for file in files
        for number, row in _rows(file, ("id", "sentences"))
    ]


def load_real(path: Path | str) -> list[LabelledText]:
    """Load sentences read in real documents: ``repository::document#number``; runs of consecutive numbers make one text."""
    path = Path(path)
    runs: list[tuple[str, int, list[LabelledSentence]]] = []
    following = ("", 0)
    for number, row in _rows(path, ("id", "text", "themes", "polarity")):
        document, _, position = str(row["id"]).rpartition("#")
        if not document or not position.isdecimal():
            raise InputError(f"{path}:{number}: the id {row['id']!r} should read document#number")
        if (document, int(position)) != following:
            runs.append((document, int(position), []))
        runs[-1][2].append(_sentence(row, path, number))
        following = (document, int(position) + 1)
    return [
        LabelledText(id=f"{document}#{first}", group=document, source=document.partition("::")[0], kind="real", sentences=tuple(sentences))
        for document, first, sentences in runs
    ]


def load_gold(path: Path | str) -> list[LabelledText]:
    """Load the sentences that are only measured on: ``document#testimonial.sentence``.

    The source is the repository of the document where a ``SOURCES.tsv`` beside the file names it.
    """
    path = Path(path)
    origins = origins_of(path.with_name("SOURCES.tsv"))
    texts: dict[str, tuple[list[LabelledSentence], dict[str, Any]]] = {}
    for number, row in _rows(path, ("id", "text", "themes", "polarity")):
        sentences, metadata = texts.setdefault(str(row["id"]).rpartition(".")[0], ([], {}))
        sentences.append(_sentence(row, path, number))
        metadata.update({key: row[key] for key in ("speaker", "role", "space", "about") if key in row})
    return [
        LabelledText(
            id=id_,
            group=id_.partition("#")[0],
            source=origins.get(id_.partition("#")[0], id_.partition("#")[0]),
            kind="gold",
            sentences=tuple(sentences),
            metadata=metadata,
        )
        for id_, (sentences, metadata) in texts.items()
    ]


def apart(text: LabelledText) -> str:
    """Name what a text must not be parted from in cross-validation: a repository, a stretch of a corpus, a written testimonial."""
    return text.group if text.kind == "written" or text.group.startswith(text.source + "@") else text.source


def origins_of(path: Path) -> dict[str, str]:
    """Document → ``owner/name`` of the repository it comes from."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["file"]: "/".join(row["origin"].partition(" :: ")[0].rstrip("/").split("/")[-2:]) for row in rows}


def _rows(path: Path, keys: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); a UTF-8 file of one JSON object a line is needed") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}:{number}: not a JSON object ({error})") from error
        missing = [key for key in keys if not isinstance(row, dict) or key not in row]
        if missing:
            raise InputError(f"{path}:{number}: the key {missing[0]!r} is missing; each line needs {', '.join(keys)}")
        yield number, row


def _sentence(row: Any, path: Path, number: int) -> LabelledSentence:
    try:
        themes = row["themes"]
        return LabelledSentence(
            text=unicodedata.normalize("NFC", row["text"]),
            themes=dict(themes) if isinstance(themes, dict) else dict.fromkeys(themes, ""),
            polarity=row["polarity"],
            entities=tuple((surface, label) for surface, label in row.get("entities", ())),
            themes_either=tuple(row.get("themes_either", ())),
            polarity_either=tuple(row.get("polarity_either", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path}:{number}: a sentence needs text, themes and polarity ({type(error).__name__}: {error})") from error
