"""What is kept of a run: states at checkpoints within a memory budget, and the loss after each update."""

from __future__ import annotations

from array import array

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.engine.update import State

STATE_OVERHEAD = 600
"""Bytes a kept state takes in addition to its vectors, measured with CPython 3.11."""


def state_bytes(state: State) -> int:
    """Return the number of bytes a kept `state` takes."""
    return state.theta.nbytes * (1 + len(state.rule_state.slots)) + STATE_OVERHEAD


class Checkpoints:
    """Every `stride`-th state of consecutive updates; the stride doubles whenever the states outgrow the budget.

    The first state is always kept. budget: bytes.
    """

    def __init__(self, first: State, budget: int) -> None:
        self._first = self._last = first.update
        self._kept: dict[int, State] = {first.update: first}
        self._limit = max(2, budget // state_bytes(first))
        self.stride = 1

    def __len__(self) -> int:
        """Return how many states are kept."""
        return len(self._kept)

    def add(self, state: State) -> None:
        """Keep `state`, the next one, if the stride selects it."""
        self._last = state.update
        if (state.update - self._first) % self.stride == 0:
            self._kept[state.update] = state
        if len(self._kept) > self._limit:
            self.stride *= 2
            self._kept = {k: s for k, s in self._kept.items() if (k - self._first) % self.stride == 0}

    def get(self, update: int) -> State | None:
        """Return the state after `update` if it is kept."""
        return self._kept.get(update)

    def nearest(self, update: int) -> State:
        """Return the latest kept state at or before `update`."""
        passed = min(update, self._last) - self._first
        return self._kept[self._first + passed - passed % self.stride]


class LossHistory:
    """The loss after consecutive updates; all of them up to a million, then every 2nd, 4th, …"""

    LIMIT = 1 << 20

    def __init__(self, first_update: int, loss: float) -> None:
        self._first = first_update
        self._stride = 1
        self._losses = array("d", [loss])

    def add(self, update: int, loss: float) -> None:
        """Add the loss after `update`, the next one."""
        if (update - self._first) % self._stride:
            return
        self._losses.append(loss)
        if len(self._losses) > self.LIMIT:
            self._losses = self._losses[::2]
            self._stride *= 2

    def upto(self, update: int) -> tuple[Vector, Vector]:
        """Return update numbers and the losses after them, from the first to `update`: both (kept,)."""
        count = max(0, min(len(self._losses), (update - self._first) // self._stride + 1))
        numbers = self._first + self._stride * np.arange(count, dtype=np.float64)
        return numbers, np.array(self._losses[:count])
