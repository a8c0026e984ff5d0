"""Penalties on large weights, added to the loss of a network; biases are left out.

λ₂/2·Σw² (l2; Hoerl & Kennard 1970, in networks "weight decay") and λ₁·Σ|w| (l1; Tibshirani 1996).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from gdsim.engine.parameters import Vector


class Penalty(NamedTuple):
    """l2, l1: how much squares and sizes of weights count; 0 where they do not."""

    l2: float = 0.0
    l1: float = 0.0

    @property
    def formula(self) -> str:
        """What is added to the loss."""
        return " + ".join(text for text, rate in (("λ₂/2·Σw²", self.l2), ("λ₁·Σ|w|", self.l1)) if rate)

    def slope_formula(self, weight: str) -> str:
        """What is added to the gradient of a weight of that name."""
        parts = ((f"λ₂{weight}", self.l2), (f"λ₁sign({weight})", self.l1))
        return " + ".join(text for text, rate in parts if rate)

    def value(self, weights: Iterable[Vector]) -> float:
        """Return what is added to the loss for all weights, in blocks of any shape."""
        return float(sum(self.l2 / 2 * np.sum(W * W) + self.l1 * np.sum(np.abs(W)) for W in weights))

    def slope(self, weights: Vector) -> Vector:
        """Return what is added to the gradient of weights, in their shape; where a weight is 0, |w| has the slope 0."""
        return np.asarray(self.l2 * weights + self.l1 * np.sign(weights))
