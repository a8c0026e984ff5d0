"""Penalties, shared and missing biases, slopes of activations: by hand, by central differences and beside torch."""

import numpy as np
import pytest

from gdsim.charts.shapes import losses_at
from gdsim.engine.activations import activation_named
from gdsim.engine.batches import Batches
from gdsim.engine.gradient_check import check_gradient
from gdsim.engine.losses import Penalty
from gdsim.engine.models.network import Layer, NetworkModel
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Run, Stop, run_update, start_state, updates
from gdsim.errors import GdsimError
from gdsim.explain.pages import page
from gdsim.explain.status import stop_sentence
from gdsim.scenario.build import build
from gdsim.scenario.load import load_text
from gdsim.timeline.position import Focus
from gdsim.timeline.timeline import Timeline

TWO = """
format = 1
title = "t"
summary = "s"
[network]
loss = "half-sse"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.1, -0.2], [0.4, 0.3]]
biases = [0.2, 0.2]
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.5, -0.3], [0.2, 0.6]]
biases = [-0.1, -0.1]
[data]
inputs = [[1.0, 0.5]]
targets = [[0, 1]]
[update]
learning_rate = 0.5
"""


def network(seed, penalty=None, bias="own", hidden="tanh", slope=None, dropout=0.0):
    # One bias for all outputs of softmax has the gradient 0; rules that normalise would make steps of its rounding.
    rng = np.random.default_rng(seed)
    layers = (Layer(4, 3, hidden, bias, slope, dropout), Layer(2, 4, "softmax", "own" if bias == "shared" else bias))
    targets = np.eye(2)[rng.integers(0, 2, 6)]
    model = NetworkModel(layers, "categorical-cross-entropy", rng.standard_normal((6, 3)), targets, penalty=penalty)
    return model, rng.standard_normal(model.layout.size)


def run_of(model, theta, rate=0.1, rule="gradient-descent", **options):
    rule = make_rule(rule)
    return Run(model, rule, rate, Batches(len(model.inputs)), start_state(model, rule, theta), Stop(5), **options)


KINDS = {
    "l2": {"penalty": Penalty(l2=0.3)},
    "l1": {"penalty": Penalty(l1=0.2)},
    "both": {"penalty": Penalty(0.3, 0.2)},
    "shared": {"bias": "shared"},
    "none": {"bias": "none"},
    "leaky-relu": {"hidden": "leaky-relu", "slope": 0.2},
    "dropout": {"dropout": 0.4},
    "elu": {"hidden": "elu", "slope": 0.5},
}


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_agree_with_central_differences(kind):
    """Every one of them, over the parameters that are trained, in networks at random."""
    for seed in range(5):
        model, theta = network(seed, **KINDS[kind])
        update = run_update(run_of(model, theta), run_of(model, theta).start)
        check = check_gradient(update.model, theta, None, update.gradient)
        assert check.passed, check.worst


def torch_sum(a, W, b):
    return a @ W.T + b if b.numel() else a @ W.T


def torch_end(model, theta, count, rate, rule):
    oracle = pytest.importorskip("torch_oracle", reason="torch is not installed", exc_type=ImportError)
    torch = oracle.torch
    blocks = [torch.tensor(np.array(block), requires_grad=True) for block in model.layout.views(theta).values()]
    optimiser = oracle.RULES[rule]([block for block in blocks if block.numel()], rate)
    x, y = torch.tensor(model.inputs), torch.tensor(model.targets)
    hidden = model.layers[0]
    slope = hidden.slope
    act = {
        "tanh": torch.tanh,
        "leaky-relu": lambda z: torch.nn.functional.leaky_relu(z, slope),
        "elu": lambda z: torch.nn.functional.elu(z, slope),
    }[hidden.activation]
    for number in range(1, count + 1):
        mask = model.in_update(number).masks[0] if hidden.dropout else np.ones(hidden.units)
        z = torch_sum(act(torch_sum(x, *blocks[:2])) * torch.tensor(mask), *blocks[2:])
        loss = torch.nn.functional.cross_entropy(z, y)
        if model.penalty is not None:
            for W in blocks[::2]:
                loss = loss + model.penalty.l2 / 2 * (W**2).sum() + model.penalty.l1 * W.abs().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return torch.cat([b.detach().ravel() for b in blocks]).numpy()


@pytest.mark.peers
@pytest.mark.parametrize("rule", ["gradient-descent", "momentum", "adam"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_updates_agree_with_torch(kind, rule, seed):
    """Five updates of random networks end where torch ends."""
    model, theta = network(seed, **KINDS[kind])
    theirs = torch_end(model, theta, 5, 0.05, rule)
    *_, (last, _reason) = updates(run_of(model, theta, 0.05, rule))
    assert last.after.theta == pytest.approx(theirs, rel=1e-10, abs=1e-10)


def loaded(*changes):
    text = TWO
    for old, new in changes:
        text = text.replace(old, new)
    return load_text(text, "two.toml")


SHARED = ("biases", 'bias = "shared"\nbiases')


@pytest.mark.parametrize("biases", ["[0.2, 0.2]", "[0.2]"])
def test_a_shared_bias_learns_from_all_its_units(biases):
    """After one update b1, b2 and the first weight of the output are those of a plain loop outside gdsim."""
    run = build(loaded(SHARED, ("[0.2, 0.2]", biases)))
    after = run_update(run, run.start).after.theta
    parts = run.model.layout.views(after)
    assert parts["b1"] == pytest.approx([0.204972371810], abs=1e-12)
    assert parts["b2"] == pytest.approx([-0.114047514736], abs=1e-12)
    assert parts["W2"][0, 0] == pytest.approx(0.466137860502, abs=1e-12)
    assert any("Σⱼ δⱼ" in line.formula for line in page(run_update(run, run.start), 5).lines)


def test_no_bias_is_no_parameter():
    """A layer without biases has none in θ, none in its equations, and goes on as one whose biases are 0 for ever."""
    run = build(loaded(("biases = [0.2, 0.2]", 'bias = "none"')))
    update = run_update(run, run.start)
    assert update.after.theta.size == build(loaded()).start.theta.size - 2
    assert update.phases[0].equation == "z¹ = W¹a⁰"
    shown = [line for number in (0, 5, 6) for line in page(update, number, Focus(1)).lines]
    assert shown
    assert not any("b" in f"{line.symbol}{line.formula}" for line in shown)
    zeros = build(loaded(("biases = [0.2, 0.2]", "biases = [0.0, 0.0]")))
    theirs = run_update(zeros, zeros.start)
    assert update.gradient.tolist() == np.delete(theirs.gradient, np.r_[zeros.model.layout.slices["b1"]]).tolist()


PENALTY = ('loss = "half-sse"', 'loss = "half-sse"\npenalty = { l2 = 0.1, l1 = 0.01 }')


def test_a_penalty_has_its_lines():
    """w = 0.1 adds 0.1·0.1 + 0.01 to its gradient; the loss has the penalty on all weights in a line of its own."""
    run = build(loaded(PENALTY))
    update, plain = run_update(run, run.start), build(loaded())
    without = run_update(plain, plain.start)
    assert update.gradient[0] - without.gradient[0] == pytest.approx(0.02)
    squares, sizes = 0.01 + 0.04 + 0.16 + 0.09 + 0.25 + 0.09 + 0.04 + 0.36, 2.6
    assert update.loss_before - without.loss_before == pytest.approx(0.05 * squares + 0.01 * sizes)
    assert [line.symbol for line in page(update, 2).lines][-1] == "C with penalty"
    lines = page(update, 5).lines
    assert [line.symbol for line in lines[:2]] == ["∂C₀/∂w²₁₁", "∂C/∂w²₁₁"]
    assert lines[1].formula == "∂C₀/∂w²₁₁ + λ₂w²₁₁ + λ₁sign(w²₁₁)"


def test_the_loss_surface_has_the_penalty():
    """Heights of a loss surface are the loss that is minimised."""
    model, theta = network(1, penalty=Penalty(0.3, 0.2))
    run = run_of(model, theta)
    assert losses_at(run, theta[np.newaxis])[0] == pytest.approx(model.forward(theta, None).loss)


def test_slopes_left_of_zero():
    """leaky-relu with slope 0.2 gives −0.4 at −2; elu with slope 2 gives 2(e⁻² − 1)."""
    assert activation_named("leaky-relu", 0.2).value(np.array([-2.0])) == pytest.approx([-0.4])
    assert activation_named("elu", 2.0).value(np.array([-2.0])) == pytest.approx([2 * np.expm1(-2.0)])


def test_dropout_leaves_units_out_anew_in_every_update():
    """About 0.4 of the units are left out, the others scaled to the same sum; the same seed leaves out the same."""
    model = NetworkModel(
        (Layer(50, 3, "tanh", dropout=0.4), Layer(1, 50, "identity")), "mse", np.ones((1, 3)), np.ones((1, 1))
    )
    masks = [model.in_update(number).masks[0] for number in range(1, 101)]
    assert np.mean(masks) == pytest.approx(1.0, abs=0.05)
    assert {round(float(value), 9) for mask in masks for value in mask} == {0.0, round(1 / 0.6, 9)}
    assert not np.array_equal(masks[0], masks[1])
    assert np.array_equal(masks[0], model.in_update(1).masks[0])


def test_scores_know_no_dropout():
    """How a network stands is told with all its units."""
    model, theta = network(3, dropout=0.5)
    whole, _same = network(3)
    assert model.score(theta) == whole.score(theta)


def test_a_neuron_left_out_is_told_so():
    """Its output and its error are 0 in the equations, whatever its sum; the others are scaled."""
    model, theta = network(0, dropout=0.5)
    run = run_of(model, theta)
    update = run_update(run, run.start)
    for unit, mask in enumerate(update.model.masks[0]):
        focus = Focus(1, unit)
        forward, backward = page(update, 0, focus), page(update, 4, focus)
        assert ("left out" in forward.lines[-1].formula) == (mask == 0.0)
        assert ("left this neuron out" in backward.sentence) == (mask == 0.0)
        assert backward.lines[-1].formula.endswith("·0" if mask == 0.0 else "/(1 − p)")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("biases = [0.2, 0.2]", 'bias = "none"\nbiases = [0.2, 0.2]'), 'not allowed with bias = "none"'),
        (("biases = [0.2, 0.2]", 'bias = "shared"\nbiases = [0.2, 0.3]'), "different numbers for one bias"),
        (("biases = [0.2, 0.2]", "slope = 0.1\nbiases = [0.2, 0.2]"), "leaky-relu or elu"),
        (("biases = [-0.1", "dropout = 0.5\nbiases = [-0.1"), "dropout in hidden layers"),
        (('loss = "half-sse"', 'loss = "half-sse"\npenalty = { l2 = -1.0 }'), "at least 0"),
    ],
)
def test_mistakes(change, told):
    """What does not go together is a mistake that says what does."""
    with pytest.raises(GdsimError) as caught:
        loaded(change)
    assert told in str(caught.value)


PATIENT = """
format = 1
title = "t"
summary = "s"
[network]
loss = "mse"
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.0, 0.0, 0.0, 0.0]]
biases = [0.0]
[data]
inputs = [[-1.0], [-0.8], [-0.7], [-0.4], [-0.3], [-0.1], [0.2], [0.4], [0.5], [0.7], [0.8], [1.0]]
targets = [-0.6, -0.9, -1.1, -0.4, -0.2, 0.2, 0.0, 0.5, 0.9, 0.6, 0.5, 1.3]
features = ["x", "x**3", "x**5", "x**7"]
test_fraction = 0.5
[update]
learning_rate = 0.3
@@
[stop]
patience = 5
max_updates = 3000
"""


@pytest.mark.parametrize("update", ["", "batch = 2"])
def test_patience_ends_a_run_where_unseen_samples_get_no_better(update):
    """The run ends five epochs after the best loss on the samples held out, and says where that was."""
    timeline = Timeline(build(load_text(PATIENT.replace("@@", update), "p.toml")))
    last = timeline.reach(3000)
    assert timeline.stopped == "patience"
    each = timeline.run.batches.per_epoch
    losses = [timeline.run.model.score(timeline.state(k).theta).test_loss for k in range(each, last + 1, each)]
    assert losses.index(min(losses)) == len(losses) - 6
    assert f"after update {last - 5 * each}" in stop_sentence("patience", timeline)


def test_patience_needs_unseen_samples():
    """Without samples held out there is nothing to wait for."""
    with pytest.raises(GdsimError, match="found without unseen samples"):
        load_text(PATIENT.replace("@@", "").replace("test_fraction = 0.5", ""), "p.toml")
