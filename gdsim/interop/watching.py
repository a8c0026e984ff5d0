"""One's own loop watched: told at the first number that is wrong; and a program's run drawn beside the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from gdsim.charts.view import Comparison
from gdsim.engine.parameters import Vector
from gdsim.engine.rules import Options, Rule, RuleKind, Slots
from gdsim.engine.update import Run, Stop, Update, start_state
from gdsim.errors import GdsimError, UsageError
from gdsim.i18n import _
from gdsim.interop.comparing import disagrees, first_difference, updates_of
from gdsim.interop.diagnosis import diagnose
from gdsim.interop.matching import Handed, match
from gdsim.interop.numbers import Digits, Numbers
from gdsim.interop.report import report_lines
from gdsim.scenario.build import build
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.timeline import Timeline


class Watch:
    """Compares the numbers of one's own loop with those of a scenario: call it after each update.

    Raises GdsimError at the first that is wrong, with the mistake where it has a name; or prints that, once.
    """

    def __init__(self, scenario: Scenario, tell: Callable[[str], object] | None = None) -> None:
        self._scenario = scenario
        self._tell = tell
        self._run = build(scenario, corrected=True)
        self._updates: Iterator[Update] = updates_of(self._run)
        self._rows: list[dict[str, Vector]] = []
        self._has_told = False

    def __call__(self, **numbers: object) -> None:
        """Compare the numbers of the update just made: parameters after it, its gradients, deltas, loss."""
        try:
            row = {name: np.array(value, dtype=np.float64) for name, value in numbers.items()}
        except (ValueError, TypeError):
            raise UsageError("watch", "found what is no number", "arrays by name: watch(W1=W1, b1=b1)") from None
        self._rows.append(row)
        update = next(self._updates)
        handed = match(self._numbers(self._rows[-1:], update.number), self._run)
        if handed.unknown:
            name, alike = next(iter(handed.unknown.items()))
            raise UsageError("watch", f"{name} is no number of this scenario", ", ".join(alike))
        expected = handed.expected(update) if handed.updates[-1] else handed.at_start(update)
        if disagrees(handed, slice(0, 1), expected[np.newaxis]).any():
            self._differs()

    def _numbers(self, rows: list[dict[str, Vector]], first: int) -> Numbers:
        names = [
            name for name in rows[0] if all(name in row and row[name].shape == rows[0][name].shape for row in rows)
        ]
        columns = {name: np.stack([row[name] for row in rows]) for name in names}
        return Numbers(
            "watch", columns, dict.fromkeys(columns, Digits()), np.arange(first, first + len(rows), dtype=np.float64)
        )

    def _differs(self) -> None:
        if self._has_told:
            return
        found = diagnose(self._scenario, self._numbers(self._rows, 1))
        lines = list(report_lines(self._scenario, found))
        if self._tell is None:
            raise GdsimError(lines[0], "\n".join(lines[1:]).strip())
        self._has_told = True
        self._tell("\n".join(lines))


def ghost_of(scenario: Scenario, numbers: Numbers, *, corrected: bool = False) -> Comparison:
    """Return a program's run as a ghost: its parameters, up to the update at which they part from the right ones.

    Raises UsageError where not every parameter is handed in, after every update.
    """
    run = build(scenario, corrected=corrected)
    handed = match(numbers, run)
    path = _path(numbers.where, handed, run)
    difference = first_difference(run, handed)
    last = len(path) - 1 if difference is None else min(len(path) - 1, max(1, int(handed.updates[difference.row])))

    def step(_g: Vector, slots: Slots, t: int, _eta: float, _o: Options) -> tuple[Vector, Slots]:
        return path[t] - path[t - 1], slots

    rule = Rule(RuleKind("yours", _("θ as your program has it"), (), {}, step))
    yours = replace(run, rule=rule, stop=Stop(last), start=start_state(run.model, rule, path[0]))
    return Comparison(_("yours"), "Y", Timeline(yours), is_ghost=True)


def _path(where: str, handed: Handed, run: Run) -> Vector:
    """Return θ after each update, from the start on: (updates, size)."""
    layout = run.model.layout
    last = int(handed.updates[-1])
    path = np.full((last + 1, layout.size), np.nan)
    path[0] = run.start.theta
    if layout.trainable is not None:
        path[:, ~layout.trainable] = run.start.theta[~layout.trainable]
    column = 0
    for piece in handed.pieces:
        part = slice(column, column := column + len(piece.index))
        if piece.quantity.name in layout.slices:
            path[handed.updates[:, np.newaxis], layout.slices[piece.quantity.name].start + piece.index] = handed.values[
                :, part
            ]
    missing = np.argwhere(~np.isfinite(path))
    if len(missing):
        update, element = (int(each) for each in missing[0])
        what = _("has no {name} after update {update}").format(name=layout.element_name(element), update=update)
        raise UsageError(where, what, _("every parameter after every update"))
    return path
