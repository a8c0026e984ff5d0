"""What every chart is a function of: a scenario's timeline, a position in it, and the focus."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gdsim.engine.gradient_check import Nudging
from gdsim.i18n import _
from gdsim.scenario.build import build, start_count
from gdsim.scenario.scenario import Compared, Scenario
from gdsim.timeline.position import Focus, Position
from gdsim.timeline.timeline import Timeline


class Comparison(NamedTuple):
    """A run drawn together with the main one: a compared run or a ghost, with its label and its own mark.

    number: index of the compared run, from 0, which identifies it.
    """

    label: str
    mark: str
    timeline: Timeline
    is_ghost: bool = False
    number: int = 0

    @property
    def sight(self) -> Hashable:
        """A key that differs between comparisons that look different."""
        return self.label, self.mark, self.timeline.sight, self.is_ghost, self.number


@dataclass(frozen=True, slots=True)
class View:
    """A timeline at a position; `comparisons` are drawn at the same update, or at their last if they stopped earlier.

    extra_updates: updates that comparison runs have made since the main one ended; 0 until it ends.
    is_asking: a question about the next update is open, so nothing of that update may show.
    lit: layer, unit and input of the weight, or (input None) of the neuron, that the current factor of the chain rule
    belongs to.
    nudging: the part of the gradient found so far by nudging, for the update on view; None if nudging is off.
    """

    scenario: Scenario
    timeline: Timeline
    position: Position
    focus: Focus = Focus()
    comparisons: tuple[Comparison, ...] = ()
    extra_updates: int = 0
    nudging: Nudging | None = None
    is_asking: bool = False
    lit: tuple[int, int, int | None] | None = None

    @property
    def sight(self) -> Hashable:
        """A key that differs between views of a scenario that look different."""
        own = self.position, self.focus, self.extra_updates, self.nudging, self.is_asking
        return self.timeline.sight, tuple(each.sight for each in self.comparisons), own

    @property
    def timelines(self) -> tuple[Timeline, ...]:
        """The main timeline, then those of the comparisons."""
        return self.timeline, *(each.timeline for each in self.comparisons)

    @property
    def clock(self) -> int:
        """Updates made by the run that has gone on longest."""
        return self.position.update + self.extra_updates

    @property
    def input_symbols(self) -> tuple[str, ...]:
        """The symbols shown for the inputs; empty without a dataset."""
        return self.scenario.dataset.input_symbols if self.scenario.dataset is not None else ()

    def class_name(self, number: int) -> str:
        """Return the name of a class, or of an output that stands for one; its number if it has no name."""
        names = self.scenario.dataset.class_names if self.scenario.dataset is not None else ()
        return names[number] if number < len(names) else str(number)


MARKS = "ABCDEFGHIJKLMNOP"
"""Marks of the compared runs, in order."""


def compared_runs(scenario: Scenario, start: int, is_corrected: bool) -> tuple[Comparison, ...]:
    """Return the runs a scenario compares with its own from start number `start`."""
    runs = [_compared_run(scenario, compared, start, is_corrected) for compared in scenario.compared]
    return tuple(
        Comparison(label, MARKS[number % len(MARKS)], timeline, number=number)
        for number, (label, timeline) in enumerate(runs)
    )


def _compared_run(scenario: Scenario, compared: Compared, start: int, is_corrected: bool) -> tuple[str, Timeline]:
    """Return label and timeline of a compared run, which begins at the main run's start unless it has its own.

    If it would then follow the main run's path, start at the scenario's first start instead, where no run begins.
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
