"""The usual mistakes: what each makes of a run, what is said of it, and what looks like it in an answer.

One table, `MISTAKES`, serves `gdsim diagnose`, bug hunts, predictions and, by the same names, [as_published].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gdsim.engine import mistakes as made
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.update import Run, Update, run_update
from gdsim.explain.quantity import belongs_to_update, element_of, value_after
from gdsim.scenario.data.dataset import SCALINGS, Dataset


class Mistake(NamedTuple):
    """A mistake: its name, what was done, the right equation and what stands instead, and the runs that have it.

    runs: several where it can be made in several places; data: the samples it needs for that, else left out.
    looks_like, sentence: what is said to an answer that looks like it, empty where that is not recognised.
    What is said is translated where it is shown.
    """

    name: str
    does: str
    right: str
    wrong: str
    runs: made.Runs
    with_data: Callable[[Run, Dataset], Iterator[Run]] | None = None
    looks_like: str = ""
    sentence: str = ""

    def wrong_runs(self, run: Run, dataset: Dataset | None = None) -> Iterator[Run]:
        """Yield the runs that `run` becomes with this mistake."""
        yield from self.runs(run)
        if self.with_data is not None and dataset is not None:
            yield from self.with_data(run, dataset)

    def is_in(self, run: Run) -> bool:
        """Whether a run reproduces it, as an error of its source."""
        model = run.model
        if isinstance(model, PerceptronModel):
            published = model.published
            return self.name == "tie" and published is not None and model.tie_tolerance == published.tolerance
        if not isinstance(model, NetworkModel):
            return False
        slips = replace(model.slips, note="", is_hidden=False)
        right = replace(run, model=model.corrected(True))
        return any(isinstance(w.model, NetworkModel) and w.model.slips == slips != made.RIGHT for w in self.runs(right))


class Slip(NamedTuple):
    """What an answer looks like: the name of a slip, and what to say of it; both translated where they are shown."""

    name: str
    sentence: str


def recognised(update: Update, quantity: str, answer: float, tolerance: float) -> Slip | None:
    """Return the first slip that gives `answer` (within `tolerance`, a part of the wrong number), None for no slip.

    Slips that give the right number here, or 0, tell nothing.
    """
    right = value_after(update, quantity)
    for slip, wrong in _wrong_values(update, quantity):
        if not np.isfinite(wrong) or wrong == 0.0 or is_close(wrong, right, tolerance):
            continue
        if is_close(answer, wrong, tolerance):
            return slip
    return None


def is_close(answer: float, value: float, tolerance: float) -> bool:
    """Whether an answer is as good as `value`: `tolerance` is a part of it, and six digits are always enough."""
    return abs(answer - value) <= max(tolerance, 1e-6) * abs(value) + 1e-12


def _wrong_values(update: Update, quantity: str) -> Iterator[tuple[Slip, float]]:
    """Yield the slips in the order of the table with what each may make of a quantity of an update."""
    element = element_of(update.run.model, quantity) if quantity.startswith("change.") else None
    for mistake in MISTAKES:
        if not mistake.sentence:
            continue
        slip = Slip(mistake.looks_like, mistake.sentence)
        if mistake.name == "wrong-sign" and belongs_to_update(quantity, update):
            yield slip, -value_after(update, quantity)
        for run in mistake.runs(update.run):
            with np.errstate(all="ignore"):
                yield slip, value_after(run_update(run, update.before), quantity)
        if mistake.name == "learning-rate-missing" and element is not None:
            yield GRADIENT_ITSELF, float(update.gradient[element])


GRADIENT_ITSELF = Slip("gradient instead of change", "That is the gradient itself: the change is −η times it.")


def _unscaled(run: Run, dataset: Dataset) -> Iterator[Run]:
    """Inputs as in the file."""
    if not dataset.input_scaling.is_none and not dataset.features:
        yield made.with_inputs(run, dataset.raw_inputs)


def _scaled_twice(run: Run, dataset: Dataset) -> Iterator[Run]:
    """Scaled inputs scaled once more in the same way; or inputs scaled that are to stay as they are."""
    if not dataset.input_scaling.is_none:
        yield made.with_inputs(run, dataset.input_scaling.apply(dataset.inputs))
        return
    for name in ("min-max", "standard"):
        yield made.with_inputs(run, SCALINGS[name](dataset.inputs).apply(dataset.inputs))


def _is_mean(model: NetworkModel) -> bool:
    return model.loss_name not in made.SUMS and len(model.inputs) > 1


def _is_sum(model: NetworkModel) -> bool:
    return model.loss_name in made.SUMS and len(model.inputs) > 1


def _is_square(model: NetworkModel) -> bool:
    return model.loss_name in made.SQUARES


def _no_run(_run: Run) -> Iterator[Run]:
    return iter(())


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "wrong-sign",
        "the step goes up the slope instead of down",
        "θ ← θ − ηg",
        "θ ← θ + ηg",
        made.wrong_sign,
        looks_like="wrong sign",
        sentence="The size is right, the sign is not: a step goes down the slope, against the sign of the gradient.",
    ),
    Mistake(
        "learning-rate-missing",
        "the learning rate is left out of the step",
        "θ ← θ − ηg",
        "θ ← θ − g",
        made.learning_rate(lambda _eta: 1.0),
        looks_like="learning rate forgotten",
        sentence="So it would be without the learning rate: the step is η times the gradient.",
    ),
    Mistake(
        "learning-rate-twice",
        "the step is multiplied by the learning rate twice",
        "θ ← θ − ηg",
        "θ ← θ − η·ηg",
        made.learning_rate(lambda eta: eta * eta),
    ),
    Mistake(
        "slope-left-out-output",
        "σ′ is left out of δ of the output",
        "δᴸ = ∂C/∂aᴸ ⊙ σ′(zᴸ)",
        "δᴸ = ∂C/∂aᴸ",
        made.unfused(made.slip(slope_left_out="output")),
        looks_like="missing σ′",
        sentence="So it would be without σ′ of the output: δ is ∂C/∂a times the slope of the activation at z.",
    ),
    Mistake(
        "slope-left-out-hidden",
        "σ′ is left out of δ of the hidden neurons",
        "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ)",
        "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹",
        made.hidden(made.slip(slope_left_out="hidden")),
        looks_like="missing σ′",
        sentence="So it would be without σ′ of the hidden neurons: what comes back is times the slope at their z.",
    ),
    Mistake(
        "slope-left-out-everywhere",
        "σ′ is left out of every δ",
        "δᴸ = ∂C/∂aᴸ ⊙ σ′(zᴸ), δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ)",
        "δᴸ = ∂C/∂aᴸ, δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹",
        made.hidden(made.unfused(made.slip(slope_left_out="everywhere"))),
        looks_like="missing σ′",
        sentence="So it would be without any σ′: each δ is times the slope of its own activation at z.",
    ),
    Mistake(
        "slope-at-output",
        "σ′ is taken at the output a instead of at z",
        "σ′(z)",
        "σ′(a)",
        made.slope_at_output,
        looks_like="σ′ at the output",
        sentence="So it would be with the output a put into σ′: the slope is taken at z.",
    ),
    Mistake(
        "passed-back-without-slope",
        "σ′ of the output is kept for its own weights and missing in what is sent back",
        "δˡ = (Wᴸ)ᵀ(∂C/∂aᴸ ⊙ σ′(zᴸ)) ⊙ σ′(zˡ)",
        "δˡ = (Wᴸ)ᵀ(∂C/∂aᴸ) ⊙ σ′(zˡ)",
        made.hidden(made.unfused(made.slip(is_passed_without_slope=True))),
    ),
    Mistake(
        "updated-weights-passed-back",
        "errors go back through weights that are already updated",
        "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ), Wˡ⁺¹ before the update",
        "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ), Wˡ⁺¹ after it",
        made.hidden(made.slip(is_backprop_updated=True)),
        looks_like="weights already updated",
        sentence="So it would be with weights already updated: errors go back through the weights before the update.",
    ),
    Mistake(
        "softmax-slope-twice",
        "the slope of the output stands on top of a δ that has it already",
        "δᴸ = a − y",
        "δᴸ = (a − y) ⊙ σ′(zᴸ)",
        made.slope_twice,
    ),
    Mistake(
        "sum-for-mean",
        "the samples are summed where the loss is their mean",
        "1/n Σₙ",
        "Σₙ",
        made.factor("samples", _is_mean),
        looks_like="sum instead of mean",
        sentence="That is the sum: this loss is a mean, so divide by how many there are.",
    ),
    Mistake(
        "mean-for-sum",
        "the mean over the samples is taken where the loss is their sum",
        "Σₙ",
        "1/n Σₙ",
        made.factor("1/samples", _is_sum),
        looks_like="mean instead of sum",
        sentence="That is the mean: this loss is a sum over the samples.",
    ),
    Mistake(
        "factor-2",
        "a 2 of the square is kept that the loss does not have",
        "∂(½a²)/∂a = a",
        "2a",
        made.factor("double", _is_square),
        looks_like="factor 2 of the square",
        sentence="A factor 2 is amiss: the derivative of a² is 2a, and of ½a² it is a.",
    ),
    Mistake(
        "factor-half",
        "the 2 of the square is dropped, or halved away, where the loss has it",
        "∂a²/∂a = 2a",
        "a",
        made.factor("half", _is_square),
        looks_like="factor 2 of the square",
        sentence="A factor 2 is amiss: the derivative of a² is 2a, and of ½a² it is a.",
    ),
    Mistake(
        "outputs-sum-for-mean",
        "the outputs are summed where the loss is their mean",
        "1/j Σⱼ",
        "Σⱼ",
        made.factor("outputs", lambda model: model.loss_name == "mse" and model.layers[-1].units > 1),
    ),
    Mistake(
        "outputs-mean-for-sum",
        "the mean over the outputs is taken where the loss is their sum",
        "Σⱼ",
        "1/j Σⱼ",
        made.factor("1/outputs", lambda model: model.loss_name != "mse" and model.layers[-1].units > 1),
    ),
    Mistake("bias-never", "the biases are not updated", "b ← b − η ∂C/∂b", "b ← b", made.bias_never),
    Mistake(
        "bias-trained",
        "the biases are updated that are to stay as they are",
        "b ← b",
        "b ← b − η ∂C/∂b",
        made.bias_trained,
    ),
    Mistake(
        "bias-half",
        "the gradient of the biases is halved",
        "∂C/∂bˡ = δˡ",
        "½δˡ",
        made.bias_half,
    ),
    Mistake(
        "bias-mean",
        "the gradient of the biases is a mean where that of the weights is a sum, or the reverse",
        "∂C/∂bˡ = Σₙ δˡ",
        "1/n Σₙ δˡ",
        made.bias_over,
    ),
    Mistake(
        "transposed",
        "the weights are used, passed back through, or updated transposed",
        "zˡ = Wˡaˡ⁻¹, (Wˡ)ᵀδˡ, ∂C/∂Wˡ = δˡ(aˡ⁻¹)ᵀ",
        "one of them with W transposed",
        made.transposed,
    ),
    Mistake(
        "in-place",
        "parameters are changed one after another inside an update",
        "all gradients at the parameters before the update",
        "each at those already changed",
        made.in_place,
    ),
    Mistake("previous-gradient", "the gradient of the update before is used", "gₜ", "gₜ₋₁", made.previous_gradient),
    Mistake("accumulated", "the gradients are never reset: each adds to those before", "gₜ", "Σ gₜ", made.accumulated),
    Mistake(
        "momentum-eta-inside",
        "the velocity takes η times the gradient and the step η times that, or it is a running mean",
        "v ← μv + g; θ ← θ − ηv",
        "v ← μv + ηg, or μv + (1 − μ)g; θ ← θ − ηv",
        made.momentum_form,
    ),
    Mistake(
        "adam-uncorrected",
        "m or v of Adam is not corrected for its start at 0",
        "m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)",
        "m, v",
        made.adam_uncorrected,
    ),
    Mistake(
        "adam-epsilon-inside",
        "ε stands inside the root",
        "√v̂ + ε",
        "√(v̂ + ε)",
        made.adam_epsilon_inside,
    ),
    Mistake("other-order", "the samples are visited in another order", "x₁, x₂, …", "another order", made.other_order),
    Mistake("unscaled", "the inputs are those of the file, not scaled", "x scaled", "x", _no_run, _unscaled),
    Mistake("scaled-twice", "the inputs are scaled once more", "x", "x scaled again", _no_run, _scaled_twice),
    Mistake("tie", "rounding decides what is a tie on paper", "s = 0", "s ≈ 0", made.published_tie),
)
"""Every mistake that is known by name; the first that fits is named."""

FLOAT32 = Mistake("float32", "it is right, in single precision", "16 digits", "7 digits", _no_run)
"""What is told of numbers that are right but for their precision."""


def is_slip_in_force(run: Run) -> bool:
    """Whether a run reproduces an error of its source."""
    model = run.model
    if isinstance(model, NetworkModel):
        return replace(model.slips, note="", is_hidden=False) != made.RIGHT
    published = model.published if isinstance(model, PerceptronModel) else None
    return published is not None and isinstance(model, PerceptronModel) and model.tie_tolerance == published.tolerance


def rightly_made(update: Update) -> Update:
    """Return `update` as it would be made without the error of its source; itself where there is none."""
    if not is_slip_in_force(update.run):
        return update
    return run_update(replace(update.run, model=update.run.model.corrected(True)), update.before)
