"""The chain rule drawn: the current way as boxed factors, the current factor highlighted, one line per other way."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from gdsim.explain.chain import Chain, Factor, Way
from gdsim.explain.numbers import in_ascii
from gdsim.explain.page import Line, number
from gdsim.tui.strips import Run, filled, strip_of

Flowing = Callable[[Line, int, str], list[Strip]]
"""Draws an equation in as few lines as possible: (line, width, the name of its look)."""

_FRAMES = {False: (("┌", "─", "┐"), "│", ("└", "─", "┘")), True: (("┏", "━", "┓"), "┃", ("┗", "━", "┛"))}
_ASCII_FRAMES = {False: (("+", "-", "+"), "|", ("+", "-", "+")), True: (("#", "=", "#"), "#", ("#", "=", "#"))}
_BETWEEN = " · "


def chain_strips(
    chain: Chain,
    index: int,
    width: int,
    flowing: Flowing,
    style: Callable[[str], Style],
    *,
    is_short: bool,
    ascii_only: bool,
) -> tuple[list[Strip], int, int]:
    """Return a chain's lines with factor `index` as the current one, and the first and the number of its way's lines.

    is_short: whether boxes leave out formulas.
    """
    hand, place = chain.at(index)
    strips, first, count, number_of_way = list[Strip](), 0, 0, 0
    for stage in chain.stages:
        lines = stage.lines
        for way, line in zip(stage.ways, lines, strict=False):
            if number_of_way == hand:
                first = len(strips)
                strips += _boxes(way, place, width, style, is_short=is_short, ascii_only=ascii_only)
                strips += flowing(line, width, "")
                count = len(strips) - first
            else:
                strips += flowing(line, width, "quiet")
            number_of_way += 1
        for line in lines[len(stage.ways) :]:
            strips += flowing(line, width, "quiet")
    for line in chain.lines:
        strips += flowing(line, width, "")
    return strips, first, count


def _boxes(
    way: Way, hand: int, width: int, style: Callable[[str], Style], *, is_short: bool, ascii_only: bool
) -> list[Strip]:
    """Return the factors of a way as boxes with multiplication signs between, in as many rows as needed."""
    strips, row = list[Strip](), list[list[Run]]()
    used = 0
    for place, factor in enumerate(way.factors):
        box = _box(factor, place == hand, style, ascii_only=ascii_only)
        box = [box[0], *box[2:]] if is_short else box
        cells = cell_len(box[0][0])
        if row and used + len(_BETWEEN) + cells > width:
            strips += [strip_of(runs, width) for runs in row]
            row, used = [], 0
        lead = ("" if not place else _BETWEEN) if row or not place else _BETWEEN[1:]
        lead = in_ascii(lead) if ascii_only else lead
        row = row or [[] for _line in box]
        for number_of_line, (runs, run) in enumerate(zip(row, box, strict=True)):
            runs += [(lead if number_of_line == 1 else " " * len(lead), style("quiet")), run]
        used += len(lead) + cells
    return strips + [strip_of(runs, width) for runs in row]


def _box(factor: Factor, is_in_hand: bool, style: Callable[[str], Style], *, ascii_only: bool) -> list[Run]:
    """Return the lines of a factor's box: its symbol in the upper edge, its short formula, its value."""
    texts = [factor.line.symbol, factor.brief, number(factor.value)]
    symbol, brief, value = map(in_ascii, texts) if ascii_only else texts
    (left, level, right), side, (low_left, low_level, low_right) = (_ASCII_FRAMES if ascii_only else _FRAMES)[
        is_in_hand
    ]
    cells = max(cell_len(symbol) + 1, cell_len(value), cell_len(brief) if cell_len(brief) <= 2 * cell_len(value) else 0)
    brief = brief if cell_len(brief) <= cells else ""
    look = style("accent" if is_in_hand else "")
    rows = [
        left + symbol + level * (cells - cell_len(symbol)) + right,
        side + filled(brief, cells) + side,
        side + filled(value, cells) + side,
        low_left + low_level * cells + low_right,
    ]
    return [(text, look) for text in rows]
