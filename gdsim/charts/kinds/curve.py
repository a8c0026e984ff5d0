"""Where walks over a function start, and the window that shows them before any step is made."""

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
"""Part of a window left free beyond a start that it is stretched to."""


def offered_starts(view: View, element: int) -> list[float]:
    """Return one coordinate of every starting point the scenario offers."""
    function = view.scenario.function
    if function is None:
        return []
    name = view.timeline.run.model.layout.names[element]
    return [start[name] for start in (function.start, *function.starts) if name in start]


def window_of(view: View, element: int, path: Vector) -> Window:
    """Return the window of a variable for a walk along `path` (kept,), the current place last.

    The scenario's own window, stretched to the start while the walker is still out there; else one that holds all
    starts and where the first update lands. Doubled where that is not enough.
    """
    asked = _asked_for(view, element)
    if asked is None:
        start, landing = (float(view.timeline.state(k).theta[element]) for k in (0, view.timeline.reach(1)))
        return doubled(journey_window([start, *offered_starts(view, element)], landing), path)
    low, high = asked
    if low <= path[-1] <= high:
        return asked
    start = float(path[0])
    return doubled((min(low, start - _EDGE * (high - start)), max(high, start + _EDGE * (start - low))), path[-1:])


def _asked_for(view: View, element: int) -> Window | None:
    """Return the scenario's own window of a variable."""
    function, name = view.scenario.function, view.timeline.run.model.layout.names[element]
    return None if function is None or function.view is None else function.view.get(name)


_SAMPLES = 241


def build(view: View) -> Chart | None:
    """Return the hill with the walk on it, or None for anything but a function of one variable."""
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
        *_other_starts(view, f),
        *(series for beside in view.comparisons for series in _walk_beside(beside, view)),
        points(Role.PATH, x[:-1], f(x[:-1]), _("path")),
        *starts(view, _start),
        *_next(view, f),
        points(Role.CURRENT, x[-1], f(x[-1]), name_of_main(view.comparisons)),
    ]
    return Chart(_("hill"), Axis(name, *window), Axis(height, low, high), tuple(layers))


def _tangent(view: View, f: Expression, window: Window, height: float) -> list[Series]:
    """Return the tangent at the current point; nothing while its slope may be asked for."""
    if view.is_asking:
        return []
    place, slope = float(theta_of(view)[0]), float(gradient_here(view)[0])
    label = _("slope {slope}").format(slope=digits(slope, 4))
    return tangent(Role.TANGENT, place, float(f(place)), slope, window, height, label)


def _next(view: View, f: Expression) -> list[Series]:
    """Return the place the unfinished update leads to, once its gradient is revealed."""
    update = unfinished_update(view)
    if update is None or not is_revealed(view, GRADIENT):
        return []
    return [points(Role.NEXT, update.after.theta[0], f(update.after.theta[0]), _("next"))]


def _other_starts(view: View, f: Expression) -> list[Series]:
    """Return the starting points a scenario offers besides the one walked from."""
    walked = {timeline.state(0).theta[0] for timeline in (view.timeline, *(each.timeline for each in view.comparisons))}
    others = np.array([place for place in offered_starts(view, 0) if place not in walked])
    return [points(Role.DATA, others, f(others), _("other starts"))] if others.size else []


def _hills_beside(view: View, f: Expression, across: Vector) -> list[Series]:
    """Return the hills of runs beside that walk down another function."""
    others = [(beside, function_of(beside.timeline.run, 1)) for beside in view.comparisons]
    return [
        line(role_beside(beside), across, other(across), mark=beside.mark)
        for beside, other in others
        if other is not None and other.term != f.term
    ]


def _start(timeline: Timeline) -> Vector | None:
    """Return where a run began on its own hill: (2,)."""
    f, x = function_of(timeline.run, 1), timeline.state(0).theta[0]
    return None if f is None else np.array([x, f(x)])


def _walk_beside(beside: Comparison, view: View) -> list[Series]:
    """Return the walk of a run beside on its own hill."""
    update = standing(beside, view)
    f = function_of(beside.timeline.run_at(update), 1)
    if f is None:
        return []
    x, role = walk(beside.timeline, (0,), update)[1][:, 0], role_beside(beside)
    return [points(role, x[:-1], f(x[:-1]), mark="·"), points(role, x[-1], f(x[-1]), beside.label, beside.mark)]
