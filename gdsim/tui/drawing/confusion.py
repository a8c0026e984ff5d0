"""Draws a confusion matrix as a table: rows are target classes, columns predicted classes."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import Confusion
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas
from gdsim.tui.palettes import Palette, mixed, style

_LONGEST_NAME = 10
_FAINT, _FULL = 0.15, 0.75
_COUNT = 3
"""Cells for the number of columns left out."""


def put_confusion(canvas: Canvas, confusion: Confusion) -> None:
    """Draw the counts with the class names; if there is no room for all, those around the chosen cell.

    The upper left corner tells how many rows are not shown, the end of that row how many columns.
    """
    palette, quiet = canvas.palette, style(canvas.palette.axis)
    names = [canvas.fitted(name, _LONGEST_NAME) for name in confusion.names]
    before = max(map(cell_len, names)) + 1
    each = max(len(str(int(confusion.counts.max()))), *map(cell_len, names)) + 2
    top = 2 if canvas.height >= len(names) + 2 else 1
    row, column = confusion.chosen or (0, 0)
    rows = _shown(row, len(names), max(1, canvas.height - top))
    room = canvas.width - before
    columns = _shown(column, len(names), max(1, (room if room >= each * len(names) else room - _COUNT) // each))
    if top == 2:
        canvas.text(0, 0, canvas.fitted(_("rows: true, columns: predicted"), canvas.width), quiet)
    if len(rows) < len(names):
        canvas.text(0, top - 1, canvas.fitted(f"+{len(names) - len(rows)}", before), quiet)
    if len(columns) < len(names):
        canvas.text(before + each * len(columns) + 1, top - 1, f"+{len(names) - len(columns)}", quiet)
    for place, k in enumerate(columns):
        is_chosen = confusion.chosen is not None and k == column
        look = style(palette.focus, bold=True) if is_chosen else quiet
        canvas.text(before + each * (place + 1) - 1 - cell_len(names[k]), top - 1, names[k], look)
    for line, wanted in enumerate(rows, top):
        is_chosen = confusion.chosen is not None and wanted == row
        canvas.text(0, line, names[wanted], style(palette.focus, bold=True) if is_chosen else quiet)
        most = max(1, int(confusion.counts[wanted].sum()))
        for place, answered in enumerate(columns):
            count = int(confusion.counts[wanted, answered])
            text = f"[{count}]" if (wanted, answered) == confusion.chosen else f"{count or canvas.one_of('·', '.')} "
            look = _look(palette, count / most, is_right=wanted == answered)
            canvas.text(before + each * place, line, text.rjust(each), look)


def _shown(chosen: int, count: int, room: int) -> range:
    """Return which of `count` rows to show if `room` of them fit, including the chosen one."""
    first = max(0, min(chosen - room // 2, count - room))
    return range(first, min(count, first + room))


def _look(palette: Palette, share: float, *, is_right: bool) -> Style:
    """Return the style of a count: one colour for right, one for wrong predictions, stronger for larger shares."""
    color = palette.positive if is_right else palette.negative
    if not share:
        return style(palette.axis)
    if not palette.ground:
        return style(color, bold=is_right)
    return style("", mixed(palette.ground, color, _FAINT + (_FULL - _FAINT) * share), bold=is_right)
