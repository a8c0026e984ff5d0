"""Where a reader of plain text is: a scenario, a timeline and a position in it; every step gives a new session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gdsim.engine.edits import Edit
from gdsim.errors import UsageError
from gdsim.explain.symbols import Names
from gdsim.language import _
from gdsim.scenario import Scenario
from gdsim.scenario.build import build, start_count
from gdsim.timeline.position import Focus, Position, next_update
from gdsim.timeline.timeline import Timeline

_LOCK_OF: Mapping[str, str] = {"update.learning_rate": "learning-rate", "update.rule": "rule", "seed": "seed"}
"""Which lock of a scenario's [show] closes the edit of a key; all other keys are parameters, closed by "edit"."""


@dataclass(frozen=True, slots=True)
class Session:
    """A place in a timeline of a scenario's run, and which of its runs that is.

    start: which of its starting points, from 0; is_corrected: without the errors of its source.
    focus: the neuron whose numbers are put into equations.
    """

    scenario: Scenario
    timeline: Timeline
    position: Position = Position()
    start: int = 0
    is_corrected: bool = False
    focus: Focus = Focus()

    @classmethod
    def open(cls, scenario: Scenario, *, at: int = 0, corrected: bool = False) -> Session:
        """Return a session after `at` updates of the scenario's run, or at its end where that comes before."""
        timeline = Timeline(build(scenario, corrected=corrected))
        return cls(scenario, timeline, Position(timeline.reach(at)), is_corrected=corrected)

    @property
    def names(self) -> Names:
        """What the scenario calls its inputs and targets."""
        dataset = self.scenario.dataset
        return Names() if dataset is None else Names(dataset.input_names, dataset.target_names)

    @property
    def is_at_end(self) -> bool:
        """Whether the run is over here."""
        return self.timeline.stopped is not None and self.position == Position(self.timeline.last)

    def at(self, position: Position) -> Session:
        """Return the session at another position of the same timeline."""
        return replace(self, position=position)

    def forward(self, count: int) -> Session:
        """Return the session `count` updates on, or at the end of the run."""
        return self.at(next_update(self.timeline, self.position, count))

    def edited(self, key: str, value: float | str | bool) -> Session:
        """Return the session with something changed from here on; what came after is left behind.

        Raises UsageError when the change is not allowed, or the scenario locks it.
        """
        lock = _LOCK_OF.get(key, "edit")
        if lock in self.scenario.show.lock:
            raise UsageError(lock, _("this scenario keeps it as it is"))
        here = Position(self.position.update)
        return replace(self, timeline=self.timeline.branch(Edit(here.update, key, value)), position=here)

    def restarted(self) -> Session:
        """Return the session at the start of the run as the scenario gives it, without any edits."""
        return self._run_of(self.start, self.is_corrected).at(Position())

    def corrected(self) -> Session:
        """Return the session at the same update under the other rule: corrected or as published.

        Raises UsageError when the source has no slip.
        """
        if self.scenario.as_published is None:
            raise UsageError("corrected", _("this scenario has no published slip to correct"))
        return self._run_of(self.start, not self.is_corrected)

    def other_start(self) -> Session:
        """Return the session at the scenario's next starting point. Raises UsageError when there is none."""
        count = start_count(self.scenario)
        if count == 1:
            raise UsageError("start", _("this scenario has one starting point"))
        return self._run_of((self.start + 1) % count, self.is_corrected).at(Position())

    def _run_of(self, start: int, is_corrected: bool) -> Session:
        timeline = Timeline(build(self.scenario, start_index=start, corrected=is_corrected))
        position = Position(timeline.reach(self.position.update))
        return Session(self.scenario, timeline, position, start, is_corrected, self.focus)
