"""Which charts fit, in which order, and that every one of them can be built anywhere."""

from __future__ import annotations

from importlib import import_module
from typing import get_type_hints

import numpy as np
import pytest

from gdsim.charts.chart import Chart, Field
from gdsim.charts.table import CHARTS, charts_for
from gdsim.charts.view import View
from gdsim.timeline.position import Focus, Position

from .views import PERCEPTRON, QUADRATIC_FIT, WIDE, XOR, hill, mountain, view_of

TEXTS = {
    "hill": hill("(x - 2)**2", 4.0, 0.01),
    "mountain": mountain("x**2 + y**2", 1.5, 0.5, 0.1),
    "perceptron": PERCEPTRON,
    "regression": QUADRATIC_FIT.replace("NOISE", "0.1"),
    "xor": XOR,
    "digits": WIDE,
    "diverging hill": hill("x**4", 10.0, 1.0),
    "diverging mountain": mountain("x**2 * y**2 - 1/x", 3.0, 9.0, 5.0),
    "diverging regression": QUADRATIC_FIT.replace("NOISE", "0.0").replace("learning_rate = 0.1", "learning_rate = 9.0"),
    "pole": hill("1/x + log(x)", 0.5, 0.1),
    "constant": hill("0*x + 3", 0.0, 0.1),
}


def hints(name: str) -> dict[str, object]:
    """Return what a function of `gdsim.charts` takes and returns, by the name the table has for it."""
    file, function = name.split(".")
    return get_type_hints(getattr(import_module(f"gdsim.charts.{file}"), function))


@pytest.mark.parametrize("name", TEXTS)
def test_every_chart_that_fits_can_be_built_everywhere(name: str) -> None:
    """At the start, inside every phase, between updates and at the end: built where it fits, None where it does not."""
    view = view_of(TEXTS[name])
    last = view.timeline.reach(30)
    phases = len(view.timeline.update(1).phases)
    positions = [Position(0), Position(1), Position(last), *(Position(0, phase) for phase in range(phases - 1))]
    if view.timeline.stopped is None:
        positions.append(Position(last, 0))
    for position in positions:
        for focus in (Focus(), Focus(1, 1, 1, 1), Focus(99, 99, 99, 99)):
            at = View(view.scenario, view.timeline, position, focus)
            for kind in CHARTS.values():
                chart = kind.build(at)
                assert (chart is not None) == kind.applies(at), (kind.name, position)
                if isinstance(chart, Chart):
                    _check_windows(chart)


def _check_windows(chart: Chart) -> None:
    for axis in (chart.x, chart.y):
        if axis.low is not None and axis.high is not None:
            assert np.isfinite([axis.low, axis.high]).all()
            assert axis.low < axis.high
    for layer in chart.layers:
        if isinstance(layer, Field):
            assert layer.values.ndim == 2
        else:
            assert layer.x.shape == layer.y.shape
            assert layer.x.ndim == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hill", ("curve", "loss", "parameters")),
        ("mountain", ("contour", "loss", "surface-3d", "cross-section", "parameters")),
        ("perceptron", ("boundary", "loss", "mistakes", "parameters")),
        ("regression", ("fit", "network", "activations", "loss", "surface", "surface-3d", "parameters", "nudges")),
        ("xor", ("boundary", "network", "activations", "loss", "nudges")),
    ],
)
def test_charts_are_offered_main_picture_first(name: str, expected: tuple[str, ...]) -> None:
    """The order a learner meets them in when the scenario says nothing."""
    assert charts_for(view_of(TEXTS[name])) == expected


def test_the_scenarios_order_holds_and_what_does_not_fit_is_left_out() -> None:
    """Charts listed under [show] come in that order, without those the model has no shape for."""
    text = TEXTS["hill"] + '[show]\ncharts = ["loss", "fit", "curve"]\n'
    assert charts_for(view_of(text)) == ("loss", "curve")


def test_there_is_always_a_chart() -> None:
    """A list of which nothing fits leaves the loss."""
    text = TEXTS["hill"] + '[show]\ncharts = ["fit"]\n'
    assert charts_for(view_of(text)) == ("loss",)


@pytest.mark.parametrize("name", TEXTS)
def test_what_fits_does_not_depend_on_the_position(name: str) -> None:
    """No chart comes or goes while a learner steps."""
    view = view_of(TEXTS[name])
    last = view.timeline.reach(12)
    positions = [Position(0), Position(0, 0), Position(last)]
    assert len({charts_for(View(view.scenario, view.timeline, position)) for position in positions}) == 1


def test_a_chart_at_an_earlier_update_does_not_know_the_later_ones() -> None:
    """The same view gives the same chart whether the run has been computed further or not."""
    near, far = view_of(TEXTS["hill"], 3), view_of(TEXTS["hill"], 3)
    far.timeline.reach(200)
    for name in charts_for(near):
        one, other = CHARTS[name].build(near), CHARTS[name].build(far)
        assert isinstance(one, Chart)
        assert isinstance(other, Chart)
        assert (one.x, one.y, len(one.layers)) == (other.x, other.y, len(other.layers))
