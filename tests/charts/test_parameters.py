"""Parameters by update, the loss over two of them, and the negative gradient of many."""

from __future__ import annotations

import numpy as np
import pytest

from gdsim.charts.chart import LongColumn, Role, Series, Shape, strongest
from gdsim.charts.kinds import gradient, parameters, surface
from gdsim.charts.kinds.parameters import true_parameters
from gdsim.charts.kinds.surface import loss_heights
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session

from .views import (
    PERCEPTRON,
    QUADRATIC_FIT,
    WIDE,
    XOR,
    built,
    field,
    hill,
    mountain,
    only,
    places,
    series,
    view_of,
    windows,
)

EXACT = QUADRATIC_FIT.replace("NOISE", "0.0")

SATURATED = """
[network]
loss = "LOSS"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[2.0]]
biases = [2.0]
[data]
inputs = [[1.0]]
targets = [0.0]
[update]
learning_rate = 0.15
"""


@pytest.mark.parametrize("noise", ["0.0", "0.5"])
def test_truth_is_what_the_samples_were_made_from(noise: str) -> None:
    """10x² + 5x + 12 means a, b, c = 10, 5, 12, with noise on the targets too."""
    assert true_parameters(view_of(QUADRATIC_FIT.replace("NOISE", noise))) == pytest.approx([10.0, 5.0, 12.0])


def test_measured_samples_have_no_truth() -> None:
    """Points that lie on no line have no true line, a neuron with a bend has none, nor has a function."""
    measured = EXACT.replace(
        'generate = { samples = 100, x = "normal", target = "10*x**2 + 5*x + 12", noise = 0.0 }',
        "inputs = [[1.0], [2.0], [3.0], [4.0]]\ntargets = [1.0, 3.0, 2.0, 9.0]\ninput_names = ['x']",
    )
    for text in (measured, XOR, hill("x**2", 1.0, 0.1)):
        assert true_parameters(view_of(text)) is None


def test_each_parameter_has_a_line_a_label_and_a_mark() -> None:
    """a, b, c start at 15, −2, 10 and are told apart by their marks; their true values are lines across."""
    chart = built(parameters.build(view_of(EXACT, 3)))
    own = [one for one in chart.layers if isinstance(one, Series) and one.role is not Role.TRUTH]
    marked = [one for one in own if one.shape is Shape.POINTS]
    lines = [one for one in own if one.shape is Shape.LINE and not one.label]
    assert [(one.label, one.mark) for one in marked] == [("a", "a"), ("b", "b"), ("c", "c")]
    assert [one.y[0] for one in lines] == [15.0, -2.0, 10.0]
    assert [one.y[-1] for one in marked] == [one.y[-1] for one in lines]
    truths = {one.label: one.y.tolist() for one in series(chart, Role.TRUTH, Shape.LINE)}
    assert truths == {
        "true a": pytest.approx([10, 10]),
        "true b": pytest.approx([5, 5]),
        "true c": pytest.approx([12, 12]),
    }


@pytest.mark.parametrize("update", [4, 12, 40])
def test_parameters_of_equal_values_all_show_their_marks(update: int) -> None:
    """No mark but the last stands where another parameter has one; marks can be drawn in ASCII too."""
    session = Session.open(load_file(resolve("perceptron"))).after(update)
    marked = [one for one in built(parameters.build(session.view)).layers if one.shape is Shape.POINTS]
    assert [one.mark for one in marked] == ["1", "2", "b"]
    places = [place for one in marked for place in one.x[:-1].tolist()]
    assert len(set(places)) == len(places) > 0


def test_true_values_have_the_marks_of_their_parameters() -> None:
    """At the end of each line of a true value stands which parameter it is of: a 10, b 5, c 12."""
    ends = series(built(parameters.build(view_of(EXACT, 3))), Role.TRUTH, Shape.POINTS)
    assert {one.mark: one.y.tolist() for one in ends} == {
        "a": pytest.approx([10]),
        "b": pytest.approx([5]),
        "c": pytest.approx([12]),
    }


def test_lines_of_runs_beside_say_which_run_and_which_parameter() -> None:
    """At its end each has the mark of its run, along it that of its parameter; no two such marks at one update."""
    session = Session.open(load_file(resolve("racing-balls"))).after(12)
    chart = built(parameters.build(session.view))
    for role, run in ((Role.COMPARE, "A"), (Role.COMPARE_2, "B")):
        marked = series(chart, role, Shape.POINTS)
        for one, name in zip(series(chart, role, Shape.LINE), "xy", strict=True):
            there = set(map(tuple, places(one).tolist()))
            assert {each.mark for each in marked if set(map(tuple, places(each).tolist())) <= there} == {run, name}
            assert any(each.mark == run and each.x == one.x[-1:] and each.y == one.y[-1:] for each in marked)
    drawn = [each for each in chart.layers if isinstance(each, Series) and each.shape is Shape.POINTS]
    names = [each for each in drawn if each.mark in ("x", "y")]
    updates = [update for each in names for update in each.x.tolist() if update < 12]
    assert len(set(updates)) == len(updates) > 6


def test_a_lone_parameter_is_the_walk() -> None:
    """x by update: 4, 3.96, 3.9208."""
    chart = built(parameters.build(view_of(hill("(x - 2)**2", 4.0, 0.01), 2)))
    lines = [one for one in chart.layers if isinstance(one, Series) and one.shape is Shape.LINE]
    assert lines[0].y == pytest.approx([4.0, 3.96, 3.9208])
    assert chart.y.label == "x"


def test_parameters_that_are_not_trained_are_left_out() -> None:
    """Without the bias one weight remains."""
    text = SATURATED.replace("LOSS", "half-mse").replace(
        "[[network.layers]]", "train_biases = false\n[[network.layers]]"
    )
    chart = built(parameters.build(view_of(text, 2)))
    assert chart.y.label == "w"


def test_too_many_parameters_are_not_drawn() -> None:
    """Nine lines cannot be told apart."""
    assert parameters.build(view_of(XOR)) is None


def test_parameter_window_stays() -> None:
    """Between start and truth the window does not move."""
    assert len({windows(built(parameters.build(view_of(EXACT, update)))) for update in range(0, 18, 3)}) == 1


def test_surface_is_lowest_at_the_truth_when_the_others_are_true() -> None:
    """With a at 10 the loss over b and c is a bowl with its bottom at (5, 12)."""
    view = view_of(EXACT)
    run, theta = view.timeline.run, np.array([10.0, -2.0, 10.0])
    heights = loss_heights(run, theta, (1, 2), (4.0, 6.0), (11.0, 13.0))
    assert heights is not None
    row, column = np.unravel_index(heights.argmin(), heights.shape)
    assert np.linspace(4, 6, heights.shape[1])[column] == pytest.approx(5.0, abs=0.05)
    assert np.linspace(11, 13, heights.shape[0])[row] == pytest.approx(12.0, abs=0.05)


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        (EXACT, (1, 2)),
        (XOR, (0, 7)),
        (SATURATED.replace("LOSS", "half-mse"), (0, 1)),
        (SATURATED.replace("LOSS", "binary-cross-entropy"), (0, 1)),
    ],
)
def test_heights_are_the_models_own_loss(text: str, elements: tuple[int, int]) -> None:
    """However a grid is computed, its cells are the loss the model gives there."""
    run = view_of(text).timeline.run
    theta = np.array(run.start.theta)
    heights = loss_heights(run, theta, elements, (-1.0, 3.0), (0.5, 2.0))
    assert heights is not None
    x, y = np.linspace(-1, 3, heights.shape[1]), np.linspace(0.5, 2, heights.shape[0])
    for row, column in ((0, 0), (3, 5), (-1, 2), (7, -1)):
        moved = np.array(theta)
        moved[list(elements)] = x[column], y[row]
        assert heights[row, column] == pytest.approx(run.model.forward(moved, None).loss, rel=1e-9)


def test_surface_path_is_the_two_parameters() -> None:
    """The path over (b, c) starts at (−2, 10); axes carry the labels."""
    view = view_of(EXACT, 4)
    chart = built(surface.build(view))
    expected = np.array([view.timeline.state(k).theta[[1, 2]] for k in range(5)])
    assert places(only(chart, Role.PATH, Shape.LINE)) == pytest.approx(expected)
    assert (chart.x.label, chart.y.label) == ("b", "c")
    assert np.isfinite(field(chart).values).all()


def test_surface_of_the_only_two_parameters_needs_no_asking() -> None:
    """A neuron with one weight and one bias has a surface without being told."""
    assert surface.build(view_of(SATURATED.replace("LOSS", "half-mse"))) is not None


def built_column(text: str) -> LongColumn:
    column = gradient.build_column(view_of(text))
    assert column is not None
    return column


@pytest.mark.parametrize("text", [PERCEPTRON, XOR, hill("x**2", 1.0, 0.1)])
def test_no_surface_where_none_is_asked_for_or_mistakes_are_counted(text: str) -> None:
    """Nine parameters and none named, a count of mistakes, a single variable."""
    assert surface.build(view_of(text)) is None


def test_no_surface_where_it_costs_too_much() -> None:
    """16 000 parameters over 30 samples are not evaluated hundreds of times for a picture."""
    assert surface.build(view_of(WIDE + '\n[show]\nsurface = ["W1[0,0]", "W1[0,1]"]\n')) is None


def test_negative_gradient_shows_once_it_is_revealed() -> None:
    """Nothing at the start; afterwards the column is −g, and the entries named are the largest, the largest first."""
    assert built_column(WIDE).values is None
    view = view_of(WIDE, 1)
    column = gradient.build_column(view)
    assert column is not None
    assert column.values is not None
    downhill = -view.timeline.update(1).gradient
    assert (column.values == downhill).all()
    largest = np.argsort(-np.abs(downhill), kind="stable")[: len(column.largest)].tolist()
    assert [entry.element for entry in column.largest] == largest
    assert [entry.value for entry in column.largest] == downhill[largest].tolist()


def test_the_column_has_the_blocks_of_the_network() -> None:
    """784 → 20 → 10: W1, b1, W2, b2 with 15 680, 20, 200 and 10 elements."""
    assert built_column(WIDE).blocks == (("W1", 15680), ("b1", 20), ("W2", 200), ("b2", 10))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("W1[3,410]", "layer 1, neuron 4, pixel (15,19)"),
        ("b1[19]", "layer 1, neuron 20, bias"),
        ("W2[9,4]", "layer 2, neuron 10, input 5"),
    ],
)
def test_entries_say_what_they_belong_to(name: str, words: str) -> None:
    """All counted from 1; index 410 in rows of 28 is row 14, column 18 from 0: 410 = 14·28 + 18."""
    view = view_of(WIDE, 1)
    (element,) = view.timeline.run.model.layout.indices(name)
    assert gradient.place_in_words(view, element) == words


def test_thinned_gradient_keeps_the_strongest_of_each_stretch() -> None:
    """10 values in 5 stretches: the larger of each two by size, whatever its sign."""
    values = np.array([1.0, -2.0, 0.0, 0.5, -9.0, 3.0, 4.0, 4.5, np.nan, 0.1])
    assert strongest(values, 5).tolist() == [1, 3, 4, 7, 9]


def test_few_parameters_have_no_column() -> None:
    """A table shows them better."""
    assert gradient.build_column(view_of(XOR)) is None


def test_the_main_run_is_named_beside_others() -> None:
    """With two parameters and a run beside, the last values of the main run are marked as its own."""
    text, other = (mountain("x**2 + y**2", 1.0, 2.0, rate) for rate in (0.1, 0.2))
    chart = built(parameters.build(view_of(text, 3, beside={"other": other})))
    current = only(chart, Role.CURRENT)
    assert current.label == "this run"
    assert current.y == pytest.approx([0.8**3, 2 * 0.8**3])
    alone = built(parameters.build(view_of(text, 3)))
    assert not series(alone, Role.CURRENT)


def test_parameters_fill_their_window() -> None:
    """(x − 2)² from 4, by 1.5 % of the way an update: no room is kept for 0 from afar, nor above the start."""
    chart = built(parameters.build(view_of(hill("(x - 2)**2", 4.0, 0.0075), 12)))
    values = only(chart, Role.CURVE, Shape.LINE).y
    assert chart.y.low > 3
    assert (chart.y.high - values.max()) < 0.1 * (chart.y.high - chart.y.low)
    assert np.ptp(values) > 0.4 * (chart.y.high - chart.y.low)


def test_parameter_window_holds_0_where_that_costs_little() -> None:
    """From 1, with a first step of 0.2, the window reaches down to 0 from the beginning."""
    found = [built(parameters.build(view_of(hill("x**2", 1.0, 0.1), update))).y for update in range(20)]
    assert len(set(found)) == 1
    assert (found[0].low, found[0].high) == pytest.approx((-0.08, 1.08))
