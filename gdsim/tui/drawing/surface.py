"""Renders a field as a surface in three dimensions: shaded half blocks with level lines, without the hidden parts.

Each screen column samples the surface from front to back. A sample is visible if it rises above all samples in front of
it; pixels that no sample reaches stay empty. This is the floating horizon method (Williamson, 1972), exact for heights.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import Chart, Field, Role, Series, Shape
from gdsim.charts.layout import digits, positions_of
from gdsim.engine.parameters import Vector
from gdsim.tui.fields import BLANK, Cell, edges, line_heights, two_colors
from gdsim.tui.palettes import ASCII_SHADES, UNICODE_SHADES, Palette, mixed, style
from gdsim.tui.polylines import between

_DEPTHS = 160
"""Samples from the front to the back."""
_HEIGHT = 1.3
"""Height of the surface, in units in which its sides are 2 long."""
_STRETCH = 3
"""Largest ratio of the horizontal to the vertical scale, to fill a low panel."""
_LIGHT = (-0.5, -0.35, 0.8)
"""Direction towards the light: from the left, the front and above."""
_LEVELS, _SHADES = 16, 12
_WALL, _LINE = 0, _SHADES - 1
"""Shades of the walls at the cut sides of the surface, and of level lines."""
_WALL_SHARE = 0.16
"""How much of the strongest colour is mixed into the ground for walls."""
_ROOM_FOR_LINES = 32
"""Least height in pixels at which level lines show more than they hide."""
_ROOM_FOR_NAMES = 10
"""Pixels of height from which there is a row for names below the surface."""
_SLACK = 3
"""Number of samples directly in front of a mark that do not hide it, since it lies on them."""


class _Sight(NamedTuple):
    """A projection of the square −1 to 1, with heights 0 to 1, to pixels across and up and depth away from the eye."""

    turn: float
    tilt: float
    columns: int
    rows: int
    is_shaded: bool

    @property
    def below(self) -> int:
        """Rows left free below the surface: one of cells, for the name of the corner in front."""
        return (1 + self.is_shaded) * (self.rows > _ROOM_FOR_NAMES)

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels per unit, across and up: as many as fit at any turn, with limited stretching."""
        across = (self.columns - 1) / (2 * np.sqrt(2))
        up = (self.rows - 1 - self.below) / (2 * np.sqrt(2) * np.sin(self.tilt) + _HEIGHT * np.cos(self.tilt))
        most = _STRETCH if self.is_shaded else 2 * _STRETCH
        return float(min(across, most * up)), float(min(up, 2 * across))

    def rotated(self, x: Vector, y: Vector, sign: int = 1) -> tuple[Vector, Vector]:
        """Return points rotated about the middle by the turn, or by −turn for sign −1."""
        cos, sin = np.cos(self.turn), sign * np.sin(self.turn)
        return x * cos - y * sin, x * sin + y * cos

    def seen(self, x: Vector, y: Vector, height: Vector) -> tuple[Vector, Vector, Vector]:
        """Return column, row from below, and depth of points from −1 to 1 at heights from 0 to 1."""
        across, depth = self.rotated(x, y)
        return (self.columns - 1) / 2 + across * self.scale[0], self.raised(depth, height), depth

    def raised(self, depth: Vector, height: Vector) -> Vector:
        """Return the row from below at a depth and a height."""
        up = depth * np.sin(self.tilt) + (height - 0.5) * _HEIGHT * np.cos(self.tilt)
        return np.asarray((self.rows - 1 + self.below) / 2 + up * self.scale[1])


class Surface(NamedTuple):
    """The visible surface: for each pixel (rows from below, columns) the level of its height (−1: empty) and its shade.

    heights: (rows, columns) from 0 to 1; horizon: (depths, columns), the row up to which the surface hides what lies
    behind.
    """

    field: Field
    sight: _Sight
    heights: Vector
    levels: NDArray[np.int64]
    shades: NDArray[np.int64]
    horizon: Vector

    def positions(self, series: Series) -> tuple[Vector, Vector]:
        """Return where the points of a series appear, 0 to 1 across and up; nan where the surface hides them.

        A line gets additional points, so that it follows the ground.
        """
        field, sight = self.field, self.sight
        x = 2 * (series.x - field.x_low) / (field.x_high - field.x_low) - 1
        y = 2 * (series.y - field.y_low) / (field.y_high - field.y_low) - 1
        if series.shape is not Shape.POINTS and len(x) > 1:
            x, y = between(x, y, 4 * sight.columns)
        heights = _sampled(self.heights, x, y)
        known = np.isfinite(heights)
        across, up, depths = sight.seen(*(np.where(known, each, 0.0) for each in (x, y, heights)))
        columns = np.clip(np.rint(across).astype(int), 0, sight.columns - 1)
        before = ((depths / np.sqrt(2) + 1) / 2 * (_DEPTHS - 1)).astype(int) - _SLACK
        is_seen = known & ((before < 0) | (self.horizon[np.maximum(before, 0), columns] <= np.rint(up) + 1))
        pixels = 1 + sight.is_shaded
        places = positions_of(across, sight.columns), positions_of(up, sight.rows // pixels, pixels)
        return np.where(is_seen, places[0], np.nan), np.where(is_seen, places[1], np.nan)


def surface_of(field: Field, angles: tuple[int, int], size: tuple[int, int], is_shaded: bool) -> Surface:
    """Return the view of a field at these angles (turn, tilt, in degrees) in `size` cells: columns, rows.

    is_shaded: two pixels per cell, one above the other; else one.
    """
    turn, tilt = np.radians(angles)
    sight = _Sight(turn, tilt, size[0], size[1] * (2 if is_shaded else 1), is_shaded)
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
    # Index of the first sample that rises to each pixel; _DEPTHS if there is none.
    first = np.stack([np.searchsorted(horizon[:, k], rows) for k in range(sight.columns)], axis=1)
    front = known.argmax(axis=0)
    base = sight.raised(depth[front], np.zeros(len(front)))
    is_wall = (first <= front) & known.any(axis=0) & (rows[:, np.newaxis] < up[front, np.arange(sight.columns)] - 0.5)
    is_seen = (first < _DEPTHS) & (~is_wall | (rows[:, np.newaxis] >= base))
    at = np.minimum(first, _DEPTHS - 1), np.arange(sight.columns)[np.newaxis, :]
    shares = np.nan_to_num(field.shares(field.values))
    x, y = x[at], y[at]
    levels = np.nan_to_num(_sampled(shares, x, y) * (_LEVELS - 1)).astype(np.int64)
    finite = np.where(np.isfinite(field.values), field.values, np.nan)
    bands = np.searchsorted(line_heights(field), _sampled(finite, x, y))
    lines = edges(bands) & ~edges(is_seen) & (sight.rows >= _ROOM_FOR_LINES)
    shades = np.where(is_wall, _WALL, _shades(heights, sight, x, y, lines))
    return Surface(field, sight, heights, np.where(is_seen, levels, -1), shades, horizon)


def _from_0_to_1(values: Vector) -> Vector:
    known = values[np.isfinite(values)]
    if not known.size or known.max() == known.min():
        return np.where(np.isfinite(values), 0.5, np.nan)
    low, high = float(known.min()), float(known.max())
    with np.errstate(all="ignore"):
        return np.asarray((values / 2 - low / 2) / (high / 2 - low / 2)) * np.where(np.isfinite(values), 1, np.nan)


def _sampled(values: Vector, x: Vector, y: Vector) -> Vector:
    """Interpolate values (rows of y, columns of x), given over −1 to 1, at points x, y; nan outside the square."""
    rows, columns = values.shape
    across, up = (x + 1) / 2 * (columns - 1), (y + 1) / 2 * (rows - 1)
    inside = (np.abs(x) <= 1) & (np.abs(y) <= 1)
    places = np.nan_to_num(across), np.nan_to_num(up)
    column, row = (
        np.clip(each, 0, most).astype(int) for each, most in zip(places, (columns - 2, rows - 2), strict=True)
    )
    right, above = across - column, up - row
    low = values[row, column] * (1 - right) + values[row, column + 1] * right
    high = values[row + 1, column] * (1 - right) + values[row + 1, column + 1] * right
    return np.where(inside, low * (1 - above) + high * above, np.nan)


def _shades(
    heights: Vector, sight: _Sight, x: Vector, y: Vector, is_level_line: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the brightness of each point, 3 to 10; 11 on level lines."""
    step_y, step_x = (2 / (count - 1) for count in heights.shape)
    rises = np.gradient(np.nan_to_num(heights) * _HEIGHT, step_y, step_x)
    slope_y, slope_x = (np.nan_to_num(_sampled(np.asarray(rise), x, y)) for rise in rises)
    left, front = sight.rotated(np.array([_LIGHT[0]]), np.array([_LIGHT[1]]), sign=-1)
    light = (_LIGHT[2] - left * slope_x - front * slope_y) / np.sqrt(1 + slope_x**2 + slope_y**2)
    shades = np.clip(light * _SHADES, 3, _LINE - 1).astype(np.int64)
    return np.where(is_level_line, _LINE, shades)


def surface_cells(surface: Surface, palette: Palette, ascii_only: bool) -> list[list[Cell]]:
    """Return the cells of a surface, top row first: coloured, or in the characters that its legend explains."""
    if palette.ground and not ascii_only:
        return _colored(surface, palette)
    shades, look = ASCII_SHADES if ascii_only else UNICODE_SHADES, style(palette.axis, dim=True)
    walls = ("|" if ascii_only else "│", " ", " ")
    rows = []
    for levels, lights in zip(surface.levels[::-1].tolist(), surface.shades[::-1].tolist(), strict=True):
        glyphs = (
            " " if level < 0 else walls[column % 3] if light == _WALL else shades[level * len(shades) // _LEVELS]
            for column, (level, light) in enumerate(zip(levels, lights, strict=True))
        )
        rows.append([BLANK if glyph == " " else (glyph, look, style()) for glyph in glyphs])
    return rows


def _colored(surface: Surface, palette: Palette) -> list[list[Cell]]:
    """Return cells of two pixels each."""
    colors = _lit(palette.heights, palette.ground, palette.colors[Role.NEXT], palette.level_line, palette.relief)
    levels = np.where(surface.levels < 0, -1, surface.levels * _SHADES)
    pixels, plain = (np.where(levels < 0, -1, levels + shades) for shades in (surface.shades, _unlined(surface.shades)))
    halves = np.stack([pixels[1::2], pixels[::2], plain[::2]], axis=-1)[::-1]
    return [[two_colors(colors, *cell) for cell in row] for row in halves.tolist()]


def _unlined(shades: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the shades without level lines."""
    return np.minimum(shades, _LINE - 1)


@lru_cache(maxsize=8)
def _lit(heights: tuple[str, ...], ground: str, ink: str, level_line: str, relief: float) -> tuple[str, ...]:
    """Return the colour of each level in each shade.

    Light and shadow are mixed from the ground alone, which marks stand out from: shadow on a dark one, light on a pale
    one. Walls are a little off the ground.
    """
    found = []
    for level in range(_LEVELS):
        own = heights[level * len(heights) // _LEVELS]
        for shade in range(_SHADES):
            lit = shade / (_LINE - 1)
            found.append(mixed(own, ground, relief * (lit if ground > ink else 1 - lit)))
        found[-_SHADES], found[-1] = mixed(ground, ink, _WALL_SHARE), level_line
    return tuple(found)


def corner_names(surface: Surface, chart: Chart) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield the front corner's coordinates, the names of the axes, and the corners beside it, with their positions."""
    x, y = np.array([-1.0, 1.0, 1.0, -1.0]), np.array([-1.0, -1.0, 1.0, 1.0])
    field, sight = surface.field, surface.sight
    columns, rows, depths = sight.seen(x, y, np.zeros(4))
    places = np.stack([columns / sight.columns, rows / sight.rows], axis=1)
    front = int(np.argmin(depths))
    beside = ((front + 1) % 4, (front - 1) % 4)
    corners = []
    for corner in (front, *beside):
        across = field.x_low if x[corner] < 0 else field.x_high
        up = field.y_low if y[corner] < 0 else field.y_high
        corners.append((f"({digits(across, 3)}, {digits(up, 3)})", _pair(places[corner])))
    yield corners[0]
    for other in beside:
        yield chart.x.label if y[other] == y[front] else chart.y.label, _pair((places[front] + places[other]) / 2)
    yield from corners[1:]


def _pair(place: Vector) -> tuple[float, float]:
    return float(place[0]), float(place[1])
