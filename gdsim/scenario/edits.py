"""Edits listed on a command line, checked against the run they change."""

from __future__ import annotations

from collections.abc import Iterable

from gdsim.engine.edits import Edit, apply_edit, parse_edit
from gdsim.engine.update import Run
from gdsim.errors import UsageError
from gdsim.scenario.scenario import Scenario


def edits_of(scenario: Scenario, run: Run, texts: Iterable[str]) -> tuple[Edit, ...]:
    """Return the edits of `run`, a run of `scenario`, that texts list (``12:update.learning_rate=0.5``).

    In the order of their updates; those at the same update in the order given. Raises UsageError for a text that is no
    edit, and for the first edit the run does not take.
    """
    edits = tuple(sorted(map(parse_edit, texts), key=lambda edit: edit.after))
    state = run.start
    for edit in edits:
        if edit.after > run.stop.max_updates:
            raise UsageError(f"edit {edit}", "comes after the last update", f"from 0 to {run.stop.max_updates}")
        check_edit(scenario, edit)
        try:
            run, state = apply_edit(run, state, edit)
        except UsageError as error:
            raise UsageError(f"edit {edit}", f"{error.where}: {error.what}", error.hint) from None
    return edits


def check_edit(scenario: Scenario, edit: Edit) -> None:
    """Raise UsageError when the scenario has nothing for an edit to correct."""
    if edit.key == "corrected" and scenario.as_published is None:
        raise UsageError(f"edit {edit}", "this scenario has no published slip to correct")
