"""A screen as plain values: what stands where, in which colours; pictures, pages and recordings are made from it."""

from __future__ import annotations

from itertools import groupby

from gdsim.records import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """Colours as ``#rrggbb``, and how letters are set."""

    color: str
    background: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One character and the cells it takes: two for a wide one, whose second cell holds an empty text."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True)
class Frame:
    """A screen: rows of cells, all of one length; ground: the colours where nothing stands.

    title: what it shows, in a few words; words: what it says, for who cannot see it.
    """

    rows: tuple[tuple[Cell, ...], ...]
    ground: Look
    title: str = ""
    words: str = ""

    @property
    def width(self) -> int:
        """Cells in a row."""
        return max(map(len, self.rows), default=0)

    @property
    def height(self) -> int:
        """Rows."""
        return len(self.rows)

    @property
    def text(self) -> str:
        """The characters alone, one line a row."""
        return "\n".join("".join(cell.text for cell in row).rstrip() for row in self.rows)


def stretches(row: tuple[Cell, ...]) -> list[tuple[int, int, str, Look]]:
    """Return the row as stretches of one look: first cell, cells, text, look."""
    found, start = [], 0
    for look, group in groupby(row, key=lambda cell: cell.look):
        cells = list(group)
        found.append((start, len(cells), "".join(cell.text for cell in cells), look))
        start += len(cells)
    return found
