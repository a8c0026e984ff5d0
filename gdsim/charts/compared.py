"""The runs a scenario compares with its own, to be drawn beside it."""

from __future__ import annotations

import numpy as np

from gdsim.charts.view import Beside
from gdsim.language import _
from gdsim.scenario import Compared, Scenario
from gdsim.scenario.build import build, start_count
from gdsim.timeline.timeline import Timeline

_MARKS = "ABCDEFGHIJKLMNOP"
"""What the compared runs are marked with, in their order."""


def compared_runs(scenario: Scenario, start: int, is_corrected: bool) -> tuple[Beside, ...]:
    """Return the runs a scenario compares with its own from start number `start`."""
    runs = [_compared_run(scenario, compared, start, is_corrected) for compared in scenario.compared]
    return tuple(
        Beside(label, _MARKS[number % len(_MARKS)], timeline, number=number)
        for number, (label, timeline) in enumerate(runs)
    )


def _compared_run(scenario: Scenario, compared: Compared, start: int, is_corrected: bool) -> tuple[str, Timeline]:
    """Return label and timeline of a compared run: from the main run's start, unless it has a start of its own.

    One that would walk where the main one now walks gives way to the scenario's first start, which nobody walks from.
    """
    theirs, ours = compared.scenario.function, scenario.function
    if theirs is None or ours is None or theirs.start == ours.start:
        index = min(start, start_count(compared.scenario) - 1)
        return compared.label, Timeline(build(compared.scenario, start_index=index, corrected=is_corrected))
    run, main = build(compared.scenario), build(scenario, start_index=start)
    is_same_way = run.learning_rate == main.learning_rate and run.rule == main.rule
    is_same_hill = theirs.expression == ours.expression
    if start and is_same_way and is_same_hill and np.array_equal(run.start.theta, main.start.theta):
        first = ", ".join(f"{name} = {value:g}" for name, value in ours.start.items())
        return _("from {start}").format(start=first), Timeline(build(scenario))
    return compared.label, Timeline(run)
