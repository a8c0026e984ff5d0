"""The gradient of an update once more, the slow way: one element of θ after another is nudged and the loss measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdsim.engine.gradient_check import Nudges, nudge
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Update


@dataclass(frozen=True, slots=True, eq=False)
class Nudging:
    """What has been nudged so far of an update's gradient: the first elements of θ, in their order.

    Compared as a whole: two of them are equal only when they are the same.
    """

    update: Update
    nudges: Nudges

    @property
    def count(self) -> int:
        """Elements nudged."""
        return len(self.nudges.above)

    @property
    def size(self) -> int:
        """Elements there are."""
        return self.update.run.model.layout.size

    @property
    def is_complete(self) -> bool:
        """Whether every element has been nudged."""
        return self.count == self.size

    @property
    def forward_passes(self) -> int:
        """Forward passes made: two an element."""
        return 2 * self.count

    @property
    def computed(self) -> Vector:
        """The gradient of the elements nudged as the update computed it: (count,)."""
        return self.update.gradient[: self.count]

    @property
    def difference(self) -> float:
        """The largest difference between both ways, over the largest gradient among the elements nudged."""
        largest = float(np.abs([self.computed, self.nudges.slopes]).max())
        return float(np.abs(self.computed - self.nudges.slopes).max()) / largest if largest else 0.0


def nothing_nudged(update: Update) -> Nudging:
    """Return the nudging of an update before its first element."""
    return Nudging(update, Nudges(*np.empty((3, 0))))


def nudged(nudging: Nudging, count: int) -> Nudging:
    """Return the nudging with up to `count` more elements; two forward passes each."""
    update = nudging.update
    elements = range(nudging.count, min(nudging.count + count, nudging.size))
    theta = update.before.theta
    with np.errstate(all="ignore"):
        more = nudge(update.run.model.objective(theta, update.samples), theta, elements)
    known = nudging.nudges
    parts = ("above", "below", "distance")
    return replace(
        nudging, nudges=Nudges(*(np.concatenate([getattr(known, part), getattr(more, part)]) for part in parts))
    )
