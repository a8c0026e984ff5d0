import math
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from textual.strip import Strip

from gdsim.charts.chart import Axis, Chart, Field, Role, Series, Shape
from gdsim.tui import plot
from gdsim.tui.axes import LABEL_WIDTH, ticks, window
from gdsim.tui.palettes import ASCII_SHADES, MARKS, PALETTES, UNICODE_SHADES
from gdsim.tui.plane import plane_of
from gdsim.tui.plot import draw
from gdsim.tui.polylines import snapped, thinned

DARK, NONE = PALETTES["dark"], PALETTES["none"]

values = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from(
    [0.0, 1e300, -1e300, 5e-324, math.nan, math.inf]
)


@st.composite
def series(draw_from):
    count = draw_from(st.integers(0, 12))
    x, y = (draw_from(arrays.arrays(np.float64, count, elements=values)) for _ in "xy")
    label = draw_from(st.sampled_from(["", "here", "更新", "a\x1b[31m"]))
    return Series(draw_from(st.sampled_from(Role)), draw_from(st.sampled_from(Shape)), x, y, label)


@st.composite
def fields(draw_from):
    shape = draw_from(st.tuples(st.integers(0, 4), st.integers(0, 4)))
    heights = draw_from(arrays.arrays(np.float64, shape, elements=values))
    return Field(
        -1.0, 1.0, 0.0, draw_from(st.sampled_from([0.0, 2.0])), heights, draw_from(st.integers(1, 12)), "height"
    )


axes = st.builds(
    Axis,
    label=st.sampled_from(["", "x", "更新", "a label longer than the chart is wide"]),
    low=st.none() | values,
    high=st.none() | values,
    is_log=st.booleans(),
)
charts = st.builds(Chart, st.just(""), axes, axes, st.lists(series() | fields(), max_size=4).map(tuple))


def rows(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


def points(role: Role, x: list[float], y: list[float], shape: Shape = Shape.POINTS, label: str = "") -> Series:
    return Series(role, shape, np.array(x, dtype=float), np.array(y, dtype=float), label)


def chart(*layers: Series | Field, x: Axis | None = None, y: Axis | None = None) -> Chart:
    return Chart("", x or Axis("", 0.0, 10.0), y or Axis("", 0.0, 10.0), layers)


@settings(max_examples=300, deadline=None)
@given(charts, st.integers(1, 60), st.integers(1, 20), st.booleans(), st.sampled_from(sorted(PALETTES)))
def test_a_chart_is_exactly_as_large_as_asked(drawn, width, height, ascii_only, palette):
    """Rule: any chart at any size gives height rows of width cells, and raises nothing."""
    strips = draw(drawn, width, height, PALETTES[palette], ascii_only=ascii_only)
    assert len(strips) == height
    assert all(strip.cell_length == width == Strip(list(strip)).cell_length for strip in strips)


@settings(max_examples=150, deadline=None)
@given(charts, st.integers(1, 60), st.integers(1, 20))
def test_ascii_only_draws_nothing_but_ascii(drawn, width, height):
    """Rule: with ascii_only every character is printable ASCII, whatever labels say."""
    text = "".join(rows(draw(drawn, width, height, DARK, ascii_only=True)))
    assert text.isascii()
    assert text.isprintable()


@settings(max_examples=100, deadline=None)
@given(charts, st.integers(1, 60), st.integers(1, 20))
def test_the_palette_without_colour_gives_none(drawn, width, height):
    """Rule: no cell has a foreground or background colour under the palette "none"."""
    for strip in draw(drawn, width, height, NONE):
        assert all(
            segment.style is None or (segment.style.color, segment.style.bgcolor) == (None, None) for segment in strip
        )


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("x", "y", "column", "row"), [(0, 0, 0, 10), (10, 10, 20, 0), (5, 5, 10, 5), (5, 0, 10, 10)])
def test_marks_stand_in_the_cell_of_their_values(x, y, column, row, ascii_only):
    """Rule: the window's ends lie in the first and last cell, values between them in proportion."""
    # 24 × 13: the frame takes "10┤" at the left and two rows below, which leaves 21 × 11 cells.
    drawn = rows(
        draw(chart(points(Role.PATH, [5], [5]), points(Role.CURRENT, [x], [y])), 24, 13, DARK, ascii_only=ascii_only)
    )
    mark = MARKS[Role.CURRENT].ascii if ascii_only else MARKS[Role.CURRENT].unicode
    assert drawn[row][3 + column] == mark
    path = MARKS[Role.PATH].ascii if ascii_only else MARKS[Role.PATH].unicode
    assert drawn[5][13] == (mark if (x, y) == (5, 5) else path)


def test_every_role_has_a_mark_of_its_own():
    """Rule: meaning never rests on colour: no two roles share a mark, and no mark is a shade of a field."""
    for kind, shades in (("unicode", UNICODE_SHADES), ("ascii", ASCII_SHADES)):
        marks = [getattr(MARKS[role], kind) for role in Role]
        assert len(set(marks)) == len(Role)
        assert not set(marks) & set(shades)


def test_no_line_hides_the_point_in_hand():
    """Rule: the current point lies above every line, whatever the order of layers."""
    line = points(Role.CURVE, [0, 10], [0, 10], Shape.LINE)
    assert MARKS[Role.CURRENT].unicode in "".join(rows(draw(chart(points(Role.CURRENT, [5], [5]), line), 24, 13, DARK)))


@pytest.mark.parametrize(("x", "y", "arrow"), [(50, 5, "→"), (-50, 5, "←"), (5, 50, "↑"), (5, -50, "↓")])
def test_a_current_point_off_the_window_is_pointed_at(x, y, arrow):
    """Rule: when the point in hand leaves the window, an arrow at the edge tells where it went."""
    assert arrow in "".join(rows(draw(chart(points(Role.CURRENT, [x], [y])), 24, 13, DARK)))
    assert arrow not in "".join(rows(draw(chart(points(Role.PATH, [x], [y])), 24, 13, DARK)))


def braille(line, width: int, height: int) -> set[tuple[int, int]]:
    """Return the dots of a line as drawn by the plotext figure."""
    figure = plot._figure(width, height)
    x, y = ((line.x + 0.5) / 2).tolist(), ((line.y + 0.5) / 4).tolist()
    figure.draw(figure.signal(x, y, marker="braille").lines())
    text = figure.build().string(True).split("\n")
    bits = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
    return {
        (2 * column + across, 4 * row + down)
        for row, glyphs in enumerate(text)
        for column, glyph in enumerate(glyphs)
        if glyph != " "
        for down in range(4)
        for across in range(2)
        if (ord(glyph) - 0x2800) & bits[down][across]
    }


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 39.99), st.floats(0, 31.99)), min_size=1, max_size=200), st.booleans())
@example([(k * 39.9 / 199, 16 + 15 * math.sin(k * k)) for k in range(200)], False)
def test_thinning_loses_no_dot(vertices, is_sorted):
    """Rule: a thinned line draws the very dots of the line before; lowest and highest of each column stay."""
    x, y = np.array(sorted(vertices) if is_sorted else vertices).T
    joined = np.arange(len(x)) > 0
    whole = snapped(x, y, joined)
    thin = thinned(whole)
    assert len(thin.x) <= len(whole.x)
    assert (thin.y.min(), thin.y.max()) == (whole.y.min(), whole.y.max())
    assert braille(thin, 20, 8) == braille(whole, 20, 8)


def test_thinning_leaves_a_few_vertices_a_column():
    """Rule: what plotext is given depends on the width, not on the number of points."""
    noise = np.random.default_rng(0).random(100_000)
    many = Series(Role.LOSS, Shape.LINE, np.arange(100_000.0), noise)
    drawn = Chart("", Axis(), Axis(), (many,))
    assert len(plot.vertices(many, plane_of(drawn, 50, 10), ascii_only=False).x) <= 4 * 2 * 50


def test_two_draws_do_not_touch_each_other():
    """Rule: a drawing depends on its arguments alone, also when two users draw at the same time."""
    line = points(Role.CURVE, [0, 10], [0, 10], Shape.LINE)
    one, two = (
        chart(line),
        chart(replace(line, role=Role.LOSS, y=line.y[::-1]), y=Axis("loss", 1e-3, 10.0, is_log=True)),
    )
    before = [draw(one, 40, 12, DARK), draw(two, 30, 9, NONE)]
    wrong = []

    def draw_often(number: int) -> None:
        for _ in range(30):
            again = draw(one, 40, 12, DARK) if number % 2 else draw(two, 30, 9, NONE)
            if again != before[1 - number % 2]:
                wrong.append(rows(again))

    threads = [threading.Thread(target=draw_often, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_log_axes_are_labelled_by_powers_of_ten():
    """Rule: ticks of a log axis stand at powers of ten, and equal factors lie equally far apart."""
    shown = window(Axis("loss", 1e-4, 1.0, is_log=True), [])
    found = ticks(shown, 9)
    assert [tick.label for tick in found] == ["1e−4", "1e−3", "0.01", "0.1", "1"]
    assert np.allclose([tick.position for tick in found], [0, 0.25, 0.5, 0.75, 1])


def test_values_without_a_logarithm_are_left_out():
    """Rule: on a log axis zero and negative values take no part in the window and are not drawn."""
    shown = window(Axis("", is_log=True), [np.array([-1.0, 0.0, 10.0, 1000.0])])
    assert (shown.low, shown.high) == (1.0, 3.0)
    assert np.isnan(shown.position(np.array([-1.0, 0.0]))).all()


@given(values, values, st.integers(2, 12), st.booleans())
@example(3.9207999, 3.9208001, 6, False)
@example(-1e300, 1e300, 6, False)
def test_tick_labels_are_short_and_told_apart(low, high, most, is_log):
    """Rule: labels have six characters at most, no two of an axis are the same, and all stand on the axis."""
    found = ticks(window(Axis("", low, high, is_log), []), most)
    assert all(0 < len(tick.label) <= LABEL_WIDTH for tick in found)
    assert len({tick.label for tick in found}) == len(found) <= max(most, 2)
    assert all(-1e-6 <= tick.position <= 1 + 1e-6 for tick in found)


def test_ticks_name_the_values_they_stand_at():
    """Rule: a plain axis has round numbers at their places."""
    found = ticks(window(Axis("", -1.0, 5.0), []), 7)
    assert [tick.label for tick in found] == ["−1", "0", "1", "2", "3", "4", "5"]
    assert np.allclose([tick.position for tick in found], np.arange(7) / 6)


def test_the_legend_covers_no_data():
    """Rule: the legend has a row of its own; the drawing below it is the one without a legend, a row lower."""
    line = points(Role.CURVE, [0, 10], [10, 10], Shape.LINE)
    drawn = rows(draw(chart(replace(line, label="a curve")), 40, 13, DARK))
    assert drawn[0].rstrip().endswith("── a curve")
    assert drawn[1:] == rows(draw(chart(line), 40, 12, DARK))


def test_signs_of_classes_are_named_before_shades():
    """Rule: where not all fits, the shades of a field go first: a sign whose class is not told says nothing."""
    field = Field(0, 10, 0, 10, np.arange(4.0).reshape(2, 2), 4, label="the shades")
    named = [
        replace(points(role, [2], [2]), label=label) for role, label in ((Role.DATA, "one"), (Role.DATA_ALT, "two"))
    ]
    wide, narrow = (rows(draw(chart(field, *named), width, 13, DARK))[0] for width in (60, 20))
    assert all(label in wide for label in ("the shades", "one", "two"))
    assert "one" in narrow
    assert "two" in narrow
    assert "shades" not in narrow


def test_labels_cannot_send_commands_to_the_terminal():
    """Rule: control characters in a label are shown as '?'."""
    drawn = rows(
        draw(chart(points(Role.DATA, [5], [5], label="a\x1b[2J"), x=Axis("\x07x"), y=Axis("\r")), 40, 12, DARK)
    )
    assert all(row.isprintable() for row in drawn)


def test_fields_lie_below_and_keep_their_shade_under_a_path():
    """Rule: a mark on a field keeps the shade behind it, so the height stays readable under the path."""
    field = Field(0, 10, 0, 10, np.arange(4.0).reshape(2, 2), 4)
    (current,) = [
        segment
        for strip in draw(chart(field, points(Role.CURRENT, [0], [0])), 24, 13, DARK)
        for segment in strip
        if segment.text == MARKS[Role.CURRENT].unicode
    ]
    assert current.style.bgcolor.name == DARK.shades[0]


def test_fields_without_colour_go_from_the_lightest_to_the_darkest_character():
    """Rule: without colour a field is drawn in characters, row 0 at the bottom."""
    field = Field(0, 10, 0, 10, np.array([[0.0, 0.0], [9.0, 9.0]]), 5)
    drawn = rows(draw(chart(field), 24, 13, NONE))
    assert set(drawn[0][3:]) == {"█"}
    assert set(drawn[10][3:]) == {" "}


def test_bars_reach_their_heights():
    """Rule: a bar fills its column from zero to its value."""
    drawn = rows(draw(chart(points(Role.LOSS, [2, 8], [10, 5], Shape.BARS)), 24, 13, DARK))
    assert [row[7] for row in drawn[:11]] == ["█"] * 11
    assert [row[19] for row in drawn[:11]].count("█") == 6


def test_bars_at_the_end_of_the_number_range_overflow_nothing() -> None:
    """The half step beside the outermost bar stays a finite number."""
    bars = Series(Role.CURVE, Shape.BARS, np.array([1.19846209e308, 0.0]), np.array([0.0, 0.0]))
    assert len(draw(Chart("", Axis(), Axis(), (bars,)), 20, 8, PALETTES["none"])) == 8
