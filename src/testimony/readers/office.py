"""docx and odt → blocks."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from ..errors import UnreadableDocument
from ..types import BlockKind, MarkKind
from .building import Builder, Piece

MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
MAX_MEMBERS = 5_000


def open_archive(data: bytes, source: str) -> zipfile.ZipFile:
    """Open a document that is a ZIP archive, after a look at what it would unpack to.

    Raises
    ------
    UnreadableDocument
        If it is broken, protected by a password, or a decompression bomb.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument(f"{source}: protected by a password, or of an old format; save it without password in a current format")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableDocument(f"{source}: a broken file ({error}); open and save it again in the program that made it") from error
    total = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED or (total > 10_000_000 and total / packed > MAX_RATIO):
        raise UnreadableDocument(f"{source}: would unpack to {total // 1_000_000} MB, refused as a decompression bomb")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableDocument(f"{source}: protected by a password; save it without one")
    return archive


def member(archive: zipfile.ZipFile, name: str, source: str) -> bytes:
    """Read one member within the limits.

    Raises
    ------
    UnreadableDocument
        If it is absent, broken, or larger than it says.
    """
    try:
        with archive.open(name) as stream:
            data = stream.read(MAX_UNPACKED + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableDocument(f"{source}: a broken file ({error}); open and save it again in the program that made it") from error
    if len(data) > MAX_UNPACKED:
        raise UnreadableDocument(f"{source}: unpacks to more than {MAX_UNPACKED // 1_000_000} MB, refused as a decompression bomb")
    return data


def parse_xml(data: bytes, source: str) -> Any:
    """Parse XML without entities, external or internal.

    Raises
    ------
    UnreadableDocument
        If it is broken or declares entities.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableDocument(f"{source}: declares XML entities, refused as unsafe ({type(error).__name__})") from error
    except (ParseError, LookupError, ValueError) as error:  # the last two: an encoding that nobody knows, or of several bytes
        raise UnreadableDocument(f"{source}: broken XML ({error}); open and save it again in the program that made it") from error


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|titre|title|überschrift)\s*(\d)?", re.IGNORECASE)
_QUOTE_STYLE = re.compile(r"quot(?:e|ation)|citation", re.IGNORECASE)
_LIST_STYLE = re.compile(r"^list|^liste|paragraphedeliste", re.IGNORECASE)


def build_docx(data: bytes, builder: Builder, source: str) -> dict[str, Any]:
    """Add the blocks of a docx to `builder`; return its core properties.

    Headers, footers, comments and deleted revisions are left out.

    Raises
    ------
    UnreadableDocument
        If the file is broken, protected or hostile.
    """
    archive = open_archive(data, source)
    root = parse_xml(member(archive, "word/document.xml", source), source)
    names = archive.namelist()
    styles = _docx_styles(parse_xml(member(archive, "word/styles.xml", source), source)) if "word/styles.xml" in names else {}
    body = root.find(f"{W}body")
    rows = 0
    for kind, element in _docx_blocks(body if body is not None else root):
        rows += kind == "row"
        if kind == "paragraph":
            _docx_paragraph(element, builder, styles)
            # Of the two forms of a text box that word processors write one after the other, the first.
            for box in _outermost(element, f"{W}txbxContent", FALLBACK):
                for part in box.iter(f"{W}p"):
                    _docx_paragraph(part, builder, styles)
        elif kind == "row":
            column = 1
            for cell in element.findall(f"{W}tc"):
                pieces = [piece for part in cell.iter(f"{W}p") for piece in (*_docx_pieces(part), Piece("\n"))]
                builder.add("cell", pieces, group=rows, level=column)
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                column += _number(span.get(f"{W}val") if span is not None else None)
    return _core_properties(archive, source) if "docProps/core.xml" in names else {}


def _docx_blocks(body: Any) -> Iterator[tuple[str, Any]]:
    for element in body:
        if element.tag == f"{W}p":
            yield "paragraph", element
        elif element.tag == f"{W}tbl":
            rows = list(element.iter(f"{W}tr"))
            if all(len(row.findall(f"{W}tc")) == 1 for row in rows):  # a box around paragraphs
                for cell in element.findall(f"{W}tr/{W}tc"):
                    yield from _docx_blocks(cell)
            else:
                yield from (("row", row) for row in rows)
        elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}smartTag"):
            yield from _docx_blocks(element)


def _number(value: str | None) -> int:
    """How many columns a cell takes."""
    return int(value) if value and value.isdecimal() and len(value) < 4 else 1


def _outermost(node: Any, tag: str, *closed: str) -> Iterator[Any]:
    """Elements of a tag under a node, in order; what is inside them, or inside `closed` ones, is not looked at."""
    stack = [node]
    while stack:
        inner = stack.pop()
        if inner.tag == tag:
            yield inner
        elif inner.tag not in closed:
            stack += reversed(list(inner))


def _docx_styles(root: Any) -> dict[str, str]:
    names = {}
    for style in root.iter(f"{W}style"):
        name = style.find(f"{W}name")
        names[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "") if name is not None else ""
    return names


def _docx_paragraph(element: Any, builder: Builder, styles: dict[str, str]) -> None:
    kind: BlockKind = "paragraph"
    level = 0
    properties = element.find(f"{W}pPr")
    if properties is not None:
        style = properties.find(f"{W}pStyle")
        identifier = style.get(f"{W}val", "") if style is not None else ""
        name = styles.get(identifier, "") or identifier
        heading = _HEADING_STYLE.match(name)
        if heading:
            kind, level = "heading", int(heading[1] or 1)
        elif _QUOTE_STYLE.search(name):
            kind = "quote"
        elif properties.find(f"{W}numPr") is not None or _LIST_STYLE.match(name):
            kind, level = "item", 1
    builder.add(kind, _docx_pieces(element), level=level)


def _docx_pieces(paragraph: Any) -> Iterator[Piece]:
    for run in _outermost(paragraph, f"{W}r", f"{W}txbxContent", FALLBACK):
        marks: set[MarkKind] = set()
        properties = run.find(f"{W}rPr")
        if properties is not None:
            for tag, mark in (("b", "bold"), ("i", "italic"), ("u", "underline"), ("strike", "strike")):
                element = properties.find(f"{W}{tag}")
                if element is not None and element.get(f"{W}val", "true") not in ("0", "false", "none"):
                    marks.add(mark)  # type: ignore[arg-type]
        for part in run:
            if part.tag == f"{W}t":
                yield Piece(part.text or "", frozenset(marks))
            elif part.tag in (f"{W}br", f"{W}cr"):
                yield Piece("\n")
            elif part.tag == f"{W}tab":
                yield Piece(" ", frozenset(marks))
            elif part.tag == f"{W}noBreakHyphen":
                yield Piece("-", frozenset(marks))


def _core_properties(archive: zipfile.ZipFile, source: str) -> dict[str, Any]:
    root = parse_xml(member(archive, "docProps/core.xml", source), source)
    wanted = {"title": "title", "creator": "author", "subject": "subject", "created": "date"}
    found = {wanted[tag]: (node.text or "").strip() for node in root if (tag := node.tag.rsplit("}", 1)[-1]) in wanted}
    return {name: value for name, value in found.items() if value and value != "python-docx"}


TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ODT_SKIPPED = frozenset({f"{TEXT}note", f"{TEXT}tracked-changes", f"{TEXT}table-of-content", f"{TEXT}sequence-decls"})


class _Odt:
    def __init__(self, builder: Builder, styles: dict[str, tuple[str, frozenset[MarkKind]]]) -> None:
        self.builder, self.styles = builder, styles
        self.rows = 0

    def walk(self, node: Any, kind: BlockKind, level: int) -> None:
        for child in node:
            if child.tag in _ODT_SKIPPED or child.tag.endswith("}annotation"):
                continue
            if child.tag == f"{TEXT}h":
                outline = child.get(f"{TEXT}outline-level", "1")
                self.builder.add("heading", self.pieces(child, frozenset()), level=int(outline) if outline.isdigit() else 1)
            elif child.tag == f"{TEXT}p":
                self.paragraph(child, kind, level)
            elif child.tag == f"{TEXT}list":
                self.walk(child, "item", level + 1)
            elif child.tag == f"{TABLE}table-row" and len(child) > 1:  # a cell alone is a box around paragraphs
                self.rows += 1
                column = 1
                for cell in child:  # a cell that another covers stands in the row too, empty
                    pieces = [piece for part in cell.iter(f"{TEXT}p") for piece in (*self.pieces(part, frozenset()), Piece("\n"))]
                    self.builder.add("cell", pieces, group=self.rows, level=column)
                    column += _number(cell.get(f"{TABLE}number-columns-repeated"))
            else:
                self.walk(child, kind, level)

    def paragraph(self, node: Any, kind: BlockKind, level: int) -> None:
        name, marks = self.styles.get(node.get(f"{TEXT}style-name", ""), (node.get(f"{TEXT}style-name", ""), frozenset()))
        if kind == "paragraph" and _QUOTE_STYLE.search(name):
            kind = "quote"
        elif kind == "paragraph" and _HEADING_STYLE.match(name):
            kind, level = "heading", 1
        self.builder.add(kind, self.pieces(node, marks), level=level)

    def pieces(self, node: Any, marks: frozenset[MarkKind]) -> Iterator[Piece]:
        yield Piece(node.text or "", marks)
        # No recursion: a hostile file nests thousands of spans, and each level would pass on all that lies under it.
        open_: list[tuple[Iterator[Any], frozenset[MarkKind]]] = [(iter(node), marks)]
        tails: list[str] = []
        while open_:
            children, around = open_[-1]
            child = next(children, None)
            if child is None:
                open_.pop()
                if tails:
                    yield Piece(tails.pop(), open_[-1][1])
            elif child.tag == f"{TEXT}line-break":
                yield from (Piece("\n"), Piece(child.tail or "", around))
            elif child.tag in (f"{TEXT}s", f"{TEXT}tab"):
                yield from (Piece(" ", around), Piece(child.tail or "", around))
            elif child.tag in _ODT_SKIPPED or child.tag.endswith("}annotation"):
                yield Piece(child.tail or "", around)
            else:
                own = self.styles.get(child.get(f"{TEXT}style-name", ""), ("", frozenset()))[1]
                link: frozenset[MarkKind] = frozenset({"link"}) if child.tag == f"{TEXT}a" else frozenset()
                inner = around | own | link
                yield Piece(child.text or "", inner)
                open_.append((iter(child), inner))
                tails.append(child.tail or "")


def _odt_styles(root: Any) -> dict[str, tuple[str, frozenset[MarkKind]]]:
    styles = {}
    for style in root.iter(f"{STYLE}style"):
        marks: set[MarkKind] = set()
        for properties in style.iter(f"{STYLE}text-properties"):
            if properties.get(f"{FO}font-weight") == "bold":
                marks.add("bold")
            if properties.get(f"{FO}font-style") == "italic":
                marks.add("italic")
        parent = style.get(f"{STYLE}parent-style-name") or style.get(f"{STYLE}display-name") or style.get(f"{STYLE}name", "")
        styles[style.get(f"{STYLE}name", "")] = (parent, frozenset(marks))
    return styles


def build_odt(data: bytes, builder: Builder, source: str) -> dict[str, Any]:
    """Add the blocks of an odt to `builder`; return its title and author.

    Raises
    ------
    UnreadableDocument
        If the file is broken, protected or hostile.
    """
    archive = open_archive(data, source)
    root = parse_xml(member(archive, "content.xml", source), source)
    body = next(root.iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text"), None)
    if body is None:
        raise UnreadableDocument(f"{source}: holds no text document; save it as .odt from a word processor")
    _Odt(builder, _odt_styles(root)).walk(body, "paragraph", 0)
    if "meta.xml" not in archive.namelist():
        return {}
    wanted = {"title": "title", "creator": "author", "initial-creator": "author", "date": "date"}
    nodes = parse_xml(member(archive, "meta.xml", source), source).iter()
    found = {wanted[tag]: (node.text or "").strip() for node in nodes if (tag := node.tag.rsplit("}", 1)[-1]) in wanted}
    return {name: value for name, value in found.items() if value}
