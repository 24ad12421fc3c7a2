"""Writes one document, given as a list of paragraphs, in the formats that people keep documents in."""

import html
import io
import textwrap
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import docx


@dataclass(frozen=True)
class Part:
    """A paragraph: its kind is ``h1``, ``h2``, ``p``, ``bold`` or ``quote``; or a row of a table, ``row``, a tab between its cells."""

    kind: str
    text: str


def grouped(parts: Sequence[Part]) -> Iterator[tuple[bool, list[Part]]]:
    """Runs of paragraphs and of rows."""
    for is_table, run in groupby(parts, key=lambda part: part.kind == "row"):
        yield is_table, list(run)


def to_md(parts: Sequence[Part]) -> bytes:
    form = {"h1": "# {}", "h2": "## {}", "p": "{}", "bold": "**{}**", "quote": "> {}"}
    shown: list[str] = []
    for is_table, run in grouped(parts):
        if is_table:
            rows = ["| " + " | ".join(part.text.split("\t")) + " |" for part in run]
            shown.append("\n".join([rows[0], "|---" * len(run[0].text.split("\t")) + "|", *rows[1:]]))
        else:
            shown += [form[part.kind].format(part.text) for part in run]
    return "\n\n".join(shown).encode()


def _table_of(rows: Sequence[Part], table: str, row: str, cell: str) -> str:
    return table.format(
        "".join(row.format("".join(cell.format(html.escape(one, quote=False)) for one in part.text.split("\t"))) for part in rows)
    )


def to_html(parts: Sequence[Part]) -> bytes:
    form = {
        "h1": "<h1>{}</h1>",
        "h2": "<h2>{}</h2>",
        "p": "<p>{}</p>",
        "bold": "<p><strong>{}</strong></p>",
        "quote": "<blockquote><p>{}</p></blockquote>",
    }
    body = "\n".join(
        _table_of(run, "<table>{}</table>", "<tr>{}</tr>", "<td>{}</td>")
        if is_table
        else "\n".join(form[part.kind].format(html.escape(part.text, quote=False)) for part in run)
        for is_table, run in grouped(parts)
    )
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><main>{body}</main></body></html>".encode()


def to_docx(parts: Sequence[Part]) -> bytes:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Lettre du réseau"
    section.footer.paragraphs[0].text = "Page 1 sur 3"
    for is_table, run in grouped(parts):
        table = document.add_table(rows=0, cols=len(run[0].text.split("\t"))) if is_table else None
        for part in run:
            if table is not None:
                for cell, text in zip(table.add_row().cells, part.text.split("\t"), strict=True):
                    cell.text = text
            elif part.kind in ("h1", "h2"):
                document.add_heading(part.text, level=int(part.kind[1]))
            elif part.kind == "bold":
                document.add_paragraph().add_run(part.text).bold = True
            else:
                document.add_paragraph(part.text, style="Quote" if part.kind == "quote" else None)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def to_odt(parts: Sequence[Part]) -> bytes:
    form = {
        "h1": '<text:h text:outline-level="1">{}</text:h>',
        "h2": '<text:h text:outline-level="2">{}</text:h>',
        "p": "<text:p>{}</text:p>",
        "bold": '<text:p><text:span text:style-name="T1">{}</text:span></text:p>',
        "quote": '<text:p text:style-name="Quotations">{}</text:p>',
    }
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = "".join(
        _table_of(run, "<table:table>{}</table:table>", "<table:table-row>{}</table:table-row>", cell)
        if is_table
        else "".join(form[part.kind].format(html.escape(part.text, quote=False)) for part in run)
        for is_table, run in grouped(parts)
    )
    names = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "text", "style", "table")}
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    content = (
        f'<office:document-content {spaces} xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><office:automatic-styles>'
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    return stream.getvalue()


PAGE = (595, 842)
SIZES = {"h1": 20, "h2": 15}
BODY = 10
WIDE = 0.6
"""Width of a letter of Courier, in ems."""
INDENT = 24
"""By which block quotations are set in on both sides, in points."""
SHARES = (0.4, 0.6)
"""Of a table's width that its columns take."""


def to_pdf(parts: Sequence[Part], *, columns: int = 1, hyphenate: bool = False) -> bytes:
    """Print on A4, with a running head and a page number; the title stands over all columns."""
    margin, gutter = 60, 24
    width = (PAGE[0] - 2 * margin - gutter * (columns - 1)) / columns
    pages: list[list[str]] = [[]]
    top = PAGE[1] - 90
    column, y = 0, top
    for part in parts:
        size = SIZES.get(part.kind, BODY)
        full = part.kind == "h1"
        for row in _rows(part, PAGE[0] - 2 * margin if full else width, size, hyphenate and size == BODY):
            if y < 80:
                column, y = column + 1, top
                if column == columns:
                    pages.append([])
                    column, top = 0, PAGE[1] - 90
                    y = top
            x = margin + column * (width + gutter)
            pages[-1] += [_shown(line, x + at, y, size, bold=part.kind in ("h1", "h2", "bold")) for at, line in row]
            y -= 1.25 * size
        y -= (0.3 if part.kind == "row" else 0.9) * size
        top = y if full else top
    return _file(pages)


def _rows(part: Part, width: float, size: int, hyphenate: bool) -> list[list[tuple[float, str]]]:
    """Lines of a paragraph, or those of the cells of a row side by side, each with its distance from the margin."""
    if part.kind != "row":
        indent = INDENT if part.kind == "quote" else 0
        return [[(indent, line)] for line in _wrapped(part.text, int((width - 2 * indent) / (size * WIDE)), hyphenate)]
    cells, at = [], 0.0
    for text, share in zip(part.text.split("\t"), SHARES, strict=True):
        cells.append([(at, line) for line in _wrapped(text, int((width * share - 12) / (size * WIDE)), hyphenate)])
        at += width * share
    return [[cell[number] for cell in cells if number < len(cell)] for number in range(max(map(len, cells)))]


def _wrapped(text: str, width: int, hyphenate: bool) -> list[str]:
    if not hyphenate:
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + 1 + len(word) <= width:
            line = f"{line} {word}".strip()
            continue
        room = width - len(line) - 2
        if word.isalpha() and 3 <= room < len(word) - 2 and word.islower():
            lines.append(f"{line} {word[:room]}-")
            line = word[room:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def _shown(line: str, x: float, y: float, size: int, *, bold: bool) -> str:
    data = line.encode("cp1252", "replace").decode("latin-1")
    for char in "\\()":
        data = data.replace(char, f"\\{char}")
    return f"BT /{'B' if bold else 'R'} {size} Tf {x:.1f} {y:.1f} Td ({data}) Tj ET"


def _file(pages: Sequence[Sequence[str]]) -> bytes:
    fonts = "/Font << /R 3 0 R /B 4 0 R >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects += [f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>" for name in ("Courier", "Courier-Bold")]
    kids = []
    for number, lines in enumerate(pages, 1):
        shown = [
            *lines,
            _shown("Lettre du réseau", 60, PAGE[1] - 40, 8, bold=False),
            _shown(f"{number} / {len(pages)}", 280, 40, 8, bold=False),
        ]
        stream = "\n".join(shown)
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Resources << {fonts} >> /Contents {len(objects)} 0 R >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return (body + end).encode("latin-1")


CONVERTERS: dict[str, Callable[[Sequence[Part]], bytes]] = {
    "md": to_md,
    "html": to_html,
    "docx": to_docx,
    "odt": to_odt,
    "pdf": to_pdf,
    "columns.pdf": lambda parts: to_pdf(parts, columns=2),
    "hyphens.pdf": lambda parts: to_pdf(parts, hyphenate=True),
    "columns-hyphens.pdf": lambda parts: to_pdf(parts, columns=2, hyphenate=True),
}
