"""Draws a confusion matrix as a table: rows are target classes, columns predicted classes."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import Confusion
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas
from gdsim.tui.palettes import Palette, style
from gdsim.tui.strips import wrapped

_LONGEST_NAME = 10
_FAINT, _FULL = 0.3, 0.65
_COUNT = 3
"""Cells for the number of columns left out."""
_MOST_LINES, _WIDE = 5, 5
"""Lines of a cell at most, and columns per line."""
_LEAST_WORDS = 9


def put_confusion(canvas: Canvas, confusion: Confusion) -> None:
    """Draw the counts with the class names; if there is no room for all, those around the chosen cell.

    The upper left corner tells how many rows are not shown, the end of that row how many columns.
    """
    palette, quiet = canvas.palette, style(canvas.palette.axis)
    names = [canvas.fitted(name, _LONGEST_NAME) for name in confusion.names]
    before, classes = max(map(cell_len, names)) + 1, len(names)
    top = 2 if canvas.height >= classes + 2 else 1
    lines = max(1, min(_MOST_LINES, (canvas.height - top) // classes))
    least, room = len(str(int(confusion.counts.max()))) + 1, canvas.width - before
    each = max(least, min(room // classes, max(before, _WIDE * lines + 1 if top == 2 else 0)))
    row, column = confusion.chosen or (0, 0)
    rows = _shown(row, classes, max(1, (canvas.height - top) // lines))
    columns = _shown(column, classes, max(1, (room if room >= each * classes else room - _COUNT) // each))
    _explain(canvas, top, before + each * classes + 1, quiet)
    if len(rows) < len(names):
        canvas.text(0, top - 1, canvas.fitted(f"+{len(names) - len(rows)}", before), quiet)
    if len(columns) < len(names):
        canvas.text(before + each * len(columns) + 1, top - 1, f"+{len(names) - len(columns)}", quiet)
    for place, k in enumerate(columns):
        is_chosen = confusion.chosen is not None and k == column
        look = style(palette.focus, bold=True) if is_chosen else quiet
        is_whole = cell_len(names[k]) < each
        name = names[k] if is_whole else canvas.fitted(names[k], each - 2) + canvas.one_of("…", ".")
        canvas.text(before + each * place + (each - cell_len(name)) // 2, top - 1, name, look)
    middle = (lines - 1) // 2
    for line, wanted in enumerate(rows):
        is_chosen = confusion.chosen is not None and wanted == row
        line = top + line * lines
        canvas.text(0, line + middle, names[wanted], style(palette.focus, bold=True) if is_chosen else quiet)
        most = max(1, int(confusion.counts[wanted].sum()))
        for place, answered in enumerate(columns):
            count = int(confusion.counts[wanted, answered])
            text = f"[{count}]" if (wanted, answered) == confusion.chosen else f"{count or canvas.one_of('·', '.')} "
            look = _look(palette, count / most, is_right=wanted == answered)
            text += " " * ((each - least) // 2)
            for number in range(lines):
                shown = text.rjust(each) if number == middle else " " * each
                canvas.text(before + each * (place + 1) - len(shown), line + number, shown, look)


def _explain(canvas: Canvas, top: int, right: int, look: Style) -> None:
    """Say what rows and columns are: above the table if there is a row for it, else to its right."""
    words = _("rows: true, columns: predicted")
    if top == 2:
        canvas.text(0, 0, canvas.fitted(words, canvas.width), look)
    elif canvas.width - right >= _LEAST_WORDS:
        for row, line in enumerate(wrapped(words, canvas.width - right)):
            canvas.text(right, row + 1, canvas.fitted(line, canvas.width), look)


def _shown(chosen: int, count: int, room: int) -> range:
    """Return which of `count` rows to show if `room` of them fit, including the chosen one."""
    first = max(0, min(chosen - room // 2, count - room))
    return range(first, min(count, first + room))


def _look(palette: Palette, share: float, *, is_right: bool) -> Style:
    """Return the style of a count: one colour for right, one for wrong predictions, stronger for larger shares."""
    colors = palette.positives if is_right else palette.negatives
    if not share:
        return style(palette.axis)
    if not palette.ground:
        return style(colors[-1], bold=is_right)
    strength = _FAINT + (_FULL - _FAINT) * share
    return style("", colors[max(0, round(strength * len(colors)) - 1)], bold=is_right)
