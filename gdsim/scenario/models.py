"""The model a scenario file describes, and what its parameters are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdsim.engine.formula.expressions import parse
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import Layer, NetworkModel, Slips, element_labels
from gdsim.engine.models.perceptron import PerceptronModel, TieSlip
from gdsim.engine.parameters import Layout
from gdsim.scenario.schema import ScenarioFile
from gdsim.scenario.schema_model import (
    AsPublishedSection,
    FunctionSection,
    LayerSection,
    NetworkSection,
    PerceptronSection,
)

if TYPE_CHECKING:
    from gdsim.scenario.data.dataset import Dataset


def function_model(section: FunctionSection) -> FunctionModel:
    """Return the function; its gradient as given, else derived."""
    variables = tuple(section.start)
    expression = parse(section.expression, variables)
    if section.gradient is None:
        return FunctionModel(expression, expression.gradient())
    return FunctionModel(expression, tuple(parse(section.gradient[name], variables) for name in variables))


def function_layout(section: FunctionSection) -> Layout:
    """Return the layout of a function's variables without deriving its gradient."""
    return Layout(tuple(section.start), ((),) * len(section.start))


def perceptron_model(section: PerceptronSection, slips: AsPublishedSection | None, dataset: Dataset) -> PerceptronModel:
    """Return the perceptron over its samples, with the error of its source in force."""
    tolerance, published = section.tie_tolerance, None
    if slips is not None and slips.tie_tolerance is not None:
        published = TieSlip(slips.tie_tolerance, tolerance, slips.note or "", slips.hidden)
        tolerance = published.tolerance
    return PerceptronModel(
        dataset.inputs,
        dataset.targets[:, 0],
        section.tie,
        tolerance,
        trains_bias=section.train_bias,
        published=published,
    )


def network_model(section: NetworkSection, slips: AsPublishedSection | None, dataset: Dataset) -> NetworkModel:
    """Return the network over its samples, with the errors of its source in force."""
    layers, inputs = [], dataset.inputs.shape[1]
    for layer in section.layers:
        layers.append(Layer(layer.units, inputs, layer.activation))
        inputs = layer.units
    published = None
    if slips is not None:
        published = Slips(
            slips.slope_at == "output",
            slips.bias_gradient_factor,
            slips.note or "",
            slips.slope_left_out or "",
            slips.backprop_with == "updated-weights",
            slips.hidden,
        )
    has_tests = len(dataset.test_inputs) > 0
    return NetworkModel(
        tuple(layers),
        section.loss,
        dataset.inputs,
        dataset.targets,
        dataset.test_inputs if has_tests else None,
        dataset.test_targets if has_tests else None,
        section.train_biases,
        _labels(section, dataset.inputs.shape[1]),
        published,
        published or Slips(),
    )


def make_model(file: ScenarioFile, dataset: Dataset | None) -> FunctionModel | PerceptronModel | NetworkModel:
    """Return the model a checked file describes."""
    if file.function is not None:
        return function_model(file.function)
    assert dataset is not None
    if file.perceptron is not None:
        return perceptron_model(file.perceptron, file.as_published, dataset)
    assert file.network is not None
    return network_model(file.network, file.as_published, dataset)


def _labels(section: NetworkSection, inputs: int) -> tuple[str, ...]:
    """Return the label of every element of θ, or nothing when no layer names its own."""
    if all(layer.weight_names is None and layer.bias_names is None for layer in section.layers):
        return ()
    labels: list[str] = []
    for number, layer in enumerate(section.layers, 1):
        labels += _layer_labels(layer, number, inputs)
        inputs = layer.units
    return tuple(labels)


def _layer_labels(layer: LayerSection, number: int, inputs: int) -> tuple[str, ...]:
    """Return labels of a layer's weights and biases; those without a name keep their element names."""
    weights = layer.weight_names or [[f"W{number}[{j},{k}]" for k in range(inputs)] for j in range(layer.units)]
    return element_labels(weights, layer.bias_names or [f"b{number}[{j}]" for j in range(layer.units)])
