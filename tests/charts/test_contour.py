"""The mountain from above, and the cut along a step."""

from __future__ import annotations

import numpy as np
import pytest

from gdsim.charts.chart import Chart, Role, Shape
from gdsim.charts.kinds import contour, cross_section, surface_3d

from .views import built, field, hill, mountain, only, places, series, view_of, windows

# Gradient (3, 1) at (1.5, 0.5), by hand.
BOWL = mountain("x**2 + y**2", 1.5, 0.5, 0.1)


def chart_of(update: int, phase: int | None = None) -> Chart:
    return built(contour.build(view_of(BOWL, update, phase)))


def test_path_is_the_states() -> None:
    """With η = 0.1 every update multiplies both coordinates of x² + y² by 0.8."""
    chart = chart_of(3)
    states = np.array([[1.5, 0.5]]) * 0.8 ** np.arange(4)[:, np.newaxis]
    assert places(only(chart, Role.PATH, Shape.LINE)) == pytest.approx(states)
    assert places(only(chart, Role.PATH, Shape.POINTS)) == pytest.approx(states[:-1])
    assert places(only(chart, Role.CURRENT)) == pytest.approx(states[-1:])


def test_arrow_is_the_negative_gradient_once_revealed() -> None:
    """Nothing before; in the gradient phase an arrow from the start in the direction −(3, 1), and the next point."""
    assert series(chart_of(0), Role.TANGENT) == []
    assert series(chart_of(0, 0), Role.TANGENT) == []
    chart = chart_of(0, 1)
    tail, head = places(only(chart, Role.TANGENT, Shape.ARROW))
    assert tail == pytest.approx([1.5, 0.5])
    direction = (head - tail) / np.linalg.norm(head - tail)
    assert direction == pytest.approx(-np.array([3.0, 1.0]) / np.sqrt(10.0))
    assert places(only(chart, Role.NEXT)) == pytest.approx(np.array([[1.2, 0.4]]))


def test_arrow_of_an_update_made_starts_where_its_gradient_was_taken() -> None:
    """After update 1 the gradient on view is that at the start."""
    assert places(only(chart_of(1), Role.TANGENT))[0] == pytest.approx([1.5, 0.5])


def test_window_stays_between_updates() -> None:
    """The window does not follow the walk."""
    assert len({windows(chart_of(update)) for update in range(10)}) == 1


def test_field_is_lowest_in_the_valley_and_rises_all_round() -> None:
    """Cells are evenly spread over the window and its rim, row 0 lowest; the lowest is the one nearest to (0, 0)."""
    chart = chart_of(0)
    heights = field(chart)
    rows, columns = heights.values.shape
    row, column = np.unravel_index(heights.values.argmin(), heights.values.shape)
    x = np.linspace(heights.x_low, heights.x_high, columns)
    y = np.linspace(heights.y_low, heights.y_high, rows)
    assert abs(x[column]) <= np.diff(x)[0] / 2
    assert abs(y[row]) <= np.diff(y)[0] / 2
    # Shades follow the root of the height, so rings are evenly wide: height x² + y² gives the distance from the middle.
    squared = x[np.newaxis, :] ** 2 + y[:, np.newaxis] ** 2
    assert heights.values == pytest.approx(squared)
    highest = chart.x.high**2 + chart.y.high**2
    assert (heights.low, heights.high) == pytest.approx((squared.min(), highest))
    shares = (squared - squared.min()) / (highest - squared.min())
    assert heights.shares(heights.values) == pytest.approx(np.sqrt(np.minimum(shares, 1)))


def test_the_lowest_point_found_so_far_is_marked_while_it_is_not_the_current_one() -> None:
    """With η = 1.2 on x² + y² every step lands further out, so the start stays the lowest point; with 0.1 none is."""
    leaving = built(contour.build(view_of(mountain("x**2 + y**2", 1.5, 0.5, 1.2), 4)))
    assert places(only(leaving, Role.LOWEST))[0] == pytest.approx([1.5, 0.5])
    assert series(built(contour.build(view_of(mountain("x**2 + y**2", 1.5, 0.5, 0.1), 4))), Role.LOWEST) == []


def test_heights_reach_beyond_the_window_so_that_it_can_grow() -> None:
    """A tenth of the window on either side; seen from the side, the heights end with the window."""
    chart, beside = chart_of(0), built(surface_3d.build(view_of(BOWL)))
    rim = (chart.x.high - chart.x.low) / 10
    assert (field(chart).x_low, field(chart).x_high) == pytest.approx((chart.x.low - rim, chart.x.high + rim))
    assert (field(beside).x_low, field(beside).x_high) == pytest.approx((chart.x.low, chart.x.high))


def test_only_functions_of_two_variables() -> None:
    """A hill is no mountain."""
    assert contour.build(view_of(hill("x**2", 1.0, 0.1))) is None


def test_cut_follows_the_step_and_marks_where_it_lands() -> None:
    """Along −(3, 1) from (1.5, 0.5) the height at distance d is (√2.5 − d)²; the step is η·√10 = 0.316 long."""
    chart = built(cross_section.build(view_of(BOWL, 0, 1)))
    cut = only(chart, Role.CURVE)
    assert cut.y == pytest.approx((np.sqrt(2.5) - cut.x) ** 2)
    assert places(only(chart, Role.CURRENT)) == pytest.approx(np.array([[0.0, 2.5]]))
    assert places(only(chart, Role.NEXT)) == pytest.approx(np.array([[np.sqrt(0.1), 1.6]]))


def test_cut_of_an_update_made_shows_before_and_after() -> None:
    """After the update the current point lies a step's length along the cut."""
    chart = built(cross_section.build(view_of(BOWL, 1)))
    assert places(only(chart, Role.PATH)) == pytest.approx(np.array([[0.0, 2.5]]))
    assert places(only(chart, Role.CURRENT)) == pytest.approx(np.array([[np.sqrt(0.1), 1.6]]))


def test_cut_keeps_the_next_point_back_until_the_gradient_is_revealed() -> None:
    """In the value phase, and before any phase, the landing is not given away."""
    for phase in (None, 0):
        assert series(built(cross_section.build(view_of(BOWL, 0, phase))), Role.NEXT) == []


def test_cut_on_level_ground_is_empty() -> None:
    """Where there is no direction there is nothing to cut along, and nothing is raised."""
    assert built(cross_section.build(view_of(mountain("x**2 + y**2", 0.0, 0.0, 0.1)))).layers == ()
