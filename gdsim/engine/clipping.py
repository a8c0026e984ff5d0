"""Gradients cut short before the rule sees them: as a whole to a length (Pascanu et al. 2013), or each number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdsim.engine.parameters import Vector


@dataclass(frozen=True, slots=True)
class Clip:
    """norm: the Euclidean length no gradient exceeds; or value: what no number of it exceeds; the other is None."""

    norm: float | None = None
    value: float | None = None

    def apply(self, gradient: Vector) -> Vector:
        """Return the gradient (size,) as the rule sees it."""
        if self.value is not None:
            return np.clip(gradient, -self.value, self.value)
        assert self.norm is not None
        length = float(np.sqrt(np.add.reduce(gradient * gradient)))
        return gradient * (self.norm / length) if length > self.norm else gradient
