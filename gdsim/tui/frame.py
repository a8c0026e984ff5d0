"""What surrounds a chart: the frame with its ticks, the axis labels and the legend."""

from __future__ import annotations

from rich.cells import cell_len

from gdsim.charts.chart import Chart, Role, Series, Shape
from gdsim.tui.axes import LABEL_WIDTH, ticks
from gdsim.tui.canvas import Canvas, fitted
from gdsim.tui.marks import mark_of
from gdsim.tui.palettes import ASCII_SHADES, MARKS, UNICODE_SHADES, Palette, style
from gdsim.tui.plane import Plane, row_of, y_ticks

_LONGEST_ENTRY = 24
# Sample, label, and the role whose colour the sample has (None: a field).
_Entry = tuple[str, str, Role | None]


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


def draw_header(canvas: Canvas, chart: Chart, palette: Palette, ascii_only: bool) -> None:
    """Write the y label at the left and the legend at the right of the first row."""
    label = fitted(chart.y.label, canvas.width, ascii_only=ascii_only)
    canvas.text(0, 0, label, style(palette.axis))
    room = canvas.width - (cell_len(label) + 2 if label else 0)
    shown = _legend(chart, palette, ascii_only)
    while shown and _length(shown) > room:
        shown.pop()
    column = canvas.width - _length(shown)
    for sample, text, role in shown:
        canvas.text(column, 0, sample, palette.of(role) if role else style(palette.axis))
        canvas.text(column + len(sample) + 1, 0, text, style(palette.axis))
        column += len(sample) + cell_len(text) + 3


def _length(entries: list[_Entry]) -> int:
    """Return the cells that legend entries take, two between each and the next."""
    return sum(len(sample) + 1 + cell_len(text) + 2 for sample, text, _ in entries) - 2


def _legend(chart: Chart, palette: Palette, ascii_only: bool) -> list[_Entry]:
    """Return the entry of each labelled layer, what is in hand first; equal entries once."""
    entries: list[_Entry] = []
    for layer in chart.layers:
        text = fitted(layer.label, _LONGEST_ENTRY, ascii_only=ascii_only)
        if text and isinstance(layer, Series):
            entries.append((_sample(layer, ascii_only), text, layer.role))
        elif text:
            entries.append(((ASCII_SHADES if ascii_only else UNICODE_SHADES)[1:4], text, None))
    return sorted(dict.fromkeys(entries), key=lambda entry: entry[2] not in palette.strong)


def _sample(series: Series, ascii_only: bool) -> str:
    mark = mark_of(series, ascii_only)
    if series.shape is Shape.LINE:
        drawn, left_out = MARKS[series.role].dash
        return mark * 2 if ascii_only else "──" if not left_out else "╌╌" if drawn > 2 else "┈┈"
    if series.shape is Shape.ARROW:
        return "~>" if ascii_only else "─→"
    return "#" if series.shape is Shape.BARS and ascii_only else "█" if series.shape is Shape.BARS else mark
