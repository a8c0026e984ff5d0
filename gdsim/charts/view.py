"""What every chart is a function of: a scenario's timeline, a position in it, and what is looked at closely."""

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
    """A timeline drawn beside the main one: a compared run or a ghost, with its label and a mark of its own.

    number: which of the compared runs it is, from 0; it is told from the others by it.
    """

    label: str
    mark: str
    timeline: Timeline
    is_ghost: bool = False
    number: int = 0

    @property
    def sight(self) -> Hashable:
        """What tells it from others that look different."""
        return self.label, self.mark, self.timeline.sight, self.is_ghost, self.number


@dataclass(frozen=True, slots=True)
class View:
    """A timeline at a position; `comparisons` are drawn at the same update, or at their last where they stopped before.

    extra_updates: updates that runs beside have made since the main one ended; 0 as long as it has not.
    is_asking: a question about the next update is open, so nothing of it may show.
    lit: layer, unit and input of what the factor in hand of the chain rule belongs to: a weight, or with no input a
    neuron.
    nudging: the gradient of the update on view as far as it has been found by nudging, None where nobody nudges.
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
        """What tells the view from others of its scenario that look different."""
        own = self.position, self.focus, self.extra_updates, self.nudging, self.is_asking
        return self.timeline.sight, tuple(each.sight for each in self.comparisons), own

    @property
    def timelines(self) -> tuple[Timeline, ...]:
        """The main one, then those beside."""
        return self.timeline, *(each.timeline for each in self.comparisons)

    @property
    def clock(self) -> int:
        """Updates made by whichever run has gone on longest."""
        return self.position.update + self.extra_updates

    @property
    def input_symbols(self) -> tuple[str, ...]:
        """What a learner calls the inputs; nothing without samples."""
        return self.scenario.dataset.input_symbols if self.scenario.dataset is not None else ()

    def class_name(self, number: int) -> str:
        """Return what a class, or an output that stands for one, is called: its name, else its number."""
        names = self.scenario.dataset.class_names if self.scenario.dataset is not None else ()
        return names[number] if number < len(names) else str(number)


MARKS = "ABCDEFGHIJKLMNOP"
"""What the compared runs are marked with, in their order."""


def compared_runs(scenario: Scenario, start: int, is_corrected: bool) -> tuple[Comparison, ...]:
    """Return the runs a scenario compares with its own from start number `start`."""
    runs = [_compared_run(scenario, compared, start, is_corrected) for compared in scenario.compared]
    return tuple(
        Comparison(label, MARKS[number % len(MARKS)], timeline, number=number)
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
