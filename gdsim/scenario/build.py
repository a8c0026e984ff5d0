"""Builds the model and the run of a checked scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from gdsim.engine.batches import Batches
from gdsim.engine.formula.expressions import parse
from gdsim.engine.losses import Penalty
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import INITIALISERS, Layer, NetworkModel, Slips
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.parameters import Layout, Vector
from gdsim.engine.rules import Clip, Rule, make_rule
from gdsim.engine.schedules import make_schedule
from gdsim.engine.update import Run, Slip, Stop, start_state, with_correction
from gdsim.errors import UsageError
from gdsim.scenario.data.dataset import Dataset
from gdsim.scenario.mistakes import Path, Report, found, one_of
from gdsim.scenario.published import NAMES, wrong_runs
from gdsim.scenario.scenario import Scenario
from gdsim.scenario.schema import PreviousSection, ScenarioFile, UpdateSection
from gdsim.scenario.schema_model import AsPublishedSection, FunctionSection, NetworkSection


def make_model(file: ScenarioFile, dataset: Dataset | None) -> FunctionModel | PerceptronModel | NetworkModel:
    """Return the model a checked file describes."""
    if file.function is not None:
        return _function(file.function)
    assert dataset is not None
    if file.perceptron is not None:
        return PerceptronModel(
            dataset.inputs,
            dataset.targets[:, 0],
            1 if isinstance(file.perceptron.tie, str) else file.perceptron.tie,
            file.perceptron.tie_tolerance,
            is_tie_mistake=file.perceptron.tie == "mistake",
            trains_bias=file.perceptron.train_bias,
        )
    assert file.network is not None
    return _network(file.network, dataset, file.seed)


def _function(section: FunctionSection) -> FunctionModel:
    """Return the function, with its gradient as given, else derived."""
    variables = tuple(section.start)
    expression = parse(section.expression, variables)
    if section.gradient is None:
        return FunctionModel(expression, expression.gradient())
    return FunctionModel(expression, tuple(parse(section.gradient[name], variables) for name in variables))


def _network(section: NetworkSection, dataset: Dataset, seed: int) -> NetworkModel:
    """Return the network over its samples; dropout is drawn from the seed."""
    layers, inputs = [], dataset.inputs.shape[1]
    for layer in section.layers:
        layers.append(Layer(layer.units, inputs, layer.activation, layer.bias, layer.slope, layer.dropout))
        inputs = layer.units
    has_tests, penalty = len(dataset.test_inputs) > 0, section.penalty
    return NetworkModel(
        tuple(layers),
        section.loss,
        dataset.inputs,
        dataset.targets,
        dataset.test_inputs if has_tests else None,
        dataset.test_targets if has_tests else None,
        section.train_biases,
        _labels(section, layers),
        penalty=Penalty(penalty.l2, penalty.l1) if penalty is not None and (penalty.l2 or penalty.l1) else None,
        seed=seed,
    )


def _labels(section: NetworkSection, layers: Sequence[Layer]) -> tuple[str, ...]:
    """Return the label of every element of θ, by default its element name; empty if no layer has names."""
    if all(layer.weight_names is None and layer.bias_names is None for layer in section.layers):
        return ()
    labels: list[str] = []
    for number, (own, layer) in enumerate(zip(section.layers, layers, strict=True), 1):
        weights = own.weight_names or [[f"W{number}[{j},{k}]" for k in range(layer.inputs)] for j in range(layer.units)]
        biases = own.bias_names or [f"b{number}[{j}]" for j in range(layer.biases)]
        labels += [*chain.from_iterable(weights), *biases[: layer.biases]]
    return tuple(labels)


INIT_STREAM = 0
"""The random stream for starting weights; keeps it independent of the seed's other random choices."""


def build(scenario: Scenario, *, start_index: int = 0, corrected: bool = False) -> Run:
    """Return the run of a scenario.

    start_index: the starting point of a function: 0 for `start`, 1 for the first of `starts`.
    corrected: leave out the errors of the source that [as_published] describes; otherwise they are in force.
    Raises UsageError if there is no such starting point.
    """
    model, section = make_model(scenario, scenario.dataset), scenario.update
    rule = make_rule(section.rule or "gradient-descent", section.options, section.form or "")
    theta = _start(scenario, model.layout, model if isinstance(model, NetworkModel) else None, start_index)
    run = Run(
        model,
        rule,
        section.learning_rate,
        _batches(scenario),
        start_state(model, rule, theta, _velocity(section, rule, theta)),
        _stop(scenario),
        corrected,
        None if section.schedule is None else make_schedule(section.schedule.kind, section.schedule.options),
        None if section.clip is None else Clip(section.clip.norm, section.clip.value),
        None if scenario.as_published is None else _slip(scenario.as_published, scenario.dataset),
    )
    return with_correction(run, corrected)


def _slip(section: AsPublishedSection, dataset: Dataset | None) -> Slip | None:
    """Return the error of the source; None if the section describes none."""
    slips = Slips(
        is_slope_at_output=section.slope_at == "output",
        bias_gradient_factor=section.bias_gradient_factor,
        slope_left_out=section.slope_left_out or "",
        is_backprop_updated=section.backprop_with == "updated-weights",
        is_passed_without_slope=section.passed_back_without_slope,
        factor="minus" if section.sign == "wrong" else "",
        factor_at=("gradient",) if section.sign == "wrong" else ("delta",),
    )
    if section.mistake is None and section.tie_tolerance is None and slips == Slips():
        return None

    def make(right: Run) -> Run:
        model = right.model
        if section.mistake is not None:  # the only slip; if a changed rule rules it out, the run stays right
            wrong = wrong_runs(section.mistake, right, dataset)
            return next((run for place, run in wrong if section.where in (None, place)), right)
        if isinstance(model, PerceptronModel) and section.tie_tolerance is not None:
            return replace(right, model=replace(model, tie_tolerance=section.tie_tolerance))
        return replace(right, model=replace(model, slips=slips)) if isinstance(model, NetworkModel) else right

    return Slip(make, section.mistake or "", section.note or "", section.hidden)


def check_mistake(scenario: Scenario, report: Report) -> None:
    """Report a named mistake that cannot be made in this run, or not at the named place."""
    section = scenario.as_published
    if section is None or section.mistake is None:
        return
    right = build(scenario, corrected=True)
    places = [where for where, _run in wrong_runs(section.mistake, right, scenario.dataset)]
    at: Path = ("as_published", "mistake" if not places else "where")
    if not places:
        possible = [name for name in NAMES if next(wrong_runs(name, right, scenario.dataset), None) is not None]
        report.add(at, f"{section.mistake} cannot be made in this run", f"one of {', '.join(possible)}")
    elif section.where is not None and section.where not in places:
        report.add(at, found(section.where), one_of(tuple(places), section.where))


def _velocity(section: UpdateSection, rule: Rule, theta: Vector) -> Vector | None:
    """Return the velocity (size,) before the first update, as the rule's form defines it; None (for 0) if not given."""
    if section.velocity is None:
        return None
    numbers = np.array(section.velocity)
    if not isinstance(section.start_velocity, PreviousSection):
        return numbers
    return theta - numbers if rule.kind.form else (numbers - theta) / section.learning_rate


def start_count(scenario: Scenario) -> int:
    """Return the number of starting points that `build` accepts."""
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
    """Return the weights and biases of every layer: as given, else drawn layer by layer from the seed's stream."""
    assert scenario.network is not None
    rng = np.random.default_rng([scenario.seed, INIT_STREAM])
    blocks: dict[str, object] = {}
    for number, (section, layer) in enumerate(zip(scenario.network.layers, network.layers, strict=True), 1):
        if section.init is not None:
            blocks[f"W{number}"] = INITIALISERS[section.init.method](section.init.scale or 1.0, layer, rng)
            blocks[f"b{number}"] = np.zeros(layer.biases)
        else:
            blocks[f"W{number}"] = section.weights
            blocks[f"b{number}"] = np.zeros(layer.biases) if section.biases is None else section.biases[: layer.biases]
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
        patience=stop.patience,
    )
