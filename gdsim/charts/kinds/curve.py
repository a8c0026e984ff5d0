"""The hill of a function of one variable with the path on it, and the windows of functions of any number."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import (
    Axis,
    Chart,
    Role,
    Series,
    line,
    name_of_main,
    points,
    role_beside,
    starts,
    tangent,
)
from gdsim.charts.current import gradient_here, is_revealed, run_of, standing, theta_of, unfinished_update, walk
from gdsim.charts.layout import Window, digits, doubled, heights_window, journey_window
from gdsim.charts.shapes import function_of
from gdsim.charts.view import Comparison, View
from gdsim.engine.formula.expressions import Expression
from gdsim.engine.parameters import Vector
from gdsim.engine.update import GRADIENT
from gdsim.i18n import _
from gdsim.timeline.timeline import Timeline

_EDGE = 0.05
"""Margin, as a part of the window, beyond a start that the window is stretched to hold."""


def offered_starts(view: View, element: int) -> list[float]:
    """Return the coordinate of one variable for every starting point the scenario offers."""
    function = view.scenario.function
    if function is None:
        return []
    name = view.timeline.run.model.layout.names[element]
    return [start[name] for start in (function.start, *function.starts) if name in start]


def window_of(view: View, element: int, path: Vector) -> Window:
    """Return the window of a variable for a path (kept,), the current value last.

    The scenario's own window, stretched to the start while the current value is outside it; without one, a window that
    holds all starts and the first update's landing. Doubled if that is not enough.
    """
    asked = _asked_for(view, element)
    if asked is None:
        start, landing = (float(view.timeline.state(k).theta[element]) for k in (0, view.timeline.reach(1)))
        return doubled(journey_window([start, *offered_starts(view, element)], landing), path)
    low, high = asked
    if low <= path[-1] <= high:
        return asked
    start = float(path[0])
    return doubled((min(low, start - _EDGE * (high - start)), max(high, start + _EDGE * (start - low))), path)


def _asked_for(view: View, element: int) -> Window | None:
    """Return the scenario's own window of a variable; None if it sets none."""
    function, name = view.scenario.function, view.timeline.run.model.layout.names[element]
    return None if function is None or function.view is None else function.view.get(name)


_SAMPLES = 241


def build(view: View) -> Chart | None:
    """Return the hill with the path on it; None unless the run minimises a function of one variable."""
    f = function_of(run_of(view), 1)
    if f is None:
        return None
    x = walk(view.timeline, (0,), view.position.update)[1][:, 0]
    window = window_of(view, 0, x)
    across = np.linspace(*window, _SAMPLES)
    heights = f(across)
    hills_beside = _hills_beside(view, f, across)
    low, high = heights_window(np.concatenate([heights, *(hill.y for hill in hills_beside)]))
    name = f.variables[0]
    height = f"f({name})"
    layers = [
        *hills_beside,
        line(Role.CURVE, across, heights, height),
        *_tangent(view, f, window, high - low),
        *(series for beside in view.comparisons for series in _walk_beside(beside, view)),
        points(Role.PATH, x[:-1], f(x[:-1]), _("path")),
        *_other_starts(view, f),
        *starts(view, _start),
        *_next(view, f),
        points(Role.CURRENT, x[-1], f(x[-1]), name_of_main(view.comparisons)),
    ]
    return Chart(_("hill"), Axis(name, *window), Axis(height, low, high), tuple(layers))


def _tangent(view: View, f: Expression, window: Window, height: float) -> list[Series]:
    """Return the tangent at the current point; empty while a question is open, which may ask for the slope."""
    if view.is_asking:
        return []
    place, slope = float(theta_of(view)[0]), float(gradient_here(view)[0])
    label = _("slope {slope}").format(slope=digits(slope, 4))
    return tangent(Role.TANGENT, place, float(f(place)), slope, window, height, label)


def _next(view: View, f: Expression) -> list[Series]:
    """Return the point the unfinished update leads to, once its gradient is revealed."""
    update = unfinished_update(view)
    if update is None or not is_revealed(view, GRADIENT):
        return []
    return [points(Role.NEXT, update.after.theta[0], f(update.after.theta[0]), _("next"))]


def _other_starts(view: View, f: Expression) -> list[Series]:
    """Return the starting points the scenario offers, except those that runs shown here started from."""
    walked = {timeline.state(0).theta[0] for timeline in (view.timeline, *(each.timeline for each in view.comparisons))}
    others = np.array([place for place in offered_starts(view, 0) if place not in walked])
    return [points(Role.DATA, others, f(others), _("other starts"))] if others.size else []


def _hills_beside(view: View, f: Expression, across: Vector) -> list[Series]:
    """Return the hills of comparison runs that minimise another function."""
    others = [(beside, function_of(beside.timeline.run, 1)) for beside in view.comparisons]
    return [
        line(role_beside(beside), across, other(across), mark=beside.mark)
        for beside, other in others
        if other is not None and other.term != f.term
    ]


def _start(timeline: Timeline) -> Vector | None:
    """Return the start of a run on its own hill: (2,); None if it minimises no function of one variable."""
    f, x = function_of(timeline.run, 1), timeline.state(0).theta[0]
    return None if f is None else np.array([x, f(x)])


def _walk_beside(beside: Comparison, view: View) -> list[Series]:
    """Return the path of a comparison run on its own hill."""
    update = standing(beside, view)
    f = function_of(beside.timeline.run_at(update), 1)
    if f is None:
        return []
    x, role = walk(beside.timeline, (0,), update)[1][:, 0], role_beside(beside)
    return [points(role, x[:-1], f(x[:-1]), mark="·"), points(role, x[-1], f(x[-1]), beside.label, beside.mark)]
