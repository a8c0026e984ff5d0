"""Samples of two inputs by class, and the boundary where the predicted class changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import (
    Axis,
    Chart,
    Field,
    Role,
    Series,
    arrow,
    line,
    point,
    points,
    role_beside,
    role_of_class,
)
from gdsim.charts.current import current_sample, neuron_in_focus, run_of, standing, theta_of, update_shown
from gdsim.charts.layout import RIM, Window, digits, hull, widened
from gdsim.charts.level_lines import level_line
from gdsim.charts.shapes import (
    classes_of,
    layers_of,
    line_of,
    margin_of,
    mistakes_of,
    outputs_by_layer,
    outputs_of,
    points_of,
    threshold_of,
)
from gdsim.charts.view import Comparison, View
from gdsim.engine.names import input_name, neuron_name
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run
from gdsim.i18n import _
from gdsim.timeline.position import update_on_view

_GRID = 46
_MOST_POINTS = 2000


def build(view: View) -> Chart | None:
    """Return the points by class, and the line or the network output that separates them.

    If a hidden neuron is chosen, its output is shown instead of the network's.
    """
    run, theta = run_of(view), theta_of(view)
    known, classes = points_of(run), classes_of(run)
    if known is None or classes is None or known.inputs.shape[1] != 2:
        return None
    x, y = (widened(hull(known.inputs[:, i]), part=0.15) for i in (0, 1))
    wide = widened(x, part=RIM), widened(y, part=RIM)
    seen = _seen(view, *wide)
    layers: list[Series | Field] = [*(seen or _answers(view, *wide))]
    for beside in view.comparisons:
        update = standing(beside, view)
        theirs, their_theta = beside.timeline.run_at(update), beside.timeline.state(update).theta
        layers += _answer_beside(theirs, their_theta, *wide, beside)
    layers += margin_line(run, theta)
    layers += line_before(view, x, y)
    layers += dividing_line(run, theta, x, y, Role.BOUNDARY, _("line"))
    layers += weight_arrow(run, theta, x, y)
    update_on_show, wrong = update_shown(view), mistakes_of(run, theta)
    is_wrong = np.zeros(len(classes), dtype=np.bool_) if wrong is None else wrong
    sample = None if update_on_show is None else current_sample(view, update_on_show)[0]
    layers += _classes(view, known.inputs, classes, is_wrong, sample)
    if sample is not None:
        label = _("current: class {name}").format(name=view.class_name(int(classes[sample])))
        label = f"{label}, {_('wrong')}" if is_wrong[sample] else label
        layers.append(point(Role.CURRENT, known.inputs[sample], label))
    across, up = (input_name(view.input_symbols, index, 2) for index in (0, 1))
    title = _("what {name} sees").format(name=layers[0].label) if seen else _("boundary")
    return Chart(title, Axis(across, *x), Axis(up, *y), tuple(layers))


def _answer_beside(run: Run, theta: Vector, x: Window, y: Window, beside: Comparison) -> list[Series]:
    """Return the decision boundary of a comparison run; a line without points if it predicts one class everywhere."""
    role = role_beside(beside)
    across, up, places = _grid(x, y)
    outputs = outputs_of(run, theta, places)
    if outputs is None:
        nowhere = line(role, [], [], beside.label, beside.mark)
        return dividing_line(run, theta, x, y, role, beside.label, beside.mark) or [nowhere]
    if outputs.shape[1] > 1:
        return []
    found = level_line(across, up, outputs.reshape(_GRID, _GRID) - threshold_of(run))
    return [line(role, *found, beside.label, beside.mark)]


def _classes(
    view: View, inputs: Vector, classes: NDArray[np.intp], is_wrong: NDArray[np.bool_], sample: int | None
) -> list[Series]:
    """Return the points of each class with their own mark; misclassified ones are circled.

    sample: index of the current one, which covers its mark; `wrong` is not named for its sake alone.
    """
    present = np.unique(classes).tolist()
    is_wrong = is_wrong & (np.arange(len(classes)) != sample)
    inputs, classes, is_wrong = inputs[:_MOST_POINTS], classes[:_MOST_POINTS], is_wrong[:_MOST_POINTS]
    series = []
    for number in present:
        role, mark = role_of_class(number), str(number)[-1] if len(present) > 2 else ""
        label = _("class {name}").format(name=view.class_name(number))
        right, missed = inputs[(classes == number) & ~is_wrong], inputs[(classes == number) & is_wrong]
        series.append(points(role, right[:, 0], right[:, 1], label, mark))
        if len(missed):
            series.append(points(role, missed[:, 0], missed[:, 1], _("wrong"), mark, is_circled=True))
    return series


def _answers(view: View, x: Window, y: Window) -> list[Series | Field]:
    """Return a network's output over the window as a field, with the decision boundary as a line.

    A single output is coloured over the whole range of its targets, so that outputs that hardly differ look alike.
    """
    run = run_of(view)
    across, up, places = _grid(x, y)
    outputs = outputs_of(run, theta_of(view), places)
    if outputs is None:
        return []
    if outputs.shape[1] > 1:
        answers = outputs.argmax(axis=1).reshape(_GRID, _GRID).astype(np.float64)
        names = tuple(view.class_name(number) for number in range(outputs.shape[1]))
        return [Field(*x, *y, answers, _("answer"), names=names)]
    answers, threshold = outputs.reshape(_GRID, _GRID), threshold_of(run)
    label = _("output = {threshold}").format(threshold=f"{threshold:g}")
    low = -1.0 if threshold == 0 else 0.0
    found = level_line(across, up, answers - threshold)
    return [
        Field(*x, *y, answers, _("output"), low, 1.0, threshold),
        *([line(Role.BOUNDARY, *found, label)] if found[0].size else []),
    ]


def _seen(view: View, x: Window, y: Window) -> list[Series | Field]:
    """Return the chosen hidden neuron's output over the window, with its middle level as a line; empty without one."""
    run, layers = run_of(view), layers_of(run_of(view))
    focus = neuron_in_focus(view, layers) if layers else None
    if focus is None or focus[0] == len(layers):
        return []
    across, up, places = _grid(x, y)
    outputs = outputs_by_layer(run, theta_of(view), places)[focus[0] - 1][:, focus[1]].reshape(_GRID, _GRID)
    low, high = hull(outputs) or (0.0, 0.0)
    most = max(abs(low), abs(high), 1.0)
    low, middle = (-most, 0.0) if low < 0 else (0.0, most / 2)
    name = neuron_name("a", run.model.layout, *focus)
    found = level_line(across, up, outputs - middle)
    label = f"{name} = {digits(middle, 3)}"
    return [
        Field(*x, *y, outputs, name, low, most, middle),
        *([line(Role.BOUNDARY, *found, label)] if found[0].size else []),
    ]


def _grid(x: Window, y: Window) -> tuple[Vector, Vector, Vector]:
    """Return the x and y coordinates of a grid over the windows, and its points (points, 2) row by row."""
    across, up = np.linspace(*x, _GRID), np.linspace(*y, _GRID)
    return across, up, np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)


_ARROW_LENGTH = 0.25
_FEET = (0.0, 0.1, -0.1, 0.2, -0.2, 0.3, -0.3, 0.4, -0.4)
"""Where the arrow of the weights may start, in parts of the window along the line, best first."""
_NEAR = np.array([0.08, 0.25])
"""Parts of the window, across and up, within which the arrow would seem to belong to a sample."""


def line_before(view: View, x: Window, y: Window) -> list[Series]:
    """Return the line before the correction just made; empty if there was none."""
    update = update_on_view(view.timeline, view.position)
    if view.position.phase is not None or update is None or not update.is_mistake:
        return []
    return dividing_line(update.run, update.before.theta, x, y, Role.BEFORE, _("before"))


def dividing_line(
    run: Run, theta: Vector, x: Window, y: Window, role: Role, label: str, mark: str = ""
) -> list[Series]:
    """Return the line wᵀx + b = 0 from edge to edge of the window and beyond; empty if there is none."""
    dividing = line_of(run, theta)
    if dividing is None or not dividing.weights.any():
        return []
    foot = _foot(dividing.weights, dividing.bias, x, y)
    along = np.array([-dividing.weights[1], dividing.weights[0]]) / np.linalg.norm(dividing.weights)
    reach = np.hypot(x[1] - x[0], y[1] - y[0]) * 2
    ends = foot + reach * np.array([-along, along])
    return [line(role, ends[:, 0], ends[:, 1], label, mark)]


def weight_arrow(run: Run, theta: Vector, x: Window, y: Window) -> list[Series]:
    """Return the weights as an arrow from the line towards the side of class 1; its length has no meaning.

    It starts near the middle of the window, but where it ends in the window and keeps clear of the samples.
    """
    dividing, known = line_of(run, theta), points_of(run)
    if dividing is None or known is None or not dividing.weights.any():
        return []
    w, low, size = dividing.weights, np.array([x[0], y[0]]), np.array([x[1] - x[0], y[1] - y[0]])
    foot, along = _foot(w, dividing.bias, x, y), np.array([-w[1], w[0]])
    shaft = np.linspace(0, _ARROW_LENGTH, 5)[:, np.newaxis] * w / np.abs(w / size).max()
    arrows = [foot + step * along / np.abs(along / size).max() + shaft for step in _FEET]

    def room(places: Vector) -> float:
        is_inside = (np.abs((places - low) / size - 0.5) < 0.5).all()
        away = np.abs(places[:, np.newaxis] - known.inputs) / size / _NEAR
        return min(1.0, float(away.max(axis=2).min())) if is_inside else -1.0

    best = max(arrows, key=room)
    return [arrow(Role.TANGENT, best[0], best[-1], _("weights w"))]


def _foot(weights: Vector, bias: float, x: Window, y: Window) -> Vector:
    """Return the point of the line nearest to the middle of the window."""
    middle = np.array([x[0] + x[1], y[0] + y[1]]) / 2
    return middle - weights * (weights @ middle + bias) / (weights @ weights)


def margin_line(run: Run, theta: Vector) -> list[Series]:
    """Return the segment from the point with the smallest margin to the line, labelled with that margin."""
    dividing, known, margin = line_of(run, theta), points_of(run), margin_of(run, theta)
    if dividing is None or known is None or margin is None:
        return []
    point, w = known.inputs[margin[0]], dividing.weights
    foot = point - w * (w @ point + dividing.bias) / (w @ w)
    label = _("margin {margin}").format(margin=digits(margin[1], 3, signed=True))
    return [line(Role.MARGIN, (point[0], foot[0]), (point[1], foot[1]), label)]
