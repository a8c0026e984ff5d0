"""Draws pictures, alone or side by side: two pixels per cell as half blocks, or characters if there is no colour.

Each sign has its own colour, and strong values a + or − in the cell, so that the sign shows without colour too.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import Answers, Gallery, Picture, Role, SideBySide
from gdsim.engine.parameters import Vector
from gdsim.explain.numbers import in_ascii
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas
from gdsim.tui.drawing.columns import put_answers
from gdsim.tui.palettes import half_block, strengths, style

_STRONG, _FAINT = 0.5, 0.15
_ASCII_INK = " .:-=+*#%@"
_UNICODE_INK = " ░▒▓█"
_LEAST_ROWS = 4
"""With at most this many rows, the picture is drawn alone, without text."""
_SMALLEST_IN_GALLERY, _SMALLEST_IN_SIGNS = 4, 6
"""Least columns of a picture in a gallery, drawn in half blocks and in signs; rather than shrink further, omit some."""
_GAP = 2
_LEAST_PART = 14
_LEAST_ANSWERS, _ANSWERS = 23, 27
"""Columns left for the outputs next to a picture: the fewest, for numbers, and enough for bars that differ visibly."""


def put_parts(canvas: Canvas, drawing: SideBySide) -> None:
    """Draw the parts from left to right as long as there is room; several pictures have one size and one key."""
    signed = [part for part in drawing.parts if isinstance(part, Picture) and part.is_signed]
    has_key = len(signed) > 1 and canvas.height > 2 * _LEAST_ROWS
    if has_key:
        _put_runs(canvas, canvas.height - 1, _signs_explained(canvas))
        canvas = canvas.part(0, 0, canvas.width, canvas.height - 1)
    left, each = 0, canvas.width
    for number, part in enumerate(drawing.parts):
        room = canvas.width - left
        if number and room < _LEAST_PART:
            return
        if isinstance(part, Answers):
            put_answers(canvas.part(left, 0, room, canvas.height), part)
            return
        words = max(cell_len(line) for line in (part.title, *part.caption))
        each = min(each, _share(drawing, number, room))
        share = canvas.part(left, 0, each, canvas.height)
        left += _GAP + max(put_picture(share, part, has_key=not has_key), min(words, each))


def _share(drawing: SideBySide, number: int, room: int) -> int:
    """Return the columns part `number` may take: what outputs leave, an even share, or all if shares are too small."""
    parts = len(drawing.parts) - number
    if parts == 1:
        return room
    if isinstance(drawing.parts[-1], Answers):
        return max(min(room, _LEAST_PART), room - _GAP - max(_LEAST_ANSWERS, min(_ANSWERS, room // 2)))
    share = (room - _GAP * (parts - 1)) // parts
    return share if share >= _LEAST_PART else room


def put_picture(canvas: Canvas, picture: Picture, *, has_key: bool = True) -> int:
    """Draw a picture with its title above and its text below, signs explained if it has_key; return its columns.

    The picture keeps its proportions and is scaled to the room by averaging.
    """
    words, height = _words(canvas, picture, has_key=has_key), canvas.height
    above, below = int(bool(picture.title) and height > _LEAST_ROWS), 0
    if height > _LEAST_ROWS:
        spare = height - above - picture.pixels.shape[0] // 2
        below = min(len(words), max(spare, int(has_key and height > 2 * _LEAST_ROWS)))
    shown = _shown(picture, canvas.width, height - above - below, _is_shaded(canvas))
    if above:
        canvas.text(0, 0, canvas.fitted(picture.title, canvas.width), style(canvas.palette.axis))
    put = _put_half_blocks if _is_shaded(canvas) else _put_characters
    put(canvas.part(0, above, canvas.width, height), shown, picture.is_signed)
    rows = (len(shown) + 1) // 2 if _is_shaded(canvas) else len(shown)
    for number, runs in enumerate(words[:below], above + rows):
        _put_runs(canvas, number, runs)
    return int(shown.shape[1])


def put_signed(canvas: Canvas, pixels: Vector) -> None:
    """Draw numbers from −1 to 1 that fill a canvas, two of them to a cell if it has colours to mix."""
    rows = canvas.height * (2 if _is_shaded(canvas) else 1)
    put = _put_half_blocks if _is_shaded(canvas) else _put_characters
    put(canvas, resized(pixels, rows, canvas.width), True)


def put_gallery(canvas: Canvas, gallery: Gallery) -> None:
    """Draw all pictures in rows, as large as fits, the chosen one marked; if not all fit, those around it."""
    quiet = style(canvas.palette.axis)
    height = canvas.height - int(canvas.height > _LEAST_ROWS)
    is_shaded = _is_shaded(canvas)
    each, rows, label = _grid(gallery, canvas.width, height, _SMALLEST_IN_GALLERY if is_shaded else _SMALLEST_IN_SIGNS)
    across, down = max(1, canvas.width // (each + 1)), max(1, height // (rows + label))
    count, chosen = len(gallery.pictures), gallery.chosen
    first = 0 if chosen is None else max(0, min(chosen - across * down // 2, count - across * down))
    numbers = range(first, min(count, first + across * down))
    pictures = [_fitted(gallery.pictures[number], each, rows, is_shaded) for number in numbers]
    # As in a single picture, but on one scale for all.
    sizes = [np.abs(each[np.isfinite(each)]).max(initial=0.0) for each in pictures]
    most = float(max(sizes, default=0.0)) or 1.0
    for place, number in enumerate(numbers):
        left, top = 1 + place % across * (each + 1), place // across * (rows + label)
        is_chosen = number == chosen
        look = style(canvas.palette.focus, bold=True) if is_chosen else quiet
        if is_chosen:
            canvas.text(left - 1, top, canvas.one_of("▸", ">"), look)
        if label:
            name = canvas.fitted(gallery.names[number], canvas.width)
            canvas.text(left, top, canvas.fitted(name if cell_len(name) <= each else str(number + 1), each), look)
        put = _put_half_blocks if is_shaded else _put_characters
        put(canvas.part(left, top + label, each, rows), np.clip(pictures[place], -most, most) / most, True)
    if height < canvas.height:
        more = count - across * down
        words = canvas.fitted(_("… +{count} more").format(count=more) if more > 0 else "", canvas.width)
        left = canvas.width - cell_len(words)
        _put_runs(canvas.part(0, 0, left - 1, canvas.height), canvas.height - 1, _signs_explained(canvas))
        canvas.text(left, canvas.height - 1, words, quiet)


def _grid(gallery: Gallery, width: int, height: int, smallest: int) -> tuple[int, int, int]:
    """Return the columns and rows of a picture, and the rows of its label: the largest size at which all pictures fit.

    Labels are dropped first; if even the smallest size does not fit, some pictures are left out and labels come back.
    """
    shape = gallery.pictures[0].shape if gallery.pictures else (1, 1)
    for label in (1, 0):
        for each in range(min(2 * shape[1], width - 1), smallest - 1, -1):
            rows = -(-each * shape[0] // (2 * shape[1]))
            if (width // (each + 1)) * (height // (rows + label)) >= len(gallery.pictures):
                return each, rows, label
    return smallest, smallest // 2, int(height > smallest // 2)


def _put_runs(canvas: Canvas, row: int, runs: list[tuple[str, Style]]) -> None:
    column = 0
    for text, look in runs:
        shown = canvas.fitted(text, canvas.width - column)
        canvas.text(column, row, shown, look)
        column += cell_len(shown)


def _is_shaded(canvas: Canvas) -> bool:
    """Whether two coloured pixels share a cell."""
    return bool(canvas.palette.ground) and not canvas.ascii_only


def resized(pixels: Vector, rows: int, columns: int) -> Vector:
    """Return pixels scaled to (rows, columns): each is the mean of the area it covers.

    nan if most of that area is not finite.
    """
    down, across = _covered(pixels.shape[0], rows), _covered(pixels.shape[1], columns)
    known = np.isfinite(pixels)
    mean = down @ np.where(known, pixels, 0.0) @ across.T
    return np.where(down @ known @ across.T > 0.5, mean, np.nan)


@lru_cache(maxsize=32)
def _covered(count: int, cells: int) -> Vector:
    """Return how much of each of `cells` equal cells each of `count` pixels covers: (cells, count), rows sum to 1."""
    edges = np.linspace(0.0, count, cells + 1)
    begin, end = edges[:-1, np.newaxis], edges[1:, np.newaxis]
    pixels = np.arange(count, dtype=np.float64)
    return np.asarray(np.clip(np.minimum(end, pixels + 1) - np.maximum(begin, pixels), 0.0, None) / (end - begin))


def _shown(picture: Picture, width: int, height: int, is_shaded: bool) -> Vector:
    """Return the pixels to draw, divided by `most` and clipped to −1 to 1.

    Averages of many weights are small: the largest one shown gets the full shade.
    """
    pixels = _fitted(picture.pixels, width, height, is_shaded)
    largest = float(np.abs(pixels[np.isfinite(pixels)]).max(initial=0.0))
    most = min(picture.most, largest or picture.most) if picture.is_signed else picture.most
    return np.clip(pixels / most, -1.0, 1.0)


def _fitted(pixels: Vector, width: int, height: int, is_shaded: bool) -> Vector:
    """Return the pixels scaled to at most width × height cells: two per cell if shaded, else one per cell.

    Assumes that a character is twice as high as wide.
    """
    rows, columns = pixels.shape
    down = 2 * height if is_shaded else height
    squeezed = 1 if is_shaded else 2
    times = min(width / columns, down * squeezed / rows)
    lines = round(rows * times / squeezed)
    size = (max(1, min(down, lines - (lines % 2 if is_shaded else 0))), max(1, min(width, round(columns * times))))
    with np.errstate(all="ignore"):
        return resized(pixels, *size)


def _put_half_blocks(canvas: Canvas, pixels: Vector, is_signed: bool) -> None:
    if len(pixels) % 2:
        pixels = np.concatenate([pixels, np.full((1, pixels.shape[1]), np.nan)])
    palette = canvas.palette
    positives = palette.positives if is_signed else strengths(palette.ground, palette.colors[Role.NEXT])
    colors = (*palette.negatives[::-1], palette.ground, *positives)
    sizes = np.where(pixels < 0, len(palette.negatives), len(positives))
    levels = np.rint(np.nan_to_num(pixels) * sizes).astype(int) + len(palette.negatives)
    levels[np.isnan(pixels)] = -1
    signs = _signs(pixels, is_signed)
    for row, cells in enumerate(np.stack([levels[::2], levels[1::2], signs], axis=-1).tolist()):
        for column, (upper, lower, sign) in enumerate(cells):
            above, below = ("" if level < 0 else colors[level] for level in (upper, lower))
            if sign:
                canvas.put(column, row, "+" if sign > 0 else "−", style(palette.ground, above))
            elif above or below:
                canvas.put(column, row, *half_block(above, below))


def _signs(pixels: Vector, is_signed: bool) -> NDArray[np.int64]:
    """Return +1 or −1 for each cell whose two pixels are both strong and of that sign, else 0."""
    upper, lower = np.nan_to_num(pixels[::2]), np.nan_to_num(pixels[1::2])
    strong = np.minimum(np.abs(upper), np.abs(lower)) >= (_STRONG if is_signed else np.inf)
    return np.where(strong & (np.sign(upper) == np.sign(lower)), np.sign(upper), 0.0).astype(np.int64)


def _put_characters(canvas: Canvas, pixels: Vector, is_signed: bool) -> None:
    minus = canvas.one_of("−", "-")
    ink = f"={minus}{canvas.one_of('·', '.')}+#" if is_signed else canvas.one_of(_UNICODE_INK, _ASCII_INK)
    for row, column in np.argwhere(~np.isnan(pixels)).tolist():
        value = float(pixels[row, column])
        if is_signed:
            place = _signed_ink(value)
            look = style(
                (canvas.palette.negative, canvas.palette.axis, canvas.palette.positive)[(place > 2) - (place < 2) + 1]
            )
        else:
            place, look = round(max(value, 0.0) * (len(ink) - 1)), style()
        if ink[place] != " ":
            canvas.put(column, row, ink[place], look)


def _signed_ink(value: float) -> int:
    """Return which of five signs a number from −1 to 1 gets: 0 strong −, 1 weak −, 2 none, 3 weak +, 4 strong +."""
    size = 0 if abs(value) < _FAINT else 1 if abs(value) < _STRONG else 2
    return 2 + (size if value > 0 else -size)


def _words(canvas: Canvas, picture: Picture, *, has_key: bool) -> list[list[tuple[str, Style]]]:
    """Return the lines below a picture as runs of text: what its signs mean, then its caption."""
    words = [[(in_ascii(line) if canvas.ascii_only else line, style(canvas.palette.axis))] for line in picture.caption]
    return [_signs_explained(canvas), *words] if picture.is_signed and has_key else words


def _signs_explained(canvas: Canvas) -> list[tuple[str, Style]]:
    """Return the key to the signs of weights as runs of text."""
    palette, quiet = canvas.palette, style(canvas.palette.axis)
    if _is_shaded(canvas):
        plus, minus = ("+", style(palette.ground, palette.positive)), ("−", style(palette.ground, palette.negative))
    else:
        plus, minus = ("+#", style(palette.positive)), (canvas.one_of("−=", "-="), style(palette.negative))
    return [plus, (f" {_('raises z')}  ", quiet), minus, (f" {_('lowers z')}", quiet)]
