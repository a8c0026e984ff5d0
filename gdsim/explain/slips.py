"""Slips people make when they work out an update by hand: what each of them gives instead of the right number.

A slip is one entry of `SLIPS`. A wrong answer is compared with what each of them makes of the quantity asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gdsim.engine.network import NetworkModel
from gdsim.engine.update import Run, Update, run_update
from gdsim.explain.quantity import OF_UPDATE, belongs_to_update, element_of, value_after, value_before
from gdsim.records import dataclass


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip: its name, what it makes of a quantity of an update (None: it has no part in it), and what to say of it.

    Name and sentence are translated where they are shown.
    """

    name: str
    wrong: Callable[[Update, str], float | None]
    sentence: str


def recognised(update: Update, quantity: str, answer: float, tolerance: float) -> Slip | None:
    """Return the first slip that gives `answer` (within `tolerance`, a part of the wrong number), None for no slip.

    Slips that give the right number here, or 0, tell nothing.
    """
    right = value_after(update, quantity)
    for slip in SLIPS:
        wrong = slip.wrong(update, quantity)
        if wrong is None or not np.isfinite(wrong) or wrong == 0.0 or is_close(wrong, right, tolerance):
            continue
        if is_close(answer, wrong, tolerance):
            return slip
    return None


def is_close(answer: float, value: float, tolerance: float) -> bool:
    """Whether an answer is as good as `value`: `tolerance` is a part of it, and six digits are always enough."""
    return abs(answer - value) <= max(tolerance, 1e-6) * abs(value) + 1e-12


def _wrong_sign(update: Update, quantity: str) -> float | None:
    if belongs_to_update(quantity, update):
        return -value_after(update, quantity)
    return _under(replace(update.run, learning_rate=-update.run.learning_rate), update, quantity)


def _no_learning_rate(update: Update, quantity: str) -> float | None:
    return _under(replace(update.run, learning_rate=1.0), update, quantity)


def _gradient_itself(update: Update, quantity: str) -> float | None:
    element = element_of(update, quantity) if quantity.startswith("change.") else None
    return None if element is None else float(update.gradient[element])


def _no_slope(where: str) -> Callable[[Update, str], float | None]:
    def wrong(update: Update, quantity: str) -> float | None:
        model = update.run.model
        if not isinstance(model, NetworkModel):
            return None
        slips = replace(model.slips, slope_left_out=where, is_slope_at_output=False)
        return _under(replace(update.run, model=replace(model, slips=slips)), update, quantity)

    return wrong


def _slope_at_output(update: Update, quantity: str) -> float | None:
    model = update.run.model
    if not isinstance(model, NetworkModel) or model.activations[-1].slope is None:
        return None
    slips = replace(model.slips, slope_left_out="", is_slope_at_output=True)
    return _under(replace(update.run, model=replace(model, slips=slips)), update, quantity)


def _updated_weights(update: Update, quantity: str) -> float | None:
    model = update.run.model
    if not isinstance(model, NetworkModel) or len(model.layers) == 1:
        return None
    slips = replace(model.slips, is_backprop_updated=True)
    return _under(replace(update.run, model=replace(model, slips=slips)), update, quantity)


def _sum(update: Update, quantity: str) -> float | None:
    return _times(_averaged(update), update, quantity)


def _mean(update: Update, quantity: str) -> float | None:
    model = update.run.model
    is_sum = isinstance(model, NetworkModel) and model.loss_name in _SUMS
    return _times(1 / len(update.forward.quantities["a0"]), update, quantity) if is_sum else None


def _factor_two(update: Update, quantity: str) -> float | None:
    model = update.run.model
    if not isinstance(model, NetworkModel) or quantity == "loss":
        return None
    factor = 0.5 if model.loss_name in _WHOLE_SQUARES else 2.0 if model.loss_name in _HALF_SQUARES else None
    return None if factor is None else _times(factor, update, quantity)


_SUMS = ("sse", "half-sse")
_WHOLE_SQUARES, _HALF_SQUARES = ("sse", "mse", "sum-mse"), ("half-sse", "half-mse")


def _averaged(update: Update) -> float | None:
    """Return how many numbers the loss is the mean of, None where it is a sum."""
    model = update.run.model
    if not isinstance(model, NetworkModel) or model.loss_name in _SUMS:
        return None
    samples = len(update.forward.quantities["a0"])
    return float(samples * model.layers[-1].units if model.loss_name == "mse" else samples)


def _times(factor: float | None, update: Update, quantity: str) -> float | None:
    """Return a quantity that goes with the gradient `factor` times; z, a and accuracies do not."""
    if factor is None:
        return None
    if quantity == "loss" or quantity.startswith((*OF_UPDATE, "delta")):
        return factor * value_after(update, quantity)
    if element_of(update, quantity) is None:
        return None
    old = value_before(update, quantity)
    return old + factor * (value_after(update, quantity) - old)


def _under(run: Run, update: Update, quantity: str) -> float:
    """Return what `quantity` would be if the update were made under another run."""
    with np.errstate(all="ignore"):
        return value_after(run_update(run, update.before), quantity)


SLIPS: tuple[Slip, ...] = (
    Slip(
        "wrong sign",
        _wrong_sign,
        "The size is right, the sign is not: a step goes down the slope, against the sign of the gradient.",
    ),
    Slip(
        "learning rate forgotten",
        _no_learning_rate,
        "So it would be without the learning rate: the step is η times the gradient.",
    ),
    Slip(
        "gradient instead of change",
        _gradient_itself,
        "That is the gradient itself: the change is −η times it.",
    ),
    Slip(
        "missing σ′",
        _no_slope("output"),
        "So it would be without σ′ of the output: δ is ∂C/∂a times the slope of the activation at z.",
    ),
    Slip(
        "missing σ′",
        _no_slope("hidden"),
        "So it would be without σ′ of the hidden neurons: what comes back is times the slope at their z.",
    ),
    Slip(
        "missing σ′",
        _no_slope("everywhere"),
        "So it would be without any σ′: each δ is times the slope of its own activation at z.",
    ),
    Slip(
        "σ′ at the output",
        _slope_at_output,
        "So it would be with the output a put into σ′: the slope is taken at z.",
    ),
    Slip(
        "weights already updated",
        _updated_weights,
        "So it would be with weights already updated: errors go back through the weights before the update.",
    ),
    Slip(
        "sum instead of mean",
        _sum,
        "That is the sum: this loss is a mean, so divide by how many there are.",
    ),
    Slip(
        "mean instead of sum",
        _mean,
        "That is the mean: this loss is a sum over the samples.",
    ),
    Slip(
        "factor 2 of the square",
        _factor_two,
        "A factor 2 is amiss: the derivative of a² is 2a, and of ½a² it is a.",
    ),
)
"""Every slip that is recognised; the first that fits is named."""
