"""The plane of a chart: which rectangle of cells its values are drawn in, and where each value lies there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdsim.charts.chart import Chart, Field, Series, Shape
from gdsim.engine.parameters import Vector, distinct
from gdsim.tui.axes import Tick, Window, ticks, window

_SMALLEST_FRAME = (16, 6)
_SMALLEST_HEADER = 5


@dataclass(frozen=True, slots=True)
class Plane:
    """Where values lie on the canvas: the windows of both axes and the rectangle they are drawn in, in cells."""

    x: Window
    y: Window
    left: int
    top: int
    width: int
    height: int

    def across(self, values: Vector) -> Vector:
        """Return distances from the left edge, in cells; the window's ends lie mid-cell."""
        return self.x.position(values) * (self.width - 1) + 0.5

    def up(self, values: Vector) -> Vector:
        """Return distances from the lower edge, in cells."""
        return self.y.position(values) * (self.height - 1) + 0.5


def plane_of(chart: Chart, width: int, height: int, header: int = 1) -> Plane:
    """Return the plane of a chart drawn in width × height cells: what frame and `header` rows leave of them."""
    fields = [layer for layer in chart.layers if isinstance(layer, Field)]
    series = [layer for layer in chart.layers if isinstance(layer, Series)]
    has_bars = any(each.shape is Shape.BARS for each in series)
    x = window(
        chart.x, [_width_taken(each) for each in series] + [np.array([each.x_low, each.x_high]) for each in fields]
    )
    y = window(
        chart.y,
        [each.y for each in series] + [np.array([each.y_low, each.y_high]) for each in fields],
        includes_zero=has_bars,
    )
    has_header = height >= _SMALLEST_HEADER and bool(chart.y.label or any(layer.label for layer in chart.layers))
    top = header if has_header else 0
    if width < _SMALLEST_FRAME[0] or height < _SMALLEST_FRAME[1]:
        return Plane(x, y, 0, top, width, height - top)
    inner = height - top - 2
    left = max(len(tick.label) for tick in y_ticks(y, inner) or (Tick(0, ""),)) + 1
    return Plane(x, y, left, top, width - left, inner)


def _width_taken(series: Series) -> Vector:
    """Return x values that the window has to hold: half a step more on either side for bars."""
    if series.shape is not Shape.BARS:
        return series.x
    known = distinct(series.x[np.isfinite(series.x)])
    if len(known) < 2:
        return known
    half = float(np.diff(known / 2).min())
    room = np.finfo(np.float64).max - half
    return np.array([max(known[0], -room) - half, min(known[-1], room) + half])


def y_ticks(shown: Window, height: int, ascii_only: bool = False) -> tuple[Tick, ...]:
    """Return the ticks beside `height` rows, two rows or more apart."""
    return ticks(shown, max(2, min(7, (height + 1) // 2)), ascii_only=ascii_only)


def row_of(plane: Plane, position: float) -> int:
    """Return the row, from the top of the canvas, of a position on the y axis (0 at its low end, 1 at its high)."""
    return plane.top + plane.height - 1 - int(position * (plane.height - 1) + 0.5)
