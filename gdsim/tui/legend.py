"""The legend of a chart: every series named, in as many rows as that takes."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import Chart, Field, Role, Series, Shape
from gdsim.tui.canvas import fitted
from gdsim.tui.fields import scale_runs
from gdsim.tui.palettes import MARKS, Palette, style

BESIDE = frozenset({Role.COMPARE, Role.COMPARE_2, Role.COMPARE_3, Role.COMPARE_4, Role.GHOST})
"""Roles of runs beside the main one, which have marks of their own."""
_ROWS_A_LINE = 4
"""Rows a chart has for every row of its legend."""

Entry = tuple[tuple[str, Style], ...]
_CIRCLED = {"○": "⊚", "×": "⊗", **dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True))}
_ASCII_CIRCLED = {"o": "O", "x": "X", **dict(zip("0123456789", "ABCDEFGHIJ", strict=True))}


def mark_of(series: Series, ascii_only: bool) -> str:
    """Return the character a series is marked with: its own where it has one that can be drawn, else its role's."""
    own, role = series.mark[:1], MARKS[series.role]
    mark = role.ascii if ascii_only else role.unicode
    if own and (own.isascii() or not ascii_only) and own.isprintable() and cell_len(own) == 1 and own != " ":
        mark = own
    return (_ASCII_CIRCLED if ascii_only else _CIRCLED).get(mark, mark) if series.is_circled else mark


def look_of(series: Series, palette: Palette) -> Style:
    """Return the style a series is drawn with."""
    look = palette.of(series.role)
    return look + style(bold=True) if series.is_circled else look


def legend_rows(chart: Chart, width: int, height: int, palette: Palette, ascii_only: bool) -> list[Entry]:
    """Return the rows of the legend as runs of text, each at most `width` cells wide; few where a chart is low."""
    rows: list[Entry] = []
    gap = (("  ", style()),)
    for entry in _entries(chart, width, palette, ascii_only):
        if rows and _length(rows[-1]) + 2 + _length(entry) <= width:
            rows[-1] = (*rows[-1], *gap, *entry)
        elif _length(entry) <= width:
            rows.append(entry)
    return rows[: height // _ROWS_A_LINE]


def _entries(chart: Chart, width: int, palette: Palette, ascii_only: bool) -> list[Entry]:
    """Return the entry of each labelled layer, scales of fields last; equal entries once."""
    quiet = style(palette.axis)
    entries: list[Entry] = []
    for layer in chart.layers:
        if isinstance(layer, Series) and layer.label:
            sample = _sample(layer, ascii_only)
            text = fitted(layer.label, max(0, width - len(sample) - 1), ascii_only=ascii_only)
            entries.append(((sample, look_of(layer, palette)), (f" {text}", quiet)))
    fields = [layer for layer in chart.layers if isinstance(layer, Field) and layer.label]
    for field in fields:
        runs = scale_runs(field, palette, ascii_only)
        entries.append(tuple((fitted(text, width, ascii_only=ascii_only), look) for text, look in runs))
    return list(dict.fromkeys(entries))


def _sample(series: Series, ascii_only: bool) -> str:
    mark = mark_of(series, ascii_only)
    if series.mark and series.role in BESIDE:
        return mark
    if series.shape is Shape.LINE:
        drawn, left_out = MARKS[series.role].dash
        return mark * 2 if ascii_only else "──" if not left_out else "╌╌" if drawn > 2 else "┈┈"
    if series.shape is Shape.ARROW:
        return "~>" if ascii_only else "─→"
    return ("#" if ascii_only else "█") if series.shape is Shape.BARS else mark


def _length(entry: Entry) -> int:
    return sum(cell_len(text) for text, _look in entry)
