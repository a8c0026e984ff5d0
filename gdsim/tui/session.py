"""What one learner is doing: a scenario, the timeline on view and the position in it; immutable steps between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gdsim.charts.view import View
from gdsim.engine.edits import Edit
from gdsim.scenario import Scenario
from gdsim.scenario.build import build, start_count
from gdsim.timeline.position import Focus, Position, next_update
from gdsim.timeline.timeline import Timeline

_LOCKS: Mapping[str, tuple[str, ...]] = {
    "learning-rate": ("rate_down", "rate_up", "type_rate"),
    "edit": ("edit",),
    "rule": ("rule",),
    "seed": (),
}


@dataclass(frozen=True, slots=True)
class Session:
    """Where a learner is.

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
    def open(cls, scenario: Scenario, *, corrected: bool = False) -> Session:
        """Return a session at the start of the scenario."""
        timeline = Timeline(build(scenario, corrected=corrected))
        return cls(scenario, timeline, is_corrected=corrected, timelines={(0, corrected): timeline})

    @property
    def view(self) -> View:
        """What the panels show."""
        return View(self.scenario, self.timeline, self.position, self.focus)

    @property
    def is_at_end(self) -> bool:
        """Whether the run is over where we stand."""
        timeline = self.timeline
        return timeline.stopped is not None and self.position == Position(timeline.last)

    @property
    def is_correctable(self) -> bool:
        """Whether the source has a slip that can be corrected."""
        return self.scenario.as_published is not None

    @property
    def start_count(self) -> int:
        """Starting points the scenario offers."""
        return start_count(self.scenario)

    def locked_actions(self) -> tuple[str, ...]:
        """Return the actions an instructor has disabled."""
        return tuple(action for lock in self.scenario.show.lock for action in _LOCKS[lock])

    def at(self, position: Position) -> Session:
        """Return the session at another position of the same timeline."""
        return replace(self, position=position)

    def forward(self, count: int) -> Session:
        """Return the session `count` updates on, or at the end of the run."""
        return self.at(next_update(self.timeline, self.position, count))

    def edited(self, key: str, value: float | str | bool) -> Session:
        """Return the session with something changed from here on.

        The past stays; what came after this update is left behind. Raises UsageError when the change is not allowed.
        """
        timeline = self.timeline.branch(Edit(self.position.update, key, value))
        return self._on(timeline, Position(self.position.update))

    def from_start(self, start: int, corrected: bool) -> Session:
        """Return the session on the run from another start or with the source's rule or the corrected one.

        It stands at the same update, or at the run's end where that comes before.
        """
        timeline = self.timelines.get((start, corrected))
        if timeline is None:
            timeline = Timeline(build(self.scenario, start_index=start, corrected=corrected))
        session = replace(self, start=start, is_corrected=corrected)
        return session._on(timeline, Position(timeline.reach(self.position.update)))

    def restarted(self) -> Session:
        """Return the session at the start of the run as the scenario gives it, without any edits."""
        timeline = self.timeline
        if timeline.edits:
            timeline = Timeline(build(self.scenario, start_index=self.start, corrected=self.is_corrected))
        return self._on(timeline, Position())

    def _on(self, timeline: Timeline, position: Position) -> Session:
        timelines = {**self.timelines, (self.start, self.is_corrected): timeline}
        return replace(self, timeline=timeline, position=position, timelines=timelines)
