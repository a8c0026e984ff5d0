"""Charts as rows of characters: the one file that draws with plotext.

plotext turns lines into braille dots, which is what it does well; a line of few vertices is drawn on the canvas: of a
walk all but the last piece is known already, and the first screen need not wait until plotext is loaded. Frame, ticks,
marks, bars, legend and the shades of a field are composed here, cell by cell: plotext's own heat map costs 12–20 ms and
would hide the path that lies over it, its legend box covers data, and its ticks are not limited to six characters.
Order of drawing: field, bars, lines, then marks, so that no line hides the point in hand; within a kind, later layers
lie over earlier ones.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from textual.strip import Strip

from gdsim.charts.chart import Chart, Field, Series, Shape
from gdsim.tui.canvas import Canvas
from gdsim.tui.frame import draw_frame, draw_header
from gdsim.tui.legend import legend_lines
from gdsim.tui.marks import draw_bars, draw_field, draw_head, draw_marks, is_lone_beside, mark_of, shifts_beside
from gdsim.tui.palettes import MARKS, Palette
from gdsim.tui.plane import Plane, plane_of
from gdsim.tui.polylines import Polyline, clipped, snapped, thinned


def draw(chart: Chart, width: int, height: int, palette: Palette, *, ascii_only: bool = False) -> list[Strip]:
    """Return the chart as `height` strips of `width` cells each; sizes from 1 × 1 on.

    A line breaks at points that are not finite; marks off the window are left out, except the current and the
    next point, which show an arrow at the edge. Below 16 × 6 there is no frame. Keeps the latest lines drawn.
    """
    canvas = Canvas(width, height)
    legend = legend_lines(chart, width, height, palette, ascii_only)
    plane = plane_of(chart, width, height, len(legend))
    if plane.top:
        draw_header(canvas, chart, legend, palette, ascii_only)
    for layer in chart.layers:
        if isinstance(layer, Field):
            draw_field(canvas, plane, layer, palette, ascii_only)
    series = [layer for layer in chart.layers if isinstance(layer, Series)]
    for each in series:
        if each.shape is Shape.BARS:
            draw_bars(canvas, plane, each, palette, ascii_only)
    _draw_lines(canvas, plane, series, palette, ascii_only)
    # The rarer a mark, the higher it lies: a scatter first, then what is in hand.
    in_order = sorted(series, key=lambda one: (one.role in palette.strong, is_lone_beside(one)))
    shifts = shifts_beside(plane, in_order)
    for each in in_order:
        if each.shape is Shape.POINTS:
            draw_marks(canvas, plane, each, palette, ascii_only, shifts.get(id(each), 0))
        elif each.shape is Shape.ARROW:
            draw_head(canvas, plane, each, palette, ascii_only)
    if plane.left:
        draw_frame(canvas, plane, chart, palette, ascii_only)
    return canvas.strips()


def _draw_lines(canvas: Canvas, plane: Plane, series: list[Series], palette: Palette, ascii_only: bool) -> None:
    """Draw all lines, later ones over earlier ones; where braille lines meet, a cell shows the dots of both."""
    for each in series:
        if each.shape not in (Shape.LINE, Shape.ARROW):
            continue
        look, line = palette.of(each.role), vertices(each, plane, ascii_only)
        places = [
            (plane.left + (x + 0.5) / 2, plane.top + plane.height - (y + 0.5) / 4)
            for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True)
        ]
        canvas.polyline(places, line.joined.tolist(), look, dash=MARKS[each.role].dash)


def _ascii_line(series: Series) -> str:
    """Return the character a line is drawn with in ASCII: an arrow's has no mark of its own, its head tells."""
    return "~" if series.shape is Shape.ARROW else mark_of(series, ascii_only=True)


def _dots_a_cell(ascii_only: bool) -> tuple[int, int]:
    return (1, 1) if ascii_only else (2, 4)


def vertices(series: Series, plane: Plane, ascii_only: bool) -> Polyline:
    """Return the vertices of a line on the dots of the plane: two by four a cell in braille, one in ASCII."""
    x, y = (np.asarray(each, dtype=np.float64).tobytes() for each in (series.x, series.y))
    return _vertices(x, y, series.shape is Shape.ARROW, plane, ascii_only)


@lru_cache(maxsize=16)
def _vertices(x_values: bytes, y_values: bytes, is_arrow: bool, plane: Plane, ascii_only: bool) -> Polyline:
    """Return the vertices of a line; a hill, and most of a chart beside, is the same at every update.

    x_values, y_values: float64 arrays as bytes.
    """
    x, y = plane.across(np.frombuffer(x_values)), plane.up(np.frombuffer(y_values))
    if is_arrow:
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        x, y = x[known[[0, -1][: len(known)]]], y[known[[0, -1][: len(known)]]]
    fine = _dots_a_cell(ascii_only)
    x, y, joined = clipped(x - 0.5, y - 0.5, plane.width - 1, plane.height - 1)
    return thinned(snapped((x + 0.5) * fine[0], (y + 0.5) * fine[1], joined))
