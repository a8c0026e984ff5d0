"""What surrounds a chart: the frame with its ticks, the axis labels and the legend."""

from __future__ import annotations

from rich.cells import cell_len

from gdsim.charts.chart import Chart
from gdsim.tui.axes import LABEL_WIDTH, ticks
from gdsim.tui.canvas import Canvas, fitted
from gdsim.tui.legend import Entry, draw_legend
from gdsim.tui.palettes import Palette, style
from gdsim.tui.plane import Plane, row_of, y_ticks


def draw_frame(canvas: Canvas, plane: Plane, chart: Chart, palette: Palette, ascii_only: bool) -> None:
    """Draw both axes with ticks and numbers; the x label lies at the right end of the numbers."""
    look = style(palette.axis)
    upright, level, corner, y_tick, x_tick = "|-+++" if ascii_only else "│─└┤┬"
    bottom = plane.top + plane.height
    edge = plane.left - 1
    for row in range(plane.top, bottom):
        canvas.put(edge, row, upright, look)
    canvas.text(edge, bottom, corner + level * plane.width, look)
    for tick in y_ticks(plane.y, plane.height, ascii_only):
        row = row_of(plane, tick.position)
        canvas.text(edge - len(tick.label), row, tick.label, look)
        canvas.put(edge, row, y_tick, look)
    label = fitted(chart.x.label, plane.width // 2, ascii_only=ascii_only)
    free = edge
    limit = canvas.width - (cell_len(label) + 2 if label else 0)
    for tick in ticks(plane.x, max(2, plane.width // (LABEL_WIDTH + 2)), ascii_only=ascii_only):
        column = plane.left + int(tick.position * (plane.width - 1) + 0.5)
        start = min(max(0, column - len(tick.label) // 2), canvas.width - len(tick.label))
        canvas.put(column, bottom, x_tick, look)
        if start >= free and start + len(tick.label) <= limit:
            canvas.text(start, bottom + 1, tick.label, look)
            free = start + len(tick.label) + 1
    canvas.text(canvas.width - cell_len(label), bottom + 1, label, look)


def draw_header(canvas: Canvas, chart: Chart, legend: list[list[Entry]], palette: Palette, ascii_only: bool) -> None:
    """Write the y label at the left of the first row, and the legend at the right of the first rows."""
    canvas.text(0, 0, fitted(chart.y.label, canvas.width, ascii_only=ascii_only), style(palette.axis))
    draw_legend(canvas, legend, palette)
