"""Which samples an update sees: a function of (seed, epoch), never of hidden state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SHUFFLE_STREAM = 3
"""Keeps shuffling apart from the other random choices made with the same seed."""


@dataclass(frozen=True, slots=True)
class Batches:
    """The order of samples.

    count: number of samples; size: samples per update, None for all of them.
    Reshuffled every epoch if `shuffled`, else in the order given; the last batch of an epoch may be smaller.
    order: a source's own order of samples, used in every epoch instead; empty if there is none.
    """

    count: int = 1
    size: int | None = None
    shuffled: bool = False
    seed: int = 0
    order: tuple[int, ...] = ()

    @property
    def per_epoch(self) -> int:
        """Updates in an epoch."""
        return 1 if self.size is None else -(-self.count // self.size)

    def epoch(self, number: int) -> int:
        """Return the epoch update `number` belongs to, from 1; 0 before the first update."""
        return -(-number // self.per_epoch)

    def ends_epoch(self, number: int) -> bool:
        """Whether update `number` is the last of its epoch."""
        return number > 0 and number % self.per_epoch == 0

    def samples(self, number: int) -> NDArray[np.intp] | None:
        """Return the indices of the samples update `number` sees, or None for all of them."""
        if self.size is None:
            return None
        first = (number - 1) % self.per_epoch * self.size
        if self.order:
            return np.array(self.order[first : first + self.size])
        return _order(self.count, self.seed, self.epoch(number) if self.shuffled else 0)[first : first + self.size]


@lru_cache(maxsize=16)
def _order(count: int, seed: int, epoch: int) -> NDArray[np.intp]:
    """Return an epoch's order of samples: (count,); for epoch 0 the order given."""
    if epoch == 0:
        return np.arange(count)
    return np.random.default_rng([seed, SHUFFLE_STREAM, epoch]).permutation(count)
