"""Whatever a chart is made of, as rows of characters.

What draws a kind of drawing is loaded with the first of its kind: few scenarios have all of them, and the first screen
need not wait for those it does not show.
"""

from __future__ import annotations

from textual.strip import Strip

from gdsim.charts.chart import Answers, Chart, Drawing, LongColumn, NetworkDrawing, Picture
from gdsim.tui.canvas import Canvas
from gdsim.tui.palettes import Palette


def draw(drawing: Drawing, width: int, height: int, palette: Palette, *, ascii_only: bool = False) -> list[Strip]:
    """Return a drawing as `height` strips of `width` cells each; sizes from 1 × 1 on.

    The titles of `Answers` and `SideBySide` are left to the frame around them.
    """
    if isinstance(drawing, Chart):
        from gdsim.tui.plot import draw as draw_chart

        return draw_chart(drawing, width, height, palette, ascii_only=ascii_only)
    if isinstance(drawing, NetworkDrawing):
        from gdsim.tui.network_drawing import draw_network

        return draw_network(drawing, width, height, palette, ascii_only=ascii_only)
    canvas = Canvas(width, height)
    if isinstance(drawing, Picture):
        from gdsim.tui.picture import put_picture

        put_picture(canvas, 0, 0, width, height, drawing, palette, ascii_only)
    elif isinstance(drawing, LongColumn):
        from gdsim.tui.long_column import put_long_column

        put_long_column(canvas, 0, 0, width, height, drawing, palette, ascii_only)
    elif isinstance(drawing, Answers):
        from gdsim.tui.answers import put_answers

        put_answers(canvas, 0, 0, width, height, drawing, palette, ascii_only)
    else:
        from gdsim.tui.side_by_side import put_parts

        put_parts(canvas, drawing, palette, ascii_only)
    return canvas.strips()
