"""The status line, and why a run is over."""

import numpy as np
from explained_runs import XOR, function_timeline, line, mountain, network, perceptron, wide

from gdsim.engine.edits import Edit
from gdsim.engine.models.network import Layer
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


def sentence(timeline, updates=2000):
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
