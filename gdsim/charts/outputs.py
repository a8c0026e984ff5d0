"""The outputs of a network as bars for the sample in hand: the brightest is the answer."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Role
from gdsim.charts.moment import run_of, sample_in_hand, standing, theta_of, update_shown
from gdsim.charts.series import bar, bars, points, role_beside
from gdsim.charts.shapes import layers_of, outputs_of, points_of
from gdsim.charts.view import View
from gdsim.charts.windows import Window, hull, upwards
from gdsim.engine.parameters import Vector
from gdsim.language import _


def applies(view: View) -> bool:
    """Whether a network answers with more than two outputs."""
    layers = layers_of(view.timeline.run)
    return bool(layers) and layers[-1].units > 2


def build(view: View) -> Chart | None:
    """Return the outputs with the brightest and the target marked, or None where there are only one or two."""
    run, update = run_of(view), update_shown(view)
    known, layers = points_of(run), layers_of(run)
    if known is None or not layers or layers[-1].units <= 2:
        return None
    sample = sample_in_hand(view, update)[0] if update is not None else 0
    inputs, target = known.inputs[sample : sample + 1], known.targets[sample]
    answers = outputs_of(run, theta_of(view), inputs)
    if answers is None:
        return None
    outputs, units = answers[0], np.arange(len(answers[0]), dtype=np.float64)
    wanted = int(target.argmax())
    brightest = int(np.nan_to_num(outputs, nan=-np.inf).argmax())
    answer = _("answer {name}").format(name=_name(view, brightest))
    layers_drawn = [
        bars(Role.FIT, units, outputs),
        bar(Role.CURRENT, units, brightest, outputs[brightest], answer),
    ]
    for beside in view.beside:
        at = standing(beside, view)
        theirs = outputs_of(beside.timeline.run_at(at), beside.timeline.state(at).theta, inputs)
        if theirs is not None and theirs.shape == answers.shape:
            layers_drawn.append(points(role_beside(beside), units, theirs[0], beside.label, beside.mark))
    label = _("target {name}").format(name=_name(view, wanted))
    layers_drawn.append(points(Role.TRUTH, wanted, target[wanted], label))
    x = Axis(_("output"), -0.5, len(units) - 0.5)
    return Chart(_("outputs"), x, Axis("a", *_window(outputs, target)), tuple(layers_drawn))


def _window(outputs: Vector, target: Vector) -> Window:
    """Return 0…1 for outputs that stay there, else 0 (or the negative of it) to a doubling of 1."""
    low, high = hull(outputs, target) or (0.0, 1.0)
    return (0.0 if low >= 0 else -upwards(-low, 1.0)), upwards(high, 1.0)


def _name(view: View, unit: int) -> str:
    names = view.scenario.dataset.class_names if view.scenario.dataset is not None else ()
    return names[unit] if unit < len(names) else str(unit)
