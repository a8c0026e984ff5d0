"""The mountain from above: a function of two variables as shades, with the walk so far."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Field, Series
from gdsim.charts.moment import run_of, walk
from gdsim.charts.plane_walk import downhill, relief, walked
from gdsim.charts.shapes import function_of
from gdsim.charts.starts import window_of
from gdsim.charts.view import View
from gdsim.language import _

_COLUMNS, _ROWS = 61, 31
_ELEMENTS = (0, 1)


def build(view: View) -> Chart | None:
    """Return the mountain with the walk on it, or None for anything but a function of two variables."""
    f = function_of(run_of(view), 2)
    if f is None:
        return None
    path = walk(view.timeline, _ELEMENTS, view.position.update)[1]
    x, y = (window_of(view, i, path[:, i]) for i in _ELEMENTS)
    heights = f(np.linspace(*x, _COLUMNS)[np.newaxis, :], np.linspace(*y, _ROWS)[:, np.newaxis])
    layers: tuple[Series | Field, ...] = (
        relief(x, y, heights),
        *downhill(view, _ELEMENTS, x, y),
        *walked(view, _ELEMENTS, path),
    )
    return Chart(_("mountain from above"), Axis(f.variables[0], *x), Axis(f.variables[1], *y), layers)
