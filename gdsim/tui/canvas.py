"""A grid of styled characters for drawings other than charts, converted to strips for Textual."""

from __future__ import annotations

import math
from copy import copy
from itertools import groupby

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from gdsim.explain.numbers import in_ascii, is_kept
from gdsim.tui.palettes import Palette, style
from gdsim.tui.strips import strip_of

Position = tuple[float, float]
"""Column and row in cells, from the upper left corner."""

_BRAILLE = 0x2800
# Bits of braille dots by row (from the top) and column in the character.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


_LINES_IN_ASCII = (" ", "+", "-", "=")
"""Characters of lines, and of empty cells."""


def is_braille(glyph: str) -> bool:
    """Whether a character consists of the dots of lines."""
    return "\u2800" <= glyph <= "\u28ff"


def over(beneath: str, glyph: str) -> str:
    """Return what a cell shows if a character is drawn over another: the dots of both if both are lines."""
    return chr(ord(beneath) | ord(glyph)) if is_braille(beneath) and is_braille(glyph) else glyph


def fitted(text: str, width: int, *, ascii_only: bool = False) -> str:
    """Return as much of a text as fits in `width` cells; '?' replaces controls and, in ASCII, signs it lacks."""
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
    """A grid of cells, row 0 at the top; whatever is drawn outside it is left out.

    A wide character (for example Chinese) takes its cell and the next, which then holds an empty string.
    """

    def __init__(self, width: int, height: int, palette: Palette, *, ascii_only: bool = False) -> None:
        self.width = width
        self.height = height
        self.palette = palette
        self.ascii_only = ascii_only
        self.left = self.top = 0
        self._glyphs = [[" "] * width for _ in range(height)]
        self._styles = [[style()] * width for _ in range(height)]

    def fitted(self, text: str, width: int) -> str:
        """Return as much of a text as fits in `width` cells, in ASCII if the canvas is."""
        return fitted(text, width, ascii_only=self.ascii_only)

    def one_of(self, unicode: str, ascii: str) -> str:
        """Return the Unicode or the ASCII sign, whichever the canvas draws with."""
        return ascii if self.ascii_only else unicode

    def part(self, left: int, top: int, width: int, height: int) -> Canvas:
        """Return a rectangle of this canvas as a canvas that shares its cells."""
        part = copy(self)
        part.width, part.height = min(width, self.width - left), min(height, self.height - top)
        part.left, part.top = self.left + left, self.top + top
        return part

    def put(self, column: int, row: int, glyph: str, look: Style) -> None:
        """Write one narrow character."""
        if not (0 <= column < self.width and 0 <= row < self.height):
            return
        glyphs, at = self._glyphs[self.top + row], self.left + column
        # A wide character that loses one of its cells loses both.
        if not glyphs[at]:
            glyphs[at - 1] = " "
        if at + 1 < len(glyphs) and not glyphs[at + 1]:
            glyphs[at + 1] = " "
        glyphs[at] = glyph
        self._styles[self.top + row][at] = look

    def text(self, column: int, row: int, text: str, look: Style) -> None:
        """Write a text from `column` on, without the part that does not fit."""
        for glyph in text:
            width = cell_len(glyph)
            if width == 1:
                self.put(column, row, glyph, look)
            elif width == 2 and column >= 0 and column + 1 < self.width and 0 <= row < self.height:
                self.put(column, row, " ", look)
                self.put(column + 1, row, " ", look)
                at = self.left + column
                self._glyphs[self.top + row][at : at + 2] = [glyph, ""]
            column += width

    def is_clear(self, column: int, row: int, width: int) -> bool:
        """Whether `width` cells of a row hold nothing but lines."""
        glyphs = self._glyphs[self.top + row][self.left + max(0, column) : self.left + min(self.width, column + width)]
        return all(
            glyph in _LINES_IN_ASCII if self.ascii_only else glyph == " " or is_braille(glyph) for glyph in glyphs
        )

    def line(self, start: Position, end: Position, look: Style, *, dash: tuple[int, int]) -> None:
        """Draw a straight line of braille dots; a cell shared with another line shows the dots of both.

        dash: dots drawn, dots left out.
        """
        (x0, y0), (x1, y1) = start, end
        steps = max(1, round(max(abs(x1 - x0) * 2, abs(y1 - y0) * 4)))
        for step in range(steps + 1):
            if step % max(1, sum(dash)) < dash[0]:
                part = step / steps
                self._dot(math.floor(2 * (x0 + (x1 - x0) * part)), math.floor(4 * (y0 + (y1 - y0) * part)), look)

    def _dot(self, x: int, y: int, look: Style) -> None:
        column, row = x // 2, y // 4
        if 0 <= column < self.width and 0 <= row < self.height:
            there = self._glyphs[self.top + row][self.left + column]
            self.put(column, row, over(there, chr(_BRAILLE | _DOTS[y % 4][x % 2])), look)

    def strips(self) -> list[Strip]:
        """Return one strip per row, each `width` cells wide, with one segment per run of equal style."""
        return [
            strip_of(
                [("".join(glyph for glyph, _ in run), look) for look, run in groupby(cells, lambda cell: cell[1])],
                self.width,
            )
            for cells in (zip(*row, strict=True) for row in zip(self._glyphs, self._styles, strict=True))
        ]
