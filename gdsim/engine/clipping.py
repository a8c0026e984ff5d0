"""Gradients cut short before the rule sees them: as a whole to a length (Pascanu et al. 2013), or each number."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from gdsim.engine.parameters import Vector


@dataclass(frozen=True, slots=True)
class Clip:
    """norm: the Euclidean length no gradient exceeds; or value: what no number of it exceeds; the other is None."""

    norm: float | None = None
    value: float | None = None

    def __str__(self) -> str:
        return f"norm {self.norm:g}" if self.norm is not None else f"value {self.value:g}"

    def apply(self, gradient: Vector) -> Vector:
        """Return the gradient (size,) as the rule sees it."""
        if self.value is not None:
            return np.clip(gradient, -self.value, self.value)
        assert self.norm is not None
        length = float(np.sqrt(np.add.reduce(gradient * gradient)))
        return gradient * (self.norm / length) if length > self.norm else gradient


def clip_of(words: str) -> Clip | None:
    """Return the clip written in words: ``norm 1``, ``value 0.5``, or ``none`` for no clip.

    Raises ValueError, with what is expected instead.
    """
    if words == "none":
        return None
    kind, _space, number = words.partition(" ")
    try:
        limit = float(number.replace("−", "-"))
    except ValueError:
        limit = 0.0
    if kind not in ("norm", "value") or not 0 < limit < inf:
        raise ValueError("norm NUMBER, value NUMBER, none")
    return Clip(limit) if kind == "norm" else Clip(value=limit)
