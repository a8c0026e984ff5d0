"""The forward half of a network's update, in words and numbers: the layers, then the loss of one sample and of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from gdsim.engine.names import parameter_name, subscript
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Phase, Update
from gdsim.explain.numbers import settled
from gdsim.explain.page import (
    Line,
    Names,
    Page,
    factor,
    joined,
    number,
    product,
    summed,
    terms_left_out,
    terms_shown,
    with_numbers,
)
from gdsim.explain.selection import NeuronLook, look_at
from gdsim.explain.units import answer_in_file, inputs_in_file
from gdsim.i18n import _
from gdsim.timeline.position import Focus


class LossText(NamedTuple):
    """How a loss is written for one sample, and its slope for one output.

    front: the factor before the sum over the outputs; term: one output's term. slope: ∂C/∂a before any averaging.
    is_mean: whether samples are averaged rather than summed; is_mean_of_outputs: whether outputs are, too.
    skips_zero_targets: whether outputs with target 0 add nothing.
    """

    front: str
    term: str
    slope: str
    is_mean: bool = True
    is_mean_of_outputs: bool = False
    skips_zero_targets: bool = False

    def front_for(self, outputs: int) -> str:
        """Return the factor before the sum over this many outputs."""
        return f"1/{outputs}·" if self.is_mean_of_outputs and outputs > 1 else self.front

    def term_numbers(self, a: float, y: float) -> str:
        """Return the term of one output with its numbers put in."""
        return with_numbers(self.term.replace(" ln", "·ln"), {"a": a, "y": y})

    def slope_numbers(self, a: float, y: float, samples: int, outputs: int) -> str:
        """Return ∂C/∂a of one output with its numbers put in, averaged as the loss is."""
        divisor = (samples if self.is_mean else 1) * (outputs if self.is_mean_of_outputs else 1)
        return with_numbers(self.slope, {"a": a, "y": y}) + (f"/{divisor}" if divisor > 1 else "")


_SQUARE = "(a − y)²"

LOSS_TEXTS: Mapping[str, LossText] = {
    "sse": LossText("", _SQUARE, "2·(a − y)", is_mean=False),
    "half-sse": LossText("½·", _SQUARE, "a − y", is_mean=False),
    "mse": LossText("", _SQUARE, "2·(a − y)", is_mean_of_outputs=True),
    "half-mse": LossText("½·", _SQUARE, "(a − y)"),
    "sum-mse": LossText("", _SQUARE, "2·(a − y)"),
    "binary-cross-entropy": LossText("−", "[y ln a + (1 − y) ln(1 − a)]", "(a − y)/(a·(1 − a))"),
    "categorical-cross-entropy": LossText("−", "y ln a", "−y/a", skips_zero_targets=True),
}


CLOSE = 0.05
"""An answer no further from its target than this is called close."""


def forward_page(update: Update, phase: Phase, focus: Focus, names: Names) -> Page:
    """Return z and a of the focused neuron of the phase's layer."""
    look = look_at(update, phase, focus, names)
    scaled: tuple[Line, ...] = ()
    if look.layer == 1:
        shown = terms_shown(look.inputs, look.input)
        scaled = inputs_in_file(names.data, look.below[look.sample], shown)
    lines = (_sum_line(look), _activation_line(look), *_class_line(look), *scaled)
    return Page("", _forward_sentence(look), lines, look.sample_notes())


def _class_line(look: NeuronLook) -> tuple[Line, ...]:
    """Return ``virginica 0.66, wanted 1`` for an output that stands for a class."""
    names = () if look.names.data is None else look.names.data.class_names
    if look.layer < len(look.model.layers) or len(names) != look.targets.shape[1] or len(names) < 2:
        return ()
    target = float(look.targets[look.sample, look.unit])
    text = _("{name} {answer}, target {wanted}")
    return (Line(text.format(name=names[look.unit], answer=number(look.a), wanted=number(target)), ""),)


def loss_page(update: Update, phase: Phase, focus: Focus, names: Names) -> Page:
    """Return the loss of the focused sample, and that of all samples of the update."""
    look = look_at(update, phase, replace(focus, layer=0), names)
    q, last = update.forward.quantities, look.layer
    a, y, z = q[f"a{last}"], look.targets, q[f"z{last}"]
    is_single = look.samples == 1
    losses = _losses(look, a, y, z)
    symbol = "C" if is_single else f"C{subscript(look.sample + 1)}"
    value = unpenalised(update) if is_single else losses[look.sample]
    lines = [_sample_line(look, symbol, value, a[look.sample], y[look.sample])]
    if not is_single:
        lines.append(_total_line(look, losses))
    lines += [*_penalty_lines(look), *answer_in_file(names.data, a[look.sample], y[look.sample])]
    return Page("", _loss_sentence(look, a[look.sample], y[look.sample]), tuple(lines), look.sample_notes())


def unpenalised(update: Update) -> float:
    """Return the loss of an update's forward pass without the penalty on its weights."""
    return float(update.forward.quantities.get("unpenalised", update.forward.loss))


def _penalty_lines(look: NeuronLook) -> list[Line]:
    """Return the loss with the penalty on weights; nothing without a penalty."""
    penalty = look.model.penalty
    if penalty is None:
        return []
    without, whole = unpenalised(look.update), look.update.forward.loss
    rates = [f"λ₂ = {number(penalty.l2)}"] * bool(penalty.l2) + [f"λ₁ = {number(penalty.l1)}"] * bool(penalty.l1)
    numbers = f"{number(without)} + {number(whole - without)}, {', '.join(rates)}"
    return [Line(_("C with penalty"), f"C + {penalty.formula}", numbers, number(whole))]


def _sum_line(look: NeuronLook) -> Line:
    weights, below, write = look.weights.tolist(), look.below[look.sample].tolist(), partial(summed, look.inputs)
    biases = look.elements[1:]
    names = (parameter_name(look.model.layout, element) for element in biases)
    symbols = write(look.input, lambda i: f"{look.weight_symbol(i)}·{look.input_symbol(i)}", *names)
    products = (look.weights * look.below[look.sample]).tolist()
    values = (number(settled(float(look.update.at[element]), *products)) for element in biases)
    numbers = write(look.input, lambda i: product(weights[i], below[i]), *values)
    return Line(look.symbol("z"), symbols, numbers, number(look.z))


def _activation_line(look: NeuronLook) -> Line:
    activation = look.activation
    mask = look.update.forward.quantities.get(f"mask{look.layer}")
    if mask is not None:
        return _dropout_line(look, float(mask[look.unit]))
    if activation.name == "identity":
        return Line(look.symbol("a"), look.symbol("z"), "", number(look.a))
    formula = f"{activation.symbol}({look.symbol('z')}) = {activation.formula}"
    if activation.name == "softmax":
        powers = [f"e^{factor(z)}" for z in look.update.forward.quantities[f"z{look.layer}"][look.sample].tolist()]
        return Line(look.symbol("a"), formula, f"{powers[look.unit]}/({' + '.join(powers)})", number(look.a))
    return Line(look.symbol("a"), formula, f"{activation.symbol}({number(look.z)})", number(look.a))


def _dropout_line(look: NeuronLook, mask: float) -> Line:
    """Return a neuron's output under dropout: 0 if left out, else scaled up to make up for the neurons left out."""
    if mask == 0.0:
        return Line(look.symbol("a"), _("0, left out of this update"), "", number(look.a))
    whole = f"{look.activation.symbol}({look.symbol('z')})"
    share = number(look.model.layers[look.layer - 1].dropout)
    return Line(look.symbol("a"), f"{whole}/(1 − p)", f"{number(look.whole)}/(1 − {share})", number(look.a))


def _forward_sentence(look: NeuronLook) -> str:
    if not np.isfinite(look.z):
        text = _("The sum is no longer a number: the run has diverged.")
    elif look.is_left_out:
        text = _("Dropout leaves this neuron out of this update: its output is 0, whatever its sum.")
    elif look.activation.name == "softmax":
        text = _("Softmax turns the sums of this layer into shares that add up to 1; this neuron's is {a}.")
    elif look.activation.name == "identity":
        text = _("The weighted inputs and the bias add up to {z}, and the neuron passes that on as it is.")
    elif look.activation.name == "relu" and look.z <= 0:
        text = _("The sum {z} is not above 0, so this neuron stays silent: its output is 0.")
    elif look.activation.name == "relu":
        text = _("The sum {z} is above 0, so this neuron passes it on as it is.")
    elif look.is_saturated:
        text = _("The sum {z} is far from 0: the neuron is saturated, and its output {a} hardly moves.")
    else:
        text = _("The weighted inputs and the bias add up to {z}; {activation} makes that {a}.")
    return text.format(z=number(look.z), a=number(look.a), activation=look.activation.name)


def _losses(look: NeuronLook, a: Vector, y: Vector, z: Vector) -> dict[int, float]:
    """Return the separate loss of each sample that is written out, by its row in the batch."""
    rows = {look.sample, *terms_shown(look.samples, look.sample)}
    return {i: look.model.loss.value(a[i : i + 1], y[i : i + 1], z[i : i + 1]) for i in rows}


def _sample_line(look: NeuronLook, symbol: str, value: float, a: Vector, y: Vector) -> Line:
    text, outputs = LOSS_TEXTS[look.model.loss_name], len(a)
    if outputs == 1:
        numbers = text.front + text.term_numbers(float(a[0]), float(y[0]))
        return Line(symbol, look.formula(text.front + text.term), numbers, number(value))
    if text.skips_zero_targets:
        shown, left_out = np.flatnonzero(y)[:3].tolist(), []
    else:
        shown, left_out = list(terms_shown(outputs, look.unit)), terms_left_out(outputs)
    terms = joined([*(text.term_numbers(float(a[j]), float(y[j])) for j in shown), *left_out])
    front = text.front_for(outputs)
    is_enclosed = front != "" and len(shown) + len(left_out) > 1
    return Line(
        symbol,
        look.formula(f"{front}Σⱼ {_of_each(text.term)}"),
        front + (f"[{terms}]" if is_enclosed else terms),
        number(value),
    )


def _of_each(term: str) -> str:
    """Return the term of output j in a sum: ``(aⱼ − yⱼ)²``."""
    return term.replace("a", "aⱼ").replace("y", "yⱼ")


def _total_line(look: NeuronLook, losses: dict[int, float]) -> Line:
    count = look.samples
    terms = summed(count, look.sample, lambda i: number(losses[i]))
    if LOSS_TEXTS[look.model.loss_name].is_mean:
        formula, numbers = _("mean over {count} samples"), f"({terms})/{count}"
    else:
        formula, numbers = _("sum over {count} samples"), terms
    return Line("C", formula.format(count=count), numbers, number(unpenalised(look.update)))


def _loss_sentence(look: NeuronLook, a: Vector, y: Vector) -> str:
    errors = np.abs(a - y)
    if not np.isfinite(errors).all():
        return _("The answer is no longer a number: the run has diverged.")
    worst = int(np.argmax(errors))
    answer, target = number(float(a[worst])), number(float(y[worst]))
    if errors[worst] <= CLOSE:
        text = _("Every answer is close to its target; the furthest is {answer} for {target}.")
        if len(a) == 1:
            text = _("The answer {answer} is close to the target {target}, so the loss is small.")
        return text.format(answer=answer, target=target)
    text = _("The answer of {name} is furthest off: {answer} instead of {target}.")
    if len(a) == 1:
        text = _("The answer is {answer} where the target is {target}: the loss says how bad that is.")
    names = look.names.targets
    name = names[worst] if worst < len(names) else _("output {number}").format(number=worst + 1)
    return text.format(name=name, answer=answer, target=target)
