"""What a perceptron or network learns from: the table [data]."""

from typing import Annotated

from gdsim.scenario import limits
from gdsim.scenario.data.dataset import SCALINGS
from gdsim.scenario.data.datasets import DATASETS
from gdsim.scenario.fields import (
    AtMost,
    Checked,
    Formula,
    Name,
    NotNegative,
    Several,
    Within,
    named,
    read_matrix,
    read_numbers,
)
from gdsim.scenario.mistakes import RefusedError, found
from gdsim.scenario.table import Table, entry

Rows = tuple[tuple[float, ...], ...]
Columns = tuple[str, ...]

_NUMBER_ROWS = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}
_NUMBER_LIST = {"type": "array", "items": {"type": "number"}}
_NAME_LIST = {"type": "array", "items": {"type": "string"}}


def _column_names(value: list[object] | tuple[object, ...]) -> Columns:
    names = tuple(name for name in value if isinstance(name, str))
    if len(names) != len(value):
        wrong = next(name for name in value if not isinstance(name, str))
        raise RefusedError(found(wrong), "names of columns")
    return names


def _inputs(value: object) -> Rows | Columns:
    if isinstance(value, list | tuple) and value and isinstance(value[0], str):
        return _column_names(value)
    if isinstance(value, list | tuple) and value and isinstance(value[0], list | tuple):
        return read_matrix(value)
    raise RefusedError(found(value), "samples × inputs, a list of rows; or with file the names of columns")


def _targets(value: object) -> Rows | Columns:
    """A plain list of numbers becomes rows of one number."""
    if isinstance(value, list | tuple) and value:
        if isinstance(value[0], str):
            return _column_names(value)
        if isinstance(value[0], list | tuple):
            return read_matrix(value)
        return tuple((number,) for number in read_numbers(value))
    raise RefusedError(found(value), "a list of numbers, or samples × outputs; or with file the names of columns")


def _distribution(value: object) -> object:
    if value == "normal":
        return value
    if isinstance(value, list | tuple) and len(value) == 2:
        low, high = read_numbers(value)
        if low < high:
            return (low, high)
    raise RefusedError(found(value), '"normal", or [low, high] with low below high')


class DatasetOptions(Table):
    """How much of a bundled data set, and how blurred."""

    samples: Annotated[int, Within(gt=0, le=limits.SAMPLES)] | None = entry(
        None, description="Samples to take or make."
    )
    noise: NotNegative | None = entry(None, description="Standard deviation of the normal noise added to each input.")


class GenerateSection(Table):
    """Samples made from a formula."""

    samples: Annotated[int, Within(gt=0, le=limits.SAMPLES)] = entry(description="Samples to make.", examples=[1000])
    x: Annotated[
        str | tuple[float, float],
        Checked(
            _distribution,
            {"anyOf": [{"const": "normal"}, {**_NUMBER_LIST, "minItems": 2, "maxItems": 2}]},
        ),
    ] = entry(description='"normal", or [low, high] for evenly likely numbers between.', examples=["normal", [0, 1]])
    target: Formula = entry(description="The target as an expression of x.", examples=["10*x**2 + 5*x + 12"])
    noise: NotNegative = entry(0.0, description="Standard deviation of the normal noise added to each target.")


class ScaleSection(Table):
    """How numbers are scaled, column by column, by what the samples learnt from show."""

    inputs: Annotated[str, named(SCALINGS)] = entry(
        "none", description="min-max: to 0…1; standard: mean 0, population deviation 1. Features are scaled last."
    )
    targets: Annotated[str, named(SCALINGS)] = entry("none", description="As for inputs.")


class DataSection(Table):
    """Samples from exactly one source: inputs and targets, file, dataset, images and labels, or generate."""

    inputs: Annotated[Rows | Columns, Checked(_inputs, {"anyOf": [_NUMBER_ROWS, _NAME_LIST]})] | None = entry(
        None, description="Samples × inputs; with `file` the names of columns.", examples=[[[0.8, 0.4], [0.3, 0.1]]]
    )
    targets: (
        Annotated[Rows | Columns, Checked(_targets, {"anyOf": [_NUMBER_LIST, _NUMBER_ROWS, _NAME_LIST]})] | None
    ) = entry(None, description="One number a sample, or samples × outputs; with `file` the names of columns.")
    file: Name | None = entry(
        None, description="A CSV file beside the scenario, with a header.", examples=["points.csv"]
    )
    dataset: Annotated[str, named(DATASETS)] | None = entry(None, description="A bundled data set.")
    options: DatasetOptions | None = entry(None, description="How much of the bundled data set, and how blurred.")
    images: Name | None = entry(
        None, description="An IDX file of pictures, plain or gzip.", examples=["train-images-idx3-ubyte.gz"]
    )
    labels: Name | None = entry(
        None, description="The IDX file of the pictures' labels.", examples=["train-labels-idx1-ubyte.gz"]
    )
    generate: GenerateSection | None = entry(None, description="Samples made from a formula.")
    input_names: Annotated[Several[Name], AtMost(limits.INPUTS)] | None = entry(
        None, description="What the screen calls each input."
    )
    target_names: Annotated[Several[Name], AtMost(limits.UNITS)] | None = entry(
        None, description="What the screen calls each target."
    )
    scale: ScaleSection = entry(ScaleSection(), description="How inputs and targets are scaled.")
    features: Annotated[Several[Formula], Within(min_length=1), AtMost(limits.INPUTS)] | None = entry(
        None, description="Expressions of the inputs that replace them.", examples=[["x**2", "x"]]
    )
    test_fraction: Annotated[float, Within(ge=0, lt=1)] = entry(
        0.0, description="Part of the samples held out, for accuracy on unseen ones."
    )
