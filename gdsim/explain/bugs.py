"""Bug hunts: the mistakes a run may have, by name, and what is said to somebody who names one."""

from __future__ import annotations

from typing import NamedTuple

from gdsim.engine.update import Run
from gdsim.explain.mistakes import MISTAKES, is_slip_in_force
from gdsim.i18n import _
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.timeline import Timeline


class Bug(NamedTuple):
    """A bug: its name, and what it is, translated where it is shown."""

    name: str
    does: str


NO_BUG = Bug("none", "nothing: the run is right")

BUGS: tuple[Bug, ...] = (*(Bug(mistake.name, mistake.does) for mistake in MISTAKES), NO_BUG)
"""Every bug that can be named."""


class Verdict(NamedTuple):
    """What is said to somebody who names a bug."""

    is_right: bool
    sentence: str


def judge(scenario: Scenario, timeline: Timeline, update: int, name: str) -> Verdict:
    """Return whether the run after `update` has the bug called `name`, and what to do next."""
    run = timeline.run_at(update)
    if name == NO_BUG.name and not is_slip_in_force(run):
        return Verdict(True, _("Right: this run has no bug that is known of."))
    if _is_in(run, name):
        note = scenario.as_published.note if scenario.as_published is not None else None
        bug = next(bug for bug in BUGS if bug.name == name)
        return Verdict(True, _("Right. {note} Press c to run it without.").format(note=note or _(bug.does) + "."))
    if not is_slip_in_force(run):
        return Verdict(False, _("No: this run has no bug that is known of."))
    if name == NO_BUG.name:
        return Verdict(False, _("There is one. Which number of an update do you get differently by hand?"))
    return Verdict(False, _("Not that one. Go through an update phase by phase, with a pencil."))


def _is_in(run: Run, name: str) -> bool:
    return any(mistake.name == name and mistake.is_in(run) for mistake in MISTAKES)
