"""Draws fields beneath a chart: two values per cell in half blocks, or shades or digits if there is no colour."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from gdsim.charts.chart import Field, role_of_class
from gdsim.charts.layout import AxisLayout, digits, positions_of
from gdsim.engine.parameters import Vector
from gdsim.tui.palettes import ASCII_SHADES, UNICODE_SHADES, Palette, half_block, style
from gdsim.tui.strips import Run

_BANDS = len(UNICODE_SHADES)
"""Number of bands between the level lines of a field: where there is no colour, a shade for each."""
_SIDES, _HUED_SIDES, _ASCII_SIDES = "·░▒▓", "▓░░▓", ".,;:"
"""Shades on both sides of a threshold, and where each side has a hue: lightest where they meet."""
_MOST_DIGITS = 5
"""Digits before the point up to which the height of a level line, of two significant digits, is written in full."""
_SAMPLES = 8
"""Most colours of a scale in the legend."""

Cell = tuple[str, Style, Style]
"""Character and style of a cell without other content, and the background style beneath other content."""

BLANK: Cell = (" ", style(), style())


def field_cells(
    field: Field, x: AxisLayout, y: AxisLayout, size: tuple[int, int], palette: Palette, ascii_only: bool
) -> list[list[Cell]]:
    """Return the cells of a field in a window of `size` (columns, rows), top row first.

    Cells outside the field, and those whose height is not finite, are blank.
    """
    columns, rows = size
    colors = () if ascii_only else _colors(field, palette)
    if not colors:
        cells: list[Cell] = [(shade, look, style()) for shade, look in _shades(field, palette, ascii_only)] + [BLANK]
        levels = _levels(field, _sampled(field, x, y, columns, rows), len(cells) - 1)
        return [[cells[level] for level in row] for row in levels[::-1].tolist()]
    heights = _sampled(field, x, y, columns, rows, halves=2)
    levels = _levels(field, heights, len(colors))
    # Beneath other content, the colour of the cell's middle: there is room for one, and no level line.
    middle = _levels(field, heights[::2] if field.names else heights[::2] / 2 + heights[1::2] / 2, len(colors))
    for line in _lines(field, heights):
        levels[line] = len(colors)
    colors += (palette.level_line,)
    halves = np.stack([levels[1::2], levels[::2], middle], axis=-1)[::-1]
    return [[two_colors(colors, *cell) for cell in row] for row in halves.tolist()]


def line_heights(field: Field) -> list[float]:
    """Return the heights of a field's level lines, low to high, with two significant digits; empty for classes."""
    low, high = field.scale
    if field.threshold is not None or field.names or not low < high:
        return []
    parts = np.arange(1, _BANDS) / _BANDS
    wanted = low * (1 - parts) + high * parts if not field.is_rooted else low + parts**2 * (high - low)
    return sorted({value for each in wanted.tolist() if low < (value := float(f"{each:.1e}")) < high})


def line_labels(
    field: Field, x: AxisLayout, y: AxisLayout, size: tuple[int, int]
) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the text of each level line, and its cells (column, row from below), best places for the text first."""
    columns, rows = size
    heights, places = _sampled(field, x, y, columns, 2 * rows), line_heights(field)
    labels = []
    for number, (height, halves) in enumerate(zip(places, _lines(field, heights), strict=True), 1):
        up, across = np.nonzero(halves[::2] | halves[1::2])
        best = np.argsort(np.abs(across - number / (len(places) + 1) * columns), kind="stable")
        labels.append((digits(height, _MOST_DIGITS), list(zip(across[best].tolist(), up[best].tolist(), strict=True))))
    return labels


def _lines(field: Field, heights: Vector) -> NDArray[np.bool_]:
    """Return for each level line which of the sampled heights lie on it: (lines, rows, columns)."""
    return np.array([edges(heights > each) & np.isfinite(heights) for each in line_heights(field)], dtype=np.bool_)


def edges(bands: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Return where a value differs from the one to its right or the one in the next row."""
    found = np.zeros(bands.shape, dtype=np.bool_)
    found[:, :-1] |= bands[:, 1:] != bands[:, :-1]
    found[:-1] |= bands[1:] != bands[:-1]
    return found


def scale_runs(field: Field, palette: Palette, ascii_only: bool) -> list[Run]:
    """Return a field's legend entry: its name, and its scale with the numbers at the ends; for classes, their names."""
    quiet = style(palette.axis)
    colors = () if ascii_only else _colors(field, palette)
    samples = [(" ", style("", color)) for color in colors] or _shades(field, palette, ascii_only)
    runs: list[Run] = [(f"{field.label} ", quiet)] if field.label else []
    if field.names:
        for number, name in enumerate(field.names):
            glyph, look = samples[number % len(samples)]
            runs += [(glyph * 2, look), (f" {name}  ", quiet)]
        return [*runs[:-1], (runs[-1][0].rstrip(), quiet)]
    if not np.isfinite(field.values).any():
        return runs
    samples = samples[:: max(1, len(samples) // _SAMPLES)] if colors else samples
    low, high = (digits(end, 3) for end in field.scale)
    if field.threshold is None:
        return [*runs, (f"{low} ", quiet), *samples, (f" {high}", quiet)]
    half = len(samples) // 2
    middle = digits(field.threshold, 3)
    return [*runs, (f"{low} ", quiet), *samples[:half], (f" {middle} ", quiet), *samples[half:], (f" {high}", quiet)]


def _shades(field: Field, palette: Palette, ascii_only: bool) -> list[Run]:
    """Return the characters of a field's levels, low to high; the sides of a threshold have their hues."""
    if field.threshold is None:
        # Digits would be taken for the marks of classes.
        shades = UNICODE_SHADES if not ascii_only else _ASCII_SIDES if field.names else ASCII_SHADES
        return [(shade, style(palette.axis, dim=True)) for shade in shades]
    hues = [palette.colors.get(role_of_class(number), "") for number in (0, 1)]
    shades = _ASCII_SIDES if ascii_only else _HUED_SIDES if any(hues) else _SIDES
    return [(shade, style(hues[2 * level >= len(shades)], dim=True)) for level, shade in enumerate(shades)]


def _colors(field: Field, palette: Palette) -> tuple[str, ...]:
    """Return the colours of a field's levels, low to high; empty if the palette has none."""
    if not palette.ground:
        return ()
    if field.names:
        return tuple(palette.regions[number % len(palette.regions)][-1] for number in range(len(field.names)))
    return palette.heights if field.threshold is None else (*palette.regions[0][::-1], *palette.regions[1])


def _levels(field: Field, heights: Vector, count: int) -> NDArray[np.int64]:
    """Return the level of each height, 0 to `count` − 1; −1 if it is not finite."""
    if field.names:
        return np.where(np.isfinite(heights), np.clip(np.nan_to_num(heights), 0, 255).astype(np.int64) % count, -1)
    shares = field.shares(heights)
    return np.where(np.isnan(shares), -1, np.clip(np.nan_to_num(shares) * count, 0, count - 1)).astype(np.int64)


def _sampled(field: Field, x: AxisLayout, y: AxisLayout, columns: int, rows: int, halves: int = 1) -> Vector:
    """Return the heights at the middles of cells: (rows from below, columns); nan outside the field.

    halves: 2 for those of the lower and upper halves of cells, (2 rows, columns).
    """
    values = np.asarray(field.values, dtype=np.float64)
    if values.ndim != 2 or not values.size:
        return np.full((rows * halves, columns), np.nan)
    across = x.value(positions_of(np.arange(columns), columns))
    # The outermost halves of cells reach past the window, which a field may fill to its ends.
    up = y.value(np.clip(positions_of(np.arange(rows * halves), rows, halves), 0, 1))
    left, right, part, known_columns = _neighbours(across, field.x_low, field.x_high, values.shape[1])
    low, high, part_up, known_rows = _neighbours(up, field.y_low, field.y_high, values.shape[0])
    if field.names:
        part, part_up = np.rint(part), np.rint(part_up)
    with np.errstate(all="ignore"):
        along = _mixed(values[:, left], values[:, right], part)
        heights = _mixed(along[low], along[high], part_up[:, None])
    return np.where(known_rows[:, None] & known_columns[None, :], heights, np.nan)


def _mixed(one: Vector, other: Vector, part: Vector) -> Vector:
    """Return values at `part` of the way from one to the other; where that is none of it, the other does not count."""
    return np.where(part == 0, one, np.where(part == 1, other, one * (1 - part) + other * part))


def _neighbours(
    at: Vector, low: float, high: float, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Vector, NDArray[np.bool_]]:
    """Return the indices of the field's values on either side of each place, how far it lies between, and if on it."""
    with np.errstate(all="ignore"):
        part = (at / 2 - low / 2) / (high / 2 - low / 2) if high != low else np.where(at == low, 0.5, np.nan)
    known = (part >= -1e-9) & (part <= 1 + 1e-9)
    places = np.clip(np.where(known, part, 0), 0, 1) * (count - 1)
    first = places.astype(np.int64)
    return first, np.minimum(first + 1, count - 1), places - first, known


@lru_cache(maxsize=1024)
def two_colors(colors: tuple[str, ...], upper: int, lower: int, beneath: int) -> Cell:
    """Return the cell with two levels, one above the other, and one beneath other content; −1 is no level."""
    above, below, ground = ("" if level < 0 else colors[level] for level in (upper, lower, beneath))
    return *half_block(above, below), style("", ground or below or above)
