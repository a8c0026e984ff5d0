"""A learner's position in a timeline, and the steps from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdsim.engine.update import Update
from gdsim.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Position:
    """The position after `update` updates; `phase` None: between updates.

    phase j: inside the next update, with its phases 0 … j revealed. The last phase completes the update, so it is
    never a position inside: it is the position after the update.
    """

    update: int = 0
    phase: int | None = None


@dataclass(frozen=True, slots=True)
class Focus:
    """The numbers a learner has selected.

    layer from 1 (0: the last), unit from 0, input of that unit from 0. sample: a row of the batch, from 0; None: the
    one furthest from its target.
    is_weight: whether the weight of that input is selected, not the neuron as a whole.
    z: the z at which activations are shown; None: that of the run.
    picked: a sample picked by hand, from 0: a held-out one if there are any, else a training sample;
    None: the current sample of the update.
    factor: the selected factor of the chain rule, from 0; None: the chain rule is not shown.
    cell: row and column of a confusion matrix: the target class and the predicted class.
    turn, tilt: viewing angles of a surface in degrees: turned about its height, tilted from the side (0) to above (90).
    Code that uses a focus brings values out of range into range.
    """

    layer: int = 0
    unit: int = 0
    input: int = 0
    sample: int | None = None
    is_weight: bool = False
    z: float | None = None
    picked: int | None = None
    factor: int | None = None
    cell: tuple[int, int] | None = None
    turn: int = 30
    tilt: int = 40


def update_on_view(timeline: Timeline, position: Position) -> Update | None:
    """Return the update whose numbers are shown: the one in progress, else the one just made; None at the start."""
    if position.phase is not None:
        return timeline.update(position.update + 1)
    return timeline.update(position.update) if position.update else None


def sample_in_hand(update: Update, focus: Focus) -> int:
    """Return the current row of the batch: the selected one, else the one furthest from its target (ties: the first).

    0 for models without samples.
    """
    answers = update.prediction
    if answers is None:
        return 0
    if focus.sample is not None:
        return min(max(focus.sample, 0), len(answers) - 1)
    with np.errstate(all="ignore"):
        errors = np.square(answers - update.forward.quantities["target"].reshape(answers.shape)).sum(axis=1)
    return int(np.argmax(np.nan_to_num(errors, nan=np.inf)))


def phases_revealed(timeline: Timeline, position: Position) -> int:
    """Return how many phases of the update shown are revealed."""
    if position.phase is not None:
        return position.phase + 1
    return len(timeline.update(position.update).phases) if position.update else 0


def next_update(timeline: Timeline, position: Position, count: int = 1) -> Position:
    """Return the position `count` updates ahead, counting the one in progress; the end if the run is over before."""
    return Position(timeline.reach(position.update + count))


def previous_update(position: Position, count: int = 1) -> Position:
    """Return the position `count` updates back; from inside an update, the first step back goes to its beginning."""
    return Position(max(0, position.update - (count if position.phase is None else count - 1)))


def next_phase(timeline: Timeline, position: Position) -> Position:
    """Return the position one phase ahead; the last phase completes the update."""
    update = timeline.next_update(position.update)
    if update is None:
        return Position(position.update)
    phase = 0 if position.phase is None else position.phase + 1
    return Position(position.update, phase) if phase < len(update.phases) - 1 else Position(update.number)


def previous_phase(timeline: Timeline, position: Position) -> Position:
    """Return the position one phase back, in the previous update if needed."""
    if position.phase is not None:
        return Position(position.update, position.phase - 1 if position.phase else None)
    if position.update == 0:
        return position
    phases = len(timeline.update(position.update).phases)
    return Position(position.update - 1, phases - 2 if phases > 1 else None)
