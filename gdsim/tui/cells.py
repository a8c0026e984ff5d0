"""What lines are on a terminal: cells, each with its character and the pen it is drawn with."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from gdsim.tui import pens
from gdsim.tui.pens import PLAIN, Pen
from gdsim.tui.wrapping import is_narrow

Cell = tuple[str, Pen]
"""One cell: its character with the marks that lie on it, empty for the right half of a wide one; its look."""


class Row(NamedTuple):
    """A line as cells, on a terminal of so many colours.

    is_even: each cell has a character of its own; is_odd: it holds joiners, variation selectors or the like, of whose
    widths terminals do not agree.
    """

    cells: list[Cell]
    is_even: bool
    is_odd: bool


def row_of(segments: Iterable[Segment], colors: ColorSystem) -> Row:
    """Return the cells of a line of text. They are not to be changed: a cell like another is that other."""
    cells: list[Cell] = []
    is_even, is_odd = True, False
    for text, style, control in segments:
        if control is not None:
            continue
        known = _cells_in(style, colors)
        if text.isascii() or is_narrow(text):
            cells.extend(map(known.__getitem__, text))
        else:
            is_even, is_odd = False, _extend(cells, text, known.pen) or is_odd
    return Row(cells, is_even, is_odd)


class _Cells(dict[str, Cell]):
    """The cells of one pen by their characters, each made when first wanted."""

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self.pen = pen

    def __missing__(self, character: str) -> Cell:
        cell = self[character] = character, self.pen
        return cell


@lru_cache(maxsize=4096)
def _cells_in(style: Style | None, colors: ColorSystem) -> _Cells:
    return _Cells(PLAIN if style is None else pens.of(style, colors))


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
