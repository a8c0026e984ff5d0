"""A session as a place that can be told to another screen, and the way to it there."""

from __future__ import annotations

from dataclasses import replace

from gdsim.classroom.messages import MOST_ENTRIES, Place
from gdsim.engine.edits import Edit, parse_edit
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import DEFAULT_BUDGET


def place_of(session: Session) -> Place:
    """Return where a session stands.

    Edits that the next one undoes are left out; of more than a message takes the first ones are told.
    """
    edits = tuple(str(edit) for edit in _needed(session.timeline.edits))
    clock, phase = session.clock, session.position.phase
    return Place(session.scenario.name, clock, phase, session.start, session.is_corrected, edits[:MOST_ENTRIES])


def session_at(scenario: Scenario, place: Place, like: Session | None = None) -> Session:
    """Return a session at a place of a scenario.

    like: a session to go on from where it is of the same run, so that nothing is computed twice. Raises GdsimError
    where the run does not take the place's edits.
    """
    session = None if like is None else _same_run(like, place)
    if session is None:
        budget = DEFAULT_BUDGET if like is None else like.budget
        session = Session.open(
            scenario, corrected=place.is_corrected, start=place.start, edits=place.edits, budget=budget
        )
        if like is not None and like.scenario.name == session.scenario.name:
            session = replace(session, focus=like.focus, quiz=like.quiz)
    session = session.after(place.update)
    if place.phase is None or session.extra_updates or session.is_over:
        return session
    phases = len(session.timeline.update(session.position.update + 1).phases)
    return session.at(Position(session.position.update, max(0, min(place.phase, phases - 2))))


def _same_run(session: Session, place: Place) -> Session | None:
    """Return the session with the place's edits made in the run it stands in; None where it is another run."""
    run = place.scenario, place.start, place.is_corrected
    if (session.scenario.name, session.start, session.is_corrected) != run:
        return None
    own = _needed(session.timeline.edits)
    if [str(edit) for edit in own] != list(place.edits[: len(own)]):
        return None
    for text in place.edits[len(own) :]:
        edit = parse_edit(text)
        if session.timeline.reach(edit.after) < edit.after:
            return None
        session = session.after(edit.after).edited(edit.key, edit.value)
    return session


def _needed(edits: tuple[Edit, ...]) -> list[Edit]:
    """Return the edits without those that the next one undoes: of the same key, after the same update."""
    following = (*edits[1:], None)
    return [
        edit
        for edit, after in zip(edits, following, strict=False)
        if after is None or (after.after, after.key) != (edit.after, edit.key)
    ]
