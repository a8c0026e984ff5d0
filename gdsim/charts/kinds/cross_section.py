"""A cut through the mountain along the step: the function's values in the direction of the update."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Role, Series, line, name_of_main, points, role_beside
from gdsim.charts.current import is_revealed, position_of, run_of, update_shown
from gdsim.charts.layout import heights_window, upwards
from gdsim.charts.shapes import function_of
from gdsim.charts.view import Comparison, View
from gdsim.engine.parameters import Vector
from gdsim.engine.update import GRADIENT, Update
from gdsim.i18n import _
from gdsim.timeline.position import update_on_view

_SAMPLES = 161
_SMALLEST_REACH = 2.0**-40


def build(view: View) -> Chart | None:
    """Return the heights along the step of the update shown; None for all but functions of several variables.

    x is the distance from the start of the update, positive in its direction.
    """
    expression, update = function_of(run_of(view)), update_shown(view)
    if expression is None or len(expression.variables) < 2:
        return None
    title, x_label, y_label = _("along the step"), _("distance"), f"f({', '.join(expression.variables)})"
    if view.is_asking and update is not None and update.number > view.position.update:
        update = None
    way = _way(update) if update is not None else None
    if update is None or way is None:
        return Chart(title, Axis(x_label), Axis(y_label), ())
    length = float(np.linalg.norm(update.change))
    reach = upwards(2 * length, _SMALLEST_REACH) if np.isfinite(length) else 1.0
    distances = np.linspace(-reach, 2 * reach, _SAMPLES)
    heights = expression(*(update.before.theta + distances[:, np.newaxis] * way).T)
    layers: list[Series] = [line(Role.CURVE, distances, heights, y_label)]
    for beside in view.comparisons:
        layers += _beside(beside, view, distances)
    if update.number == view.position.update:
        layers.append(points(Role.PATH, 0.0, update.loss_before, _("before")))
        layers.append(points(Role.CURRENT, length, update.loss, name_of_main(view.comparisons)))
    else:
        layers.append(points(Role.CURRENT, 0.0, update.loss_before, name_of_main(view.comparisons)))
        if view.position.phase is not None and is_revealed(view, GRADIENT):
            layers.append(points(Role.NEXT, length, update.loss, _("next")))
    x = Axis(x_label, float(distances[0]), float(distances[-1]))
    return Chart(title, x, Axis(y_label, *heights_window(heights)), tuple(layers))


def _beside(beside: Comparison, view: View, distances: Vector) -> list[Series]:
    """Return the heights along a comparison run's step, measured from the start of its own update."""
    position = position_of(beside, view)
    update = update_on_view(beside.timeline, position) or beside.timeline.next_update(position.update)
    expression, way = function_of(beside.timeline.run), None if update is None else _way(update)
    if update is None or way is None or expression is None:
        return []
    role, theta = role_beside(beside), update.before.theta
    heights = expression(*(theta + distances[:, np.newaxis] * way).T)
    stands_at = float(np.linalg.norm(update.change)) if update.number == position.update else 0.0
    height = update.loss if update.number == position.update else update.loss_before
    return [
        line(role, distances, heights, mark=beside.mark),
        points(role, stands_at, height, beside.label, beside.mark),
    ]


def _way(update: Update) -> Vector | None:
    """Return the unit vector of the step, else of the negative gradient; None if both are 0 or not finite."""
    for direction in (update.change, -update.gradient):
        length = float(np.linalg.norm(direction))
        if np.isfinite(length) and length > 0:
            return np.asarray(direction / length)
    return None
