"""Views of small scenarios for the tests of charts, and short ways to look into a chart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gdsim.charts.chart import Chart, Field, NetworkDrawing, Role, Series, Shape
from gdsim.charts.view import Comparison, View
from gdsim.engine.parameters import Vector
from gdsim.scenario.build import build
from gdsim.scenario.load import load_text
from gdsim.timeline.position import Focus, Position
from gdsim.timeline.timeline import Timeline

HEAD = 'format = 1\ntitle = "t"\nsummary = "s"\n'

PERCEPTRON = """
[perceptron]
weights = [0.0, 0.0]
[data]
inputs = [[0.8, 0.4], [0.3, 0.1], [0.8, 0.8], [0.4, 0.6], [0.6, 0.8], [0.4, 0.2], [0.4, 0.5]]
targets = [0, 0, 1, 1, 1, 0, 1]
[update]
learning_rate = 1.0
"""

QUADRATIC_FIT = """
[network]
loss = "mse"
[[network.layers]]
units = 1
activation = "identity"
weights = [[15.0, -2.0]]
biases = [10.0]
weight_names = [["a", "b"]]
bias_names = ["c"]
[data]
generate = { samples = 100, x = "normal", target = "10*x**2 + 5*x + 12", noise = NOISE }
features = ["x**2", "x"]
[update]
learning_rate = 0.1
[show]
surface = ["b", "c"]
"""

XOR = """
[network]
loss = "half-mse"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[1.0, -2.0], [3.0, 0.5]]
biases = [0.1, -0.2]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[2.0, -1.0]]
biases = [0.3]
[data]
dataset = "xor"
[update]
learning_rate = 0.5
"""

WIDE = """
[network]
loss = "sum-mse"
[[network.layers]]
units = 20
activation = "sigmoid"
init = { method = "normal" }
[[network.layers]]
units = 10
activation = "sigmoid"
init = { method = "normal" }
[data]
dataset = "digits"
options = { samples = 30 }
[update]
learning_rate = 0.1
batch = 10
"""


def hill(expression: str, start: float, learning_rate: float, more: str = "", update: str = "") -> str:
    """Return a scenario that walks down a function of x; `more` is added to its table, `update` to the update's."""
    return (
        f'[function]\nexpression = "{expression}"\nstart = {{ x = {start} }}\n{more}\n'
        f"[update]\nlearning_rate = {learning_rate}\n{update}\n"
    )


def mountain(expression: str, x: float, y: float, learning_rate: float) -> str:
    """Return a scenario that walks down a function of x and y."""
    return (
        f'[function]\nexpression = "{expression}"\nstart = {{ x = {x}, y = {y} }}\n'
        f"[update]\nlearning_rate = {learning_rate}\n"
    )


def view_of(
    text: str,
    update: int = 0,
    phase: int | None = None,
    *,
    focus: Focus | None = None,
    beside: Mapping[str, str] | None = None,
    corrected: bool = False,
) -> View:
    """Return the view of a scenario text after `update` updates; beside: labels and texts of the runs beside."""
    scenario = load_text(HEAD + text, "test")
    runs = tuple(
        Comparison(label, label[:1], Timeline(build(load_text(HEAD + other, label))))
        for label, other in (beside or {}).items()
    )
    timeline = Timeline(build(scenario, corrected=corrected))
    timeline.reach(update)
    return View(scenario, timeline, Position(update, phase), focus or Focus(), runs)


def built(chart: object) -> Chart:
    """Return a chart that applies."""
    assert isinstance(chart, Chart)
    return chart


def drawn(drawing: object) -> NetworkDrawing:
    """Return a drawing of a network that applies."""
    assert isinstance(drawing, NetworkDrawing)
    return drawing


def series(chart: Chart, role: Role, shape: Shape | None = None) -> list[Series]:
    """Return the series of a role (and shape), in drawing order."""
    return [
        layer
        for layer in chart.layers
        if isinstance(layer, Series) and layer.role is role and shape in (None, layer.shape)
    ]


def only(chart: Chart, role: Role, shape: Shape | None = None) -> Series:
    """Return the one series of a role (and shape)."""
    found = series(chart, role, shape)
    assert len(found) == 1, f"{len(found)} series of {role}"
    return found[0]


def field(chart: Chart) -> Field:
    """Return the one field of a chart."""
    found = [layer for layer in chart.layers if isinstance(layer, Field)]
    assert len(found) == 1
    return found[0]


def places(one: Series) -> Vector:
    """Return the points of a series: (points, 2)."""
    return np.stack([one.x, one.y], axis=1)


def windows(chart: Chart) -> tuple[float | None, float | None, float | None, float | None]:
    """Return both windows of a chart."""
    return chart.x.low, chart.x.high, chart.y.low, chart.y.high
