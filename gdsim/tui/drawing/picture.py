"""Pictures, alone or beside each other: two pixels a cell in half blocks, or characters where there is no colour.

A sign has a colour of its own, and where it is strong a + or − in the cell, so that it shows without colour too.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import Answers, Picture, Role, SideBySide
from gdsim.engine.parameters import Vector
from gdsim.explain.numbers import in_ascii
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas, fitted
from gdsim.tui.drawing.columns import put_answers
from gdsim.tui.palettes import Palette, mixed, style

_LEVELS = 15
_STRONG, _FAINT = 0.5, 0.15
_ASCII_INK = " .:-=+*#%@"
_UNICODE_INK = " ░▒▓█"
_LEAST_ROWS = 4
"""Fewer rows than this are left to the picture alone, without words."""
_GAP = 3
_LEAST_PART = 14
_ANSWERS = 23
"""Columns the answers beside a picture are left, where the picture can be smaller."""


def put_parts(canvas: Canvas, drawing: SideBySide, palette: Palette, ascii_only: bool) -> None:
    """Draw the parts from left to right as long as there is room."""
    left = 0
    for number, part in enumerate(drawing.parts):
        room = canvas.width - left
        if number and room < _LEAST_PART:
            return
        if isinstance(part, Answers):
            put_answers(canvas, left, 0, room, canvas.height, part, palette, ascii_only)
            return
        share = _share(drawing, number, room)
        left += _GAP + max(
            put_picture(canvas, left, 0, share, canvas.height, part, palette, ascii_only), _words_width(part)
        )


def _share(drawing: SideBySide, number: int, room: int) -> int:
    """Return the columns part `number` may take: an even share of the room, if the parts after it can use theirs."""
    parts = len(drawing.parts) - number
    if parts == 1:
        return room
    if isinstance(drawing.parts[-1], Answers):
        return max(min(room, _LEAST_PART), room - _GAP - _ANSWERS)
    share = (room - _GAP * (parts - 1)) // parts
    return share if share >= _LEAST_PART else room


def _words_width(picture: Picture) -> int:
    """Return the columns the words of a picture take."""
    return max((cell_len(line) for line in (picture.title, *picture.caption)), default=0)


def put_picture(
    canvas: Canvas, left: int, top: int, width: int, height: int, picture: Picture, palette: Palette, ascii_only: bool
) -> int:
    """Draw a picture with its title above and its words below into a rectangle; return the columns it takes.

    It keeps its proportions: as many times larger as fits, or made smaller by averaging.
    """
    words = _words(picture, palette, ascii_only)
    above, below = int(bool(picture.title) and height > _LEAST_ROWS), 0
    if height > _LEAST_ROWS:
        spare = height - above - picture.pixels.shape[0] // 2
        below = min(len(words), max(spare, int(height > 2 * _LEAST_ROWS)))
    shown = _shown(picture, width, height - above - below, is_shaded=bool(palette.ground) and not ascii_only)
    if picture.title and above:
        canvas.text(left, top, fitted(picture.title, width, ascii_only=ascii_only), style(palette.axis))
    if palette.ground and not ascii_only:
        _put_half_blocks(canvas, left, top + above, shown, picture.is_signed, palette)
        rows = (len(shown) + 1) // 2
    else:
        _put_characters(canvas, left, top + above, shown, picture.is_signed, palette, ascii_only)
        rows = len(shown)
    for number, runs in enumerate(words[:below]):
        column = left
        for text, look in runs:
            part = fitted(text, left + width - column, ascii_only=ascii_only)
            canvas.text(column, top + above + rows + number, part, look)
            column += cell_len(part)
    return int(shown.shape[1])


def resized(pixels: Vector, rows: int, columns: int) -> Vector:
    """Return pixels (rows, columns) of another size: each the mean of the part of the picture it covers.

    A part that is mostly not finite is nan.
    """
    down, across = _covered(pixels.shape[0], rows), _covered(pixels.shape[1], columns)
    known = np.isfinite(pixels)
    mean = down @ np.where(known, pixels, 0.0) @ across.T
    return np.where(down @ known @ across.T > 0.5, mean, np.nan)


@lru_cache(maxsize=32)
def _covered(count: int, cells: int) -> Vector:
    """Return which part of each of `cells` even cells each of `count` pixels covers: (cells, count), rows sum to 1."""
    edges = np.linspace(0.0, count, cells + 1)
    begin, end = edges[:-1, np.newaxis], edges[1:, np.newaxis]
    pixels = np.arange(count, dtype=np.float64)
    return np.asarray(np.clip(np.minimum(end, pixels + 1) - np.maximum(begin, pixels), 0.0, None) / (end - begin))


def _shown(picture: Picture, width: int, height: int, *, is_shaded: bool) -> Vector:
    """Return the pixels to draw, as parts of `most` from −1 to 1: two a cell where shaded, else one a cell.

    A character is taken to be twice as high as wide.
    """
    rows, columns = picture.pixels.shape
    down = 2 * height if is_shaded else height
    squeezed = 1 if is_shaded else 2
    times = min(width / columns, down * squeezed / rows)
    if times >= squeezed or (is_shaded and times >= 1):
        times = times // squeezed * squeezed
    elif times >= 1:
        times = 1.0
    lines = round(rows * times / squeezed)
    size = (max(1, min(down, lines - (lines % 2 if is_shaded else 0))), max(1, min(width, round(columns * times))))
    with np.errstate(all="ignore"):
        return np.clip(resized(picture.pixels, *size) / picture.most, -1.0, 1.0)


def _put_half_blocks(canvas: Canvas, left: int, top: int, pixels: Vector, is_signed: bool, palette: Palette) -> None:
    if len(pixels) % 2:
        pixels = np.concatenate([pixels, np.full((1, pixels.shape[1]), np.nan)])
    ramp = _ramp(palette.negative, palette.ground, palette.positive, palette.colors[Role.NEXT], is_signed)
    levels = _levels(pixels).tolist()
    signs = _signs(pixels) if is_signed else None
    for row in range(0, len(levels), 2):
        for column, (upper, lower) in enumerate(zip(levels[row], levels[row + 1], strict=True)):
            above, below = ("" if level is None else ramp[level] for level in (upper, lower))
            if not above and not below:
                continue
            sign = 0 if signs is None else int(signs[row // 2, column])
            if sign:
                canvas.put(left + column, top + row // 2, "+" if sign > 0 else "−", style(palette.ground, above))
            elif above == below:
                canvas.put(left + column, top + row // 2, " ", style("", above))
            elif not below:
                canvas.put(left + column, top + row // 2, "▀", style(above))
            elif not above:
                canvas.put(left + column, top + row // 2, "▄", style(below))
            else:
                canvas.put(left + column, top + row // 2, "▀", style(above, below))


def _levels(pixels: Vector) -> NDArray[np.object_]:
    """Return the level of each pixel, −15 to 15, None where it is not a number."""
    levels = np.rint(np.nan_to_num(pixels) * _LEVELS).astype(int).astype(object)
    levels[np.isnan(pixels)] = None
    return levels


def _signs(pixels: Vector) -> NDArray[np.int64]:
    """Return +1 or −1 for each cell whose two pixels are both strong and of one sign, else 0."""
    upper, lower = np.nan_to_num(pixels[::2]), np.nan_to_num(pixels[1::2])
    strong = np.minimum(np.abs(upper), np.abs(lower)) >= _STRONG
    return np.where(strong & (np.sign(upper) == np.sign(lower)), np.sign(upper), 0.0).astype(np.int64)


def _put_characters(
    canvas: Canvas, left: int, top: int, pixels: Vector, is_signed: bool, palette: Palette, ascii_only: bool
) -> None:
    ink = _ASCII_INK if ascii_only else _UNICODE_INK
    for row, values in enumerate(pixels.tolist()):
        for column, value in enumerate(values):
            if value != value:
                continue
            if is_signed:
                glyph = _signed_character(value, ascii_only)
                look = style(palette.positive if value > 0 else palette.negative)
            else:
                glyph, look = ink[round(min(max(value, 0.0), 1.0) * (len(ink) - 1))], style()
            if glyph != " ":
                canvas.put(left + column, top + row, glyph, look)


def _signed_character(value: float, ascii_only: bool) -> str:
    """Return ``+`` or ``-`` for a number of middle size, ``#`` or ``=`` for a large one."""
    size = abs(value)
    if size < _FAINT:
        return " "
    if value > 0:
        return "#" if size >= _STRONG else "+"
    return "=" if size >= _STRONG else "-" if ascii_only else "−"


def _words(picture: Picture, palette: Palette, ascii_only: bool) -> list[list[tuple[str, Style]]]:
    """Return the lines below a picture as runs of text: what its signs mean, then its caption."""
    quiet = style(palette.axis)
    words = [[(in_ascii(line) if ascii_only else line, quiet)] for line in picture.caption]
    if not picture.is_signed:
        return words
    if palette.ground and not ascii_only:
        samples = ("+", style(palette.ground, palette.positive)), ("−", style(palette.ground, palette.negative))
    else:
        minus = "-" if ascii_only else "−"
        samples = ("+#", style(palette.positive)), (f"{minus}=", style(palette.negative))
    raises, lowers = f" {_('raises z')}  ", f" {_('lowers z')}"
    return [[samples[0], (raises, quiet), samples[1], (lowers, quiet)], *words]


@lru_cache(maxsize=32)
def _ramp(negative: str, middle: str, positive: str, ink: str, is_signed: bool) -> dict[int, str]:
    """Return the colour of each level: from negative over middle to positive, or from middle to ink."""
    high = positive if is_signed else ink
    return {
        level: mixed(middle, high if level > 0 else negative, abs(level) / _LEVELS)
        for level in range(-_LEVELS, _LEVELS + 1)
    }
