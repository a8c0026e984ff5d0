"""The legend of a chart: one line, and lines of their own for the runs drawn beside the main one."""

from __future__ import annotations

from rich.cells import cell_len

from gdsim.charts.chart import Chart, Role, Series, Shape
from gdsim.tui.canvas import Canvas, fitted
from gdsim.tui.marks import mark_of
from gdsim.tui.palettes import ASCII_SHADES, MARKS, UNICODE_SHADES, Palette, style

BESIDE = frozenset({Role.COMPARE, Role.COMPARE_2, Role.COMPARE_3, Role.COMPARE_4, Role.GHOST})
"""Roles of runs beside the main one: who they are is always told where there is room for it."""

_LONGEST_ENTRY = 24
_ROWS_A_LINE = 5
"""Rows a chart has for every line of its legend after the first."""

Entry = tuple[str, str, Role | None]
"""Sample, label, and the role whose colour the sample has (None: a field)."""


def legend_lines(chart: Chart, width: int, height: int, palette: Palette, ascii_only: bool) -> list[list[Entry]]:
    """Return the entries of each line; what is in hand comes first; what does not fit is left out, shades first.

    Runs beside have lines of their own where the chart is high enough, so that stepping does not move them.
    """
    entries = _entries(chart, palette, ascii_only)
    label = fitted(chart.y.label, width, ascii_only=ascii_only)
    beside = [entry for entry in entries if entry[2] in BESIDE]
    lines = _broken(beside, width)[: height // _ROWS_A_LINE] if height >= 2 * _ROWS_A_LINE else []
    first = [entry for entry in entries if not lines or entry[2] not in BESIDE]
    room = width - (cell_len(label) + 2 if label else 0)
    while first and _length(first) > room:
        first.remove(next((entry for entry in first if entry[2] is None), first[-1]))
    return [first, *lines]


def draw_legend(canvas: Canvas, lines: list[list[Entry]], palette: Palette) -> None:
    """Write the lines at the right of the first rows."""
    for row, line in enumerate(lines):
        column = canvas.width - _length(line)
        for sample, text, role in line:
            canvas.text(column, row, sample, palette.of(role) if role else style(palette.axis))
            canvas.text(column + len(sample) + 1, row, text, style(palette.axis))
            column += len(sample) + cell_len(text) + 3


def _broken(entries: list[Entry], width: int) -> list[list[Entry]]:
    """Return entries in lines of at most `width` cells."""
    lines: list[list[Entry]] = []
    for entry in entries:
        if lines and _length([*lines[-1], entry]) <= width:
            lines[-1].append(entry)
        elif _length([entry]) <= width:
            lines.append([entry])
    return lines


def _length(entries: list[Entry]) -> int:
    """Return the cells that legend entries take, two between each and the next."""
    return sum(len(sample) + 1 + cell_len(text) + 2 for sample, text, _ in entries) - 2


def _entries(chart: Chart, palette: Palette, ascii_only: bool) -> list[Entry]:
    """Return the entry of each labelled layer, what is in hand first; equal entries once."""
    entries: list[Entry] = []
    for layer in chart.layers:
        text = fitted(layer.label, _LONGEST_ENTRY, ascii_only=ascii_only)
        if text and isinstance(layer, Series):
            entries.append((_sample(layer, ascii_only), text, layer.role))
        elif text:
            entries.append(((ASCII_SHADES if ascii_only else UNICODE_SHADES)[1:4], text, None))
    return sorted(dict.fromkeys(entries), key=lambda entry: entry[2] not in palette.strong)


def _sample(series: Series, ascii_only: bool) -> str:
    mark = mark_of(series, ascii_only)
    if series.mark and series.role in BESIDE:
        return mark
    if series.shape is Shape.LINE:
        drawn, left_out = MARKS[series.role].dash
        return mark * 2 if ascii_only else "──" if not left_out else "╌╌" if drawn > 2 else "┈┈"
    if series.shape is Shape.ARROW:
        return "~>" if ascii_only else "─→"
    return "#" if series.shape is Shape.BARS and ascii_only else "█" if series.shape is Shape.BARS else mark
