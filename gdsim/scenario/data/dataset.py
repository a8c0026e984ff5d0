"""Samples ready for a model: scaled inputs and targets, and the way back to their original units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.formula.expressions import Expression, ExpressionError, parse
from gdsim.engine.names import typeset
from gdsim.engine.parameters import Vector
from gdsim.scenario import limits
from gdsim.scenario.mistakes import Path, RefusedError, counted, shown


@dataclass(frozen=True, slots=True, eq=False)
class RawData:
    """Samples of one source.

    inputs: (samples, inputs). Either targets: (samples, outputs), or labels: (samples,), the class of each sample as an
    index into class_names. Names are empty if the source has none.
    image_shape: rows and columns if the inputs are a picture, else None. notes: what was decided while reading them.
    """

    inputs: Vector
    targets: Vector | None = None
    labels: NDArray[np.intp] | None = None
    class_names: tuple[str, ...] = ()
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples of a scenario, one per row; all arrays are read-only.

    inputs: (samples, inputs), after features and scaling, as the model sees them; targets: (samples, outputs), scaled.
    test_inputs, test_targets: the held-out samples, processed in the same way; no rows if there are none.
    raw_inputs: (samples, raw inputs), before features and scaling, of the training samples.
    input_names: of the model's inputs; raw_input_names: of the raw inputs; both the same without features.
    target_names: one per output; class_names: the classes that targets stand for, empty if targets are numbers.
    features: expressions of the raw inputs, empty if the raw inputs are the inputs.
    input_scaling: of the inputs (after features); target_scaling: of the targets.
    image_shape: rows and columns if a sample is a picture, else None.
    notes: what was decided while reading its file, in words.
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
    notes: tuple[str, ...] = ()

    def prepared(self, raw: Vector) -> Vector:
        """Return raw inputs (samples, raw inputs) as the model sees them: (samples, inputs)."""
        return self.input_scaling.apply(columns_of(self.features, raw) if self.features else raw)

    def in_units(self, outputs: Vector) -> Vector:
        """Return targets or predictions (samples, outputs) in their original units."""
        return self.target_scaling.undo(outputs)

    @property
    def input_symbols(self) -> tuple[str, ...]:
        """The model's inputs as a learner sees them: features such as ``x²``, else names such as ``x₁``."""
        return tuple(feature.pretty() for feature in self.features) or tuple(map(typeset, self.input_names))

    @property
    def target_symbols(self) -> tuple[str, ...]:
        """The targets as a learner sees them: names such as ``y₁``."""
        return tuple(map(typeset, self.target_names))

    @property
    def raw_input_ranges(self) -> Vector:
        """Lowest and highest value of every raw input: (raw inputs, 2)."""
        return np.stack([self.raw_inputs.min(axis=0), self.raw_inputs.max(axis=0)], axis=1)

    @property
    def raw_target_ranges(self) -> Vector:
        """Lowest and highest value of every target, in its original units: (outputs, 2)."""
        raw = self.in_units(self.targets)
        return np.stack([raw.min(axis=0), raw.max(axis=0)], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """scaled = (raw − offset)/width, column by column; offset, width: (columns,).

    A width of 0 marks a column with the same number in every sample: it scales to 0.
    """

    offset: Vector
    width: Vector

    def apply(self, raw: Vector) -> Vector:
        """Return `raw` (samples, columns) scaled."""
        return np.divide(raw - self.offset, self.width, out=np.zeros(raw.shape), where=self.width != 0.0)

    def undo(self, scaled: Vector) -> Vector:
        """Return `scaled` (samples, columns) in its original units."""
        return self.offset + scaled * self.width

    @property
    def is_none(self) -> bool:
        """Whether scaling changes no number."""
        return not self.offset.any() and bool((self.width == 1.0).all())


def _standard(raw: Vector) -> Scaling:
    # A constant column's mean may be rounded, and then its deviation is not exactly 0.
    deviation = np.where(raw.min(axis=0) == raw.max(axis=0), 0.0, raw.std(axis=0))
    return Scaling(raw.mean(axis=0), deviation)


SCALINGS: Mapping[str, Callable[[Vector], Scaling]] = {
    "none": lambda raw: Scaling(np.zeros(raw.shape[1]), np.ones(raw.shape[1])),  # x
    "min-max": lambda raw: Scaling(raw.min(axis=0), raw.max(axis=0) - raw.min(axis=0)),  # (x − min)/(max − min)
    "standard": _standard,  # (x − mean)/deviation, the population's: divided by n
}
"""Scalings by name, each computed from raw samples (samples, columns)."""


def read_expression(text: str, variables: Sequence[str], path: Path = ()) -> Expression:
    """Return the parsed expression. Raises RefusedError at `path`, with a caret under the fault."""
    try:
        return parse(text, variables)
    except ExpressionError as error:
        raise RefusedError(f"{error.what}\n{error.caret()}", path=path) from None


def check_work(texts: Sequence[str], samples: int, path: Path) -> None:
    """Raise RefusedError if evaluating the expressions over all samples would take too much time or memory."""
    characters = sum(map(len, texts))
    over = f"{counted(samples, 'sample')} ×"
    if characters > limits.FEATURES_CHARACTERS:
        most = f"at most {limits.FEATURES_CHARACTERS} together"
        raise RefusedError(f"{characters} characters of expressions", most, path)
    if samples * characters > limits.EXPRESSION_WORK:
        most = f"their product is at most {limits.EXPRESSION_WORK}"
        raise RefusedError(f"{over} {counted(characters, 'character')} of expressions", most, path)
    if samples * len(texts) > limits.COMPUTED_NUMBERS:
        most = f"their product is at most {limits.COMPUTED_NUMBERS}"
        raise RefusedError(f"{over} {counted(len(texts), 'expression')}", most, path)


def columns_of(expressions: Sequence[Expression], values: Vector) -> Vector:
    """Return the value of each expression at each row of `values` (samples, variables): (samples, expressions)."""
    return np.column_stack([np.broadcast_to(expression(*values.T), len(values)) for expression in expressions])


def check_finite(columns: Vector, texts: Sequence[str], path: Path) -> None:
    """Raise RefusedError if an expression, a column of (samples, expressions), is not finite for every sample."""
    wrong = np.argwhere(~np.isfinite(columns))
    if len(wrong):
        sample, column = map(int, wrong[0])
        value = columns[sample, column]
        raise RefusedError(f"{shown(texts[column])} is {value:g} for sample {sample}", "finite numbers", path)
