"""pdf → blocks: reading order by recursive cuts, paragraphs re-flowed, running heads and page numbers set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from ..errors import UnreadableDocument
from ..gazetteer import WORD, classes
from ..types import BlockKind, MarkKind
from .building import Builder, Piece
from .order import MIN_GUTTER, Line, ordered

MAX_PAGES = 3_000
FAR = 1e5
"""Points beyond which nothing is on a page."""

BOLD_WEIGHT = 600


def build_pdf(data: bytes, builder: Builder, source: str) -> dict[str, Any]:
    """Add the blocks of a pdf to `builder`; return its title and author.

    Two-column pages are read column by column (recursive X-Y cut, Nagy and Seth 1984); a word cut at a line end is joined again.

    Raises
    ------
    UnreadableDocument
        If the file is broken, protected, too long, or holds pictures of text only.
    """
    import pypdfium2 as pdfium

    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        protected = "password" in str(error).lower()
        what = "protected by a password; save it without one" if protected else "a broken pdf; print it to a new pdf"
        raise UnreadableDocument(f"{source}: {what}") from error
    try:
        if len(file) > MAX_PAGES:
            raise UnreadableDocument(f"{source}: {len(file)} pages, at most {MAX_PAGES} are read; split it")
        pages = [_lines(file[number]) for number in range(len(file))]
        said = {name: file.get_metadata_value(key) for name, key in (("title", "Title"), ("author", "Author"))}
        metadata = {name: value for name, value in said.items() if value}
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(f"{source}: a broken pdf ({error}); print it to a new pdf") from error
    finally:
        file.close()
    if not any(pages):
        raise UnreadableDocument(f"{source}: a pdf without text (scanned pages?); run a text recognition on it first")
    running = _running_heads(pages)
    if sum(line.strong == len(line.text) for page in pages for line in page) > 0.5 * sum(map(len, pages)):
        pages = [[replace(line, strong=0) for line in page] for page in pages]
    kept = [[line for line in page if _key(line) not in running and not _PAGE_NUMBER.fullmatch(line.text)] for page in pages]
    _add_paragraphs([line for page in kept for line in ordered(page)], builder)
    for page in pages:
        for line in page:
            if _key(line) in running or _PAGE_NUMBER.fullmatch(line.text):
                builder.add("boilerplate", [Piece(line.text)])
    return metadata


_PAGE_NUMBER = re.compile(r"(?:page\s{0,9})?[-–—]?\s{0,9}\d{1,4}\s{0,9}(?:[/|]|sur)?\s{0,9}\d{0,4}\s{0,9}[-–—]?", re.IGNORECASE)


def _lines(page: Any) -> list[Line]:
    """Lines as pdfium puts them together, each with the box of its first and last characters."""
    height = page.get_height()
    textpage = page.get_textpage()
    lines = []
    start = 0
    text = textpage.get_text_range()
    # U+FFFE stands for a hyphen that cuts a word at the line end; pdfium puts the two lines together there.
    pieces = re.split(r"(\r?\n|\ufffe)", text)
    for piece, end in zip(pieces, [*pieces[1:], ""], strict=True):
        if piece.strip() and piece != "\ufffe" and start + len(piece) <= textpage.count_chars():
            runs = _runs(textpage, text, start, start + len(piece))
            lines += [_line(textpage, text, run, height, cut=end == "\ufffe" and number == len(runs)) for number, run in enumerate(runs, 1)]
        start += len(piece)
    return lines


def _runs(textpage: Any, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a line where there is as much white as between two columns: pdfium puts all that stands at one height together."""
    runs: list[tuple[int, int]] = []
    last = None
    for word in re.compile(r"\S+").finditer(text, start, end):
        left, bottom, _, top = textpage.get_charbox(word.start(), loose=True)
        if last is None or left - last > max(MIN_GUTTER, top - bottom):
            runs.append(word.span())
        else:
            runs[-1] = (runs[-1][0], word.end())
        last = textpage.get_charbox(word.end() - 1, loose=True)[2]
    return runs


def _line(textpage: Any, text: str, run: tuple[int, int], height: float, *, cut: bool) -> Line:
    first, last = run[0], run[1] - 1
    left, bottom, _, top = textpage.get_charbox(first, loose=True)
    _, low, right, high = textpage.get_charbox(last, loose=True)
    words = " ".join(text[slice(*run)].split()) + "-" * cut
    plain = _end_of_bold(textpage, first, last)
    strong = len(" ".join(text[first:plain].split())) if plain <= last else len(words)
    return Line(words, _place(left), _place(right), _place(height - max(top, high)), _place(height - min(bottom, low)), strong)


_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)


def _end_of_bold(textpage: Any, first: int, last: int) -> int:
    """Where the bold characters at the beginning of a line end; a line changes its font at most once, or is taken to."""
    if not _is_bold(textpage, first):
        return first
    if _is_bold(textpage, last):
        return last + 1
    bold, plain = first, last
    while plain - bold > 1:
        middle = (bold + plain) // 2
        bold, plain = (middle, plain) if _is_bold(textpage, middle) else (bold, middle)
    return plain


def _is_bold(textpage: Any, at: int) -> bool:
    import ctypes

    from pypdfium2 import raw

    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage.raw, at, name, len(name), ctypes.byref(flags))
    return bool(_BOLD.search(name.value)) or raw.FPDFText_GetFontWeight(textpage.raw, at) >= BOLD_WEIGHT


def _place(value: float) -> float:
    """A place on a page: a broken file gives infinite ones, and some that are no number."""
    return max(-FAR, min(FAR, value)) if value == value else 0.0  # noqa: PLR0124 - only what is no number differs from itself


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.top / 10)


def _running_heads(pages: Sequence[Sequence[Line]]) -> set[tuple[str, int]]:
    """Lines that stand at the same place, alike but for numbers, on most pages."""
    if len(pages) < 2:
        return set()
    counts = Counter(key for page in pages for key in {_key(line) for line in page})
    edges = {
        _key(line) for page in pages if page for line in (*sorted(page, key=lambda x: x.top)[:3], *sorted(page, key=lambda x: x.top)[-3:])
    }
    return {key for key, count in counts.items() if count >= max(2, 0.5 * len(pages)) and key in edges}


def _add_paragraphs(lines: Sequence[Line], builder: Builder) -> None:
    if not lines:
        return
    sizes = [line.size for line in lines for _ in range(max(1, len(line.text) // 20))]
    body = median(sizes)
    step = _step(lines, body)
    paragraph: list[Line] = []
    row = 0
    for line in lines:
        new_row = paragraph and line.cell is not None and (paragraph[-1].cell or (-1,))[0] != line.cell[0]
        if paragraph and (line.cell != paragraph[-1].cell or _breaks(paragraph[-1], line, step * max(1.0, line.size / body), paragraph)):
            _add(paragraph, body, builder, row)
            paragraph = []
        row += bool(new_row)
        paragraph.append(line)
    _add(paragraph, body, builder, row)


def _step(lines: Sequence[Line], body: float) -> float:
    """From one line of a paragraph to the next: measured where a line is full and its sentence goes on.

    Where paragraphs are of one line, the usual step parts them, and tells nothing.
    """
    wide = 0.85 * sorted(line.right - line.left for line in lines)[len(lines) * 9 // 10]
    steps = [(b.top - a.top, a) for a, b in zip(lines, lines[1:], strict=False) if 0 < b.top - a.top < 4 * body]
    inside = [step for step, line in steps if line.right - line.left >= wide and not _ENDS.search(line.text)]
    if len(inside) > 1:
        return median(inside)
    return min(median(step for step, _ in steps), 1.3 * body) if steps else 1.3 * body


_ENDS = re.compile(r"[.!?…:»”\"][»”\"\s)]*$")
_STARTS_ITEM = re.compile(r"^(?:[•▪◦‣●○–—]|\d{1,2}[.)])\s")


def _breaks(last: Line, line: Line, step: float, paragraph: Sequence[Line]) -> bool:
    if _STARTS_ITEM.match(line.text):
        return True
    if abs(line.size - last.size) > 0.25 * max(line.size, last.size):
        return True
    ended = bool(_ENDS.search(last.text))
    if line.top <= last.top:  # a new column or page: the paragraph goes on unless its last line ended
        return (ended and last.right < max(item.right for item in paragraph) - 0.1 * (last.right - last.left + 1)) or ended
    gap = line.top - last.top
    if gap > 1.35 * step:
        return True
    width = max(item.right for item in paragraph)
    return ended and last.right < 0.85 * width


_CUT = re.compile(r"[a-zà-öø-ÿ](?:-|\u00ad)$")
# First parts of French compounds that keep their hyphen at a line end.
_COMPOUND = re.compile(
    r"(?:^|[\s'’])(?:peut|grand|demi|semi|mi|non|sous|vice|avant|après|arrière|contre|quasi|rendez|vis|tiers|celui|celle|ceux|"
    r"lui|elle|eux|moi|toi|nous|vous|soi|là|ci|au|par|week|est|c['’]est|dit|fait|savoir|bien|chef|porte|mot|entre|auto|co|saint|sainte)-$",
    re.IGNORECASE,
)


def _is_compound(text: str, following: str) -> bool:
    """Tell «entre-deux» from «entre-prise», which is a word without its hyphen."""
    first, second = re.split(r"\W", text[:-1])[-1], re.split(r"\W", following)[0]
    return _COMPOUND.search(text) is not None and not (len(second) > 2 and classes(first + second) & WORD)


def _add(paragraph: Sequence[Line], body: float, builder: Builder, row: int) -> None:
    if not paragraph:
        return
    text, strong = paragraph[0].text, paragraph[0].strong
    for line in paragraph[1:]:
        bold = strong == len(text) and line.strong
        if _CUT.search(text) and line.text[:1].islower():
            text = text if _is_compound(text[-24:], line.text) else text[:-1]
        else:
            text += " "
        strong = len(text) + line.strong if bold else strong
        text += line.text
    size = max(line.size for line in paragraph)
    kind: BlockKind = "heading" if size > 1.15 * body and len(text) < 160 else "paragraph"
    level, group = 0, -1
    if (cell := paragraph[0].cell) is not None:
        kind, level, group = "cell", cell[1], row
    elif kind == "heading":
        level = 1 if size > 1.6 * body else 2
    elif item := _STARTS_ITEM.match(text):
        kind, level, text, strong = "item", 1, text[item.end() :], max(0, strong - item.end())
    # Of a heading its size is enough; in print that is bold throughout, weight says nothing.
    marks: frozenset[MarkKind] = frozenset() if kind == "heading" else frozenset({"bold"})
    builder.add(kind, [piece for piece in (Piece(text[:strong], marks), Piece(text[strong:])) if piece.text], level=level, group=group)
