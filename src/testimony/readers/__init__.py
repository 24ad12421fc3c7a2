"""Bytes → `Document`: one reader per family of formats, chosen by the file's suffix.

`read` yields the documents of a file one by one: one for a text, one per record for a table. A record that cannot be read is yielded
as `Unreadable`, so that the following ones are not lost; a file that cannot be read at all raises `UnreadableDocument`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, TestimonyError, UnreadableDocument
from ..types import Document
from .building import Builder, document_id
from .columns import Columns
from .decoding import decode
from .files import Found, find, locate
from .remote import Remote

if TYPE_CHECKING:
    from .records import Layout

__all__ = ["SUFFIXES", "Columns", "Found", "Limits", "Part", "Remote", "Unreadable", "find", "locate", "read", "read_part", "scan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a document may cost at most.

    Attributes
    ----------
    max_bytes, max_table_bytes
        Size of a file; tables of rows are streamed and may be larger.
    seconds, seconds_per_megabyte
        Processor time for one document, the second added for the size of its file.
    memory
        Address space of the process that reads, in bytes.
    """

    max_bytes: int = 50_000_000
    max_table_bytes: int = 20_000_000_000
    seconds: float = 60.0
    seconds_per_megabyte: float = 10.0
    memory: int = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A document or record that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file, or `rows` records of one from byte `offset`, the first of them numbered `first`."""

    path: Path | Remote
    source: str
    offset: int = 0
    first: int = 1
    rows: int | None = None


Item = Document | Unreadable


def read(path: Path | str, *, source: str | None = None, columns: Columns = Columns(), limits: Limits = Limits()) -> Iterator[Item]:  # noqa: B008
    """Read the documents of a file.

    Parameters
    ----------
    path
        The file.
    source
        How to name it in the results; by default the path as given.
    columns
        Names of columns given by the user.
    limits
        Sizes beyond which a file is refused.

    Yields
    ------
    Document or Unreadable

    Raises
    ------
    UnreadableDocument
        If nothing of the file can be read; the message names file, place and remedy.
    InputError
        If a column named by the user is not there.
    """
    yield from read_part(Part(path=locate(path), source=source or str(path)), columns=columns, limits=limits)


def read_part(part: Part, *, columns: Columns = Columns(), limits: Limits = Limits()) -> Iterator[Item]:  # noqa: B008
    """Read the documents of a part of a file; see `read`."""
    suffix = part.path.suffix.lower()
    if suffix not in _READERS:
        raise UnreadableDocument(f"{part.source}: unknown format {suffix or '(no suffix)'}; known: {', '.join(SUFFIXES)}")
    _check_size(part, limits)
    try:
        yield from _READERS[suffix](part, columns)
    except TestimonyError:
        raise
    except MemoryError as error:
        raise UnreadableDocument(f"{part.source}: needs too much memory; split it") from error
    except RecursionError as error:
        raise UnreadableDocument(f"{part.source}: nested too deeply; save it again, simpler, in another format") from error
    except Exception as error:
        # Parsers of strangers' files fail in ways that nobody lists. The error's own words may quote the text: they are not repeated.
        raise UnreadableDocument(
            f"{part.source}: the reader failed on it ({type(error).__name__}); open and save it again, or in another format"
        ) from error


def scan(
    path: Path | Remote,
    *,
    source: str | None = None,
    rows: int = 1000,
    columns: Columns = Columns(),  # noqa: B008 - frozen
    limits: Limits = Limits(),
) -> list[Part]:
    """Cut a file into parts of at most `rows` records, so that a large table is read by several workers without being read twice.

    Raises
    ------
    UnreadableDocument
        If the file cannot be read.
    """
    whole = Part(path=path, source=source or str(path))
    _check_size(whole, limits)
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        from .tables import Table

        cuts = _located(whole.source, lambda: Table(path, whole.source).cuts(rows))
    elif suffix in (".jsonl", ".ndjson"):
        from .tables import jsonl_cuts

        cuts = jsonl_cuts(path, rows)
    else:
        return [whole]
    if len(cuts) < 2:
        return [whole]
    return [Part(path=path, source=whole.source, offset=offset, first=first, rows=rows) for offset, first in cuts]


def _check_size(part: Part, limits: Limits) -> None:
    try:
        size = part.path.stat().st_size
    except OSError as error:
        raise UnreadableDocument(
            f"{part.source}: cannot be read ({error.strerror or error}); check the path and its permissions"
        ) from error
    table = part.path.suffix.lower() in _STREAMED
    limit = limits.max_table_bytes if table else limits.max_bytes
    if size > limit:
        raise UnreadableDocument(f"{part.source}: {size // 1_000_000} MB, at most {limit // 1_000_000} MB are read at once; split the file")


def _bytes(part: Part) -> bytes:
    try:
        return part.path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"{part.source}: cannot be read ({error.strerror or error}); check its permissions") from error


def _located(source: str, call: Callable[[], Any]) -> Any:
    """Name the file in messages of functions that do not know it."""
    try:
        return call()
    except UnreadableDocument as error:
        raise error if str(error).startswith(source) else UnreadableDocument(f"{source}: {error}") from error
    except OSError as error:
        raise UnreadableDocument(f"{source}: cannot be read ({error.strerror or error}); check its permissions") from error


def _text(part: Part) -> tuple[str, str]:
    data = _bytes(part)
    return _located(part.source, lambda: decode(data)), hashlib.sha256(data).hexdigest()


# -- one function per family; each yields documents ---------------------------------------------------------------------------------


def _plain(part: Part, columns: Columns) -> Iterator[Item]:
    from .plain import blocks_of

    text, sha256 = _text(part)
    yield Document(id=document_id(part.source, sha256), source=part.source, format="txt", sha256=sha256, text=text, blocks=blocks_of(text))


def _subtitles(part: Part, columns: Columns) -> Iterator[Item]:
    from .plain import build_subtitles

    text, sha256 = _text(part)
    builder = Builder()
    metadata = build_subtitles(text, builder)
    yield builder.document(source=part.source, format=_format(part), sha256=sha256, metadata=metadata)


def _markup(part: Part, columns: Columns) -> Iterator[Item]:
    from . import markup
    from .front_matter import split

    text, sha256 = _text(part)
    front, body = split(text, part.source)
    builder = Builder()
    suffix = part.path.suffix.lower()
    if suffix == ".rst":
        metadata = markup.build_rst(body, builder, part.source)
    elif suffix in (".html", ".htm", ".xhtml"):
        metadata = markup.build_html(body, builder)
    else:
        metadata = {}
        markup.build_markdown(body, builder)
    # Lists of the front matter are testimonials where they say whose words they are, not figures or links.
    inner = [item for item in _records_in(front, part, columns) if columns.text or _is_said(item)] if front else []
    if builder.blocks or not inner:
        yield builder.document(source=part.source, format=_format(part), sha256=sha256, metadata=metadata | front)
    yield from inner


def _is_said(item: Item) -> bool:
    record = getattr(item, "record", None)
    return record is not None and any(field in ("speaker", "role") for field, _ in record.columns)


def _office(part: Part, columns: Columns) -> Iterator[Item]:
    from .office import build_docx, build_odt
    from .pdf import build_pdf

    data = _bytes(part)
    builder = Builder()
    build = {".docx": build_docx, ".odt": build_odt, ".pdf": build_pdf}[part.path.suffix.lower()]
    metadata = build(data, builder, part.source)
    yield builder.document(source=part.source, format=_format(part), sha256=hashlib.sha256(data).hexdigest(), metadata=metadata)


def _delimited(part: Part, columns: Columns) -> Iterator[Item]:
    from .records import documents
    from .tables import Table

    table = _located(part.source, lambda: Table(part.path, part.source))
    layout = _of_file(part, lambda: table.layout(columns))
    if layout is not None:
        yield from documents(table.rows(part.offset, part.first, part.rows), layout, part.source, _format(part))


def _of_file(part: Part, find: Callable[[], Layout]) -> Layout | None:
    """Find the layout of a table; where there is none, the part that begins the file says so, and the others are empty."""
    try:
        return find()
    except InputError:
        if part.first > 1:
            return None
        raise


def _workbook(part: Part, columns: Columns) -> Iterator[Item]:
    from .records import documents, layout_of
    from .tables import require, xlsx_sheets

    sheets = xlsx_sheets(_bytes(part), part.source)
    layouts = [layout_of(names, rows[:50], columns, part.source) for names, rows in sheets]
    if not any(layouts):
        require(None, [name for names, _ in sheets for name in names], part.source)
    first = 1
    for (_, rows), layout in zip(sheets, layouts, strict=True):
        if layout is not None:
            yield from documents(enumerate(rows, first), layout, part.source, "xlsx")
            first += len(rows)


def _tree(part: Part, columns: Columns) -> Iterator[Item]:
    from .records import parse_json, parse_yaml

    text, _ = _text(part)
    parse = parse_json if part.path.suffix.lower() == ".json" else parse_yaml
    found = list(_records_in(parse(text, part.source), part, columns))
    if not found:
        raise UnreadableDocument(f"{part.source}: no record with a text in it; name its key with --text-column, or take the file out")
    yield from found


def _records_in(value: Any, part: Part, columns: Columns) -> Iterator[Item]:
    from .records import documents, find_records, layout_of, names_of

    first = 1
    for rows in find_records(value, columns.text):
        layout = layout_of(names_of(rows), rows[:50], columns, part.source)
        if layout is not None:
            yield from documents(enumerate(rows, first), layout, part.source, _format(part))
            first += len(rows)


def _json_lines(part: Part, columns: Columns) -> Iterator[Item]:
    import itertools

    from .records import documents, layout_of, names_of
    from .tables import SAMPLE_ROWS, jsonl_rows, require

    def find() -> Layout:
        sample = [row for _, row in itertools.islice(jsonl_rows(part.path, 0, 1, None), SAMPLE_ROWS) if isinstance(row, dict)]
        if not sample:
            raise UnreadableDocument(f"{part.source}: no JSON object on its first lines; one object per line is expected")
        return require(layout_of(names_of(sample), sample, columns, part.source), names_of(sample), part.source)

    layout = _of_file(part, find)
    if layout is None:
        return
    for number, row in jsonl_rows(part.path, part.offset, part.first, part.rows):
        if isinstance(row, str):
            yield Unreadable(source=f"{part.source}#{number}", reason=f"{part.source}#{number}: {row}")
        else:
            yield from documents(iter([(number, row)]), layout, part.source, _format(part))


def _format(part: Part) -> str:
    return {"markdown": "md", "htm": "html", "xhtml": "html", "yml": "yaml", "ndjson": "jsonl", "text": "txt"}.get(
        suffix := part.path.suffix.lower().lstrip("."), suffix
    )


_READERS: dict[str, Callable[[Part, Columns], Iterator[Item]]] = {
    ".txt": _plain, ".text": _plain, ".md": _markup, ".markdown": _markup, ".rst": _markup, ".html": _markup, ".htm": _markup,
    ".xhtml": _markup, ".docx": _office, ".odt": _office, ".pdf": _office, ".csv": _delimited, ".tsv": _delimited, ".xlsx": _workbook,
    ".json": _tree, ".jsonl": _json_lines, ".ndjson": _json_lines, ".yaml": _tree, ".yml": _tree, ".srt": _subtitles, ".vtt": _subtitles,
}  # fmt: skip
_STREAMED = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})

SUFFIXES: tuple[str, ...] = tuple(_READERS)
"""Suffixes of the formats that are read."""
