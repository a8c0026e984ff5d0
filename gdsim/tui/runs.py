"""Cells that differ, put together to runs, and the order of the runs in which they take few bytes.

To tell of another colour takes 10 to 40 bytes, to move the cursor 3 to 9: so all runs of one pen are sent after each
other, wherever they stand, and a blank is sent with any pen that has its paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress, count
from operator import ne
from sys import maxsize

from gdsim.tui import pens
from gdsim.tui.cells import Cell
from gdsim.tui.moves import steps
from gdsim.tui.pens import Pen

Run = tuple[int, int, int]
"""Cells beside each other that are sent with one pen: their row, the first column and the one after the last."""

_GAP = 4
"""More unchanged cells than these cost more to send again than to jump over."""


class Runs:
    """The runs of a frame by their pens, in the order of the rows."""

    def __init__(self) -> None:
        self._inked: dict[Pen, list[Run]] = {}
        self._blank: dict[Pen, list[Run]] = {}
        self._latest: dict[Pen, list[Run]] = {}

    def add_row(self, y: int, wanted: list[Cell], sent: list[Cell], first: int, end: int) -> None:
        """Add what differs in a row between two columns; each cell has, and had, a character of its own."""
        now, before = wanted[first:end], sent[first:end]
        self._add_cells(y, compress(zip(count(first), now, before), map(ne, now, before)), wanted)

    def add_uneven_row(self, y: int, wanted: list[Cell], sent: list[Cell]) -> None:
        """Add what differs in a row in which there are or were wide characters: of those both halves."""
        differ = _complete_wide(set(compress(count(), map(ne, wanted, sent))), wanted, sent)
        self._add_cells(y, ((x, wanted[x], sent[x]) for x in sorted(differ)), wanted)

    def _add_cells(self, y: int, differ: Iterable[tuple[int, Cell, Cell]], row: list[Cell]) -> None:
        """Add cells of a row that differ in what can be seen, put together where one pen does for them.

        differ: columns, and the cells there as they should be and as they were.
        """
        of = pens.on_blank
        seen = [x for x, (text, pen), (old, ink) in differ if text != " " or old != " " or of(pen) != of(ink)]
        first = end = -_GAP - 1
        pen: Pen | None = None  # of a run of blanks only
        on_blank = latest = blank = pens.PLAIN
        for x in seen:
            text, look = row[x]
            if text == " ":
                if look is not latest:
                    latest, blank = look, pens.on_blank(look)
                look, its_pen, fits = blank, pen, blank == on_blank
            elif pen is None:
                its_pen, fits = look, end > 0 and pens.on_blank(look) == on_blank
            else:
                its_pen, fits = pen, look is pen or look == pen or not text
            if fits and (x == end or (x <= end + _GAP and _is_short(row[end:x], its_pen, on_blank))):
                end, pen = x + 1, its_pen
                continue
            if end > 0:
                self._add((y, first, end), pen, on_blank)
            first, end = x, x + 1
            pen, on_blank = (None, look) if text == " " else (look, pens.on_blank(look))
        if end > 0:
            self._add((y, first, end), pen, on_blank)

    def _add(self, run: Run, pen: Pen | None, on_blank: Pen) -> None:
        if pen is None:  # blanks go with the latest of their paper
            latest = self._latest.get(on_blank)
            if latest is None:
                latest = self._blank.setdefault(on_blank, [])
            latest.append(run)
            return
        runs = self._inked.get(pen)
        if runs is None:
            runs = self._inked[pen] = self._blank.pop(on_blank, [])
        runs.append(run)
        self._latest[on_blank] = runs

    def in_order(self, pen: Pen) -> Iterator[tuple[Pen, list[Run]]]:
        """Return the runs with the pens to send them with; from the pen in hand on, always the one told shortest."""
        left = self._inked | self._blank
        while left:
            told, least = pen, maxsize
            for other in left:
                size = len(pens.change(pen, other))
                if size < least:
                    told, least = other, size
            if told not in self._blank or pens.on_blank(pen) != told:
                pen = told
            yield pen, left.pop(told)


def _is_short(gap: list[Cell], pen: Pen | None, on_blank: Pen) -> bool:
    """Whether cells are sent in no more bytes than the cursor takes to jump over them, with the pen of a run."""
    size = 0
    for text, look in gap:
        if (pens.on_blank(look) != on_blank) if text == " " else (look != pen):
            return False
        size += len(text.encode())
    return size <= len(steps(len(gap), 0))


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
