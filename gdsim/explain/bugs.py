"""Finding the bug: the slips a published run may have, to be named by the reader.

A bug is one entry of `BUGS`; some of them no run has, so that there is something to choose from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gdsim.engine.network import NetworkModel, Slips
from gdsim.engine.perceptron import PerceptronModel
from gdsim.engine.update import Run, Update, run_update
from gdsim.language import _
from gdsim.records import dataclass
from gdsim.scenario import Scenario
from gdsim.timeline.timeline import Timeline


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
