"""The gradient of an update once more, the slow way: one element of θ after another is nudged and the loss measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdsim.engine.gradient_check import Beside, Nudges, check_gradient, nudge
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Update


@dataclass(frozen=True, slots=True, eq=False)
class Nudging:
    """What has been nudged so far of an update's gradient: the first elements of θ, in their order.

    Compared as a whole: two of them are equal only when they are the same.
    """

    update: Update
    measured: tuple[Beside, ...] = ()

    @property
    def nudges(self) -> Nudges:
        """The losses beside θ of the elements nudged."""
        return Nudges.of(self.measured)

    @property
    def count(self) -> int:
        """Elements nudged."""
        return len(self.measured)

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
    def slopes(self) -> Vector:
        """The gradient of the elements nudged as nudging finds it: 0 where both ways are 0 as far as rounding tells."""
        nudges = self.nudges
        is_zero = np.maximum(np.abs(nudges.slopes), np.abs(self.computed)) <= nudges.noise
        return np.where(is_zero, 0.0, nudges.slopes)

    @property
    def agrees(self) -> bool:
        """Whether both ways agree by the measure of the gradient indicator."""
        update = self.update
        theta, gradient, done = update.at, update.gradient, range(self.count)
        return check_gradient(update.model, theta, update.samples, gradient, done, self.measured).passed

    @property
    def difference(self) -> float:
        """The largest difference between both ways, over the largest gradient among the elements nudged."""
        largest = float(np.abs([self.computed, self.slopes]).max())
        return float(np.abs(self.computed - self.slopes).max()) / largest if largest else 0.0

    def further(self, count: int) -> Nudging:
        """Return the nudging with up to `count` more elements; two forward passes each."""
        theta = self.update.at
        elements = range(self.count, min(self.count + count, self.size))
        objective = self.update.model.objective(theta, self.update.samples)
        return replace(self, measured=(*self.measured, *nudge(objective, theta, elements)))
