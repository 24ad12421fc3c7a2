"""Lines of a printed page → reading order: columns, and the rows of tables, told by the white between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

MIN_GUTTER = 9.0
"""Points of white between two columns."""

WORDS = 20
"""Characters from which a line is no number or bullet."""

LABEL = 0.7
"""Share of its column that a line fills at most where the column holds labels, and not prose."""

LOOSE = 1.12
"""Distance of two lines, in that of lines of one paragraph, from which there is white between them."""

Cell = tuple[int, int]
"""Row, counted from the top of its page, and column of a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its box in points, `top` counted from the top of the page.

    `styled` tells how many characters at its beginning are bold, and how many italic.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    styled: tuple[int, ...] = (0, 0)
    cell: Cell | None = None

    @property
    def size(self) -> float:
        """Height of the line in points."""
        return self.bottom - self.top


def ordered(lines: Sequence[Line]) -> list[Line]:
    """Reading order: cut at the widest gutter, else at the highest gap, until a single column is left; tables row by row."""
    stack: list[tuple[list[Line], bool]] = [(list(lines), False)]
    result: list[Line] = []
    while stack:
        region, is_read = stack.pop()
        if is_read:
            result += region
        elif (table := _table(region)) is not None:
            stack += [(part, number == 1) for number, part in reversed(list(enumerate(table))) if part]
        elif parts := _cut_columns(region) or _cut_rows(region):
            stack += [(part, False) for part in reversed(parts)]
        else:
            result += _joined(region)
    return result


def _table(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]] | None:
    """The table of a region: what stands above it, its cells row by row, what stands below."""
    zone = _zone(_heights(lines))
    lefts = _column_lefts([line for height in zone for line in height])
    if len(lefts) < 2:
        return None
    starts, loose = _starts(zone, lefts[1])
    rows = [number for number in starts if zone[number][-1].left >= lefts[1] - 1]
    labels = [height[0] for height in zone if height[0].left < lefts[1] - 1]
    if len(rows) < 2 or len(starts) > 1.3 * len(rows) + 1 or (_fills(labels, lefts[1]) and not (loose and len(rows) > 2)):
        return None
    end = next((number for number in starts if number > rows[-1]), len(zone))
    cells: list[Line] = []
    for first, following in zip(rows, [*rows[1:], end], strict=True):
        row = [line for height in zone[first:following] for line in height]
        for column, (left, right) in enumerate(pairwise([*lefts, float("inf")]), 1):
            inside = _joined([line for line in row if left - 1 <= line.left < right - 1])
            cells += [replace(line, cell=(round(zone[first][0].top), column)) for line in inside]
    taken = {id(line) for height in zone[rows[0] : end] for line in height}
    others, top = [line for line in lines if id(line) not in taken], zone[rows[0]][0].bottom
    return [line for line in others if line.bottom < top], cells, [line for line in others if line.bottom >= top]


def _heights(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand at one height, from left to right."""
    heights: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.bottom, line.left)):
        if heights and line.bottom - heights[-1][0].bottom < 0.35 * line.size:
            heights[-1].append(line)
        else:
            heights.append([line])
    return [sorted(height, key=lambda line: line.left) for height in heights]


def _zone(heights: Sequence[list[Line]]) -> list[list[Line]]:
    """Longest run of lines that leave free the white before the second column of most rows."""
    seconds = Counter(round(height[1].left) for height in heights if len(height) > 1 and height[1].left - height[0].right >= MIN_GUTTER)
    if not seconds:
        return []
    at = max(seconds, key=lambda left: (seconds[left], -left))
    clear = groupby(heights, key=lambda height: all(line.right < at - 1 or line.left >= at - 1 for line in height))
    return max((list(run) for free, run in clear if free), key=len, default=[])


def _column_lefts(lines: Sequence[Line]) -> list[float]:
    lefts: list[float] = []
    reach = float("-inf")
    for line in sorted(lines, key=lambda line: line.left):
        if line.left - reach >= 0.5 * MIN_GUTTER:
            lefts.append(line.left)
        reach = max(reach, line.right)
    return lefts


def _starts(zone: Sequence[list[Line]], second: float) -> tuple[list[int], bool]:
    """Where labels begin: under more white than there is between lines, or with a capital where no row has more; and which of the two."""
    steps = [after[0].bottom - height[0].bottom for height, after in pairwise(zone)]
    loose = max(steps, default=0.0) > LOOSE * min(steps, default=0.0)
    starts = []
    for number, (label, *_) in enumerate(zone):
        if label.left < second - 1:
            under_white = not number or steps[number - 1] > LOOSE * min(steps)
            if under_white if loose else label.text[:1].isalnum() and not label.text[:1].islower():
                starts.append(number)
    return starts, loose


def _fills(lines: Sequence[Line], until: float) -> bool:
    """Tell a column of prose, whose lines reach the next column, from one of labels."""
    return median(line.right - line.left for line in lines) >= LABEL * (until - min(line.left for line in lines))


def _cut_columns(lines: list[Line]) -> list[list[Line]] | None:
    by_left = sorted(lines, key=lambda line: line.left)
    reach, best, at = float("-inf"), MIN_GUTTER, None
    for line in by_left:
        if reach != float("-inf") and line.left - reach > best:
            best, at = line.left - reach, (line.left + reach) / 2
        reach = max(reach, line.right)
    if at is None:
        return None
    parts = [[line for line in lines if line.left < at], [line for line in lines if line.left >= at]]
    # A hanging number or a bullet beside its text is no column.
    fewest = min(parts, key=len)
    return parts if len(fewest) >= 3 or (fewest and (len(lines) <= 4 or any(len(line.text) >= WORDS for line in fewest))) else None


def _cut_rows(lines: list[Line]) -> list[list[Line]] | None:
    if len(lines) < 2:
        return None
    by_top = sorted(lines, key=lambda line: (line.top, line.left))
    reach, best, at = by_top[0].bottom, 1.0, None
    for line in by_top[1:]:
        if line.top - reach > best:
            best, at = line.top - reach, (line.top + reach) / 2
        reach = max(reach, line.bottom)
    if at is None:
        return None
    parts = [[line for line in lines if line.top < at], [line for line in lines if line.top >= at]]
    return parts if all(parts) else None  # a broken file gives places that no number can part


def _joined(lines: list[Line]) -> list[Line]:
    """Join the runs that stand on one line (a change of font cuts a line in several)."""
    result: list[Line] = []
    for line in sorted(lines, key=lambda item: (round((item.top + item.bottom) / 2 / 3), item.left)):
        last = result[-1] if result else None
        if last and abs((last.top + last.bottom) - (line.top + line.bottom)) / 2 < 0.5 * max(last.size, line.size):
            space = " " if line.left - last.right > 0.12 * line.size and not last.text.endswith(" ") else ""
            result[-1] = replace(
                last,
                text=last.text + space + line.text,
                styled=going_on(last.styled, len(last.text), line.styled, len(space)),
                right=max(last.right, line.right),
                top=min(last.top, line.top),
                bottom=max(last.bottom, line.bottom),
            )
        else:
            result.append(line)
    return result


def going_on(before: Sequence[int], length: int, after: Sequence[int], space: int) -> tuple[int, ...]:
    """How many characters of two runs of text put together are styled, each style from the beginning on."""
    return tuple(length + space + more if styled == length and more else styled for styled, more in zip(before, after, strict=True))
