"""Walking without records: the very states a recorded run goes through."""

from dataclasses import replace

import numpy as np
import pytest

from gdsim.engine.batches import Batches
from gdsim.engine.formula.expressions import parse
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import Layer, NetworkModel, Slips
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.rules import RULES, make_rule
from gdsim.engine.update import Run, Stop, run_update, start_state
from gdsim.engine.walk import walk

SLIPS = {
    "none": Slips(),
    "slope at output": Slips(is_slope_at_output=True, bias_gradient_factor=0.5),
    "slope left out": Slips(slope_left_out="everywhere"),
    "weights already changed": Slips(is_backprop_updated=True),
}


def run_of(rule, activation="sigmoid", size=None, shuffled=False, slips="none", loss="half-sse", trains_biases=True):
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((12, 5)), np.eye(2)[rng.integers(0, 2, 12)]
    model = NetworkModel((Layer(4, 5, activation), Layer(2, 4, activation)), loss, x, y, trains_biases=trains_biases)
    model = replace(model, slips=SLIPS[slips])
    made = make_rule(rule)
    start = start_state(model, made, rng.standard_normal(model.layout.size))
    return Run(model, made, 0.05, Batches(12, size, shuffled, 7), start, Stop())


def perceptron_run():
    points = np.array([(0.8, 0.4), (0.3, 0.1), (0.8, 0.8), (0.4, 0.6), (0.6, 0.8), (0.4, 0.2), (0.4, 0.5)])
    model, rule = PerceptronModel(points, np.array([0.0, 0, 1, 1, 1, 0, 1])), make_rule("gradient-descent")
    return Run(model, rule, 1.0, Batches(7, 1), start_state(model, rule, np.zeros(3)), Stop())


def surface_run():
    formulas = "(x - 1)**2 + x*y**2", "2*(x - 1) + y**2", "2*x*y"
    expression, *gradient = (parse(formula, ["x", "y"]) for formula in formulas)
    model, rule = FunctionModel(expression, tuple(gradient)), make_rule("adam")
    return Run(model, rule, 0.1, Batches(), start_state(model, rule, np.array([3.0, -2.0])), Stop())


def bits(state):
    slots = [slot.tobytes() for slot in state.rule_state.slots]
    return state.update, state.theta.tobytes(), slots, state.rule_state.steps, state.corrections


def check(run, last=9):
    """Check the states a walk comes through, kept all at once, and walked to in two parts, against recorded updates."""
    recorded, expected = run.start, []
    for _ in range(last):
        recorded = run_update(run, recorded).after
        expected.append(bits(recorded))
    walked = walk(run, run.start, last, range(1, last))
    assert [bits(walked[number]) for number in sorted(walked)] == expected
    half = walk(run, run.start, last // 2)[last // 2]
    assert bits(walk(run, half, last)[last]) == expected[-1]
    assert not any(state.theta.flags.writeable for state in walked.values())


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("size", [None, 5, 1])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("rule", RULES)
def test_same_states_bit_for_bit(rule, activation, size, shuffled):
    """Every rule, activation and order of samples: θ and what the rule remembers are equal to the last bit."""
    check(run_of(rule, activation, size, shuffled))


@pytest.mark.parametrize("trains_biases", [False, True])
@pytest.mark.parametrize("slips", SLIPS)
@pytest.mark.parametrize("rule", ["gradient-descent", "adam"])
def test_same_states_with_the_slips_of_a_source(rule, slips, trains_biases):
    """A source's errors, and biases it leaves alone, are walked with as they are recorded."""
    check(run_of(rule, "tanh", 5, True, slips, trains_biases=trains_biases))


@pytest.mark.parametrize(
    ("loss", "activation"),
    [("binary-cross-entropy", "sigmoid"), ("binary-cross-entropy", "tanh"), ("mse", "sigmoid"), ("sse", "relu")],
)
def test_same_states_with_every_way_to_an_output_delta(loss, activation):
    """Fused with the loss, or through the slope, and where tanh makes logarithms of negative numbers: the same bits."""
    check(run_of("momentum", activation, 5, True, loss=loss))


def test_same_states_of_softmax():
    """The fused delta of softmax and categorical cross-entropy."""
    run = run_of("rmsprop", size=5)
    layers = (Layer(4, 5, "tanh"), Layer(2, 4, "softmax"))
    check(replace(run, model=replace(run.model, layers=layers, loss_name="categorical-cross-entropy")))


def test_same_states_and_corrections_of_a_perceptron():
    """Corrections are counted on the way: 4 in each of the first two epochs of seven (devfest)."""
    run = perceptron_run()
    check(run, 21)
    assert walk(run, run.start, 14, {7})[7].corrections == 4
    assert walk(run, run.start, 14)[14].corrections == 8


def test_same_states_of_a_function():
    """A function of two variables has no samples."""
    check(surface_run())


def test_a_walk_that_overflows_says_nothing():
    """What diverges is walked through in silence, to the same infinities and NaNs."""
    check(replace(run_of("gradient-descent", "identity"), learning_rate=1e200))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_slope_beside_a_known_value(activation):
    """A slope worked out from the value that is known anyway has the same bits, at both far ends too."""
    from gdsim.engine.activations import ACTIVATIONS

    kind, z = ACTIVATIONS[activation], np.array([-800.0, -3.7, -1e-9, 0.0, 0.2, 5.5, 40.0, 800.0, np.inf, np.nan])
    with np.errstate(all="ignore"):
        assert kind.slope_beside(z, kind.value(z)).tobytes() == kind.slope(z).tobytes()
