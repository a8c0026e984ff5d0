"""What a model learns from, ready for it: inputs and targets as scaled, and the way back to real units."""

from __future__ import annotations

import numpy as np

from gdsim.engine.expressions import Expression
from gdsim.engine.parameters import Vector
from gdsim.records import dataclass
from gdsim.scenario.features import columns_of
from gdsim.scenario.scaling import Scaling


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples of a scenario, rows; all arrays read-only.

    inputs: (samples, inputs), after features and scaling, as the model sees them; targets: (samples, outputs), scaled.
    test_inputs, test_targets: samples held out, treated the same; no rows where none are.
    raw_inputs: (samples, raw inputs), before features and scaling, of the samples learnt from.
    input_names: of the model's inputs; raw_input_names: of the raw inputs; both the same without features.
    target_names: one an output; class_names: the classes that targets stand for, empty where they are numbers.
    features: expressions of the raw inputs, empty where these are the inputs.
    input_scaling: of the inputs (after features); target_scaling: of the targets.
    image_shape: rows and columns of the picture a sample is, else None.
    """

    inputs: Vector
    targets: Vector
    test_inputs: Vector
    test_targets: Vector
    raw_inputs: Vector
    input_names: tuple[str, ...]
    raw_input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    class_names: tuple[str, ...]
    features: tuple[Expression, ...]
    input_scaling: Scaling
    target_scaling: Scaling
    image_shape: tuple[int, int] | None = None

    def prepared(self, raw: Vector) -> Vector:
        """Return raw inputs (samples, raw inputs) as the model sees them: (samples, inputs)."""
        return self.input_scaling.apply(columns_of(self.features, raw) if self.features else raw)

    def in_units(self, outputs: Vector) -> Vector:
        """Return targets or predictions (samples, outputs) in their own units."""
        return self.target_scaling.undo(outputs)

    @property
    def raw_input_ranges(self) -> Vector:
        """Lowest and highest of every raw input: (raw inputs, 2)."""
        return np.stack([self.raw_inputs.min(axis=0), self.raw_inputs.max(axis=0)], axis=1)

    @property
    def raw_target_ranges(self) -> Vector:
        """Lowest and highest of every target, in its own units: (outputs, 2)."""
        raw = self.in_units(self.targets)
        return np.stack([raw.min(axis=0), raw.max(axis=0)], axis=1)
