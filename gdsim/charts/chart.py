"""What a chart is, before anyone draws it: series and fields over two axes, coloured by role."""

from __future__ import annotations

from enum import Enum

from gdsim.engine.parameters import Vector
from gdsim.records import dataclass


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


@dataclass(frozen=True, slots=True)
class Picture:
    """Numbers shown as the pixels of a picture.

    pixels: (rows, columns), row 0 at the top; not finite: left blank. most: the size that has the full shade.
    is_signed: shades from −most over 0 to most, so that the sign shows; else from 0 to most.
    caption: lines of words below it.
    """

    title: str
    pixels: Vector
    most: float
    is_signed: bool = False
    caption: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """What one network answers: values (outputs,), which of them is the brightest (None: none is a number)."""

    title: str
    values: Vector
    brightest: int | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The outputs of networks for one sample, a row an output, a column a network; the last column is the one in hand.

    names: one an output; wanted: the output that should be the brightest, None where targets are no classes.
    """

    title: str
    names: tuple[str, ...]
    columns: tuple[AnswerColumn, ...]
    wanted: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of a long column: its place, its name, what it belongs to in words, and its value."""

    element: int
    name: str
    words: str
    value: float


@dataclass(frozen=True, slots=True)
class LongColumn:
    """Many signed numbers, one under another in blocks; None for values not computed yet.

    blocks: name and number of elements of each, in order; largest: the elements largest in size, the largest first.
    """

    title: str
    blocks: tuple[tuple[str, int], ...]
    values: Vector | None
    largest: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Drawings that belong together, from left to right; those at the right give way where there is no room."""

    title: str
    parts: tuple[Picture | Answers, ...]


Drawing = Chart | NetworkDrawing | Picture | Answers | LongColumn | SideBySide
"""Whatever a chart panel shows."""
