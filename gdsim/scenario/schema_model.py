"""The schema of models and their data: [function], [perceptron], [network], [as_published] and [data]."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.losses import LOSSES
from gdsim.engine.models.network import INITIALISERS
from gdsim.scenario import limits
from gdsim.scenario.data.dataset import SCALINGS
from gdsim.scenario.data.datasets import DATASETS
from gdsim.scenario.mistakes import RefusedError, found
from gdsim.scenario.published import NAMES
from gdsim.scenario.schema_values import (
    Allowed,
    AtMost,
    Count,
    FileName,
    Formula,
    Interval,
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
    absent,
    read_matrix,
    read_numbers,
    required,
)


class FunctionSection(Section):
    """An expression of 1 to 8 variables that is minimised."""

    expression: Formula = required(
        "What is minimised. Knows + - * / **, parentheses, numbers, pi, e, and sin cos tan exp log "
        "sqrt abs tanh sigmoid relu sinh cosh asin acos atan log2 log10, and of two values max min.",
        "(x - 2)**2",
    )
    gradient: dict[str, Formula] | None = absent(
        "The partial derivative by each variable; derived from the expression when absent.", {"x": "2*(x - 2)"}
    )
    start: dict[str, float] = required("Where the walk starts; gives the variables their names and order.", {"x": 4.0})
    starts: Annotated[Several[dict[str, float]], AtMost(limits.LISTED)] = Field(
        (), description="Further starting points, one key away.", examples=[[{"x": 0.0}]]
    )
    view: dict[str, Range] | None = absent("The part of each axis that charts show.", {"x": [-1.0, 5.0]})


def _different(pair: tuple[object, ...]) -> tuple[object, ...]:
    if pair[0] == pair[1]:
        raise ValueError
    return pair


_Labels = Annotated[Several[float | Name], Field(min_length=2, max_length=2), AfterValidator(_different)]
_TIE = '1 or 0, a class, or "mistake"'


class PerceptronSection(Section):
    """Rosenblatt's perceptron: each update visits one sample."""

    weights: Numbers = required("Starting weights, one per input.", [0.0, 0.0])
    bias: float = Field(0.0, description="Starting bias.")
    labels: Annotated[_Labels, Allowed("two different numbers or words")] | None = absent(
        "What the targets say for class 0 and class 1; 0 and 1 when absent. Corrections are those of classes 0 and 1.",
        [-1, 1],
    )
    tie: Annotated[Literal["mistake"] | Annotated[int, Field(ge=0, le=1)], Allowed(_TIE)] = Field(
        1, description='The class of a point exactly on the line: 1 or 0; "mistake": the other than its own.'
    )
    tie_tolerance: NotNegative = Field(
        0.0, description="How far from 0 the sum wᵀx + b may be and still count as a tie."
    )
    train_bias: bool = Field(True, description="Whether corrections change the bias; false keeps it as a threshold.")


class InitSection(Section):
    """Random starting weights; biases start at 0."""

    method: Annotated[str, OneOf(INITIALISERS)] = required(
        "normal: N(0, scale²); uniform: between −scale and scale; xavier: N(0, 2/(inputs + units)); "
        "he: N(0, 2/inputs); zeros.",
        "normal",
    )
    scale: Positive | None = absent("What the random numbers are multiplied by; 1 when absent.")


class LayerSection(Section):
    """One fully connected layer of a network."""

    units: int = Field(gt=0, le=limits.UNITS, description="Neurons of the layer.", examples=[2])
    activation: Annotated[str, OneOf(ACTIVATIONS)] = required(
        "softmax: in the last layer only, with categorical-cross-entropy.", "sigmoid"
    )
    slope: NotNegative | None = absent("leaky-relu (0.01 when absent), elu (1): the slope at and left of 0.", 0.2)
    bias: Literal["own", "shared", "none"] = Field(
        "own", description="shared: one bias for the layer, whose gradient is the sum; none: no bias."
    )
    dropout: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Fraction of units dropped in each update, drawn from the seed; the others are scaled up.",
    )
    weights: Matrix | None = absent(
        "Starting weights, units × inputs: row j holds what neuron j listens to.", [[0.15, 0.20], [0.25, 0.30]]
    )
    biases: Numbers | None = absent("Starting biases, one per unit.", [0.35, 0.35])
    init: InitSection | None = absent(
        "Random starting weights instead of `weights` and `biases`.", {"method": "normal"}
    )
    weight_names: Annotated[Several[Annotated[Several[Name], AtMost(limits.INPUTS)]], AtMost(limits.UNITS)] | None = (
        absent("What the screen calls each weight, units × inputs.", [["w1", "w2"], ["w3", "w4"]])
    )
    bias_names: Annotated[Several[Name], AtMost(limits.UNITS)] | None = absent(
        "What the screen calls each bias, one per unit.", ["b1", "b1"]
    )


class PenaltySection(Section):
    """A penalty on large weights, added to the loss; biases are not penalised."""

    l2: NotNegative = Field(0.0, description="l2/2·Σw² is added to the loss.", examples=[0.01])
    l1: NotNegative = Field(0.0, description="l1·Σ|w| is added to the loss.", examples=[0.001])


class NetworkSection(Section):
    """Fully connected layers in sequence; a single neuron is one layer of one unit."""

    loss: Annotated[str, OneOf(LOSSES)] = required("What is minimised over the samples.", "half-sse")
    train_biases: bool = Field(True, description="Whether updates change the biases.")
    penalty: PenaltySection | None = absent("A penalty on large weights.", {"l2": 0.01})
    layers: Annotated[Several[LayerSection], Field(min_length=1), AtMost(limits.LAYERS)] = required(
        "The layers from the first hidden one to the output."
    )


class AsPublishedSection(Section):
    """Errors of the source that the run reproduces until the reader corrects them."""

    slope_at: Literal["output"] | None = absent("The last layer's σ′ is evaluated at its output instead of at z.")
    slope_left_out: Literal["output", "hidden", "everywhere"] | None = absent(
        "Layers whose δ misses its σ′: the last one, the hidden ones, or both."
    )
    backprop_with: Literal["updated-weights"] | None = absent(
        "Weights are changed before errors are passed back through them."
    )
    mistake: Annotated[str, OneOf(NAMES)] | None = Field(
        None,
        description="A common mistake by its name, as gdsim diagnose gives it, instead of all others.",
        examples=["sum-for-mean", "adam-uncorrected"],
    )
    where: Name | None = absent(
        "The place of that mistake, where it can be made in several; the first one when absent.", "hidden", "m"
    )
    passed_back_without_slope: bool = Field(
        False, description="σ′ of the output stays in its own weights' gradient and is missing in what is sent back."
    )
    sign: Literal["wrong"] | None = absent("The gradient has the wrong sign, so the step goes up.")
    bias_gradient_factor: float = Field(1.0, description="What the source multiplies every bias gradient by.")
    tie_tolerance: NotNegative | None = absent(
        "Perceptron: how far from 0 the source lets a sum be and count as a tie."
    )
    hidden: bool = Field(
        False, description="true: the reader is to find the slip, so nothing names it while it is in force."
    )
    note: Prose | None = absent("What the source does, and what is right.")


Rows = tuple[tuple[float, ...], ...]
Columns = tuple[str, ...]
NumbersOfColumns = tuple[Count, ...]


def _columns_or_rows(value: Any) -> tuple[object, ...] | None:
    """Return column names, or rows of numbers; None for anything else."""
    if not isinstance(value, list | tuple) or not value or not isinstance(value[0], str | list | tuple):
        return None
    if not isinstance(value[0], str):
        return read_matrix(value)
    for name in value:
        if not isinstance(name, str):
            raise RefusedError(found(name), "names of columns")
    return tuple(value)


def _inputs(value: Any) -> tuple[object, ...]:
    if isinstance(value, list | tuple) and value and all(type(each) is int and each > 0 for each in value):
        return tuple(value)
    read = _columns_or_rows(value)
    if read is None:
        raise RefusedError(found(value), "samples × inputs, a list of rows; or with file the names of columns")
    return read


def _targets(value: Any) -> tuple[object, ...]:
    """Return column names or rows of targets; a plain list of numbers becomes rows of one number each."""
    read = _columns_or_rows(value)
    if read is None and isinstance(value, list | tuple) and value:
        read = tuple((number,) for number in read_numbers(value))
    if read is None:
        raise RefusedError(found(value), "a list of numbers, or samples × outputs; or with file the names of columns")
    return read


class DatasetOptions(Section):
    """The number of samples of a bundled data set, and the noise added."""

    samples: Annotated[int, Field(gt=0, le=limits.SAMPLES)] | None = absent("Samples to take or make.")
    noise: NotNegative | None = absent("Standard deviation of the normal noise added to each input.")


class GenerateSection(Section):
    """Samples made from a formula."""

    samples: int = Field(gt=0, le=limits.SAMPLES, description="Samples to make.", examples=[1000])
    x: Annotated[Literal["normal"] | Interval, Allowed('"normal", or [low, high] with low below high')] = required(
        '"normal", or [low, high] for evenly likely numbers between.', "normal", [0, 1]
    )
    target: Formula = required("The target as an expression of x.", "10*x**2 + 5*x + 12")
    noise: NotNegative = Field(0.0, description="Standard deviation of the normal noise added to each target.")


class ScaleSection(Section):
    """How numbers are scaled, column by column, from the training samples."""

    inputs: Annotated[str, OneOf(SCALINGS)] = Field(
        "none", description="min-max: to 0…1; standard: mean 0, population deviation 1. Features are scaled last."
    )
    targets: Annotated[str, OneOf(SCALINGS)] = Field("none", description="As for inputs.")


class DataSection(Section):
    """Samples from exactly one source: inputs and targets, file, dataset, images and labels, or generate."""

    inputs: Annotated[Rows | Columns | NumbersOfColumns, BeforeValidator(_inputs)] | None = absent(
        "Samples × inputs; with `file` the names of columns.", [[0.8, 0.4], [0.3, 0.1]]
    )
    targets: (
        Annotated[Rows | Columns, BeforeValidator(_targets, json_schema_input_type=tuple[float, ...] | Rows | Columns)]
        | None
    ) = absent("One number per sample, or samples × outputs; with `file` the names of columns.")
    file: FileName | None = absent("A file of columns next to the scenario, such as CSV, with a header.", "points.csv")
    separator: Literal[",", ";", "\t", "|", " "] | None = absent(
        "The separator between columns of `file`, a blank for runs of blanks; recognised when absent."
    )
    decimal: Literal[".", ","] | None = absent("The decimal mark in `file`; a point when absent.")
    header: bool | None = absent("false: `file` has no header; columns are given by number, from 1.")
    skip: Annotated[int, Field(ge=0, le=limits.SAMPLES)] | None = absent(
        "Lines of `file` to skip before the header or the first sample."
    )
    encoding: Literal["utf-8", "utf-16", "cp1252", "latin-1", "gb18030", "shift_jis"] | None = absent(
        "How the letters of `file` are encoded; utf-8 when absent."
    )
    missing: Literal["skip"] | None = absent(
        "Leaves out rows of `file` with an empty cell, NA, ? or nan; mistakes when absent."
    )
    classes: Annotated[Several[Name], Field(min_length=2), AtMost(limits.UNITS)] | None = absent(
        "The classes in the order of the outputs: all, in an order that is not alphabetical, or some of them; samples "
        "of other classes are left out.",
        ["setosa", "versicolor"],
    )
    dataset: Annotated[str, OneOf(DATASETS)] | None = absent("A bundled data set.")
    options: DatasetOptions | None = absent("The number of samples of the bundled data set, and the noise added.")
    images: FileName | None = absent("An IDX file of pictures, plain or gzip.", "train-images-idx3-ubyte.gz")
    labels: FileName | None = absent("The IDX file of the pictures' labels.", "train-labels-idx1-ubyte.gz")
    generate: GenerateSection | None = absent("Samples made from a formula.")
    input_names: Annotated[Several[Name], AtMost(limits.INPUTS)] | None = absent("What the screen calls each input.")
    target_names: Annotated[Several[Name], AtMost(limits.UNITS)] | None = absent("What the screen calls each target.")
    scale: ScaleSection = Field(
        default_factory=ScaleSection.model_construct, description="How inputs and targets are scaled."
    )
    features: Annotated[Several[Formula], Field(min_length=1), AtMost(limits.INPUTS)] | None = absent(
        "Expressions of the inputs that replace them.", ["x**2", "x"]
    )
    test_fraction: float = Field(
        0.0, ge=0, lt=1, description="Fraction of the samples held out, for accuracy on unseen ones."
    )
