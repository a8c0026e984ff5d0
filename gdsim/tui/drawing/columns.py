"""Draws columns of numbers as bars: outputs of networks side by side, and many signed numbers in one long column."""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import AnswerColumn, Answers, Entry, LongColumn, Role, strongest
from gdsim.engine.parameters import Vector
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas
from gdsim.tui.palettes import style
from gdsim.tui.strips import filled, wrapped

_LEAST_COLUMN = 8
_MOST_COLUMN, _MOST_LINES = 64, 4
_NUMBER = 4
_LEAST_BAR = 3
"""Least room for bars in ASCII, which has no parts of cells: in less they would only mark the larger numbers."""
_LONGEST_NAME = 12
_EIGHTHS = " ▏▎▍▌▋▊▉"
_ANY_WIDTH = 1000
_LEAST_ROWS = 6
_LIST, _BESIDE_NAMES = 36, 17
"""Columns of the list of largest elements with their places in words, and without these, besides their names."""
_RANKS = "123456789"


def put_answers(canvas: Canvas, answers: Answers) -> None:
    """Draw the outputs: the largest of each column marked, the target class in brackets.

    If rows are short, the least relevant outputs are left out and counted; if columns are short, those in the middle.
    """
    names = [canvas.fitted(name, max(1, min(_LONGEST_NAME, canvas.width - 2))) for name in answers.names]
    names = [f"[{name}]" if k == answers.wanted else f" {name} " for k, name in enumerate(names)]
    before = max(map(cell_len, names), default=0) + 1
    columns = _fitting(answers.columns, (canvas.width - before) // _LEAST_COLUMN)
    rows = _rows(answers, columns, canvas.height)
    first = int(canvas.height > len(rows))
    quiet = style(canvas.palette.axis)
    lines = max(1, min(_MOST_LINES, (canvas.height - first - 1) // max(1, len(rows))))
    places = {row: first + number * lines for number, row in enumerate(rows)}
    for row, top in places.items():
        look = canvas.palette.of(Role.TRUTH) if row == answers.wanted else quiet
        canvas.text(before - 1 - cell_len(names[row]), top, names[row], look)
    if first and len(rows) < len(answers.names):
        canvas.text(0, 0, canvas.fitted(f"+{len(answers.names) - len(rows)}", before - 1), quiet)
    each = min(_MOST_COLUMN, (canvas.width - before) // max(1, len(columns)))
    for place, column in enumerate(columns):
        part = canvas.part(before + place * each, 0, each - 1, canvas.height)
        look = canvas.palette.of(_role(answers, column))
        if first:
            part.text(0, 0, part.fitted(column.title, part.width), look)
        for row, top in places.items():
            _put_bar(part.part(0, top, part.width, max(1, lines - 1)), column, row, _most(answers), look)
        if answers.wanted is not None and canvas.height > len(rows) + 1:
            verdict = _verdict(answers, column)
            if cell_len(verdict) > part.width and column.brightest is not None:
                sign = ("✓", "+") if column.brightest == answers.wanted else ("✗", "x")
                verdict = f"{answers.names[column.brightest]} {part.one_of(*sign)}"
            part.text(0, first + lines * len(rows), part.fitted(verdict, part.width), look)


def _put_bar(canvas: Canvas, column: AnswerColumn, unit: int, most: float, look: Style) -> None:
    """Draw one output: a bar in proportion if there is room, its number, and a mark if it is the largest."""
    value, is_brightest = float(column.values[unit]), unit == column.brightest
    strong = look + style(bold=True) if is_brightest else style(canvas.palette.axis)
    room = max(0, canvas.width - _NUMBER - 3)
    text = f"{value:.2f}" if abs(value) < 100 else short_value(value, 0)
    if math.isfinite(value) and room >= (_LEAST_BAR if canvas.ascii_only else 1):
        for row in range(canvas.height):
            canvas.text(0, row, bar(abs(value) / most, room, canvas.ascii_only, is_negative=value < 0), look)
    canvas.text(room, 0, text.replace("-", canvas.one_of("−", "-")).rjust(_NUMBER), strong)
    if is_brightest:
        canvas.text(room + _NUMBER, 0, canvas.one_of(" ◀", " <"), strong)


def bar(part: float, room: int, ascii_only: bool, *, is_negative: bool = False) -> str:
    """Return a bar over `part` of the room, in eighths of a cell; negative and ASCII bars differ, in whole cells."""
    eighths = round(min(part, 1.0) * room * 8)
    if ascii_only or is_negative:
        return ("-" if ascii_only else "▒") * round(eighths / 8) if is_negative else "#" * round(eighths / 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _fitting(columns: tuple[AnswerColumn, ...], most: int) -> list[AnswerColumn]:
    """Return at most `most` columns: the last and, as far as there is room, the first ones."""
    if len(columns) <= most:
        return list(columns)
    return [*columns[: max(0, most - 1)], columns[-1]] if columns else []


def _rows(answers: Answers, columns: list[AnswerColumn], height: int) -> list[int]:
    """Return the outputs to show: all, or the target, each column's largest, and then the largest current ones."""
    count = len(answers.names)
    if count <= height or not columns:
        return list(range(min(count, height)))
    chosen = [answers.wanted, *(column.brightest for column in reversed(columns))]
    values = columns[-1].values
    by_size = sorted(range(count), key=lambda unit: -values[unit] if math.isfinite(values[unit]) else math.inf)
    wanted = list(dict.fromkeys(unit for unit in [*chosen, *by_size] if unit is not None))
    return sorted(wanted[: max(1, height - 1)])


def _role(answers: Answers, column: AnswerColumn) -> Role:
    if column is answers.columns[-1]:
        return Role.CURRENT
    return Role.GHOST if column is answers.columns[0] else Role.COMPARE


def _most(answers: Answers) -> float:
    """Return the magnitude a full bar stands for: that of the largest output, at least 1."""
    sizes: list[float] = [
        abs(value) for column in answers.columns for value in column.values.tolist() if math.isfinite(value)
    ]
    return max(sizes, default=1.0) if max(sizes, default=1.0) > 1 else 1.0


def _verdict(answers: Answers, column: AnswerColumn) -> str:
    """Return the predicted class as text, and whether it is right."""
    if column.brightest is None:
        return _("no answer")
    name = answers.names[column.brightest]
    text = _("says {name}, right") if column.brightest == answers.wanted else _("says {name}, wrong")
    return text.format(name=name)


def put_long_column(canvas: Canvas, column: LongColumn) -> None:
    """Draw a long column; each row stands for a stretch and shows the number of largest magnitude in it."""
    quiet = style(canvas.palette.axis)
    if canvas.height > 2:
        title = wrapped(canvas.fitted(column.title, _ANY_WIDTH), canvas.width)[: max(1, canvas.height - _LEAST_ROWS)]
        for row, line in enumerate(title):
            canvas.text(0, row, line, quiet)
        canvas = canvas.part(0, len(title), canvas.width, canvas.height - len(title))
    if column.values is None:
        hint = canvas.fitted(_("not computed yet; press . to go on phase by phase"), canvas.width)
        canvas.text(max(0, (canvas.width - cell_len(hint)) // 2), canvas.height // 2, hint, quiet)
        return
    names = max((cell_len(canvas.fitted(entry.name, _ANY_WIDTH)) for entry in column.largest), default=0)
    needed = _LIST if canvas.width >= _LIST + 12 else names + _BESIDE_NAMES
    wide = max(canvas.width - needed, min(12, canvas.width))
    _put_bars(canvas.part(0, 0, wide, canvas.height), column, column.values)
    _put_list(canvas.part(wide + 1, 0, canvas.width, canvas.height), column.largest)


def stretches(blocks: tuple[tuple[str, int], ...], values: Vector, rows: int) -> tuple[list[int], list[str]]:
    """Return for each row of the column the element it shows, and the name of the block that begins there, else empty.

    Every block gets a row if there are enough; the rest are shared in proportion to the square roots of the block
    sizes, so that a block of thousands leaves some to one of dozens.
    """
    if rows < len(blocks):
        return strongest(values, max(1, rows)).tolist(), [""] * rows
    counts = np.array([count for _name, count in blocks])
    shares = (rows - len(blocks)) * np.sqrt(counts) / max(1.0, np.sqrt(counts).sum())
    room = np.minimum(1 + np.floor(shares).astype(int), counts)
    elements, names, start = [], [], 0
    for (name, count), lines in zip(blocks, room.tolist(), strict=True):
        part = strongest(values[start : start + count], max(1, lines)) + start
        elements += part.tolist()
        names += [name, *[""] * (len(part) - 1)]
        start += count
    return elements, names


def _put_bars(canvas: Canvas, column: LongColumn, values: Vector) -> None:
    elements, names = stretches(column.blocks, values, canvas.height)
    before = max(map(cell_len, names), default=0) + 1
    half = max(1, (canvas.width - before - 2) // 2)
    middle = before + half
    known = np.nan_to_num(np.abs(values[elements]), posinf=0.0)
    most = float(known.max()) if known.size and known.max() > 0 else 1.0
    ranks = {entry.element: rank for rank, entry in zip(_RANKS, column.largest, strict=False)}
    palette = canvas.palette
    for row, (element, name) in enumerate(zip(elements, names, strict=True)):
        value = float(values[element])
        cells = round(half * min(abs(value) / most, 1.0)) if np.isfinite(value) else 0
        canvas.text(0, row, name, style(palette.axis))
        rank = ranks.get(element)
        canvas.put(middle, row, rank or canvas.one_of("│", "|"), style(palette.focus if rank else palette.axis))
        if value > 0:
            canvas.text(middle + 1, row, canvas.one_of("█", "#") * cells, style(palette.positive))
        else:
            canvas.text(middle - cells, row, canvas.one_of("▒", "=") * cells, style(palette.negative))


def _put_list(canvas: Canvas, largest: tuple[Entry, ...]) -> None:
    """Write the largest elements: rank, name, value and direction and, if there is room, its place in words below."""
    lines = 2 if canvas.width >= max((cell_len(entry.words) + 2 for entry in largest), default=0) else 1
    written = [canvas.fitted(entry.name, _ANY_WIDTH) for entry in largest]
    names = max(map(cell_len, written), default=0)
    palette = canvas.palette
    shown = min(len(_RANKS), canvas.height // lines)
    for number, (entry, name) in enumerate(zip(largest[:shown], written, strict=False)):
        sign = "+" if entry.value > 0 else canvas.one_of("−", "-")
        value = sign + short_value(abs(entry.value), 3 if abs(entry.value) >= 0.01 else 4)
        canvas.text(0, lines * number, _RANKS[number], style(palette.focus, bold=True))
        look = style(palette.positive if entry.value > 0 else palette.negative)
        direction = _("raise") if entry.value > 0 else _("lower")
        text = f"{filled(name, names)} {value.rjust(7)} {direction}"
        canvas.text(2, lines * number, canvas.fitted(text, max(0, canvas.width - 2)), look)
        if lines == 2:
            canvas.text(2, 2 * number + 1, canvas.fitted(entry.words, canvas.width - 2), style(palette.axis))


def short_value(value: float, decimals: int) -> str:
    """Return a value with a fixed number of decimals; as 4e-05 or 2e+03 if that would show 0 or be too long."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value and not 0.5 * 10.0**-decimals <= abs(value) < 999.5:
        return f"{value:.0e}"
    return f"{value + 0.0:.{decimals}f}"  # 0.0 is added for −0.0, which becomes 0.0
