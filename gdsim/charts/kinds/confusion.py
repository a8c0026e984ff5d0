"""The confusion matrix: counts of samples by target class and predicted class."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import Confusion
from gdsim.charts.current import run_of, theta_of
from gdsim.charts.fitting import has_many_outputs
from gdsim.charts.kinds.sample import picked, pool_of
from gdsim.charts.shapes import classes_of, outputs_of, points_of
from gdsim.charts.view import View
from gdsim.i18n import _
from gdsim.timeline.position import Focus


class _Answered(NamedTuple):
    """Target class and predicted class of each sample, the number of classes, and whether the samples are held out."""

    wanted: NDArray[np.intp]
    answered: NDArray[np.intp]
    classes: int
    is_unseen: bool


def has_many_classes(view: View) -> bool:
    """Whether the run trains a network with more than two classes."""
    return has_many_outputs(view) and classes_of(view.timeline.run) is not None


def build(view: View) -> Confusion | None:
    """Return the confusion matrix of the held-out samples, or of the training samples if none are held out."""
    found = _classes(view)
    if found is None:
        return None
    size = found.classes
    counts = np.bincount(found.wanted * size + found.answered, minlength=size * size).reshape(size, size)
    percent = f"{100 * float(np.mean(found.wanted == found.answered)):.1f}"
    text = _("{percent} % of {count} unseen right") if found.is_unseen else _("{percent} % of {count} right")
    names = tuple(view.class_name(unit) for unit in range(size))
    return Confusion(text.format(percent=percent, count=len(found.wanted)), names, counts, view.focus.cell)


def moved(view: View, right: int, down: int) -> Focus:
    """Return the focus on the next cell (the first if none is chosen) and on the first sample counted there."""
    found = _classes(view)
    if found is None:
        return view.focus
    last = found.classes - 1
    row, column = view.focus.cell or (-down, -right)
    cell = min(max(row + down, 0), last), min(max(column + right, 0), last)
    samples = _samples(found, cell)
    focus = picked(view, int(samples[0])) if samples.size else view.focus
    return replace(focus, cell=cell)


def description(view: View) -> str:
    """Return what the chosen cell counts, and the number of the first of its samples."""
    found = None if view.focus.cell is None else _classes(view)
    if view.focus.cell is None or found is None:
        return ""
    samples = _samples(found, view.focus.cell)
    wanted, answered = (view.class_name(unit) for unit in view.focus.cell)
    told = _("{wanted} classified as {answered}: {count}").format(wanted=wanted, answered=answered, count=len(samples))
    return f"{told} · {_('sample {number}').format(number=int(samples[0]) + 1)}" if samples.size else told


def _samples(found: _Answered, cell: tuple[int, int]) -> NDArray[np.intp]:
    """Return the indices of the samples counted in a cell, from 0."""
    return np.flatnonzero((found.wanted == cell[0]) & (found.answered == cell[1]))


def _classes(view: View) -> _Answered | None:
    known = points_of(run_of(view))
    if known is None or not has_many_classes(view):
        return None
    pool, is_unseen = pool_of(view, known)
    answers = outputs_of(run_of(view), theta_of(view), pool.inputs)
    if answers is None:
        return None
    answered = np.nan_to_num(answers, nan=-np.inf).argmax(axis=1)
    return _Answered(pool.targets.argmax(axis=1), answered, pool.targets.shape[1], is_unseen)
