"""What pages say about the errors of a published source that are in force."""

from __future__ import annotations

from gdsim.engine.network import NetworkModel
from gdsim.engine.parameters import Vector
from gdsim.engine.update import BACKPROP, GRADIENT, OUTPUT_DELTA, Update
from gdsim.explain.symbols import number
from gdsim.language import _


def slip_notes(model: NetworkModel, kind: str) -> tuple[str, ...]:
    """Return what the source does wrong in a phase of this kind, and its own note; nothing where it is to be found.

    The gradient's page tells of every slip, for all of them end there.
    """
    slips, texts = model.slips, list[str]()
    if slips.is_hidden:
        return ()
    if kind in (OUTPUT_DELTA, GRADIENT):
        texts += _output_notes(model)
    if kind in (BACKPROP, GRADIENT):
        texts += _backprop_notes(model)
    if kind == GRADIENT and slips.bias_gradient_factor != 1.0:
        text = _("As published: the source multiplies the gradient of every bias by {factor}, so it is wrong.")
        texts.append(text.format(factor=number(slips.bias_gradient_factor)))
    return (*texts, slips.note) if texts and slips.note else tuple(texts)


def weights_passed_back(update: Update, layer: int) -> Vector:
    """Return the weights (units, inputs) of a layer that errors came back through: those recorded, where a slip has
    them updated before, else those before the update.
    """
    recorded = update.backward.quantities.get(f"passed{layer}")
    return update.run.model.layout.view(update.before.theta, f"W{layer}") if recorded is None else recorded


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
    if model.slips.is_backprop_updated:
        texts.append(_("As published: errors go back through weights that are already updated, so this is wrong."))
    return texts
