"""The records that travel between the rooms of the house; standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

Span = tuple[int, int]
"""Half-open range ``[start, end)`` of Unicode code points."""

Polarity = Literal["positive", "negative", "mixed", "neutral"]
POLARITIES: tuple[Polarity, ...] = ("positive", "negative", "mixed", "neutral")
Label = Literal["PER", "LOC", "ORG", "SPACE", "MISC"]
BlockKind = Literal[
    "heading",  # a title; `level` 1 is the highest
    "paragraph",
    "quote",  # a block quotation (``>``, ``<blockquote>``, indented block of reStructuredText, a "Quote" style)
    "item",  # a list item; `level` is its depth from 1
    "question",  # marked as a question by the format itself
    "cell",  # a cell of a table inside a document
    "field",  # the text of a record (row, YAML item, JSON object)
    "cue",  # one caption of a subtitle file
    "caption",  # of a picture or a table
    "code",
    "boilerplate",  # menu, footer, page number, navigation, script
]
MarkKind = Literal["bold", "italic", "link", "underline", "strike", "code"]

REVIEW_THRESHOLD = 0.5
"""Confidence below which a testimonial is kept and flagged for review."""


def flat(record: Any) -> dict[str, Any]:
    """The fields of a record by name, those that are records themselves as they stand."""
    return {name: getattr(record, name) for name in record.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of a document that its format sets apart.

    Attributes
    ----------
    kind
        What the format says it is.
    start, end
        Code-point range in `Document.text`; blocks never overlap and stand in reading order.
    level
        Depth: of a heading (1 is highest), of a list item, of nested quotations; of a cell its column from 1; 0 where there is none.
    group
        Number shared by blocks that the format encloses together (the paragraphs of one block quotation, the items of one list,
        the cells of one table row); -1 where there is none.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    group: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Inline formatting over a range of `Document.text`; marks may nest."""

    kind: MarkKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the columns of a table row or the keys of a record say besides the text.

    Values are as written (stripped, NFC), ``None`` where the cell is empty or there is no such column.
    `columns` tells which column or dotted key each value came from, as ``("speaker", "author.name")`` pairs.
    """

    record_id: str
    speaker: str | None = None
    role: str | None = None
    space: str | None = None
    about: str | None = None
    date: str | None = None
    language: str | None = None
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A decoded document: one text that is never rewritten, and the blocks that cover it.

    Attributes
    ----------
    id
        Derived from source and content, stable between runs.
    source
        Path as given; ``path#row`` or ``path#member`` inside a container.
    format
        Short name of the format (``"txt"``, ``"md"``, ``"docx"`` …).
    sha256
        Of the file's bytes, or of the record's canonical JSON for a record.
    text
        Readable text, markup removed, NFC, LF. Every offset of the house refers to it.
    blocks, marks
        Structure and inline formatting, in order of `start`.
    metadata
        Front matter, document properties, or the remaining fields of a record; JSON-able values.
    record
        Set when the document is one record of a container.
    """

    id: str
    source: str
    format: str
    sha256: str
    text: str
    blocks: tuple[Block, ...] = ()
    marks: tuple[Mark, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    record: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where the speaker, role or space of a testimonial was read.

    `origin` is ``"text"`` (then `start` and `end` are offsets in `Document.text`), ``"field"`` (a column or key of the record),
    ``"metadata"`` (front matter, document properties) or ``"hint"`` (the user's own hints file); `key` names the column or key.
    """

    attribute: Literal["speaker", "role", "space", "about", "date"]
    origin: Literal["text", "field", "metadata", "hint"]
    key: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimonial:
    """The words of one speaker in one document.

    Attributes
    ----------
    segments
        Ranges of `Document.text`, in order, never overlapping.
    text
        The segments joined by a blank line.
    speaker, role, space
        Who speaks, as what, for which space; ``None`` when the document does not say.
    rule
        Name of the layout that found it.
    confidence
        In [0, 1]; below `REVIEW_THRESHOLD` it is kept and flagged for review.
    """

    id: str
    document_id: str
    record_id: str
    segments: tuple[Span, ...]
    text: str
    speaker: str | None = None
    role: str | None = None
    space: str | None = None
    about: str | None = None
    date: str | None = None
    language: str = "fr"
    rule: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        who = ", ".join(part for part in (self.speaker or "personne non nommée", self.role, self.space, self.date) if part)
        sure = f"{escape(self.rule)}, confiance {100 * self.confidence:.0f}\u00a0%"
        return f'<blockquote style="white-space:pre-line">«\u00a0{escape(self.text)}\u00a0»</blockquote><p>— {escape(who)} <small>({sure})</small></p>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A named entity; offsets are in `Testimonial.text`, `target` is its canonical name."""

    start: int
    end: int
    text: str
    label: Label
    target: str
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeMention:
    """A theme found in a sentence, the polarity toward it, and the words that prove it (offsets in `Testimonial.text`)."""

    theme: str
    score: float
    polarity: Polarity
    polarity_score: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """A sentence of a testimonial with what was understood in it.

    `polarity_score` lies in [-1, 1]; `baseline_score` is what textblob-fr alone says, kept for comparison; `cues` are the words that
    made the score; `irony` flags possible irony and never flips the score.
    """

    start: int
    end: int
    polarity: Polarity
    polarity_score: float
    themes: tuple[ThemeMention, ...] = ()
    cues: tuple[Span, ...] = ()
    baseline_score: float = 0.0
    irony: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """Everything understood in one testimonial: the only thing that crosses a process, a disk or a cluster."""

    testimonial: Testimonial
    entities: tuple[Mention, ...]
    sentences: tuple[SentenceView, ...]
    polarity: Polarity
    polarity_score: float
    n_words: int
