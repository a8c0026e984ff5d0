"""The hill of one variable."""

from __future__ import annotations

import numpy as np
import pytest

from gdsim.charts.chart import Chart, Role, Series, Shape
from gdsim.charts.kinds import curve

from .views import PERCEPTRON, built, hill, mountain, only, places, series, view_of, windows

DESCENT = hill("(x - 2)**2", 4.0, 0.01, "view = { x = [-1.0, 5.0] }")


def chart_of(text: str, update: int = 0, phase: int | None = None) -> Chart:
    return built(curve.build(view_of(text, update, phase)))


def slope_of(chart: Chart) -> float:
    tangent = only(chart, Role.TANGENT)
    return float(np.diff(tangent.y)[0] / np.diff(tangent.x)[0])


def test_tangent_of_x_squared_at_2_has_slope_4() -> None:
    """The tangent at x = 2 on x² touches (2, 4) and rises 4 for 1; it is there before any update."""
    chart = chart_of(hill("x**2", 2.0, 0.1))
    tangent = only(chart, Role.TANGENT)
    assert slope_of(chart) == pytest.approx(4.0)
    assert (tangent.x.mean(), tangent.y.mean()) == pytest.approx((2.0, 4.0))


def test_tangent_is_at_most_a_quarter_of_the_window_wide() -> None:
    """On level ground the tangent is a quarter of the window wide, on steep ground shorter."""
    level = only(chart_of(hill("(x - 2)**2", 2.0, 0.1, "view = { x = [0.0, 8.0] }")), Role.TANGENT)
    steep = only(chart_of(hill("x**4", 8.0, 0.1, "view = { x = [0.0, 8.0] }")), Role.TANGENT)
    assert np.ptp(level.x) == pytest.approx(2.0)
    assert np.ptp(steep.x) < 2.0


def test_walk_is_the_states_on_the_hill() -> None:
    """Path and current point are (x_k, f(x_k)): 4, 3.96, 3.9208 by hand for (x − 2)² with η = 0.01."""
    chart = chart_of(DESCENT, 2)
    assert places(only(chart, Role.PATH)) == pytest.approx(np.array([[4.0, 4.0], [3.96, 1.96**2]]))
    assert places(only(chart, Role.CURRENT)) == pytest.approx(np.array([[3.9208, 1.9208**2]]))


def test_next_point_shows_once_the_gradient_is_revealed() -> None:
    """Phase 0 is the value, phase 1 the gradient: only then the landing 3.96 may be seen."""
    assert series(chart_of(DESCENT), Role.NEXT) == []
    assert series(chart_of(DESCENT, 0, 0), Role.NEXT) == []
    assert only(chart_of(DESCENT, 0, 1), Role.NEXT).x == pytest.approx([3.96])
    assert only(chart_of(DESCENT, 0, 1), Role.CURRENT).x == pytest.approx([4.0])


def test_window_is_the_scenarios_and_stays() -> None:
    """While the walk stays inside the scenario's window, neither axis moves."""
    found = {windows(chart_of(DESCENT, update)) for update in range(0, 60, 3)}
    assert len(found) == 1
    assert next(iter(found))[:2] == (-1.0, 5.0)


def test_window_without_a_view_holds_start_origin_and_first_landing() -> None:
    """From 4 to 3.96 with the origin: 0…4 and a quarter more on either side."""
    chart = chart_of(hill("(x - 2)**2", 4.0, 0.01))
    assert (chart.x.low, chart.x.high) == pytest.approx((-1.0, 5.0))


def test_window_doubles_when_the_run_blows_up() -> None:
    """With η = 1.05 the walk leaves any window; each side moves by the first width times 2ⁿ − 1, so it seldom does."""
    text = hill("(x - 2)**2", 4.0, 1.05, "view = { x = [-1.0, 5.0] }")
    charts = [chart_of(text, update) for update in range(60)]
    moved = np.array([(-1.0 - (chart.x.low or 0), (chart.x.high or 0) - 5.0) for chart in charts])
    assert (np.log2(moved / 6.0 + 1) % 1 == 0).all()
    assert (np.diff(moved, axis=0) >= 0).all()
    assert all(3 <= len(set(side)) <= 10 for side in moved.T)
    for chart in charts:
        current = only(chart, Role.CURRENT)
        assert (chart.x.low or 0) <= current.x[0] <= (chart.x.high or 0)


def test_a_run_that_ended_in_infinity_is_still_drawn() -> None:
    """After divergence the chart has finite windows and no tangent, and nothing is raised."""
    view = view_of(hill("x**4", 10.0, 1.0))
    last = view.timeline.reach(100)
    assert view.timeline.stopped == "diverged"
    chart = chart_of(hill("x**4", 10.0, 1.0), last)
    assert np.isfinite([edge for edge in windows(chart) if edge is not None]).all()


def test_slope_is_shown_at_the_end_of_the_run() -> None:
    """Where no update follows, the tangent is there all the same."""
    text = hill("x**2", 2.0, 0.25, update="[stop]\nmax_updates = 1")
    assert slope_of(chart_of(text, 1)) == pytest.approx(2.0)


def test_other_starts_are_marked_on_the_hill() -> None:
    """Starting points one key away are marked; the one walked from is not among them."""
    chart = chart_of(hill("(x - 2)**2", 4.0, 0.01, "starts = [{ x = 0.0 }, { x = 5.0 }]"))
    assert places(only(chart, Role.DATA)) == pytest.approx(np.array([[0.0, 4.0], [5.0, 9.0]]))


def test_runs_beside_have_their_own_mark_and_label() -> None:
    """A compared run shows where it is at the same update; one far off does not widen the window."""
    beside = {"small": hill("(x - 2)**2", 4.0, 0.001), "huge": hill("(x - 2)**2", 4.0, 5.0)}
    chart = built(curve.build(view_of(DESCENT, 3, beside=beside)))
    labelled = {one.label: one for one in series(chart, Role.COMPARE) if one.label}
    assert set(labelled) == {"small", "huge"}
    assert labelled["small"].mark == "s"
    assert labelled["small"].x == pytest.approx([2 + 2 * 0.998**3])
    assert (chart.x.low, chart.x.high) == (-1.0, 5.0)


def test_each_start_is_said_to_be_one() -> None:
    """A run that began elsewhere has its mark there in lower case, named in the legend as the main run's start is."""
    chart = built(curve.build(view_of(DESCENT, 3, beside={"Other": hill("(x - 2)**2", 0.0, 0.1)})))
    starts = {
        one.mark: (one.label, *one.x) for one in chart.layers if isinstance(one, Series) and one.mark in ("s", "o")
    }
    assert starts == {"s": ("start", 4.0), "o": ("start", 0.0)}


def test_a_run_beside_on_another_hill_brings_its_hill() -> None:
    """A compared function is drawn as a line of its own; the same function is not drawn twice."""
    other = built(curve.build(view_of(DESCENT, 1, beside={"tanh": hill("tanh(x)", 2.0, 1.0)})))
    same = built(curve.build(view_of(DESCENT, 1, beside={"slow": hill("(x - 2)**2", 4.0, 0.001)})))
    assert only(other, Role.COMPARE, Shape.LINE).y[-1] == pytest.approx(np.tanh(5.0))
    assert series(same, Role.COMPARE, Shape.LINE) == []


@pytest.mark.parametrize("text", [mountain("x**2 + y**2", 1.0, 1.0, 0.1), PERCEPTRON])
def test_only_functions_of_one_variable_have_a_hill(text: str) -> None:
    """Anything else gives no such chart."""
    assert curve.build(view_of(text)) is None
