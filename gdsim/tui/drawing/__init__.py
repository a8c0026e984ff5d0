"""Draws everything a chart panel shows as rows of characters."""

from __future__ import annotations

from textual.strip import Strip

from gdsim.charts.chart import Answers, Chart, Confusion, Drawing, Gallery, LongColumn, NetworkDrawing, Picture
from gdsim.tui.canvas import Canvas
from gdsim.tui.drawing.chart import draw_chart
from gdsim.tui.drawing.columns import put_answers, put_long_column
from gdsim.tui.drawing.confusion import put_confusion
from gdsim.tui.drawing.network import put_network
from gdsim.tui.drawing.picture import put_gallery, put_parts, put_picture
from gdsim.tui.palettes import Palette


def draw(drawing: Drawing, width: int, height: int, palette: Palette, *, ascii_only: bool = False) -> list[Strip]:
    """Return a drawing as `height` strips of `width` cells each; any size from 1 × 1.

    Titles of `Answers`, `Confusion` and `SideBySide` are not drawn; they belong in the frame around the drawing.
    """
    if isinstance(drawing, Chart):
        return draw_chart(drawing, width, height, palette, ascii_only=ascii_only)
    canvas = Canvas(width, height, palette, ascii_only=ascii_only)
    if isinstance(drawing, Confusion):
        put_confusion(canvas, drawing)
    elif isinstance(drawing, NetworkDrawing):
        put_network(canvas, drawing)
    elif isinstance(drawing, Picture):
        put_picture(canvas, drawing)
    elif isinstance(drawing, Gallery):
        put_gallery(canvas, drawing)
    elif isinstance(drawing, LongColumn):
        put_long_column(canvas, drawing)
    elif isinstance(drawing, Answers):
        put_answers(canvas, drawing)
    else:
        put_parts(canvas, drawing)
    return canvas.strips()
