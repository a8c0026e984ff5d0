"""Charts of samples: the boundary between classes, and the fit."""

from __future__ import annotations

import numpy as np
import pytest

from gdsim.charts.chart import Role, Shape
from gdsim.charts.kinds import boundary, fit
from gdsim.charts.level_lines import level_line
from gdsim.timeline.position import Focus

from .views import PERCEPTRON, QUADRATIC_FIT, WIDE, XOR, built, field, hill, only, places, series, view_of, windows

SOLVED = PERCEPTRON.replace("weights = [0.0, 0.0]", "weights = [-1.2, 3.2]\nbias = -1.0")

LINE = """
[network]
loss = "half-sse"
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.5]]
biases = [0.25]
[data]
inputs = [[0.0], [5.0], [10.0]]
targets = [100.0, 300.0, 200.0]
input_names = ["size"]
target_names = ["price"]
scale = { inputs = "min-max", targets = "min-max" }
[update]
learning_rate = 0.01
"""


def test_line_passes_through_points_with_sum_zero() -> None:
    """w = (−1.2, 3.2), b = −1: (0.5, 0.5) and (1.3, 0.8) lie on wᵀx + b = 0, by hand."""
    (x0, y0), (x1, y1) = places(only(built(boundary.build(view_of(SOLVED))), Role.BOUNDARY))
    for x, y in ((0.5, 0.5), (1.3, 0.8)):
        assert (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) == pytest.approx(0.0, abs=1e-9)


def test_line_crosses_the_whole_window() -> None:
    """Both ends lie outside the window, so no end of the line shows."""
    chart = built(boundary.build(view_of(SOLVED)))
    line = only(chart, Role.BOUNDARY)
    assert line.x.min() < (chart.x.low or 0)
    assert line.x.max() > (chart.x.high or 0)


def test_weight_arrow_starts_on_the_line_and_points_along_w() -> None:
    """The weight vector stands on the line, towards the side answered with 1."""
    tail, head = places(only(built(boundary.build(view_of(SOLVED))), Role.TANGENT, Shape.ARROW))
    assert -1.2 * tail[0] + 3.2 * tail[1] - 1.0 == pytest.approx(0.0, abs=1e-12)
    along = (head - tail) / np.linalg.norm(head - tail)
    assert along == pytest.approx(np.array([-1.2, 3.2]) / np.hypot(1.2, 3.2))


def test_no_line_without_weights() -> None:
    """With w = 0 there is no line to draw, and no arrow."""
    chart = built(boundary.build(view_of(PERCEPTRON)))
    assert series(chart, Role.BOUNDARY) == series(chart, Role.TANGENT) == []


def test_classes_have_their_own_marks() -> None:
    """The three points labelled 0 and the four labelled 1 are series of different roles."""
    chart = built(boundary.build(view_of(SOLVED)))
    assert places(only(chart, Role.DATA)) == pytest.approx(np.array([[0.8, 0.4], [0.3, 0.1], [0.4, 0.2]]))
    assert len(only(chart, Role.DATA_ALT).x) == 4


def test_sample_in_hand_is_that_of_the_update_on_view() -> None:
    """At the start and inside update 1 it is the first point; after update 2 the second; inside update 3 the third."""
    for update, phase, expected in (
        (0, None, (0.8, 0.4)),
        (0, 1, (0.8, 0.4)),
        (2, None, (0.3, 0.1)),
        (2, 0, (0.8, 0.8)),
    ):
        chart = built(boundary.build(view_of(PERCEPTRON, update, phase)))
        assert places(only(chart, Role.CURRENT))[0] == pytest.approx(expected)


def test_boundary_window_stays() -> None:
    """The window is that of the points, whatever the line does."""
    assert len({windows(built(boundary.build(view_of(PERCEPTRON, update)))) for update in range(0, 50, 5)}) == 1


def test_field_of_a_network_is_its_output() -> None:
    """The corners of the field are the outputs there, by the two-layer formula."""
    chart = built(boundary.build(view_of(XOR)))
    answers = field(chart)
    for row, y in ((0, answers.y_low), (-1, answers.y_high)):
        for column, x in ((0, answers.x_low), (-1, answers.x_high)):
            hidden = 1 / (1 + np.exp(-np.array([x - 2 * y + 0.1, 3 * x + 0.5 * y - 0.2])))
            output = 1 / (1 + np.exp(-(2 * hidden[0] - hidden[1] + 0.3)))
            assert answers.values[row, column] == pytest.approx(output)


def test_samples_answered_wrongly_are_circled() -> None:
    """With w = 0 every sum is 0, so all points get one answer: the samples of the other class are circled.

    The current one covers its own mark, so it says in words whether it is wrong.
    """
    chart = built(boundary.build(view_of(PERCEPTRON)))
    samples = series(chart, Role.DATA) + series(chart, Role.DATA_ALT)
    counts = sorted((each.is_circled, len(each.x)) for each in samples if len(each.x))
    (current,) = series(chart, Role.CURRENT)
    is_wrong = current.label.endswith(", wrong")
    wrong = int(is_wrong) + sum(count for is_circled, count in counts if is_circled)
    assert (wrong, sum(count for _is_circled, count in counts)) in ((4, 7), (3, 7))
    assert [each for each in series(built(boundary.build(view_of(SOLVED))), Role.DATA) if each.is_circled] == []
    assert all(each.label for each in samples)


def test_outputs_are_coloured_over_their_whole_range() -> None:
    """A sigmoid's output has a scale from 0 to 1 with its middle at the threshold, whatever the outputs at hand are."""
    answers = field(built(boundary.build(view_of(XOR))))
    assert (answers.scale, answers.threshold) == ((0.0, 1.0), 0.5)
    assert answers.shares(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.0, 0.5, 1.0])


def test_a_level_line_lies_where_a_plane_is_zero() -> None:
    """On values that are themselves a plane, straight lines between cells are exact: one line along x + 2y = 1.03."""
    x, y = np.linspace(0, 1, 7), np.linspace(0, 1, 5)
    across, up = level_line(x, y, x[np.newaxis, :] + 2 * y[:, np.newaxis] - 1.03)
    assert len(across) > 5
    assert across + 2 * up == pytest.approx(np.full(len(across), 1.03))


def test_level_lines_are_whole() -> None:
    """A ring comes back to where it began, two hyperbolas are two lines, and no value without a number is touched."""
    x, y = np.linspace(-1, 1, 40), np.linspace(-1, 1, 41)
    square, product = x[np.newaxis, :] ** 2 + y[:, np.newaxis] ** 2 - 0.5, x[np.newaxis, :] * y[:, np.newaxis] - 0.1
    ring_x, ring_y = level_line(x, y, square)
    assert (ring_x[0], ring_y[0]) == (ring_x[-1], ring_y[-1])
    assert np.isfinite(ring_x).all()
    assert ring_x**2 + ring_y**2 == pytest.approx(np.full(len(ring_x), 0.5), abs=2e-3)
    assert np.isnan(level_line(x, y, product)[0]).sum() == 1
    assert not level_line(x, y, np.full((41, 40), np.nan))[0].size


@pytest.mark.parametrize("text", [WIDE, QUADRATIC_FIT.replace("NOISE", "0.0"), hill("x**2", 1.0, 0.1)])
def test_boundary_needs_two_inputs_and_classes(text: str) -> None:
    """784 inputs, numbers to predict, or no samples: no boundary."""
    assert boundary.build(view_of(text)) is None


def test_fit_is_drawn_over_the_raw_input() -> None:
    """Features x², x of one raw x: at the start the fit is 15x² − 2x + 10, drawn over x."""
    view = view_of(QUADRATIC_FIT.replace("NOISE", "0.0"))
    chart = built(fit.build(view))
    curve = only(chart, Role.FIT)
    assert curve.y == pytest.approx(15 * curve.x**2 - 2 * curve.x + 10)
    samples = only(chart, Role.DATA)
    assert samples.y == pytest.approx(10 * samples.x**2 + 5 * samples.x + 12)
    assert (chart.x.label, chart.y.label) == ("x", "y")


def test_fit_is_in_real_units() -> None:
    """Scaled y = 0.5x + 0.25 with x in 0…10 and y in 100…300: at 10 it is 100 + 0.75·200 = 250, at 0 it is 150."""
    chart = built(fit.build(view_of(LINE)))
    curve = only(chart, Role.FIT)
    assert np.interp([0.0, 10.0], curve.x, curve.y) == pytest.approx([150.0, 250.0])
    assert places(only(chart, Role.DATA)) == pytest.approx(np.array([[0, 100], [5, 300], [10, 200]]))
    assert (chart.x.label, chart.y.label) == ("size", "price")


def test_fit_window_stays() -> None:
    """The fit moves, the window does not."""
    assert len({windows(built(fit.build(view_of(LINE, update)))) for update in range(12)}) == 1


@pytest.mark.parametrize("text", [XOR, PERCEPTRON, hill("x**2", 1.0, 0.1)])
def test_fit_needs_one_input_and_one_output(text: str) -> None:
    """Two inputs or no network: no fit."""
    assert fit.build(view_of(text)) is None


def test_focused_sample_is_in_hand_where_an_update_sees_all() -> None:
    """The focus chooses among all samples; out of range it is brought into range."""
    for sample, expected in ((0, (0.0, 0.0)), (3, (1.0, 1.0)), (99, (1.0, 1.0))):
        chart = built(boundary.build(view_of(XOR, focus=Focus(sample=sample))))
        assert places(only(chart, Role.CURRENT))[0] == pytest.approx(expected)


def test_a_chosen_hidden_neuron_shows_what_it_sees() -> None:
    """In place of the answer of the network stands σ(1·x₁ − 2·x₂ + 0.1) of the neuron chosen, by hand, and its name."""
    view = view_of(XOR, focus=Focus(1, 0))
    chart = built(boundary.build(view))
    shown = field(chart)
    assert shown.label == "a¹₁"
    assert "a¹₁" in chart.title
    rows, columns = shown.values.shape
    x, y = np.linspace(shown.x_low, shown.x_high, columns), np.linspace(shown.y_low, shown.y_high, rows)
    expected = 1 / (1 + np.exp(-(x[np.newaxis, :] - 2 * y[:, np.newaxis] + 0.1)))
    assert shown.values == pytest.approx(expected)
    assert (shown.low, shown.threshold, shown.high) == (0.0, 0.5, 1.0)
    output = built(boundary.build(view_of(XOR, focus=Focus(2, 0))))
    assert field(output).values == pytest.approx(field(built(boundary.build(view_of(XOR)))).values)
