"""What a view shows at its moment: which state, how much of which update, which sample, where other runs stand."""

from __future__ import annotations

import numpy as np

from gdsim.charts.view import Beside, View
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run, Update
from gdsim.timeline.position import Position, update_on_view
from gdsim.timeline.timeline import Timeline

_EARLY, _POINTS = 40, 120


def run_of(view: View) -> Run:
    """Return the run as it goes on from the moment."""
    return view.timeline.run_at(view.position.update)


def theta_of(view: View) -> Vector:
    """Return θ at the moment: after the updates made, before the one in the making."""
    return view.timeline.state(view.position.update).theta


def update_in_the_making(view: View) -> Update | None:
    """Return the update whose phases are being revealed, None between updates."""
    return None if view.position.phase is None else view.timeline.update(view.position.update + 1)


def update_shown(view: View) -> Update | None:
    """Return the update on view; at the start, where nothing of it is revealed, the first one."""
    return update_on_view(view.timeline, view.position) or view.timeline.next_update(view.position.update)


def is_revealed(view: View, kind: str, layer: int | None = None) -> bool:
    """Whether the phase of this kind (and layer) of the update on view is revealed."""
    if view.position.phase is None:
        return view.position.update > 0
    revealed = view.timeline.update(view.position.update + 1).phases[: view.position.phase + 1]
    return any(phase.kind == kind and layer in (None, phase.layer) for phase in revealed)


def gradient_here(view: View) -> Vector:
    """Return the gradient (size,) at θ of the moment over the samples of the next update, as recorded in it.

    Where the run is over, the model is asked.
    """
    update = view.timeline.next_update(view.position.update)
    if update is not None:
        return update.gradient
    run, theta = run_of(view), theta_of(view)
    with np.errstate(all="ignore"):
        return run.model.backward(theta, None, run.model.forward(theta, None)).gradient


def sample_in_hand(view: View, update: Update) -> tuple[int, int]:
    """Return the sample looked at: its index among all samples, and its row in the batch of `update`."""
    if update.samples is None:
        row = _within(view.focus.sample, update.run.batches.count)
        return row, row
    row = _within(view.focus.sample, len(update.samples))
    return int(update.samples[row]), row


def standing(beside: Beside, view: View) -> int:
    """Return the update at which a run beside is drawn: that of the view, or its last where it stopped before."""
    return beside.timeline.reach(view.clock)


def position_of(beside: Beside, view: View) -> Position:
    """Return where a run beside stands: inside its update where the view is inside one and the run still goes on."""
    update, phase = standing(beside, view), view.position.phase
    record = None if phase is None or update < view.clock else beside.timeline.next_update(update)
    return Position(update) if record is None or phase is None else Position(update, min(phase, len(record.phases) - 2))


def walk(timeline: Timeline, elements: tuple[int, ...], update: int) -> tuple[Vector, Vector]:
    """Return update numbers (kept,) and elements of θ after them (kept, elements) from the start to `update`.

    All of the first updates, where a run moves most, then evenly spread ones.
    """
    numbers, places = timeline.trail(elements, update, _EARLY + _POINTS if update <= _EARLY + _POINTS else _POINTS)
    if update <= _EARLY + _POINTS:
        return numbers, places
    early_numbers, early_places = timeline.trail(elements, _EARLY, _EARLY + 1)
    later = numbers > early_numbers[-1]
    return np.concatenate([early_numbers, numbers[later]]), np.concatenate([early_places, places[later]])


def _within(index: int, count: int) -> int:
    return max(0, min(index, count - 1))
