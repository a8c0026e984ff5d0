"""The rows of the parameter table, as far as an update is revealed."""

import numpy as np
import pytest
from explained_runs import line, mountain, network, perceptron, two_two_two, wide

from gdsim.engine.edits import Edit
from gdsim.engine.models.network import Layer
from gdsim.engine.parameters import Layout
from gdsim.explain.pages import page
from gdsim.explain.table import ParameterRow, block_summaries, by_change, row_count, rows
from gdsim.timeline.position import Position


def test_the_start_has_values_only():
    """Before any update there is no gradient, change or new value."""
    assert rows(mountain(), Position(), 0, 5) == [ParameterRow(0, "x", 4.0)]


def test_a_column_is_filled_when_its_phase_is_revealed():
    """Third update: value 3.9208 first, the gradient 3.8416 with its phase, change and new value at the end."""
    timeline = mountain()
    (value,), (gradient,), (whole,) = (
        rows(timeline, place, 0, 1) for place in (Position(2, 0), Position(2, 1), Position(3))
    )
    assert (round(value.value, 6), value.gradient, value.new) == (3.9208, None, None)
    assert (round(gradient.gradient, 6), gradient.change, gradient.is_changed) == (3.8416, None, False)
    assert (round(whole.change, 6), round(whole.new, 6), whole.is_changed) == (-0.038416, 3.882384, True)


def test_a_perceptron_reveals_its_correction_at_once():
    """It has no gradient phase: gradient and change appear with the update."""
    timeline = perceptron()
    assert rows(timeline, Position(0, 2), 0, 3)[0].gradient is None
    assert [row.new for row in rows(timeline, Position(1), 0, 3)] == [-0.8, -0.4, -1.0]
    assert not any(row.is_changed for row in rows(timeline, Position(2), 0, 3))


def test_a_gradient_that_turned_is_marked():
    """η = 0.9 jumps over the valley at x = 2 on every update: the slope turns every time, but not at the first."""
    timeline = mountain(0.9)
    assert not rows(timeline, Position(1), 0, 1)[0].gradient_turned
    assert rows(timeline, Position(2), 0, 1)[0].gradient_turned
    assert rows(timeline, Position(2, 1), 0, 1)[0].gradient_turned
    assert not rows(mountain(), Position(2), 0, 1)[0].gradient_turned


def test_only_the_window_is_put_together(monkeypatch):
    """Of 830 parameters four rows are asked for: no more are named, and the last window is cut where the table ends."""
    timeline, named = wide(), []
    timeline.update(1)
    plain = Layout.place
    monkeypatch.setattr(Layout, "place", lambda self, index: named.append(index) or plain(self, index))
    assert [row.index for row in rows(timeline, Position(1), 500, 4)] == named == [500, 501, 502, 503]
    assert row_count(timeline) == 830
    assert [row.index for row in rows(timeline, Position(1), 828, 10)] == [828, 829]
    assert rows(timeline, Position(1), 900, 10) == []


def test_rows_add_up():
    """value + change = new, in every row of every update."""
    for timeline in (two_two_two(), line()):
        for row in rows(timeline, Position(3), 0, 20):
            assert row.new == row.value + row.change


def test_names_are_the_scenarios():
    """Parameters go by the names a scenario gives them."""
    assert [row.name for row in rows(two_two_two(), Position(), 4, 3)] == ["b1", "b1", "w5"]


def test_an_edit_shows_at_once():
    """After x is set to 3 at update 2 the table shows 3, not what the update before made."""
    timeline = mountain().branch(Edit(2, "x", 3.0))
    assert rows(timeline, Position(2), 0, 1) == [ParameterRow(0, "x", 3.0)]
    assert rows(timeline, Position(3), 0, 1)[0].value == 3.0
    assert np.isclose(rows(timeline, Position(1), 0, 1)[0].new, 3.96)


def test_a_changed_learning_rate_keeps_the_last_update():
    """Only edited parameters hide the update made last."""
    timeline = mountain().branch(Edit(2, "update.learning_rate", 0.5))
    assert np.isclose(rows(timeline, Position(2), 0, 1)[0].new, 3.9208)


def test_the_largest_changes_come_first():
    """Mazur's first update moves w6, w5, w8 and w7 most: by 0.0413338, 0.0410835, 0.0113701 and 0.0113013."""
    timeline = two_two_two()
    order = by_change(timeline, Position(1))
    weights = [row.name for row in rows(timeline, Position(1), 0, 12, order) if row.name.startswith("w")]
    assert weights[:4] == ["w6", "w5", "w8", "w7"]
    assert by_change(timeline, Position(0)) is None
    assert by_change(timeline, Position(0, 5)) is None


def test_blocks_are_summed_up_in_a_line_each():
    """y = a·x + b from a = b = 0: ∂C/∂a = −17, ∂C/∂b = −8 (by hand); before an update there are shapes only."""
    timeline = line()
    assert block_summaries(timeline, Position(0)) == ["W1 1×1", "b1 1"]
    assert block_summaries(timeline, Position(1)) == [
        "W1 1×1 · |∂| mean 17 max 17 · 0 % of them 0",
        "b1 1 · |∂| mean 8 max 8 · 0 % of them 0",
    ]


def test_what_rounding_left_of_a_zero_is_zero():
    """∂C/∂w of two inputs 1 and 1e-16 differ by 16 powers of ten: beside the first the second is 0."""
    timeline = network([Layer(1, 2, "identity")], "half-sse", [[1, 1e-16]], [[1]], [0.0, 0.0, 0.0])
    assert [row.gradient for row in rows(timeline, Position(1), 0, 3)] == [-1.0, 0.0, -1.0]


def test_a_slope_that_is_only_rounding_is_zero():
    """(x − 2)² at the number next to 2 has a slope of 8.9e−16, made by the last digit of x; at 2.001 it is real."""
    just_above = mountain(start=float(np.nextafter(2.0, 3.0)))
    assert rows(just_above, Position(1), 0, 1)[0].gradient == 0.0
    assert page(just_above.update(1), 1).lines[0].value == "0"
    assert page(just_above.update(1), 2).lines[0].substituted == "2 − 0.01·0"
    assert rows(mountain(start=2.001), Position(1), 0, 1)[0].gradient == pytest.approx(0.002)
