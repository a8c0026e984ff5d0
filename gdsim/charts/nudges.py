"""The gradient by nudging beside that of backpropagation, weight by weight."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Role, Series
from gdsim.charts.fitting import has_few_weights
from gdsim.charts.moment import gradient_here
from gdsim.charts.series import bars, points
from gdsim.charts.view import View
from gdsim.charts.windows import hull, upwards
from gdsim.language import _

_SMALLEST = 2.0**-60


def build(view: View) -> Chart | None:
    """Return the gradient both ways, of the elements nudged so far; None for anything but a small network."""
    if not has_few_weights(view):
        return None
    nudging, size = view.nudging, view.timeline.run.model.layout.size
    gradient = gradient_here(view) if nudging is None else nudging.update.gradient
    top = hull(np.abs(gradient))
    most = 1.0 if top is None or top[1] == 0 else upwards(top[1], _SMALLEST)
    x, layers = Axis(_("weight"), -0.5, size - 0.5), list[Series]()
    if nudging is None or not nudging.count:
        label = _("nothing nudged yet")
    else:
        label, elements = _("gradient"), np.arange(size, dtype=np.float64)
        computed = np.full(size, np.nan)
        computed[: nudging.count] = nudging.computed
        slopes, last = nudging.nudges.slopes, nudging.count - 1
        layers.append(bars(Role.FIT, elements, computed, _("backpropagation")))
        layers.append(points(Role.NEXT, elements[: last + 1], slopes, _("by nudging"), "o"))
        name = nudging.update.run.model.layout.label(last)
        layers.append(points(Role.CURRENT, elements[last], slopes[last], name if last < size - 1 else ""))
    return Chart(_("nudged"), x, Axis(label, -most, most), tuple(layers))
