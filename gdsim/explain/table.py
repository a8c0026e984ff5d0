"""The parameters of a run in rows: value, gradient, change and new value, as far as they are revealed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.names import parameter_name
from gdsim.engine.update import GRADIENT, Update
from gdsim.explain.numbers import short_number
from gdsim.explain.selection import is_edited, shown_change, shown_gradient, without_rounding
from gdsim.i18n import _
from gdsim.timeline.position import Position, phases_revealed, update_on_view
from gdsim.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One element of θ in the update on view.

    index: its place in θ; name: the learner's name for it. value: before the update; new: after it.
    gradient, change, new: None until they are revealed.
    is_changed: whether the update changed it; gradient_turned: whether its gradient changed sign since the previous
    update.
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


def by_change(timeline: Timeline, position: Position) -> NDArray[np.intp] | None:
    """Return the elements of θ, those that change most first; None until the change is revealed, and after an edit."""
    update = update_on_view(timeline, position)
    if update is None or is_edited(timeline, position) or phases_revealed(timeline, position) < len(update.phases):
        return None
    return np.argsort(-np.abs(update.change), kind="stable")


def block_summaries(timeline: Timeline, position: Position) -> list[str]:
    """Return a line per block: its shape and, once revealed, the size of its gradient and what share of it is 0."""
    layout, update = timeline.run_at(position.update).model.layout, update_on_view(timeline, position)
    if update is not None and is_edited(timeline, position):
        update = None
    if update is not None and phases_revealed(timeline, position) <= _gradient_phase(update):
        update = None
    lines, gradient = [], np.zeros(0) if update is None else shown_gradient(update)
    for name, shape in zip(layout.names, layout.shapes, strict=True):
        line = f"{name} {'×'.join(map(str, shape))}"
        if update is not None:
            sizes = np.abs(gradient[layout.slices[name]])
            text = _("|∂| mean {mean} max {max} · {share} % of them 0")
            zeros = 100 * float((sizes == 0.0).mean())
            line += " · " + text.format(mean=_rough(sizes.mean()), max=_rough(sizes.max()), share=f"{zeros:.0f}")
        lines.append(line)
    return lines


def rows(
    timeline: Timeline, position: Position, first: int, count: int, order: NDArray[np.intp] | None = None
) -> list[ParameterRow]:
    """Return `count` rows from row `first` on, fewer at the end of the table; build no others.

    order: the elements of θ in the order of the table; by default their order in θ.
    """
    layout = timeline.run_at(position.update).model.layout
    first = max(0, first)
    window = (np.arange(layout.size) if order is None else order)[first : first + max(0, count)]
    update, revealed = update_on_view(timeline, position), phases_revealed(timeline, position)
    is_made_here = update is not None and not is_edited(timeline, position)
    theta = update.before.theta if update is not None and is_made_here else timeline.state(position.update).theta
    before = without_rounding(theta)[window].tolist()
    shown = [
        ParameterRow(i, parameter_name(layout, i), value) for i, value in zip(window.tolist(), before, strict=True)
    ]
    if update is None or not is_made_here or revealed <= _gradient_phase(update):
        return shown
    gradient, turned = shown_gradient(update)[window].tolist(), _turned(timeline, update, window).tolist()
    shown = [replace(row, gradient=g, gradient_turned=t) for row, g, t in zip(shown, gradient, turned, strict=True)]
    if revealed < len(update.phases):
        return shown
    change, after = shown_change(update)[window].tolist(), without_rounding(update.after.theta)[window].tolist()
    return [
        replace(row, change=c, new=new, is_changed=row.value != new)
        for row, c, new in zip(shown, change, after, strict=True)
    ]


def _rough(value: float) -> str:
    return short_number(value, digits=2)


def _gradient_phase(update: Update) -> int:
    """Return the phase that reveals the gradient: the last one if there is no gradient phase."""
    kinds = [phase.kind for phase in update.phases]
    return kinds.index(GRADIENT) if GRADIENT in kinds else len(kinds) - 1


def _turned(timeline: Timeline, update: Update, window: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return for each row whether its gradient turned from plus to minus or back since the previous update: (rows,)."""
    gradient = update.gradient[window]
    if update.number <= 1:
        return np.zeros(gradient.shape, dtype=np.bool_)
    previous = timeline.update(update.number - 1).gradient[window]
    return np.sign(gradient) * np.sign(previous) < 0
