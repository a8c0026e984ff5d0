"""How outputs and gradients are spread by layer, and which units are counted as idle."""

import numpy as np
import pytest

from gdsim.charts.chart import Chart, Series, Shape
from gdsim.charts.table import CHARTS
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from tests.charts.views import WIDE, XOR, view_of

OUTPUTS, GRADIENTS = CHARTS["activation-histogram"], CHARTS["gradient-histogram"]


def built(kind, view) -> Chart:
    chart = kind.build(view)
    assert isinstance(chart, Chart)
    return chart


def lines(chart: Chart) -> list[Series]:
    return [each for each in chart.layers if isinstance(each, Series) and each.shape is Shape.LINE]


def test_every_output_is_counted_once() -> None:
    """The percentages of each layer add up to 100, at the outputs the update computed."""
    view = view_of(WIDE, 1)
    chart = built(OUTPUTS, view)
    assert len(lines(chart)) == 2
    assert [np.nansum(line.y) for line in lines(chart)] == pytest.approx([100.0, 100.0])
    a = view.timeline.update(1).forward_after.quantities["a2"]
    mean = np.nansum(lines(chart)[1].x * np.nan_to_num(lines(chart)[1].y)) / 100
    assert mean == pytest.approx(a.mean(), abs=0.05)


def test_gradients_that_are_zero_are_named() -> None:
    """Weights whose gradient is 0 have no place on a log axis; their part stands in the legend."""
    view = view_of(WIDE, 1)
    gradient = view.timeline.update(1).gradient[view.timeline.run.model.layout.slices["W1"]]
    line, peak = built(GRADIENTS, view).layers[:2]
    zeros = 100 * float(np.mean(gradient == 0))
    assert f"{zeros:.0f} % are 0" in peak.label
    assert np.nansum(line.y) == pytest.approx(100 - zeros)


@pytest.mark.parametrize(
    ("activation", "bias", "label"),
    [("relu", -1e9, "layer 1, 20 dead"), ("sigmoid", 9.0, "layer 1, 20 saturated"), ("tanh", 0.0, "layer 1")],
)
def test_dead_and_saturated_units_are_counted(activation: str, bias: float, label: str) -> None:
    """A unit without slope for every sample is dead, one with nearly none saturated, others are not spoken of."""
    biases = f"biases = {[bias] * 20}\nweights = {[[0.001] * 784] * 20}"
    text = WIDE.replace(
        'activation = "sigmoid"\ninit = { method = "normal" }', f'activation = "{activation}"\n{biases}', 1
    )
    assert built(OUTPUTS, view_of(text, 1)).layers[1].label == label


def test_the_axis_ends_near_what_it_shows() -> None:
    """The axis ends at the first of 10, 20, 50, 100 % that holds the highest of the lines, so it seldom changes."""
    for kind in (OUTPUTS, GRADIENTS):
        chart = built(kind, Session.open(load_file(resolve("digits-wider"))).after(12).view)
        highest = max(np.nanmax(line.y) for line in lines(chart))
        assert chart.y.high == next(top for top in (10, 20, 50, 100) if highest <= top)


def test_nothing_is_shown_before_it_is_computed() -> None:
    """At the start no layer has a line; small networks have no histograms."""
    assert built(OUTPUTS, view_of(WIDE)).layers == ()
    assert built(GRADIENTS, view_of(WIDE)).layers == ()
    assert not OUTPUTS.applies(view_of(XOR))
