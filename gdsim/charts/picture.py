"""Pictures: the sample in hand, and what a neuron of the first layer looks for in one."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Field
from gdsim.charts.choosing import neuron_in_focus
from gdsim.charts.moment import run_of, sample_in_hand, theta_of, update_shown
from gdsim.charts.shapes import layers_of, points_of
from gdsim.charts.view import View
from gdsim.engine.parameters import Vector
from gdsim.language import _

_TILES_ACROSS = 5


def applies(view: View) -> bool:
    """Whether samples are pictures."""
    return _shape(view) is not None


def build(view: View) -> Chart | None:
    """Return the picture of the sample in hand, or None where samples are no pictures."""
    shape, known, update = _shape(view), points_of(run_of(view)), update_shown(view)
    if shape is None or known is None:
        return None
    sample = sample_in_hand(view, update)[0] if update is not None else 0
    names = view.scenario.dataset.class_names if view.scenario.dataset is not None else ()
    wanted = int(known.targets[sample].argmax())
    name = names[wanted] if wanted < len(names) else str(wanted)
    title = _("sample {number}: a {name}").format(number=sample, name=name)
    return _pictures(title, known.inputs[sample].reshape(shape))


def build_neurons(view: View) -> Chart | None:
    """Return the weights of the first layer as pictures side by side, or None where samples are no pictures.

    The focused neuron alone where one of the first layer is chosen. Light: the neuron looks for ink there; dark: it
    looks for none. Each picture has its own scale.
    """
    shape, layers = _shape(view), layers_of(run_of(view))
    if shape is None or not layers:
        return None
    weights = run_of(view).model.layout.view(theta_of(view), "W1")
    focus = neuron_in_focus(view, layers)
    if focus is not None and focus[0] == 1:
        title = _("what neuron {unit} looks for").format(unit=focus[1])
        return _pictures(title, _scaled(weights[focus[1]]).reshape(shape))
    return _pictures(_("what each first neuron looks for"), tiled(weights, shape))


def tiled(weights: Vector, shape: tuple[int, int]) -> Vector:
    """Return pictures (pictures, pixels) side by side with a blank line between, row by row from the top."""
    count = len(weights)
    across = min(_TILES_ACROSS, count)
    down = -(-count // across)
    rows, columns = shape[0] + 1, shape[1] + 1
    sheet = np.full((down * rows - 1, across * columns - 1), np.nan)
    for number in range(count):
        top, left = number // across * rows, number % across * columns
        sheet[top : top + shape[0], left : left + shape[1]] = _scaled(weights[number]).reshape(shape)
    return sheet


def _scaled(weights: Vector) -> Vector:
    """Return weights over their largest size, so that 0 is the middle of −1…1."""
    most = float(np.abs(weights).max())
    return weights / most if np.isfinite(most) and most > 0 else np.zeros_like(weights)


def _pictures(title: str, rows: Vector) -> Chart:
    """Return a picture (rows from the top, columns) as a chart with one field."""
    height, width = rows.shape
    field = Field(0.0, float(width - 1), 0.0, float(height - 1), rows[::-1])
    return Chart(title, Axis("", 0.0, float(width - 1)), Axis("", 0.0, float(height - 1)), (field,))


def _shape(view: View) -> tuple[int, int] | None:
    dataset = view.scenario.dataset
    return None if dataset is None or not layers_of(view.timeline.run) else dataset.image_shape
