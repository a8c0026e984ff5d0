"""Networks against hand work, central differences and, where it is installed, torch."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.batches import Batches
from gdsim.engine.gradient_check import check_gradient
from gdsim.engine.losses import LOSSES
from gdsim.engine.models.network import Layer, NetworkModel, Slips
from gdsim.engine.rules import RULES, make_rule
from gdsim.engine.update import Run, Stop, run_update, start_state, updates

ELEMENTWISE = [name for name, activation in ACTIVATIONS.items() if activation.slope is not None]


def fits(activation, loss):
    """Whether a last layer with this activation can be used with this loss."""
    needed = LOSSES[loss].fused_with
    return activation == needed if needed or activation == "softmax" else True


PAIRS = [pair for pair in itertools.product(ACTIVATIONS, LOSSES) if fits(*pair)]


def random_network(hidden, output, loss, seed=0, samples=5):
    rng = np.random.default_rng(seed)
    layers = (Layer(4, 3, hidden), Layer(2, 4, output))
    inputs = rng.standard_normal((samples, 3))
    targets = np.eye(2)[rng.integers(0, 2, samples)]
    model = NetworkModel(layers, loss, inputs, targets)
    return model, 0.7 * rng.standard_normal(model.layout.size) + 0.05


def one_update(model, theta, rate=0.1, rule="gradient-descent"):
    rule = make_rule(rule)
    run = Run(model, rule, rate, Batches(len(model.inputs)), start_state(model, rule, theta), Stop())
    return run_update(run, run.start)


def test_parameter_count_of_the_digit_network():
    """784–20–20–10 has 784·20 + 20 + 20·20 + 20 + 20·10 + 10 = 16 330 parameters."""
    layers = (Layer(20, 784, "sigmoid"), Layer(20, 20, "sigmoid"), Layer(10, 20, "sigmoid"))
    assert NetworkModel(layers, "sum-mse", np.zeros((1, 784)), np.zeros((1, 10))).layout.size == 16330


@pytest.mark.parametrize("hidden", ELEMENTWISE)
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_gradients_agree_with_central_differences(hidden, output, loss):
    """Every activation with every loss it may have passes the gradient check."""
    model, theta = random_network(hidden, output, loss)
    check = check_gradient(model, theta, None, one_update(model, theta).gradient)
    assert check.passed, check.worst
    assert check.checked == theta.size


@pytest.mark.peers
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_updates_agree_with_torch(output, loss, rule):
    """Five updates end at the parameters torch ends at, for every output × loss × rule."""
    oracle = pytest.importorskip("torch_oracle", reason="torch is not installed", exc_type=ImportError)
    model, theta = random_network("tanh", output, loss, seed=3)
    rule_ = make_rule(rule)
    run = Run(model, rule_, 0.03, Batches(5), start_state(model, rule_, theta), Stop(5))
    *_, (last, _reason) = updates(run)
    blocks = model.layout.views(theta)
    theirs = oracle.after_updates(blocks, "tanh", output, loss, rule, 0.03, model.inputs, model.targets, 5)
    # One step of a normalising rule turns rounding noise in a near-zero gradient into a full step.
    assert last.after.theta == pytest.approx(theirs, rel=1e-9, abs=1e-9)


def test_cross_entropy_is_exact_where_the_output_is_saturated():
    """−ln σ(−800) is 800 though σ(−800) is 0 in floating point; its delta is −1."""
    model = NetworkModel((Layer(1, 1, "sigmoid"),), "binary-cross-entropy", np.array([[-800.0]]), np.array([[1.0]]))
    update = one_update(model, np.array([1.0, 0.0]))
    assert update.loss_before == 800.0
    assert update.backward.quantities["delta1"].item() == -1.0


def test_categorical_cross_entropy_does_not_overflow():
    """With z = (1000, 0) and the second class right, the loss is 1000 and the delta (1, −1)."""
    model = NetworkModel(
        (Layer(2, 1, "softmax"),), "categorical-cross-entropy", np.array([[1.0]]), np.array([[0.0, 1.0]])
    )
    update = one_update(model, np.array([1000.0, 0.0, 0.0, 0.0]))
    assert update.loss_before == pytest.approx(1000.0)
    assert update.backward.quantities["delta1"].tolist() == [[1.0, -1.0]]


def test_published_slips_fail_the_gradient_check_and_the_corrected_rule_passes():
    """The check tells the source's gradient from the right one, block by block."""
    slips = Slips(bias_gradient_factor=0.5)
    rng = np.random.default_rng(0)
    model = NetworkModel((Layer(1, 2, "identity"),), "mse", rng.standard_normal((9, 2)), np.ones((9, 1)), slips=slips)
    theta = np.array([1.0, -2.0, 3.0])
    published = check_gradient(model, theta, None, one_update(model, theta).gradient)
    assert [block.passed for block in published.blocks] == [True, False]
    right = replace(model, slips=Slips())
    assert check_gradient(right, theta, None, one_update(right, theta).gradient).passed


def mazur(slips=Slips(), rule="gradient-descent"):
    """Return the first update of the 2-2-2 example at η = 0.5, with slips in force."""
    layers = (Layer(2, 2, "sigmoid"), Layer(2, 2, "sigmoid"))
    data = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    model = NetworkModel(layers, "half-sse", *data, trains_biases=False, slips=slips)
    theta = np.array([0.15, 0.20, 0.25, 0.30, 0.35, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.60])
    return one_update(model, theta, 0.5, rule)


def test_mazur_prints_the_error_of_updated_weights():
    """0.291027924 is in print; it needs errors that go back through w5 … w8 as they are after the update."""
    update = mazur(Slips(is_backprop_updated=True))
    assert update.loss == pytest.approx(0.291027924, abs=5e-10)
    used = update.backward.quantities["passed2"]
    assert used.ravel() == pytest.approx([0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=5e-9)
    assert used.tolist() == update.run.model.layout.view(update.after.theta, "W2").tolist()
    # δ of hidden neuron 1 by hand: (0.138498562·0.35891648 − 0.038098236·0.51130127)·0.593269992·0.406730008
    assert update.backward.quantities["delta1"][0, 0] == pytest.approx(0.0072944577, abs=5e-10)


@pytest.mark.parametrize("rule", RULES)
def test_updated_weights_are_those_of_the_update_under_every_rule(rule):
    """What errors go back through is exactly what the update makes of the weights, momentum and all."""
    update = mazur(Slips(is_backprop_updated=True), rule)
    new = update.run.model.layout.view(update.after.theta, "W2")
    assert update.backward.quantities["passed2"].tolist() == new.tolist()


@pytest.mark.parametrize(
    ("where", "output", "hidden"),
    [
        # hand: a − y = 0.741365070 and −0.217071535; σ′(z²) = 0.186815602, 0.175510053; σ′(z¹₁) = 0.241300709
        ("output", 0.741365070, (0.741365070 * 0.40 - 0.217071535 * 0.50) * 0.241300709),
        ("hidden", 0.138498562, 0.138498562 * 0.40 - 0.038098237 * 0.50),
        ("everywhere", 0.741365070, 0.741365070 * 0.40 - 0.217071535 * 0.50),
    ],
)
def test_slope_left_out(where, output, hidden):
    """δ without σ′ in the last layer, the hidden ones, or both; the equations on view leave it out as well."""
    update = mazur(Slips(slope_left_out=where))
    deltas = update.backward.quantities
    assert deltas["delta2"][0, 0] == pytest.approx(output, abs=5e-9)
    assert deltas["delta1"][0, 0] == pytest.approx(hidden, abs=5e-9)
    at_output, at_hidden = (phase.equation for phase in update.phases[3:5])
    assert ("σ′" in at_output) is (where == "hidden")
    assert ("σ′" in at_hidden) is (where == "output")


def test_frozen_biases_have_a_gradient_but_do_not_move():
    """train_biases = false leaves biases where they are under every rule."""
    model, theta = random_network("sigmoid", "sigmoid", "sse")
    frozen = NetworkModel(model.layers, "sse", model.inputs, model.targets, trains_biases=False)
    for rule in RULES:
        update = one_update(frozen, theta, rule=rule)
        assert frozen.layout.view(update.gradient, "b1").all()
        assert not frozen.layout.view(update.change, "b1").any()


def test_accuracy_counts_the_brightest_output():
    """With the identity as network, accuracy is the part of rows whose largest input is the target's."""
    inputs = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    targets = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    model = NetworkModel((Layer(2, 2, "identity"),), "sse", inputs, targets, test_inputs=inputs, test_targets=targets)
    score = model.score(np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]))
    assert (score.accuracy, score.test_accuracy) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


@settings(max_examples=60, deadline=None)
@given(
    hidden=st.lists(st.tuples(st.integers(1, 5), st.sampled_from(ELEMENTWISE)), max_size=3),
    pair=st.sampled_from(PAIRS),
    outputs=st.integers(1, 4),
    samples=st.integers(1, 6),
    seed=st.integers(0, 10_000),
)
def test_any_random_network_passes_the_gradient_check(hidden, pair, outputs, samples, seed):
    """Depth, widths, activations, losses and batch size do not matter (away from kinks and steps)."""
    rng = np.random.default_rng(seed)
    sizes = [3, *(units for units, _ in hidden), outputs]
    names = [*(name for _, name in hidden), pair[0]]
    layers = tuple(Layer(n, m, name) for m, n, name in zip(sizes, sizes[1:], names, strict=False))
    targets = rng.random((samples, outputs))
    model = NetworkModel(layers, pair[1], rng.standard_normal((samples, 3)), targets)
    theta = rng.standard_normal(model.layout.size)
    forward = model.forward(theta, None)
    kinks = [forward.quantities[f"z{i}"] for i, name in enumerate(names, 1) if name in ("relu", "leaky-relu", "step")]
    if any((np.abs(z) < 1e-3).any() for z in kinks):
        return
    check = check_gradient(model, theta, None, model.backward(theta, forward).gradient)
    assert check.passed, check.worst
