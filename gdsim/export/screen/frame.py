"""A screen as plain values (which character where, in which colours) for pictures, pages and recordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple


class Look(NamedTuple):
    """Colours as ``#rrggbb``, and the style of letters."""

    color: str
    background: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


class Cell(NamedTuple):
    """One character and the cells it takes: two for a wide one, whose second cell holds an empty text."""

    text: str
    look: Look


class Frame(NamedTuple):
    """A screen: rows of cells, all of one length; ground: the colours of empty space.

    title: what it shows, in a few words; words: its contents for people who cannot see it.
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
        """The characters alone, one line per row."""
        return "\n".join("".join(cell.text for cell in row).rstrip() for row in self.rows)


def stretches(row: tuple[Cell, ...]) -> list[tuple[int, int, str, Look]]:
    """Return the row as stretches of one look: first cell, number of cells, text, look."""
    found, start = [], 0
    for look, group in groupby(row, key=lambda cell: cell.look):
        cells = list(group)
        found.append((start, len(cells), "".join(cell.text for cell in cells), look))
        start += len(cells)
    return found


CELL_WIDTH, CELL_HEIGHT = 10.0, 20.0
"""The size of a cell in a picture, in its own units."""

_X, _Y = CELL_WIDTH / 2, CELL_HEIGHT / 2

_ARMS: Mapping[str, str] = {
    "─": "lr", "━": "lr", "│": "ud", "┃": "ud", "┌": "rd", "┐": "ld", "└": "ur", "┘": "ul",
    "├": "urd", "┤": "uld", "┬": "lrd", "┴": "lru", "┼": "lrud", "╴": "l", "╵": "u", "╶": "r", "╷": "d",
    "═": "lr", "║": "ud",
}  # fmt: skip
"""The arms of a line character: left, right, up, down."""

_ENDS: Mapping[str, str] = {"l": f"h{-_X:g}", "r": f"h{_X:g}", "u": f"v{-_Y:g}", "d": f"v{_Y:g}"}
_CORNERS: Mapping[str, tuple[str, str]] = {"╭": ("d", "r"), "╮": ("d", "l"), "╰": ("u", "r"), "╯": ("u", "l")}
_DASHES: Mapping[str, int] = {"╌": 2, "┄": 3, "┈": 4}
_UPRIGHT_DASHES: Mapping[str, int] = {"╎": 2, "┆": 3, "┊": 4}
_SHADES: Mapping[str, float] = {"░": 0.25, "▒": 0.5, "▓": 0.75, "█": 1.0}
_QUADRANTS: Mapping[str, str] = {
    "▖": "c", "▗": "d", "▘": "a", "▙": "acd", "▚": "ad", "▛": "abc", "▜": "abd", "▝": "b", "▞": "bc", "▟": "bcd",
}  # fmt: skip
"""Quarters of a cell: a b above, c d below."""


def line_path(character: str, x: float, y: float) -> str:
    """Return the path, for a thin stroke, of a line character in the cell at (x, y); empty for other characters."""
    middle_x, middle_y = x + _X, y + _Y
    if character in _ARMS:
        return "".join(f"M{middle_x:g} {middle_y:g}{_ENDS[arm]}" for arm in _ARMS[character])
    if character in _CORNERS:
        upright, level = _CORNERS[character]
        end_y = y if upright == "u" else y + CELL_HEIGHT
        end_x = x if level == "l" else x + CELL_WIDTH
        turn_y = middle_y - _X if upright == "u" else middle_y + _X
        return f"M{middle_x:g} {end_y:g}V{turn_y:g}Q{middle_x:g} {middle_y:g} {end_x:g} {middle_y:g}"
    if character in _DASHES:
        part = CELL_WIDTH / _DASHES[character]
        return "".join(f"M{x + part * (i + 0.2):g} {middle_y:g}h{part * 0.6:g}" for i in range(_DASHES[character]))
    if character in _UPRIGHT_DASHES:
        count = _UPRIGHT_DASHES[character]
        part = CELL_HEIGHT / count
        return "".join(f"M{middle_x:g} {y + part * (i + 0.2):g}v{part * 0.6:g}" for i in range(count))
    return ""


def dot_path(character: str, x: float, y: float) -> str:
    """Return the path, for a thick round stroke, of a braille character's dots; empty for other characters."""
    bits = ord(character) - 0x2800
    if not 0 < bits < 0x100:
        return ""
    return "".join(
        f"M{x + CELL_WIDTH * (0.25 + 0.5 * column):g} {y + CELL_HEIGHT * (0.125 + 0.25 * row):g}h0"
        for column, row, bit in _BRAILLE
        if bits & bit
    )


_BRAILLE = (
    (0, 0, 0x01), (0, 1, 0x02), (0, 2, 0x04), (0, 3, 0x40), (1, 0, 0x08), (1, 1, 0x10), (1, 2, 0x20), (1, 3, 0x80),
)  # fmt: skip


def blocks(character: str, x: float, y: float) -> Iterator[tuple[float, float, float, float, float]]:
    """Yield the filled rectangles of a block character: x, y, width, height, opacity; none for any other."""
    width, height, code = CELL_WIDTH, CELL_HEIGHT, ord(character)
    if character in _SHADES:
        yield x, y, width, height, _SHADES[character]
    elif character == "▀":
        yield x, y, width, height / 2, 1.0
    elif 0x2581 <= code <= 0x2587:
        part = height * (code - 0x2580) / 8
        yield x, y + height - part, width, part, 1.0
    elif 0x2589 <= code <= 0x258F:
        yield x, y, width * (0x2590 - code) / 8, height, 1.0
    elif character == "▐":
        yield x + width / 2, y, width / 2, height, 1.0
    elif character in _QUADRANTS:
        for corner in _QUADRANTS[character]:
            yield x + width / 2 * (corner in "bd"), y + height / 2 * (corner in "cd"), width / 2, height / 2, 1.0


def is_drawn(character: str) -> bool:
    """Whether a character is drawn as shapes instead of written as text."""
    return bool(dot_path(character, 0, 0) or line_path(character, 0, 0) or next(blocks(character, 0, 0), None))
