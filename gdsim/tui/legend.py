"""The legend of a chart, which names every series in as many rows as needed and allowed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import Chart, Field, Role, Series, Shape
from gdsim.i18n import _
from gdsim.tui.canvas import fitted
from gdsim.tui.fields import scale_runs
from gdsim.tui.palettes import MARKS, Palette, style
from gdsim.tui.strips import Run, cells_of, wrapped

BESIDE = frozenset({Role.COMPARE, Role.COMPARE_2, Role.COMPARE_3, Role.COMPARE_4, Role.GHOST})
"""Roles of comparison runs, which have their own marks."""
RunMark = tuple[Role, str]
"""Role and mark, which identify a comparison run."""
HEIGHT_FOR_NAMES = 14
"""Charts lower than this name their axes in the legend instead of in a row of their own."""
_ANY_WIDTH = 10_000
_ROWS_A_LINE = 4
"""Rows of a chart per row of its legend."""

Entry = tuple[Run, ...]
_SAMPLE, _LINE, _SCALE, _CURRENT, _MARK, _RUN = range(6)
"""Ranks of entries: if there is no room, the lowest go first. A mark says nothing without its name; the current sample
has it beside it."""
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

    Comparison runs have rows of their own. If the chart is too low for that, all entries fill what rows there are; if
    it is too low to name everything, entries are left out and counted, names of marks last. off: comparison runs
    entirely outside the window; their names say so.
    """
    most = (height + 2) // _ROWS_A_LINE if height >= _ROWS_A_LINE else 0
    quiet, is_low = style(palette.axis), height < HEIGHT_FOR_NAMES and chart.angles is None
    names = "  ".join(filter(None, axis_names(chart, ascii_only)[::-1])) if is_low else ""
    axes: dict[Entry, int] = {((_written(names, ascii_only), quiet),): _RUN} if names else {}
    own, beside = _series_entries(chart, palette, ascii_only, off)
    own = {**axes, **own, **dict.fromkeys(_scales(chart, width, palette, ascii_only), _SCALE)}
    rows = [*_in_rows(own, width), *_in_rows(beside, width)]
    entries = {**own, **beside}
    if len(rows) > most:
        rows = _in_rows(entries, width, fills_gaps=True)
    while len(rows) > most and entries:
        del entries[min(reversed(entries), key=entries.__getitem__)]
        left_out = len(own) + len(beside) - len(entries)
        more = ((_("+{count} more").format(count=left_out), quiet),)
        rows = _in_rows([*entries, more], width, fills_gaps=True)
    return rows[:most]


def axis_names(chart: Chart, ascii_only: bool) -> tuple[str, str]:
    """Return the names of both axes, each with an arrow along its axis; empty if an axis has no name."""
    right, up = (">", "^") if ascii_only else ("→", "↑")
    return chart.x.name and f"{chart.x.name} {right}", chart.y.name and f"{up} {chart.y.name}"


def _in_rows(entries: Iterable[Entry], width: int, *, fills_gaps: bool = False) -> list[Entry]:
    """Return entries in rows, each in the last row (fills_gaps: in the first one) with room, or in new rows."""
    rows: list[Entry] = []
    for entry in entries:
        open_rows = range(len(rows)) if fills_gaps else range(len(rows))[-1:]
        place = next((k for k in open_rows if cells_of(rows[k]) + 2 + cells_of(entry) <= width), None)
        if place is None:
            rows += _broken(entry, width)
        else:
            rows[place] = (*rows[place], ("  ", style()), *entry)
    return rows


def _broken(entry: Entry, width: int) -> list[Entry]:
    """Return an entry as one row, or as several if its text has to be broken to fit."""
    if cells_of(entry) <= width:
        return [entry]
    *signs, (text, look) = entry
    first, *others = wrapped(text, max(1, width - cells_of(tuple(signs))))
    return [(*signs, (first, look)), *(((each, look),) for each in others)]


def _series_entries(
    chart: Chart, palette: Palette, ascii_only: bool, off: Collection[RunMark]
) -> tuple[dict[Entry, int], dict[Entry, int]]:
    """Return the entries of labelled series with their ranks, and those of comparison runs; equal labels share one.

    Those a learner should look at first come first, runs in the order of their marks.
    """
    named: dict[str, list[Series]] = {}
    for layer in chart.layers:
        if isinstance(layer, Series) and layer.label:
            is_off = (layer.role, layer.mark) in off
            label = _("{label} (off)").format(label=layer.label) if is_off else layer.label
            named.setdefault(_written(label, ascii_only), []).append(layer)
    # A run's name; else the current point is a sample.
    are_ends = any(each.shape is Shape.POINTS for group in named.values() for each in group if _is_run(each))
    by_signs: dict[tuple[tuple[str, Role, bool], ...], list[str]] = {}
    for text, group in named.items():
        signs = tuple(dict.fromkeys((_sample(each, ascii_only), each.role, each.is_circled) for each in group))
        by_signs.setdefault(signs, []).append(text)
    own, beside = dict[Entry, int](), dict[Entry, int]()
    for texts in sorted(by_signs.values(), key=lambda each: _order(named[each[0]][0], palette)):
        group = named[texts[0]]
        shown = dict.fromkeys((_sample(each, ascii_only), look_of(each, palette)) for each in group)
        entry = (*(run for sign in shown for run in (sign, (" ", style()))), (", ".join(texts), style(palette.axis)))
        rank = max(_rank(each, are_ends=are_ends) for each in group)
        (beside if all(map(_is_run, group)) else own)[entry] = rank
    return own, beside


def _is_run(series: Series) -> bool:
    return series.role in BESIDE and bool(series.mark)


def _order(series: Series, palette: Palette) -> tuple[bool, str]:
    return series.role not in palette.strong, series.mark.upper() + series.mark if _is_run(series) else ""


def _rank(series: Series, *, are_ends: bool) -> int:
    """Return the rank of a series in the legend. are_ends: whether points mark where runs are, the current one too."""
    if _is_run(series):
        return _RUN
    if series.role is Role.CURRENT and series.shape is Shape.POINTS:
        return _CURRENT if are_ends else _SAMPLE
    return _MARK if series.shape is Shape.POINTS else _LINE


def _scales(chart: Chart, width: int, palette: Palette, ascii_only: bool) -> list[Entry]:
    """Return the entries of labelled fields that fit in `width` cells."""
    entries: list[Entry] = []
    for layer in chart.layers:
        if isinstance(layer, Field) and layer.label:
            runs = scale_runs(layer, palette, ascii_only)
            entries.append(tuple((fitted(text, width, ascii_only=ascii_only), look) for text, look in runs))
    return [entry for entry in entries if cells_of(entry) <= width]


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


def _written(text: str, ascii_only: bool) -> str:
    return fitted(text, _ANY_WIDTH, ascii_only=ascii_only)
