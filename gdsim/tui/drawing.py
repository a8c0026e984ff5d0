"""Whatever a chart is made of, as rows of characters."""

from __future__ import annotations

from rich.cells import cell_len
from textual.strip import Strip

from gdsim.charts.chart import Answers, Drawing, LongColumn, NetworkDrawing, Picture, SideBySide
from gdsim.tui.answers import put_answers
from gdsim.tui.canvas import Canvas
from gdsim.tui.long_column import put_long_column
from gdsim.tui.network_drawing import draw_network
from gdsim.tui.palettes import Palette
from gdsim.tui.picture import put_picture

_GAP = 3
_LEAST_PART = 14
_ANSWERS = 23
"""Columns the answers beside a picture are left, where the picture can be smaller."""


def draw(drawing: Drawing, width: int, height: int, palette: Palette, *, ascii_only: bool = False) -> list[Strip]:
    """Return a drawing as `height` strips of `width` cells each; sizes from 1 × 1 on.

    The titles of `Answers` and `SideBySide` are left to the frame around them.
    """
    if isinstance(drawing, NetworkDrawing):
        return draw_network(drawing, width, height, palette, ascii_only=ascii_only)
    canvas = Canvas(width, height)
    if isinstance(drawing, Picture):
        put_picture(canvas, 0, 0, width, height, drawing, palette, ascii_only)
    elif isinstance(drawing, LongColumn):
        put_long_column(canvas, 0, 0, width, height, drawing, palette, ascii_only)
    elif isinstance(drawing, Answers):
        put_answers(canvas, 0, 0, width, height, drawing, palette, ascii_only)
    elif isinstance(drawing, SideBySide):
        _put_parts(canvas, drawing, palette, ascii_only)
    else:
        # plotext is slow to import, so it waits for the first chart that needs it.
        from gdsim.tui.plot import draw as draw_chart

        return draw_chart(drawing, width, height, palette, ascii_only=ascii_only)
    return canvas.strips()


def _put_parts(canvas: Canvas, drawing: SideBySide, palette: Palette, ascii_only: bool) -> None:
    """Draw the parts from left to right as long as there is room."""
    left = 0
    for number, part in enumerate(drawing.parts):
        room = canvas.width - left
        if number and room < _LEAST_PART:
            return
        if isinstance(part, Answers):
            put_answers(canvas, left, 0, room, canvas.height, part, palette, ascii_only)
            return
        share = _share(drawing, number, room)
        left += _GAP + max(
            put_picture(canvas, left, 0, share, canvas.height, part, palette, ascii_only), _words_width(part)
        )


def _share(drawing: SideBySide, number: int, room: int) -> int:
    """Return the columns part `number` may take: an even share of the room, if the parts after it can use theirs."""
    parts = len(drawing.parts) - number
    if parts == 1:
        return room
    if isinstance(drawing.parts[-1], Answers):
        return max(min(room, _LEAST_PART), room - _GAP - _ANSWERS)
    share = (room - _GAP * (parts - 1)) // parts
    return share if share >= _LEAST_PART else room


def _words_width(picture: Picture) -> int:
    """Return the columns the words of a picture take."""
    return max((cell_len(line) for line in (picture.title, *picture.caption)), default=0)
