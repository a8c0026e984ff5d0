"""However quickly an update is computed, its record holds what the plain formulas give, to the last bit."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdsim.engine.batches import Batches
from gdsim.engine.formula.expressions import parse
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import Layer, NetworkModel
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Run, Stop, start_state, updates

RATE = 0.3


def network_run(sizes, samples, batch, seed, stop=None):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((samples, sizes[0])), rng.random((samples, sizes[-1]))
    layers = tuple(Layer(units, inputs, "sigmoid") for inputs, units in pairwise(sizes))
    model, rule = NetworkModel(layers, "half-sse", x, y), make_rule("gradient-descent")
    start = start_state(model, rule, rng.standard_normal(model.layout.size))
    return Run(model, rule, RATE, Batches(samples, batch), start, stop or Stop())


def forward(blocks, x):
    """Return z and a of every layer, the inputs as those of layer 0."""
    zs, values = [x], [x]
    for W, b in blocks:
        zs.append(values[-1] @ W.T + b)
        values.append(1.0 / (1.0 + np.exp(-zs[-1])))
    return zs, values


def slopes(blocks, zs, values, y):
    """Return ∂C/∂W and ∂C/∂b of every layer, the four equations one after another."""
    found, delta = [], (values[-1] - y) * (values[-1] / (1.0 + np.exp(zs[-1])))
    for layer in range(len(blocks) - 1, -1, -1):
        found.insert(0, (delta.T @ values[layer], delta.sum(axis=0)))
        if layer:
            delta = (delta @ blocks[layer][0]) * (values[layer] / (1.0 + np.exp(zs[layer])))
    return found


def plain_updates(run, count):
    """Return loss before and after, gradient and θ of every update as the plain formulas give them."""
    model, theta = run.model, run.start.theta
    for number in range(1, count + 1):
        chosen = run.batches.samples(number)
        x, y = (model.inputs, model.targets) if chosen is None else (model.inputs[chosen], model.targets[chosen])
        blocks = pairs(model, theta)
        zs, values = forward(blocks, x)
        gradient = np.concatenate([part.ravel() for pair in slopes(blocks, zs, values, y) for part in pair])
        theta = theta - RATE * gradient
        after = forward(pairs(model, theta), x)[1]
        yield half_of_squares(values[-1] - y), half_of_squares(after[-1] - y), gradient, theta


def pairs(model, theta):
    blocks = list(model.layout.views(theta).values())
    return list(zip(blocks[::2], blocks[1::2], strict=True))


def half_of_squares(error):
    return 0.5 * float(error.ravel() @ error.ravel())


@settings(deadline=None)
@given(
    sizes=st.lists(st.sampled_from([1, 2, 3, 10, 20]), min_size=2, max_size=4),
    samples=st.integers(1, 12),
    batch=st.none() | st.integers(1, 12),
    seed=st.integers(0, 999),
)
def test_records_hold_what_plain_formulas_give(sizes, samples, batch, seed):
    """Losses, gradient and θ of every update of a network, whatever its widths and batches."""
    run = network_run(sizes, samples, batch and min(batch, samples), seed)
    for (update, _), plain in zip(updates(run), plain_updates(run, 5), strict=False):
        before, after, gradient, theta = plain
        assert (update.loss_before.hex(), update.loss.hex()) == (before.hex(), after.hex())
        assert (update.gradient.tobytes(), update.after.theta.tobytes()) == (gradient.tobytes(), theta.tobytes())


def test_far_away_is_not_divergence():
    """A parameter whose square overflows is finite, and looking whether it is says nothing."""
    model = FunctionModel(parse("tanh(x)", ["x"]), (parse("1", ["x"]),))
    rule = make_rule("gradient-descent")
    run = Run(model, rule, 1e200, Batches(), start_state(model, rule, np.array([0.0])), Stop(3))
    assert [reason for _, reason in updates(run)] == [None, None, "max_updates"]


@pytest.mark.parametrize("inputs", [3, 12_000])
def test_lengths_of_short_and_long_changes(inputs):
    """`min_change` is a Euclidean length, for a network of a few parameters as for one of thousands."""
    run = network_run([inputs, 1], 4, None, 2)
    (first, _) = next(updates(run))
    length = float(np.linalg.norm(first.change))
    for factor, reason in ((1 + 1e-9, "min_change"), (1 - 1e-9, None)):
        stopping = network_run([inputs, 1], 4, None, 2, Stop(min_change=length * factor))
        assert next(updates(stopping))[1] == reason
