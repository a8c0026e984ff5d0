"""A learner's run as a ghost, drawn with the right run until the two differ."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gdsim.charts.view import Comparison
from gdsim.engine.parameters import Vector
from gdsim.engine.rules import Options, Rule, RuleKind, Slots
from gdsim.engine.update import Run, Stop, start_state
from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.interop.comparing import first_difference
from gdsim.interop.matching import Handed, match
from gdsim.interop.numbers import Numbers
from gdsim.scenario.build import build
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.timeline import Timeline


def ghost_of(scenario: Scenario, numbers: Numbers, *, corrected: bool = False) -> Comparison:
    """Return a learner's run as a ghost: its parameters up to the first update with a wrong number.

    Raises UsageError unless every parameter is handed in after every update.
    """
    run = build(scenario, corrected=corrected)
    handed = match(numbers, run)
    path = _path(numbers.where, handed, run)
    difference = first_difference(run, handed)
    last = len(path) - 1 if difference is None else min(len(path) - 1, max(1, int(handed.updates[difference.row])))

    def step(_g: Vector, slots: Slots, t: int, _eta: float, _o: Options) -> tuple[Vector, Slots]:
        return path[t] - path[t - 1], slots

    rule = Rule(RuleKind("yours", _("θ as your program has it"), (), {}, step))
    yours = replace(run, rule=rule, stop=Stop(last), start=start_state(run.model, rule, path[0]))
    return Comparison(_("yours"), "Y", Timeline(yours), is_ghost=True)


def _path(where: str, handed: Handed, run: Run) -> Vector:
    """Return θ at the start and after each update: (updates + 1, size)."""
    layout = run.model.layout
    last = int(handed.updates[-1])
    path = np.full((last + 1, layout.size), np.nan)
    path[0] = run.start.theta
    if layout.trainable is not None:
        path[:, ~layout.trainable] = run.start.theta[~layout.trainable]
    rows = handed.updates[:, np.newaxis]
    for piece, columns in handed.parts():
        if piece.quantity.name in layout.slices:
            path[rows, layout.slices[piece.quantity.name].start + piece.index] = handed.values[:, columns]
    missing = np.argwhere(~np.isfinite(path))
    if len(missing):
        update, element = (int(each) for each in missing[0])
        what = _("has no {name} after update {update}").format(name=layout.element_name(element), update=update)
        raise UsageError(where, what, _("every parameter after every update"))
    return path
