"""What one learner is doing: a scenario, the timeline on view and the position in it; immutable steps between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from gdsim.charts.view import Beside, View
from gdsim.engine.edits import Edit
from gdsim.errors import UsageError
from gdsim.explain.neuron import focus_on
from gdsim.explain.place import is_edited
from gdsim.explain.symbols import Names, names_of
from gdsim.language import _, current_language
from gdsim.scenario import Compared, Scenario
from gdsim.scenario.build import build, start_count
from gdsim.scenario.translated import in_language
from gdsim.timeline.nudging import Nudging, nothing_nudged, nudged
from gdsim.timeline.position import Focus, Position, next_update, previous_update, update_on_view
from gdsim.timeline.timeline import Timeline

_LOCK_OF: Mapping[str, str] = {"update.learning_rate": "learning-rate", "update.rule": "rule", "seed": "seed"}
"""Which lock of a scenario's [show] closes the edit of a key; all other keys are parameters, closed by "edit"."""

_NUDGING_LIMIT = 400_000_000
"""Multiplications that nudging may take at a time: forward passes × samples × parameters."""

_MARKS = "ABCDEFGHIJKLMNOP"
"""What the compared runs are marked with, in their order."""


@dataclass(frozen=True, slots=True)
class Session:
    """Where a learner is.

    start: which of the scenario's starting points, from 0; is_corrected: without the errors of its source.
    timelines: the timelines made so far by (start, corrected), so that going back to one finds it as it was left.
    comparisons: the compared runs made so far by (start, corrected).
    overtime: updates that runs beside have made since the main one ended.
    nudging: what has been nudged of the gradient on view; forgotten with the next step.
    """

    scenario: Scenario
    timeline: Timeline
    position: Position = Position()
    focus: Focus = Focus()
    start: int = 0
    is_corrected: bool = False
    timelines: Mapping[tuple[int, bool], Timeline] = field(default_factory=dict)
    comparisons: Mapping[tuple[int, bool], tuple[Beside, ...]] = field(default_factory=dict)
    overtime: int = 0
    nudging: Nudging | None = None

    @classmethod
    def open(cls, scenario: Scenario, *, at: int = 0, corrected: bool = False) -> Session:
        """Return a session after `at` updates, or at the end of the longest run where that comes before.

        The scenario's texts are in the language of the current context where it has them.
        """
        scenario = in_language(scenario, current_language())
        timeline = Timeline(build(scenario, corrected=corrected))
        session = cls(scenario, timeline, is_corrected=corrected)
        return session._on(timeline, Position()).after(at)

    @property
    def view(self) -> View:
        """What panels and charts show."""
        return View(self.scenario, self.timeline, self.position, self.focus, self.beside, self.overtime, self.nudging)

    @property
    def beside(self) -> tuple[Beside, ...]:
        """The runs that step together with the main one."""
        return self.comparisons.get((self.start, self.is_corrected), ())

    @property
    def clock(self) -> int:
        """Updates made by whichever run has gone on longest."""
        return self.position.update + self.overtime

    @property
    def longest(self) -> int:
        """The most updates any run on view may make."""
        return max(timeline.run.stop.max_updates for timeline in self._all)

    @property
    def names(self) -> Names:
        """What the scenario calls its inputs and targets."""
        return names_of(self.scenario)

    @property
    def is_at_end(self) -> bool:
        """Whether all runs on view are over here."""
        return self.is_over and self.reach(self.clock + 1) == self.clock

    @property
    def is_over(self) -> bool:
        """Whether the main run is over here; those beside it may go on."""
        return self.timeline.stopped is not None and self.position == Position(self.timeline.last)

    @property
    def is_correctable(self) -> bool:
        """Whether the source has a slip that can be corrected."""
        return self.scenario.as_published is not None

    @property
    def start_count(self) -> int:
        """Starting points the scenario offers."""
        return start_count(self.scenario)

    def is_locked(self, key: str) -> bool:
        """Whether the scenario keeps what an edit of `key` would change."""
        return _LOCK_OF.get(key, "edit") in self.scenario.show.lock

    def at(self, position: Position) -> Session:
        """Return the session at another position of the same timeline."""
        return replace(self, position=position, overtime=0, nudging=None, focus=replace(self.focus, z=None))

    def reach(self, update: int) -> int:
        """Compute every run on view up to `update`; return the latest update there is of any at or before it."""
        return max(timeline.reach(update) for timeline in self._all)

    def is_computed(self, update: int) -> bool:
        """Whether every run on view has been computed up to `update`, or to its end."""
        return all(timeline.last >= update or timeline.stopped is not None for timeline in self._all)

    def after(self, update: int) -> Session:
        """Return the session after `update` updates, or at the end of the longest run."""
        position = Position(self.timeline.reach(update))
        return replace(self.at(position), overtime=self.reach(update) - position.update)

    def forward(self, count: int) -> Session:
        """Return the session `count` updates on; runs beside go on when the main one is over."""
        position = next_update(self.timeline, self.position, count)
        if position.update == self.position.update + count:
            return self.at(position)
        return self.after(self.clock + count)

    def back(self, count: int = 1) -> Session:
        """Return the session `count` updates back; from inside an update, its beginning is the first step."""
        return self.after(self.clock - count) if self.overtime else self.at(previous_update(self.position, count))

    def edited(self, key: str, value: float | str | bool) -> Session:
        """Return the session with something changed from here on.

        The past stays; what came after this update is left behind. Raises UsageError when the change is not allowed, or
        the scenario locks it.
        """
        if self.is_locked(key):
            raise UsageError(_LOCK_OF.get(key, "edit"), _("this scenario keeps it as it is"))
        timeline = self.timeline.branch(Edit(self.position.update, key, value))
        return self._on(timeline, Position(self.position.update))

    def nudged(self, count: int | None = 1) -> Session:
        """Return the session with `count` more elements of θ nudged for the gradient on view, None for all of them.

        Raises UsageError where none is left, where there is no update to look at, and where it would take too long.
        """
        nudging = self.nudging or self._nothing_nudged()
        if nudging.is_complete:
            raise UsageError("nudge", _("every parameter has been nudged"))
        if count == 0:
            raise UsageError("nudge", _("nothing to nudge"), _("one parameter or more, or all"))
        count = nudging.size - nudging.count if count is None else count
        update = nudging.update
        samples = 1 if update.prediction is None else len(update.prediction)
        passes = 2 * min(count, nudging.size - nudging.count)
        if passes * samples * nudging.size > _NUDGING_LIMIT:
            text = _("{passes} forward passes would take too long; backpropagation needs one, and one back")
            raise UsageError("nudge", text.format(passes=passes), _("nudge one parameter at a time"))
        nudging = nudged(nudging, count)
        return replace(self, nudging=nudging, focus=focus_on(update.run.model, nudging.count - 1, self.focus))

    def _nothing_nudged(self) -> Nudging:
        is_made_here = not is_edited(self.timeline, self.position)
        update = update_on_view(self.timeline, self.position) if is_made_here else None
        update = update or self.timeline.next_update(self.position.update)
        if update is None:
            raise UsageError("nudge", _("there is no update to compare with"))
        return nothing_nudged(update)

    def corrected(self) -> Session:
        """Return the session at the same update under the other rule: corrected, or as published.

        Raises UsageError when the source has no slip.
        """
        if not self.is_correctable:
            raise UsageError(_("corrected"), _("this scenario has no published slip to correct"))
        return self._run_of(self.start, not self.is_corrected)

    def other_start(self) -> Session:
        """Return the session at the scenario's next starting point. Raises UsageError when there is none."""
        if self.start_count == 1:
            raise UsageError(_("start"), _("this scenario has one starting point"))
        return self._run_of((self.start + 1) % self.start_count, self.is_corrected).at(Position())

    def restarted(self) -> Session:
        """Return the session at the start of the run as the scenario gives it, without any edits."""
        if not self.timeline.edits:
            return self.at(Position())
        timeline = Timeline(build(self.scenario, start_index=self.start, corrected=self.is_corrected))
        return self._on(timeline, Position())

    def _run_of(self, start: int, is_corrected: bool) -> Session:
        """Return the session on another of the scenario's runs, at the same update or at its end before that."""
        timeline = self.timelines.get((start, is_corrected))
        if timeline is None:
            timeline = Timeline(build(self.scenario, start_index=start, corrected=is_corrected))
        session = replace(self, start=start, is_corrected=is_corrected)
        return session._on(timeline, Position()).after(self.clock)

    def _on(self, timeline: Timeline, position: Position) -> Session:
        key = self.start, self.is_corrected
        timelines, comparisons = {**self.timelines, key: timeline}, self.comparisons
        if key not in comparisons:
            comparisons = {**comparisons, key: _compared_runs(self.scenario, *key)}
        session = replace(self, timeline=timeline, timelines=timelines, comparisons=comparisons)
        return session.at(position)

    @property
    def _all(self) -> tuple[Timeline, ...]:
        """The timelines on view."""
        return (self.timeline, *(beside.timeline for beside in self.beside))


def _compared_runs(scenario: Scenario, start: int, is_corrected: bool) -> tuple[Beside, ...]:
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
