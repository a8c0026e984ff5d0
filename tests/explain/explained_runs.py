"""Runs with figures known from print or from hand work, for the tests of what is said about them."""

from dataclasses import replace

import numpy as np

from gdsim.engine.batches import Batches
from gdsim.engine.formula.expressions import parse
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import Layer, NetworkModel, Slips
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Run, Slip, Stop, start_state, with_correction
from gdsim.timeline.timeline import Timeline

POINTS = np.array([(0.8, 0.4), (0.3, 0.1), (0.8, 0.8), (0.4, 0.6), (0.6, 0.8), (0.4, 0.2), (0.4, 0.5)])
LABELS = np.array([0.0, 0, 1, 1, 1, 0, 1])
XOR = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
PLAIN = make_rule("gradient-descent")


def function_timeline(text, start, rate=0.01, rule="gradient-descent", **stop):
    expression = parse(text, tuple(start))
    name, _space, form = rule.partition(" ")
    model, rule = FunctionModel(expression, expression.gradient()), make_rule(name, form=form)
    theta = np.array(list(start.values()))
    return Timeline(Run(model, rule, rate, Batches(), start_state(model, rule, theta), Stop(**stop)))


def mountain(rate=0.01, start=4.0, rule="gradient-descent"):
    """Return the walk down (x − 2)² from x = 4 (devfest)."""
    return function_timeline("(x - 2)**2", {"x": start}, rate, rule, min_change=1e-4)


def perceptron(points=POINTS, labels=LABELS, rate=1.0, **options):
    """Return Rosenblatt's rule on seven points, from w = 0 (devfest)."""
    model = PerceptronModel(points, labels, **options)
    stop = Stop(on_epoch=True, detect_cycle=True)
    start = start_state(model, PLAIN, np.zeros(points.shape[1] + 1))
    return Timeline(Run(model, PLAIN, rate, Batches(len(points), 1), start, stop))


def network(layers, loss, inputs, targets, theta, rate=0.5, size=None, slips=None, slip=None, **options):
    """Return a network's timeline, with the slips of its source in force; `slip` tells more about them."""
    inputs, targets = np.array(inputs, dtype=float), np.array(targets, dtype=float)
    model = NetworkModel(tuple(layers), loss, inputs, targets, **options)
    batches = Batches(len(inputs), size)
    run = Run(model, PLAIN, rate, batches, start_state(model, PLAIN, np.array(theta)), Stop())
    if slips in (None, Slips()):
        return Timeline(run)
    own = Slip(lambda right: replace(right, model=replace(model, slips=slips)), **(slip or {}))
    return Timeline(with_correction(replace(run, slip=own), False))


def two_two_two(slips=None, **options):
    """Return two inputs, two hidden and two output neurons, all sigmoid, half squared error (M. Mazur's example)."""
    labels = ("w1", "w2", "w3", "w4", "b1", "b1", "w5", "w6", "w7", "w8", "b2", "b2")
    theta = [0.15, 0.20, 0.25, 0.30, 0.35, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.60]
    layers = [Layer(2, 2, "sigmoid"), Layer(2, 2, "sigmoid")]
    return network(layers, "half-sse", [[0.05, 0.10]], [[0.01, 0.99]], theta, labels=labels, slips=slips, **options)


def admissions(as_published=True):
    """Return one saturated sigmoid neuron whose source evaluates σ′ at the output (admissions)."""
    return network(
        [Layer(1, 4, "sigmoid")],
        "half-sse",
        [[50, 22, 10, 45]],
        [[1]],
        [0.01, 0.8, 0.02, -0.7, -0.1],
        0.001,
        trains_biases=False,
        labels=("w1", "w2", "w3", "w4", "b"),
        slips=Slips(is_slope_at_output=True) if as_published else None,
        slip={"note": "The text feeds the output into σ′."},
    )


def line(rate=0.01, factor=1.0, size=None):
    """Return y = a·x + b through (0, 1), (1, 3), (2, 5), (3, 7) from a = b = 0, by mean squared error."""
    return network(
        [Layer(1, 1, "identity")],
        "mse",
        [[0], [1], [2], [3]],
        [[1], [3], [5], [7]],
        [0.0, 0.0],
        rate,
        size,
        labels=("a", "b"),
        slips=Slips(bias_gradient_factor=factor),
    )


def wide(size=None, samples=12, seed=0):
    """Return 30 inputs, 20 hidden relu and 10 softmax neurons at random."""
    rng = np.random.default_rng(seed)
    layers = [Layer(20, 30, "relu"), Layer(10, 20, "softmax")]
    targets = np.eye(10)[rng.integers(0, 10, samples)]
    theta = rng.standard_normal(20 * 31 + 10 * 21)
    return network(layers, "categorical-cross-entropy", rng.random((samples, 30)), targets, theta, 0.1, size)
