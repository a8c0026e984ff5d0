"""The gradient check itself: red for what is wrong, green for what is right, also where differences are delicate."""

import numpy as np
import pytest

from gdsim.engine.formula.expressions import parse
from gdsim.engine.gradient_check import Nudges, check_gradient, nudge
from gdsim.engine.models.function import FunctionModel


def check(text, gradient, at):
    model = FunctionModel(parse(text, ["x"]), (parse(gradient, ["x"]),))
    theta = np.array([at])
    with np.errstate(all="ignore"):
        gradient = model.backward(theta, model.forward(theta, None)).gradient
    return check_gradient(model, theta, None, gradient)


def test_central_difference_of_a_cube_by_hand():
    """((1 + h)³ − (1 − h)³)/2h = 3 + h², and h² is far below the tolerance."""
    slopes = Nudges.of(list(nudge(lambda theta: float(theta[0] ** 3), np.array([1.0]), [0]))).slopes
    assert slopes[0] == pytest.approx(3.0, abs=1e-9)


@pytest.mark.parametrize("at", [2.0, 2.0 + 1e-9, 4.0, -1e6, 1e-12])
def test_right_gradient_passes_also_at_the_minimum(at):
    """Where the slope is 0 the two sides cancel but for rounding; that is no mistake."""
    assert check("(x - 2)**2", "2*(x - 2)", at).passed


@pytest.mark.parametrize("gradient", ["x - 2", "2*(x - 2) + 0.001", "-2*(x - 2)", "2*(x - 2)*1.0001"])
def test_wrong_gradient_fails(gradient):
    """A missing factor, an offset, a wrong sign and one part in ten thousand are all told."""
    assert not check("(x - 2)**2", gradient, 4.0).passed


def test_offset_is_told_at_the_minimum_too():
    """0.001 is not a slope of (x − 2)² at 2, however small the slopes are there."""
    assert not check("(x - 2)**2", "2*(x - 2) + 0.001", 2.0).passed


@pytest.mark.parametrize(("gradient", "passes"), [("0", True), ("0.5", True), ("1", True), ("2", False), ("-1", False)])
def test_at_a_kink_any_slope_between_both_sides_is_right(gradient, passes):
    """relu has slope 0 on the left of 0 and 1 on the right."""
    assert check("relu(x)", gradient, 0.0).passed is passes


def test_flat_function_passes():
    """A constant has gradient 0 and nothing to divide by."""
    assert check("3 + 0*x", "0", 1.0).passed


@pytest.mark.parametrize("at", [-3.0, -0.5, 0.0, 0.7, 5.0])
def test_terms_that_cancel_pass(at):
    """tanh(x) = 2σ(2x) − 1, so their difference is 0 everywhere but for rounding, and so is its slope."""
    assert check("tanh(x) - (2*sigmoid(2*x) - 1)", "0", at).passed


def test_not_a_number_fails():
    """A gradient that is not a number never agrees."""
    assert not check("log(x)", "1/x", -1.0).passed
