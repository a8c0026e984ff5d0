"""The loss by update."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Role, line, line_beside, name_of_main, points, thinned
from gdsim.charts.current import standing
from gdsim.charts.layout import Window, decades, hull, updates_shown
from gdsim.charts.shapes import counts_mistakes
from gdsim.charts.view import View
from gdsim.engine.parameters import Vector
from gdsim.i18n import _

_DECADES_FOR_LOG = 1000.0
"""Losses whose ratio of highest to lowest exceeds this factor are shown on a log axis."""


def build(view: View) -> Chart:
    """Return the loss after each update so far, and those of the comparison runs."""
    updates, losses = thinned(*view.timeline.losses(view.position.update))
    others = [thinned(*run.timeline.losses(standing(run, view))) for run in view.comparisons]
    beside = [each for run, xy in zip(view.comparisons, others, strict=True) for each in line_beside(run, *xy)]
    is_count = counts_mistakes(view.timeline.run)
    label = _("points on the wrong side") if is_count else _("loss")
    layers = [
        *beside,
        line(Role.LOSS, updates, losses, label),
        points(Role.CURRENT, updates[-1:], losses[-1:], name_of_main(view.comparisons)),
    ]
    x_window = updates_shown(view.clock)
    shown = np.concatenate([losses, *(y for _x, y in others)])
    across = Axis(_("update"), *x_window, is_count=True)
    return Chart(_("loss by update"), across, _axis(label, shown, is_count), tuple(layers))


def _axis(label: str, losses: Vector, is_count: bool) -> Axis:
    """Return the axis for losses: logarithmic if none is negative and they span many powers of ten, else from 0.

    Losses of 0, which run down a log axis without end, do not count for its span.
    """
    low, high = hull(losses) or (0.0, 1.0)
    least = float(losses[losses > 0].min(initial=np.inf))
    if low >= 0 and not is_count and high / least > _DECADES_FOR_LOG:
        return Axis(label, *decades(least, high), is_log=True)
    return Axis(label, *_from_zero(low, high), is_count=is_count)


def _from_zero(low: float, high: float) -> Window:
    """Return a window from 0 (or a round number below negative losses) to a round number above."""
    size = max(abs(low), abs(high)) or 1.0
    step = 10.0 ** np.floor(np.log10(size)) / 2
    bottom = 0.0 if low >= 0 else float(np.floor(low / step) * step)
    top = float(np.ceil(high / step - 1e-9) * step)
    return bottom, max(top, bottom + step)
