"""The legend of a chart, which names every series in as many rows as needed and allowed."""

from __future__ import annotations

from collections.abc import Collection

from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import Chart, Field, Role, Series, Shape
from gdsim.i18n import _
from gdsim.tui.canvas import fitted
from gdsim.tui.fields import scale_runs
from gdsim.tui.palettes import MARKS, Palette, style
from gdsim.tui.strips import Run

BESIDE = frozenset({Role.COMPARE, Role.COMPARE_2, Role.COMPARE_3, Role.COMPARE_4, Role.GHOST})
"""Roles of comparison runs, which have their own marks."""
RunMark = tuple[Role, str]
"""Role and mark, which identify a comparison run."""
HEIGHT_FOR_NAMES = 14
"""Charts lower than this name their axes in the legend instead of in a row of their own."""
_ROWS_A_LINE = 4
"""Rows of a chart per row of its legend."""

Entry = tuple[Run, ...]
_TRAIL_IN_ASCII = "'"
"""ASCII for "·", which marks where a comparison run has been; its letter marks where it is."""
_CIRCLED = {"○": "⊚", "×": "⊗", **dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True))}
_ASCII_CIRCLED = {"o": "O", "x": "X", **dict(zip("0123456789", "ABCDEFGHIJ", strict=True))}


def mark_of(series: Series, ascii_only: bool) -> str:
    """Return the character that marks a series: its own if it has one that can be drawn, else its role's."""
    own, role = series.mark[:1], MARKS[series.role]
    own = _TRAIL_IN_ASCII if ascii_only and own == "·" else own
    mark = role.ascii if ascii_only else role.unicode
    if own and (own.isascii() or not ascii_only) and own.isprintable() and cell_len(own) == 1 and own != " ":
        mark = own
    return (_ASCII_CIRCLED if ascii_only else _CIRCLED).get(mark, mark) if series.is_circled else mark


def bar_mark(series: Series, ascii_only: bool) -> str:
    """Return the character that fills bars; the current one's differs, so that it stands out without colour too."""
    if series.role is Role.CURRENT:
        return "%" if ascii_only else "▒"
    return "#" if ascii_only else "█"


def look_of(series: Series, palette: Palette) -> Style:
    """Return the style of a series."""
    look = palette.of(series.role)
    return look + style(bold=True) if series.is_circled else look


def legend_rows(
    chart: Chart, width: int, height: int, palette: Palette, ascii_only: bool, off: Collection[RunMark] = ()
) -> list[Entry]:
    """Return the rows of the legend as runs of text, each at most `width` cells wide, for a chart `height` rows high.

    Comparison runs have rows of their own. If the chart is too low for that, they follow the other entries; if it is
    too low to name everything, the last of the other series are left out and counted. off: comparison runs entirely
    outside the window; their names say so.
    """
    most = (height + 2) // _ROWS_A_LINE if height >= _ROWS_A_LINE else 0
    quiet, is_low = style(palette.axis), height < HEIGHT_FOR_NAMES and chart.angles is None
    names = "  ".join(filter(None, axis_names(chart, ascii_only)[::-1])) if is_low else ""
    axes: list[Entry] = [((fitted(names, width, ascii_only=ascii_only), quiet),)] if names else []
    own, beside = (_series_entries(chart, width, palette, ascii_only, off, are_beside=each) for each in (False, True))
    scales = _scales(chart, width, palette, ascii_only)
    rows = [*_in_rows([*axes, *own, *scales], width), *_in_rows(beside, width)]
    left = len(own)
    while len(rows) > most and left:
        more: list[Entry] = [((_("+{count} more").format(count=len(own) - left), quiet),)] if left < len(own) else []
        rows = _in_rows([*axes, *own[:left], *scales, *more, *beside], width)
        left -= 1
    return rows[:most]


def axis_names(chart: Chart, ascii_only: bool) -> tuple[str, str]:
    """Return the names of both axes, each with an arrow along its axis; empty if an axis has no name."""
    right, up = (">", "^") if ascii_only else ("→", "↑")
    return chart.x.name and f"{chart.x.name} {right}", chart.y.name and f"{up} {chart.y.name}"


def _in_rows(entries: list[Entry], width: int) -> list[Entry]:
    rows: list[Entry] = []
    for entry in entries:
        if rows and _length(rows[-1]) + 2 + _length(entry) <= width:
            rows[-1] = (*rows[-1], ("  ", style()), *entry)
        else:
            rows.append(entry)
    return rows


def _series_entries(
    chart: Chart, width: int, palette: Palette, ascii_only: bool, off: Collection[RunMark], *, are_beside: bool
) -> list[Entry]:
    """Return the entries of labelled series, without repeats; those a learner should look at first come first."""
    entries: dict[Entry, bool] = {}
    for layer in chart.layers:
        if isinstance(layer, Series) and layer.label and (layer.role in BESIDE) == are_beside:
            sample = _sample(layer, ascii_only)
            is_off = (layer.role, layer.mark) in off
            label = _("{label} (off)").format(label=layer.label) if is_off else layer.label
            text = fitted(label, max(0, width - len(sample) - 1), ascii_only=ascii_only).rstrip()
            entry = ((sample, look_of(layer, palette)), (f" {text}", style(palette.axis)))
            entries[entry] = layer.role not in palette.strong
    return sorted(entries, key=entries.__getitem__)


def _scales(chart: Chart, width: int, palette: Palette, ascii_only: bool) -> list[Entry]:
    """Return the entries of labelled fields that fit in `width` cells."""
    entries: list[Entry] = []
    for layer in chart.layers:
        if isinstance(layer, Field) and layer.label:
            runs = scale_runs(layer, palette, ascii_only)
            entries.append(tuple((fitted(text, width, ascii_only=ascii_only), look) for text, look in runs))
    return [entry for entry in entries if _length(entry) <= width]


def _sample(series: Series, ascii_only: bool) -> str:
    mark = mark_of(series, ascii_only)
    if series.mark and series.role in BESIDE:
        return mark
    if series.shape is Shape.LINE:
        drawn, left_out = MARKS[series.role].dash
        return mark * 2 if ascii_only else "──" if not left_out else "╌╌" if drawn > 2 else "┈┈"
    if series.shape is Shape.ARROW:
        return "~>" if ascii_only else "─→"
    return bar_mark(series, ascii_only) if series.shape is Shape.BARS else mark


def _length(entry: Entry) -> int:
    return sum(cell_len(text) for text, _look in entry)
