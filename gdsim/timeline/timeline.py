"""A run by update number: go forwards, go backwards, or branch off after any update with an edit."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from gdsim.engine.edits import Edit, apply_edit
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Run, Score, State, Update
from gdsim.timeline.segment import EpochRecord, Segment

DEFAULT_BUDGET = 64 * 2**20
"""Bytes of states kept for one segment of a timeline."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, and the update at which the timeline leaves it (None: never)."""

    segment: Segment
    end: int | None


class Timeline:
    """States of a run by update number; the same update gives the same state however it is reached.

    Updates are computed when first asked for, once. `branch` returns another timeline that shares the past.
    """

    def __init__(
        self, run: Run, budget: int = DEFAULT_BUDGET, *, parts: tuple[Part, ...] = (), edits: tuple[Edit, ...] = ()
    ) -> None:
        """Begin at the start of `run`, or continue where `parts` end: segments of a branch, with `edits` between."""
        self._budget = budget
        self._parts = parts or (Part(Segment(run, run.start, budget), None),)
        self.edits = edits

    @property
    def _tail(self) -> Segment:
        return self._parts[-1].segment

    @property
    def run(self) -> Run:
        """The run from the last edit on."""
        return self._tail.run

    @property
    def last(self) -> int:
        """The latest update computed so far."""
        return self._tail.last

    @property
    def stopped(self) -> str | None:
        """Why the run is over after update `last`, or None while it can go on."""
        return self._tail.stopped

    @property
    def sight(self) -> Hashable:
        """A key of what it shows: equal for timelines of one run with the same edits, however far computed."""
        return self._parts[0].segment.run, self.edits

    def run_at(self, update: int) -> Run:
        """Return the run that makes the update after `update`."""
        return self._part_after(update).segment.run

    def advance(self) -> bool:
        """Compute the next update; return whether there was one."""
        return self._tail.advance()

    def reach(self, update: int) -> int:
        """Compute up to `update`; return `update`, or the last update if the run is over before."""
        while self.last < update and self.advance():
            pass
        return min(update, self.last)

    def state(self, update: int) -> State:
        """Return the state after `update` updates (0: the start); computes what is missing.

        Raises IndexError when the run is over before.
        """
        self._require(update)
        return self._part_after(update).segment.state(update)

    def update(self, number: int) -> Update:
        """Return the record of update `number` (from 1); computes what is missing.

        Raises IndexError when the run is over before.
        """
        if number < 1:
            raise IndexError("updates are counted from 1")
        self._require(number)
        return self._part_of(number).segment.record(number)

    def next_update(self, update: int) -> Update | None:
        """Return the record of the update that follows `update`, or None when the run is over there."""
        return self.update(update + 1) if self.reach(update + 1) > update else None

    def loss(self, update: int) -> float:
        """Return the loss after `update`, over the samples of that update (of the first batch for 0)."""
        segment = self._part_after(update).segment
        is_given = segment.is_given and segment.start.update == update
        return segment.first_loss if is_given else self.update(update).loss

    def losses(self, update: int) -> tuple[Vector, Vector]:
        """Return update numbers and the losses after them up to `update`: both (kept,), thinned only past a million.

        An update after which parameters were edited appears twice: as computed, and as edited.
        """
        pieces = []
        for part in self._parts:
            segment, end = part.segment, update if part.end is None else min(update, part.end)
            if segment.start.update <= update:
                numbers, losses = segment.losses.upto(end)
                known = 0 if segment.is_given else 1
                pieces.append((numbers[known:], losses[known:]))
        return np.concatenate([p[0] for p in pieces]), np.concatenate([p[1] for p in pieces])

    def trail(self, elements: tuple[int, ...], update: int, points: int = 400) -> tuple[Vector, Vector]:
        """Return update numbers (kept,) and the given elements of θ after them (kept, elements), up to `update`.

        They are at most about `points`, evenly spread, and include the first and the last. Only states that are kept
        are used, so nothing but the last is recomputed.
        """
        wanted = np.unique(np.linspace(0, update, min(points, update + 1)).astype(int)).tolist()
        kept = {}
        for k in wanted[:-1]:
            state = self._part_after(k).segment.kept_state(k)
            kept[state.update] = state
        kept[update] = self.state(update)
        numbers = sorted(kept)
        chosen = list(elements)
        return np.array(numbers, dtype=np.float64), np.array([kept[k].theta[chosen] for k in numbers])

    def epochs(self, update: int) -> list[EpochRecord]:
        """Return the records of the epochs that ended at or before `update`; none if the run does not score epochs."""
        return [
            record
            for part in self._parts
            for record in part.segment.epochs
            if record.update <= (update if part.end is None else min(update, part.end))
        ]

    def latest_epochs(self, update: int, count: int) -> list[EpochRecord]:
        """Return the last `count` epochs that ended at or before `update`; every full-batch update ends one."""
        recorded = self.epochs(update)
        if recorded or self.run_at(update).batches.size is not None:
            return recorded[-count:]
        return [EpochRecord(k, k, self._score(k), 0) for k in range(max(1, update - count + 1), update + 1)]

    def score(self, update: int) -> Score | None:
        """Return the score over all samples after the latest epoch, or of the start for a full-batch run.

        None before the first epoch of smaller batches has ended.
        """
        if update == 0 and self.run_at(0).batches.size is None:
            return self._score(0)
        latest = self.latest_epochs(update, 1)
        return latest[0].score if latest else None

    def _score(self, update: int) -> Score:
        return self.run_at(update).model.score(self.state(update).theta)

    def branch(self, edit: Edit) -> Timeline:
        """Return a timeline with the same past up to `edit.after`, and the edit from there on."""
        before = self.state(edit.after)
        segment = self._part_after(edit.after).segment
        run, state = apply_edit(segment.run, before, edit)
        was_given = segment.is_given and segment.start.update == edit.after
        is_given = was_given or not np.array_equal(state.theta, before.theta, equal_nan=True)
        past = tuple(
            Part(part.segment, edit.after if part.end is None else min(part.end, edit.after))
            for part in self._parts
            if part.segment.start.update < edit.after
        )
        epoch_start = edit.after - edit.after % run.batches.per_epoch
        corrections = self.state(epoch_start).corrections if run.stop.on_epoch else None
        going_on = Segment(run, state, self._budget, is_given=is_given, epoch_corrections=corrections)
        edits = (*(earlier for earlier in self.edits if earlier.after <= edit.after), edit)
        return Timeline(run, self._budget, parts=(*past, Part(going_on, None)), edits=edits)

    def _require(self, update: int) -> None:
        if self.reach(update) < update:
            raise IndexError(f"the run is over after update {self.last} ({self.stopped})")

    def _part_after(self, update: int) -> Part:
        """Return the part that continues from the state after `update`."""
        return next(part for part in reversed(self._parts) if part.segment.start.update <= update)

    def _part_of(self, number: int) -> Part:
        """Return the part in which update `number` was made."""
        return next(part for part in reversed(self._parts) if part.segment.start.update < number)
