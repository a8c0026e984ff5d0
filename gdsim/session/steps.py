"""Going through a run: single updates and phases, and long ways that take a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gdsim.explain.status import stop_sentence
from gdsim.i18n import _
from gdsim.session import looking
from gdsim.session.command import Act, Ask, Effect, Result, Text, TextLine
from gdsim.session.session import Session
from gdsim.session.typed import count
from gdsim.session.ways import Way
from gdsim.timeline.position import next_phase, previous_phase


def next_updates(session: Session, argument: str) -> Result:
    """Make the next update, or as many as are typed; a question that is due comes first."""
    updates = count(argument, 1)
    if session.is_at_end:
        return end_text(session)
    return with_questions(session) if updates == 1 and session.is_question_due else session.forward(updates)


def back(session: Session, argument: str) -> Session:
    """Go back one update, or as many as are typed."""
    return session.back(count(argument, 1))


def phase(session: Session, _argument: str) -> Result:
    """Take the next factor of the chain rule in hand where it is looked at, else reveal the next phase.

    Where the main run is over, make an update of those that go on.
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
    """Take the factor before in hand where the chain rule is looked at, else go one phase back."""
    walked = looking.walked(session, -1)
    if walked is not None:
        return walked
    if session.extra_updates:
        return session.back()
    return session.at(previous_phase(session.timeline, session.position))


def last(session: Session, _argument: str) -> Result:
    """Go to the end of the run; from there, to the end of those that go on beside it."""
    timeline = session.timeline
    if session.is_over:
        return _seek(session, session.longest)
    return _seek(session, session.longest, lambda number: timeline.stopped is not None and number >= timeline.last)


def go(session: Session, argument: str) -> Result:
    """Go to the update typed, or ask for it."""
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
    """Play; plain mode shows as many updates as are typed, 20 unless told."""
    return Effect(Act.PLAY, str(count(argument, 20)))


def with_questions(session: Session) -> Session:
    """Return the session with the scenario's questions before the next update put."""
    waiting = session.questions
    return replace(session, quiz=session.quiz.opened(tuple(waiting.values()), tuple(waiting)))


def _seek(session: Session, target: int, until: Callable[[int], bool] | None = None) -> Way:
    return Way(session, target, until, arrive=told_arrival)


def end_text(session: Session) -> Text:
    """Return why the main run is over."""
    text = stop_sentence(session.timeline.stopped or "", session.timeline)
    if not session.is_at_end:
        text += " " + _("The runs beside it go on.")
    return Text((TextLine(text),), title=_("The run is over"), session=session, is_in_view=True)


def told_arrival(session: Session) -> Result:
    """Return the session a way has led to; at the end of the run, why it is over."""
    return end_text(session) if session.is_over and not session.extra_updates else session
