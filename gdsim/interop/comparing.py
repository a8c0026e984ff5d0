"""A learner's numbers compared with those of a run, update by update, up to the first that differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run, Update, known_forward, run_update
from gdsim.interop.matching import Handed

_EXACT = 1e-8
"""How far numbers with all their digits may be apart, as a part of the largest of their kind: other roundings."""

_SINGLE = 2e-5
"""How far single precision may take them apart."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first number that differs: in which row and column, both values, and which columns of its row differ."""

    row: int
    column: int
    yours: float
    right: float
    differs: NDArray[np.bool_]


def updates_of(run: Run) -> Iterator[Update]:
    """Yield the updates of a run one after another, past its end as well."""
    update = run_update(run, run.start)
    while True:
        yield update
        update = run_update(run, update.after, known_forward(update))


def expected_rows(run: Run, handed: Handed) -> Iterator[tuple[slice, Vector]]:
    """Yield the run's numbers for the rows handed in, (rows, columns), a few rows first and then ever more."""
    updates, source = handed.updates, updates_of(run)
    update, begin, size = next(source), 0, 4
    while begin < len(updates):
        found = []
        for number in updates[begin : begin + size].tolist():
            while update.number < number:
                update = next(source)
            found.append(handed.expected(update) if number else handed.at_start(update))
        yield slice(begin, begin + len(found)), np.array(found)
        begin, size = begin + size, min(2 * size, 512)


@np.errstate(all="ignore")
def first_difference(
    run: Run, handed: Handed, signs: Vector | None = None, *, is_single: bool = False
) -> Difference | None:
    """Return the first number handed in that is not the run's, None where all are.

    signs: (columns,) what the run's numbers are multiplied by first. is_single: other roundings are those of float32.
    """
    edges = np.cumsum([0, *(len(piece.index) for piece in handed.pieces)])
    widths = np.diff(edges)
    for rows, right in expected_rows(run, handed):
        if signs is not None:
            right = right * signs
        yours, is_there = handed.values[rows], handed.is_there[rows]
        largest = np.maximum.reduceat(np.nan_to_num(np.abs(right), posinf=0.0), edges[:-1], axis=1)
        slack = (_SINGLE if is_single else _EXACT) * np.repeat(largest, widths, axis=1)
        agrees = np.abs(yours - right) <= handed.tolerance[rows] + slack
        agrees |= ~is_there | (~np.isfinite(yours) & ~np.isfinite(right)) | (yours == right)
        if agrees.all():
            continue
        row = int(np.flatnonzero(~agrees.all(axis=1))[0])
        column = int(np.flatnonzero(~agrees[row])[0])
        at = float(yours[row, column]), float(right[row, column])
        return Difference(rows.start + row, column, *at, ~agrees[row])
    return None


def convention(run: Run, handed: Handed) -> tuple[Vector, tuple[str, ...]] | None:
    """Return what a program calls δ and gradient differently, as factors (columns,), and which; None where nothing.

    A program may have δ = y − a and add, or sum first and divide later: that is right as long as its parameters are.
    """
    is_step = handed.columns(is_state=True) | handed.columns(of="change.")
    rows = np.flatnonzero((handed.updates > 0) & handed.is_there[:, is_step].any(axis=1)) if is_step.any() else ()
    if not len(rows):
        return None
    signs, told = np.ones(len(is_step)), []
    first = run_update(run, run.start)
    right = handed.expected(first)
    row = int(np.flatnonzero(handed.updates > 0)[0])
    if handed.updates[row] != 1:
        return None
    is_down = _goes_down(handed, row, first)
    is_right = _steps_are_right(handed, row, right)
    for of in ("delta", "gradient."):
        chosen = handed.columns(of=of)
        for factor in _factors(first) if chosen.any() else ():
            if (factor > 0 and not is_right) or (factor < 0 and not is_down):
                continue
            if _is_times(handed, row, right, chosen, factor, has_to_be_all=factor > 0):
                signs[chosen] = factor
                told.append(f"{'δ' if of == 'delta' else 'gradient'} × {factor:.6g}")
                break
    return (signs, tuple(told)) if told else None


def _factors(first: Update) -> list[float]:
    samples, outputs = (1, 1) if first.prediction is None else first.prediction.shape
    found = [-1.0, *(sign * size for size in (samples, outputs, samples * outputs, 2, 2 * samples) for sign in (1, -1))]
    return list(dict.fromkeys(f for size in found for f in (float(size), 1 / size) if f != 1.0))


@np.errstate(all="ignore")
def _is_times(
    handed: Handed, row: int, right: Vector, chosen: NDArray[np.bool_], factor: float, *, has_to_be_all: bool
) -> bool:
    """Whether numbers are the run's times `factor`: all, or for a sign some of them, the others with that sign too."""
    which = np.flatnonzero(chosen & handed.is_there[row] & np.isfinite(right) & (right != 0.0))
    yours, wanted = handed.values[row, which], right[which] * factor
    close = np.abs(yours - wanted) <= handed.tolerance[row, which] + 1e-6 * np.abs(wanted)
    if has_to_be_all or abs(factor) != 1.0:
        return bool(len(which)) and bool(close.all()) and not bool((yours == right[which]).all())
    return bool(len(which)) and bool(np.mean(yours * wanted > 0) > 0.75) and not bool((yours * wanted < 0).all())


def _goes_down(handed: Handed, row: int, first: Update) -> bool:
    """Whether the learner's first step goes the way the run's does, more than against it."""
    layout, product = first.run.model.layout, 0.0
    for piece, yours in _parts(handed, row):
        name = piece.removeprefix("change.")
        index, values = yours
        old = 0.0 if piece.startswith("change.") else first.before.theta[layout.slices[name]][index]
        product += float(np.nansum((values - old) * first.change[layout.slices[name]][index]))
    return product > 0


def _parts(handed: Handed, row: int) -> Iterator[tuple[str, tuple[NDArray[np.intp], Vector]]]:
    """Yield parameters and changes of a row: name, places and values."""
    column = 0
    for piece in handed.pieces:
        part = slice(column, column := column + len(piece.index))
        name = piece.quantity.name
        if name != "loss" and (piece.quantity.is_state or name.startswith("change.")):
            yield name, (piece.index, handed.values[row, part])


@np.errstate(all="ignore")
def _steps_are_right(handed: Handed, row: int, right: Vector) -> bool:
    chosen = (handed.columns(is_state=True) | handed.columns(of="change.")) & handed.is_there[row]
    apart = np.abs(handed.values[row] - right) - handed.tolerance[row] - 1e-6 * np.abs(right)
    return bool(chosen.any()) and bool((apart[chosen] <= 1e-12).all())
