"""The gradient by nudging: central differences beside the gradient a model computes.

(C(θ + hᵢ) − C(θ − hᵢ)) / 2h for each element i, with h = ∛ε·max(1, |θᵢ|), which balances the truncation error h²
against the rounding error ε/h (Press et al., Numerical Recipes, 5.7). Two forward passes an element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.engine.update import Model, Objective, Samples

RELATIVE_TOLERANCE = 1e-5
_EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class BlockCheck:
    """How one block of θ compares.

    worst: the element of θ where the two differ most; computed, nudged: its gradient both ways.
    relative: that difference over the larger gradient of the block.
    """

    name: str
    worst: int
    computed: float
    nudged: float
    relative: float
    passed: bool


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The blocks compared, and how many forward passes the nudging took."""

    blocks: tuple[BlockCheck, ...]
    forward_passes: int
    checked: int
    size: int

    @property
    def passed(self) -> bool:
        """Whether every block agrees."""
        return all(block.passed for block in self.blocks)

    @property
    def worst(self) -> BlockCheck:
        """The block that differs most: one that failed, before one that passed."""
        return max(self.blocks, key=lambda block: (not block.passed, block.relative))


def nudged_gradient(objective: Objective, theta: Vector, elements: Sequence[int]) -> tuple[Vector, Vector]:
    """Return the central differences of `objective` at θ for the given elements, and their rounding noise.

    Both (elements,). Each takes two evaluations.
    """
    nudged, noise = np.empty(len(elements)), np.empty(len(elements))
    moved = np.array(theta, dtype=np.float64)
    for k, i in enumerate(elements):
        h = np.cbrt(_EPSILON) * max(1.0, abs(theta[i]))
        up, down = theta[i] + h, theta[i] - h
        moved[i] = up
        above = objective(moved)
        moved[i] = down
        below = objective(moved)
        moved[i] = theta[i]
        nudged[k] = (above - below) / (up - down)
        noise[k] = 8 * _EPSILON * (abs(above) + abs(below)) / (up - down)
    return nudged, noise


@np.errstate(all="ignore")
def check_gradient(
    model: Model, theta: Vector, samples: Samples, gradient: Vector, elements: Sequence[int] | None = None
) -> GradientCheck:
    """Compare `gradient` (size,) with central differences of the model's own objective, block by block.

    elements: which elements of θ to nudge, all by default; blocks without any are left out.
    """
    chosen = np.arange(theta.size) if elements is None else np.unique(np.asarray(elements, dtype=np.intp))
    nudged, noise = nudged_gradient(model.objective(theta, samples), theta, chosen.tolist())
    blocks = tuple(
        _compare(name, chosen[inside], gradient[chosen[inside]], nudged[inside], noise[inside])
        for name, part in model.layout.slices.items()
        if (inside := (chosen >= part.start) & (chosen < part.stop)).any()
    )
    return GradientCheck(blocks, 2 * chosen.size, chosen.size, theta.size)


def _compare(name: str, elements: Vector, computed: Vector, nudged: Vector, noise: Vector) -> BlockCheck:
    difference = np.abs(computed - nudged)
    scale = float(max(np.abs(computed).max(), np.abs(nudged).max()))
    excess = np.where(np.isfinite(difference), difference - noise, np.inf)
    worst = int(np.argmax(excess))
    relative = float(max(difference[worst] - noise[worst], 0.0) / scale) if scale > 0 else 0.0
    return BlockCheck(
        name,
        int(elements[worst]),
        float(computed[worst]),
        float(nudged[worst]),
        relative,
        bool(np.isfinite(relative)) and relative <= RELATIVE_TOLERANCE,
    )
