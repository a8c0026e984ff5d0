"""What a run minimises, as charts see it: the only module here that distinguishes between kinds of models.

Every function returns None or an empty result if it does not apply to the run, so that a chart can say the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.activations import ACTIVATIONS, Activation, activation_named
from gdsim.engine.formula.expressions import Expression
from gdsim.engine.formula.terms import Call, Variable
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import Layer, NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run


class Points(NamedTuple):
    """Samples of a run. inputs: (samples, inputs), targets: (samples, outputs), both as the model sees them."""

    inputs: Vector
    targets: Vector


class DividingLine(NamedTuple):
    """The points x with wᵀx + b = 0. weights: (inputs,)."""

    weights: Vector
    bias: float


def function_of(run: Run, variables: int | None = None) -> Expression | None:
    """Return the formula a run minimises (if it has that many `variables`); None for other runs."""
    if not isinstance(run.model, FunctionModel):
        return None
    expression = run.model.expression
    return expression if variables in (None, len(expression.variables)) else None


def activation_walked(run: Run) -> Activation | None:
    """Return the activation a run minimises, if its formula is nothing else: sigmoid(x), tanh(x), relu(x)."""
    expression = function_of(run, 1)
    term = None if expression is None else expression.term
    if not isinstance(term, Call) or not isinstance(term.argument, Variable):
        return None
    return ACTIVATIONS.get(term.function)


def points_of(run: Run) -> Points | None:
    """Return the training samples of a run; None if it has none."""
    model = run.model
    if isinstance(model, PerceptronModel):
        return Points(model.inputs, model.targets[:, np.newaxis])
    return Points(model.inputs, model.targets) if isinstance(model, NetworkModel) else None


def classes_of(run: Run) -> NDArray[np.intp] | None:
    """Return the class of each sample (samples,), counted from 0; None if targets are not classes."""
    model = run.model
    if isinstance(model, PerceptronModel):
        return model.targets.astype(np.intp)
    if not isinstance(model, NetworkModel) or not model.is_classifier:
        return None
    if model.targets.shape[1] > 1:
        return np.asarray(model.targets.argmax(axis=1))
    return (model.targets[:, 0] > threshold_of(run)).astype(np.intp)


def answers_of(run: Run, theta: Vector) -> NDArray[np.intp] | None:
    """Return the predicted class of each sample (samples,), counted from 0; None if targets are not classes."""
    model, classes = run.model, classes_of(run)
    if isinstance(model, PerceptronModel) and classes is not None:
        return np.where(model.mistakes(theta), 1 - classes, classes)
    if classes is None or not isinstance(model, NetworkModel):
        return None
    outputs = model.outputs(theta, model.inputs)
    if outputs.shape[1] > 1:
        return np.asarray(outputs.argmax(axis=1))
    return (outputs[:, 0] > threshold_of(run)).astype(np.intp)


def mistakes_of(run: Run, theta: Vector) -> NDArray[np.bool_] | None:
    """Return which samples are misclassified (samples,); None if targets are not classes."""
    answers = answers_of(run, theta)
    return None if answers is None else np.asarray(answers != classes_of(run))


def threshold_of(run: Run) -> float:
    """Return the output halfway between the targets of the two classes of a single output: 0 or ½."""
    points = points_of(run)
    is_signed = points is not None and bool((points.targets < 0).any())
    return 0.0 if is_signed else 0.5


def line_of(run: Run, theta: Vector) -> DividingLine | None:
    """Return the line with which a perceptron separates its inputs; None for other models."""
    return DividingLine(theta[:-1], float(theta[-1])) if isinstance(run.model, PerceptronModel) else None


def margin_of(run: Run, theta: Vector) -> tuple[int, float] | None:
    """Return the sample with the smallest margin to a perceptron's line, and the margin: negative on the wrong side."""
    return run.model.margin(theta) if isinstance(run.model, PerceptronModel) else None


def counts_mistakes(run: Run) -> bool:
    """Whether the run trains a perceptron, whose updates visit one sample each and correct it if misclassified."""
    return isinstance(run.model, PerceptronModel)


def layers_of(run: Run) -> tuple[Layer, ...]:
    """Return the layers of a network (one for a single neuron); empty for other models."""
    return run.model.layers if isinstance(run.model, NetworkModel) else ()


def activation_of(layer: Layer) -> Activation:
    """Return the activation of a layer."""
    return activation_named(layer.activation, layer.slope)


def is_slope_at_output(run: Run) -> bool:
    """Whether the run reproduces a source that takes the last layer's slope at its output instead of at z."""
    return isinstance(run.model, NetworkModel) and run.model.slips.is_slope_at_output


def outputs_of(run: Run, theta: Vector, inputs: Vector) -> Vector | None:
    """Return a network's outputs (samples, outputs) for inputs (samples, inputs); None for other models."""
    return run.model.outputs(theta, inputs) if isinstance(run.model, NetworkModel) else None


def outputs_by_layer(run: Run, theta: Vector, inputs: Vector) -> list[Vector]:
    """Return the outputs of each layer of a network for inputs (…, inputs): (…, units) each; empty for other models."""
    found, a, parts = [], inputs, run.model.layout.views(theta)
    for number, layer in enumerate(layers_of(run), 1):
        with np.errstate(all="ignore"):
            a = activation_of(layer).value(a @ parts[f"W{number}"].T + (parts[f"b{number}"] if layer.biases else 0.0))
        found.append(a)
    return found


def is_linear(run: Run) -> bool:
    """Whether the run fits one output as a weighted sum of its inputs."""
    layers = layers_of(run)
    return len(layers) == 1 and layers[0].units == 1 and layers[0].activation == "identity"


def losses_at(run: Run, thetas: Vector) -> Vector | None:
    """Return the loss of a network over all its samples at each θ of `thetas` (points, size): (points,).

    One forward pass serves all points; None for a run that does not train a network.
    """
    model = run.model
    if not isinstance(model, NetworkModel):
        return None
    a, z = model.inputs[np.newaxis], model.inputs[np.newaxis]
    with np.errstate(all="ignore"):
        for number, activation in enumerate(model.activations, 1):
            weights, biases = (thetas[:, model.layout.slices[f"{letter}{number}"]] for letter in "Wb")
            weights = weights.reshape(len(thetas), *model.layout.shapes[2 * number - 2])
            z = a @ weights.transpose(0, 2, 1) + (biases[:, np.newaxis, :] if biases.size else 0.0)
            a = activation.value(z)
        losses = (model.loss.value(a[k], model.targets, z[k]) + model.penalty_at(thetas[k]) for k in range(len(thetas)))
        return np.array(list(losses))
