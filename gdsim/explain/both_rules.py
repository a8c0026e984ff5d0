"""Both results of a source with a slip, side by side: as published, and corrected."""

from __future__ import annotations

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.explain.neuron import NeuronLook
from gdsim.explain.numbers import short_number
from gdsim.language import _


def both_gradients(look: NeuronLook, weight: int) -> tuple[str, ...]:
    """Return the gradient of a weight, or else of the bias, by both rules; nothing where no slip is told."""
    other = _other_gradient(look)
    text = _("Gradient of {name}: {published} as published, {corrected} corrected. Press c for the other rule.")
    return () if other is None else _both(look, weight, look.update.gradient, other, text)


def both_changes(look: NeuronLook, weight: int) -> tuple[str, ...]:
    """Return the change of a weight, or else of the bias, by both rules; nothing where no slip is told."""
    other, update = _other_gradient(look), look.update
    if other is None:
        return ()
    trainable = look.model.layout.trainable
    used = other if trainable is None else np.where(trainable, other, 0.0)
    change = update.run.rule.step(used, update.before.rule_state, update.run.learning_rate)[0]
    text = _("Change of {name}: {published} as published, {corrected} corrected. Press c for the other rule.")
    return _both(look, weight, update.change, change, text)


def _other_gradient(look: NeuronLook) -> Vector | None:
    """Return the gradient by the rule that is not in force; None without a slip, and while it is to be found."""
    published = look.model.published
    if published is None or published.is_hidden:
        return None
    update, model = look.update, look.model.corrected(not look.update.run.is_corrected)
    with np.errstate(all="ignore"):
        return model.backward(update.before.theta, update.samples, update.forward).gradient


def _both(look: NeuronLook, weight: int, own: Vector, other: Vector, text: str) -> tuple[str, ...]:
    differing = [element for element in (weight, look.bias_element) if own[element] != other[element]]
    if not differing:
        return ()
    element = differing[0]
    pair = (own, other) if not look.update.run.is_corrected else (other, own)
    published, corrected = (short_number(float(each[element]), signed=True) for each in pair)
    return (text.format(name=look.model.layout.label(element), published=published, corrected=corrected),)
