"""What one learner is doing: a scenario, the timeline on view and the position in it; immutable steps between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gdsim.charts.view import View
from gdsim.engine.edits import Edit
from gdsim.errors import UsageError
from gdsim.explain.symbols import Names, names_of
from gdsim.language import _
from gdsim.scenario import Scenario
from gdsim.scenario.build import build, start_count
from gdsim.timeline.position import Focus, Position, next_update
from gdsim.timeline.timeline import Timeline

_LOCK_OF: Mapping[str, str] = {"update.learning_rate": "learning-rate", "update.rule": "rule", "seed": "seed"}
"""Which lock of a scenario's [show] closes the edit of a key; all other keys are parameters, closed by "edit"."""


@dataclass(frozen=True, slots=True)
class Session:
    """Where a learner is.

    start: which of the scenario's starting points, from 0; is_corrected: without the errors of its source.
    timelines: the timelines made so far by (start, corrected), so that going back to one finds it as it was left.
    """

    scenario: Scenario
    timeline: Timeline
    position: Position = Position()
    focus: Focus = Focus()
    start: int = 0
    is_corrected: bool = False
    timelines: Mapping[tuple[int, bool], Timeline] = field(default_factory=dict)

    @classmethod
    def open(cls, scenario: Scenario, *, at: int = 0, corrected: bool = False) -> Session:
        """Return a session after `at` updates of the scenario's run, or at its end where that comes before."""
        timeline = Timeline(build(scenario, corrected=corrected))
        session = cls(scenario, timeline, is_corrected=corrected)
        return session._on(timeline, Position(timeline.reach(at)))

    @property
    def view(self) -> View:
        """What panels and charts show."""
        return View(self.scenario, self.timeline, self.position, self.focus)

    @property
    def names(self) -> Names:
        """What the scenario calls its inputs and targets."""
        return names_of(self.scenario)

    @property
    def is_at_end(self) -> bool:
        """Whether the run is over here."""
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
        return replace(self, position=position)

    def forward(self, count: int) -> Session:
        """Return the session `count` updates on, or at the end of the run."""
        return self.at(next_update(self.timeline, self.position, count))

    def edited(self, key: str, value: float | str | bool) -> Session:
        """Return the session with something changed from here on.

        The past stays; what came after this update is left behind. Raises UsageError when the change is not allowed, or
        the scenario locks it.
        """
        if self.is_locked(key):
            raise UsageError(_LOCK_OF.get(key, "edit"), _("this scenario keeps it as it is"))
        timeline = self.timeline.branch(Edit(self.position.update, key, value))
        return self._on(timeline, Position(self.position.update))

    def corrected(self) -> Session:
        """Return the session at the same update under the other rule: corrected, or as published.

        Raises UsageError when the source has no slip.
        """
        if not self.is_correctable:
            raise UsageError("corrected", _("this scenario has no published slip to correct"))
        return self._run_of(self.start, not self.is_corrected)

    def other_start(self) -> Session:
        """Return the session at the scenario's next starting point. Raises UsageError when there is none."""
        if self.start_count == 1:
            raise UsageError("start", _("this scenario has one starting point"))
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
        return session._on(timeline, Position(timeline.reach(self.position.update)))

    def _on(self, timeline: Timeline, position: Position) -> Session:
        timelines = {**self.timelines, (self.start, self.is_corrected): timeline}
        return replace(self, timeline=timeline, position=position, timelines=timelines)
