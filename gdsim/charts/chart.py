"""Charts as plain values, independent of how they are drawn: series and fields over two axes, coloured by role."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdsim.charts.view import Comparison, View
from gdsim.engine.parameters import Vector
from gdsim.i18n import _
from gdsim.timeline.timeline import Timeline

if TYPE_CHECKING:
    from gdsim.charts.layout import Window


class Role(Enum):
    """What a mark stands for; themes give it a colour, the plotter a shape, so meaning never rests on colour."""

    CURVE = "curve"
    DATA = "data"
    DATA_ALT = "data-alt"
    DATA_3 = "data-3"
    DATA_4 = "data-4"
    FIT = "fit"
    LOSS = "loss"
    PATH = "path"
    CURRENT = "current"
    NEXT = "next"
    TANGENT = "tangent"
    BOUNDARY = "boundary"
    BEFORE = "before"
    MARGIN = "margin"
    GHOST = "ghost"
    TRUTH = "truth"
    COMPARE = "compare"
    COMPARE_2 = "compare-2"
    COMPARE_3 = "compare-3"
    COMPARE_4 = "compare-4"
    LOWEST = "lowest"


class Shape(Enum):
    """How the points of a series are drawn."""

    LINE = "line"
    POINTS = "points"
    BARS = "bars"
    ARROW = "arrow"


class Axis(NamedTuple):
    """One axis: its label and the window shown (None: fitted to the data); logarithmic (base 10) if `is_log`.

    is_count: values and ticks are whole numbers.
    """

    label: str = ""
    low: float | None = None
    high: float | None = None
    is_log: bool = False
    is_count: bool = False

    @property
    def name(self) -> str:
        """The text shown at the axis."""
        return _("{label} (log)").format(label=self.label) if self.is_log and self.label else self.label


@dataclass(frozen=True, slots=True)
class Series:
    """Points drawn as a line or as marks: x, y (points,). Points that are not finite are left out.

    label: shown in the legend, and next to the mark if there is room; mark: one character that replaces the role's
    own, to distinguish series of the same role (run 1, run 2). is_circled: the marks are emphasized, as for
    misclassified samples.
    """

    role: Role
    shape: Shape
    x: Vector
    y: Vector
    label: str = ""
    mark: str = ""
    is_circled: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """Heights over a rectangle: values (rows, columns), row 0 at the lowest y, cell centres spread evenly.

    low, high: the ends of the colour scale (None: the lowest, the highest value). threshold: the value at which two
    colours meet; None for heights, which share one scale. names: class names, if the values are class numbers from 0.
    is_rooted: shades follow the square root of the height above the lowest, so that the rings of a bowl are equally
    wide.
    """

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    values: Vector
    label: str = ""
    low: float | None = None
    high: float | None = None
    threshold: float | None = None
    names: tuple[str, ...] = ()
    is_rooted: bool = False

    @property
    def scale(self) -> tuple[float, float]:
        """The lowest and highest height of the colour scale: low ≤ high; (0, 0) if no value is finite."""
        known = self.values[np.isfinite(self.values)]
        low = float(known.min(initial=np.inf)) if self.low is None else self.low
        high = float(known.max(initial=-np.inf)) if self.high is None else self.high
        return (low, high) if low <= high else (0.0, 0.0)

    def shares(self, heights: Vector) -> Vector:
        """Return where heights lie on the scale: 0 at its low end, ½ at the threshold, 1 at its high end; nan stays."""
        low, high = self.scale
        with np.errstate(all="ignore"):
            if self.threshold is not None:
                below = (heights - low) / (2 * max(self.threshold - low, 5e-324))
                above = 1 - (high - heights) / (2 * max(high - self.threshold, 5e-324))
                part = np.where(heights < self.threshold, below, above)
            else:
                # Halved first, so that no difference overflows.
                part = (heights / 2 - low / 2) / max(high / 2 - low / 2, 5e-324)
            return np.where(np.isfinite(heights), np.clip(np.sqrt(part) if self.is_rooted else part, 0, 1), np.nan)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as plain values; later layers cover earlier ones.

    angles: turn and tilt in degrees of a field shown as a 3D surface with the series on it; None: seen from above.
    """

    title: str
    x: Axis
    y: Axis
    layers: tuple[Series | Field, ...]
    angles: tuple[int, int] | None = None


class Neuron(NamedTuple):
    """One neuron of the drawing: its name (``x1``, ``a2[0]``), its value, and its delta once that is computed.

    is_dropped: dropout leaves it out of this update.
    """

    name: str
    value: float | None
    delta: float | None = None
    bias: float | None = None
    is_dropped: bool = False


class NetworkDrawing(NamedTuple):
    """A network to be drawn, layer by layer from the inputs.

    columns: the neurons of each layer; hidden: how many neurons each column leaves out because its layer is wide.
    labels: the heading of each column.
    weights: between column i and i + 1, (shown units of i + 1, shown units of i).
    phase: the current phase of the update; active_layer: the layer it works on (0: the inputs), None if none;
    backwards: whether information flows from the outputs to the inputs in this phase.
    wanted: the text next to each output, its name and target; outputs: the names alone, the class wanted in
    brackets; empty if there are none.
    loss: the text below the outputs.
    sees: each hidden neuron's output over the plane of two inputs, by column: (rows from below, columns); may be empty.
    title: tells at which moment the numbers hold.
    pulse: position of the direction marker along the edges to the active layer, 0 to 1.
    focus: (layer, unit) of the chosen neuron. lit: highlighted weights, which the phase works with, each as
    (layer, unit, input) by position in the columns.
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
    wanted: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    loss: str = ""
    sees: tuple[tuple[Vector, ...], ...] = ()
    title: str = ""
    pulse: float = 0.92


class Picture(NamedTuple):
    """Numbers shown as the pixels of a picture.

    pixels: (rows, columns), row 0 at the top; not finite: left blank. most: the magnitude drawn in the full shade.
    is_signed: shades run from −most through 0 to most, so that the sign shows; else from 0 to most.
    caption: lines of text below it.
    """

    title: str
    pixels: Vector
    most: float
    is_signed: bool = False
    caption: tuple[str, ...] = ()


class Gallery(NamedTuple):
    """Many small pictures of signed numbers on one scale: pictures (rows, columns) each, with their names.

    chosen: index of the chosen picture, None if there is none.
    """

    title: str
    names: tuple[str, ...]
    pictures: tuple[Vector, ...]
    chosen: int | None = None


class AnswerColumn(NamedTuple):
    """The outputs of one network: values (outputs,) and the index of the largest (None: none is finite)."""

    title: str
    values: Vector
    brightest: int | None


class Answers(NamedTuple):
    """The outputs of several networks for one sample: a row per output, a column per network, the current one last.

    names: one per output; wanted: the output that should be the largest, None if targets are not classes.
    """

    title: str
    names: tuple[str, ...]
    columns: tuple[AnswerColumn, ...]
    wanted: int | None


class Confusion(NamedTuple):
    """A confusion matrix: counts of samples (target class, predicted class).

    chosen: row and column of the chosen cell.
    """

    title: str
    names: tuple[str, ...]
    counts: NDArray[np.intp]
    chosen: tuple[int, int] | None = None


class Entry(NamedTuple):
    """One element of a long column: its index, its name, its position in the network in words, and its value."""

    element: int
    name: str
    words: str
    value: float


class LongColumn(NamedTuple):
    """Many signed numbers in one column, block by block; values: None if not computed yet.

    blocks: name and number of elements of each, in order; largest: the elements of largest magnitude, in falling order.
    """

    title: str
    blocks: tuple[tuple[str, int], ...]
    values: Vector | None
    largest: tuple[Entry, ...] = ()


class SideBySide(NamedTuple):
    """Drawings that belong together, from left to right; the rightmost are dropped first if room is short."""

    title: str
    parts: tuple[Picture | Answers, ...]


Drawing = Chart | NetworkDrawing | Picture | Gallery | Answers | Confusion | LongColumn | SideBySide
"""Whatever a chart panel shows."""


def line(role: Role, x: ArrayLike, y: ArrayLike, label: str = "", mark: str = "") -> Series:
    """Return a line through points in their order."""
    return Series(role, Shape.LINE, _numbers(x), _numbers(y), label, mark)


def points(
    role: Role, x: ArrayLike, y: ArrayLike, label: str = "", mark: str = "", *, is_circled: bool = False
) -> Series:
    """Return marked points; scalar x and y give a single point."""
    return Series(role, Shape.POINTS, _numbers(x), _numbers(y), label, mark, is_circled)


def point(role: Role, place: Vector, label: str = "", mark: str = "") -> Series:
    """Return one marked point, at `place` (2,)."""
    return points(role, place[0], place[1], label, mark)


def bars(role: Role, x: ArrayLike, y: ArrayLike, label: str = "") -> Series:
    """Return bars from 0 to y, at x; no bar where y is nan."""
    return Series(role, Shape.BARS, _numbers(x), _numbers(y), label)


def bar(role: Role, x: Vector, number: int, height: float, label: str = "") -> Series:
    """Return one bar at x[number], as wide as if there were bars at every x (bars,)."""
    heights = np.full(len(x), np.nan)
    heights[number] = height
    return bars(role, x, heights, label)


def arrow(role: Role, tail: Vector, head: Vector, label: str = "") -> Series:
    """Return an arrow from `tail` (2,) to `head` (2,)."""
    return Series(role, Shape.ARROW, np.array([tail[0], head[0]]), np.array([tail[1], head[1]]), label)


def tangent(
    role: Role, place: float, value: float, slope: float, window: Window, height: float, label: str = ""
) -> list[Series]:
    """Return a tangent through (place, value), a quarter of the x window wide, less if it is steep.

    height: height of the y window. Empty if a number is not finite.
    """
    if not np.isfinite([place, value, slope]).all():
        return []
    half = (window[1] / 2 - window[0] / 2) / 4
    if abs(slope) * half > height / 3:
        half = height / 3 / abs(slope)
    ends = np.array([-half, half])
    return [line(role, place + ends, value + slope * ends, label)]


ROLES_OF_LINES = (Role.CURVE, Role.FIT, Role.DATA_ALT, Role.LOSS, Role.LOWEST, Role.DATA)
"""One role, hence one colour, per line of a parameter or layer; marks on the lines distinguish them without colour."""

_CLASSES = (Role.DATA, Role.DATA_ALT, Role.DATA_3, Role.DATA_4)


def role_of_class(number: int) -> Role:
    """Return the role of a class, counted from 0: its region, marks and name have one colour."""
    return _CLASSES[number % len(_CLASSES)]


_COMPARED = (Role.COMPARE, Role.COMPARE_2, Role.COMPARE_3, Role.COMPARE_4)


def role_beside(beside: Comparison) -> Role:
    """Return the role of a comparison run; more than four compared runs share roles, but not marks."""
    return Role.GHOST if beside.is_ghost else _COMPARED[beside.number % len(_COMPARED)]


def name_of_main(beside: Collection[Comparison]) -> str:
    """Return the main run's name in a legend: "this run" if others are drawn `beside` it, else "now"."""
    return _("this run") if beside else _("now")


def line_beside(beside: Comparison, x: ArrayLike, y: ArrayLike, trail: str = "") -> list[Series]:
    """Return the line of a comparison run, marked and named at its end.

    trail: the character of the line in ASCII, if its direction does not show where it ends; empty: the run's own mark.
    """
    x, y, role = _numbers(x), _numbers(y), role_beside(beside)
    return [line(role, x, y, mark=trail or beside.mark), points(role, x[-1:], y[-1:], beside.label, beside.mark)]


def starts(view: View, place: Callable[[Timeline], Vector | None]) -> list[Series]:
    """Return the starts of comparison runs that began elsewhere than the main run, marked in lower case, and its own.

    place: returns a run's start on the chart (2,), None if it is not on the chart. Ghosts are skipped: they began where
    the main run did. Empty if all runs began there.
    """
    main = place(view.timeline)
    found: list[Series] = []
    if main is None:
        return found
    for beside in view.comparisons:
        there = place(beside.timeline)
        if there is not None and not beside.is_ghost and not np.array_equal(there, main):
            found.append(point(role_beside(beside), there, _("start"), beside.mark.lower()))
    return [*found, point(Role.PATH, main, _("start"), "s")] if found else []


def thinned(x: Vector, y: Vector, most: int = 400) -> tuple[Vector, Vector]:
    """Thin points (points,) to about `most`: keep the lowest and highest of each stretch, and both ends.

    Peaks are never lost. Points that are not finite do not count as lowest or highest.
    """
    if len(x) <= most:
        return x, y
    size = -(-2 * len(x) // most)
    padded = np.full(-(-len(x) // size) * size, np.nan)
    padded[: len(y)] = y
    stretches = padded.reshape(-1, size)
    first = np.arange(0, len(padded), size)
    low = first + np.where(np.isfinite(stretches), stretches, np.inf).argmin(axis=1)
    high = first + np.where(np.isfinite(stretches), stretches, -np.inf).argmax(axis=1)
    kept = np.unique(np.concatenate([[0], low, high, [len(x) - 1]]))
    return x[kept], y[kept]


def strongest(values: Vector, most: int) -> NDArray[np.intp]:
    """Return the index of the value of largest magnitude in each of at most `most` equal stretches."""
    size = -(-len(values) // most)
    padded = np.full(-(-len(values) // size) * size, -1.0)
    padded[: len(values)] = np.nan_to_num(np.abs(values), nan=0.0)
    stretches = padded.reshape(-1, size)
    return np.asarray(np.arange(len(stretches)) * size + stretches.argmax(axis=1))


def _numbers(values: ArrayLike) -> Vector:
    return np.atleast_1d(np.asarray(values, dtype=np.float64))
