"""A place told to another screen leads to the same numbers there, from wherever that screen stands."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdsim.classroom.messages import GoTo, decode, encode
from gdsim.errors import GdsimError
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.place import Place
from gdsim.session import Session
from gdsim.session.steps import way_to
from gdsim.timeline.position import next_phase

SCENARIOS = {name: load_file(resolve(name)) for name in ("mountain-surface", "mazur", "perceptron")}

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("on"), st.integers(1, 9)),
        st.tuples(st.just("back"), st.just(0)),
        st.tuples(st.just("phase"), st.just(0)),
        st.tuples(st.just("rate"), st.sampled_from([0.02, 0.05, 0.1])),
        st.tuples(st.just("start"), st.just(0)),
        st.tuples(st.just("corrected"), st.just(0)),
        st.tuples(st.just("what if"), st.sampled_from([0.01, 0.2])),
        st.tuples(st.just("restart"), st.just(0)),
    ),
    max_size=8,
)


MOVES = {
    "on": lambda session, value: session.forward(value),
    "back": lambda session, _value: session.back(),
    "phase": lambda session, _value: session.at(next_phase(session.timeline, session.position)),
    "rate": lambda session, value: session.edited("update.learning_rate", value),
    "what if": lambda session, value: session.what_if("update.learning_rate", value),
    "start": lambda session, _value: session.other_start(),
    "corrected": lambda session, _value: session.corrected(),
    "restart": lambda session, _value: session.restarted(),
}


def walked(session, steps):
    """Return a session after steps, those left out that it does not take."""
    for step, value in steps:
        with suppress(GdsimError):
            session = MOVES[step](session, value)
    return session


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SCENARIOS)), STEPS, STEPS)
def test_the_way_there_is_the_same_from_anywhere(name, instructor, learner):
    """Opened from nothing and gone to from another walk through the same scenario: position, parameters, edits."""
    scenario = SCENARIOS[name]
    wanted = walked(Session.open(scenario), instructor)
    place = wanted.place
    own = walked(Session.open(scenario), learner)
    for there in (way_to(session, place).session() for session in (Session.open(scenario, place), own)):
        assert there.place == place
        assert there.position == wanted.position
        assert there.extra_updates == wanted.extra_updates
        state, expected = (each.timeline.state(each.position.update) for each in (there, wanted))
        assert np.array_equal(state.theta, expected.theta, equal_nan=True)
        assert there.timeline.run_at(place.update).learning_rate == wanted.timeline.run_at(place.update).learning_rate


def test_going_on_computes_nothing_twice():
    """A follower's screen keeps its run: what was computed there is found, not made again."""
    session = Session.open(SCENARIOS["mazur"]).forward(15)
    there = way_to(session, Place("mazur", 3)).session()
    assert there.timeline is session.timeline
    edited = way_to(there, Place("mazur", 4, edits=("3:update.learning_rate=0.1",))).session()
    assert edited.timeline.update(3) is session.timeline.update(3)


def test_a_key_held_down_makes_a_short_place():
    """Of edits that the next one undoes the last is told: a thousand presses of a key fit into a message."""
    session = Session.open(SCENARIOS["mountain-surface"]).forward(2)
    for number in range(1000):
        session = session.edited("update.learning_rate", 0.01 + number / 1e6)
    place = session.edited("x", 1.5).forward(1).place
    assert len(place.edits) == 2
    assert decode(encode(GoTo(place))) == GoTo(place)


@pytest.mark.parametrize(
    "place",
    [
        Place("mazur", 3, edits=("nonsense",)),
        Place("mazur", 3, edits=("2:nosuch=1.0",)),
        Place("mazur", 3, start=9),
    ],
)
def test_places_there_are_not_are_refused(place):
    """With an error that can be shown; the session stays as it was."""
    with pytest.raises(GdsimError):
        way_to(Session.open(SCENARIOS["mazur"]), place)


def test_a_phase_too_far_is_brought_into_range():
    """A phase beyond those of the next update is its last but one."""
    there = way_to(Session.open(SCENARIOS["mazur"]), Place("mazur", 3, 99)).session()
    assert there.position.phase == len(there.timeline.update(4).phases) - 2
