"""Two inputs, classes: the points, and where the answer changes from one class to another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import Axis, Chart, Field, Role, Series
from gdsim.charts.dividing import dividing_line, line_before, margin_line, weight_arrow
from gdsim.charts.moment import run_of, sample_in_hand, standing, theta_of, update_shown
from gdsim.charts.series import off_chart, point, points, role_beside
from gdsim.charts.shapes import classes_of, outputs_of, points_of, threshold_of
from gdsim.charts.view import Beside, View
from gdsim.charts.windows import Window, hull, widened
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run
from gdsim.language import _

_GRID = 40
_MOST_POINTS = 2000
_ROLES = (Role.DATA, Role.DATA_ALT)


def build(view: View) -> Chart | None:
    """Return the points by class with the line, or the network's answer, that divides them."""
    run, theta = run_of(view), theta_of(view)
    known, classes = points_of(run), classes_of(run)
    if known is None or classes is None or known.inputs.shape[1] != 2:
        return None
    x, y = (widened(hull(known.inputs[:, i]), part=0.15) for i in (0, 1))
    layers: list[Series | Field] = [*_answers(run, theta, x, y)]
    for beside in view.beside:
        update = standing(beside, view)
        theirs, their_theta = beside.timeline.run_at(update), beside.timeline.state(update).theta
        layers += _answer_beside(theirs, their_theta, x, y, beside)
    layers += margin_line(run, theta)
    layers += line_before(view, x, y)
    layers += dividing_line(run, theta, x, y, Role.BOUNDARY, _("line"))
    layers += weight_arrow(run, theta, x, y)
    layers += _classes(view, known.inputs[:_MOST_POINTS], classes[:_MOST_POINTS])
    update_on_show = update_shown(view)
    if update_on_show is not None:
        sample = sample_in_hand(view, update_on_show)[0]
        label = _("in hand: class {name}").format(name=_class_name(view, int(classes[sample])))
        layers.append(point(Role.CURRENT, known.inputs[sample], label))
    names = view.scenario.dataset.input_names if view.scenario.dataset is not None else ("x1", "x2")
    return Chart(_("boundary"), Axis(names[0], *x), Axis(names[1], *y), tuple(layers))


def _answer_beside(run: Run, theta: Vector, x: Window, y: Window, beside: Beside) -> list[Series]:
    """Return where the answer of a run beside changes sides: a line, or points for a network's one output."""
    role = role_beside(beside)
    outputs = outputs_of(run, theta, _grid(x, y)[2])
    nowhere = [points(role, [], [], off_chart(beside), beside.mark)]
    if outputs is None:
        return dividing_line(run, theta, x, y, role, beside.label, beside.mark) or nowhere
    if outputs.shape[1] > 1:
        return []
    across, up, _places = _grid(x, y)
    found = crossings(across, up, outputs.reshape(_GRID, _GRID) - threshold_of(run))
    return [points(role, *found, beside.label, beside.mark)] if found[0].size else nowhere


def _classes(view: View, inputs: Vector, classes: NDArray[np.intp]) -> list[Series]:
    """Return the points of each class with a mark of their own: by role for two classes, by number for more."""
    present = np.unique(classes).tolist()
    series = []
    for number in present:
        chosen = inputs[classes == number]
        mark = str(number)[-1] if len(present) > 2 else ""
        label = _("class {name}").format(name=_class_name(view, number))
        series.append(points(_ROLES[number % 2], chosen[:, 0], chosen[:, 1], label, mark))
    return series


def _class_name(view: View, number: int) -> str:
    names = view.scenario.dataset.class_names if view.scenario.dataset is not None else ()
    return names[number] if number < len(names) else str(number)


def _answers(run: Run, theta: Vector, x: Window, y: Window) -> list[Series | Field]:
    """Return a network's answer over the window as shades, and where it changes sides as points."""
    across, up, places = _grid(x, y)
    outputs = outputs_of(run, theta, places)
    if outputs is None:
        return []
    if outputs.shape[1] > 1:
        answers = outputs.argmax(axis=1).reshape(_GRID, _GRID).astype(np.float64)
        return [Field(*x, *y, answers, levels=outputs.shape[1], label=_("answer"))]
    answers = outputs.reshape(_GRID, _GRID)
    threshold = threshold_of(run)
    label = _("output = {threshold}").format(threshold=f"{threshold:g}")
    crossing_x, crossing_y = crossings(across, up, answers - threshold)
    return [
        Field(*x, *y, answers, label=_("output")),
        points(Role.BOUNDARY, crossing_x, crossing_y, label if crossing_x.size else "", "▪"),
    ]


def _grid(x: Window, y: Window) -> tuple[Vector, Vector, Vector]:
    """Return the coordinates of a grid over the windows, across and up, and its places (places, 2) row by row."""
    across, up = np.linspace(*x, _GRID), np.linspace(*y, _GRID)
    return across, up, np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)


def crossings(x: Vector, y: Vector, values: Vector) -> tuple[Vector, Vector]:
    """Return where values (rows of y, columns of x) change sign between neighbouring cells, by straight lines."""
    with np.errstate(all="ignore"):
        row, column = np.nonzero(values[:, :-1] * values[:, 1:] < 0)
        part = values[row, column] / (values[row, column] - values[row, column + 1])
        level_x, level_y = x[column] + part * (x[column + 1] - x[column]), y[row]
        row, column = np.nonzero(values[:-1] * values[1:] < 0)
        part = values[row, column] / (values[row, column] - values[row + 1, column])
        upright_x, upright_y = x[column], y[row] + part * (y[row + 1] - y[row])
    return np.concatenate([level_x, upright_x]), np.concatenate([level_y, upright_y])
