"""What a terminal shows and what it should show, cell by cell, and the difference as text to send.

Textual sends every cell of a line in which something changed, with its colours. `Wire` takes the updates Textual's
compositor makes, keeps the cells, and gives back the shortest text it knows that makes the terminal show them:
cursor moves to the cells that differ, and of the colours only what changes from one cell to the next.

What is not of a known kind is not taken, and its sender shows it in Textual's own way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import compress, count, repeat
from operator import ne

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual.strip import Strip

from gdsim.tui import pens
from gdsim.tui.pens import PLAIN, Pen
from gdsim.tui.updates import CompositorUpdate, placed_lines
from gdsim.tui.wrapping import is_narrow

Cell = tuple[str, Pen]
"""One cell: its character with the marks that lie on it, empty for the right half of a wide one; its look."""

_BLANK: Cell = (" ", PLAIN)
_GAP = 5
"""More unchanged cells than these cost more to send again than to jump over."""


class Wire:
    """The cells of one terminal: as they should be, and as they were last sent (None: nobody knows)."""

    def __init__(self) -> None:
        self._size = (0, 0)
        self._wanted: list[list[Cell]] = []
        self._sent: list[list[Cell] | None] = []
        self._touched: set[int] = set()
        self._odd: set[int] = set()
        self._uneven: set[int] = set()

    @property
    def is_known(self) -> bool:
        """Whether a whole screen has been taken."""
        return bool(self._wanted)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows of the screen that has been taken; nothing by nothing where none has."""
        return self._size

    @property
    def is_shown(self) -> bool:
        """Whether the terminal shows what it should, so that there is nothing to send."""
        return all(self._sent[y] == self._wanted[y] for y in self._touched)

    def forget(self) -> None:
        """Take it that the terminal may show anything, so that every cell is sent anew."""
        self._sent = [None] * len(self._wanted)
        self._touched = set(range(len(self._wanted)))

    def lose(self) -> None:
        """Take it that something else was shown: only a whole new screen can be taken again."""
        self._size, self._wanted, self._sent = (0, 0), [], []
        self._touched, self._odd, self._uneven = set(), set(), set()

    def take(self, update: object, size: tuple[int, int], colors: ColorSystem) -> bool:
        """Take an update of a screen of `size` (columns, rows); return False when it cannot be understood."""
        try:
            placed = placed_lines(update)
        except (AttributeError, TypeError, ValueError):
            return False
        if placed is None:
            return False
        is_whole, strips = placed
        if size != self._size:
            if not is_whole:
                return False
            self._size = size
            self._wanted = [[_BLANK] * size[0] for _ in range(size[1])]
            self._odd, self._uneven = set(), set()
            self.forget()
        for x, y, strip in strips:
            if 0 <= y < size[1]:
                cells, is_even, is_odd = _cells(strip, colors)
                if not is_even:
                    self._uneven.add(y)
                _put(self._wanted[y], x, cells)
                self._touched.add(y)
                if is_odd:
                    self._odd.add(y)
        return True

    def difference(self) -> str:
        """Return the text that makes the terminal show what it should, and take it as sent; empty when it does.

        It begins and ends with the terminal's plain pen, wherever the cursor stands.
        """
        out = _Text()
        for y in sorted(self._touched):
            wanted, sent = self._wanted[y], self._sent[y]
            if wanted != sent:
                _send_row(out, y, wanted, None if y in self._odd else sent, is_even=y not in self._uneven)
                self._sent[y] = wanted.copy()
        self._touched.clear()
        return out.finished()


class Difference(CompositorUpdate):
    """What a wire has to send, as an update that Textual's own display can show."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def render_segments(self, console: Console) -> str:
        """Return the text to send, and take it as sent."""
        return self._wire.difference()


class _Text:
    """Text for a terminal that draws as it is read; knows where the cursor and how the pen is."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._place: tuple[int, int] | None = None
        self._pen = PLAIN

    def move(self, x: int, y: int) -> None:
        """Move the cursor, by the shorter way."""
        if self._place == (x, y):
            return
        if self._place is not None and self._place[1] == y and self._place[0] < x:
            self._parts.append(_jump(x - self._place[0]))
        else:
            self._parts.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")

    def write(self, cells: list[Cell], x: int, y: int, width: int) -> None:
        """Write cells from (x, y) on, in a line of `width` cells."""
        self.move(x, y)
        for text, pen in cells:
            if pen is not self._pen and pen != self._pen:
                self._parts.append(pens.change(self._pen, pen))
                self._pen = pen
            self._parts.append(text)
        # After the last cell of a line terminals do not agree where the cursor stands.
        self._place = (x + len(cells), y) if x + len(cells) < width else None

    def lose_place(self) -> None:
        """Take it that the cursor may stand anywhere."""
        self._place = None

    def finished(self) -> str:
        """Return the text, with the plain pen at its end."""
        if self._pen != PLAIN:
            self._parts.append(pens.change(self._pen, PLAIN))
        return "".join(self._parts)


def _put(row: list[Cell], x: int, cells: list[Cell]) -> None:
    """Write cells into a row from `x` on; a wide character that loses one of its cells loses both."""
    cells = cells[: max(0, len(row) - x)]
    if not cells:
        return
    end = x + len(cells)
    if x and not row[x][0]:
        row[x - 1] = (" ", row[x - 1][1])
    if end < len(row) and not row[end][0]:
        row[end] = (" ", row[end][1])
    row[x:end] = cells


def _cells(strip: Strip, colors: ColorSystem) -> tuple[list[Cell], bool, bool]:
    """Return the cells of a strip, whether each has its own character, and whether terminals may not agree on that."""
    cells: list[Cell] = []
    is_even, is_odd = True, False
    for text, style, control in strip:
        if control is not None:
            continue
        pen = PLAIN if style is None else _pen(style, colors)
        if text.isascii() or is_narrow(text):
            cells.extend(zip(text, repeat(pen)))
        else:
            is_even, is_odd = False, _extend(cells, text, pen) or is_odd
    return cells, is_even, is_odd


def _extend(cells: list[Cell], text: str, pen: Pen) -> bool:
    """Add the cells of a text; return whether it holds joiners, variation selectors or the like."""
    is_odd = False
    for character in text:
        width = _width(character)
        if width:
            cells.append((character, pen))
            cells.extend([("", pen)] * (width - 1))
            continue
        is_odd = is_odd or not unicodedata.combining(character)
        if cells:  # a mark lies on the character before it, on the left half of a wide one
            place = -2 if not cells[-1][0] and len(cells) > 1 else -1
            cells[place] = (cells[place][0] + character, cells[place][1])
    return is_odd


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    return cell_len(character)


@lru_cache(maxsize=4096)
def _pen(style: Style, colors: ColorSystem) -> Pen:
    return pens.of(style, colors)


def _send_row(out: _Text, y: int, wanted: list[Cell], sent: list[Cell] | None, *, is_even: bool) -> None:
    """Send the cells of a row that differ; all of them where nobody knows what the terminal shows (sent: None).

    is_even: each cell of it has, and had, a character of its own.
    """
    width = len(wanted)
    if sent is None:
        out.write(wanted, 0, y, width)
        out.lose_place()
        return
    for first, end in _stretches(wanted, sent, is_even=is_even):
        out.write(wanted[first:end], first, y, width)


def _stretches(wanted: list[Cell], sent: list[Cell], *, is_even: bool) -> list[tuple[int, int]]:
    """Return where cells differ, as [first, end); what lies between is sent too where that is shorter."""
    differ: Collection[int] = list(compress(count(), map(ne, wanted, sent)))
    if not is_even:
        differ = _complete_wide(set(differ), wanted, sent)
    stretches: list[tuple[int, int]] = []
    for x in sorted(differ):
        if stretches:
            first, end = stretches[-1]
            if x == end or (x - end <= _GAP and _is_short(wanted[end:x], wanted[end - 1][1])):
                stretches[-1] = (first, x + 1)
                continue
        stretches.append((x, x + 1))
    if is_even:
        return stretches
    # A gap sent too may begin or end inside a wide character; its halves never part.
    return [_widened(first, end, wanted) for first, end in stretches]


def _is_short(gap: list[Cell], pen: Pen) -> bool:
    """Whether cells are sent in no more bytes than the cursor takes to jump over them, with the pen in hand."""
    jump = len(_jump(len(gap)))
    return all(cell[1] == pen for cell in gap) and sum(len(cell[0].encode()) for cell in gap) <= jump


def _jump(cells: int) -> str:
    """Return the text that moves the cursor to the right."""
    return f"\x1b[{cells}C" if cells > 1 else "\x1b[C"


def _complete_wide(differ: set[int], wanted: list[Cell], sent: list[Cell]) -> set[int]:
    """Return the cells that differ and the other halves of wide characters, of those that go and those that come."""
    waiting = list(differ)
    while waiting:
        x = waiting.pop()
        for row in (wanted, sent):
            partner = x - 1 if not row[x][0] else x + 1 if x + 1 < len(row) and not row[x + 1][0] else None
            if partner is not None and partner >= 0 and partner not in differ:
                differ.add(partner)
                waiting.append(partner)
    return differ


def _widened(first: int, end: int, row: list[Cell]) -> tuple[int, int]:
    while first and not row[first][0]:
        first -= 1
    while end < len(row) and not row[end][0]:
        end += 1
    return first, end
