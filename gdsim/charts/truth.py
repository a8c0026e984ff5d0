"""The parameters a run would end with if it found what its samples were made from."""

from __future__ import annotations

import numpy as np

from gdsim.charts.shapes import is_linear, points_of
from gdsim.charts.view import View
from gdsim.engine.expressions import parse
from gdsim.engine.parameters import Vector

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
    inputs = np.c_[known.inputs, np.ones(len(known.inputs))][:_ENOUGH_SAMPLES]
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
