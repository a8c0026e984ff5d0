"""The loss as a mountain over two parameters, the others held where they are, with the path seen from above."""

from __future__ import annotations

from gdsim.charts.chart import Axis, Chart, Field, Series
from gdsim.charts.fitting import surface_elements
from gdsim.charts.loss_heights import loss_heights
from gdsim.charts.moment import run_of, theta_of, walk
from gdsim.charts.plane_walk import downhill, relief, walked
from gdsim.charts.truth import true_parameters
from gdsim.charts.view import View
from gdsim.charts.windows import Window, doubled, hull, widened
from gdsim.language import _

_FIRST_STEPS = 10
"""The window at first holds the place so many steps like the first one lead to."""


def build(view: View) -> Chart | None:
    """Return the loss over two parameters with the path, or None where no two are chosen or it costs too much."""
    elements = surface_elements(view)
    if elements is None:
        return None
    run, layout = run_of(view), run_of(view).model.layout
    path = walk(view.timeline, elements, view.position.update)[1]
    x, y = (doubled(_window_at_first(view, element), path[:, i]) for i, element in enumerate(elements))
    heights = loss_heights(run, theta_of(view), elements, x, y)
    if heights is None:
        return None
    layers: tuple[Series | Field, ...] = (
        relief(x, y, heights),
        *downhill(view, elements, x, y),
        *walked(view, elements, path),
    )
    names = [layout.label(element) for element in elements]
    return Chart(_("loss surface"), Axis(names[0], *x), Axis(names[1], *y), layers)


def _window_at_first(view: View, element: int) -> Window:
    """Return the window that holds the start, and the true value or else where steps like the first lead."""
    start = float(view.timeline.state(0).theta[element])
    landing = float(view.timeline.state(view.timeline.reach(1)).theta[element])
    truth = true_parameters(view)
    ahead = [start + _FIRST_STEPS * (landing - start)] if truth is None else [truth[element]]
    return widened(hull([start], ahead), part=0.25, least=max(1.0, abs(start)))
