"""What a terminal shows and what it should show, cell by cell, and the difference as text to send.

Textual sends every cell of a line in which something changed, with its colours. `Wire` takes the updates Textual's
compositor makes, keeps the cells, and gives back the shortest text it knows that makes the terminal show them:
cursor moves to the cells that differ, and of the colours only what changes from one cell to the next.

What is not of a known kind is not taken, and its sender shows it in Textual's own way.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions
from rich.segment import Segment

from gdsim.tui import pens
from gdsim.tui.cells import Cell, Row, row_of
from gdsim.tui.moves import place, steps
from gdsim.tui.pens import PLAIN, Pen
from gdsim.tui.runs import Runs
from gdsim.tui.updates import placed_lines
from gdsim.tui.wrapping import is_narrow

_BLANK: Cell = (" ", PLAIN)


class Wire:
    """The cells of one terminal: as they should be, and as they were last sent (None: nobody knows)."""

    def __init__(self) -> None:
        self._size = (0, 0)
        self._wanted: list[list[Cell]] = []
        self._sent: list[list[Cell] | None] = []
        self._touched: dict[int, tuple[int, int]] = {}  # rows, and from where to where
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
        self._touched = dict.fromkeys(range(len(self._wanted)), (0, self._size[0]))

    def lose(self) -> None:
        """Take it that something else was shown: only a whole new screen can be taken again."""
        self._size, self._wanted, self._sent = (0, 0), [], []
        self._touched, self._odd, self._uneven = {}, set(), set()

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
                row = strip if isinstance(strip, Row) else row_of(strip, colors)
                if not row.is_even:
                    self._uneven.add(y)
                _put(self._wanted[y], x, row.cells)
                first, end = self._touched.get(y, (x, x))
                self._touched[y] = min(first, x), max(end, x + len(row.cells))
                if row.is_odd:
                    self._odd.add(y)
        return True

    def difference(self) -> str:
        """Return the text that makes the terminal show what it should, and take it as sent; empty when it does.

        It begins and ends with the terminal's plain pen, wherever the cursor stands.
        """
        out, runs = _Text(), Runs()
        for y in sorted(self._touched):
            wanted, sent = self._wanted[y], self._sent[y]
            if sent is not None and y not in self._uneven:
                runs.add_row(y, wanted, sent, *self._touched[y])
            elif sent is None or (y in self._odd and wanted != sent):
                out.write_row(wanted, y)
            else:
                runs.add_uneven_row(y, wanted, sent)
            self._sent[y] = wanted.copy()
        for pen, some in runs.in_order(out.pen):
            for y, first, end in some:
                out.write(self._wanted[y], pen, y, first, end, is_even=y not in self._uneven)
        self._touched.clear()
        return out.finished()


class Difference:
    """What a wire has to send, as something that Textual can display; `cursor` tells where to leave the cursor."""

    def __init__(self, wire: Wire, cursor: tuple[int, int]) -> None:
        self._wire, self._cursor = wire, cursor

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> Iterator[Segment]:
        """Return the text to send, and take it as sent."""
        text = self._wire.difference()
        if text:
            yield Segment(text + place(*self._cursor))


class _Text:
    """Text for a terminal that draws as it is read; knows where the cursor and how the pen is."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._place: tuple[int, int] | None = None
        self.pen = PLAIN

    def write(self, row: list[Cell], pen: Pen, y: int, first: int, end: int, *, is_even: bool) -> None:
        """Write some cells of a row with one pen. is_even: each cell of the row has a character of its own."""
        self._move(first, y)
        if pen is not self.pen:
            self._use(pen)
        text = row[first][0] if end - first == 1 else "".join([text for text, _pen in row[first:end]])
        self._parts.append(text)
        # After the last cell of a line, and after characters that some take as wide, terminals do not agree where the
        # cursor stands.
        is_sure = end < len(row) and (is_even or is_narrow(text))
        self._place = (end, y) if is_sure else None

    def write_row(self, row: list[Cell], y: int) -> None:
        """Write all cells of a row."""
        self._move(0, y)
        parts, passed = self._parts, self.pen  # passed: a pen whose blanks look as those of the pen in hand
        for text, pen in row:
            if pen is not self.pen and pen != self.pen:
                is_alike = text == " " and (pen is passed or pens.on_blank(pen) == pens.on_blank(self.pen))
                passed = pen
                if not is_alike:
                    self._use(pen)
            parts.append(text)
        self._place = None

    def finished(self) -> str:
        """Return the text, with the plain pen at its end."""
        self._use(PLAIN)
        return "".join(self._parts)

    def _move(self, x: int, y: int) -> None:
        """Move the cursor, by the shorter way."""
        way = place(x, y)
        if self._place is not None:
            from_x, from_y = self._place
            way = min(steps(x - from_x, y - from_y), way, key=len)
        self._parts.append(way)

    def _use(self, pen: Pen) -> None:
        if pen is not self.pen and pen != self.pen:
            self._parts.append(pens.change(self.pen, pen))
            self.pen = pen


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
