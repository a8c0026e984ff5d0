"""What pages say about an error in a scenario's source: that it is in force, and the numbers by both rules."""

from __future__ import annotations

import numpy as np

from gdsim.engine.models.network import NetworkModel
from gdsim.engine.names import parameter_name
from gdsim.engine.parameters import Vector
from gdsim.engine.update import BACKPROP, GRADIENT, OUTPUT_DELTA, Run, Slip, Update, step, with_correction
from gdsim.explain.mistakes import BUGS
from gdsim.explain.numbers import short_number
from gdsim.explain.page import number
from gdsim.explain.selection import NeuronLook
from gdsim.i18n import _


def slip_notes(run: Run, kind: str) -> tuple[str, ...]:
    """Return what the source does wrong in this kind of phase, and its own note; nothing while learners look for it.

    The gradient's page names every slip, since all of them end up in the gradient.
    """
    slip, model, texts = run.slip, run.model, list[str]()
    if slip is None or slip.is_hidden or not isinstance(model, NetworkModel):
        return ()
    if kind in (OUTPUT_DELTA, GRADIENT):
        texts += _output_notes(model)
    if kind in (BACKPROP, GRADIENT):
        texts += _backprop_notes(model)
    if kind == GRADIENT and model.slips.bias_gradient_factor != 1.0:
        text = _("As published: the source multiplies the gradient of every bias by {factor}, so it is wrong.")
        texts.append(text.format(factor=number(model.slips.bias_gradient_factor)))
    if kind == GRADIENT and model.slips.has_wrong_sign:
        texts.append(_("As published: the gradient has the wrong sign, so the step goes up the slope."))
    if kind == GRADIENT and not texts and slip.name and model.is_slipped:
        texts.append(_told(slip))
    return (*texts, slip.note) if texts and slip.note else tuple(texts)


def run_slip_notes(run: Run) -> tuple[str, ...]:
    """Return what the source does wrong outside the gradient, and its own note; nothing while learners look for it."""
    slip = run.slip
    if slip is None or slip.is_hidden or not run.has_outer_slip:
        return ()
    return (_told(slip), slip.note) if slip.note else (_told(slip),)


def _told(slip: Slip) -> str:
    """Return what a named mistake does, as an error of the source."""
    mistake = BUGS[slip.name]
    return _("As published: {does}.").format(does=_(mistake.does))


def weights_passed_back(update: Update, layer: int) -> Vector:
    """Return the weights (units, inputs) of a layer that errors came back through.

    They are those before the update, or the recorded ones if a slip has updated them already.
    """
    recorded = update.backward.quantities.get(f"passed{layer}")
    return update.run.model.layout.view(update.at, f"W{layer}") if recorded is None else recorded


def _output_notes(model: NetworkModel) -> list[str]:
    symbol = model.activations[-1].symbol
    if model.slips.is_slope_at_output:
        text = _("As published: the source evaluates {symbol}′ at the output, not at z, so this gradient is wrong.")
        return [text.format(symbol=symbol)]
    if model.leaves_out_slope(len(model.layers)):
        text = _("As published: the source leaves {symbol}′ out of the output's δ, so this gradient is wrong.")
        return [text.format(symbol=symbol)]
    return []


def _backprop_notes(model: NetworkModel) -> list[str]:
    texts = []
    if model.slips.leaves_out_slope(is_output=False) and len(model.layers) > 1:
        text = _("As published: the source leaves {symbol}′ out of the hidden δ, so this gradient is wrong.")
        texts.append(text.format(symbol=model.activations[0].symbol))
    if model.slips.is_passed_without_slope and len(model.layers) > 1:
        text = _("As published: the error is sent back without the output's {symbol}′, so this gradient is wrong.")
        texts.append(text.format(symbol=model.activations[-1].symbol))
    if model.slips.is_backprop_updated:
        texts.append(_("As published: errors go back through weights that are already updated, so this is wrong."))
    return texts


def both_gradients(look: NeuronLook) -> tuple[str, ...]:
    """Return the gradient of the focused weight, or else of the bias, by both rules; nothing if no slip is shown."""
    other = _other_gradient(look)
    text = _("Gradient of {name}: {published} as published, {corrected} corrected. Press c for the other rule.")
    return () if other is None else _both(look, look.update.gradient, other, text)


def both_changes(look: NeuronLook) -> tuple[str, ...]:
    """Return the change of the focused weight, or else of the bias, by both rules; nothing if no slip is shown."""
    other, update = _other_gradient(look), look.update
    if other is None:
        return ()
    change = step(update.run, update.before, other)[0]
    text = _("Change of {name}: {published} as published, {corrected} corrected. Press c for the other rule.")
    return _both(look, update.change, change, text)


def _other_gradient(look: NeuronLook) -> Vector | None:
    """Return the gradient by the rule that is not in force; None without a slip, and while learners look for it."""
    update, other = look.update, other_network(look.update)
    if other is None or update.run.slip is None or update.run.slip.is_hidden:
        return None
    with np.errstate(all="ignore"):
        return other.in_update(update.number).backward(update.at, update.forward).gradient


def other_network(update: Update) -> NetworkModel | None:
    """Return the network by the rule that is not in force; None if the source has no error in its gradient."""
    own, run = update.run.model, update.run
    other = own if run.slip is None else with_correction(run, not run.is_corrected).model
    is_inside = isinstance(own, NetworkModel) and isinstance(other, NetworkModel) and own.slips != other.slips
    return other if is_inside and isinstance(other, NetworkModel) else None


def _both(look: NeuronLook, own: Vector, other: Vector, text: str) -> tuple[str, ...]:
    differing = [element for element in look.elements if own[element] != other[element]]
    if not differing:
        return ()
    element = differing[0]
    pair = (own, other) if not look.update.run.is_corrected else (other, own)
    published, corrected = (short_number(float(each[element]), signed=True) for each in pair)
    return (text.format(name=parameter_name(look.model.layout, element), published=published, corrected=corrected),)
