"""From a checked scenario to a run."""

from __future__ import annotations

import numpy as np

from gdsim.engine.batches import Batches
from gdsim.engine.initialisers import initial_weights
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.parameters import Layout, Vector
from gdsim.engine.rules import make_rule
from gdsim.engine.update import Run, Stop, start_state
from gdsim.errors import UsageError
from gdsim.scenario.models import make_model
from gdsim.scenario.scenario import Scenario

INIT_STREAM = 0
"""Keeps starting weights apart from the other random choices made with the same seed."""


def build(scenario: Scenario, *, start_index: int = 0, corrected: bool = False) -> Run:
    """Return the run of a scenario.

    start_index: which starting point of a function, 0 for `start`, 1 for the first of `starts`.
    corrected: without the errors of the source that [as_published] describes; they are in force otherwise.
    Raises UsageError when there is no such starting point.
    """
    model = make_model(scenario, scenario.dataset).corrected(corrected)
    rule = make_rule(scenario.update.rule or "gradient-descent", scenario.update.options)
    theta = _start(scenario, model.layout, model if isinstance(model, NetworkModel) else None, start_index)
    return Run(
        model,
        rule,
        scenario.update.learning_rate,
        _batches(scenario),
        start_state(model, rule, theta),
        _stop(scenario),
        corrected,
    )


def start_count(scenario: Scenario) -> int:
    """Return how many starting points `build` can be asked for."""
    return 1 if scenario.function is None else 1 + len(scenario.function.starts)


def _start(scenario: Scenario, layout: Layout, network: NetworkModel | None, start_index: int) -> Vector:
    """Return θ before the first update: (size,)."""
    if not 0 <= start_index < start_count(scenario):
        what, count = "no such starting point", start_count(scenario)
        raise UsageError(
            f"start {start_index + 1}", what, f"from 1 to {count}" if count > 1 else "this scenario has one"
        )
    if scenario.function is not None:
        return layout.pack((scenario.function.start, *scenario.function.starts)[start_index])
    if scenario.perceptron is not None:
        return layout.pack({"w": scenario.perceptron.weights, "b": scenario.perceptron.bias})
    assert network is not None
    return layout.pack(_network_start(scenario, network))


def _network_start(scenario: Scenario, network: NetworkModel) -> dict[str, object]:
    """Return weights and biases of every layer: as given, else drawn layer by layer from the seed's stream."""
    assert scenario.network is not None
    rng = np.random.default_rng([scenario.seed, INIT_STREAM])
    blocks: dict[str, object] = {}
    for number, (section, layer) in enumerate(zip(scenario.network.layers, network.layers, strict=True), 1):
        if section.init is not None:
            blocks[f"W{number}"] = initial_weights(section.init.method, section.init.scale, layer, rng)
            blocks[f"b{number}"] = np.zeros(layer.units)
        else:
            blocks[f"W{number}"], blocks[f"b{number}"] = section.weights, section.biases
    return blocks


def _batches(scenario: Scenario) -> Batches:
    if scenario.dataset is None:
        return Batches()
    batch = scenario.update.batch
    size = 1 if scenario.perceptron is not None else None if isinstance(batch, str) else batch
    return Batches(len(scenario.dataset.inputs), size, scenario.update.order == "shuffled", scenario.seed)


def _stop(scenario: Scenario) -> Stop:
    stop, is_perceptron = scenario.stop, scenario.perceptron is not None
    return Stop(
        stop.max_updates,
        stop.min_change,
        stop.min_gradient,
        stop.min_loss,
        on_epoch=is_perceptron,
        detect_cycle=is_perceptron and scenario.update.order == "given",
    )
