"""Layered networks and backpropagation; a single neuron and a regression line are networks of one layer.

Samples are rows, so the textbook's z = Wa + b is `a @ W.T + b` here, with W units × inputs. The four equations are
numbered as in Nielsen, Neural Networks and Deep Learning, chapter 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt
from typing import NamedTuple

import numpy as np

from gdsim.engine.activations import Activation, activation_named
from gdsim.engine.formula.typesetting import superscript
from gdsim.engine.losses import LOSSES, Loss, Penalty
from gdsim.engine.parameters import Layout, Vector, product
from gdsim.engine.update import (
    BACKPROP,
    FORWARD,
    GRADIENT,
    LOSS,
    OUTPUT_DELTA,
    Backward,
    Forward,
    Objective,
    Phase,
    Samples,
    Score,
    Step,
)


class Layer(NamedTuple):
    """One fully connected layer: its number of units, its number of inputs, and the name of its activation.

    bias: "own", one for each unit; "shared", one for the layer; or "none". slope: that of leaky-relu and elu left of 0,
    None for the default. dropout: the probability that an update leaves out a unit; the others are scaled by
    1/(1 − dropout) (Srivastava et al. 2014, inverted).
    """

    units: int
    inputs: int
    activation: str
    bias: str = "own"
    slope: float | None = None
    dropout: float = 0.0

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of its weights: (units, inputs)."""
        return self.units, self.inputs

    @property
    def biases(self) -> int:
        """The number of biases in θ."""
        return {"own": self.units, "shared": 1, "none": 0}[self.bias]


INITIALISERS: Mapping[str, Callable[[float, Layer, np.random.Generator], Vector]] = {
    "normal": lambda scale, layer, rng: scale * rng.standard_normal(layer.shape),
    "uniform": lambda scale, layer, rng: rng.uniform(-scale, scale, layer.shape),
    "xavier": lambda scale, layer, rng: (
        scale * sqrt(2 / (layer.inputs + layer.units)) * rng.standard_normal(layer.shape)
    ),
    "he": lambda scale, layer, rng: scale * sqrt(2 / layer.inputs) * rng.standard_normal(layer.shape),
    "zeros": lambda _scale, layer, _rng: np.zeros(layer.shape),
}
"""Initial weights (units, inputs) of a layer, from a scale, by default 1; biases start at 0 with every method.

normal: N(0, scale²); uniform: between −scale and scale; xavier: N(0, 2/(inputs + units)) (Glorot & Bengio 2010);
he: N(0, 2/inputs) (He et al. 2015), both times scale; zeros: 0, so that all neurons of a layer stay alike.
"""

DROPOUT_STREAM = 2
"""Keeps the choice of dropped units apart from the other random choices made with the same seed."""

FACTORS: Mapping[str, Callable[[int, int], float]] = {
    "minus": lambda _samples, _outputs: -1.0,
    "double": lambda _samples, _outputs: 2.0,
    "half": lambda _samples, _outputs: 0.5,
    "samples": lambda samples, _outputs: float(samples),
    "1/samples": lambda samples, _outputs: 1.0 / samples,
    "outputs": lambda _samples, outputs: float(outputs),
    "1/outputs": lambda _samples, outputs: 1.0 / outputs,
}
"""The wrong factors of sources, from the numbers of samples and outputs."""


@dataclass(frozen=True, slots=True)
class Slips:
    """Errors of a published source, reproduced until the reader corrects them.

    is_slope_at_output: the last layer's σ′ is evaluated at its output a instead of at z.
    bias_gradient_factor: what the source multiplies each bias gradient by.
    slope_left_out: where σ′ is missing from δ: "output", "hidden", "everywhere", or nowhere when empty.
    is_backprop_updated: errors are backpropagated through weights that the update has already changed.
    is_passed_without_slope: σ′ of the output is in the gradient of its weights but not in the error passed back.
    is_hidden_slope_at_output: as is_slope_at_output, for the hidden layers.
    slope_twice: δ, which contains σ′ of the output, is multiplied by it again: "units", unit by unit, or "full".
    factor: a wrong factor, by its name in `FACTORS`; factor_at: where it stands: "delta", "gradient", "loss".
    bias_over: the bias gradients are the "mean" or "sum" over samples although those of the weights are not.
    transposed: where a square W is transposed: "used" (everywhere), "forward", "passed-back" or "updated".
    in_place: parameters are updated one after another, each with its gradient at those already updated: "blocks" for
    W1, b1, W2, …, "layers" for W and b of a layer together.
    """

    is_slope_at_output: bool = False
    bias_gradient_factor: float = 1.0
    slope_left_out: str = ""
    is_backprop_updated: bool = False
    is_passed_without_slope: bool = False
    is_hidden_slope_at_output: bool = False
    slope_twice: str = ""
    factor: str = ""
    factor_at: tuple[str, ...] = ("delta",)
    bias_over: str = ""
    transposed: str = ""
    in_place: str = ""

    def times(self, where: str, y: Vector) -> float:
        """Return the wrong factor at "delta", "gradient" or "loss", for targets (samples, outputs); 1 if none."""
        return FACTORS[self.factor](*y.shape) if self.factor and where in self.factor_at else 1.0

    @property
    def has_wrong_sign(self) -> bool:
        """Whether the gradient has the wrong sign, so that the step goes up."""
        return self.factor == "minus" and "gradient" in self.factor_at

    def leaves_out_slope(self, *, is_output: bool) -> bool:
        """Whether σ′ is missing from δ of the last layer, or of the hidden ones."""
        return self.slope_left_out in ("output" if is_output else "hidden", "everywhere")


@dataclass(frozen=True)
class NetworkModel:
    """A network over its samples.

    inputs: (samples, inputs of layer 1); targets: (samples, units of the last layer).
    test_inputs, test_targets: held-out samples, scored but not trained on; None if there are none.
    slips: errors of the source that are in force.
    """

    layers: tuple[Layer, ...]
    loss_name: str
    inputs: Vector
    targets: Vector
    test_inputs: Vector | None = None
    test_targets: Vector | None = None
    trains_biases: bool = True
    labels: tuple[str, ...] = ()
    slips: Slips = Slips()
    penalty: Penalty | None = None
    seed: int = 0
    masks: tuple[Vector | None, ...] = ()

    update_equation: str | None = None

    def in_update(self, number: int) -> NetworkModel:
        """Return the network as update `number` trains it: layers with dropout lack some units."""
        if not any(layer.dropout for layer in self.layers):
            return self
        rng = np.random.default_rng([self.seed, DROPOUT_STREAM, number])
        masks = (
            (rng.random(layer.units) >= layer.dropout) / (1 - layer.dropout) if layer.dropout else None
            for layer in self.layers
        )
        return replace(self, masks=tuple(masks))

    @cached_property
    def layout(self) -> Layout:
        """θ is W1 (units × inputs), b1 (units), W2, … laid one after another."""
        names = [name for i in range(1, len(self.layers) + 1) for name in (f"W{i}", f"b{i}")]
        shapes = [shape for layer in self.layers for shape in (layer.shape, (layer.biases,))]
        return Layout(tuple(names), tuple(shapes), self.labels, () if self.trains_biases else tuple(names[1::2]))

    @cached_property
    def loss(self) -> Loss:
        """The loss, from the table."""
        return LOSSES[self.loss_name]

    @cached_property
    def activations(self) -> tuple[Activation, ...]:
        """The activation of each layer, from the table."""
        return tuple(activation_named(layer.activation, layer.slope) for layer in self.layers)

    def bias_element(self, layer: int, unit: int) -> int | None:
        """Return the index in θ of the bias of a unit (from 0) of a layer (from 1); None if it has no bias."""
        block, count = self.layout.slices[f"b{layer}"], self.layers[layer - 1].biases
        return int(block.start) + min(unit, count - 1) if count else None

    @cached_property
    def is_slipped(self) -> bool:
        """Whether any error of a source is in force."""
        return self.slips != Slips()

    @cached_property
    def is_fused(self) -> bool:
        """Whether the output delta is computed as ∂C/∂z in one step, without σ′."""
        return self.layers[-1].activation == self.loss.fused_with and not self.slips.is_slope_at_output

    def forward(self, theta: Vector, samples: Samples) -> Forward:
        """Return zˡ and aˡ of every layer, the ``target``, and the loss."""
        x, y = self._batch(samples)
        q, last = self._layers(theta, x), len(self.layers)
        z, a = q[f"z{last}"], q[f"a{last}"]
        q["target"] = y
        loss = self.loss.value(a, y, z)
        if self.is_slipped:
            loss *= self.slips.times("loss", y)
        if self.penalty is None:
            return Forward(loss, a, q)
        q["unpenalised"] = np.asarray(loss)
        return Forward(loss + self.penalty_at(theta), a, q)

    def _mask(self, number: int) -> Vector | None:
        """Return the factors of a layer's outputs in this update, (units,), 0 if dropped; None without dropout."""
        return self.masks[number - 1] if self.masks else None

    def penalty_at(self, theta: Vector) -> float:
        """Return the penalty on large weights at θ."""
        return 0.0 if self.penalty is None else self.penalty.value(list(self.layout.views(theta).values())[::2])

    def _layers(self, theta: Vector, x: Vector) -> dict[str, Vector]:
        """Return zˡ = Wˡaˡ⁻¹ + bˡ and aˡ = σ(zˡ) of every layer: (samples, units) by name, the inputs as ``a0``."""
        part, a = self.layout.views(theta), x
        q = {"a0": x}
        for n, activation in enumerate(self.activations, 1):
            W = part[f"W{n}"] if self.is_slipped and self._is_transposed(n, "used", "forward") else part[f"W{n}"].T
            z, b = product(a, W), part[f"b{n}"]
            if b.size:
                z = z + b
            a = activation.value(z)
            mask = self._mask(n)
            if mask is not None:  # the activation before dropout, for the slope
                q[f"whole{n}"], q[f"mask{n}"] = a, mask
                a = a * mask
            q[f"z{n}"], q[f"a{n}"] = z, a
        return q

    def backward(self, theta: Vector, forward: Forward, step: Step | None = None) -> Backward:
        """Return ∂C/∂θ by backpropagation, with the delta of every layer.

        If a source updates weights before it passes errors back through them, and `step` is given, the updated weights
        are used, and recorded as ``passed2`` for layer 2. If it passes back an error other than δ of layer 2, that is
        recorded as ``sent2``.
        """
        if self.slips.in_place and step is not None:
            return self._in_place(theta, forward, step)
        q, last = forward.quantities, len(self.layers)
        gradient, found = dict[str, Vector](), dict[str, Vector]()
        delta = self._output_delta(q[f"z{last}"], q[f"a{last}"], q["target"])  # BP1
        for n in range(last, 0, -1):
            a = q[f"a{n - 1}"]
            found[f"delta{n}"] = delta
            b, bias = delta.sum(axis=0), self.layers[n - 1].bias
            gradient[f"b{n}"] = b if bias == "own" else b.sum(keepdims=True) if bias == "shared" else b[:0]  # BP3
            gradient[f"W{n}"] = product(delta.T, a)  # BP4
            if self.is_slipped:
                self._slip(n, gradient, q["target"])
            if self.penalty is not None:
                gradient[f"W{n}"] = gradient[f"W{n}"] + self.penalty.slope(self.layout.view(theta, f"W{n}"))
            if n > 1:
                W = self.layout.view(theta, f"W{n}")
                if self.is_slipped:
                    W, delta = self._passed_back(n, W, delta, gradient, forward, found, step)
                delta = product(delta, W) * self._slope(n - 1, q[f"z{n - 1}"], q.get(f"whole{n - 1}", a))  # BP2
                delta = delta * q[f"mask{n - 1}"] if f"mask{n - 1}" in q else delta
        return Backward(self.layout.pack(gradient), found)

    def _slip(self, number: int, gradient: dict[str, Vector], y: Vector) -> None:
        """Change the gradient of layer `number` as the source does, in place. y: (samples, outputs)."""
        slips, W, b = self.slips, f"W{number}", f"b{number}"
        gradient[b] = gradient[b] * (slips.bias_gradient_factor * slips.times("gradient", y))
        gradient[W] = gradient[W] * slips.times("gradient", y)
        if slips.bias_over:
            gradient[b] = gradient[b] * (len(y) if slips.bias_over == "sum" else 1 / len(y))
        if self._is_transposed(number, "used", "updated"):
            gradient[W] = gradient[W].T

    def _passed_back(
        self,
        number: int,
        W: Vector,
        delta: Vector,
        gradient: Mapping[str, Vector],
        forward: Forward,
        found: dict[str, Vector],
        step: Step | None,
    ) -> tuple[Vector, Vector]:
        """Return the weights of layer `number` and the error that the source passes back through them; record both."""
        if self.slips.is_backprop_updated and step is not None:
            W = found[f"passed{number}"] = self._updated_weights(number, gradient[f"W{number}"], step)
        if self._is_transposed(number, "used", "passed-back"):
            W = W.T
        if self.slips.is_passed_without_slope and number == len(self.layers):
            q = forward.quantities
            delta = found[f"sent{number}"] = self.loss.slope(q[f"a{number}"], q["target"])
        return W, delta

    def _is_transposed(self, number: int, *where: str) -> bool:
        """Whether the source transposes W of layer `number` at one of `where`, which only a square W allows."""
        return self.slips.transposed in where and self.layers[number - 1].units == self.layers[number - 1].inputs

    def _in_place(self, theta: Vector, forward: Forward, step: Step) -> Backward:
        """Return each block's gradient at θ with the earlier blocks already updated; deltas are those at `theta`."""
        model = replace(self, slips=replace(self.slips, in_place=""))
        first = model.backward(theta, forward, step)
        changed, gradient = np.array(theta), np.array(first.gradient)
        parts = list(self.layout.slices.values())
        if self.slips.in_place == "layers":
            parts = [slice(W.start, b.stop) for W, b in zip(parts[::2], parts[1::2], strict=True)]
        for part in parts:
            q = {**self._layers(changed, forward.quantities["a0"]), "target": forward.quantities["target"]}
            gradient[part] = model.backward(changed, Forward(0.0, None, q)).gradient[part]
            changed[part] = step(gradient)[part]
        return Backward(gradient, first.quantities)

    def _output_delta(self, z: Vector, a: Vector, y: Vector) -> Vector:
        """Return ∂C/∂z of the last layer: (samples, outputs)."""
        if self.is_fused and self.loss.fused_delta is not None:
            delta = self.loss.fused_delta(a, y)
        else:
            delta = self.loss.slope(a, y) * self._slope(len(self.layers), z, a)
        if self.slips.slope_twice:
            delta = (
                a * (delta - (a * delta).sum(axis=1, keepdims=True))
                if self.slips.slope_twice == "full"
                else (delta * a * (1.0 - a))
            )
        return delta * self.slips.times("delta", y) if self.slips.factor else delta

    def _slope(self, number: int, z: Vector, a: Vector) -> Vector | float:
        """Return σ′(z) of layer `number`: (samples, units); 1 where a slip leaves it out of δ."""
        slope = self.activations[number - 1].slope
        if slope is not None and not self.is_slipped:
            return slope(z, a)
        if self.leaves_out_slope(number):
            return 1.0
        if slope is None:
            raise ValueError(f"{self.layers[number - 1].activation} can only be used with the loss it is fused with")
        is_last = number == len(self.layers)
        if self.slips.is_slope_at_output if is_last else self.slips.is_hidden_slope_at_output:
            return slope(a, self.activations[number - 1].value(a))
        return slope(z, a)

    def _updated_weights(self, number: int, slope: Vector, step: Step) -> Vector:
        """Return the weights of a layer after the update: (units, inputs). Rules work element by element."""
        gradient = np.zeros(self.layout.size)
        self.layout.view(gradient, f"W{number}")[...] = slope
        return self.layout.view(step(gradient), f"W{number}")

    def leaves_out_slope(self, number: int) -> bool:
        """Whether a slip in force leaves σ′ out of δ of layer `number`."""
        return self.slips.leaves_out_slope(is_output=number == len(self.layers))

    def phases(self, forward: Forward, backward: Backward) -> tuple[Phase, ...]:
        """Return the phases: forward per layer, loss, output delta, backpropagation per hidden layer, gradient."""
        q, d, last = forward.quantities, backward.quantities, len(self.layers)
        gradient = {f"gradient.{name}": view for name, view in self.layout.views(backward.gradient).items()}
        minus = "−" if self.slips.has_wrong_sign else ""
        plus, more = "", ""
        if self.penalty is not None:
            plus, more = f" + {self.penalty.formula}", f" + {self.penalty.slope_formula('Wˡ')}"
        return (
            *(
                Phase(FORWARD, n, self._forward_equation(n), {f"z{n}": q[f"z{n}"], f"a{n}": q[f"a{n}"]})
                for n in range(1, last + 1)
            ),
            Phase(LOSS, None, f"C = {self.loss.formula}{plus}", {"loss": np.asarray(forward.loss)}),
            Phase(OUTPUT_DELTA, last, self._output_delta_equation(), {f"delta{last}": d[f"delta{last}"]}),
            *(
                Phase(BACKPROP, n, self._backprop_equation(n), {f"delta{n}": d[f"delta{n}"]})
                for n in range(last - 1, 0, -1)
            ),
            Phase(GRADIENT, None, f"∂C/∂Wˡ = {minus}δˡ(aˡ⁻¹)ᵀ{more}; ∂C/∂bˡ = {minus}δˡ", gradient),
        )

    def _forward_equation(self, number: int) -> str:
        n, below = superscript(number), superscript(number - 1)
        return f"z{n} = W{n}a{below}" + (f" + b{n}" if self.layers[number - 1].biases else "")

    def _output_delta_equation(self) -> str:
        n = superscript(len(self.layers))
        if self.is_fused:
            return f"δ{n} = {self.loss.fused_formula}"
        if self.leaves_out_slope(len(self.layers)):
            return f"δ{n} = ∂C/∂a{n}"
        at = "a" if self.slips.is_slope_at_output else "z"
        return f"δ{n} = ∂C/∂a{n} ⊙ {self.activations[-1].symbol}′({at}{n})"

    def _backprop_equation(self, number: int) -> str:
        n, above = superscript(number), superscript(number + 1)
        is_without = self.slips.is_passed_without_slope and number == len(self.layers) - 1
        sent = f"∂C/∂a{above}" if is_without else f"δ{above}"
        passed = f"δ{n} = (W{above})ᵀ{sent}"
        if self.leaves_out_slope(number):
            return passed
        return f"{passed} ⊙ {self.activations[number - 1].symbol}′(z{n})"

    def objective(self, theta: Vector, samples: Samples) -> Objective:
        """Return the loss over the samples as a function of θ."""
        return lambda other: self.forward(other, samples).loss

    @np.errstate(all="ignore")
    def outputs(self, theta: Vector, inputs: Vector) -> Vector:
        """Return the network's output for each row of `inputs`: (samples, outputs)."""
        return self._layers(theta, inputs)[f"a{len(self.layers)}"]

    @np.errstate(all="ignore")
    def score(self, theta: Vector) -> Score:
        """Return loss and accuracy over the training samples and over the held-out samples."""
        forward = self.forward(theta, None)
        accuracy = test_accuracy = test_loss = None
        if self.is_classifier and forward.prediction is not None:
            accuracy = self._accuracy(forward.prediction, self.targets)
        if self.test_inputs is not None and self.test_targets is not None and len(self.test_inputs):
            last, q = len(self.layers), self._layers(theta, self.test_inputs)
            test_loss = self.loss.value(q[f"a{last}"], self.test_targets, q[f"z{last}"])
            test_accuracy = self._accuracy(q[f"a{last}"], self.test_targets) if self.is_classifier else None
        return Score(forward.loss, accuracy, test_accuracy, test_loss)

    @cached_property
    def is_classifier(self) -> bool:
        """Whether targets are classes: one-hot rows, or a single output that is 0 or 1 (−1 or 1 for tanh)."""
        y = self.targets
        if y.shape[1] > 1:
            return bool(np.isin(y, (0.0, 1.0)).all() and (y.sum(axis=1) == 1.0).all())
        return bool(np.isin(y, self._classes).all()) and self.layers[-1].activation != "identity"

    @property
    def _classes(self) -> tuple[float, float]:
        return (-1.0, 1.0) if self.layers[-1].activation == "tanh" and (self.targets < 0).any() else (0.0, 1.0)

    def _accuracy(self, a: Vector, y: Vector) -> float:
        if y.shape[1] > 1:
            return float(np.mean(a.argmax(axis=1) == y.argmax(axis=1)))
        between = sum(self._classes) / 2
        return float(np.mean((a > between) == (y > between)))

    def _batch(self, samples: Samples) -> tuple[Vector, Vector]:
        if samples is None:
            return self.inputs, self.targets
        return self.inputs.take(samples, 0), self.targets.take(samples, 0)
