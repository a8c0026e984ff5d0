"""Ways: a session on its way to an update or a place, bit by bit, so that whoever waits sees how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gdsim.charts.view import Comparison
from gdsim.engine.edits import Edit
from gdsim.errors import UsageError
from gdsim.i18n import _
from gdsim.scenario.edits import edits_of
from gdsim.scenario.scenario import Scenario
from gdsim.session.command import Result, Work
from gdsim.session.session import Session
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import DEFAULT_BUDGET

_NUMBERS = 1000
"""Parameters and samples that go into one bit of a way: some milliseconds of updates, however small they are."""


class Way(Work):
    """The way of a session to an update, or to the first on it that `until` holds for; or to the end of the run.

    edits: made on the way, each after its update; phase: of the update after the target, to stand in then.
    arrive: makes the result of the session that has arrived, or was stopped. start: the session it sets out from.
    """

    def __init__(
        self,
        start: Session,
        target: int,
        until: Callable[[int], bool] | None = None,
        *,
        edits: tuple[Edit, ...] = (),
        phase: int | None = None,
        arrive: Callable[[Session], Result] = lambda session: session,
    ) -> None:
        super().__init__(_("on the way"), max(0, target - start.clock), self._walked(until), self._told, self._arrived)
        self.start, self.target, self.edits = start, target, edits
        self._session, self._phase, self._arrive = start, phase, arrive

    def _walked(self, until: Callable[[int], bool] | None) -> Iterator[int]:
        for edit in self.edits:
            yield from self._reached(edit.after)
            if self._session.timeline.last < edit.after:
                what = _("the run is over after update {last}").format(last=self._session.timeline.last)
                raise UsageError(f"edit {edit}", what)
            self._session = self._session.after(edit.after).changed(edit)
        yield from self._reached(self.target, until)

    def _reached(self, target: int, until: Callable[[int], bool] | None = None) -> Iterator[int]:
        """Compute up to an update; yield how far that is from the start."""
        session, first = self._session, self.start.clock
        if until is None and session.is_computed(target):
            yield session.reach(target) - first
            return
        run = session.timeline.run
        samples = run.batches.count if run.batches.size is None else run.batches.size
        bit = 1 if until is not None else max(1, _NUMBERS // max(run.model.layout.size, samples))
        update = session.clock
        while update < target:
            wanted = min(update + bit, target)
            update = session.reach(wanted)
            yield update - first
            if update < wanted or (until is not None and until(update)):
                return

    def _told(self, at: int) -> str:
        text = _("update {update} of at most {target}")
        return text.format(update=self.start.clock + at, target=self.target)

    def _arrived(self, _work: Work) -> Result:
        there = self._session.after(self.start.clock + self.at)
        if self._phase is not None and not (self.is_stopped or there.extra_updates or there.is_over):
            phases = len(there.timeline.update(there.position.update + 1).phases)
            there = there.at(Position(there.position.update, max(0, min(self._phase, phases - 2))))
        return self._arrive(there)

    def session(self) -> Session:
        """Return the session that has arrived. Raises GdsimError as `result` does."""
        result = self.finish()
        assert isinstance(result, Session)
        return result


def way_to(
    scenario: Scenario,
    update: int,
    *,
    phase: int | None = None,
    corrected: bool = False,
    start: int = 0,
    edits: Sequence[str] = (),
    is_asking: bool = False,
    budget: int = DEFAULT_BUDGET,
    beside: Sequence[Comparison] = (),
    arrive: Callable[[Session], Result] = lambda session: session,
) -> Way:
    """Return the way to a place of a scenario, from the start of its run. Raises UsageError as `Session.open` does."""
    session = Session.open(scenario, corrected=corrected, start=start, is_asking=is_asking, budget=budget)
    session = session.beside(beside) if beside else session
    made = edits_of(session.scenario, session.timeline.run, edits)
    return Way(session, update, edits=made, phase=phase, arrive=arrive)
