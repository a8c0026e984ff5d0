"""The mountain, or the loss over two parameters, seen from the side: turned and tilted with the arrow keys."""

from __future__ import annotations

from dataclasses import replace

from gdsim.charts.chart import Chart
from gdsim.charts.fitting import has_surface, walks_two_variables
from gdsim.charts.kinds import contour, surface
from gdsim.charts.view import View
from gdsim.i18n import _
from gdsim.timeline.position import Focus

_TURN, _TILT = 15, 10
"""Degrees per key press."""
_LOWEST, _HIGHEST = 10, 80


def has_heights(view: View) -> bool:
    """Whether there are heights over two variables or two parameters."""
    return walks_two_variables(view) or has_surface(view)


def build(view: View) -> Chart | None:
    """Return the chart of the heights seen from above, with angles added; None if there is none."""
    chart = contour.build(view, rim=0.0) or surface.build(view, rim=0.0)
    if chart is None:
        return None
    return replace(chart, title=_("seen from the side"), angles=(view.focus.turn, view.focus.tilt))


def turned(view: View, right: int, down: int) -> Focus:
    """Return the focus with the surface turned (positive `right`) and tilted towards the side (positive `down`)."""
    tilt = max(_LOWEST, min(_HIGHEST, view.focus.tilt - down * _TILT))
    return replace(view.focus, turn=(view.focus.turn + right * _TURN) % 360, tilt=tilt)


def description(view: View) -> str:
    """Return the angles the surface is seen at."""
    return _("turned {turn}°, tilted {tilt}°").format(turn=view.focus.turn, tilt=view.focus.tilt)
