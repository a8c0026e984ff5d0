"""What is minimised: the tables [function], [perceptron], [network] and [as_published]."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.losses import LOSSES
from gdsim.engine.network import INITIALISERS
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
    Table,
    named,
)

LEFT_OUT = ("output", "hidden", "everywhere")


class FunctionSection(Table):
    """An expression of 1 to 8 variables that is minimised."""

    expression: Formula = Field(
        description="What is minimised. Knows + - * / **, parentheses, numbers, pi, e, and sin cos tan exp log "
        "sqrt abs tanh sigmoid relu.",
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


class PerceptronSection(Table):
    """Rosenblatt's perceptron: one visited sample an update."""

    weights: Numbers = Field(description="Starting weights, one an input.", examples=[[0.0, 0.0]])
    bias: float = Field(0.0, description="Starting bias.")
    tie: Annotated[int, Field(ge=0, le=1)] = Field(1, description="The class of a point exactly on the line: 1 or 0.")
    tie_tolerance: NotNegative = Field(
        0.0, description="How far from 0 the sum wᵀx + b may be and still count as a tie."
    )
    train_bias: bool = Field(True, description="Whether corrections change the bias; false keeps it as a threshold.")


class InitSection(Table):
    """Random starting weights; biases start at 0."""

    method: Annotated[str, named(INITIALISERS)] = Field(
        description="normal: N(0, scale²); uniform: between −scale and scale; xavier: N(0, 2/(inputs + units)); "
        "he: N(0, 2/inputs); zeros.",
        examples=["normal"],
    )
    scale: Positive | None = Field(None, description="What the random numbers are multiplied by; 1 when absent.")


class LayerSection(Table):
    """One full layer of a network."""

    units: Annotated[int, Field(gt=0, le=limits.UNITS)] = Field(description="Neurons of the layer.", examples=[2])
    activation: Annotated[str, named(ACTIVATIONS)] = Field(
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


class NetworkSection(Table):
    """Full layers one after another; a single neuron is a network of one layer of one unit."""

    loss: Annotated[str, named(LOSSES)] = Field(
        description="What is minimised over the samples.", examples=["half-sse"]
    )
    train_biases: bool = Field(True, description="Whether updates change the biases.")
    layers: Annotated[Several[LayerSection], Field(min_length=1), AtMost(limits.LAYERS)] = Field(
        description="The layers from the first hidden one to the output."
    )


class AsPublishedSection(Table):
    """Errors of the source that the run reproduces until the reader corrects them."""

    slope_at: Annotated[str, named(("output",))] | None = Field(
        None, description="The last layer's σ′ is evaluated at its output instead of at z."
    )
    slope_left_out: Annotated[str, named(LEFT_OUT)] | None = Field(
        None, description="Layers whose δ misses its σ′: the last one, the hidden ones, or both."
    )
    backprop_with: Annotated[str, named(("updated-weights",))] | None = Field(
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
