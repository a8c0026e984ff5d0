"""Turns a session into a place that can be sent to another screen, and a place into the way to it."""

from __future__ import annotations

from dataclasses import replace

from gdsim.classroom.messages import MOST_ENTRIES, Place
from gdsim.engine.edits import Edit
from gdsim.scenario.edits import edits_of
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.session.progress import Record, with_reached
from gdsim.session.steps import Way, way_to
from gdsim.timeline.timeline import DEFAULT_BUDGET


def place_of(session: Session) -> Place:
    """Return the place of a session.

    Edits that the next edit overrides are left out; only the first `MOST_ENTRIES` of the rest fit into a message.
    """
    edits = tuple(str(edit) for edit in _needed(session.timeline.edits))
    clock, phase = session.clock, session.position.phase
    return Place(session.scenario.name, clock, phase, session.start, session.is_corrected, edits[:MOST_ENTRIES])


def way_to_place(scenario: Scenario, place: Place, like: Session | None = None, reached: Record | None = None) -> Way:
    """Return the way to a place of a scenario.

    like: a session to continue from if it is of the same run, so that nothing is computed twice. reached: the
    progress made in the scenario before. Raises GdsimError if the run does not accept the place's edits.
    """
    left = None if like is None else _edits_left(like, place)
    if like is not None and left is not None:
        return Way(like, place.update, edits=left, phase=place.phase)

    def arrive(session: Session) -> Session:
        session = with_reached(session, reached or Record())
        is_alike = like is not None and like.scenario.name == scenario.name
        return replace(session, focus=like.focus, quiz=like.quiz) if like is not None and is_alike else session

    return way_to(
        scenario,
        place.update,
        phase=place.phase,
        corrected=place.is_corrected,
        start=place.start,
        edits=place.edits,
        budget=DEFAULT_BUDGET if like is None else like.budget,
        arrive=arrive,
    )


def _edits_left(session: Session, place: Place) -> tuple[Edit, ...] | None:
    """Return the place's edits that a session has not made yet; None if the session is of another run."""
    own = [str(edit) for edit in _needed(session.timeline.edits)]
    run = session.scenario.name, session.start, session.is_corrected
    is_same = run == (place.scenario, place.start, place.is_corrected)
    if not is_same or own != list(place.edits[: len(own)]):
        return None
    return edits_of(session.scenario, session.timeline.run, place.edits[len(own) :])


def _needed(edits: tuple[Edit, ...]) -> list[Edit]:
    """Return the edits without those that the next edit overrides: one of the same key after the same update."""
    following = (*edits[1:], None)
    return [
        edit
        for edit, after in zip(edits, following, strict=False)
        if after is None or (after.after, after.key) != (edit.after, edit.key)
    ]
