"""A field as a surface in three dimensions: a shaded mesh in half blocks, hidden parts hidden, walks lying on it.

The surface is sampled in columns of the screen, from the front to the back. A sample that rises above all before it is
seen; where none rises to a pixel, nothing is. This is the floating horizon (Williamson, 1972), exact for heights.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from gdsim.charts.chart import Chart, Field, Role, Series, Shape
from gdsim.charts.layout import digits
from gdsim.engine.parameters import Vector
from gdsim.tui.canvas import Canvas
from gdsim.tui.legend import legend_rows, look_of, mark_of
from gdsim.tui.palettes import ASCII_SHADES, UNICODE_SHADES, half_block, mixed, style

_DEPTHS = 160
"""Samples from the front to the back."""
_HEIGHT = 1.1
"""How high the surface is, where its sides are 2 long."""
_LINES = 8
"""Fields of the mesh along a side."""
_LIGHT = (-0.5, -0.35, 0.8)
"""Where light comes from: left, front, above."""
_LEVELS, _SHADES = 16, 12
_WALL = 0
"""Shade of the sides the surface is cut out by."""
_SLACK = 3
"""Samples in front of a mark that do not hide it: those it lies on."""
_NAME, _LEAST = 12, 5

Drawn = tuple[Series, list[tuple[int, int]]]
"""A series, and column and row from below of its pixels."""


class _Sight(NamedTuple):
    """How places of the unit square and heights from 0 to 1 are seen: pixels across and up, depth away from the eye."""

    turn: float
    tilt: float
    columns: int
    rows: int

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels a unit takes across and up: all there is room for at any turn, at most twice as wide as high."""
        across = (self.columns - 1) / (2 * np.sqrt(2))
        up = (self.rows - 1) / (2 * np.sqrt(2) * np.sin(self.tilt) + _HEIGHT * np.cos(self.tilt))
        return float(min(across, 2 * up)), float(min(up, 2 * across))

    def rotated(self, x: Vector, y: Vector, sign: int = 1) -> tuple[Vector, Vector]:
        """Return places turned about the middle, by −turn for sign −1."""
        cos, sin = np.cos(self.turn), sign * np.sin(self.turn)
        return x * cos - y * sin, x * sin + y * cos

    def seen(self, x: Vector, y: Vector, height: Vector) -> tuple[Vector, Vector, Vector]:
        """Return column, row from below and depth of places from −1 to 1 at heights from 0 to 1."""
        across, depth = self.rotated(x, y)
        return (self.columns - 1) / 2 + across * self.scale[0], self.raised(depth, height), depth

    def raised(self, depth: Vector, height: Vector) -> Vector:
        """Return the row from below of a depth and a height."""
        up = depth * np.sin(self.tilt) + (height - 0.5) * _HEIGHT * np.cos(self.tilt)
        return np.asarray((self.rows - 1) / 2 + up * self.scale[1])


class _Surface(NamedTuple):
    """What is seen: for each pixel (rows from below, columns) the level of its height and its shade; −1 where nothing.

    heights: (rows, columns) from 0 to 1; horizon: (depths, columns), the row up to which the surface hides what is
    behind.
    """

    sight: _Sight
    heights: Vector
    levels: NDArray[np.int64]
    shades: NDArray[np.int64]
    horizon: Vector


def put_surface(canvas: Canvas, chart: Chart) -> None:
    """Draw the last field of a chart as a surface at the chart's angles, with its series on it, below a legend."""
    fields = [layer for layer in chart.layers if isinstance(layer, Field)]
    if not fields or chart.angles is None:
        return
    legend = legend_rows(chart, canvas.width, canvas.height, canvas.palette, canvas.ascii_only)
    for row, runs in enumerate(legend):
        column = 0
        for text, look in runs:
            canvas.text(column, row, text, look)
            column += cell_len(text)
    canvas = canvas.part(0, len(legend), canvas.width, canvas.height - len(legend))
    if canvas.width < _LEAST or canvas.height < _LEAST:
        return
    is_shaded = bool(canvas.palette.ground) and not canvas.ascii_only
    turn, tilt = np.radians(chart.angles)
    sight = _Sight(turn, tilt, canvas.width, 2 * canvas.height if is_shaded else canvas.height)
    surface = _surface(fields[-1], sight)
    series = [layer for layer in chart.layers if isinstance(layer, Series)]
    lines = [(each, _pixels(surface, fields[-1], each)) for each in series if each.shape is not Shape.POINTS]
    marks = [(each, _pixels(surface, fields[-1], each)) for each in series if each.shape is Shape.POINTS]
    marks.sort(key=lambda mark: mark[0].role in canvas.palette.strong)
    if is_shaded:
        _put_colors(canvas, surface, lines, marks)
    else:
        _put_ink(canvas, surface, [*lines, *marks])
    _put_names(canvas, sight, fields[-1], chart)


def _surface(field: Field, sight: _Sight) -> _Surface:
    heights = _from_0_to_1(field.values)
    across = (np.arange(sight.columns) - (sight.columns - 1) / 2) / sight.scale[0]
    depth = np.linspace(-np.sqrt(2), np.sqrt(2), _DEPTHS)
    u, v = np.meshgrid(across, depth)
    x, y = sight.rotated(u, v, sign=-1)
    sampled = _sampled(heights, x, y)
    known = np.isfinite(sampled)
    up = np.where(known, sight.raised(depth[:, np.newaxis], np.nan_to_num(sampled)), -np.inf)
    horizon = np.maximum.accumulate(up, axis=0)
    rows = np.arange(sight.rows)
    # The first sample that rises to each pixel; there is none where the number is _DEPTHS.
    first = np.stack([np.searchsorted(horizon[:, k], rows) for k in range(sight.columns)], axis=1)
    front = known.argmax(axis=0)
    base = sight.raised(depth[front], np.zeros(len(front)))
    is_wall = (first <= front) & known.any(axis=0) & (rows[:, np.newaxis] < up[front, np.arange(sight.columns)] - 0.5)
    is_seen = (first < _DEPTHS) & (~is_wall | (rows[:, np.newaxis] >= base))
    at = np.minimum(first, _DEPTHS - 1), np.arange(sight.columns)[np.newaxis, :]
    shares = np.nan_to_num(field.shares(field.values))
    levels = np.nan_to_num(_sampled(shares, x, y)[at] * (_LEVELS - 1)).astype(np.int64)
    shades = np.where(is_wall, _WALL, _shades(heights, sight, x[at], y[at]))
    return _Surface(sight, heights, np.where(is_seen, levels, -1), shades, horizon)


def _from_0_to_1(values: Vector) -> Vector:
    known = values[np.isfinite(values)]
    if not known.size or known.max() == known.min():
        return np.where(np.isfinite(values), 0.5, np.nan)
    low, high = float(known.min()), float(known.max())
    with np.errstate(all="ignore"):
        return np.asarray((values / 2 - low / 2) / (high / 2 - low / 2)) * np.where(np.isfinite(values), 1, np.nan)


def _sampled(values: Vector, x: Vector, y: Vector) -> Vector:
    """Return values (rows of y, columns of x) over −1 to 1 at places between them; nan off the square."""
    rows, columns = values.shape
    across, up = (x + 1) / 2 * (columns - 1), (y + 1) / 2 * (rows - 1)
    inside = (np.abs(x) <= 1) & (np.abs(y) <= 1)
    column, row = (np.clip(each.astype(np.int64), 0, most) for each, most in ((across, columns - 2), (up, rows - 2)))
    right, above = across - column, up - row
    low = values[row, column] * (1 - right) + values[row, column + 1] * right
    high = values[row + 1, column] * (1 - right) + values[row + 1, column + 1] * right
    return np.where(inside, low * (1 - above) + high * above, np.nan)


def _shades(heights: Vector, sight: _Sight, x: Vector, y: Vector) -> NDArray[np.int64]:
    """Return how light each place is, 1 to 11; the lines of the mesh darker."""
    step_y, step_x = (2 / (count - 1) for count in heights.shape)
    rises = np.gradient(np.nan_to_num(heights) * _HEIGHT, step_y, step_x)
    slope_y, slope_x = (np.nan_to_num(_sampled(np.asarray(rise), x, y)) for rise in rises)
    left, front = sight.rotated(np.array([_LIGHT[0]]), np.array([_LIGHT[1]]), sign=-1)
    light = (_LIGHT[2] - left * slope_x - front * slope_y) / np.sqrt(1 + slope_x**2 + slope_y**2)
    shades = np.clip(light * _SHADES, 3, _SHADES - 1).astype(np.int64)
    fields = [np.floor((each + 1) / 2 * _LINES) for each in (x, y)]
    on_line = sum((np.diff(each, axis=axis, prepend=np.nan) != 0) for each in fields for axis in (0, 1)) > 0
    return np.where(on_line, shades - 2, shades)


def _put_colors(canvas: Canvas, surface: _Surface, lines: list[Drawn], marks: list[Drawn]) -> None:
    """Draw two pixels a cell: the surface and the lines on it; marks are characters over the colour there."""
    palette = canvas.palette
    dark, light = sorted((palette.ground, palette.colors[Role.NEXT]))
    colors = (*_ramp(palette.heights, dark, light), "")
    shown = np.where(surface.levels < 0, -1, surface.levels * _SHADES + surface.shades).tolist()
    pixels = [[colors[each] for each in row] for row in shown]
    for series, places in lines:
        for column, row in places:
            pixels[row][column] = palette.colors[series.role]
    for row, (lower, upper) in enumerate(zip(pixels[::2], pixels[1::2], strict=True), 1):
        for column, (above, below) in enumerate(zip(upper, lower, strict=True)):
            if above or below:
                canvas.put(column, canvas.height - row, *half_block(above, below))
    for series, places in marks:
        look, glyph = look_of(series, palette), mark_of(series, canvas.ascii_only)
        for column, row in places:
            ground = style("", colors[shown[row][column]])
            canvas.put(column, canvas.height - 1 - row // 2, glyph, look + ground)


@lru_cache(maxsize=8)
def _ramp(heights: tuple[str, ...], dark: str, light: str) -> tuple[str, ...]:
    """Return the colour of each level in each shade: from dark over its own to light."""
    found = []
    for level in range(_LEVELS):
        place = level / (_LEVELS - 1) * (len(heights) - 1)
        pair = min(int(place), len(heights) - 2)
        own = mixed(heights[pair], heights[pair + 1], place - pair)
        for shade in range(_SHADES):
            part = 2 * shade / (_SHADES - 1) - 1
            found.append(mixed(own, light if part > 0 else dark, abs(part) * (0.45 if part > 0 else 0.65)))
    return tuple(found)


def _put_ink(canvas: Canvas, surface: _Surface, drawn: list[Drawn]) -> None:
    """Draw the surface in the shades its legend explains, its sides in bars, and its series in their marks."""
    shades, look = canvas.one_of(UNICODE_SHADES.replace(" ", "·"), ASCII_SHADES), style(canvas.palette.axis, dim=True)
    for row, column in np.argwhere(surface.levels >= 0).tolist():
        shade = shades[int(surface.levels[row, column]) * len(shades) // _LEVELS]
        is_wall = surface.shades[row, column] == _WALL
        canvas.put(column, canvas.height - 1 - row, canvas.one_of("│", "|") if is_wall else shade, look)
    for series, places in drawn:
        for column, row in places:
            canvas.put(
                column, canvas.height - 1 - row, mark_of(series, canvas.ascii_only), look_of(series, canvas.palette)
            )


def _pixels(surface: _Surface, field: Field, series: Series) -> list[tuple[int, int]]:
    """Return column and row from below of every pixel of a series that the surface does not hide."""
    sight = surface.sight
    x = 2 * (series.x - field.x_low) / (field.x_high - field.x_low) - 1
    y = 2 * (series.y - field.y_low) / (field.y_high - field.y_low) - 1
    if series.shape is not Shape.POINTS and len(x) > 1:
        x, y = _between(x, y, 4 * sight.columns)
    heights = _sampled(surface.heights, x, y)
    known = np.isfinite(heights)
    across, up, depths = sight.seen(x[known], y[known], heights[known])
    columns, rows = np.rint(across).astype(int), np.rint(up).astype(int)
    before = ((depths / np.sqrt(2) + 1) / 2 * (_DEPTHS - 1)).astype(int) - _SLACK
    is_seen = (before < 0) | (surface.horizon[np.maximum(before, 0), columns] <= rows + 1)
    is_seen &= (rows >= 0) & (rows < sight.rows)
    return list(dict.fromkeys(zip(columns[is_seen].tolist(), rows[is_seen].tolist(), strict=True)))


def _between(x: Vector, y: Vector, count: int) -> tuple[Vector, Vector]:
    """Return about `count` points along a line, so that no pixel of it is left out."""
    length = np.r_[0.0, np.nancumsum(np.hypot(np.diff(x), np.diff(y)))]
    places = np.unique(np.r_[np.linspace(0, length[-1], count), length])
    return np.interp(places, length, x), np.interp(places, length, y)


def _put_names(canvas: Canvas, sight: _Sight, field: Field, chart: Chart) -> None:
    """Write the coordinates of the corners in front, and the names of the axes along the edges between them."""
    x, y = np.array([-1.0, 1.0, 1.0, -1.0]), np.array([-1.0, -1.0, 1.0, 1.0])
    columns, rows, depths = sight.seen(x, y, np.zeros(4))
    places = np.stack([columns, rows * canvas.height / sight.rows], axis=1)
    front = int(np.argmin(depths))
    for corner in (front, (front + 1) % 4, (front - 1) % 4):
        across = field.x_low if x[corner] < 0 else field.x_high
        up = field.y_low if y[corner] < 0 else field.y_high
        _put_below(canvas, canvas.fitted(f"({digits(across, 3)}, {digits(up, 3)})", 24), places[corner])
    for other in ((front + 1) % 4, (front - 1) % 4):
        name = chart.x.label if y[other] == y[front] else chart.y.label
        _put_below(canvas, canvas.fitted(name, _NAME), (places[front] + places[other]) / 2)


def _put_below(canvas: Canvas, text: str, place: Vector) -> None:
    """Write a text below a place (column, row from below), where first there is room."""
    width = cell_len(text)
    column = max(0, min(round(float(place[0]) - width / 2), canvas.width - width))
    for row in range(max(0, canvas.height - 1 - int(place[1])), canvas.height):
        if canvas.is_blank(column - 1, row, width + 2):
            canvas.text(column, row, text, style(canvas.palette.axis))
            return
