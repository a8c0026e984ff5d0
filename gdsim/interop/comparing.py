"""Compares a learner's numbers with a run's, update by update, up to the first that differs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run, Update, known_forward, run_update
from gdsim.interop.matching import Handed

_EXACT = 1e-8
"""How far rounding may move numbers that have all their digits, relative to the largest of their quantity."""

_SINGLE = 2e-5
"""The same for numbers computed in single precision."""


_ROWS, _NUMBERS = 512, 2**20
"""At most this many updates, and this many numbers, are compared at a time."""


class Difference(NamedTuple):
    """The first number that differs: its row and column, both values, and which columns of its row differ.

    update: the run's update for that row; the first update if the row holds values from before it.
    """

    row: int
    column: int
    yours: float
    right: float
    differs: NDArray[np.bool_]
    update: Update


def updates_of(run: Run) -> Iterator[Update]:
    """Yield the updates of a run without end, ignoring its stopping rule."""
    update = run_update(run, run.start)
    while True:
        yield update
        update = run_update(run, update.after, known_forward(update))


def expected_rows(run: Run, handed: Handed) -> Iterator[tuple[slice, Vector, list[Update]]]:
    """Yield slices of the rows handed in, growing from one row, with the run's (rows, columns) and its updates."""
    updates, source = handed.updates, updates_of(run)
    largest = max(1, min(_ROWS, _NUMBERS // run.model.layout.size))
    update, begin, size = next(source), 0, 1
    while begin < len(updates):
        made = []
        for number in updates[begin : begin + size].tolist():
            while update.number < number:
                update = next(source)
            made.append(update)
        right = handed.expected(made)
        if updates[begin] == 0:
            right[0] = handed.at_start(made[0])
        yield slice(begin, begin + len(made)), right, made
        begin, size = begin + size, min(4 * size, largest)


@np.errstate(all="ignore")
def disagrees(handed: Handed, rows: slice, right: Vector, *, is_single: bool = False) -> NDArray[np.bool_]:
    """Return which numbers of `rows` differ from the run's numbers `right`: (rows, columns)."""
    edges = handed.edges
    yours, is_there = handed.values[rows], handed.is_there[rows]
    largest = np.maximum.reduceat(np.nan_to_num(np.abs(right), posinf=0.0), edges[:-1], axis=1)
    slack = (_SINGLE if is_single else _EXACT) * np.repeat(largest, np.diff(edges), axis=1)
    agrees = np.abs(yours - right) <= handed.tolerance[rows] + slack
    agrees |= ~is_there | (~np.isfinite(yours) & ~np.isfinite(right)) | (yours == right)
    return np.asarray(~agrees)


def first_difference(
    run: Run, handed: Handed, signs: Vector | None = None, *, is_single: bool = False
) -> Difference | None:
    """Return the first number handed in that differs from the run's; None if all agree.

    signs: (columns,) factors for the run's numbers. is_single: allow for the rounding of float32.
    """
    for rows, right, made in expected_rows(run, handed):
        wanted = right if signs is None else right * signs
        differs = disagrees(handed, rows, wanted, is_single=is_single)
        if not differs.any():
            continue
        row = int(np.flatnonzero(differs.any(axis=1))[0])
        column = int(np.flatnonzero(differs[row])[0])
        yours = float(handed.values[rows][row, column])
        return Difference(rows.start + row, column, yours, float(wanted[row, column]), differs[row], made[row])
    return None


def first_rows(run: Run, handed: Handed, count: int = 3) -> Vector:
    """Return the numbers of a run's first updates, where every mistake that matters shows: (count, columns)."""
    return handed.expected(list(islice(updates_of(run), count)))


def begins_alike(one: Run, other: Run, handed: Handed) -> bool:
    """Whether two runs use the same samples and begin with the same numbers; δ and gradients count only if alone."""
    mine, right = (first_rows(run, handed) for run in (one, other))
    compared = _compared(handed) if _compared(handed).any() else slice(None)
    return one.batches == other.batches and np.array_equal(mine[:, compared], right[:, compared], equal_nan=True)


def may_fit(run: Run, handed: Handed) -> bool:
    """Whether a run reproduces the numbers handed in for the first update, δ and gradients aside."""
    row = int(np.searchsorted(handed.updates, 1))
    if row == len(handed.updates) or handed.updates[row] != 1:
        return True
    differs = disagrees(handed, slice(row, row + 1), first_rows(run, handed, 1))[0]
    return not (differs & _compared(handed)).any()


def _compared(handed: Handed) -> NDArray[np.bool_]:
    """Return all columns but δ and gradients, whose sign and scale differ among correct programs: (columns,)."""
    return ~(handed.is_delta | handed.is_gradient)


def convention(run: Run, handed: Handed, eta: float) -> tuple[Vector, tuple[str, ...]] | None:
    """Return the factors (columns,) by which a program scales its δ and gradients, and their names; None if none.

    A program may use δ = y − a and add, or sum first and divide later: this does not matter as long as its parameters
    are right. eta: the learning rate, which the factors may contain.
    """
    row = int(np.searchsorted(handed.updates, 1))
    if _compared(handed).all() or row == len(handed.updates) or handed.updates[row] != 1:
        return None
    first = run_update(run, run.start)
    right = handed.expected([first])[0]
    if not _steps_are_right(handed, row, right):
        return None
    signs, told = np.ones(len(right)), []
    for name, chosen in (("δ", handed.is_delta), ("gradient", handed.is_gradient)):
        for factor in _factors(first, eta) if chosen.any() else ():
            if _is_times(handed, row, right, chosen, factor):
                signs[chosen] = factor
                told.append(f"{name} × {factor:.6g}")
                break
    return (signs, tuple(told)) if told else None


def _factors(first: Update, eta: float) -> list[float]:
    samples, outputs = (1, 1) if first.prediction is None else first.prediction.shape
    found = [1.0, -1.0, *(sign * size for size in (samples, outputs, samples * outputs, 2) for sign in (1.0, -1.0))]
    plain = list(dict.fromkeys(factor for size in found for factor in (size, 1 / size)))
    return [factor for factor in (*plain, *(eta * each for each in plain)) if factor != 1.0]


@np.errstate(all="ignore")
def _is_times(handed: Handed, row: int, right: Vector, chosen: NDArray[np.bool_], factor: float) -> bool:
    """Whether the chosen numbers are all the run's times `factor`, and not already the run's."""
    which = np.flatnonzero(chosen & handed.is_there[row] & np.isfinite(right) & (right != 0.0))
    yours, slack = handed.values[row, which], handed.tolerance[row, which]
    is_right, is_times = (
        np.abs(yours - times * right[which]) <= slack + 1e-6 * np.abs(times * right[which]) for times in (1.0, factor)
    )
    return bool(len(which)) and bool(is_times.all()) and not bool(is_right.all())


@np.errstate(all="ignore")
def _steps_are_right(handed: Handed, row: int, right: Vector) -> bool:
    chosen = handed.is_step & handed.is_there[row]
    apart = np.abs(handed.values[row] - right) - handed.tolerance[row] - 1e-6 * np.abs(right)
    return bool(chosen.any()) and bool((apart[chosen] <= 1e-12).all())
