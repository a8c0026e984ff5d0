"""Commands that move through a run: by single updates and phases, or a long way in small parts, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from gdsim.engine.edits import Edit
from gdsim.explain.status import stop_sentence
from gdsim.i18n import _
from gdsim.scenario.edits import edits_of
from gdsim.scenario.place import Place
from gdsim.session import looking
from gdsim.session.command import Act, Ask, Effect, Result, Text, TextLine, Work
from gdsim.session.session import Session
from gdsim.session.typed import count
from gdsim.timeline.position import Position, next_phase, previous_phase

_NUMBERS = 1000
"""Parameters or samples, whichever are more, times updates in one part of a way: a few milliseconds of computing."""


class Way(Work):
    """The way of a session to an update, or only to the first for which `until` holds, or to the end of the run.

    start: the session at the beginning of the way. edits: made on the way, each after its update; phase: the phase to
    stand in, of the update after the target. arrive: makes the result from the session that has arrived or was stopped.
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
            self._session = self._session.after(edit.after).changed(edit)
        yield from self._reached(self.target, until)

    def _reached(self, target: int, until: Callable[[int], bool] | None = None) -> Iterator[int]:
        """Compute up to an update, yielding how many updates from the start have been reached."""
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
        """Go the whole way and return the session that has arrived. Raises GdsimError as `result` does."""
        result = self.finish()
        assert isinstance(result, Session)
        return result


def way_to(session: Session, place: Place, arrive: Callable[[Session], Result] = lambda session: session) -> Way:
    """Return the way of a session to a place in its scenario: on from here, or from the start if it is in another run.

    Raises UsageError for an unknown starting point, and for an edit that the run does not accept.
    """
    here = session.place
    made = len(here.edits)
    if (here.start, here.is_corrected, here.edits) != (place.start, place.is_corrected, place.edits[:made]):
        session, made = replace(session, trees={}).in_run(place.start, place.is_corrected), 0
    edits = edits_of(session.scenario, session.timeline.run, place.edits[made:])
    return Way(session, place.update, edits=edits, phase=place.phase, arrive=arrive)


def next_updates(session: Session, argument: str) -> Result:
    """Make the next update, or the typed number of them; before a single update, ask the questions that are due."""
    updates = count(argument, 1)
    if session.is_at_end:
        return end_text(session)
    return with_questions(session) if updates == 1 and session.is_question_due else session.forward(updates)


def back(session: Session, argument: str) -> Session:
    """Go back one update, or the typed number of them."""
    return session.back(count(argument, 1))


def phase(session: Session, _argument: str) -> Result:
    """Go to the next factor of the chain rule if it is looked at, else reveal the next phase.

    If the main run is over, make an update of the compared runs that go on.
    """
    walked = looking.walked(session, 1)
    if walked is not None:
        return walked
    if session.is_over:
        return next_updates(session, "")
    if session.is_question_due:
        return with_questions(session)
    return session.at(next_phase(session.timeline, session.position))


def phase_back(session: Session, _argument: str) -> Session:
    """Go to the previous factor of the chain rule if it is looked at, else go one phase back."""
    walked = looking.walked(session, -1)
    if walked is not None:
        return walked
    if session.extra_updates:
        return session.back()
    return session.at(previous_phase(session.timeline, session.position))


def last(session: Session, _argument: str) -> Result:
    """Go to the end of the run; from there, to the end of the compared runs that go on."""
    timeline = session.timeline
    if session.is_over:
        return _seek(session, session.longest)
    return _seek(session, session.longest, lambda number: timeline.stopped is not None and number >= timeline.last)


def go(session: Session, argument: str) -> Result:
    """Go to the typed update, or ask for one."""
    if argument:
        return _seek(session, count(argument))
    help_text = _("a whole number from 0 to {longest}").format(longest=session.longest)
    return Ask(_("go to update"), help_text, str(session.position.update), lambda text: _seek(session, count(text)))


def milestone(session: Session, _argument: str) -> Result:
    """Go to the next correction of a perceptron, or to the end of the epoch."""
    timeline, update = session.timeline, session.clock
    run = timeline.run_at(update)
    if run.stop.on_epoch:
        return _seek(
            session, session.longest, lambda number: number <= timeline.last and timeline.update(number).is_mistake
        )
    per_epoch = run.batches.per_epoch
    return _seek(session, (update // per_epoch + 1) * per_epoch)


def play(_session: Session, argument: str) -> Effect:
    """Play; plain mode shows the typed number of updates, 20 by default."""
    return Effect(Act.PLAY, str(count(argument, 20)))


def with_questions(session: Session) -> Session:
    """Return the session with the scenario's questions about the next update opened."""
    waiting = session.questions
    return replace(session, quiz=session.quiz.opened(tuple(waiting.values()), tuple(waiting)))


def _seek(session: Session, target: int, until: Callable[[int], bool] | None = None) -> Way:
    return Way(session, target, until, arrive=told_arrival)


def end_text(session: Session) -> Text:
    """Return why the main run is over."""
    text = stop_sentence(session.timeline.stopped or "", session.timeline)
    if not session.is_at_end:
        text += " " + _("The compared runs go on.")
    return Text((TextLine(text),), title=_("The run is over"), session=session, is_in_view=True)


def told_arrival(session: Session) -> Result:
    """Return the session at the end of a way, or why the run is over if the way led to its end."""
    return end_text(session) if session.is_over and not session.extra_updates else session
