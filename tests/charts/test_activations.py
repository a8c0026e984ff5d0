"""Several activations at one z that can be moved: values in one chart, slopes in another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gdsim.charts.chart import Role, Shape
from gdsim.charts.fitting import compares_activations
from gdsim.charts.kinds import activation
from gdsim.charts.view import View

from .views import built, hill, only, series, view_of


def three(z: float | None = None) -> View:
    view = view_of(
        hill("sigmoid(x)", 0.0, 0.1), beside={"tanh": hill("tanh(x)", 0.0, 0.1), "relu": hill("relu(x)", 0.0, 0.1)}
    )
    return replace(view, focus=replace(view.focus, z=z))


def test_every_activation_is_marked_at_the_same_z() -> None:
    """At z = 1: σ = 0.731059, tanh = 0.761594, relu = 1 (tables)."""
    chart = built(activation.build(three(1.0)))
    assert only(chart, Role.CURRENT).y == pytest.approx([0.731059], abs=1e-6)
    assert [float(one.y[0]) for one in series(chart, Role.COMPARE, Shape.POINTS)] == pytest.approx(
        [0.761594, 1.0], abs=1e-6
    )


def test_every_slope_is_marked_at_the_same_z() -> None:
    """At z = 0: σ′ = ¼, tanh′ = 1; relu′ is 0 left of the kink, and 1 to the right."""
    chart = built(activation.build_slopes(three(0.0)))
    assert only(chart, Role.CURRENT).y == pytest.approx([0.25])
    assert [float(one.y[0]) for one in series(chart, Role.COMPARE, Shape.POINTS)] == pytest.approx([0.0, 1.0])
    right = built(activation.build_slopes(three(0.25)))
    assert float(series(right, Role.COMPARE, Shape.POINTS)[0].y[0]) == 1.0


def test_saturation_is_flat_at_both_ends() -> None:
    """At −8 and 8 the slopes of σ and tanh are below a thousandth of the chart; tanh is flatter."""
    chart = built(activation.build_slopes(three()))
    sigmoid = only(chart, Role.CURVE, Shape.LINE)
    assert max(sigmoid.y[0], sigmoid.y[-1]) < 1e-3
    assert sigmoid.y.max() == pytest.approx(0.25)


def test_z_moves_by_a_quarter_and_by_one() -> None:
    """Right and left a quarter, up and down one, from where the walker stands."""
    view = three()
    assert activation.moved(view, 1, 0).z == 0.25
    assert activation.moved(view, 0, -1).z == 1.0
    assert activation.moved(three(-2.0), -1, 0).z == -2.25
    assert activation.description(three(-2.0)) == "x = −2"


def test_the_window_follows_z() -> None:
    """Far out the window doubles, so that z stays on view."""
    chart = built(activation.build(three(12.0)))
    assert (chart.x.low, chart.x.high) == (-16.0, 16.0)


def test_one_activation_has_no_chart_of_slopes() -> None:
    """Alone, an activation shows its slope beside it."""
    assert activation.build_slopes(view_of(hill("sigmoid(x)", 0.0, 0.1))) is None
    assert not compares_activations(view_of(hill("x**2", 1.0, 0.1)))
    assert np.isfinite(only(built(activation.build(view_of(hill("sigmoid(x)", 0.0, 0.1)))), Role.GHOST).y).all()
