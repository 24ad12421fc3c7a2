"""pdf → blocks: reading order by recursive cuts, paragraphs re-flowed, running heads and page numbers set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median
from typing import Any

from ..errors import UnreadableDocument
from ..gazetteer import WORD, classes
from ..types import BlockKind, MarkKind
from .building import Builder, Piece
from .order import MIN_GUTTER, Line, going_on, ordered

MAX_PAGES = 3_000
FAR = 1e5
"""Points beyond which nothing is on a page."""

BOLD_WEIGHT = 600
ITALIC_FLAG = 64

SMALL = 0.9
"""Size, in that of the body, under which a line is small print."""
MARGIN = 0.1
"""Share of a page's height, at its top and bottom, where running heads stand."""
LARGE = 1.15
"""Size, in that of the body, over which a line is a heading."""
JUSTIFIED = 1.5
"""Points by which the white between the words of a justified line may differ."""
PROSE = 30
"""Characters from which a line is one of prose, and its left edge a margin."""


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
        heights = [file[number].get_height() for number in range(len(file))]
        said = {name: file.get_metadata_value(key) for name, key in (("title", "Title"), ("author", "Author"))}
        metadata = {name: value for name, value in said.items() if value}
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(f"{source}: a broken pdf ({error}); print it to a new pdf") from error
    finally:
        file.close()
    if not any(pages):
        raise UnreadableDocument(f"{source}: a pdf without text (scanned pages?); run a text recognition on it first")
    body = _body_size([line for page in pages for line in page])
    aside = _set_aside(pages, heights, body)
    _add_paragraphs([line for page in pages for line in ordered(_told(page, aside))], body, builder)
    for page in pages:
        for line in page:
            if id(line) in aside:
                builder.add("boilerplate", [Piece(line.text)])
    return metadata


def _told_by_style(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Take away a style that most lines have: it tells nothing."""
    counts = [sum(line.styled[at] == len(line.text) for page in pages for line in page) for at in range(len(_STYLES))]
    tells = [2 * count <= sum(map(len, pages)) for count in counts]
    return [
        [replace(line, styled=tuple(length * kept for length, kept in zip(line.styled, tells, strict=True))) for line in page]
        for page in pages
    ]


def _told(page: Sequence[Line], aside: Collection[int]) -> list[Line]:
    return [line for line in page if id(line) not in aside]


def _body_size(lines: Sequence[Line]) -> float:
    # Letters without height (a broken file) count as one point high: sizes are divided by this one.
    return max(1.0, median(line.size for line in lines for _ in range(max(1, len(line.text) // 20))))


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
    """Cut a line where there is as much white as between two columns: pdfium puts all that stands at one height together.

    Words of a justified line may stand as far apart, but all equally far.
    """
    words = [word.span() for word in re.compile(r"\S+").finditer(text, start, end)]
    boxes = [(textpage.get_charbox(first, loose=True), textpage.get_charbox(last - 1, loose=True)) for first, last in words]
    white = [(after[0] - before[2], after[3] - after[1]) for (_, before), (after, _) in pairwise(boxes)]
    gaps = [gap for gap, _ in white]
    if len(gaps) > 1 and max(gaps) - min(gaps) <= JUSTIFIED:
        return [(words[0][0], words[-1][1])]
    cuts = [number for number, (gap, height) in enumerate(white, 1) if gap > max(MIN_GUTTER, height)]
    return [(words[first][0], words[last - 1][1]) for first, last in pairwise([0, *cuts, len(words)])]


def _line(textpage: Any, text: str, run: tuple[int, int], height: float, *, cut: bool) -> Line:
    first, last = run[0], run[1] - 1
    left, bottom, _, top = textpage.get_charbox(first, loose=True)
    _, low, right, high = textpage.get_charbox(last, loose=True)
    words = " ".join(text[slice(*run)].split()) + "-" * cut
    ends = [_end_of(textpage, first, last, style) for style in _STYLES]
    styled = tuple(len(" ".join(text[first:end].split())) if end <= last else len(words) for end in ends)
    return Line(words, _place(left), _place(right), _place(height - max(top, high)), _place(height - min(bottom, low)), styled)


_STYLES: dict[MarkKind, re.Pattern[bytes]] = {
    "bold": re.compile(rb"bold|black|heavy|demi", re.IGNORECASE),
    "italic": re.compile(rb"italic|oblique|slanted", re.IGNORECASE),
}
"""What fonts of each style are called."""


def _end_of(textpage: Any, first: int, last: int, style: MarkKind) -> int:
    """Where the characters of a style at the beginning of a line end; a line changes its font at most once, or is taken to."""
    if not _is_styled(textpage, first, style):
        return first
    if _is_styled(textpage, last, style):
        return last + 1
    styled, plain = first, last
    while plain - styled > 1:
        middle = (styled + plain) // 2
        styled, plain = (middle, plain) if _is_styled(textpage, middle, style) else (styled, middle)
    return plain


def _is_styled(textpage: Any, at: int, style: MarkKind) -> bool:
    import ctypes

    from pypdfium2 import raw

    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage.raw, at, name, len(name), ctypes.byref(flags))
    if _STYLES[style].search(name.value):
        return True
    return raw.FPDFText_GetFontWeight(textpage.raw, at) >= BOLD_WEIGHT if style == "bold" else bool(flags.value & ITALIC_FLAG)


def _place(value: float) -> float:
    """A place on a page: a broken file gives infinite ones, and some that are no number."""
    return max(-FAR, min(FAR, value)) if value == value else 0.0  # noqa: PLR0124 - only what is no number differs from itself


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.top / 10)


def _set_aside(pages: Sequence[Sequence[Line]], heights: Sequence[float], body: float) -> set[int]:
    """Running heads, page numbers, and small print alone at the edge of a page."""
    running = _running_heads(pages)
    aside = {id(line) for page in pages for line in page if _key(line) in running or _PAGE_NUMBER.fullmatch(line.text)}
    for page, height in zip(pages, heights, strict=True):
        told = sorted(_told(page, aside), key=lambda line: line.top)
        for edge, inner in (told[:2], told[:-3:-1]) if len(told) > 2 else ():
            in_margin = not MARGIN * height < edge.top < (1 - MARGIN) * height
            if in_margin and edge.size < SMALL * body and abs(edge.top - inner.top) > 2 * body:
                aside.add(id(edge))
    return aside


def _running_heads(pages: Sequence[Sequence[Line]]) -> set[tuple[str, int]]:
    """Lines that stand at the same place, alike but for numbers, on most pages."""
    if len(pages) < 2:
        return set()
    counts = Counter(key for page in pages for key in {_key(line) for line in page})
    edges = {
        _key(line) for page in pages if page for line in (*sorted(page, key=lambda x: x.top)[:3], *sorted(page, key=lambda x: x.top)[-3:])
    }
    return {key for key, count in counts.items() if count >= max(2, 0.5 * len(pages)) and key in edges}


def _add_paragraphs(lines: Sequence[Line], body: float, builder: Builder) -> None:
    step = _step(lines, body)
    paragraphs: list[list[Line]] = []
    for line in lines:
        if paragraphs and not _breaks(paragraphs[-1], line, step * max(1.0, line.size / body)):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    reach = _reach(lines, body)
    for row, (_, cells) in enumerate(groupby(paragraphs, key=lambda paragraph: (paragraph[0].cell or (None,))[0])):
        for paragraph in cells:
            _add(paragraph, body, builder, row, quoted=_is_set_in(paragraph, reach))


def _reach(lines: Sequence[Line], body: float) -> dict[int, float]:
    """How far to the right the prose reaches that begins at each left edge."""
    reach: dict[int, float] = {}
    for line in lines:
        if line.cell is None and len(line.text) >= PROSE and line.size <= LARGE * body:
            reach[round(line.left)] = max(reach.get(round(line.left), 0.0), line.right)
    return reach


def _is_set_in(paragraph: Sequence[Line], reach: Mapping[int, float]) -> bool:
    """Tell a block quotation: all its lines begin to the right of the prose, and none reaches as far."""
    left, size = paragraph[0].left, paragraph[0].size
    right = max(line.right for line in paragraph) + 0.5 * size
    alike = all(abs(line.left - left) < 0.2 * size for line in paragraph)
    return alike and any(0.8 * size <= left - margin <= 6 * size and right < end for margin, end in reach.items())


def _step(lines: Sequence[Line], body: float) -> float:
    """From one line of a paragraph to the next: measured where a line is full and its sentence goes on.

    Where paragraphs are of one line, the usual step parts them, and tells nothing.
    """
    wide = 0.85 * sorted(line.right - line.left for line in lines)[len(lines) * 9 // 10]
    steps = [(b.top - a.top, a, b) for a, b in pairwise(lines) if 0 < b.top - a.top < 4 * body and a.size <= LARGE * body]
    inside = [step for step, a, b in steps if a.right - a.left >= wide and b.text[:1].islower() and not _ENDS.search(a.text)]
    if len(inside) > 1:
        return median(inside)
    return min(median(step for step, *_ in steps), 1.3 * body) if steps else 1.3 * body


_ENDS = re.compile(r"[.!?…:»”\"][»”\"\s)]*$")
_STARTS_ITEM = re.compile(r"^(?:[•▪◦‣●○–—]|\d{1,2}[.)])\s")


def _breaks(paragraph: Sequence[Line], line: Line, step: float) -> bool:
    last = paragraph[-1]
    if _STARTS_ITEM.match(line.text) or line.cell != last.cell:
        return True
    if abs(line.size - last.size) > 0.15 * max(line.size, last.size):
        return True
    if any(_changes(paragraph, line, style) for style in range(len(_STYLES))):
        return True
    ended = bool(_ENDS.search(last.text))
    if line.top <= last.top and line.styled != last.styled and 0 in (*line.styled, *last.styled) and any((*line.styled, *last.styled)):
        return True
    if line.top <= last.top:  # a new column or page: the paragraph goes on unless its last line ended
        return (ended and last.right < max(item.right for item in paragraph) - 0.1 * (last.right - last.left + 1)) or ended
    gap = line.top - last.top
    if gap > 1.35 * step:
        return True
    width = max(item.right for item in paragraph)
    return ended and last.right < 0.85 * width


def _changes(paragraph: Sequence[Line], line: Line, style: int) -> bool:
    """Tell a line that leaves the style of all the lines before it."""
    return not line.styled[style] and all(item.styled[style] == len(item.text) for item in paragraph)


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


def _add(paragraph: Sequence[Line], body: float, builder: Builder, row: int, *, quoted: bool) -> None:
    text, styled = paragraph[0].text, paragraph[0].styled
    for line in paragraph[1:]:
        cut = _CUT.search(text) and line.text[:1].islower()
        before, length = text, len(text)
        text = f"{text} " if not cut else text if _is_compound(text[-24:], line.text) else text[:-1]
        styled = going_on(styled, length, line.styled, len(text) - len(before))
        text += line.text
    size = max(line.size for line in paragraph)
    kind: BlockKind = "quote" if quoted else "paragraph"
    level, group = 0, -1
    if (cell := paragraph[0].cell) is not None:
        kind, level, group = "cell", cell[1], row
    elif size > LARGE * body and len(text) < 160 and text[0] not in '«“"':
        kind, level = "heading", 1 if size > 1.6 * body else 2
    elif not quoted and (item := _STARTS_ITEM.match(text)):  # a dash under a quotation signs it
        kind, level, text = "item", 1, text[item.end() :]
        styled = tuple(max(0, length - item.end()) for length in styled)
    if kind == "heading":  # its size is enough
        styled = tuple(0 for _ in styled)
    cuts = sorted({0, len(text), *styled})
    builder.add(kind, [Piece(text[a:b], _marks(styled, b)) for a, b in pairwise(cuts)], level=level, group=group)


def _marks(styled: Sequence[int], end: int) -> frozenset[MarkKind]:
    return frozenset(mark for mark, length in zip(_STYLES, styled, strict=True) if end <= length)
