"""What is minimised: the tables [function], [perceptron], [network] and [as_published]."""

from typing import Annotated

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.initialisers import INITIALISERS
from gdsim.engine.losses import LOSSES
from gdsim.scenario import limits
from gdsim.scenario.fields import (
    AtMost,
    Formula,
    Matrix,
    Name,
    NotNegative,
    Numbers,
    Positive,
    Prose,
    Range,
    Several,
    Within,
    named,
)
from gdsim.scenario.table import Table, entry

LEFT_OUT = ("output", "hidden", "everywhere")


class FunctionSection(Table):
    """An expression of 1 to 8 variables that is minimised."""

    expression: Formula = entry(
        description="What is minimised. Knows + - * / **, parentheses, numbers, pi, e, and sin cos tan exp log "
        "sqrt abs tanh sigmoid relu.",
        examples=["(x - 2)**2"],
    )
    gradient: dict[str, Formula] | None = entry(
        None,
        description="The partial derivative by each variable; derived from the expression when absent.",
        examples=[{"x": "2*(x - 2)"}],
    )
    start: dict[str, float] = entry(
        description="Where the walk starts; gives the variables their names and order.",
        examples=[{"x": 4.0}],
    )
    starts: Annotated[Several[dict[str, float]], AtMost(limits.LISTED)] = entry(
        (), description="Further starting points, one key away.", examples=[[{"x": 0.0}]]
    )
    view: dict[str, Range] | None = entry(
        None, description="The part of each axis that charts show.", examples=[{"x": [-1.0, 5.0]}]
    )


class PerceptronSection(Table):
    """Rosenblatt's perceptron: one visited sample an update."""

    weights: Numbers = entry(description="Starting weights, one an input.", examples=[[0.0, 0.0]])
    bias: float = entry(0.0, description="Starting bias.")
    tie: Annotated[int, Within(ge=0, le=1)] = entry(1, description="The class of a point exactly on the line: 1 or 0.")
    tie_tolerance: NotNegative = entry(
        0.0, description="How far from 0 the sum wᵀx + b may be and still count as a tie."
    )
    train_bias: bool = entry(True, description="Whether corrections change the bias; false keeps it as a threshold.")


class InitSection(Table):
    """Random starting weights; biases start at 0."""

    method: Annotated[str, named(INITIALISERS)] = entry(
        description="normal: N(0, scale²); uniform: between −scale and scale; xavier: N(0, 2/(inputs + units)); "
        "he: N(0, 2/inputs); zeros.",
        examples=["normal"],
    )
    scale: Positive | None = entry(None, description="What the random numbers are multiplied by; 1 when absent.")


class LayerSection(Table):
    """One full layer of a network."""

    units: Annotated[int, Within(gt=0, le=limits.UNITS)] = entry(description="Neurons of the layer.", examples=[2])
    activation: Annotated[str, named(ACTIVATIONS)] = entry(
        description="softmax: in the last layer only, with categorical-cross-entropy.", examples=["sigmoid"]
    )
    weights: Matrix | None = entry(
        None,
        description="Starting weights, units × inputs: row j holds what neuron j listens to.",
        examples=[[[0.15, 0.20], [0.25, 0.30]]],
    )
    biases: Numbers | None = entry(None, description="Starting biases, one a unit.", examples=[[0.35, 0.35]])
    init: InitSection | None = entry(
        None, description="Random starting weights instead of `weights` and `biases`.", examples=[{"method": "normal"}]
    )
    weight_names: Annotated[Several[Annotated[Several[Name], AtMost(limits.INPUTS)]], AtMost(limits.UNITS)] | None = (
        entry(
            None,
            description="What the screen calls each weight, units × inputs.",
            examples=[[["w1", "w2"], ["w3", "w4"]]],
        )
    )
    bias_names: Annotated[Several[Name], AtMost(limits.UNITS)] | None = entry(
        None, description="What the screen calls each bias, one a unit.", examples=[["b1", "b1"]]
    )


class NetworkSection(Table):
    """Full layers one after another; a single neuron is a network of one layer of one unit."""

    loss: Annotated[str, named(LOSSES)] = entry(
        description="What is minimised over the samples.", examples=["half-sse"]
    )
    train_biases: bool = entry(True, description="Whether updates change the biases.")
    layers: Annotated[Several[LayerSection], Within(min_length=1), AtMost(limits.LAYERS)] = entry(
        description="The layers from the first hidden one to the output."
    )


class AsPublishedSection(Table):
    """Errors of the source that the run reproduces until the reader corrects them."""

    slope_at: Annotated[str, named(("output",))] | None = entry(
        None, description="The last layer's σ′ is evaluated at its output instead of at z."
    )
    slope_left_out: Annotated[str, named(LEFT_OUT)] | None = entry(
        None, description="Layers whose δ misses its σ′: the last one, the hidden ones, or both."
    )
    backprop_with: Annotated[str, named(("updated-weights",))] | None = entry(
        None, description="Weights are changed before errors are passed back through them."
    )
    bias_gradient_factor: float = entry(1.0, description="What the source multiplies every bias gradient by.")
    tie_tolerance: NotNegative | None = entry(
        None, description="Perceptron: how far from 0 the source lets a sum be and count as a tie."
    )
    hidden: bool = entry(
        False, description="true: the reader is to find the slip, so nothing names it while it is in force."
    )
    note: Prose | None = entry(None, description="What the source does, and what is right.")
