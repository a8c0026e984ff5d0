"""Draws with plotext: frames with ticks and names, and layers of lines, bars, points and labels.

The only module that imports plotext. Each figure is a separate object without global state; results are cached by
content. plotext gets positions from 0 to 1 in a window computed by `gdsim.charts.layout`, all of them finite and inside
the window. It returns characters by cell; palettes give them colours.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from textual_plotext import Plot

from gdsim.tui.canvas import is_braille, over

Place = tuple[int, int]
"""Column and row of a cell of the window, from its lower left corner."""
Positions = tuple[float | None, ...]
"""Positions along an axis, from 0 to 1; None where a line breaks."""
Ticks = tuple[tuple[float, str], ...]
"""Positions and labels."""

SECOND_CELL = "\0"
"""Passed to plotext for the second cell of a wide character, since plotext counts characters, not cells."""
_FRAME_IN_ASCII = str.maketrans("│─└┤┬", "|-+++")


class Layer(NamedTuple):
    """One call of plotext: positions x, y (points,), and the character, or kind of dots, that marks them.

    is_joined: draw a line. bars_from: the height at which bars begin, None for no bars. text: written from the single
    position on.
    """

    x: Positions
    y: Positions
    mark: str = ""
    is_joined: bool = False
    bars_from: float | None = None
    text: str = ""


@lru_cache(maxsize=64)
def frame(
    size: tuple[int, int], x_ticks: Ticks, y_ticks: Ticks, names: tuple[str, str], ascii_only: bool
) -> tuple[tuple[str, ...], ...]:
    """Return the cells of both axes with ticks, numbers and, below them, the names; the lowest row first."""
    figure = _figure(size)
    figure.scatter([], [])  # plotext has no axes for a figure without data
    figure.xaxes(True, False)
    figure.yaxes(True, False)
    for ticks, set_ticks in ((x_ticks, figure.xticks), (y_ticks, figure.yticks)):
        set_ticks([position for position, _label in ticks], [label for _position, label in ticks])
    if any(names):
        figure.xlabel(names[0])
        figure.ylabel(names[1])
    figure.monitor.build_plot()
    rows = figure.monitor.matrix.marker
    if ascii_only:
        rows = [[glyph.translate(_FRAME_IN_ASCII) for glyph in row] for row in rows]
    return tuple(tuple("" if glyph == SECOND_CELL else glyph for glyph in row) for row in rows)


@lru_cache(maxsize=128)
def plotted(size: tuple[int, int], layers: tuple[Layer, ...]) -> tuple[tuple[Place, str, int], ...]:
    """Return the cells of layers in a window of `size` (columns, rows), later layers over earlier ones.

    Each cell has its character and the number of its layer, which is passed to plotext as a colour (at most 256).
    Lines that share a cell show the dots of both.
    """
    figure = _figure(size)
    matrix = figure.monitor.matrix
    insert = matrix.insert_element

    def lay(column: int, row: int, glyph: str, *look: object) -> None:
        insert(column, row, over(matrix.marker[row][column], glyph) if is_braille(glyph) else glyph, *look)

    matrix.insert_element = lay
    for number, layer in enumerate(layers):
        if layer.text:
            figure.text(layer.text, layer.x[0], layer.y[0], color=number, alignment="left")
        elif layer.is_joined:
            figure.plot(layer.x, layer.y, marker=layer.mark, color=number)
        else:
            bars = {} if layer.bars_from is None else {"fillx": layer.bars_from}
            figure.scatter(layer.x, layer.y, marker=layer.mark, color=number, **bars)
    figure.monitor.build_plot()
    return tuple(
        ((column, row), "" if glyph == SECOND_CELL else glyph, number)
        for row, (glyphs, numbers) in enumerate(zip(matrix.marker, matrix.fullground, strict=True))
        for column, (glyph, number) in enumerate(zip(glyphs, numbers, strict=True))
        if isinstance(number, int)
    )


def _figure(size: tuple[int, int]) -> Any:
    """Return a figure without axes, with a window from 0 to 1 both ways; untyped, as plotext is."""
    figure: Any = Plot()
    figure.monitor.set_size(list(size))
    figure.xlim(0, 1)
    figure.ylim(0, 1)
    for hide in (figure.xaxes, figure.yaxes):
        hide(False, False)
    for set_ticks in (figure.xticks, figure.yticks):
        set_ticks([], [])
    return figure
