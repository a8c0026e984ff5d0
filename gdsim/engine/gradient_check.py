"""Gradient checks by nudging: central differences compared with the gradient a model computes.

(C(θ + hᵢ) − C(θ − hᵢ)) / 2h for each element i, with h = ∛ε·max(1, |θᵢ|), which balances the truncation error h²
against the rounding error ε/h (Press et al., Numerical Recipes, 5.7). Each element takes two forward passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.parameters import Vector
from gdsim.engine.update import Model, Objective, Samples, Update

RELATIVE_TOLERANCE = 1e-5

Beside = tuple[float, float, float]
"""The loss after moving an element of θ up, the loss after moving it down, and the distance between both points."""

_EPSILON = float(np.finfo(np.float64).eps)


class BlockCheck(NamedTuple):
    """The comparison for one block of θ.

    worst: the element of θ where the two gradients differ most; computed, nudged: its two gradients.
    relative: their difference over the largest gradient of the block; it includes rounding, which `passed` allows for.
    """

    name: str
    worst: int
    computed: float
    nudged: float
    relative: float
    passed: bool


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The blocks compared, with the number of elements checked and the size of θ."""

    blocks: tuple[BlockCheck, ...]
    checked: int
    size: int

    @property
    def passed(self) -> bool:
        """Whether every block agrees."""
        return all(block.passed for block in self.blocks)

    @property
    def worst(self) -> BlockCheck:
        """The block furthest off: by absolute difference among those that failed, else by relative difference."""
        failed = [block for block in self.blocks if not block.passed]
        if failed:
            return max(failed, key=lambda block: np.nan_to_num(abs(block.computed - block.nudged), nan=np.inf))
        return max(self.blocks, key=lambda block: block.relative)


class Nudges(NamedTuple):
    """The losses after moving each element of θ up or down, and the distance between both points: (elements,) each."""

    above: Vector
    below: Vector
    distance: Vector

    @classmethod
    def of(cls, measured: Sequence[Beside]) -> Nudges:
        """Return the results of `nudge` as arrays."""
        return cls(*np.array(measured, dtype=np.float64).reshape(-1, 3).T)

    @property
    def slopes(self) -> Vector:
        """The central differences."""
        return (self.above - self.below) / self.distance

    @property
    def noise(self) -> Vector:
        """The possible rounding error of each slope: of the losses, and of terms of size 1 that cancel inside them."""
        return _EPSILON * (8 * (np.abs(self.above) + np.abs(self.below)) + 4) / self.distance

    def is_between(self, gradient: Vector, centre: float) -> NDArray[np.bool_]:
        """Whether each gradient lies between the slopes left and right of θ. centre: the loss at θ itself.

        This holds at a minimum, where both slopes are near 0, and at a kink, where any slope between them is correct.
        """
        left, right = 2 * (centre - self.below) / self.distance, 2 * (self.above - centre) / self.distance
        low, high = np.minimum(left, right) - self.noise, np.maximum(left, right) + self.noise
        return np.asarray((low <= gradient) & (gradient <= high))


def nudge(objective: Objective, theta: Vector, elements: Iterable[int]) -> Iterator[Beside]:
    """Yield the value of `objective` on both sides of θ for each given element; two evaluations each."""
    moved = np.array(theta, dtype=np.float64)
    for i in elements:
        h = np.cbrt(_EPSILON) * max(1.0, abs(theta[i]))
        up, down = theta[i] + h, theta[i] - h
        with np.errstate(all="ignore"):
            moved[i] = up
            above = objective(moved)
            moved[i] = down
            below = objective(moved)
        moved[i] = theta[i]
        yield above, below, up - down


@np.errstate(all="ignore")
def check_gradient(
    model: Model,
    theta: Vector,
    samples: Samples,
    gradient: Vector,
    elements: Sequence[int] | None = None,
    nudged: Sequence[Beside] | None = None,
) -> GradientCheck:
    """Compare `gradient` (size,) with central differences of the model's own objective, block by block.

    elements: the elements of θ to nudge, all by default; blocks without any are left out. nudged: the results for the
    first of them if they are known already; only these are compared.
    """
    objective = model.objective(theta, samples)
    chosen = np.arange(theta.size) if elements is None else np.array(list(dict.fromkeys(elements)), dtype=np.intp)
    nudges = Nudges.of(list(nudge(objective, theta, chosen.tolist())) if nudged is None else nudged)
    chosen = chosen[: len(nudges.above)]
    computed = gradient[chosen]
    difference = np.abs(computed - nudges.slopes)
    excess = np.where(np.isfinite(difference), np.maximum(difference - nudges.noise, 0.0), np.inf)
    blocks = _blocks(model, chosen, computed, nudges.slopes, excess)
    if not all(block.passed for block in blocks):
        excess[nudges.is_between(computed, objective(theta))] = 0.0
        blocks = _blocks(model, chosen, computed, nudges.slopes, excess)
    return GradientCheck(blocks, chosen.size, theta.size)


def _blocks(
    model: Model, chosen: NDArray[np.intp], computed: Vector, nudged: Vector, excess: Vector
) -> tuple[BlockCheck, ...]:
    return tuple(
        _compare(name, chosen[inside], computed[inside], nudged[inside], excess[inside])
        for name, part in model.layout.slices.items()
        if (inside := (chosen >= part.start) & (chosen < part.stop)).any()
    )


def _compare(name: str, elements: NDArray[np.intp], computed: Vector, nudged: Vector, excess: Vector) -> BlockCheck:
    """Compare one block. excess: each difference minus its possible rounding error."""
    difference, scale = np.abs(computed - nudged), float(np.nanmax(np.abs([computed, nudged])))
    worst = int(np.argmax(excess if excess.any() else np.nan_to_num(difference)))
    passed = float(excess[worst]) <= RELATIVE_TOLERANCE * scale
    relative = float(difference[worst]) / scale if difference[worst] else 0.0
    return BlockCheck(name, int(elements[worst]), float(computed[worst]), float(nudged[worst]), relative, passed)


@dataclass(frozen=True, slots=True, eq=False)
class Nudging:
    """A gradient check in progress, shown to a learner: the first elements of an update's gradient, in order.

    Compared by identity: two are equal only if they are the same object.
    """

    update: Update
    measured: tuple[Beside, ...] = ()

    @property
    def nudges(self) -> Nudges:
        """The losses on both sides of θ for the elements nudged."""
        return Nudges.of(self.measured)

    @property
    def count(self) -> int:
        """Number of elements nudged."""
        return len(self.measured)

    @property
    def size(self) -> int:
        """Number of elements in θ."""
        return self.update.run.model.layout.size

    @property
    def is_complete(self) -> bool:
        """Whether every element has been nudged."""
        return self.count == self.size

    @property
    def forward_passes(self) -> int:
        """Number of forward passes made: two per element."""
        return 2 * self.count

    @property
    def computed(self) -> Vector:
        """The update's own gradient of the elements nudged: (count,)."""
        return self.update.gradient[: self.count]

    @property
    def slopes(self) -> Vector:
        """The gradient of the elements nudged, found by nudging; 0 where both gradients are 0 within rounding."""
        nudges = self.nudges
        is_zero = np.maximum(np.abs(nudges.slopes), np.abs(self.computed)) <= nudges.noise
        return np.where(is_zero, 0.0, nudges.slopes)

    @property
    def agrees(self) -> bool:
        """Whether both gradients agree, by the criterion of the gradient indicator."""
        update = self.update
        theta, gradient, done = update.at, update.gradient, range(self.count)
        return check_gradient(update.model, theta, update.samples, gradient, done, self.measured).passed

    @property
    def difference(self) -> float:
        """The largest difference between both gradients, over the largest gradient of the elements nudged."""
        largest = float(np.abs([self.computed, self.slopes]).max())
        return float(np.abs(self.computed - self.slopes).max()) / largest if largest else 0.0

    def further(self, count: int) -> Nudging:
        """Return the check with up to `count` more elements nudged; two forward passes each."""
        theta = self.update.at
        elements = range(self.count, min(self.count + count, self.size))
        objective = self.update.model.objective(theta, self.update.samples)
        return replace(self, measured=(*self.measured, *nudge(objective, theta, elements)))
