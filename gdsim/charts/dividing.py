"""The line a perceptron divides its points by: before and after an update, with its weights and its margin."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Role, Series
from gdsim.charts.digits import digits
from gdsim.charts.series import arrow, line
from gdsim.charts.shapes import line_of, margin_of, points_of
from gdsim.charts.view import View
from gdsim.charts.windows import Window
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run
from gdsim.language import _
from gdsim.timeline.position import update_on_view

_ARROW_LENGTH = 0.25


def line_before(view: View, x: Window, y: Window) -> list[Series]:
    """Return the line before the correction just made; nothing where none was."""
    update = update_on_view(view.timeline, view.position)
    if view.position.phase is not None or update is None or not update.is_mistake:
        return []
    return dividing_line(update.run, update.before.theta, x, y, Role.BEFORE, _("before"))


def dividing_line(
    run: Run, theta: Vector, x: Window, y: Window, role: Role, label: str, mark: str = ""
) -> list[Series]:
    """Return the line wᵀx + b = 0 from edge to edge of the window and beyond, where there is one."""
    dividing = line_of(run, theta)
    if dividing is None or not dividing.weights.any():
        return []
    foot = _foot(dividing.weights, dividing.bias, x, y)
    along = np.array([-dividing.weights[1], dividing.weights[0]]) / np.linalg.norm(dividing.weights)
    reach = np.hypot(x[1] - x[0], y[1] - y[0]) * 2
    ends = foot + reach * np.array([-along, along])
    return [line(role, ends[:, 0], ends[:, 1], label, mark)]


def weight_arrow(run: Run, theta: Vector, x: Window, y: Window) -> list[Series]:
    """Return the weights as an arrow from the line towards the side answered with 1; its length says nothing."""
    dividing = line_of(run, theta)
    if dividing is None or not dividing.weights.any():
        return []
    w = dividing.weights
    foot = _foot(w, dividing.bias, x, y)
    length = _ARROW_LENGTH / max(abs(w[0]) / (x[1] - x[0]), abs(w[1]) / (y[1] - y[0]))
    return [arrow(Role.TANGENT, foot, foot + length * w, _("weights w"))]


def _foot(weights: Vector, bias: float, x: Window, y: Window) -> Vector:
    """Return the point of the line nearest to the middle of the window."""
    middle = np.array([x[0] + x[1], y[0] + y[1]]) / 2
    return middle - weights * (weights @ middle + bias) / (weights @ weights)


def margin_line(run: Run, theta: Vector) -> list[Series]:
    """Return the way from the point that lies worst to the line: the margin, negative on the wrong side."""
    dividing, known, margin = line_of(run, theta), points_of(run), margin_of(run, theta)
    if dividing is None or known is None or margin is None:
        return []
    point, w = known.inputs[margin[0]], dividing.weights
    foot = point - w * (w @ point + dividing.bias) / (w @ w)
    label = _("margin {margin}").format(margin=digits(margin[1], 3, signed=True))
    return [line(Role.LOSS, (point[0], foot[0]), (point[1], foot[1]), label)]
