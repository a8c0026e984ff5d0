"""What is kept of a run: states at checkpoints within a memory budget, and the loss after each update."""

from __future__ import annotations

from array import array

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.engine.update import State

STATE_OVERHEAD = 600
"""Bytes a kept state costs beside its vectors, measured with CPython 3.11."""


def state_bytes(state: State) -> int:
    """Return what keeping `state` costs, in bytes."""
    return state.theta.nbytes * (1 + len(state.rule_state.slots)) + STATE_OVERHEAD


class Checkpoints:
    """States of consecutive updates, spread so that what fits the budget is never far from any update.

    Two strides: the coarse one is the least under which all updates that may come fit; the room they do not need yet
    is filled by a finer one, which doubles until the coarse one is all there is room for. Keeps the first state always.
    budget: bytes; longest: updates that may come, as far as known; past that the coarse stride doubles too.
    """

    def __init__(self, first: State, budget: int, longest: int = 0) -> None:
        self._first = self._last = first.update
        self._kept: dict[int, State] = {first.update: first}
        self._limit = max(2, budget // state_bytes(first))
        self._coarse = longest // self._limit + 1
        self._fine = 1

    def __len__(self) -> int:
        """Return how many states are kept."""
        return len(self._kept)

    @property
    def stride(self) -> int:
        """How many updates lie at most from one kept state to the next."""
        return min(self._fine, self._coarse)

    def add(self, state: State) -> None:
        """Keep `state`, the one after those added before, if its turn has come."""
        self._last = state.update
        if not self._is_kept(state.update):
            return
        self._kept[state.update] = state
        while len(self._kept) > self._limit:
            if self._fine == self._coarse:
                self._coarse *= 2
            self._fine = min(2 * self._fine, self._coarse)
            self._kept = {k: s for k, s in self._kept.items() if self._is_kept(k)}

    def get(self, update: int) -> State | None:
        """Return the state after `update` if it is kept."""
        return self._kept.get(update)

    def nearest(self, update: int) -> State:
        """Return the latest kept state at or before `update`."""
        passed = min(update, self._last) - self._first
        return self._kept[self._first + passed - min(passed % self._coarse, passed % self._fine)]

    def _is_kept(self, update: int) -> bool:
        passed = update - self._first
        return passed % self._coarse == 0 or passed % self._fine == 0


class LossHistory:
    """The loss after consecutive updates; all of them up to a million, then every 2nd, 4th, …"""

    LIMIT = 1 << 20

    def __init__(self, first_update: int, loss: float) -> None:
        self._first = first_update
        self._stride = 1
        self._losses = array("d", [loss])

    def add(self, update: int, loss: float) -> None:
        """Add the loss after `update`, the one after those added before."""
        if (update - self._first) % self._stride:
            return
        self._losses.append(loss)
        if len(self._losses) > self.LIMIT:
            self._losses = self._losses[::2]
            self._stride *= 2

    def upto(self, update: int) -> tuple[Vector, Vector]:
        """Return update numbers and losses after them, from the first one to `update`: both (kept,)."""
        count = max(0, min(len(self._losses), (update - self._first) // self._stride + 1))
        numbers = self._first + self._stride * np.arange(count, dtype=np.float64)
        return numbers, np.array(self._losses[:count])
