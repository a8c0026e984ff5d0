"""Rosenblatt's rule on the devfest points and on XOR."""

import numpy as np
import pytest

from gdsim.engine.batches import Batches
from gdsim.engine.gradient_check import check_gradient
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Run, Stop, start_state, updates

POINTS = np.array([(0.8, 0.4), (0.3, 0.1), (0.8, 0.8), (0.4, 0.6), (0.6, 0.8), (0.4, 0.2), (0.4, 0.5)])
LABELS = np.array([0.0, 0, 1, 1, 1, 0, 1])


def perceptron_run(points, labels, rate=1.0, tie_tolerance=0.0):
    model, rule = PerceptronModel(points, labels, tie_tolerance=tie_tolerance), make_rule("gradient-descent")
    start = start_state(model, rule, np.zeros(points.shape[1] + 1))
    return Run(model, rule, rate, Batches(len(points), 1), start, Stop(on_epoch=True, detect_cycle=True))


@pytest.mark.parametrize("rate", [0.1, 0.3, 2.0, 7.5])
def test_any_learning_rate_converges(rate):
    """From w = 0 the learning rate only scales w and b, so it converges for any η > 0."""
    *_, (last, reason) = updates(perceptron_run(POINTS, LABELS, rate))
    assert reason == "converged"
    assert not last.run.model.mistakes(last.after.theta).any()


def test_tie_counts_as_class_one_unless_told_otherwise():
    """At exactly wᵀx + b = 0 the output is `tie`; a tolerance widens the tie."""
    zero = np.zeros(3)
    assert PerceptronModel(POINTS, LABELS).forward(zero, np.array([0])).quantities["output"].tolist() == [1.0]
    assert PerceptronModel(POINTS, LABELS, tie=0).forward(zero, np.array([0])).quantities["output"].tolist() == [0.0]
    near = PerceptronModel(POINTS, LABELS, tie=1, tie_tolerance=1e-6)
    assert near.outputs(np.array([-1e-7, -1e-5])).tolist() == [1.0, 0.0]


def test_correction_is_the_gradient_of_the_perceptron_criterion():
    """−(y − f)(wᵀx + b) with f held fixed has the gradient −(y − f)(x, 1), for a mistake and for none."""
    run = perceptron_run(POINTS, LABELS)
    for update, _reason in updates(run):
        check = check_gradient(run.model, update.before.theta, update.samples, update.gradient)
        assert check.passed, check.worst


def test_phases():
    """Sum, output, error, update; the first point (0.8, 0.4) with label 0 is corrected by −x."""
    first, _ = next(updates(perceptron_run(POINTS, LABELS)))
    assert [phase.kind for phase in first.phases] == ["sum", "output", "error", "update"]
    assert first.change.tolist() == [-0.8, -0.4, -1.0]
    assert first.is_mistake


def test_margin_is_the_signed_distance_of_the_worst_point():
    """For w = (3, 4), b = −5: (2, 1) labelled 1 is 1 away, (1, 2) labelled 0 is 6/5 on the wrong side (hand)."""
    model = PerceptronModel(np.array([(2.0, 1.0), (1.0, 2.0)]), np.array([1.0, 0.0]))
    assert model.margin(np.array([3.0, 4.0, -5.0])) == (1, pytest.approx(-1.2))
    assert model.margin(np.array([-3.0, -4.0, 5.0])) == (0, pytest.approx(-1.0))
    assert model.margin(np.array([0.0, 0.0, 1.0])) is None


def test_a_point_on_the_line_has_no_margin():
    """0.1 + 0.2 − 0.3 is 5.6e−17 in float64, mere rounding: the margin is 0."""
    model = PerceptronModel(np.array([[0.1, 0.2]]), np.array([1.0]))
    assert model.margin(np.array([1.0, 1.0, -0.3])) == (0, 0.0)
