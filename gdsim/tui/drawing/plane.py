"""The plane of a chart: its window in cells, and the cells in which points lie."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gdsim.charts.chart import Chart, Field, Role, Series, Shape, role_of_class
from gdsim.charts.layout import AxisLayout, dots_at, hull, layout_of
from gdsim.engine.parameters import Vector
from gdsim.tui.drawing.surface import Surface, surface_of
from gdsim.tui.legend import BESIDE, RunMark
from gdsim.tui.palettes import Palette
from gdsim.tui.plotting import Layer, Place
from gdsim.tui.polylines import between, clipped

_SMALLEST_FRAME = (16, 6)
_SMALLEST_SURFACE = 5
NEVER_LOST = frozenset({Role.CURRENT, Role.NEXT})
"""Roles shown at the edge when they lie outside the window: where they went is the lesson."""
_MAY_LEAVE = frozenset({Role.BEFORE, Role.BOUNDARY, Role.MARGIN, Role.TANGENT})
FEW = 40
"""Most samples of which each has a cell of its own."""
_SAMPLES = frozenset(map(role_of_class, range(4)))


class Plane(NamedTuple):
    """Where a chart is drawn: both axes, and the window's size in cells; left, below: cells of the frame.

    fine: dots of a line per cell, across and up.
    surface: what the series lie on if heights are seen from the side; the window then has no axes.
    """

    x: AxisLayout
    y: AxisLayout
    columns: int
    rows: int
    left: int
    below: int
    fine: tuple[int, int]
    surface: Surface | None = None

    def positions(self, series: Series) -> tuple[Vector, Vector]:
        """Return positions of a series' points, 0 to 1 in the window: across and up, (points,); nan: not shown."""
        if self.surface is not None:
            return self.surface.positions(series)
        return self.x.position(series.x), self.y.position(series.y)

    def cells(self, across: Vector, up: Vector) -> list[Place]:
        """Return the cells, without repeats, in which these positions lie."""
        columns, rows = dots_at(across, self.columns), dots_at(up, self.rows)
        # Plain integers: thousands of points fall on few cells.
        return list(dict.fromkeys(zip(columns.tolist(), rows.tolist(), strict=True)))

    def cells_along(self, line: Layer) -> list[Place]:
        """Return the cells, without repeats, in which plotext draws a line."""
        x, y = (np.array(each, dtype=np.float64) for each in (line.x, line.y))
        x, y = between(x, y, 2 * self.columns)
        known = np.isfinite(x) & np.isfinite(y)
        columns, rows = (
            ((each[known] * (dots * cells - 1) + 1e-8) // dots).astype(int).tolist()
            for each, dots, cells in zip((x, y), self.fine, (self.columns, self.rows), strict=True)
        )
        return list(dict.fromkeys(zip(columns, rows, strict=True)))

    def at(self, cells: Iterable[Place], mark: str = "", text: str = "") -> Layer:
        """Return a layer of marks, or of a text, at these cells."""
        across, up = max(1, self.columns - 1), max(1, self.rows - 1)
        places = [(column / across, row / up) for column, row in cells]
        return Layer(tuple(x for x, _y in places), tuple(y for _x, y in places), mark, text=text)


def plane_of(chart: Chart, width: int, height: int, has_names: bool, palette: Palette, ascii_only: bool) -> Plane:
    """Return the plane of a chart in width × height cells.

    For heights seen from the side it has no axes, and no surface if there is no room.
    """
    fields = [layer for layer in chart.layers if isinstance(layer, Field)]
    series = [layer for layer in chart.layers if isinstance(layer, Series)]
    fine = (1, 1) if ascii_only else (2, 4)
    if chart.angles is not None:
        surface, nowhere = None, AxisLayout(2.0, 3.0)
        if fields and min(width, height) >= _SMALLEST_SURFACE:
            surface = surface_of(fields[-1], chart.angles, (width, height), bool(palette.ground) and not ascii_only)
        return Plane(nowhere, nowhere, width, height, 0, 0, fine, surface)
    zero = [np.zeros(1)] if any(each.shape is Shape.BARS for each in series) else []
    xs = [_width_taken(each) for each in series] + [np.array([each.x_low, each.x_high]) for each in fields]
    ys = [each.y for each in series] + [np.array([each.y_low, each.y_high]) for each in fields] + zero
    is_framed = width >= _SMALLEST_FRAME[0] and height >= _SMALLEST_FRAME[1]
    below = 2 + has_names if is_framed else 0
    across = hull([each.x_low for each in fields], [each.x_high for each in fields])
    up = hull([each.y_low for each in fields], [each.y_high for each in fields])
    y = layout_of(chart.y, ys, height - below, is_upright=True, limits=up)
    left = 1 + max((len(tick.label) for tick in y.ticks), default=1) if is_framed else 0
    x = layout_of(chart.x, xs, width - left, limits=across)
    return Plane(x, y, width - left, height - below, left, below, fine)


def _width_taken(series: Series) -> Vector:
    """Return the x values the window has to hold; for bars, half a step more on either side."""
    if series.shape is not Shape.BARS:
        return series.x
    known = np.unique(series.x[np.isfinite(series.x)])
    if len(known) < 2:
        return known
    half = float(np.diff(known / 2).min())
    room = np.finfo(np.float64).max - half
    return np.array([max(known[0], -room) - half, min(known[-1], room) + half])


def off_window(plane: Plane, series: Iterable[Series]) -> frozenset[RunMark]:
    """Return the runs beside, and the lines that may leave the window, of which nothing lies in it.

    Empty for a surface.
    """
    runs = {
        (each.role, each.mark): False
        for each in series
        if (each.mark and each.role in BESIDE) or each.role in _MAY_LEAVE
    }
    if plane.surface is not None:
        return frozenset()
    for each in series:
        if runs.get((each.role, each.mark)) is False:
            runs[each.role, each.mark] = bool(len(clipped(*plane.positions(each))[0]))
    return frozenset(run for run, is_on_view in runs.items() if not is_on_view)


def cells_of(plane: Plane, series: Series) -> dict[Place, Place]:
    """Return the cells of points, or of an arrow's head, each with the direction it points: (0, 0) for a plain mark.

    Points outside the window are left out, except roles never lost: these become arrows at the edge towards the point.
    An arrow that leaves the window ends in its head there.
    """
    across, up = plane.positions(series)
    known = np.flatnonzero(np.isfinite(across) & np.isfinite(up))
    heading = (0, 0)
    if series.shape is Shape.ARROW and known.size:
        heading = _heading(*((each[known[-1]] - each[known[0]]) for each in (across * plane.columns, up * plane.rows)))
        across, up, _joined = clipped(across[known[[0, -1]]], up[known[[0, -1]]])
        known = np.arange(len(across))[-1:]
    found: dict[Place, Place] = {}
    for column, row in plane.cells(across[known], up[known]):
        off = (_off(column, plane.columns), _off(row, plane.rows))
        if off == (0, 0) or series.role in NEVER_LOST:
            place = min(max(column, 0), plane.columns - 1), min(max(row, 0), plane.rows - 1)
            found[place] = heading if off == (0, 0) else off
    return found


def own_cells(plane: Plane, series: Sequence[Series]) -> list[dict[Place, Place]]:
    """Return the cells of each series; of few samples none hides another, but moves to the nearest free cell.

    The current point covers its own sample alone.
    """
    placed = [cells_of(plane, each) for each in series]
    if sum(len(each.x) for each in series if _is_sample(each)) > FEW:
        return placed
    pairs = zip(series, placed, strict=True)
    current = {cell: (each.x[0], each.y[0]) for each, cells in pairs if each.role is Role.CURRENT for cell in cells}
    taken = set(current)
    for number, each in enumerate(series):
        if _is_sample(each):
            placed[number] = dict.fromkeys(_apart(plane, each, current, taken), (0, 0))
    return placed


def _apart(
    plane: Plane, series: Series, current: Mapping[Place, tuple[float, float]], taken: set[Place]
) -> Iterator[Place]:
    """Yield a cell for each sample in the window, and add it to those taken."""
    positions = np.clip(np.nan_to_num(np.stack(plane.positions(series), axis=-1), nan=-1), -1, 2)
    columns, rows = dots_at(positions[:, 0], plane.columns).tolist(), dots_at(positions[:, 1], plane.rows).tolist()
    for x, y, position, cell in zip(series.x, series.y, positions, zip(columns, rows, strict=True), strict=True):
        if not _off(cell[0], plane.columns) and not _off(cell[1], plane.rows):
            is_free = cell not in taken or current.get(cell) == (x, y)
            place = cell if is_free else nearest_free(plane, position, taken)
            taken.add(place)
            yield place


def _is_sample(series: Series) -> bool:
    return series.role in _SAMPLES and series.shape is Shape.POINTS


def nearest_free(plane: Plane, position: Vector, taken: Collection[Place]) -> Place:
    """Return the cell nearest to a position (across, up), of its own and those around it, that no mark takes.

    Its own if all are taken.
    """
    x, y = position[0] * (plane.columns - 1), position[1] * (plane.rows - 1)
    (cell,) = plane.cells(position[:1], position[1:])
    columns = range(max(0, cell[0] - 1), min(cell[0] + 2, plane.columns))
    rows = range(max(0, cell[1] - 1), min(cell[1] + 2, plane.rows))
    free = [(column, row) for column in columns for row in rows if (column, row) not in taken]
    # A cell is twice as high as wide.
    return min(free, key=lambda place: math.hypot(place[0] - x, 2 * (place[1] - y)), default=cell)


def _off(cell: int, size: int) -> int:
    return -1 if cell < 0 else 1 if cell >= size else 0


def _heading(right: float, rise: float) -> Place:
    """Return the nearest of eight directions; (0, 0) for no movement."""
    # A cell is twice as high as wide; a component less than half the other one does not count.
    steepness = 2 * abs(rise)
    return (
        0 if abs(right) < 0.5 * steepness or right == 0 else int(math.copysign(1, right)),
        0 if steepness < 0.5 * abs(right) or rise == 0 else int(math.copysign(1, rise)),
    )
