"""The usual mistakes: what each does to a run, how it is described, and how an answer gives it away.

One table, `MISTAKES`, serves `gdsim diagnose`, bug hunts, predictions and, by the same names, [as_published].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gdsim.engine.models.network import NetworkModel
from gdsim.engine.update import Run, Update, fitted, run_update, with_correction
from gdsim.i18n import _
from gdsim.scenario.data.dataset import Dataset
from gdsim.scenario.published import wrong_runs
from gdsim.scenario.scenario import Scenario


class Mistake(NamedTuple):
    """A mistake: its name, what it does, the right equation and what replaces it.

    looks_like, sentence: the verdict on an answer that looks like it, empty if answers are not checked for it.
    These texts are translated where they are shown.
    """

    name: str
    does: str
    right: str
    wrong: str
    looks_like: str = ""
    sentence: str = ""

    def wrong_runs(self, run: Run, dataset: Dataset | None = None) -> Iterator[Run]:
        """Yield `run` with this mistake, once for each place where it can be made.

        dataset: the samples, which some mistakes need.
        """
        return (wrong for _place, wrong in wrong_runs(self.name, run, dataset))

    def is_in(self, run: Run) -> bool:
        """Whether a run reproduces this mistake as an error of its source."""
        right, model = run.right, run.model
        if right is None or right.slip is None:
            return False
        if right.slip.name or not isinstance(model, NetworkModel):
            return self.name == (right.slip.name or "tie")
        wrong = (each.model for each in self.wrong_runs(right))
        return any(isinstance(each, NetworkModel) and each.slips == model.slips for each in wrong)


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "wrong-sign",
        "the step goes up the slope instead of down",
        "θ ← θ − ηg",
        "θ ← θ + ηg",
        looks_like="wrong sign",
        sentence="The size is right, the sign is not: a step goes down the slope, against the sign of the gradient.",
    ),
    Mistake(
        "learning-rate-missing",
        "the learning rate is left out of the step",
        "θ ← θ − ηg",
        "θ ← θ − g",
        looks_like="learning rate forgotten",
        sentence="You get this if you leave out the learning rate: the step is η times the gradient.",
    ),
    Mistake(
        "learning-rate-twice",
        "the step is multiplied by the learning rate twice",
        "θ ← θ − ηg",
        "θ ← θ − η·ηg",
    ),
    Mistake(
        "slope-left-out-output",
        "σ′ is left out of δ of the output",
        "δᴸ = ∂C/∂aᴸ ⊙ σ′(zᴸ)",
        "δᴸ = ∂C/∂aᴸ",
        looks_like="missing σ′",
        sentence="You get this if you leave out σ′ of the output: δ is ∂C/∂a times the slope of the activation at z.",
    ),
    Mistake(
        "slope-left-out-hidden",
        "σ′ is left out of δ of the hidden neurons",
        "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ)",
        "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹",
        looks_like="missing σ′",
        sentence="You get this if you leave out σ′ of the hidden neurons: the error that comes back is "
        "multiplied by the slope at their z.",
    ),
    Mistake(
        "slope-left-out-everywhere",
        "σ′ is left out of every δ",
        "δᴸ = ∂C/∂aᴸ ⊙ σ′(zᴸ), δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ)",
        "δᴸ = ∂C/∂aᴸ, δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹",
        looks_like="missing σ′",
        sentence="You get this if you leave out every σ′: each δ includes the slope of its own activation at z.",
    ),
    Mistake(
        "slope-at-output",
        "σ′ is taken at the output a instead of at z",
        "σ′(z)",
        "σ′(a)",
        looks_like="σ′ at the output",
        sentence="You get this if you put the output a into σ′: the slope is taken at z.",
    ),
    Mistake(
        "passed-back-without-slope",
        "σ′ of the output is kept for its own weights and missing in what is sent back",
        "δˡ = (Wᴸ)ᵀ(∂C/∂aᴸ ⊙ σ′(zᴸ)) ⊙ σ′(zˡ)",
        "δˡ = (Wᴸ)ᵀ(∂C/∂aᴸ) ⊙ σ′(zˡ)",
    ),
    Mistake(
        "updated-weights-passed-back",
        "errors go back through weights that are already updated",
        "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ), Wˡ⁺¹ before the update",
        "δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ), Wˡ⁺¹ after it",
        looks_like="weights already updated",
        sentence="You get this if the weights are already updated: errors go back through the weights "
        "before the update.",
    ),
    Mistake(
        "softmax-slope-twice",
        "the slope of the output is applied to a δ that already has it",
        "δᴸ = a − y",
        "δᴸ = (a − y) ⊙ σ′(zᴸ)",
    ),
    Mistake(
        "sum-for-mean",
        "the samples are summed where the loss is their mean",
        "1/n Σₙ",
        "Σₙ",
        looks_like="sum instead of mean",
        sentence="That is the sum: this loss is a mean, so divide by how many there are.",
    ),
    Mistake(
        "mean-for-sum",
        "the mean over the samples is taken where the loss is their sum",
        "Σₙ",
        "1/n Σₙ",
        looks_like="mean instead of sum",
        sentence="That is the mean: this loss is a sum over the samples.",
    ),
    Mistake(
        "factor-2",
        "the 2 of the square is kept, which the loss does not have",
        "∂(½a²)/∂a = a",
        "2a",
        looks_like="factor 2 of the square",
        sentence="A factor of 2 is wrong: the derivative of a² is 2a, and of ½a² it is a.",
    ),
    Mistake(
        "factor-half",
        "the 2 of the square is dropped, or halved away, where the loss has it",
        "∂a²/∂a = 2a",
        "a",
        looks_like="factor 2 of the square",
        sentence="A factor of 2 is wrong: the derivative of a² is 2a, and of ½a² it is a.",
    ),
    Mistake(
        "outputs-sum-for-mean",
        "the outputs are summed where the loss is their mean",
        "1/j Σⱼ",
        "Σⱼ",
    ),
    Mistake(
        "outputs-mean-for-sum",
        "the mean over the outputs is taken where the loss is their sum",
        "Σⱼ",
        "1/j Σⱼ",
    ),
    Mistake("bias-never", "the biases are not updated", "b ← b − η ∂C/∂b", "b ← b"),
    Mistake(
        "bias-trained",
        "biases are updated that should stay fixed",
        "b ← b",
        "b ← b − η ∂C/∂b",
    ),
    Mistake(
        "bias-half",
        "the gradient of the biases is halved",
        "∂C/∂bˡ = δˡ",
        "½δˡ",
    ),
    Mistake(
        "bias-mean",
        "the gradient of the biases is a mean where that of the weights is a sum, or the reverse",
        "∂C/∂bˡ = Σₙ δˡ",
        "1/n Σₙ δˡ",
    ),
    Mistake(
        "transposed",
        "the weights are used, passed back through, or updated transposed",
        "zˡ = Wˡaˡ⁻¹, (Wˡ)ᵀδˡ, ∂C/∂Wˡ = δˡ(aˡ⁻¹)ᵀ",
        "one of them with W transposed",
    ),
    Mistake(
        "in-place",
        "parameters are changed one after another inside an update",
        "all gradients at the parameters before the update",
        "each at those already changed",
    ),
    Mistake("previous-gradient", "the gradient of the previous update is used", "gₜ", "gₜ₋₁"),
    Mistake("accumulated", "the gradients are never reset: each adds to those before", "gₜ", "Σ gₜ"),
    Mistake(
        "momentum-eta-inside",
        "the velocity takes η times the gradient and the step η times that, or it is a running mean",
        "v ← μv + g; θ ← θ − ηv",
        "v ← μv + ηg, or μv + (1 − μ)g; θ ← θ − ηv",
    ),
    Mistake(
        "adam-uncorrected",
        "m or v of Adam is not corrected for its start at 0",
        "m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)",
        "m, v",
    ),
    Mistake(
        "adam-epsilon-inside",
        "ε is inside the root",
        "√v̂ + ε",
        "√(v̂ + ε)",
    ),
    Mistake("other-order", "the samples are visited in a different order", "x₁, x₂, …", "another order"),
    Mistake("unscaled", "the inputs are those of the file, not scaled", "x scaled", "x"),
    Mistake("scaled-twice", "the inputs are scaled once more", "x", "x scaled again"),
    Mistake("tie", "rounding decides what is a tie on paper", "s = 0", "s ≈ 0"),
)
"""Every known mistake; if several fit, the first is named."""

NO_BUG = Mistake("none", "nothing: the run is right", "", "")

BUGS: Mapping[str, Mistake] = {mistake.name: mistake for mistake in (*MISTAKES, NO_BUG)}
"""The possible answers to a bug hunt, by name."""

FLOAT32 = Mistake("float32", "it is right, in single precision", "16 digits", "7 digits")
"""The diagnosis of numbers that are right except for their precision."""


def rightly_made(update: Update) -> Update:
    """Return `update` as made without the error of its source; `update` itself if there is none."""
    if update.run.right is None:
        return update
    right = with_correction(update.run, True)
    return run_update(right, fitted(right, update.before))


def judge_bug(scenario: Scenario, run: Run, name: str) -> tuple[bool, str]:
    """Return whether a run has the bug called `name`, a key of `BUGS`, and the reply to a learner who names it."""
    bug, is_right = BUGS[name], run.right is None
    if bug is NO_BUG and is_right:
        return True, _("Right: this run has no known bug.")
    if bug is not NO_BUG and bug.is_in(run):
        note = scenario.as_published.note if scenario.as_published is not None else None
        return True, _("Right. {note} Press c to run it without.").format(note=note or _(bug.does) + ".")
    if is_right:
        return False, _("No: this run has no known bug.")
    if bug is NO_BUG:
        return False, _("There is one. Which number of an update do you get differently by hand?")
    return False, _("Not that one. Go through an update phase by phase, with a pencil.")
