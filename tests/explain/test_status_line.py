"""The status line, why a run is over, and what is said of one that cannot arrive."""

import numpy as np
import pytest
from explained_runs import LABELS, POINTS, XOR, function_timeline, line, mountain, network, perceptron, wide

from gdsim.engine.edits import Edit
from gdsim.engine.models.network import Layer
from gdsim.engine.separability import separation
from gdsim.explain.pages import page
from gdsim.explain.rules import change_sentence
from gdsim.explain.status import is_loss_rising, status_line, stop_sentence
from gdsim.timeline.position import Position


def test_update_loss_and_learning_rate():
    """The line always reads `update K · loss V · η E`, then the rule; (3.882384 − 2)² = 3.543370."""
    assert status_line(mountain(), Position()) == "update 0 · loss 4 · η 0.01 · gradient-descent"
    assert status_line(mountain(), Position(3)) == "update 3 · loss 3.543370 · η 0.01 · gradient-descent"


def test_inside_an_update():
    """Inside an update the numbers before it stand, and which phase it is."""
    assert status_line(mountain(), Position(3, 1)) == (
        "update 3 · loss 3.543370 · η 0.01 · gradient-descent · update 4, phase 2 of 3"
    )


def test_the_reason_stands_at_the_end_only():
    """The walk stops after 298 updates with min_change (devfest)."""
    timeline = mountain()
    timeline.reach(1000)
    assert status_line(timeline, Position(298)).endswith(" · stopped: min_change")
    assert "stopped" not in status_line(timeline, Position(297))


def test_a_changed_learning_rate_shows_where_it_holds():
    """After the learning rate is changed at update 2, η reads the new one there and the old one before."""
    timeline = mountain().branch(Edit(2, "update.learning_rate", 0.5))
    assert "η 0.5" in status_line(timeline, Position(2))
    assert "η 0.01" in status_line(timeline, Position(1))


def test_epochs_corrections_and_accuracy():
    """A perceptron's line has its epoch, corrections so far, and the accuracy after the last whole epoch."""
    timeline = perceptron()
    assert status_line(timeline, Position(1)) == "update 1 · loss 4 · η 1 · perceptron · epoch 1 · 1 correction"
    timeline.reach(100)
    assert status_line(timeline, Position(56)) == (
        "update 56 · loss 0 · η 1 · perceptron · epoch 8 · 23 corrections · accuracy 100 % · stopped: converged"
    )
    assert "epoch 2" in status_line(line(size=2), Position(3))
    assert "accuracy" in status_line(wide(size=4), Position(3))
    assert "epoch" not in status_line(line(), Position(3))


def test_a_rising_loss_is_flagged():
    """η = 1.05 makes every update worse; η = 0.01 none; inside an update nothing is known yet."""
    assert is_loss_rising(mountain(1.05), Position(1))
    assert not is_loss_rising(mountain(1.05), Position(1, 1))
    assert not is_loss_rising(mountain(1.05), Position())
    assert not is_loss_rising(mountain(), Position(5))


def test_a_loss_that_is_no_number_counts_as_rising():
    """log x steps from 1 to −9, where it has no value: that is no progress."""
    timeline = function_timeline("log(x)", {"x": 1.0}, 10.0)
    assert np.isnan(timeline.update(1).loss)
    assert is_loss_rising(timeline, Position(1))


def sentence(timeline, updates=20_000):
    timeline.reach(updates)
    return stop_sentence(timeline.stopped, timeline)


def test_reasons_in_words():
    """Every reason to stop has a sentence with the numbers that tell it."""
    assert "9.91299e−05 long, shorter than 0.0001" in sentence(mountain())
    assert "5 updates" in sentence(function_timeline("x**2", {"x": 1.0}, max_updates=5))
    assert "below 0.5" in sentence(function_timeline("x**2", {"x": 1.0}, 0.1, min_gradient=0.5))
    assert "below the 0.5 asked for" in sentence(function_timeline("x**2", {"x": 1.0}, 0.1, min_loss=0.5))
    assert "smaller learning rate" in sentence(function_timeline("x**2", {"x": 1.0}, 3.0))
    assert "Epoch 8 went by without a mistake" in sentence(perceptron())


def test_a_cycle_names_both_epochs():
    """On XOR the weights after epoch 3 are those after epoch 2: no line separates the points (devfest)."""
    text = sentence(perceptron(XOR, np.array([0.0, 1, 1, 0])))
    assert "after epoch 3 repeat those after epoch 2" in text
    assert "no line separates" in text


def test_accuracy_stands_with_full_batches_too():
    """With w = b = 0 every answer of a sigmoid is 0.5, no higher than the threshold: AND's three zeros are right."""
    net = network([Layer(1, 2, "sigmoid")], "binary-cross-entropy", XOR, [[0], [0], [0], [1]], [0.0, 0.0, 0.0])
    assert status_line(net, Position()).endswith(" · accuracy 75 %")
    assert "accuracy" not in status_line(line(), Position())


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
    assert "No line separates the points" in sentence(timeline, 40)


def test_separable_points_are_told_their_widest_margin():
    """At its end a perceptron hears how wide the margin could be."""
    assert "the widest possible margin is" in sentence(perceptron(POINTS, LABELS))


def test_a_function_without_a_bottom():
    """X² − xy falls for ever: neither its end nor its last step asks for a smaller learning rate."""
    timeline = function_timeline("x**2 - x*y", {"x": 1.0, "y": 0.5}, 0.05, max_updates=20_000)
    assert "falls without end" in sentence(timeline)
    assert "smaller" not in sentence(timeline)
    assert "falls without end" in change_sentence(timeline.update(timeline.last))


def test_a_straight_slope_may_have_no_minimum():
    """-x falls as steeply at the end as at the start; (x − 2)² does not."""
    assert "may be no minimum" in sentence(function_timeline("-x", {"x": 0.0}, 0.1, max_updates=40))
    assert "may be no minimum" not in sentence(function_timeline("(x - 2)**2", {"x": 4.0}, 0.1, max_updates=40))


def test_a_walk_that_leaves_the_domain():
    """From 0.6, 0.6 − 0.5/0.6 = −0.2333 is the first place, where log has no value."""
    timeline = function_timeline("log(x)", {"x": 0.6}, 0.5)
    told = "log(x) has no value at x = −0.233333: the walk left the domain at update 1."
    assert sentence(timeline) == told
    assert change_sentence(timeline.update(1)) == told


def test_a_slope_without_a_value():
    """√x has a value at 0, its slope 1/(2√x) none."""
    timeline = function_timeline("sqrt(x)", {"x": 0.0}, 0.5)
    assert "has no value at x = 0" in sentence(timeline)
