"""One input, one output: the samples, and the curve the run has fitted so far."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Role, Series, line, points, role_beside
from gdsim.charts.current import current_sample, run_of, standing, theta_of, update_shown
from gdsim.charts.fitting import one_to_one
from gdsim.charts.layout import Window, hull, widened
from gdsim.charts.shapes import layers_of, outputs_of
from gdsim.charts.view import View
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run
from gdsim.i18n import _
from gdsim.scenario.data.dataset import Dataset

_PLACES = 121
_MOST_POINTS = 1500


def build(view: View) -> Chart | None:
    """Return samples and curve in real units; None if there is more than one raw input or output."""
    data = one_to_one(view)
    if data is None:
        return None
    run, theta = run_of(view), theta_of(view)
    raw_x, raw_y = data.raw_inputs[:_MOST_POINTS, 0], data.in_units(data.targets)[:_MOST_POINTS, 0]
    x, y = widened(hull(data.raw_inputs)), _heights_at_first(run, data)
    across = np.linspace(*x, _PLACES)
    layers: list[Series] = [points(Role.DATA, raw_x, raw_y, _("samples"))]
    for beside in view.comparisons:
        update = standing(beside, view)
        theirs = _fitted(beside.timeline.run_at(update), beside.timeline.state(update).theta, data, across)
        layers.append(line(role_beside(beside), across, theirs, beside.label, beside.mark))
    layers.append(line(Role.FIT, across, _fitted(run, theta, data, across), _("fit")))
    update_on_show = update_shown(view)
    if update_on_show is not None:
        sample = current_sample(view, update_on_show)[0]
        layers.append(
            points(
                Role.CURRENT, data.raw_inputs[sample, 0], data.in_units(data.targets)[sample, 0], _("current sample")
            )
        )
    return Chart(_("fit"), Axis(data.raw_input_names[0], *x), Axis(data.target_names[0], *y), tuple(layers))


def _fitted(run: Run, theta: Vector, data: Dataset, across: Vector) -> Vector:
    """Return the run's outputs at raw inputs `across`, in the units of the targets; nan if it takes other inputs."""
    inputs = data.prepared(across[:, np.newaxis])
    layers = layers_of(run)
    outputs = outputs_of(run, theta, inputs) if layers and layers[0].inputs == inputs.shape[1] else None
    return np.full(across.shape, np.nan) if outputs is None else data.in_units(outputs)[:, 0]


def _heights_at_first(run: Run, data: Dataset) -> Window:
    """Return a window that holds the targets, and the outputs at the start up to a limited distance from them."""
    low, high = hull(data.raw_target_ranges) or (0.0, 1.0)
    answers = hull(_fitted(run, run.start.theta, data, data.raw_input_ranges[0])) or (low, high)
    far = high - low
    return widened((min(low, max(answers[0], low - far)), max(high, min(answers[1], high + far))))
