"""What is minimised, and what it learns from: [function], [perceptron], [network], [as_published] and [data]."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.initialisers import INITIALISERS
from gdsim.engine.losses import LOSSES
from gdsim.scenario import limits
from gdsim.scenario.data.dataset import SCALINGS
from gdsim.scenario.data.datasets import DATASETS
from gdsim.scenario.mistakes import RefusedError, found
from gdsim.scenario.schema_values import (
    AtMost,
    Count,
    FileName,
    Formula,
    Matrix,
    Name,
    NotNegative,
    Numbers,
    OneOf,
    Positive,
    Prose,
    Range,
    Section,
    Several,
    is_whole,
    read_matrix,
    read_numbers,
)


class FunctionSection(Section):
    """An expression of 1 to 8 variables that is minimised."""

    expression: Formula = Field(
        description="What is minimised. Knows + - * / **, parentheses, numbers, pi, e, and sin cos tan exp log "
        "sqrt abs tanh sigmoid relu sinh cosh asin acos atan log2 log10, and of two values max min.",
        examples=["(x - 2)**2"],
    )
    gradient: dict[str, Formula] | None = Field(
        None,
        description="The partial derivative by each variable; derived from the expression when absent.",
        examples=[{"x": "2*(x - 2)"}],
    )
    start: dict[str, float] = Field(
        description="Where the walk starts; gives the variables their names and order.",
        examples=[{"x": 4.0}],
    )
    starts: Annotated[Several[dict[str, float]], AtMost(limits.LISTED)] = Field(
        (), description="Further starting points, one key away.", examples=[[{"x": 0.0}]]
    )
    view: dict[str, Range] | None = Field(
        None, description="The part of each axis that charts show.", examples=[{"x": [-1.0, 5.0]}]
    )


class PerceptronSection(Section):
    """Rosenblatt's perceptron: one visited sample an update."""

    weights: Numbers = Field(description="Starting weights, one an input.", examples=[[0.0, 0.0]])
    bias: float = Field(0.0, description="Starting bias.")
    tie: int = Field(1, ge=0, le=1, description="The class of a point exactly on the line: 1 or 0.")
    tie_tolerance: NotNegative = Field(
        0.0, description="How far from 0 the sum wᵀx + b may be and still count as a tie."
    )
    train_bias: bool = Field(True, description="Whether corrections change the bias; false keeps it as a threshold.")


class InitSection(Section):
    """Random starting weights; biases start at 0."""

    method: Annotated[str, OneOf(INITIALISERS)] = Field(
        description="normal: N(0, scale²); uniform: between −scale and scale; xavier: N(0, 2/(inputs + units)); "
        "he: N(0, 2/inputs); zeros.",
        examples=["normal"],
    )
    scale: Positive | None = Field(None, description="What the random numbers are multiplied by; 1 when absent.")


class LayerSection(Section):
    """One full layer of a network."""

    units: int = Field(gt=0, le=limits.UNITS, description="Neurons of the layer.", examples=[2])
    activation: Annotated[str, OneOf(ACTIVATIONS)] = Field(
        description="softmax: in the last layer only, with categorical-cross-entropy.", examples=["sigmoid"]
    )
    weights: Matrix | None = Field(
        None,
        description="Starting weights, units × inputs: row j holds what neuron j listens to.",
        examples=[[[0.15, 0.20], [0.25, 0.30]]],
    )
    biases: Numbers | None = Field(None, description="Starting biases, one a unit.", examples=[[0.35, 0.35]])
    init: InitSection | None = Field(
        None, description="Random starting weights instead of `weights` and `biases`.", examples=[{"method": "normal"}]
    )
    weight_names: Annotated[Several[Annotated[Several[Name], AtMost(limits.INPUTS)]], AtMost(limits.UNITS)] | None = (
        Field(
            None,
            description="What the screen calls each weight, units × inputs.",
            examples=[[["w1", "w2"], ["w3", "w4"]]],
        )
    )
    bias_names: Annotated[Several[Name], AtMost(limits.UNITS)] | None = Field(
        None, description="What the screen calls each bias, one a unit.", examples=[["b1", "b1"]]
    )


class NetworkSection(Section):
    """Full layers one after another; a single neuron is a network of one layer of one unit."""

    loss: Annotated[str, OneOf(LOSSES)] = Field(
        description="What is minimised over the samples.", examples=["half-sse"]
    )
    train_biases: bool = Field(True, description="Whether updates change the biases.")
    layers: Annotated[Several[LayerSection], Field(min_length=1), AtMost(limits.LAYERS)] = Field(
        description="The layers from the first hidden one to the output."
    )


class AsPublishedSection(Section):
    """Errors of the source that the run reproduces until the reader corrects them."""

    slope_at: Literal["output"] | None = Field(
        None, description="The last layer's σ′ is evaluated at its output instead of at z."
    )
    slope_left_out: Literal["output", "hidden", "everywhere"] | None = Field(
        None, description="Layers whose δ misses its σ′: the last one, the hidden ones, or both."
    )
    backprop_with: Literal["updated-weights"] | None = Field(
        None, description="Weights are changed before errors are passed back through them."
    )
    bias_gradient_factor: float = Field(1.0, description="What the source multiplies every bias gradient by.")
    tie_tolerance: NotNegative | None = Field(
        None, description="Perceptron: how far from 0 the source lets a sum be and count as a tie."
    )
    hidden: bool = Field(
        False, description="true: the reader is to find the slip, so nothing names it while it is in force."
    )
    note: Prose | None = Field(None, description="What the source does, and what is right.")


Rows = tuple[tuple[float, ...], ...]
Columns = tuple[str, ...]
NumbersOfColumns = tuple[Count, ...]


def _column_names(value: list[object] | tuple[object, ...]) -> Columns:
    names = tuple(name for name in value if isinstance(name, str))
    if len(names) != len(value):
        wrong = next(name for name in value if not isinstance(name, str))
        raise RefusedError(found(wrong), "names of columns")
    return names


def _inputs(value: object) -> Rows | Columns | NumbersOfColumns:
    if isinstance(value, list | tuple) and value and all(is_whole(each) and each > 0 for each in value):
        return tuple(value)
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


class DatasetOptions(Section):
    """How much of a bundled data set, and how blurred."""

    samples: Annotated[int, Field(gt=0, le=limits.SAMPLES)] | None = Field(None, description="Samples to take or make.")
    noise: NotNegative | None = Field(None, description="Standard deviation of the normal noise added to each input.")


class GenerateSection(Section):
    """Samples made from a formula."""

    samples: int = Field(gt=0, le=limits.SAMPLES, description="Samples to make.", examples=[1000])
    x: Annotated[Literal["normal"] | tuple[float, float], BeforeValidator(_distribution)] = Field(
        description='"normal", or [low, high] for evenly likely numbers between.', examples=["normal", [0, 1]]
    )
    target: Formula = Field(description="The target as an expression of x.", examples=["10*x**2 + 5*x + 12"])
    noise: NotNegative = Field(0.0, description="Standard deviation of the normal noise added to each target.")


class ScaleSection(Section):
    """How numbers are scaled, column by column, by what the samples learnt from show."""

    inputs: Annotated[str, OneOf(SCALINGS)] = Field(
        "none", description="min-max: to 0…1; standard: mean 0, population deviation 1. Features are scaled last."
    )
    targets: Annotated[str, OneOf(SCALINGS)] = Field("none", description="As for inputs.")


class DataSection(Section):
    """Samples from exactly one source: inputs and targets, file, dataset, images and labels, or generate."""

    inputs: Annotated[Rows | Columns | NumbersOfColumns, BeforeValidator(_inputs)] | None = Field(
        None, description="Samples × inputs; with `file` the names of columns.", examples=[[[0.8, 0.4], [0.3, 0.1]]]
    )
    targets: (
        Annotated[Rows | Columns, BeforeValidator(_targets, json_schema_input_type=tuple[float, ...] | Rows | Columns)]
        | None
    ) = Field(None, description="One number a sample, or samples × outputs; with `file` the names of columns.")
    file: FileName | None = Field(
        None, description="A file of columns beside the scenario, such as CSV, with a header.", examples=["points.csv"]
    )
    separator: Literal[",", ";", "\t", "|", " "] | None = Field(
        None, description="What stands between the columns of `file`, a blank for runs of blanks; else recognised."
    )
    decimal: Literal[".", ","] | None = Field(None, description="The decimal mark in `file`; a point when absent.")
    header: bool | None = Field(None, description="false: `file` has no header; columns are given by number, from 1.")
    skip: Annotated[int, Field(ge=0, le=limits.SAMPLES)] | None = Field(
        None, description="Lines of `file` to skip before the header or the first sample."
    )
    encoding: Literal["utf-8", "utf-16", "cp1252", "latin-1", "gb18030", "shift_jis"] | None = Field(
        None, description="How the letters of `file` are encoded; utf-8 when absent."
    )
    missing: Literal["skip"] | None = Field(
        None, description="Leaves out rows of `file` with an empty cell, NA, ? or nan; mistakes when absent."
    )
    dataset: Annotated[str, OneOf(DATASETS)] | None = Field(None, description="A bundled data set.")
    options: DatasetOptions | None = Field(None, description="How much of the bundled data set, and how blurred.")
    images: FileName | None = Field(
        None, description="An IDX file of pictures, plain or gzip.", examples=["train-images-idx3-ubyte.gz"]
    )
    labels: FileName | None = Field(
        None, description="The IDX file of the pictures' labels.", examples=["train-labels-idx1-ubyte.gz"]
    )
    generate: GenerateSection | None = Field(None, description="Samples made from a formula.")
    input_names: Annotated[Several[Name], AtMost(limits.INPUTS)] | None = Field(
        None, description="What the screen calls each input."
    )
    target_names: Annotated[Several[Name], AtMost(limits.UNITS)] | None = Field(
        None, description="What the screen calls each target."
    )
    scale: ScaleSection = Field(
        default_factory=ScaleSection.model_construct, description="How inputs and targets are scaled."
    )
    features: Annotated[Several[Formula], Field(min_length=1), AtMost(limits.INPUTS)] | None = Field(
        None, description="Expressions of the inputs that replace them.", examples=[["x**2", "x"]]
    )
    test_fraction: float = Field(
        0.0, ge=0, lt=1, description="Part of the samples held out, for accuracy on unseen ones."
    )
