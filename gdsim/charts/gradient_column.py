"""The negative gradient of many parameters as one long row: which way, and how much each is to move."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Role, Series
from gdsim.charts.moment import is_revealed
from gdsim.charts.series import bars, points, strongest
from gdsim.charts.view import View
from gdsim.charts.windows import hull, upwards
from gdsim.engine.update import GRADIENT
from gdsim.language import _
from gdsim.timeline.position import update_on_view

_MANY = 50
_MOST_BARS = 100
_NAMED = 3
_SMALLEST = 2.0**-60


def applies(view: View) -> bool:
    """Whether there are too many parameters for a table to show at once."""
    return view.timeline.run.model.layout.size > _MANY


def build(view: View) -> Chart | None:
    """Return the negative gradient by element of θ, once it is revealed; None for few parameters.

    Neighbours share a bar, which shows the one that is to move most.
    """
    layout = view.timeline.run.model.layout
    if layout.size <= _MANY:
        return None
    x = Axis(_("element"), 0.0, float(layout.size - 1))
    update = update_on_view(view.timeline, view.position)
    if update is None or not is_revealed(view, GRADIENT):
        return Chart(_("negative gradient"), x, Axis(_("not computed yet"), -1.0, 1.0), ())
    downhill = -update.gradient
    elements = strongest(downhill, _MOST_BARS)
    top = hull(np.abs(downhill[elements]))
    most = 1.0 if top is None or top[1] == 0 else upwards(top[1], _SMALLEST)
    largest = elements[np.argsort(-np.nan_to_num(np.abs(downhill[elements])), kind="stable")[:_NAMED]]
    layers: list[Series] = [bars(Role.PATH, elements, downhill[elements])]
    for rank, element in enumerate(largest.tolist(), 1):
        label = f"{layout.label(element)} {downhill[element]:+.2g}"
        layers.append(points(Role.CURRENT, element, downhill[element], label, str(rank)))
    return Chart(_("negative gradient"), x, Axis("-g", -most, most), tuple(layers))
