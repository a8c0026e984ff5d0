"""Windows that stay and double."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim.charts.layout import decades, doubled, heights_window, hull, journey_window, updates_shown, upwards, widened

NUMBERS = st.floats(-1e200, 1e200)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.lists(NUMBERS, min_size=1))
def test_a_doubled_window_holds_everything(low: float, width: float, values: list[float]) -> None:
    """Every finite value lies inside, but for rounding."""
    left, right = doubled((low, low + width), values)
    slack = 1e-6 * (right - left)
    assert left - slack <= min(values)
    assert max(values) <= right + slack


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=40))
def test_a_window_never_shrinks_as_a_path_grows(path: list[float]) -> None:
    """The window of a longer path holds that of a shorter one."""
    windows = [doubled((-1.0, 5.0), path[: k + 1]) for k in range(len(path))]
    for (low, high), (next_low, next_high) in pairwise(windows):
        assert next_low <= low
        assert next_high >= high


def test_a_window_inside_stays_exactly() -> None:
    """No value outside: the same numbers."""
    assert doubled((-1.0, 5.0), [-1.0, 3.0, 5.0]) == (-1.0, 5.0)


def test_values_that_are_not_finite_do_not_count() -> None:
    """inf and nan leave the window alone."""
    assert doubled((-1.0, 5.0), [np.inf, np.nan]) == (-1.0, 5.0)
    assert hull([np.nan, 2.0], [np.inf, -1.0]) == (-1.0, 2.0)
    assert hull([np.nan]) is None


def test_only_the_side_that_is_passed_moves() -> None:
    """From 6 wide to 12 wide, and 24 wide, each side by itself, so that no half of a chart is empty for nothing."""
    assert doubled((-1.0, 5.0), [6.0]) == (-1.0, 11.0)
    assert doubled((-1.0, 5.0), [-8.0]) == (-19.0, 5.0)
    assert doubled((-1.0, 5.0), [-8.0, 6.0]) == (-19.0, 11.0)


def test_steps_between_doublings() -> None:
    """By halves an end of 1 goes to 1.5, 2, 3, 4, 6, …"""
    assert [upwards(most, 1.0, by_halves=True) for most in (0.3, 1.4, 1.6, 2.5, 4.0, 4.5)] == [1, 1.5, 2, 3, 4, 6]


@pytest.mark.parametrize(("update", "high"), [(0, 20), (20, 20), (21, 40), (1000, 1280)])
def test_update_axis(update: int, high: float) -> None:
    """20, 40, 80, …"""
    assert updates_shown(update) == (0.0, high)


def test_a_landing_far_away_does_not_count() -> None:
    """A first step to a million does not squeeze the hill to a spike."""
    assert journey_window([4.0], 1e6) == pytest.approx((-1.0, 5.0))


def test_widened_has_room_for_one_value() -> None:
    """A window of one number, of nothing, and of a number so large that 1 is lost beside it."""
    for window in ((3.0, 3.0), None, (1e300, 1e300), (0.0, 0.0)):
        low, high = widened(window)
        assert low < high


def test_a_pole_is_cut() -> None:
    """1/x on both sides of 0 keeps its window to where most of the curve is."""
    x = np.linspace(-1, 1, 241) + 1e-6
    low, high = heights_window(1 / x)
    assert -1000 < low < -5
    assert 5 < high < 1000


def test_heights_of_a_hill_are_not_cut() -> None:
    """(x − 2)² from −1 to 5 runs from 0 to 9, with a little room."""
    low, high = heights_window((np.linspace(-1, 5, 241) - 2) ** 2)
    assert low == pytest.approx(-0.45, abs=0.01)
    assert high == pytest.approx(9.45, abs=0.01)


def test_decades_around_numbers() -> None:
    """Whole powers of ten, and never an empty window."""
    assert decades(0.002, 3.0) == pytest.approx((1e-3, 10.0))
    assert decades(1.0, 1.0) == pytest.approx((1.0, 10.0))
