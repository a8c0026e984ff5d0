"""When a run is over: its stop conditions, and the end of a perceptron's training."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from gdsim.engine.parameters import Vector

if TYPE_CHECKING:
    from gdsim.engine.update import Run, State, Update


class StopWatch:
    """Tells after each update, in order, whether the run is over.

    A run that begins inside an epoch, after an edit, cannot converge in that epoch: other weights answered its earlier
    samples.
    """

    LOSS_LIMIT = 1e100

    def __init__(self, run: Run, state: State) -> None:
        self._run = run
        self._corrections = state.corrections
        self._is_whole = state.update % run.batches.per_epoch == 0
        self._epoch_ends: set[bytes] = set()
        self._best, self._waited = np.inf, 0

    def reason(self, update: Update) -> str | None:
        """Return why the run is over after `update`, in the words of the file format, or None."""
        stop, theta, layout = self._run.stop, update.after.theta, self._run.model.layout
        if not abs(update.loss) <= self.LOSS_LIMIT or not np.isfinite(theta).all():
            return "diverged"
        if stop.on_epoch and self._run.batches.ends_epoch(update.number):
            reason = self._epoch_reason(update)
            if reason is not None:
                return reason
        if stop.min_change is not None and _length(update.change) < stop.min_change:
            return "min_change"
        if stop.min_gradient is not None and _length(layout.trained(update.gradient)) < stop.min_gradient:
            return "min_gradient"
        if stop.min_loss is not None and update.loss < stop.min_loss:
            return "min_loss"
        if stop.patience is not None and self._run.batches.ends_epoch(update.number) and self._is_worn_out(update):
            return "patience"
        return "max_updates" if update.number >= stop.max_updates else None

    def _is_worn_out(self, update: Update) -> bool:
        """Whether the last `patience` epochs have brought no better loss on the held-out samples."""
        loss = self._run.model.score(update.after.theta).test_loss
        if loss is not None and loss < self._best:
            self._best, self._waited = loss, 0
        else:
            self._waited += 1
        return self._waited == self._run.stop.patience

    def _epoch_reason(self, update: Update) -> str | None:
        mistakes = update.after.corrections - self._corrections
        is_whole, self._is_whole = self._is_whole, True
        self._corrections = update.after.corrections
        if mistakes == 0 and is_whole:
            return "converged"
        if self._run.stop.detect_cycle:
            end = (update.after.theta + 0.0).tobytes()
            if end in self._epoch_ends:
                return "cycle"
            self._epoch_ends.add(end)
        return None


def _length(vector: Vector) -> float:
    """Return the Euclidean length of a vector (size,).

    np.linalg.norm would use BLAS, whose last bits depend on the number of threads.
    """
    return sqrt(np.add.reduce(vector * vector))
