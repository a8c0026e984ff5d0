"""The parameters of a run in rows: value, gradient, change and new value, as far as they are revealed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdsim.engine.parameters import Layout
from gdsim.engine.update import GRADIENT, Update
from gdsim.explain.selection import is_edited
from gdsim.timeline.position import Position, phases_revealed, update_on_view
from gdsim.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One element of θ in the update on view.

    index: its place in θ; name: what a learner calls it. value: before the update; new: after it.
    gradient, change, new: None as long as they are not revealed.
    is_changed: whether the update made another number of it; gradient_turned: whether its gradient has another sign
    than in the update before.
    """

    index: int
    name: str
    value: float
    gradient: float | None = None
    change: float | None = None
    new: float | None = None
    is_changed: bool = False
    gradient_turned: bool = False


def row_count(timeline: Timeline) -> int:
    """Return how many rows the whole table has."""
    return timeline.run.model.layout.size


def rows(timeline: Timeline, position: Position, first: int, count: int) -> list[ParameterRow]:
    """Return `count` rows from row `first` on, fewer where the table ends; no others are put together."""
    layout = timeline.run_at(position.update).model.layout
    first = max(0, first)
    window = slice(first, min(layout.size, first + max(0, count)))
    update = update_on_view(timeline, position)
    if update is None or is_edited(timeline, position):
        values = timeline.state(position.update).theta[window].tolist()
        return [ParameterRow(i, layout.label(i), value) for i, value in enumerate(values, first)]
    return _rows(timeline, update, phases_revealed(timeline, position), layout, window)


def _rows(timeline: Timeline, update: Update, revealed: int, layout: Layout, window: slice) -> list[ParameterRow]:
    before, after = update.before.theta[window], update.after.theta[window]
    gradient, change = update.gradient[window], update.change[window]
    changed = before != after
    if revealed <= _gradient_phase(update):
        return [ParameterRow(i, layout.label(i), value) for i, value in enumerate(before.tolist(), window.start)]
    turned = _turned(timeline, update, window)
    is_complete = revealed == len(update.phases)
    return [
        ParameterRow(
            window.start + k,
            layout.label(window.start + k),
            float(before[k]),
            float(gradient[k]),
            float(change[k]) if is_complete else None,
            float(after[k]) if is_complete else None,
            is_complete and bool(changed[k]),
            bool(turned[k]),
        )
        for k in range(len(before))
    ]


def _gradient_phase(update: Update) -> int:
    """Return the phase that reveals the gradient: the last one where none is called so."""
    kinds = [phase.kind for phase in update.phases]
    return kinds.index(GRADIENT) if GRADIENT in kinds else len(kinds) - 1


def _turned(timeline: Timeline, update: Update, window: slice) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return for each row whether its gradient changed its sign, from plus to minus or back: (rows,)."""
    gradient = update.gradient[window]
    if update.number <= 1:
        return np.zeros(gradient.shape, dtype=np.bool_)
    previous = timeline.update(update.number - 1).gradient[window]
    return np.sign(gradient) * np.sign(previous) < 0
