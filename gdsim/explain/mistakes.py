"""Slips people make when they work out an update by hand: what each of them gives instead of the right number.

A slip is one entry of `SLIPS`. A wrong answer is compared with what each of them makes of the quantity asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gdsim.engine.models.network import NetworkModel, Slips
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.update import Run, Update, run_update
from gdsim.explain.quantity import OF_UPDATE, belongs_to_update, element_of, value_after, value_before
from gdsim.i18n import _
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.timeline import Timeline


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


@dataclass(frozen=True, slots=True)
class Bug:
    """A bug: its name, what it is, and whether a run has it. does: translated where it is shown."""

    name: str
    does: str
    is_in: Callable[[Run], bool]


def _in_slips(holds: Callable[[Slips], bool]) -> Callable[[Run], bool]:
    return lambda run: isinstance(run.model, NetworkModel) and holds(run.model.slips)


def _rounds_ties(run: Run) -> bool:
    model = run.model
    return (
        isinstance(model, PerceptronModel)
        and model.published is not None
        and model.tie_tolerance == model.published.tolerance
    )


def _never(_run: Run) -> bool:
    return False


def is_slip_in_force(run: Run) -> bool:
    """Whether a run reproduces an error of its source."""
    return any(bug.is_in(run) for bug in BUGS if bug is not NO_BUG)


def rightly_made(update: Update) -> Update:
    """Return `update` as it would be made without the error of its source; itself where there is none."""
    if not is_slip_in_force(update.run):
        return update
    return run_update(replace(update.run, model=update.run.model.corrected(True)), update.before)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is said to somebody who names a bug."""

    is_right: bool
    sentence: str


def diagnose(scenario: Scenario, timeline: Timeline, update: int, name: str) -> Diagnosis:
    """Return whether the run after `update` has the bug called `name`, and what to do next."""
    run = timeline.run_at(update)
    bug = next(bug for bug in BUGS if bug.name == name)
    if bug.is_in(run):
        note = scenario.as_published.note if scenario.as_published is not None else None
        if bug is NO_BUG:
            return Diagnosis(True, _("Right: this run has no bug that is known of."))
        text = _("Right. {note} Press c to run it without.")
        return Diagnosis(True, text.format(note=note or _(bug.does) + "."))
    if not is_slip_in_force(run):
        return Diagnosis(False, _("No: this run has no bug that is known of."))
    if bug is NO_BUG:
        return Diagnosis(False, _("There is one. Which number of an update do you get differently by hand?"))
    return Diagnosis(False, _("Not that one. Go through an update phase by phase, with a pencil."))


BUGS: tuple[Bug, ...] = (
    Bug(
        "weights-updated",
        "errors go back through weights that are already updated",
        _in_slips(lambda slips: slips.is_backprop_updated),
    ),
    Bug(
        "slope-left-out-output",
        "σ′ is left out of δ of the output",
        _in_slips(lambda slips: slips.leaves_out_slope(is_output=True)),
    ),
    Bug(
        "slope-left-out-hidden",
        "σ′ is left out of δ of the hidden neurons",
        _in_slips(lambda slips: slips.leaves_out_slope(is_output=False)),
    ),
    Bug(
        "slope-at-output",
        "σ′ is taken at the output a instead of at z",
        _in_slips(lambda slips: slips.is_slope_at_output),
    ),
    Bug(
        "bias-gradient",
        "the gradient of the biases misses a factor",
        _in_slips(lambda slips: slips.bias_gradient_factor != 1.0),
    ),
    Bug("tie", "rounding decides what is a tie on paper", _rounds_ties),
    Bug("sign", "the step goes up the slope instead of down", _never),
    Bug("learning-rate", "the learning rate is left out of the step", _never),
    Bug("sum", "the samples are summed where the loss is their mean", _never),
    Bug("none", "nothing: the run is right", lambda run: not is_slip_in_force(run)),
)
"""Every bug that can be named."""

NO_BUG = BUGS[-1]
