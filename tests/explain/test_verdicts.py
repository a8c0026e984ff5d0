"""What is said of a run that cannot arrive: no separating line, no bottom, no value."""

import numpy as np
import pytest
from explained_runs import LABELS, POINTS, XOR, function_timeline, mountain, perceptron

from gdsim.engine.separability import separation
from gdsim.explain.pages import page
from gdsim.explain.rules import change_sentence
from gdsim.explain.status import stop_sentence


def ending(timeline, updates=20_000):
    timeline.reach(updates)
    return stop_sentence(timeline.stopped, timeline)


def test_a_common_point_proves_that_no_line_separates():
    """Of XOR, the middle (½, ½) is a mixture of both classes, and of them as told."""
    found = separation(XOR, np.array([0.0, 1, 1, 0]))
    assert found.margin == 0.0
    assert found.point == pytest.approx([0.5, 0.5])
    for samples, shares in zip(found.samples, found.shares, strict=True):
        assert sum(shares) == pytest.approx(1.0)
        assert np.array(shares) @ XOR[list(samples)] == pytest.approx(found.point)


def test_the_widest_margin():
    """Between (0, 0) and the points (0, 1), (1, 0) lie 1/√2, so each class is half of it from the best line."""
    assert separation(XOR[:3], np.array([0.0, 1, 1])).margin == pytest.approx(np.sqrt(2) / 4)


@pytest.mark.parametrize("inputs", [1, 2, 3, 10])
def test_points_on_both_sides_of_a_plane_are_separable(inputs):
    """Random points at least 0.1 off a plane, each class on its side, have a margin of 0.1 or more."""
    rng = np.random.default_rng(inputs)
    for _ in range(20):
        way = rng.standard_normal(inputs)
        way /= np.linalg.norm(way)
        targets = np.array([0.0, 1] * 20)
        points = rng.standard_normal((40, inputs))
        points += np.outer((2 * targets - 1) * (0.1 + rng.random(40)) - points @ way, way)
        assert separation(points, targets).margin >= 0.1


def test_one_class_alone_says_nothing():
    """Without a sample of each class there is nothing to separate."""
    assert separation(XOR, np.ones(4)) is None


def test_inseparable_points_are_told_at_the_start_and_at_the_end():
    """Weights that never repeat end with the proof, not with having made all updates."""
    timeline = perceptron(XOR + 0.1, np.array([0.0, 1, 1, 0]), 0.37)
    first = page(timeline.update(1), 0)
    assert any("No line separates the points" in note for note in first.notes)
    assert "No line separates the points" in ending(timeline, 40)


def test_separable_points_are_told_their_widest_margin():
    """At its end a perceptron hears how wide the margin could be."""
    assert "the widest margin there is" in ending(perceptron(POINTS, LABELS))


def test_a_function_without_a_bottom():
    """X² − xy falls for ever: neither its end nor its last step asks for a smaller learning rate."""
    timeline = function_timeline("x**2 - x*y", {"x": 1.0, "y": 0.5}, 0.05, max_updates=20_000)
    assert "falls without end" in ending(timeline)
    assert "smaller" not in ending(timeline)
    assert "falls without end" in change_sentence(timeline.update(timeline.last))


def test_a_straight_slope_may_have_no_minimum():
    """-x falls as steeply at the end as at the start; (x − 2)² does not."""
    assert "may be no minimum" in ending(function_timeline("-x", {"x": 0.0}, 0.1, max_updates=40))
    assert "may be no minimum" not in ending(function_timeline("(x - 2)**2", {"x": 4.0}, 0.1, max_updates=40))


def test_a_walk_that_leaves_the_domain():
    """From 0.6, 0.6 − 0.5/0.6 = −0.2333 is the first place, where log has no value."""
    timeline = function_timeline("log(x)", {"x": 0.6}, 0.5)
    told = "log(x) has no value at x = −0.233333: the walk left the domain at update 1."
    assert ending(timeline) == told
    assert change_sentence(timeline.update(1)) == told


def test_a_slope_without_a_value():
    """√x has a value at 0, its slope 1/(2√x) none."""
    timeline = function_timeline("sqrt(x)", {"x": 0.0}, 0.5)
    assert "has no value at x = 0" in ending(timeline)


def test_too_large_a_step_is_still_told_so():
    """(x − 2)² has a value everywhere and a bottom: with η = 3 the steps are too long."""
    assert "smaller learning rate" in ending(mountain(3.0))
