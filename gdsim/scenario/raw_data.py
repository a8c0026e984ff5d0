"""Samples as they come from a source, before features, scaling and the split."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.parameters import Vector
from gdsim.records import dataclass
from gdsim.scenario.mistakes import RefusedError, counted


@dataclass(frozen=True, slots=True, eq=False)
class RawData:
    """Samples of one source.

    inputs: (samples, inputs). Then either targets (samples, outputs), or labels: (samples,) the class of each sample
    as an index into class_names. Names are empty where the source has none.
    image_shape: rows and columns of the picture the inputs are, else None.
    """

    inputs: Vector
    targets: Vector | None = None
    labels: NDArray[np.intp] | None = None
    class_names: tuple[str, ...] = ()
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None


def as_targets(raw: RawData, units: int | None) -> tuple[Vector, tuple[str, ...]]:
    """Return targets (samples, outputs) for an output layer of `units`, and the class names where they are classes.

    As many classes as units (two or more): one-hot rows. Two classes for one unit: 0 and 1.
    Numbers stay as they are, except whole ones in a single column with as many different values as there are units.
    units None: not known, so nothing is refused. Raises RefusedError when the classes do not fit.
    """
    labels, names = raw.labels, raw.class_names
    if labels is None:
        assert raw.targets is not None
        if units is None or units < 2 or raw.targets.shape[1] != 1:
            return raw.targets, ()
        column = raw.targets[:, 0]
        values, labels = np.unique(column, return_inverse=True)
        if len(values) != units or (values != np.round(values)).any():
            return raw.targets, ()
        names = tuple(f"{value:g}" for value in values)
    if units is not None and units >= 2 and len(names) == units:
        return np.eye(units)[labels], names
    if units is None or (units == 1 and len(names) <= 2):
        return labels[:, np.newaxis].astype(np.float64), names
    raise RefusedError(
        f"{counted(len(names), 'class', 'classes')} of samples, but {counted(units, 'output')}",
        f"an output layer of {counted(max(len(names), 1), 'unit')}",
    )
