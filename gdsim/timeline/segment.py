"""A segment of a timeline: the updates of one run, from a start state as far as they have been computed."""

from __future__ import annotations

from threading import Lock, RLock
from typing import NamedTuple

from gdsim.engine.stopping import StopWatch
from gdsim.engine.update import Run, Score, State, Update, forward_at, known_forward, run_update
from gdsim.timeline.history import Checkpoints, LossHistory, state_bytes

_RECORDED_NUMBERS = 20_000
"""How many parameters and predictions the kept records may hold; 4 to 64 records are kept, whatever their size."""

_RECOMPUTED_SHARE = 16
"""The memory budget divided by this is for states recomputed between two checkpoints."""


class EpochRecord(NamedTuple):
    """The score over all samples after an epoch, and the mistakes a perceptron made in that epoch."""

    epoch: int
    update: int
    score: Score
    mistakes: int


class Segment:
    """The updates of one run from `start` on, computed once and in order, read in any order.

    One thread may compute while another reads: a reader never waits for an update in progress.
    """

    def __init__(
        self, run: Run, start: State, budget: int, *, is_given: bool = True, epoch_corrections: int | None = None
    ) -> None:
        """Begin at `start`.

        is_given: whether its parameters were given, by the scenario or by hand, and not computed by an update.
        epoch_corrections: corrections made before the epoch that contains `start`; None: the epoch begins at `start`.
        """
        self.run = run
        self.start = start
        self.is_given = is_given
        self.stopped: str | None = None
        self.epochs: list[EpochRecord] = []
        between = budget // _RECOMPUTED_SHARE
        self._checkpoints = Checkpoints(start, budget - between)
        self._recomputed: dict[int, State] = {}
        self._recomputed_limit = max(1, between // state_bytes(start))
        self._watch = StopWatch(run, start)
        self._frontier = start
        self._latest: Update | None = None
        self._epoch_corrections = start.corrections if epoch_corrections is None else epoch_corrections
        self._recorded: dict[int, Update] = {}
        self._advancing, self._lock = Lock(), RLock()
        self.first_loss = forward_at(run, start).loss
        self.losses = LossHistory(start.update, self.first_loss)
        if start.update >= run.stop.max_updates:
            self.stopped = "max_updates"

    @property
    def last(self) -> int:
        """The latest update computed."""
        return self._frontier.update

    def advance(self) -> bool:
        """Compute the next update; return whether there was one."""
        with self._advancing:
            if self.stopped is not None:
                return False
            forward = None if self._latest is None else known_forward(self._latest)
            update = run_update(self.run, self._frontier, forward)
            epoch, reason = self._epoch_record(update), self._watch.reason(update)
            with self._lock:
                self._frontier, self._latest = update.after, update
                self._checkpoints.add(update.after)
                self.losses.add(update.number, update.loss)
                self._remember(update)
                if epoch is not None:
                    self.epochs.append(epoch)
                self.stopped = reason
            return True

    def _epoch_record(self, update: Update) -> EpochRecord | None:
        if not self.run.scores_epochs or not self.run.batches.ends_epoch(update.number):
            return None
        mistakes = update.after.corrections - self._epoch_corrections
        self._epoch_corrections = update.after.corrections
        return EpochRecord(update.epoch, update.number, self.run.model.score(update.after.theta), mistakes)

    def state(self, update: int) -> State:
        """Return the state after `update`, which must have been computed."""
        with self._lock:
            if update == self._frontier.update:
                return self._frontier
            return self._checkpoints.get(update) or self._recomputed.get(update) or self._recompute(update)

    def _recompute(self, update: int) -> State:
        """Return the state after `update`, recomputed from the nearest state kept before it.

        The last states on the way are kept: a learner who steps back asks for them next.
        """
        checkpoint = self._checkpoints.nearest(update)
        between = [number for number in self._recomputed if checkpoint.update < number < update]
        state = self._recomputed[max(between)] if between else checkpoint
        while state.update < update:
            state = run_update(self.run, state).after
            self._recomputed[state.update] = state
            if len(self._recomputed) > self._recomputed_limit:
                del self._recomputed[next(iter(self._recomputed))]
        return state

    def record(self, number: int) -> Update:
        """Return the record of update `number`, which must have been computed."""
        with self._lock:
            known = self._recorded.get(number)
            if known is None:
                known = run_update(self.run, self.state(number - 1))
                self._remember(known)
            return known

    def kept_state(self, update: int) -> State:
        """Return the latest state kept at or before `update`; compute none."""
        with self._lock:
            return self._checkpoints.nearest(min(update, self.last))

    def _remember(self, update: Update) -> None:
        """Keep the last few records, more if they are small: several panels read the same one."""
        self._recorded[update.number] = update
        numbers = update.after.theta.size + (0 if update.prediction is None else update.prediction.size)
        if len(self._recorded) > max(4, min(64, _RECORDED_NUMBERS // numbers)):
            del self._recorded[next(iter(self._recorded))]
