"""The gradient by nudging: two forward passes a weight, and the numbers backpropagation finds."""

from dataclasses import replace

import numpy as np
import pytest

from gdsim.errors import UsageError
from gdsim.explain.gradient_check import nudging_page
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.place import START, Place
from gdsim.session import Session
from gdsim.session.looking import nudge

# Found by nudging in a plain program that knows the loss and nothing of backpropagation (hand).
BY_HAND = {0: 0.0274741319365, 5: -0.0246485066682, 7: 0.0048046715516, 12: 0.0118304461646, 16: -0.0343630788458}


BIG = (
    ("network.layers", [{"units": 2000, "activation": "tanh", "init": {"method": "normal"}},
                        {"units": 2, "activation": "sigmoid", "init": {"method": "normal"}}]),
)  # fmt: skip


def opened(name="nudge-every-weight", place=START):
    return Session.open(load_file(resolve(name)), place)


def test_both_ways_agree_to_one_part_in_a_million():
    """All 17 gradients of the small network, by 34 forward passes and by backpropagation, and by hand."""
    nudging = nudge(opened(), "all").nudging
    assert (nudging.count, nudging.forward_passes, nudging.is_complete) == (17, 34, True)
    assert nudging.difference < 1e-6
    relative = np.abs(nudging.nudges.slopes - nudging.computed) / np.abs(nudging.computed)
    assert relative.max() < 1e-6
    for element, gradient in BY_HAND.items():
        assert nudging.nudges.slopes[element] == pytest.approx(gradient, rel=1e-6)


def test_one_weight_at_a_time_comes_to_the_same_as_all_at_once():
    """17 times one weight gives the very numbers of all at once, and the passes are counted on the way."""
    session = opened()
    for count in range(1, 18):
        session = nudge(session, "")
        assert session.nudging.forward_passes == 2 * count
    assert np.array_equal(session.nudging.nudges.slopes, nudge(opened(), "all").nudging.nudges.slopes)


def test_every_weight_nudged_is_looked_at():
    """The focus goes with the nudging: weights of a neuron first, then the biases of its layer."""
    session = nudge(opened(), "4")
    assert (session.focus.layer, session.focus.unit, session.focus.input, session.focus.is_weight) == (1, 1, 1, True)
    session = nudge(session, "4")
    assert (session.focus.layer, session.focus.unit, session.focus.is_weight) == (1, 1, False)


def test_a_step_ends_the_nudging():
    """Nudging is about the gradient on view; with the next update there is another one."""
    assert nudge(opened(), "3").forward(1).nudging is None


def test_nothing_is_left_when_all_are_nudged():
    """After the last weight there is nothing more to nudge."""
    with pytest.raises(UsageError, match="every parameter"):
        nudge(nudge(opened(), "all"), "")


def test_a_large_network_is_not_nudged_all_at_once():
    """Thousands of weights would take minutes: that is refused with the number of passes, one at a time is not."""
    session = Session.open(load_file(resolve("nudge-every-weight"), overrides=BIG))
    with pytest.raises(UsageError, match="20004 forward passes"):
        nudge(session, "all")
    assert nudge(session, "").nudging.forward_passes == 2


def test_the_page_of_a_wrong_gradient_says_so():
    """As published the neuron's gradient is not the slope of its loss; corrected it is."""
    wrong = nudging_page(nudge(opened("admissions-neuron"), "all").nudging)
    right = nudging_page(nudge(opened("admissions-neuron", Place(is_corrected=True)), "all").nudging)
    assert "differ" in wrong.sentence
    assert "agree" in right.notes[0]


def test_views_of_one_update_nudged_further_differ():
    """A screen compares what it shows with what it is to show; the numbers found so far must not get in the way."""
    session = Session.open(load_file(resolve("mazur"))).forward(1)
    further = nudge(session, "2"), nudge(session, "3"), nudge(session, "all")
    views = [replace(each, focus=session.focus).view for each in further]
    assert views[0] == views[0]
    assert views[0] != views[1]
    assert views[1] != views[2]
    assert views[0] != replace(nudge(session, "2"), focus=session.focus).view
