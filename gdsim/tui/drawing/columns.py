"""Columns of numbers as bars: the outputs of networks side by side, and many signed numbers in one long column."""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from gdsim.charts.chart import AnswerColumn, Answers, Entry, LongColumn, Role, strongest
from gdsim.engine.parameters import Vector
from gdsim.explain.numbers import in_ascii
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas, fitted
from gdsim.tui.drawing.network import short_value
from gdsim.tui.palettes import Palette, style

_LEAST_COLUMN = 8
_MOST_COLUMN = 34
_NUMBER = 4
_LONGEST_NAME = 10
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LIST = 36
_SHORT_LIST = 24
_WIDEST = 30
_RANKS = "123456789"


def put_answers(
    canvas: Canvas, left: int, top: int, width: int, height: int, answers: Answers, palette: Palette, ascii_only: bool
) -> None:
    """Draw the outputs into a rectangle: the brightest of each column marked, the one wanted in brackets.

    Where rows are short the outputs that matter least are left out and counted; where columns are, those in between.
    """
    names = [f"[{name}]" if k == answers.wanted else f" {name} " for k, name in enumerate(answers.names)]
    names = [fitted(name, min(_LONGEST_NAME, width), ascii_only=ascii_only) for name in names]
    before = max(map(cell_len, names), default=0) + 1
    columns = _fitting(answers.columns, (width - before) // _LEAST_COLUMN)
    rows = _rows(answers, columns, height)
    has_titles, has_verdicts = height > len(rows), height > len(rows) + 1 and answers.wanted is not None
    first = top + int(has_titles)
    for number, row in enumerate(rows):
        is_wanted = row == answers.wanted
        look = palette.of(Role.TRUTH) if is_wanted else style(palette.axis)
        canvas.text(left + before - 1 - cell_len(names[row]), first + number, names[row], look)
    each = min(_MOST_COLUMN, (width - before) // max(1, len(columns)))
    most = _most(answers)
    for place, column in enumerate(columns):
        start, role = left + before + place * each, _role(answers, column)
        if has_titles:
            canvas.text(start, top, fitted(column.title, each - 1, ascii_only=ascii_only), palette.of(role))
        for number, row in enumerate(rows):
            _put_bar(canvas, start, first + number, each - 2, column, row, most, role, palette, ascii_only)
        if has_verdicts:
            verdict = fitted(_verdict(answers, column), each - 1, ascii_only=ascii_only)
            canvas.text(start, first + len(rows), verdict, palette.of(role))
    left_out = len(answers.names) - len(rows)
    if left_out and has_titles:
        canvas.text(left, top, fitted(f"+{left_out}", before - 1), style(palette.axis))


def _put_bar(
    canvas: Canvas,
    left: int,
    row: int,
    width: int,
    column: AnswerColumn,
    unit: int,
    most: float,
    role: Role,
    palette: Palette,
    ascii_only: bool,
) -> None:
    """Draw one output: a bar as long as it is large, its number, and a mark where it is the brightest."""
    value, is_brightest = float(column.values[unit]), unit == column.brightest
    look = palette.of(role)
    strong = look + style(bold=True) if is_brightest else style(palette.axis)
    room = max(0, width - _NUMBER - 2)
    text = f"{value:.2f}" if abs(value) < 100 else short_value(value, 0)
    drawn = bar(abs(value) / most, room, ascii_only, is_negative=value < 0) if math.isfinite(value) else ""
    canvas.text(left, row, drawn, look)
    shown = (text if ascii_only else text.replace("-", "−")).rjust(_NUMBER)
    canvas.text(left + room, row, shown, strong)
    if is_brightest:
        canvas.text(left + room + _NUMBER, row, " <" if ascii_only else " ◀", strong)


def bar(part: float, room: int, ascii_only: bool, *, is_negative: bool = False) -> str:
    """Return a bar over a part of the room, in eighths of a cell; a negative one looks different."""
    eighths = round(min(part, 1.0) * room * 8)
    if ascii_only or is_negative:
        return ("-" if ascii_only else "▒") * round(eighths / 8) if is_negative else "#" * round(eighths / 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _fitting(columns: tuple[AnswerColumn, ...], most: int) -> list[AnswerColumn]:
    """Return the columns there is room for: the last, then the first, then those between in their order."""
    if len(columns) <= most:
        return list(columns)
    return [*columns[: max(0, most - 1)], columns[-1]] if columns else []


def _rows(answers: Answers, columns: list[AnswerColumn], height: int) -> list[int]:
    """Return the outputs to show: all, or the wanted, the brightest and then the largest of the current ones."""
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
    """Return the size a full bar stands for: 1, or the largest output where one is larger."""
    sizes: list[float] = [
        abs(value) for column in answers.columns for value in column.values.tolist() if math.isfinite(value)
    ]
    return max(sizes, default=1.0) if max(sizes, default=1.0) > 1 else 1.0


def _verdict(answers: Answers, column: AnswerColumn) -> str:
    """Return what a network says, and whether that is right."""
    if column.brightest is None:
        return _("no answer")
    name = answers.names[column.brightest]
    text = _("says {name}, right") if column.brightest == answers.wanted else _("says {name}, wrong")
    return text.format(name=name)


def put_long_column(
    canvas: Canvas, left: int, top: int, width: int, height: int, column: LongColumn, palette: Palette, ascii_only: bool
) -> None:
    """Draw a long column into a rectangle; a row of it stands for a stretch, and shows the largest number there."""
    quiet = style(palette.axis)
    if height > 2:
        title = in_ascii(column.title) if ascii_only else column.title
        canvas.text(left, top, fitted(title, width, ascii_only=ascii_only), quiet)
        top, height = top + 1, height - 1
    if column.values is None:
        hint = fitted(_("not computed yet; . goes on phase by phase"), width, ascii_only=ascii_only)
        canvas.text(left + max(0, (width - cell_len(hint)) // 2), top + height // 2, hint, quiet)
        return
    needed = _LIST if width >= _LIST + 12 else _SHORT_LIST
    wide = min(_WIDEST, max(width - needed, 12 if width >= 12 else width))
    elements, blocks = stretches(column.blocks, column.values, height)
    _put_bars(canvas, left, top, wide, column, elements, blocks, palette, ascii_only)
    _put_list(canvas, left + wide + 1, top, width - wide - 1, height, column.largest, palette, ascii_only)


def stretches(blocks: tuple[tuple[str, int], ...], values: Vector, rows: int) -> tuple[list[int], list[str]]:
    """Return for each row of the column the element it shows, and the name of the block that begins there or nothing.

    Every block has a row as long as there are enough; the others are shared out by the roots of their sizes, so that a
    block of thousands leaves some to one of dozens.
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


def _put_bars(
    canvas: Canvas,
    left: int,
    top: int,
    width: int,
    column: LongColumn,
    elements: list[int],
    names: list[str],
    palette: Palette,
    ascii_only: bool,
) -> None:
    assert column.values is not None
    before = max(map(cell_len, names), default=0) + 1
    half = max(1, (width - before - 3) // 2)
    middle = left + before + half
    known = np.nan_to_num(np.abs(column.values[elements]), posinf=0.0)
    most = float(known.max()) if known.size and known.max() > 0 else 1.0
    ranks = {entry.element: rank for rank, entry in zip(_RANKS, column.largest, strict=False)}
    full = "#" if ascii_only else "█"
    for row, (element, name) in enumerate(zip(elements, names, strict=True), top):
        value = float(column.values[element])
        cells = round(half * min(abs(value) / most, 1.0)) if np.isfinite(value) else 0
        canvas.text(left, row, name, style(palette.axis))
        canvas.put(middle, row, "|" if ascii_only else "│", style(palette.axis))
        begin = middle + 1 if value > 0 else middle - cells
        glyph = full if value > 0 else "=" if ascii_only else "▒"
        canvas.text(begin, row, glyph * cells, style(palette.positive if value > 0 else palette.negative))
        if element in ranks:
            canvas.text(middle + half + 1, row, ranks[element], style(palette.focus, bold=True))


def _put_list(
    canvas: Canvas,
    left: int,
    top: int,
    width: int,
    height: int,
    largest: tuple[Entry, ...],
    palette: Palette,
    ascii_only: bool,
) -> None:
    """Write the largest elements: rank, name, value and which way, and below each where there is room what it is."""
    has_words = width >= max((cell_len(entry.words) + 2 for entry in largest), default=0)
    names = max((cell_len(entry.name) for entry in largest), default=0)
    lines = 2 if has_words else 1
    for number, entry in enumerate(largest[: min(len(_RANKS), height // lines)]):
        row = top + lines * number
        sign = "+" if entry.value > 0 else "-" if ascii_only else "−"
        value = sign + short_value(abs(entry.value), 3 if abs(entry.value) >= 0.01 else 4)
        canvas.text(left, row, _RANKS[number], style(palette.focus, bold=True))
        look = style(palette.positive if entry.value > 0 else palette.negative)
        direction = _("raise") if entry.value > 0 else _("lower")
        text = f"{entry.name}{' ' * (names - cell_len(entry.name))} {value.rjust(7)} {direction}"
        canvas.text(left + 2, row, fitted(text, max(0, width - 2), ascii_only=ascii_only), look)
        if has_words:
            canvas.text(left + 2, row + 1, fitted(entry.words, width - 2, ascii_only=ascii_only), style(palette.axis))
