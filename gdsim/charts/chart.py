"""What a chart is, before anyone draws it: series and fields over two axes, coloured by role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gdsim.engine.parameters import Vector


class Role(Enum):
    """What a mark stands for; themes give it a colour, the plotter a shape, so meaning never rests on colour."""

    CURVE = "curve"
    DATA = "data"
    DATA_ALT = "data-alt"
    FIT = "fit"
    LOSS = "loss"
    PATH = "path"
    CURRENT = "current"
    NEXT = "next"
    TANGENT = "tangent"
    BOUNDARY = "boundary"
    BEFORE = "before"
    GHOST = "ghost"
    TRUTH = "truth"
    COMPARE = "compare"
    COMPARE_2 = "compare-2"
    COMPARE_3 = "compare-3"
    COMPARE_4 = "compare-4"


class Shape(Enum):
    """How the points of a series are drawn."""

    LINE = "line"
    POINTS = "points"
    BARS = "bars"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its label, and the window shown (None: as wide as what is drawn); log10 when `is_log`."""

    label: str = ""
    low: float | None = None
    high: float | None = None
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Points joined or marked: x, y (points,). Points that are not finite are left out.

    label: shown in the legend, and next to the mark where there is room; mark: one character drawn instead of
    the role's own, where a series needs to be told from others of its role (run 1, run 2).
    """

    role: Role
    shape: Shape
    x: Vector
    y: Vector
    label: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A height over a rectangle: values (rows, columns), row 0 at the lowest y, cell centres spread evenly.

    Drawn as `levels` shades, low to high.
    """

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    values: Vector
    levels: int = 8
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as plain values; later layers lie over earlier ones."""

    title: str
    x: Axis
    y: Axis
    layers: tuple[Series | Field, ...]


@dataclass(frozen=True, slots=True)
class Neuron:
    """One drawn neuron: its name (``x1``, ``a2[0]``), its value, and its delta where that is already computed."""

    name: str
    value: float | None
    delta: float | None = None
    bias: float | None = None


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """A network to be drawn, layer by layer from the inputs.

    columns: the neurons of each layer; hidden counts those left out of each column because the layer is wide.
    weights: between column i and i + 1, (shown units of i + 1, shown units of i).
    phase: the part of the update in hand; active_layer: the layer it works on (0 the inputs), None for none;
    backwards: whether information travels from the outputs to the inputs in it.
    focus: (layer, unit) of the chosen neuron. lit: weights that are being worked with, each as (layer, unit, input)
    by place in the columns.
    """

    columns: tuple[tuple[Neuron, ...], ...]
    hidden: tuple[int, ...]
    labels: tuple[str, ...]
    weights: tuple[Vector, ...]
    phase: str
    active_layer: int | None
    backwards: bool
    focus: tuple[int, int] | None = None
    lit: tuple[tuple[int, int, int], ...] = ()
