"""A grid of characters with styles, and the strips Textual shows of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gdsim.explain.numbers import in_ascii, is_kept
from gdsim.tui.palettes import style
from gdsim.tui.wrapping import is_narrow

Position = tuple[float, float]
"""Column and row in cells, from the upper left corner."""

Stroke = tuple[int, int, str]
"""Column, row and character of a piece of a line."""

BRAILLE = 0x2800
# Bit of a braille dot by its row (from the top) and its column in the character.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def fitted(text: str, width: int, *, ascii_only: bool = False) -> str:
    """Return as much of a text as fits in `width` cells; '?' for controls and, in ASCII, for signs."""
    if ascii_only:
        text = in_ascii(text)
    if text.isascii() and text.isprintable():
        return text[: max(0, width)]
    shown, used = [], 0
    for character in text:
        drawable = character.isprintable() and (not ascii_only or character.isascii() or is_kept(character))
        glyph = character if drawable else "?"
        used += cell_len(glyph)
        if used > width:
            break
        shown.append(glyph)
    return "".join(shown)


class Canvas:
    """A grid of cells, row 0 at the top; whatever falls outside it is left out.

    A wide character (Chinese, for one) takes its cell and the next, which then holds an empty text.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._glyphs = [[" "] * width for _ in range(height)]
        self._styles = [[style()] * width for _ in range(height)]
        # While there is nothing but narrow characters without backgrounds, what is written simply takes its place.
        self._is_simple = True

    def put(self, column: int, row: int, glyph: str, look: Style) -> None:
        """Write one narrow character, keeping the background that is there where `look` has none."""
        if not (0 <= column < self.width and 0 <= row < self.height):
            return
        glyphs, styles = self._glyphs[row], self._styles[row]
        if self._is_simple:
            glyphs[column], styles[column] = glyph, look
            self._is_simple = look.bgcolor is None
            return
        # A wide character that loses one of its cells loses both.
        if not glyphs[column]:
            glyphs[column - 1] = " "
        if column + 1 < self.width and not glyphs[column + 1]:
            glyphs[column + 1] = " "
        glyphs[column] = glyph
        beneath = styles[column]
        styles[column] = over(beneath, look) if beneath.bgcolor and not look.bgcolor else look

    def text(self, column: int, row: int, text: str, look: Style) -> None:
        """Write a text from `column` on; the part that does not fit is left out."""
        all_narrow = is_narrow(text)
        if all_narrow and self._is_simple and column >= 0 and 0 <= row < self.height:
            shown = text[: max(0, self.width - column)]
            end = column + len(shown)
            self._glyphs[row][column:end] = shown
            self._styles[row][column:end] = [look] * len(shown)
            self._is_simple = look.bgcolor is None
            return
        for glyph in text:
            width = 1 if all_narrow else cell_len(glyph)
            if width == 2 and column >= 0 and column + 1 < self.width and 0 <= row < self.height:
                self.put(column, row, " ", look)
                self.put(column + 1, row, " ", look)
                self._glyphs[row][column : column + 2] = [glyph, ""]
                self._is_simple = False
            elif width == 1:
                self.put(column, row, glyph, look)
            column += width

    def fill(self, column: int, row: int, glyphs: Sequence[str], looks: Sequence[Style]) -> None:
        """Write narrow characters, each with its look, over whatever is there; what does not fit is left out."""
        if 0 <= row < self.height and column >= 0:
            end = min(column + len(glyphs), self.width)
            self._glyphs[row][column:end] = glyphs[: end - column]
            self._styles[row][column:end] = looks[: end - column]
            self._is_simple = False

    def is_blank(self, column: int, row: int, length: int) -> bool:
        """Tell whether `length` cells from `column` on lie on the grid and hold nothing."""
        inside = 0 <= row < self.height and column >= 0 and column + length <= self.width
        return inside and all(glyph == " " for glyph in self._glyphs[row][column : column + length])

    def line(self, start: Position, end: Position, look: Style, *, dash: tuple[int, int]) -> None:
        """Draw a straight line in braille dots between two (column, row) positions, in cells; dots share a cell.

        dash: dots drawn, dots left out.
        """
        self.polyline([start, end], [False, True], look, dash=dash)

    def polyline(
        self, places: Sequence[Position], joined: Sequence[bool], look: Style, *, dash: tuple[int, int]
    ) -> None:
        """Draw straight lines in braille dots from place to place; joined: whether a line leads to each place."""
        self.strokes(_cells_of_lines(tuple(places), tuple(joined), dash), look)

    def strokes(self, cells: Iterable[Stroke], look: Style, left: int = 0, top: int = 0) -> None:
        """Write the characters of a line, `left` and `top` cells away; a braille one joins the dots that are there."""
        for column, row, glyph in cells:
            x, y = left + column, top + row
            if not (0 <= x < self.width and 0 <= y < self.height):
                continue
            there = self._glyphs[y][x]
            if there != " " and "\u2800" <= there <= "\u28ff" and "\u2800" <= glyph <= "\u28ff":
                glyph = chr(ord(there) | ord(glyph))
            self.put(x, y, glyph, look)

    def strips(self) -> list[Strip]:
        """Return one strip a row, each `width` cells wide, with one segment a run of equal style.

        A row like one drawn lately is that very strip: from one update to the next most rows of a chart stay.
        """
        return [_strip(tuple(glyphs), tuple(styles)) for glyphs, styles in zip(self._glyphs, self._styles, strict=True)]


@lru_cache(maxsize=32)
def _cells_of_lines(
    places: tuple[Position, ...], joined: tuple[bool, ...], dash: tuple[int, int]
) -> tuple[Stroke, ...]:
    """Return the cells of straight lines from place to place; most lie where they lay before."""
    strokes: list[Stroke] = []
    done = 0
    for number, place in enumerate(places):
        if joined[number]:
            phase = done % max(1, sum(dash))
            cells, length = _cells_of_line(places[number - 1], place, dash, phase)
            done += length
        elif number + 1 < len(places) and joined[number + 1]:
            done = 0
            continue
        else:  # a place on its own
            cells, _length = _cells_of_line(place, place, dash, 0)
        strokes += cells
    return tuple(strokes)


@lru_cache(maxsize=1024)
def _cells_of_line(start: Position, end: Position, dash: tuple[int, int], phase: int) -> tuple[tuple[Stroke, ...], int]:
    """Return the cells of a straight line as (column, row, character), and the dots from its start to its end.

    phase: dots of the dash that lie before it. Most lines of a chart or a network lie where they lay before.
    """
    (x0, y0), (x1, y1) = start, end
    steps = max(1, round(max(abs(x1 - x0) * 2, abs(y1 - y0) * 4)))
    across, down, period = (x1 - x0) * 2 / steps, (y1 - y0) * 4 / steps, max(1, sum(dash))
    dots: dict[tuple[int, int], int] = {}
    for step in range(steps + 1):
        if (step + phase) % period >= dash[0]:
            continue
        is_end = step == steps  # there exactly, whatever the steps add up to
        column = math.floor(x1 * 2 if is_end else x0 * 2 + step * across)
        row = math.floor(y1 * 4 if is_end else y0 * 4 + step * down)
        cell = column // 2, row // 4
        dots[cell] = dots.get(cell, BRAILLE) | _DOTS[row % 4][column % 2]
    return tuple((column, row, chr(code)) for (column, row), code in dots.items()), steps


@lru_cache(maxsize=192)
def over(beneath: Style, look: Style) -> Style:
    """Return `look` over the background of `beneath`."""
    return look + beneath.background_style


@lru_cache(maxsize=192)
def _strip(glyphs: tuple[str, ...], styles: tuple[Style, ...]) -> Strip:
    """Return a row; styles come from a cache, so that the same style is the same object."""
    changes = [column for column, (one, next_) in enumerate(pairwise(styles), 1) if one is not next_]
    runs = pairwise([0, *changes, len(styles)])
    return Strip([Segment("".join(glyphs[start:end]), styles[start]) for start, end in runs], len(glyphs))
