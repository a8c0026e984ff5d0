"""The neuron, input and sample that a page about a network shows, with their recorded numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gdsim.engine.activations import Activation
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.names import input_name, neuron_name, parameter_name
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Model, Phase, Update
from gdsim.explain.numbers import ROUNDING, settled
from gdsim.explain.page import Names
from gdsim.i18n import _
from gdsim.timeline.position import Focus, Position, sample_in_hand
from gdsim.timeline.timeline import Timeline

_LAST_DIGITS = 4
"""How many units in its last place a variable may be off through rounding."""

SATURATED = 0.01
"""A sigmoid or tanh neuron whose slope is below this is called saturated."""


class NeuronLook(NamedTuple):
    """One neuron of a network in one update; layers count from 1, units, inputs and samples from 0.

    sample: a row of the update's batch, which has `samples` rows. inputs: how many the neuron has. z, a, delta: its
    weighted sum, its output, and ∂C/∂z. below: the values it receives (samples, inputs). weights: (inputs,), where the
    gradient is taken. targets: what the network should answer (samples, outputs).
    """

    update: Update
    model: NetworkModel
    names: Names
    layer: int
    unit: int
    input: int
    sample: int
    samples: int
    activation: Activation
    inputs: int
    z: float
    a: float
    delta: float
    below: Vector
    weights: Vector
    targets: Vector

    @property
    def bias_element(self) -> int | None:
        """The index of the neuron's bias in θ; None if it has none."""
        return self.model.bias_element(self.layer, self.unit)

    @property
    def elements(self) -> tuple[int, ...]:
        """The indices in θ of the focused weight and of the neuron's bias, if it has one."""
        weight, bias = self.weight_element(self.input), self.bias_element
        return (weight,) if bias is None else (weight, bias)

    def weight_element(self, index: int) -> int:
        """Return the index in θ of the neuron's weight for input `index`."""
        return int(self.model.layout.slices[f"W{self.layer}"].start) + self.unit * self.inputs + index

    @property
    def slope(self) -> float:
        """σ′ where the model evaluates it: at z, or at the output if a published slip does so."""
        slope = self.activation.slope
        assert slope is not None
        letter = "a" if self.is_slope_at_output else "z"
        at = self.update.forward.quantities[f"{letter}{self.layer}"][self.sample, self.unit]
        return float(slope(at, self.activation.value(at)))

    @property
    def is_left_out(self) -> bool:
        """Whether dropout leaves the neuron out of this update."""
        return self.kept == 0.0

    @property
    def kept(self) -> float:
        """The factor by which dropout multiplies the neuron's output; 1 without dropout."""
        mask = self.update.forward.quantities.get(f"mask{self.layer}")
        return 1.0 if mask is None else float(mask[self.unit])

    @property
    def whole(self) -> float:
        """The neuron's output before dropout."""
        q = self.update.forward.quantities
        return float(q.get(f"whole{self.layer}", q[f"a{self.layer}"])[self.sample, self.unit])

    @property
    def is_slope_at_output(self) -> bool:
        """Whether a published slip puts the output into σ′ here."""
        return self.model.slips.is_slope_at_output and self.layer == len(self.model.layers)

    @property
    def is_slope_left_out(self) -> bool:
        """Whether a published slip leaves σ′ out of the neuron's δ."""
        return self.model.leaves_out_slope(self.layer)

    @property
    def is_saturated(self) -> bool:
        """Whether the neuron's activation is flat at z, so that little or nothing is learnt through it."""
        return self.activation.slope is not None and abs(self.slope) < SATURATED and not self.is_slope_left_out

    @property
    def output_letter(self) -> str:
        """The letter for the network's answer: ``a``, or ``ŷ`` if a parameter is called a."""
        return "ŷ" if "a" in self.model.layout.labels else "a"

    def symbol(self, letter: str) -> str:
        """Return ``z²₁`` for the letter ``z``; ``a`` of the last layer is written with `output_letter`."""
        is_answer = letter == "a" and self.layer == len(self.model.layers)
        return neuron_name(self.output_letter if is_answer else letter, self.model.layout, self.layer, self.unit)

    def formula(self, text: str) -> str:
        """Return a formula of a loss with `output_letter` for the network's answer."""
        return text.replace("a", self.output_letter)

    def input_symbol(self, index: int) -> str:
        """Return the symbol of the neuron's input `index`: ``x₁`` or its name in layer 1, else ``a¹₁``."""
        if self.layer == 1:
            return input_name(self.names.inputs, index, self.inputs)
        return neuron_name("a", self.model.layout, self.layer - 1, index)

    def weight_symbol(self, index: int) -> str:
        """Return the symbol of the weight for input `index`."""
        return parameter_name(self.model.layout, self.weight_element(index))

    def sample_notes(self) -> tuple[str, ...]:
        """Return a note on which sample the numbers belong to; none if there is only one."""
        total, samples = len(self.model.inputs), self.update.samples
        if total == 1:
            return ()
        if samples is None:
            text = _("Shown for sample {number} of {total}.")
            return (text.format(number=self.sample + 1, total=total),)
        number = int(samples[self.sample]) + 1
        if self.samples == 1:
            return (_("This update sees sample {number} of {total} alone.").format(number=number, total=total),)
        text = _("Shown for sample {place} of the {count} in this update: number {number} of {total}.")
        return (text.format(place=self.sample + 1, count=self.samples, number=number, total=total),)


def look_at(update: Update, phase: Phase, focus: Focus, names: Names) -> NeuronLook:
    """Return the neuron that `focus` names in the phase's layer, or in the focused layer if the phase has none.

    Layer 0 means the last. Numbers out of range are clamped.
    """
    model = update.run.model
    assert isinstance(model, NetworkModel)
    layer, unit, input_ = focused_neuron(model, focus if phase.layer is None else replace(focus, layer=phase.layer))
    q = update.forward.quantities
    sample = sample_in_hand(update, focus)
    weights, below = model.layout.view(update.at, f"W{layer}")[unit], q[f"a{layer - 1}"]
    return NeuronLook(
        update,
        model,
        names,
        layer,
        unit,
        input_,
        sample,
        samples=len(q["a0"]),
        activation=model.activations[layer - 1],
        inputs=model.layers[layer - 1].inputs,
        z=settled(float(q[f"z{layer}"][sample, unit]), *(weights * below[sample]).tolist()),
        a=float(q[f"a{layer}"][sample, unit]),
        delta=float(update.backward.quantities[f"delta{layer}"][sample, unit]),
        below=below,
        weights=weights,
        targets=q["target"],
    )


def focused_neuron(model: NetworkModel, focus: Focus) -> tuple[int, int, int]:
    """Return layer (from 1), unit and input (from 0) that `focus` names, clamped to those of the network."""
    count = len(model.layers)
    layer = count if focus.layer < 1 else min(focus.layer, count)
    shape = model.layers[layer - 1]
    return layer, _within(focus.unit, shape.units), _within(focus.input, shape.inputs)


def focus_on(model: Model, element: int, focus: Focus) -> Focus:
    """Return the focus on the weight that `element` of θ is, or on the neuron whose bias it is.

    The sample stays; without layers, all of `focus` does.
    """
    if not isinstance(model, NetworkModel):
        return focus
    for number, layer in enumerate(model.layers, 1):
        weights, biases = model.layout.slices[f"W{number}"], model.layout.slices[f"b{number}"]
        if element < weights.stop:
            unit, source = divmod(element - weights.start, layer.inputs)
            return replace(focus, layer=number, unit=unit, input=source, is_weight=True)
        if element < biases.stop:
            return replace(focus, layer=number, unit=element - biases.start, is_weight=False)
    return focus


def without_rounding(values: Vector) -> Vector:
    """Return `values` with 0 for those that are mere rounding errors compared with the largest."""
    sizes = np.abs(values)
    finite = sizes[np.isfinite(sizes)]
    return np.where(sizes <= ROUNDING * finite.max(), 0.0, values) if finite.size else values


def shown_gradient(update: Update) -> Vector:
    """Return the gradient of an update with 0 for mere rounding errors: (size of θ,).

    For a function, these are slopes no larger than a change in the last digits of its variables makes them.
    """
    model, gradient = update.run.model, update.gradient
    if not isinstance(model, FunctionModel):
        return without_rounding(gradient)
    with np.errstate(all="ignore"):
        up, down = (np.array([slope(*at) for slope in model.gradient]) for at in _next_places(update.at))
        return np.where(np.abs(gradient) <= _LAST_DIGITS * np.abs(up - down), 0.0, gradient)


def shown_change(update: Update) -> Vector:
    """Return the change of an update with 0 for rounding errors, compared with changes or parameters: (size of θ,)."""
    change, sizes = without_rounding(update.change), np.abs(update.before.theta)
    return np.where(np.abs(change) <= ROUNDING * np.max(sizes, initial=0.0), 0.0, change)


def _next_places(theta: Vector) -> tuple[list[float], list[float]]:
    """Return the places with every variable one unit in its last place up, and down."""
    digit = np.spacing(np.abs(theta))
    return (theta + digit).tolist(), (theta - digit).tolist()


def _within(index: int, count: int) -> int:
    return min(max(index, 0), count - 1)


def is_edited(timeline: Timeline, position: Position) -> bool:
    """Whether parameters were edited at this position, so that the last update no longer explains them."""
    if position.update == 0 or position.phase is not None:
        return False
    if not any(edit.after == position.update for edit in timeline.edits):
        return False
    after = timeline.update(position.update).after.theta
    return not np.array_equal(timeline.state(position.update).theta, after, equal_nan=True)
