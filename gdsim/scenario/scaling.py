"""Scaling of columns, and back again for axes that carry real units."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from gdsim.engine.parameters import Vector
from gdsim.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """scaled = (raw − offset)/width, column by column; offset, width: (columns,).

    A width of 0 stands for a column whose samples are all alike: it scales to 0.
    """

    offset: Vector
    width: Vector

    def apply(self, raw: Vector) -> Vector:
        """Return raw (samples, columns) as scaled."""
        return np.divide(raw - self.offset, self.width, out=np.zeros(raw.shape), where=self.width != 0.0)

    def undo(self, scaled: Vector) -> Vector:
        """Return scaled (samples, columns) in its own units."""
        return self.offset + scaled * self.width

    @property
    def is_none(self) -> bool:
        """Whether scaled and raw are the same numbers."""
        return not self.offset.any() and bool((self.width == 1.0).all())


def _none(raw: Vector) -> Scaling:
    return Scaling(np.zeros(raw.shape[1]), np.ones(raw.shape[1]))


def _min_max(raw: Vector) -> Scaling:
    low = raw.min(axis=0)
    return Scaling(low, raw.max(axis=0) - low)


def _standard(raw: Vector) -> Scaling:
    # A constant column's mean may be rounded, and then its deviation is not exactly 0.
    deviation = np.where(raw.min(axis=0) == raw.max(axis=0), 0.0, raw.std(axis=0))
    return Scaling(raw.mean(axis=0), deviation)


SCALINGS: Mapping[str, Callable[[Vector], Scaling]] = {
    "none": _none,  # x
    "min-max": _min_max,  # (x − min)/(max − min)
    "standard": _standard,  # (x − mean)/deviation, the population's: divided by n
}
"""Ways to scale, each found from raw samples (samples, columns)."""
