"""Charts as rows of characters: the one file that imports plotext.

plotext draws frame, ticks, labels, lines and bars, each in a figure of its own, so that what stays from one update to
the next is drawn once. It is given positions from 0 to 1 of a window decided in `gdsim.charts.layout`; no value that is
not finite, and none outside the window. Its characters are put on a grid in the colours of a palette. Beneath them lie
fields, above them marks, and above the chart the legend. Within a kind later layers lie over earlier ones; the rarer a
mark, the higher.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip
from textual_plotext import Plot

from gdsim.charts.chart import Chart, Field, Role, Series, Shape
from gdsim.charts.layout import AxisLayout, layout_of
from gdsim.engine.parameters import Vector
from gdsim.tui.canvas import fitted
from gdsim.tui.fields import field_cells, line_labels
from gdsim.tui.legend import HEIGHT_FOR_NAMES, axis_names, bar_mark, legend_rows, look_of, mark_of
from gdsim.tui.palettes import MARKS, Palette, style
from gdsim.tui.polylines import Dots, Vertices, vertices
from gdsim.tui.strips import strip_of

_SMALLEST_FRAME = (16, 6)
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
_NEVER_LOST = frozenset({Role.CURRENT, Role.NEXT})
"""Shown at the edge when they lie off the window: where they went is the lesson."""
_FRAME_IN_ASCII = str.maketrans("│─└┤┬", "|-+++")
_SECOND_CELL = "\0"
"""What plotext is given for the second cell of a wide character; it counts characters, not cells."""

Place = tuple[int, int]
"""Column and row of a cell of the window, from its lower left corner."""
Ticks = tuple[tuple[float, str], ...]
"""Positions and labels."""


class _Plane(NamedTuple):
    """Where a chart is drawn: both axes, and how many cells the window has; left, below: cells of the frame.

    fine: dots a cell of a line, across and up. A mark stands in the cell of the dot that a line has there.
    """

    x: AxisLayout
    y: AxisLayout
    columns: int
    rows: int
    left: int
    below: int
    fine: tuple[int, int]


class _Drawing(NamedTuple):
    """A chart being drawn: characters and styles of its cells, the lowest row first."""

    plane: _Plane
    palette: Palette
    ascii_only: bool
    glyphs: list[list[str]]
    looks: list[list[Style]]

    def put(self, cells: Iterable[tuple[Place, str]], look: Style) -> None:
        """Write characters into cells of the window."""
        for (column, row), glyph in cells:
            self.glyphs[self.plane.below + row][self.plane.left + column] = glyph
            self.looks[self.plane.below + row][self.plane.left + column] = look


def draw_chart(chart: Chart, width: int, height: int, palette: Palette, *, ascii_only: bool = False) -> list[Strip]:
    """Return the chart as `height` strips of `width` cells each; sizes from 1 × 1 on.

    A line breaks at points that are not finite; marks off the window are left out, except the current and the next
    point, which show an arrow at the edge. Below 16 × 6 there is no frame.
    """
    legend = legend_rows(chart, width, height, palette, ascii_only)
    has_names = height >= HEIGHT_FOR_NAMES and any((chart.x.label, chart.y.label))
    drawing = _framed(chart, width, height - len(legend), has_names, palette, ascii_only)
    series = [layer for layer in chart.layers if isinstance(layer, Series)]
    for each in series:
        if each.shape is Shape.BARS:
            _draw_bars(drawing, each)
    for each in series:
        if each.shape in (Shape.LINE, Shape.ARROW):
            _draw_line(drawing, each)
    lone = _draw_marks(drawing, sorted(series, key=lambda one: (one.role in palette.strong, _is_lone_beside(one))))
    for each, cell in lone:
        _write_beside(drawing, each, cell)
    _draw_beneath(drawing, [layer for layer in chart.layers if isinstance(layer, Field)])
    return [strip_of(row, width) for row in legend] + _strips(drawing, width)


def _plane_of(chart: Chart, width: int, height: int, has_names: bool, ascii_only: bool) -> _Plane:
    """Return the plane of a chart in width × height cells."""
    fields = [layer for layer in chart.layers if isinstance(layer, Field)]
    series = [layer for layer in chart.layers if isinstance(layer, Series)]
    zero = [np.zeros(1)] if any(each.shape is Shape.BARS for each in series) else []
    xs = [_width_taken(each) for each in series] + [np.array([each.x_low, each.x_high]) for each in fields]
    ys = [each.y for each in series] + [np.array([each.y_low, each.y_high]) for each in fields] + zero
    is_framed = width >= _SMALLEST_FRAME[0] and height >= _SMALLEST_FRAME[1]
    below = 2 + has_names if is_framed else 0
    y = layout_of(chart.y, ys, height - below, is_upright=True, is_exact=bool(fields))
    left = 1 + max((len(tick.label) for tick in y.ticks), default=1) if is_framed else 0
    x = layout_of(chart.x, xs, width - left, is_exact=bool(fields))
    return _Plane(x, y, width - left, height - below, left, below, (1, 1) if ascii_only else (2, 4))


def _width_taken(series: Series) -> Vector:
    """Return x values that the window has to hold: half a step more on either side for bars."""
    if series.shape is not Shape.BARS:
        return series.x
    known = np.unique(series.x[np.isfinite(series.x)])
    if len(known) < 2:
        return known
    half = float(np.diff(known / 2).min())
    room = np.finfo(np.float64).max - half
    return np.array([max(known[0], -room) - half, min(known[-1], room) + half])


def _framed(chart: Chart, width: int, height: int, has_names: bool, palette: Palette, ascii_only: bool) -> _Drawing:
    """Return an empty drawing with the frame of a chart."""
    plane = _plane_of(chart, width, height, has_names, ascii_only)
    rows: tuple[tuple[str, ...], ...] = ((" ",) * width,) * height
    if plane.below:
        x_name, y_name = axis_names(chart, ascii_only) if has_names else ("", "")
        name = _cell_by_cell(x_name, plane.columns // 2, ascii_only)
        room = plane.left + plane.columns // 2 - len(name) // 2 - 2
        names = name, _cell_by_cell(y_name, room, ascii_only)
        rows = _frame((width, height), _ticks(plane.x, ascii_only), _ticks(plane.y, ascii_only), names, ascii_only)
    looks = [[style(palette.axis)] * width for _row in rows]
    return _Drawing(plane, palette, ascii_only, [list(row) for row in rows], looks)


def _ticks(axis: AxisLayout, ascii_only: bool) -> Ticks:
    ticks = [(tick.position, tick.label) for tick in axis.ticks] or [(0.0, " ")]
    return tuple((position, label.replace("−", "-") if ascii_only else label) for position, label in ticks)


@lru_cache(maxsize=64)
def _frame(
    size: tuple[int, int], x_ticks: Ticks, y_ticks: Ticks, names: tuple[str, str], ascii_only: bool
) -> tuple[tuple[str, ...], ...]:
    """Return the cells of both axes with ticks and numbers, and their names below them, the lowest row first."""
    figure = _figure(size)
    figure.scatter([], [])  # plotext has no axes for a figure without data
    figure.xaxes(True, False)
    figure.yaxes(True, False)
    for ticks, set_ticks in ((x_ticks, figure.xticks), (y_ticks, figure.yticks)):
        set_ticks([position for position, _label in ticks], [label for _position, label in ticks])
    if any(names):
        figure.xlabel(names[0])
        figure.ylabel(names[1])
    figure.monitor.build_plot()
    rows = figure.monitor.matrix.marker
    if ascii_only:
        rows = [[glyph.translate(_FRAME_IN_ASCII) for glyph in row] for row in rows]
    return tuple(tuple("" if glyph == _SECOND_CELL else glyph for glyph in row) for row in rows)


@lru_cache(maxsize=128)
def _plotted(
    size: tuple[int, int], xs: Vertices, ys: Vertices, mark: str, bars_from: float | None = None
) -> tuple[tuple[Place, str], ...]:
    """Return the cells of a line, or of bars from a height, in a window of `size` (columns, rows)."""
    figure = _figure(size)
    if bars_from is None:
        figure.plot(xs, ys, marker=mark)
    else:
        figure.scatter(xs, ys, marker=mark, fillx=bars_from)
    figure.monitor.build_plot()
    rows = enumerate(figure.monitor.matrix.marker)
    return tuple(((column, row), glyph) for row, line in rows for column, glyph in enumerate(line) if glyph != " ")


def _figure(size: tuple[int, int]) -> Any:
    """Return a figure without axes, of a window from 0 to 1 both ways; plotext has no types."""
    figure: Any = Plot()
    figure.monitor.set_size(list(size))
    figure.xlim(0, 1)
    figure.ylim(0, 1)
    for hide in (figure.xaxes, figure.yaxes):
        hide(False, False)
    for set_ticks in (figure.xticks, figure.yticks):
        set_ticks([], [])
    return figure


def _cell_by_cell(text: str, width: int, ascii_only: bool) -> str:
    """Return a text with as many characters as it has cells, at most `width`."""
    shown = fitted(text, width, ascii_only=ascii_only)
    return "".join(letter + _SECOND_CELL * (cell_len(letter) - 1) for letter in shown)


def _draw_bars(drawing: _Drawing, series: Series) -> None:
    """Draw bars from 0, or from the window's end nearest to it, in quarters of a cell."""
    plane = drawing.plane
    across, up = plane.x.position(series.x), plane.y.position(series.y)
    zero = 0.0 if plane.y.is_log else min(1.0, max(0.0, float(np.nan_to_num(plane.y.position(0.0)))))
    inside = (across >= 0) & (across <= 1)
    middles = np.floor(across[inside] * (plane.columns - 1) + 0.5).astype(int).tolist()
    columns = sorted(set(middles))
    nearest = min((right - left for left, right in pairwise(columns)), default=max(1, plane.columns // 2))
    half = max(0, (nearest - 2) // 2)
    fine = 2 if bar_mark(series, drawing.ascii_only) == "█" else 1
    last = max(1, fine * plane.columns - 1)
    xs, ys = [], []
    for middle, height in zip(middles, np.clip(up[inside], 0, 1).tolist(), strict=True):
        if math.isnan(height):
            continue
        begin, end = max(0, middle - half), min(plane.columns, middle + half + 1)
        dots = range(fine * begin, fine * end)
        xs += [dot / last for dot in dots]
        ys += [height] * len(dots)
    mark = bar_mark(series, drawing.ascii_only)
    if xs:
        cells = _plotted((plane.columns, plane.rows), tuple(xs), tuple(ys), "hd" if mark == "█" else mark, zero)
        drawing.put(cells, look_of(series, drawing.palette))


def _draw_line(drawing: _Drawing, series: Series) -> None:
    plane, ascii_only = drawing.plane, drawing.ascii_only
    x, y = plane.x.position(series.x), plane.y.position(series.y)
    if series.shape is Shape.ARROW:
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        x, y = x[known[[0, -1][: len(known)]]], y[known[[0, -1][: len(known)]]]
    size = plane.fine[0] * plane.columns, plane.fine[1] * plane.rows
    xs, ys = vertices(x, y, size, (1, 0) if ascii_only else MARKS[series.role].dash)
    mark = "braille" if not ascii_only else "~" if series.shape is Shape.ARROW else mark_of(series, ascii_only)
    if xs:
        drawing.put(_plotted((plane.columns, plane.rows), xs, ys, mark), look_of(series, drawing.palette))


def _draw_marks(drawing: _Drawing, series: Sequence[Series]) -> list[tuple[Series, Place]]:
    """Draw the points and the heads of arrows; return the lone labelled points with their cells.

    Single points of runs beside stand side by side where they fall on one cell, or on that of the current point.
    """
    plane, lone = drawing.plane, []
    taken = {cell for each in series if each.role in _NEVER_LOST and len(each.x) == 1 for cell in _cells(plane, each)}
    for each in series:
        if each.shape is Shape.ARROW:
            _draw_head(drawing, each)
        if each.shape is not Shape.POINTS:
            continue
        look, mark, cells = look_of(each, drawing.palette), mark_of(each, drawing.ascii_only), _cells(plane, each)
        if _is_lone_beside(each):
            cells = {_aside(cell, taken, plane.columns): direction for cell, direction in cells.items()}
            taken.update(cells)
        heads = {cell: _HEADS[way][drawing.ascii_only] for cell, way in cells.items() if way != (0, 0)}
        drawing.put(((cell, heads.get(cell, mark)) for cell in cells), look)
        lone += [(each, cell) for cell in cells if each.label and len(cells) == 1 and not each.is_circled]
    return lone


def _is_lone_beside(series: Series) -> bool:
    """Whether a series is a single point with a mark of its own: where a run beside stands, or began."""
    is_lone = series.shape is Shape.POINTS and len(series.x) == 1
    return is_lone and bool(series.mark) and series.role not in _NEVER_LOST


def _aside(cell: Place, taken: set[Place], columns: int) -> Place:
    """Return the nearest free cell of the row."""
    column, row = cell
    free = (by for by in _ASIDE if 0 <= column + by < columns and (column + by, row) not in taken)
    return column + next(free, 0), row


def _cells(plane: _Plane, series: Series) -> dict[Place, Place]:
    """Return the cells of points, each with the way off the window it lies: (0, 0) on the window."""
    across, up = plane.x.position(series.x), plane.y.position(series.y)
    finite = np.isfinite(across) & np.isfinite(up)
    # In integers first: thousands of points fall on few cells.
    columns = _cell_at(across[finite], plane.columns, plane.fine[0])
    rows = _cell_at(up[finite], plane.rows, plane.fine[1])
    found: dict[Place, Place] = {}
    for column, row in dict.fromkeys(zip(columns.tolist(), rows.tolist(), strict=True)):
        direction = (_off(column, plane.columns), _off(row, plane.rows))
        if direction == (0, 0) or series.role in _NEVER_LOST:
            found[min(max(column, 0), plane.columns - 1), min(max(row, 0), plane.rows - 1)] = direction
    return found


def _cell_at(position: Vector, cells: int, fine: int) -> Dots:
    """Return the cell of each position, 0 to 1 in the window, as plotext finds it for `fine` dots a cell."""
    return np.floor(position * (fine * cells - 1) + 0.5 + 1e-8).astype(np.int64) // fine


def _off(cell: int, size: int) -> int:
    return -1 if cell < 0 else 1 if cell >= size else 0


def _draw_head(drawing: _Drawing, series: Series) -> None:
    """Draw the head of an arrow at its last point, pointing away from its first."""
    plane = drawing.plane
    across, up = plane.x.position(series.x), plane.y.position(series.y)
    known = np.flatnonzero(np.isfinite(across) & np.isfinite(up))
    if not len(known):
        return
    right, rise = (float(each[known[-1]] - each[known[0]]) for each in (across * plane.columns, up * plane.rows))
    cell = next(iter(_cells(plane, replace(series, x=series.x[known[-1:]], y=series.y[known[-1:]]))), None)
    if cell is None:
        return
    # A cell is twice as high as wide; below half the other way, a direction does not count.
    steepness = 2 * abs(rise)
    direction = (
        0 if abs(right) < 0.5 * steepness or right == 0 else int(math.copysign(1, right)),
        0 if steepness < 0.5 * abs(right) or rise == 0 else int(math.copysign(1, rise)),
    )
    head = mark_of(series, drawing.ascii_only) if direction == (0, 0) else _HEADS[direction][drawing.ascii_only]
    drawing.put([(cell, head)], look_of(series, drawing.palette))


def _write_beside(drawing: _Drawing, series: Series, cell: Place) -> None:
    """Write the label of a lone point to the right or to the left of it, where it covers nothing."""
    plane, (column, row) = drawing.plane, cell
    text = _cell_by_cell(series.label, plane.columns, drawing.ascii_only).replace(_SECOND_CELL, "")
    width = cell_len(text)
    for start in (column + 2, column - 1 - width):
        # A space on either side keeps it clear of other marks.
        there = drawing.glyphs[plane.below + row][plane.left + start - 1 : plane.left + start + width + 1]
        if 0 < start <= plane.columns - width and all(glyph == " " for glyph in there):
            letters = [part for letter in text for part in (letter, *[""] * (cell_len(letter) - 1))]
            look = drawing.palette.of(series.role)
            drawing.put((((start + k, row), letter) for k, letter in enumerate(letters)), look)
            return


def _draw_beneath(drawing: _Drawing, fields: list[Field]) -> None:
    """Draw the last of the fields where nothing else stands, and as the ground of what does."""
    if not fields:
        return
    plane = drawing.plane
    rows = field_cells(fields[-1], plane.x, plane.y, (plane.columns, plane.rows), drawing.palette, drawing.ascii_only)
    free: set[Place] = set()
    grounds: dict[Place, Style] = {}
    for number, cells in enumerate(rows[::-1], plane.below):
        glyphs, looks = drawing.glyphs[number], drawing.looks[number]
        for column, (glyph, look, ground) in enumerate(cells, plane.left):
            if glyphs[column] == " ":
                free.add((column - plane.left, number - plane.below))
                glyphs[column], looks[column] = glyph, look
            elif ground.bgcolor:
                looks[column] = looks[column] + ground
            grounds[column - plane.left, number - plane.below] = ground
    _write_heights(drawing, fields[-1], free, grounds)


def _write_heights(drawing: _Drawing, field: Field, free: set[Place], grounds: dict[Place, Style]) -> None:
    """Write the heights of level lines on them, where only the field is; set off by blanks where it has no colours."""
    plane, quiet = drawing.plane, style(drawing.palette.colors.get(Role.NEXT, ""))
    for text, places in line_labels(field, plane.x, plane.y, (plane.columns, plane.rows)):
        shown = f" {text.replace('−', '-') if drawing.ascii_only else text} "
        around = ([(column + k, row) for k in range(-1, len(shown) - 1)] for column, row in places)
        taken = next((cells for cells in around if free.issuperset(cells)), [])
        for place, letter in zip(taken, shown, strict=False):
            if letter != " " or not grounds[place].bgcolor:
                drawing.put([(place, letter)], quiet + grounds[place])
        free.difference_update(taken)


def _strips(drawing: _Drawing, width: int) -> list[Strip]:
    strips = []
    for glyphs, looks in zip(drawing.glyphs[::-1], drawing.looks[::-1], strict=True):
        runs = groupby(zip(glyphs, looks, strict=True), key=lambda cell: cell[1])
        strips.append(strip_of([("".join(glyph for glyph, _look in cells), look) for look, cells in runs], width))
    return strips
