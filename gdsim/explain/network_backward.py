"""The backward half of a network's update, in words and numbers: the four equations, then the step.

The equations are numbered as in Nielsen, Neural Networks and Deep Learning, chapter 2.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gdsim.engine.names import neuron_name, parameter_name
from gdsim.engine.parameters import Vector
from gdsim.engine.update import BACKPROP, FORWARD, GRADIENT, LOSS, OUTPUT_DELTA, UPDATE, Phase, Update
from gdsim.explain.network_forward import LOSS_TEXTS, forward_page, loss_page
from gdsim.explain.numbers import settled
from gdsim.explain.page import Line, Names, Page, Pages, factor, number, product, signed, summed, with_numbers
from gdsim.explain.rules import change_sentence, memory_notes, rate_lines, update_lines
from gdsim.explain.selection import NeuronLook, look_at
from gdsim.explain.slips import both_changes, both_gradients, other_network, slip_notes, weights_passed_back
from gdsim.explain.units import fitted_sentence
from gdsim.i18n import _
from gdsim.timeline.position import Focus

TINY = 1e-3
"""A gradient below this hardly moves anything."""


def output_delta_page(update: Update, phase: Phase, focus: Focus, names: Names) -> Page:
    """Return δ of an output: ∂C/∂a·σ′(z), or the fused form. BP1."""
    look = look_at(update, phase, focus, names)
    error = look.a - float(look.targets[look.sample, look.unit])
    lines: tuple[Line, ...]
    if look.model.is_fused:
        lines = (error_line(look),)
    else:
        cost, value = cost_line(look)
        lines = (cost, *_through_activation(look, value))
    equation = _("Equation 1 of 4, the error of an output: how the loss changes with its z.")
    slips = slip_notes(look.update.run, OUTPUT_DELTA)
    notes = (*fused_notes(look), *slips, *_equation_notes(look, equation), *look.sample_notes())
    return Page("", _output_sentence(look, error), lines, notes)


def backprop_page(update: Update, phase: Phase, focus: Focus, names: Names) -> Page:
    """Return δ of a hidden neuron, from the deltas of the layer after it. BP2."""
    look = look_at(update, phase, focus, names)
    cost, blame = cost_line(look)
    equation = _("Equation 2 of 4, the error passed back: the errors above, through the same weights, times the slope.")
    notes = (*slip_notes(look.update.run, BACKPROP), *_equation_notes(look, equation), *look.sample_notes())
    return Page("", _backprop_sentence(look), (cost, *_through_activation(look, blame)), notes)


def error_line(look: NeuronLook) -> Line:
    """Return δ of an output in the fused form, a − y."""
    a, y = look.a, float(look.targets[look.sample, look.unit])
    formula = "a − y" if look.samples == 1 else f"(a − y)/{look.samples}"
    return Line(look.symbol("δ"), look.formula(formula), with_numbers(formula, {"a": a, "y": y}), signed(look.delta))


def cost_line(look: NeuronLook) -> tuple[Line, float]:
    """Return the line and value of a neuron's ∂C/∂a: for an output from the loss, else from the errors sent back."""
    symbol = f"∂C/∂{look.symbol('a')}"
    if look.layer == len(look.model.layers):
        a, y = look.a, float(look.targets[look.sample, look.unit])
        outputs = look.update.forward.quantities[f"a{look.layer}"]
        slope = float(look.model.loss.slope(outputs, look.targets)[look.sample, look.unit])
        numbers = LOSS_TEXTS[look.model.loss_name].slope_numbers(a, y, look.samples, outputs.shape[1])
        return Line(symbol, look.formula(look.model.loss.slope_formula), numbers, signed(slope)), slope
    above, deltas = look.layer + 1, deltas_above(look)
    error = "∂C/∂a" if f"sent{above}" in look.update.backward.quantities else "δ"
    weights = weights_passed_back(look.update, above)[:, look.unit]
    layout, count, width = look.model.layout, len(deltas), look.model.layers[above - 1].inputs
    first = layout.slices[f"W{above}"].start + look.unit

    def term(k: int) -> str:
        return f"{parameter_name(layout, first + k * width)}·{neuron_name(error, layout, above, k)}"

    blame = settled(float(deltas @ weights), *(deltas * weights).tolist())
    most = int(np.argmax(np.abs(np.nan_to_num(deltas * weights))))
    numbers = summed(count, most, lambda k: product(float(weights[k]), float(deltas[k])))
    return Line(symbol, summed(count, most, term), numbers, signed(blame)), blame


def deltas_above(look: NeuronLook) -> Vector:
    """Return the errors that the layer above sends back to a neuron: δ, or what a slip of the source sends instead."""
    q, above = look.update.backward.quantities, look.layer + 1
    return np.asarray(q.get(f"sent{above}", q[f"delta{above}"])[look.sample])


def gradient_page(update: Update, phase: Phase, focus: Focus, names: Names) -> Page:
    """Return the gradient of the focused weight (BP4) and of its neuron's bias (BP3), summed over the samples."""
    look = look_at(update, phase, focus, names)
    weight = look.weight_element(look.input)
    name, bias = look.weight_symbol(look.input), look.bias_element
    deltas, delta = update.backward.quantities[f"delta{look.layer}"], look.symbol("δ")
    biases = (deltas[:, look.unit],)
    if look.model.layers[look.layer - 1].bias == "shared":  # one bias for all units: their errors add up
        biases, delta = (deltas.sum(axis=1),), "Σⱼ δⱼ"
    lines = (
        *gradient_lines(look, weight),
        *(() if bias is None else (_gradient_line(look, delta, biases, bias),)),
    )
    equations = _("Equations 3 and 4 of 4: a bias learns from δ itself, a weight from δ times what came in through it.")
    slips = slip_notes(look.update.run, GRADIENT)
    own = (*slips, *_frozen_notes(look), *_mended(look), *both_gradients(look))
    notes = (*own, *_equation_notes(look, equations))
    return Page("", _gradient_sentence(look, name), lines, notes)


def update_page(update: Update, phase: Phase, focus: Focus, names: Names) -> Page:
    """Return the step of the focused weight and of its neuron's bias."""
    look = look_at(update, phase, focus, names)
    lines = [
        line
        for element in look.elements
        for line in update_lines(update, element, parameter_name(look.model.layout, element), _partial(look, element))
    ]
    notes = (
        *slip_notes(look.update.run, GRADIENT),
        *_mended(look),
        *both_changes(look),
        *memory_notes(update),
        *_frozen_notes(look),
        *filter(None, [fitted_sentence(names.data, update.run, update.after.theta)]),
    )
    return Page("", change_sentence(update), (*rate_lines(update), *lines), notes)


def _partial(look: NeuronLook, element: int) -> str:
    return f"∂C/∂{parameter_name(look.model.layout, element)}"


def _slope_symbol(look: NeuronLook) -> str:
    return f"{look.activation.symbol}′({look.symbol('a' if look.is_slope_at_output else 'z')})"


def _through_activation(look: NeuronLook, cost: float) -> tuple[Line, ...]:
    """Return the lines from ∂C/∂a to δ: times the slope of the activation, unless it is always 1 or left out."""
    symbol, before = look.symbol("δ"), f"∂C/∂{look.symbol('a')}"
    delta = look.delta if cost else 0.0
    if look.kept != 1.0:
        kept = "0" if look.is_left_out else "1/(1 − p)"
        formula = f"{before}·{_slope_symbol(look)}·{kept}"
        return slope_line(look), Line(symbol, formula, product(cost, look.slope, look.kept), signed(delta))
    if look.activation.name == "identity" or look.is_slope_left_out:
        return (Line(symbol, before, "", signed(delta)),)
    last = Line(symbol, f"{before}·{_slope_symbol(look)}", product(cost, look.slope), signed(delta))
    return slope_line(look), last


def slope_line(look: NeuronLook) -> Line:
    """Return the slope of a neuron's activation where the model evaluates it."""
    activation = look.activation
    at = look.a if look.is_slope_at_output else look.z
    numbers = f"{activation.symbol}′({number(at)})"
    if not look.is_slope_at_output and not look.is_saturated:
        if activation.name == "sigmoid":
            numbers = f"{number(look.whole)}·(1 − {number(look.whole)})"
        elif activation.name == "tanh":
            numbers = f"1 − {factor(look.whole)}²"
    return Line(_slope_symbol(look), activation.slope_formula, numbers, number(look.slope))


def gradient_lines(look: NeuronLook, element: int) -> tuple[Line, ...]:
    """Return the gradient of a neuron's weight; with a penalty, first without it, then with what it adds."""
    source = element - look.weight_element(0)
    formula = f"{look.symbol('δ')}·{look.input_symbol(source)}"
    factors = look.update.backward.quantities[f"delta{look.layer}"][:, look.unit], look.below[:, source]
    penalty = look.model.penalty
    if penalty is None:
        return (_gradient_line(look, formula, factors, element),)
    weight, label = float(look.update.at[element]), parameter_name(look.model.layout, element)
    added = float(penalty.slope(np.array(weight)))
    without = _gradient_line(look, formula, factors, element, less=added)
    whole = float(look.update.gradient[element])
    terms = [product(penalty.l2, weight)] * bool(penalty.l2)
    terms += [f"{number(penalty.l1)}·({number(float(np.sign(weight)))})"] * bool(penalty.l1)
    numbers = " + ".join([number(whole - added), *terms])
    return (
        replace(without, symbol=f"∂C₀/∂{label}"),
        Line(_partial(look, element), f"∂C₀/∂{label} + {penalty.slope_formula(label)}", numbers, signed(whole)),
    )


def _gradient_line(
    look: NeuronLook, formula: str, factors: tuple[np.ndarray, ...], element: int, less: float = 0.0
) -> Line:
    """Return a gradient as the product of `factors` (samples,), or the sum of the products over the samples.

    less: a part of the gradient that is not shown here.
    """
    products = np.prod(factors, axis=0).tolist()
    count, value = look.samples, signed(settled(float(look.update.gradient[element]) - less, *products))
    slips = look.model.slips
    scale = slips.bias_gradient_factor if len(factors) == 1 else 1.0
    front = ("−" if slips.has_wrong_sign else "") + ("" if scale == 1.0 else f"{number(scale)}·")
    if count == 1:
        numbers = product(*(float(part[0]) for part in factors)) if len(factors) > 1 or front else ""
        return Line(_partial(look, element), front + formula, front + numbers, value)
    terms = summed(count, look.sample, lambda i: number(products[i]))
    text = _("Σ over {count} samples: {terms}").format(count=count, terms=terms)
    return Line(_partial(look, element), f"{front}Σ {formula}", front + (f"({text})" if front else text), value)


def _output_sentence(look: NeuronLook, error: float) -> str:
    delta = look.delta
    if not np.isfinite(delta):
        return _("The error is no longer a number: the run has diverged.")
    if delta == 0.0 and error == 0.0:
        return _("This answer is right, so there is nothing to learn from it.")
    if not look.model.is_fused and look.is_saturated:
        if look.activation.name == "relu":
            return _("The neuron is silent here: its slope is 0, so nothing is learnt.")
        return _("The neuron is saturated: {slope_name} is {slope}, so almost nothing is learnt.").format(
            slope_name=f"{look.activation.symbol}′", slope=number(look.slope)
        )
    if delta > 0:
        return _("The answer is too high: a larger {z} would raise the loss, so {z} should come down.").format(
            z=look.symbol("z")
        )
    return _("The answer is too low: a larger {z} would lower the loss, so {z} should go up.").format(
        z=look.symbol("z")
    )


def _backprop_sentence(look: NeuronLook) -> str:
    if not np.isfinite(look.delta):
        return _("The error is no longer a number: the run has diverged.")
    if look.activation.name == "relu" and look.slope == 0.0 and not look.is_slope_left_out:
        return _("The neuron is silent here: its slope is 0, so no error passes back through it.")
    if look.is_left_out:
        return _("Dropout left this neuron out, so no error passes back through it.")
    if look.is_saturated:
        return _("The neuron is saturated: {slope_name} is {slope}, so almost no error passes back through it.").format(
            slope_name=f"{look.activation.symbol}′", slope=number(look.slope)
        )
    return _("The errors of the next layer come back through the weights; this neuron's share is {delta}.").format(
        delta=signed(look.delta)
    )


def _gradient_sentence(look: NeuronLook, label: str) -> str:
    gradient = float(look.update.gradient[look.weight_element(look.input)])
    name = look.input_symbol(look.input)
    if not np.isfinite(gradient):
        text = _("The gradient is no longer a number: the run has diverged.")
    elif not look.below[:, look.input].any():
        text = _("{name} is 0, so {label} had no part in the error and its gradient is 0.")
    elif gradient == 0.0:
        text = _("The loss does not depend on {label} here: its gradient is 0.")
    elif abs(gradient) < TINY:
        text = _("The loss hardly depends on {label} here: its gradient is {gradient}.")
    elif look.samples == 1 and look.inputs > 1:
        text = _("The error is shared out among the inputs in proportion to their size: {name} is {input}.")
    elif gradient > 0:
        text = _("A larger {label} would raise the loss, so {label} should come down.")
    else:
        text = _("A larger {label} would lower the loss, so {label} should go up.")
    value = float(look.below[look.sample, look.input])
    return text.format(name=name, label=label, gradient=number(gradient), input=number(value))


def _equation_notes(look: NeuronLook, text: str) -> tuple[str, ...]:
    """Return which of the four equations of backpropagation this is; nothing without a hidden layer."""
    return (text,) if len(look.model.layers) > 1 else ()


def fused_notes(look: NeuronLook) -> tuple[str, ...]:
    """Return why ∂C/∂z of the outputs is computed in one step, if it is."""
    if not look.model.is_fused:
        return ()
    if look.activation.name == "softmax":
        text = _(
            "A shortcut: every softmax output depends on every z, so ∂C/∂z is a sum over all outputs, "
            "Σₖ ∂C/∂aₖ·∂aₖ/∂z; with this loss it comes to {answer} − y."
        )
        return (text.format(answer=look.output_letter),)
    text = _("A shortcut: with {activation} and this loss, ∂C/∂a·{symbol}′ comes to {answer} − y, without a division.")
    return (text.format(activation=look.activation.name, symbol=look.activation.symbol, answer=look.output_letter),)


def _frozen_notes(look: NeuronLook) -> tuple[str, ...]:
    return () if look.model.trains_biases else (_("The biases are frozen: updates leave them as they are."),)


def _mended(look: NeuronLook) -> tuple[str, ...]:
    if not look.update.run.is_corrected or other_network(look.update) is None:
        return ()
    return (_("Corrected: the slip in the source is put right here."),)


PAGES: Pages = {
    FORWARD: forward_page,
    LOSS: loss_page,
    OUTPUT_DELTA: output_delta_page,
    BACKPROP: backprop_page,
    GRADIENT: gradient_page,
    UPDATE: update_page,
}
"""A page function for each kind of phase, forward and backward."""
