"""Finds what is wrong with a learner's numbers: the first that differs, and the mistake that reproduces them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run, Update
from gdsim.explain.mistakes import FLOAT32, MISTAKES, Mistake
from gdsim.interop.comparing import (
    Difference,
    begins_alike,
    convention,
    first_difference,
    first_rows,
    may_fit,
    updates_of,
)
from gdsim.interop.matching import AS_TOLD, Handed, match, other_readings
from gdsim.interop.numbers import Numbers
from gdsim.scenario.build import build
from gdsim.scenario.published import NAMES, wrong_runs
from gdsim.scenario.scenario import Scenario

FAR, SOON, RIGHT, TWO = 5000, 4, 1000, 200_000
"""Limits of the search, beyond which it takes long and finds nothing: mistakes are tried if the first update handed in
is at most FAR, other readings of the numbers if the first wrong update is at most SOON, and pairs of mistakes if at
most RIGHT rows are right, until that has taken TWO updates.
"""

_HEAD = 50
"""Another reading is tried on this many rows first, and on all rows only if it fits these."""

START = "start"
"""The phase of numbers that exist before the first update."""


class Place(NamedTuple):
    """The first wrong number: its update (0: the start) and that update's record, its name, and both values.

    place: index of the phase in the update; own_name: the learner's name for the number.
    """

    update: int
    at: Update
    place: int
    quantity: str
    own_name: str
    yours: float
    right: float

    @property
    def phase(self) -> str:
        """The kind of the phase."""
        return self.at.phases[self.place].kind if self.update else START

    @property
    def layer(self) -> int | None:
        """The layer of the phase."""
        return self.at.phases[self.place].layer


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result: the first wrong number (None: none), the mistakes that fit, and which phases are right.

    mistakes: one, or two together; also: others that fit all numbers as well. phases: whether all numbers of a phase
    are right in the first update with a wrong one; None if none were handed in.
    conventions: quantities the program scales differently, which is no mistake. updates: how many were compared.
    unknown: columns that name no number of the run, each with similar names.
    is_tried: whether the mistakes were tried. where: the place of a single mistake.
    """

    scenario: str
    updates: int
    first: Place | None
    mistakes: tuple[Mistake, ...]
    also: tuple[Mistake, ...]
    phases: dict[str, bool | None]
    conventions: tuple[str, ...] = ()
    unknown: dict[str, list[str]] | None = None
    is_tried: bool = True
    where: str = ""

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong."""
        return self.first is None

    @property
    def points(self) -> dict[str, float]:
        """One point per right phase; if a mistake is named, every phase counts but that of the first wrong number."""
        given = [phase for phase, is_right in self.phases.items() if is_right is not None]
        if self.mistakes and self.first is not None:
            return {phase: float(phase != self.first.phase) for phase in given}
        return {phase: float(bool(self.phases[phase])) for phase in given}


def diagnose(scenario: Scenario, numbers: Numbers) -> Diagnosis:
    """Return what is wrong with the numbers of a learner's program. Raises UsageError if none can be compared."""
    run = build(scenario, corrected=True)
    handed = match(numbers, run)
    signs, conventions = convention(run, handed, run.learning_rate) or (None, ())
    difference, fits, is_tried = first_difference(run, handed, signs), list[_Fit](), True
    if difference is not None and _is_single(run, handed, signs, difference):
        difference, fits = None, [_Fit((FLOAT32,), (signs, conventions))]
    elif difference is not None:
        is_tried = next(iter(handed.updates[handed.updates > 0]), 0) <= FAR
        if is_tried:
            handed, fits = _explained(scenario, run, numbers, handed, difference)
        if fits:
            signs, conventions = fits[0].convention
            difference = first_difference(run, handed, signs) or difference
    mistakes = fits[0].mistakes if fits else ()
    also = dict.fromkeys(mistake for fit in fits[1:] for mistake in fit.mistakes if mistake not in mistakes)
    return Diagnosis(
        scenario.name,
        int(np.count_nonzero(handed.updates)),
        None if difference is None else _place(handed, difference),
        mistakes,
        tuple(also),
        _phases(run, handed, None if difference is None else difference.differs),
        conventions,
        handed.unknown,
        is_tried,
        fits[0].where if fits else "",
    )


def _is_single(run: Run, handed: Handed, signs: Vector | None, difference: Difference) -> bool:
    """Whether the numbers are right but computed in single precision."""
    is_near = abs(difference.yours - difference.right) <= 1e-3 * abs(difference.right)
    return is_near and first_difference(run, handed, signs, is_single=True) is None


def _explained(
    scenario: Scenario, run: Run, numbers: Numbers, told: Handed, difference: Difference
) -> tuple[Handed, list[_Fit]]:
    """Return the numbers, in the reading that fits, and the mistakes that reproduce them all; pairs are tried last."""
    parts_at = int(told.updates[difference.row])
    for reading in (AS_TOLD, *(other_readings(told) if parts_at <= SOON else ())):
        if reading is not AS_TOLD and not any(_fitting(scenario, run, match(numbers.head(_HEAD), run, reading))):
            continue
        handed = told if reading is AS_TOLD else match(numbers, run, reading)
        # Mistakes that fit directly come before those that fit only under another convention.
        fits = sorted(_fitting(scenario, run, handed), key=lambda fit: fit.convention[0] is not None)
        if fits:
            return handed, fits
    pair = _pair(scenario, run, told, difference.differs) if difference.row <= RIGHT else None
    return told, [] if pair is None else [pair]


_Convention = tuple[Vector | None, tuple[str, ...]]


class _Fit(NamedTuple):
    """Mistakes that reproduce all the numbers, the convention they need, and the place of a single mistake."""

    mistakes: tuple[Mistake, ...]
    convention: _Convention
    where: str = ""


def _fits(wrong: Run, run: Run, handed: Handed) -> _Convention | None:
    """Return the convention under which a run reproduces all the numbers; None if none, or if it begins like `run`."""
    if not may_fit(wrong, handed) or begins_alike(wrong, run, handed):
        return None
    if first_difference(wrong, handed) is None:
        return None, ()
    named = convention(wrong, handed, run.learning_rate)
    return named if named is not None and first_difference(wrong, handed, named[0]) is None else None


def _fitting(scenario: Scenario, run: Run, handed: Handed) -> Iterator[_Fit]:
    """Yield each single mistake that reproduces all the numbers."""
    for mistake in MISTAKES:
        for where, wrong in wrong_runs(mistake.name, run, scenario.dataset):
            named = _fits(wrong, run, handed)
            if named is not None:
                yield _Fit((mistake,), named, where)
                break


def _pair(scenario: Scenario, run: Run, handed: Handed, differs: NDArray[np.bool_]) -> _Fit | None:
    """Return the first two mistakes that together reproduce all the numbers.

    differs: (columns,) what is wrong in the first row with a wrong number; each of these one of the two must change.
    """
    right, left = first_rows(run, handed), TWO
    changing = []
    for mistake in MISTAKES:
        runs = list(mistake.wrong_runs(run, scenario.dataset))
        changed = [(first_rows(wrong, handed) != right).any(axis=0) for wrong in runs]
        changing.append((mistake, runs, changed))
    for (first, runs, changed), (second, _others, by_second) in combinations(changing, 2):
        either = [each | np.any(by_second, axis=0) for each in changed]
        for wrong in (run for run, by_one in zip(runs, either, strict=True) if not (differs & ~by_one).any()):
            for both in second.wrong_runs(wrong, scenario.dataset):
                left -= max(1, int(handed.updates[0]))
                if left < 0:
                    return None
                named = _fits(both, run, handed)
                if named is not None:
                    return _Fit((first, second), named)
    return None


def _phases(run: Run, handed: Handed, differs: NDArray[np.bool_] | None = None) -> dict[str, bool | None]:
    """Return whether each phase of an update is right (None: none of its numbers handed in); differs: (columns,)."""
    first = next(updates_of(run))
    found: dict[str, bool | None] = dict.fromkeys(phase.kind for phase in first.phases)
    for piece, columns in handed.parts():
        kind, is_right = piece.quantity.phase, differs is None or not differs[columns].any()
        if kind in found:
            found[kind] = is_right and found[kind] is not False
    return found


def _place(handed: Handed, difference: Difference) -> Place:
    piece, inside = handed.piece_of(difference.column)
    quantity, phases = piece.quantity, difference.update.phases
    is_of = (phase.kind == quantity.phase and quantity.layer in (None, phase.layer) for phase in phases)
    index = next((i for i, is_it in enumerate(is_of) if is_it), 0)
    name = quantity.element(int(piece.index[inside]))
    update = int(handed.updates[difference.row])
    return Place(update, difference.update, index, name, piece.names[inside], difference.yours, difference.right)


def published_as(found: Diagnosis, scenario: Scenario) -> str:
    """Return the one mistake found as a value of ``--as-published``; empty unless there is exactly one it accepts."""
    if len(found.mistakes) != 1 or found.mistakes[0].name not in NAMES:
        return ""
    name = found.mistakes[0].name
    usual = next((where for where, _run in wrong_runs(name, build(scenario, corrected=True), scenario.dataset)), "")
    return name if found.where == usual else f"{name}={found.where}"
