"""The parameters a run would end with if it found what its samples were made from."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import (
    ROLES_OF_LINES,
    Axis,
    Chart,
    Role,
    Series,
    Shape,
    line,
    line_beside,
    name_of_main,
    points,
    role_beside,
)
from gdsim.charts.current import standing, walk
from gdsim.charts.fitting import MOST_LINES, trained
from gdsim.charts.layout import Window, doubled, hull, updates_shown, widened
from gdsim.charts.shapes import is_linear, points_of
from gdsim.charts.view import Comparison, View
from gdsim.engine.formula.expressions import parse
from gdsim.engine.names import parameter_name
from gdsim.engine.parameters import Vector
from gdsim.i18n import _

_ENOUGH_SAMPLES = 200
_EXACT = 1e-9


def true_parameters(view: View) -> Vector | None:
    """Return θ (size,) that answers every sample exactly, without its noise; None unless there is exactly one.

    Only a weighted sum of inputs is asked: samples made by a formula of the same form have such a θ, measured ones
    have none.
    """
    known = points_of(view.timeline.run)
    if known is None or not is_linear(view.timeline.run):
        return None
    inputs = known.inputs[:_ENOUGH_SAMPLES]
    if view.timeline.run.model.layout.size > inputs.shape[1]:
        inputs = np.c_[inputs, np.ones(len(inputs))]
    targets = _noise_free(view, known.targets[:, 0])[:_ENOUGH_SAMPLES]
    if len(inputs) <= inputs.shape[1]:
        return None
    theta, _residuals, rank, _sizes = np.linalg.lstsq(inputs, targets, rcond=None)
    size = max(float(np.abs(targets).max()), 1.0)
    if rank < inputs.shape[1] or np.abs(inputs @ theta - targets).max() > _EXACT * size:
        return None
    return np.asarray(theta, dtype=np.float64)


def _noise_free(view: View, targets: Vector) -> Vector:
    """Return the targets (samples,) as scaled, from the formula they were made by where a scenario has one."""
    section, dataset = view.scenario.data, view.scenario.dataset
    if section is None or dataset is None or section.generate is None or not section.generate.noise:
        return targets
    made = parse(section.generate.target, ("x",))(dataset.raw_inputs[:, 0])
    return dataset.target_scaling.apply(made[:, np.newaxis])[:, 0]


_MOST_BESIDE = 2
_MARKS_A_LINE = 6
_FAR = 2.0
"""Windows further off than this, a run beside is left to leave the chart."""
_FULL_SIZE = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def build(view: View) -> Chart | None:
    """Return the parameters by update, or None where there are more than can be told apart."""
    layout = view.timeline.run.model.layout
    elements = trained(layout)
    if not 0 < len(elements) <= MOST_LINES:
        return None
    names = [parameter_name(layout, element) for element in elements]
    marks = _marks(names)
    updates, values = walk(view.timeline, elements, view.position.update)
    truth = true_parameters(view)
    x = updates_shown(view.clock)
    layers: list[Series] = []
    if truth is not None:
        layers += [
            series
            for element, name, mark in zip(elements, names, marks, strict=True)
            for series in (
                line(Role.TRUTH, x, (truth[element], truth[element]), _("true {name}").format(name=name)),
                points(Role.TRUTH, x[1], truth[element], mark=mark),
            )
        ]
    beside = view.comparisons if len(elements) <= _MOST_BESIDE else ()
    lines = len(names) * (1 + len(beside))
    for number, run in enumerate(beside, 1):
        layers += _lines_beside(run, view, elements, marks, (number * len(names), lines))
    for k, (name, mark) in enumerate(zip(names, marks, strict=True)):
        marked = _marked(len(updates), k, lines)
        layers.append(line(ROLES_OF_LINES[k], updates, values[:, k]))
        layers.append(points(ROLES_OF_LINES[k], updates[marked], values[marked, k], name, mark))
    if len(elements) == 1 or beside:
        last = np.full(len(elements), updates[-1])
        layers.append(points(Role.CURRENT, last, values[-1], name_of_main(view.comparisons)))
    theirs = {role_beside(run) for run in beside}
    others = [series.y for series in layers if series.role in theirs and series.shape is Shape.LINE]
    starts = [each[:1] for each in others]
    first = widened(hull(values[0], [0.0], [] if truth is None else truth[list(elements)], *starts), part=0.08)
    y = doubled(first, values, *(_near(each, first) for each in others))
    label = names[0] if len(names) == 1 else _("value")
    return Chart(_("parameters by update"), Axis(_("update"), *x, is_count=True), Axis(label, *y), tuple(layers))


def _near(values: Vector, window: Window) -> Vector:
    """Return the values of a run beside that are not so far off that showing them would hide all others."""
    far = _FAR * (window[1] - window[0])
    return values[(values >= window[0] - far) & (values <= window[1] + far)]


def _marks(names: list[str]) -> list[str]:
    """Return one character a name: its last one where these differ, else a number."""
    last = [name.rstrip("]")[-1:].translate(_FULL_SIZE) for name in names]
    return last if len(set(last)) == len(last) else [str(k + 1) for k in range(len(names))]


def _marked(count: int, number: int, lines: int) -> list[int]:
    """Return which of `count` points of a line are marked, the last one among them.

    number: of the line; each of so many `lines` has its marks elsewhere, so that those of equal values all show.
    """
    stride = max(lines, -(-count // _MARKS_A_LINE))
    return sorted({*range(number * stride // lines, count, stride), count - 1})


def _lines_beside(
    beside: Comparison, view: View, elements: tuple[int, ...], marks: list[str], place: tuple[int, int]
) -> list[Series]:
    """Return a line a parameter of a run beside, with the run's mark at its end and, of several, its own along it.

    place: the number of the first line, and of how many.
    """
    update = standing(beside, view)
    if beside.timeline.run_at(update).model.layout.size <= max(elements):
        return []
    updates, values = walk(beside.timeline, elements, update)
    series: list[Series] = []
    for k, (column, mark) in enumerate(zip(values.T, marks, strict=True)):
        series += line_beside(beside, updates, column)
        marked = _marked(len(updates), place[0] + k, place[1])[:-1] if len(marks) > 1 else []
        series.append(points(role_beside(beside), updates[marked], column[marked], mark=mark))
    return series
