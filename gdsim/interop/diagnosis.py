"""What is wrong with a learner's numbers: the first that differs, and the mistake that makes all of them."""

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
"""Mistakes are tried where the first number handed in belongs to an update up to FAR, other readings of the numbers
where the first wrong one does up to SOON, and two mistakes at once where no more than RIGHT rows are right, as long as
that takes TWO updates: more takes long and tells nothing.
"""

_HEAD = 50
"""Rows that tell whether another reading is worth a look at all of them."""

START = "start"
"""The phase of what is worth something before the first update."""


class Place(NamedTuple):
    """Where numbers part: the update (0: the start) and its record, the number, and both values.

    place: of the phase among those of the update; own_name: what the learner calls the number.
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
        """The layer the phase is about."""
        return self.at.phases[self.place].layer


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is found: where numbers part (None: nowhere), the mistakes that fit, and how each phase does.

    mistakes: one, or two at once; also: others that fit all numbers as well. phases: whether all numbers of a phase
    are right in the first update that has a wrong one; None where none were handed in.
    conventions: what the program calls differently, which is no mistake. updates: how many were compared.
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
        """A point a phase that is right; where a mistake is named, phases that go on rightly from it count as well."""
        given = [phase for phase, is_right in self.phases.items() if is_right is not None]
        if self.mistakes and self.first is not None:
            return {phase: float(phase != self.first.phase) for phase in given}
        return {phase: float(bool(self.phases[phase])) for phase in given}


def diagnose(scenario: Scenario, numbers: Numbers) -> Diagnosis:
    """Return what is wrong with the numbers of somebody's own program. Raises UsageError where none can be compared."""
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
    """Whether the numbers are right, in single precision."""
    is_near = abs(difference.yours - difference.right) <= 1e-3 * abs(difference.right)
    return is_near and first_difference(run, handed, signs, is_single=True) is None


def _explained(
    scenario: Scenario, run: Run, numbers: Numbers, told: Handed, difference: Difference
) -> tuple[Handed, list[_Fit]]:
    """Return the mistakes that make all the numbers, and the numbers as they are then read; two at once at last."""
    parts_at = int(told.updates[difference.row])
    for reading in (AS_TOLD, *(other_readings(told) if parts_at <= SOON else ())):
        if reading is not AS_TOLD and not any(_fitting(scenario, run, match(numbers.head(_HEAD), run, reading))):
            continue
        handed = told if reading is AS_TOLD else match(numbers, run, reading)
        # What fits as it stands comes before what fits by another convention.
        fits = sorted(_fitting(scenario, run, handed), key=lambda fit: fit.convention[0] is not None)
        if fits:
            return handed, fits
    pair = _pair(scenario, run, told, difference.differs) if difference.row <= RIGHT else None
    return told, [] if pair is None else [pair]


_Convention = tuple[Vector | None, tuple[str, ...]]


class _Fit(NamedTuple):
    """Mistakes that make all the numbers, by which convention, and the place of a single one."""

    mistakes: tuple[Mistake, ...]
    convention: _Convention
    where: str = ""


def _fits(wrong: Run, run: Run, handed: Handed) -> _Convention | None:
    """Return by which convention a run makes all the numbers, None where it does not, or begins as the right one."""
    if not may_fit(wrong, handed) or begins_alike(wrong, run, handed):
        return None
    if first_difference(wrong, handed) is None:
        return None, ()
    named = convention(wrong, handed, run.learning_rate)
    return named if named is not None and first_difference(wrong, handed, named[0]) is None else None


def _fitting(scenario: Scenario, run: Run, handed: Handed) -> Iterator[_Fit]:
    """Yield each mistake that makes all the numbers."""
    for mistake in MISTAKES:
        for where, wrong in wrong_runs(mistake.name, run, scenario.dataset):
            named = _fits(wrong, run, handed)
            if named is not None:
                yield _Fit((mistake,), named, where)
                break


def _pair(scenario: Scenario, run: Run, handed: Handed, differs: NDArray[np.bool_]) -> _Fit | None:
    """Return the first two mistakes that together make all the numbers.

    differs: (columns,) what is wrong in the first row that has a wrong number, all of which one of the two must change.
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
    """Return whether each phase of an update is right, None where nothing of it was handed in; differs: (columns,)."""
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
    """Return the one mistake that fits as ``--as-published`` takes it, empty where there is none or it takes none."""
    if len(found.mistakes) != 1 or found.mistakes[0].name not in NAMES:
        return ""
    name = found.mistakes[0].name
    usual = next((where for where, _run in wrong_runs(name, build(scenario, corrected=True), scenario.dataset)), "")
    return name if found.where == usual else f"{name}={found.where}"
