"""Drawings that belong together, from left to right."""

from __future__ import annotations

from rich.cells import cell_len

from gdsim.charts.chart import Answers, Picture, SideBySide
from gdsim.tui.answers import put_answers
from gdsim.tui.canvas import Canvas
from gdsim.tui.palettes import Palette
from gdsim.tui.picture import put_picture

_GAP = 3
_LEAST_PART = 14
_ANSWERS = 23
"""Columns the answers beside a picture are left, where the picture can be smaller."""


def put_parts(canvas: Canvas, drawing: SideBySide, palette: Palette, ascii_only: bool) -> None:
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
