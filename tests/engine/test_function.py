"""A formula as a model: value, gradient and the phases a learner sees."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gdsim.engine.batches import Batches
from gdsim.engine.formula.expressions import parse
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.parameters import Vector
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Model, Run, Stop, forward_at, run_update, start_state


def model_of(text: str, *variables: str) -> FunctionModel:
    expression = parse(text, variables)
    return FunctionModel(expression, expression.gradient())


def theta_of(*values: float) -> Vector:
    return np.array(values)


def test_function_is_a_model() -> None:
    """A function has everything a run asks of a model."""
    model: Model = model_of("x**2", "x")
    assert model.update_equation is None


def test_each_variable_is_one_number_of_theta() -> None:
    """θ holds the variables in the order given, and the layout is built once."""
    model = model_of("3*b + a", "b", "a")
    assert model.layout.names == ("b", "a")
    assert model.layout.shapes == ((), ())
    assert model.layout is model.layout


def test_forward_gives_the_value() -> None:
    """The loss is f(θ): (4 − 2)² = 4, and there is no prediction and never a mistake."""
    model = model_of("(x - 2)**2", "x")
    forward = model.forward(theta_of(4.0), None)
    assert forward.loss == 4.0
    assert type(forward.loss) is float
    assert forward.prediction is None
    (value, _) = model.phases(forward, model.backward(theta_of(4.0), forward))
    assert value.values == {"value": 4.0}
    assert value.values["value"].shape == ()
    assert not forward.is_mistake
    assert model.score(theta_of(4.0)).loss == 4.0
    assert model.objective(theta_of(4.0), None)(theta_of(5.0)) == 9.0


def test_backward_gives_one_derivative_a_variable() -> None:
    """Steepest ascent of 3x + y − 4 + x²y at (0, 0) is (3, 1), flat and in the order of the variables."""
    model = model_of("3*x + y - 4 + x**2*y", "x", "y")
    theta = theta_of(0.0, 0.0)
    gradient = model.backward(theta, model.forward(theta, None)).gradient
    assert gradient.dtype == np.float64
    assert gradient.tolist() == [3.0, 1.0]


def test_phases_of_one_variable() -> None:
    """With one variable the formulas are f(x) and f′(x), beside their numbers."""
    model = model_of("(x - 2)**2", "x")
    theta = theta_of(4.0)
    forward = model.forward(theta, None)
    value, gradient = model.phases(forward, model.backward(theta, forward))
    assert (value.kind, value.layer, value.equation) == ("value", None, "f(x) = (x − 2)²")
    assert (gradient.kind, gradient.layer, gradient.equation) == ("gradient", None, "f′(x) = 2·(x − 2)")
    assert float(value.values["value"]) == 4.0
    assert float(gradient.values["gradient.x"]) == 4.0


def test_phases_of_several_variables() -> None:
    """With several variables the gradient is one partial derivative each."""
    model = model_of("x**2 + 3*x*y", "x", "y")
    theta = theta_of(1.0, 2.0)
    forward = model.forward(theta, None)
    value, gradient = model.phases(forward, model.backward(theta, forward))
    assert value.equation == "f(x, y) = x² + 3·x·y"
    assert gradient.equation == "∂f/∂x = 2·x + 3·y; ∂f/∂y = 3·x"
    assert {name: float(slope) for name, slope in gradient.values.items()} == {"gradient.x": 8.0, "gradient.y": 3.0}


def test_a_given_gradient_is_used_as_it_is() -> None:
    """A gradient the source gives is what the model computes, right or wrong; checking it is another's task."""
    expression = parse("x**2", ["x"])
    model = FunctionModel(expression, (parse("x", ["x"]),))
    theta = theta_of(3.0)
    assert model.backward(theta, model.forward(theta, None)).gradient.tolist() == [3.0]


def test_divergence_is_kept_as_numbers() -> None:
    """Far out the value is inf and the gradient nan: numbers to show, neither errors nor warnings."""
    for text, at, loss in (("exp(x) - exp(x)", 1e4, math.nan), ("x**4", 1e200, math.inf)):
        model, rule = model_of(text, "x"), make_rule("gradient-descent")
        run = Run(model, rule, 0.1, Batches(), start_state(model, rule, theta_of(at)), Stop())
        assert run_update(run, run.start).loss_before == pytest.approx(loss, nan_ok=True)
        assert forward_at(run, run.start).loss == pytest.approx(loss, nan_ok=True)
