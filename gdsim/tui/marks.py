"""What lies on a chart beside its lines: the shades of a field, bars, marks, arrow heads, labels beside marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from rich.cells import cell_len

from gdsim.charts.chart import Field, Role, Series, Shape
from gdsim.engine.parameters import Vector
from gdsim.tui.canvas import Canvas, fitted
from gdsim.tui.palettes import ASCII_SHADES, MARKS, UNICODE_SHADES, Palette, style
from gdsim.tui.plane import Plane
from gdsim.tui.polylines import Dots, Flags

# By the direction a line runs, (right, up): Unicode and ASCII heads.
_HEADS = {
    (1, 0): "→>",
    (-1, 0): "←<",
    (0, 1): "↑^",
    (0, -1): "↓v",
    (1, 1): "↗^",
    (-1, 1): "↖^",
    (1, -1): "↘v",
    (-1, -1): "↙v",
}
_ASIDE = (0, 1, -1, 2, -2, 3, -3, 4, -4)
_EIGHTHS = " ▁▂▃▄▅▆▇█"
# Shown at the edge when they lie off the window: where they went is the lesson.
_NEVER_LOST = frozenset({Role.CURRENT, Role.NEXT})


def mark_of(series: Series, ascii_only: bool) -> str:
    """Return the character a series is marked with: its own where it has one that can be drawn, else its role's."""
    own = series.mark[:1]
    if own and (own.isascii() or not ascii_only) and own.isprintable() and cell_len(own) == 1 and own != " ":
        return own
    return MARKS[series.role].ascii if ascii_only else MARKS[series.role].unicode


def draw_field(canvas: Canvas, plane: Plane, field: Field, palette: Palette, ascii_only: bool) -> None:
    """Fill the plane with the shades of a field: background colours, or characters where the palette has none.

    Levels are even steps between the lowest and the highest finite height; heights that are not finite stay blank.
    """
    heights = _sampled(field, plane)
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return
    characters = ASCII_SHADES if ascii_only else UNICODE_SHADES
    shades = palette.shades or tuple(characters)
    levels = max(1, min(field.levels, len(shades)))
    # Spread over the whole ramp, so that few levels still reach from its first shade to its last.
    ramp = [shades[round(k * (len(shades) - 1) / max(1, levels - 1))] for k in range(levels)]
    low, high = float(finite.min()), float(finite.max())
    place = _between(np.where(np.isfinite(heights), heights, low), low, high)
    chosen = np.where(np.isfinite(heights), np.clip(place * levels, 0, levels - 1).astype(np.int64), -1)
    # The last of each is what lies beside the field.
    if palette.shades:
        glyphs, looks = [" "] * (levels + 1), [*(style("", shade) for shade in ramp), style()]
    else:
        glyphs, looks = [*ramp, " "], [*[style(palette.axis, dim=True)] * levels, style()]
    for row, numbers in enumerate(chosen[::-1].tolist(), start=plane.top):
        canvas.fill(plane.left, row, [glyphs[each] for each in numbers], [looks[each] for each in numbers])


def _between(heights: Vector, low: float, high: float) -> Vector:
    """Return heights as parts of the way from low to high, halved first so that no difference overflows."""
    if not low < high:
        return np.zeros_like(heights)
    with np.errstate(all="ignore"):
        return (heights / 2 - low / 2) / max(high / 2 - low / 2, 5e-324)


def _sampled(field: Field, plane: Plane) -> Vector:
    """Return the height at the middle of each cell of the plane (rows from below, columns); nan beside the field."""
    values = np.asarray(field.values, dtype=np.float64)
    if values.ndim != 2 or not values.size:
        return np.full((plane.height, plane.width), np.nan)
    x = plane.x.value(np.arange(plane.width) / max(1, plane.width - 1))
    y = plane.y.value(np.arange(plane.height) / max(1, plane.height - 1))
    columns, known_columns = _indices(x, field.x_low, field.x_high, values.shape[1])
    rows, known_rows = _indices(y, field.y_low, field.y_high, values.shape[0])
    heights = values[np.ix_(rows, columns)]
    return np.where(known_rows[:, None] & known_columns[None, :], heights, np.nan)


def _indices(at: Vector, low: float, high: float, count: int) -> tuple[Dots, Flags]:
    """Return the index of the field's cell nearest to each position, and whether the position lies on the field.

    The field's cell centres run from low to high.
    """
    with np.errstate(all="ignore"):
        part = (at / 2 - low / 2) / (high / 2 - low / 2) if high != low else np.where(at == low, 0.5, np.nan)
    known = (part >= -1e-9) & (part <= 1 + 1e-9)
    indices = np.rint(np.where(known, part, 0) * (count - 1)).astype(np.int64)
    return np.clip(indices, 0, count - 1), known


def draw_bars(canvas: Canvas, plane: Plane, series: Series, palette: Palette, ascii_only: bool) -> None:
    """Draw bars from 0, or from the window's end nearest to it, in eighths of a cell upwards."""
    across, up = plane.across(series.x), plane.up(series.y)
    zero = 0.0 if plane.y.is_log else float(np.nan_to_num(plane.up(np.zeros(1))[0]))
    zero = min(max(zero, 0.0), float(plane.height))
    columns = sorted({int(each) for each in across[np.isfinite(across)] if 0 <= each < plane.width})
    nearest = min((right - left for left, right in pairwise(columns)), default=max(1, plane.width // 2))
    half = max(0, (nearest - 2) // 2)
    look = palette.of(series.role)
    for middle, end in zip(across.tolist(), up.tolist(), strict=True):
        if not (math.isfinite(middle) and math.isfinite(end) and 0 <= middle < plane.width):
            continue
        low, high = sorted((zero, min(max(end + (0.5 if end >= zero else -0.5), 0.0), float(plane.height))))
        for cell in range(int(low), math.ceil(high)):
            filled = min(1.0, high - cell)
            glyph = ("#" if filled >= 0.5 else " ") if ascii_only else _EIGHTHS[max(1, round(filled * 8))]
            for column in range(max(0, int(middle) - half), min(plane.width, int(middle) + half + 1)):
                canvas.put(plane.left + column, plane.top + plane.height - 1 - cell, glyph, look)


def is_lone_beside(series: Series) -> bool:
    """Whether a series is a single point with a mark of its own: where a run beside stands, or began."""
    is_lone = series.shape is Shape.POINTS and len(series.x) == 1
    return is_lone and bool(series.mark) and series.role not in _NEVER_LOST


def shifts_beside(plane: Plane, series: Sequence[Series]) -> dict[int, int]:
    """Return by how many cells a run's mark moves aside, by the id of its series, so that none hides another.

    Single points of runs beside stand side by side where they fall on one cell, or on that of the point in hand.
    """
    in_hand = [each for each in series if each.role in _NEVER_LOST and len(each.x) == 1]
    taken = {cell[:2] for each in in_hand for cell in _cells(plane, each)}
    shifts: dict[int, int] = {}
    for each in filter(is_lone_beside, series):
        for column, row, _direction in _cells(plane, each):
            free = (by for by in _ASIDE if 0 <= column + by < plane.width and (column + by, row) not in taken)
            shifts[id(each)] = next(free, 0)
            taken.add((column + shifts[id(each)], row))
    return shifts


def draw_marks(
    canvas: Canvas, plane: Plane, series: Series, palette: Palette, ascii_only: bool, shift: int = 0
) -> None:
    """Mark the points of a series, each cell once; a lone labelled point carries its label where there is room.

    shift: cells to the right that they move aside for others.
    """
    mark, look = mark_of(series, ascii_only), palette.of(series.role)
    cells = [(column + shift, row, direction) for column, row, direction in _cells(plane, series)]
    for column, row, direction in cells:
        glyph = _HEADS[direction][int(ascii_only)] if direction != (0, 0) else mark
        canvas.put(plane.left + column, plane.top + row, glyph, look)
    if len(cells) == 1 and series.label:
        label = fitted(series.label, plane.width, ascii_only=ascii_only)
        length = cell_len(label)
        column, row = plane.left + cells[0][0], plane.top + cells[0][1]
        # To the right or to the left, with a blank cell on either side so that the label touches nothing.
        for start in (column + 2, column - 1 - length):
            padding = int(start + length < canvas.width)
            if start > plane.left and canvas.is_blank(start - 1, row, length + 1 + padding):
                canvas.text(start, row, label, look)
                break


def _cells(plane: Plane, series: Series) -> tuple[tuple[int, int, tuple[int, int]], ...]:
    """Return column, row from the top and way off the window of each point shown; (0, 0) on the window."""
    x, y = (np.asarray(each, dtype=np.float64).tobytes() for each in (series.x, series.y))
    return _cells_of(plane, x, y, series.role in _NEVER_LOST)


@lru_cache(maxsize=64)
def _cells_of(
    plane: Plane, x_values: bytes, y_values: bytes, is_never_lost: bool
) -> tuple[tuple[int, int, tuple[int, int]], ...]:
    """Return the cells of points; x_values, y_values: float64 arrays as bytes. Samples lie where they lay before."""
    across, up = plane.across(np.frombuffer(x_values)), plane.up(np.frombuffer(y_values))
    finite = np.isfinite(across) & np.isfinite(up)
    found = []
    # In integers first: thousands of points fall on few cells.
    columns, rows = np.floor(across[finite]).astype(int), np.floor(up[finite]).astype(int)
    for column, up_row in dict.fromkeys(zip(columns.tolist(), rows.tolist(), strict=True)):
        direction = (_off(column, plane.width), _off(up_row, plane.height))
        if direction == (0, 0) or is_never_lost:
            row = plane.height - 1 - min(max(up_row, 0), plane.height - 1)
            found.append((min(max(column, 0), plane.width - 1), row, direction))
    return tuple(found)


def _off(cell: int, size: int) -> int:
    return -1 if cell < 0 else 1 if cell >= size else 0


def draw_head(canvas: Canvas, plane: Plane, series: Series, palette: Palette, ascii_only: bool) -> None:
    """Draw the head of an arrow at its last point, pointing away from its first."""
    across, up = plane.across(series.x), plane.up(series.y)
    ends = np.flatnonzero(np.isfinite(across) & np.isfinite(up))
    if not len(ends):
        return
    right, rise = (float(each[ends[-1]] - each[ends[0]]) for each in (across, up))
    column, row = int(np.floor(across[ends[-1]])), int(np.floor(up[ends[-1]]))
    if _off(column, plane.width) or _off(row, plane.height):
        return
    # A cell is twice as high as wide; below half the other way, a direction does not count.
    steepness = 2 * abs(rise)
    direction = (
        0 if abs(right) < 0.5 * steepness or right == 0 else int(math.copysign(1, right)),
        0 if steepness < 0.5 * abs(right) or rise == 0 else int(math.copysign(1, rise)),
    )
    glyph = _HEADS[direction][int(ascii_only)] if direction != (0, 0) else mark_of(series, ascii_only)
    canvas.put(plane.left + column, plane.top + plane.height - 1 - row, glyph, palette.of(series.role))
