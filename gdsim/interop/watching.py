"""Watches a learner's own loop and reports the first wrong number."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.engine.update import Update
from gdsim.errors import GdsimError, UsageError
from gdsim.interop.comparing import disagrees, updates_of
from gdsim.interop.diagnosis import diagnose
from gdsim.interop.matching import match
from gdsim.interop.numbers import Digits, Numbers
from gdsim.interop.report import report_lines
from gdsim.scenario.build import build
from gdsim.scenario.scenario import Scenario


class Watch:
    """Compares the numbers of your own loop with those of a scenario: call it after each update.

    Raises GdsimError at the first wrong number, naming the mistake if it is known; or prints that, once.
    """

    def __init__(self, scenario: Scenario, tell: Callable[[str], object] | None = None) -> None:
        self._scenario = scenario
        self._tell = tell
        self._run = build(scenario, corrected=True)
        self._updates: Iterator[Update] = updates_of(self._run)
        self._rows: list[dict[str, Vector]] = []
        self._has_told = False

    def __call__(self, **numbers: object) -> None:
        """Compare the numbers of the update just made: its gradients, deltas and loss, and the parameters after it."""
        try:
            row = {name: np.array(value, dtype=np.float64) for name, value in numbers.items()}
        except (ValueError, TypeError):
            raise UsageError("watch", "found a value that is not a number", "arrays by name: watch(W1=W1)") from None
        self._rows.append(row)
        update = next(self._updates)
        handed = match(self._numbers(self._rows[-1:], update.number), self._run)
        if handed.unknown:
            name, alike = next(iter(handed.unknown.items()))
            raise UsageError("watch", f"{name} does not name a number of this scenario", ", ".join(alike))
        expected = handed.expected([update]) if handed.updates[-1] else handed.at_start(update)[np.newaxis]
        if disagrees(handed, slice(0, 1), expected).any():
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
