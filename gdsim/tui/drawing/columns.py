"""Many signed numbers as one long column: bars to the left and to the right of its middle, the largest named beside."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len

from gdsim.charts.chart import Entry, LongColumn, strongest
from gdsim.engine.parameters import Vector
from gdsim.explain.numbers import in_ascii
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas, fitted
from gdsim.tui.drawing.network import short_value
from gdsim.tui.palettes import Palette, style

_LIST = 36
_SHORT_LIST = 24
_WIDEST = 30
_RANKS = "123456789"


def put_long_column(
    canvas: Canvas, left: int, top: int, width: int, height: int, column: LongColumn, palette: Palette, ascii_only: bool
) -> None:
    """Draw a long column into a rectangle; a row of it stands for a stretch, and shows the largest number there."""
    quiet = style(palette.axis)
    if height > 2:
        title = in_ascii(column.title) if ascii_only else column.title
        canvas.text(left, top, fitted(title, width, ascii_only=ascii_only), quiet)
        top, height = top + 1, height - 1
    if column.values is None:
        hint = fitted(_("not computed yet; . goes on phase by phase"), width, ascii_only=ascii_only)
        canvas.text(left + max(0, (width - cell_len(hint)) // 2), top + height // 2, hint, quiet)
        return
    needed = _LIST if width >= _LIST + 12 else _SHORT_LIST
    wide = min(_WIDEST, max(width - needed, 12 if width >= 12 else width))
    elements, blocks = stretches(column.blocks, column.values, height)
    _put_bars(canvas, left, top, wide, column, elements, blocks, palette, ascii_only)
    _put_list(canvas, left + wide + 1, top, width - wide - 1, height, column.largest, palette, ascii_only)


def stretches(blocks: tuple[tuple[str, int], ...], values: Vector, rows: int) -> tuple[list[int], list[str]]:
    """Return for each row of the column the element it shows, and the name of the block that begins there or nothing.

    Every block has a row as long as there are enough; the others are shared out by the roots of their sizes, so that a
    block of thousands leaves some to one of dozens.
    """
    if rows < len(blocks):
        return strongest(values, max(1, rows)).tolist(), [""] * rows
    counts = np.array([count for _name, count in blocks])
    shares = (rows - len(blocks)) * np.sqrt(counts) / max(1.0, np.sqrt(counts).sum())
    room = np.minimum(1 + np.floor(shares).astype(int), counts)
    elements, names, start = [], [], 0
    for (name, count), lines in zip(blocks, room.tolist(), strict=True):
        part = strongest(values[start : start + count], max(1, lines)) + start
        elements += part.tolist()
        names += [name, *[""] * (len(part) - 1)]
        start += count
    return elements, names


def _put_bars(
    canvas: Canvas,
    left: int,
    top: int,
    width: int,
    column: LongColumn,
    elements: list[int],
    names: list[str],
    palette: Palette,
    ascii_only: bool,
) -> None:
    assert column.values is not None
    before = max(map(cell_len, names), default=0) + 1
    half = max(1, (width - before - 3) // 2)
    middle = left + before + half
    known = np.nan_to_num(np.abs(column.values[elements]), posinf=0.0)
    most = float(known.max()) if known.size and known.max() > 0 else 1.0
    ranks = {entry.element: rank for rank, entry in zip(_RANKS, column.largest, strict=False)}
    full = "#" if ascii_only else "█"
    for row, (element, name) in enumerate(zip(elements, names, strict=True), top):
        value = float(column.values[element])
        cells = round(half * min(abs(value) / most, 1.0)) if np.isfinite(value) else 0
        canvas.text(left, row, name, style(palette.axis))
        canvas.put(middle, row, "|" if ascii_only else "│", style(palette.axis))
        begin = middle + 1 if value > 0 else middle - cells
        glyph = full if value > 0 else "=" if ascii_only else "▒"
        canvas.text(begin, row, glyph * cells, style(palette.positive if value > 0 else palette.negative))
        if element in ranks:
            canvas.text(middle + half + 1, row, ranks[element], style(palette.focus, bold=True))


def _put_list(
    canvas: Canvas,
    left: int,
    top: int,
    width: int,
    height: int,
    largest: tuple[Entry, ...],
    palette: Palette,
    ascii_only: bool,
) -> None:
    """Write the largest elements: rank, name, value and which way, and below each where there is room what it is."""
    has_words = width >= max((cell_len(entry.words) + 2 for entry in largest), default=0)
    names = max((cell_len(entry.name) for entry in largest), default=0)
    lines = 2 if has_words else 1
    for number, entry in enumerate(largest[: min(len(_RANKS), height // lines)]):
        row = top + lines * number
        sign = "+" if entry.value > 0 else "-" if ascii_only else "−"
        value = sign + short_value(abs(entry.value), 3 if abs(entry.value) >= 0.01 else 4)
        canvas.text(left, row, _RANKS[number], style(palette.focus, bold=True))
        look = style(palette.positive if entry.value > 0 else palette.negative)
        direction = _("raise") if entry.value > 0 else _("lower")
        text = f"{entry.name}{' ' * (names - cell_len(entry.name))} {value.rjust(7)} {direction}"
        canvas.text(left + 2, row, fitted(text, max(0, width - 2), ascii_only=ascii_only), look)
        if has_words:
            canvas.text(left + 2, row + 1, fitted(entry.words, width - 2, ascii_only=ascii_only), style(palette.axis))
