"""Charts drawn with plotext: what stands where, in every size, palette and alphabet."""

import math
import re
import threading
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rich.color import ColorSystem
from textual.strip import Strip
from textual_plotext import Plot

import gdsim
from gdsim.charts.chart import Axis, Chart, Field, Role, Series, Shape
from gdsim.charts.layout import LABEL_WIDTH, layout_of
from gdsim.charts.table import CHARTS, charts_for
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.canvas import fitted
from gdsim.tui.drawing import draw
from gdsim.tui.eight_bit import downgraded
from gdsim.tui.legend import BESIDE
from gdsim.tui.palettes import ASCII_SHADES, IN_EIGHT_BIT, MARKS, PALETTES, UNICODE_SHADES
from gdsim.tui.pictures import Shot, picture
from gdsim.tui.plotting import Layer, frame, plotted
from gdsim.tui.polylines import vertices

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
    kind = draw_from(st.sampled_from([{}, {"threshold": 0.5, "low": 0.0, "high": 1.0}, {"names": ("a", "更", "c")}]))
    height = draw_from(st.sampled_from([0.0, 2.0]))
    return Field(-1.0, 1.0, 0.0, height, heights, "height", is_rooted=draw_from(st.booleans()), **kind)


axes = st.builds(
    Axis,
    label=st.sampled_from(["", "x", "更新", "a label longer than the chart is wide"]),
    low=st.none() | values,
    high=st.none() | values,
    is_log=st.booleans(),
    is_count=st.booleans(),
)
charts = st.builds(Chart, st.just(""), axes, axes, st.lists(series() | fields(), max_size=4).map(tuple))


def rows(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


def points(role: Role, x: list[float], y: list[float], shape: Shape = Shape.POINTS, label: str = "") -> Series:
    return Series(role, shape, np.array(x, dtype=float), np.array(y, dtype=float), label)


def chart(*layers: Series | Field, x: Axis | None = None, y: Axis | None = None) -> Chart:
    return Chart("", x or Axis("", 0.0, 10.0), y or Axis("", 0.0, 10.0), layers)


@cache
def charts_of(name: str) -> list[Chart]:
    """Return the charts of a bundled scenario after a few updates."""
    view = Session.open(load_file(resolve(name))).after(4).view
    made = (CHARTS[kind].build(view) for kind in charts_for(view))
    return [each for each in made if isinstance(each, Chart)]


@settings(max_examples=60, deadline=None)
@given(charts, st.integers(1, 60), st.integers(1, 20), st.booleans(), st.sampled_from(sorted(PALETTES)))
def test_a_chart_is_exactly_as_large_as_asked(drawn, width, height, ascii_only, palette):
    """Any chart at any size gives height rows of width cells; without colours none, in ASCII printable ASCII alone."""
    strips = draw(drawn, width, height, PALETTES[palette], ascii_only=ascii_only)
    assert len(strips) == height
    assert all(strip.cell_length == width == Strip(list(strip)).cell_length for strip in strips)
    text = "".join(rows(strips))
    assert text.isprintable()
    assert text.isascii() or not ascii_only
    if palette == "none":
        styles = [segment.style for strip in strips for segment in strip if segment.style]
        assert all((style.color, style.bgcolor) == (None, None) for style in styles)


def test_one_file_imports_plotext():
    """Charts are drawn in one place: no other module of gdsim imports plotext."""
    sources = Path(gdsim.__file__).parent.rglob("*.py")
    importing = [each.name for each in sources if re.search(r"^\s*(from|import) \w*plotext", each.read_text(), re.M)]
    assert importing == ["plotting.py"]


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("name", names())
def test_a_legend_names_every_series(name, ascii_only):
    """Whatever is drawn is named, the main run too, and no name is cut at the size it has beside the equations."""
    for drawn in charts_of(name):
        series = [layer for layer in drawn.layers if isinstance(layer, Series) and np.isfinite(layer.y).any()]
        named = {(each.role, each.is_circled) for each in series if each.label}
        unnamed = {(each.role, each.is_circled) for each in series} - named
        assert not unnamed, drawn.title
        text = "\n".join(rows(draw(drawn, 62, 20, NONE, ascii_only=ascii_only)))
        if not ascii_only:
            assert [each.label for each in series if each.label not in text] == [], drawn.title


@given(values, values, st.integers(4, 90), st.booleans(), st.booleans(), st.booleans())
@example(3.9207999, 3.9208001, 6, False, False, False)
@example(-1e300, 1e300, 6, True, False, False)
def test_ticks_are_evenly_spaced_whole_cells(low, high, cells, is_upright, is_log, is_count):
    """Ticks have short labels, told apart, and are equally far apart but on a log axis of less than two decades."""
    axis = Axis("", low, high, is_log=is_log, is_count=is_count)
    found = layout_of(axis, [], cells, is_upright=is_upright)
    labels = [tick.label for tick in found.ticks]
    assert len(set(labels)) == len(labels)
    assert all(0 < len(label) <= LABEL_WIDTH for label in labels)
    assert all(0 <= tick.position <= 1 for tick in found.ticks)
    assert found.low < found.high
    places = np.array([tick.position for tick in found.ticks]) * (cells - 1)
    if (
        not is_log
        and len(places) > 2
        and abs(low) < 1e9
        and abs(high) < 1e9
        and abs(high - low) > 1e-3 * max(abs(low), abs(high))
    ):
        apart = np.diff(places)
        assert apart == pytest.approx(np.full(len(apart), apart[0]), abs=1e-3)


@pytest.mark.parametrize(("width", "ascii_only"), [(48, False), (42, False), (42, True)])
@pytest.mark.parametrize("name", names())
def test_a_low_chart_names_things_whole_and_counts_the_rest(name, width, ascii_only):
    """At the size of 80 × 24 names are whole, what is left out is counted, and lines' names go before those of runs."""
    for drawn in charts_of(name):
        strips = rows(draw(drawn, width, 10, NONE, ascii_only=ascii_only))
        legend = "  ".join(strip.strip() for strip in strips[:3])
        legend = legend.replace(",  X all", ", X all")
        named = [each for each in drawn.layers if isinstance(each, Series) and each.label]
        counted = re.search(r"\+(\d+) more", legend)
        missing = {each.label for each in named if fitted(each.label, 99, ascii_only=ascii_only) not in legend}
        assert not missing or (counted and len(missing) <= int(counted[1])), (drawn.title, legend)
        lines = {each.label for each in named if each.shape is Shape.LINE and each.role not in BESIDE}
        if any(each.label in missing for each in named if each.role in BESIDE):
            assert lines <= missing, (drawn.title, legend)


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("height", range(4, 14))
def test_a_legend_names_or_counts_all_it_leaves_out(count, height):
    """However few rows there are: names in the legend and the number left out add up."""
    runs = [
        replace(points(Role.COMPARE, [k + 0.5], [5], label=f"run of {mark}"), mark=mark)
        for k, mark in enumerate("ABCDEFGH"[:count])
    ]
    drawn = rows(draw(chart(*runs, points(Role.LOSS, [0, 10], [5, 5], Shape.LINE, "loss")), 42, height, NONE))
    legend = "  ".join(drawn[: (height + 2) // 4])
    counted = re.search(r"\+(\d+) more", legend)
    assert legend.count("run of") + legend.count("── loss") + int(counted[1] if counted else 0) == count + 1


def test_equal_names_share_an_entry_and_long_ones_are_broken():
    """Marks of one meaning stand before one name, and a name too long for a row goes on in the next."""
    wrong = [points(role, [5], [5], label="wrong") for role in (Role.DATA, Role.DATA_ALT)]
    drawn = rows(draw(chart(*wrong, points(Role.NEXT, [], [], label="word " * 9 + "end")), 40, 14, NONE))
    assert "○ × wrong" in "".join(drawn[:3])
    assert "end" in "".join(drawn[:3])


@pytest.mark.parametrize("size", [(42, 9), (62, 18), (88, 25)])
@pytest.mark.parametrize("name", names())
def test_ticks_of_bundled_charts_are_even_and_enough(name, size):
    """On screen ticks stand equally far apart, also around a field: at least two, and three on 12 rows or more."""
    for drawn in (each for each in charts_of(name) if each.angles is None):
        strips = rows(draw(drawn, *size, NONE))
        level = next(row for row in strips if "└" in row)
        upright = "".join(row[level.index("└")] for row in strips[: strips.index(level)]).strip()
        for line, least in ((level, 2), (upright, 3 if len(upright) >= 12 else 2)):
            places = [place for place, glyph in enumerate(line) if glyph in "┬┤"]
            assert len(places) >= least, drawn.title
            assert np.ptp(np.diff(places)) == 0, drawn.title


def test_counts_have_whole_numbers():
    """An axis that counts has no tick between two numbers, however small its window is."""
    assert [tick.label for tick in layout_of(Axis("", 0.0, 2.0, is_count=True), [], 60).ticks] == ["0", "1", "2"]


def test_ticks_name_the_values_they_stand_at():
    """A tick's label is the value at its place."""
    found = layout_of(Axis("", -1.0, 5.0), [], 62)
    assert [float(tick.label.replace("−", "-")) for tick in found.ticks] == pytest.approx(
        found.value(np.array([tick.position for tick in found.ticks]))
    )


def test_log_axes_say_so_and_are_labelled_by_powers_of_ten():
    """Ticks of a log axis stand at powers of ten, equal factors lie equally far apart, and its name tells."""
    found = layout_of(Axis("loss", 1e-4, 1.0, is_log=True), [], 41, is_upright=True)
    assert [tick.label for tick in found.ticks] == ["1e−04", "1e−03", "0.01", "0.1", "1"]
    line = points(Role.LOSS, [0, 10], [1e-4, 1.0], Shape.LINE)
    assert "loss (log)" in rows(draw(chart(line, y=Axis("loss", 1e-4, 1.0, is_log=True)), 40, 16, DARK))[-1]


def test_values_without_a_logarithm_are_left_out():
    """On a log axis zero and negative values take no part in the window; lines to 0 leave it at its lower end."""
    shown = layout_of(Axis("", is_log=True), [np.array([-1.0, 0.0, 10.0, 1000.0])], 3)
    assert (shown.low, shown.high) == (1.0, 3.0)
    assert np.isnan(shown.position(-1.0))
    assert shown.position(0.0) < -1000


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("x", "y", "column", "row"), [(0, 0, 0, 10), (10, 10, 20, 0), (5, 5, 10, 5), (5, 0, 10, 10)])
def test_marks_stand_in_the_cell_of_their_values(x, y, column, row, ascii_only):
    """The window's ends lie in the first and last cell, values between them in proportion, in both alphabets."""
    # 24 × 13: the frame takes "10┤" at the left and two rows below, which leaves 21 × 11 cells.
    drawn = rows(
        draw(chart(points(Role.PATH, [5], [5]), points(Role.CURRENT, [x], [y])), 24, 13, DARK, ascii_only=ascii_only)
    )
    mark = MARKS[Role.CURRENT].ascii if ascii_only else MARKS[Role.CURRENT].unicode
    assert drawn[row][3 + column] == mark
    path = MARKS[Role.PATH].ascii if ascii_only else MARKS[Role.PATH].unicode
    assert drawn[5][13] == (mark if (x, y) == (5, 5) else path)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 10), st.floats(0, 10))
def test_a_mark_stands_on_its_line(x, y):
    """A point of a line is marked in a cell that the line goes through."""
    alone = draw(chart(points(Role.CURVE, [x], [y], Shape.LINE)), 40, 14, NONE)
    marked = draw(chart(points(Role.CURRENT, [x], [y])), 40, 14, NONE)
    (line,) = [(r, c) for r, row in enumerate(rows(alone)[:12]) for c, g in enumerate(row) if "\u2801" <= g <= "\u28ff"]
    (mark,) = [(r, c) for r, row in enumerate(rows(marked)) for c, g in enumerate(row) if g == "◉"]
    assert line == mark


@settings(max_examples=60, deadline=None)
@given(st.floats(-50, 50), st.floats(1, 90), st.floats(0, 1), st.integers(30, 88), st.integers(8, 26), st.booleans())
def test_ticks_marks_and_lines_stand_in_the_cell_nearest_to_their_value(low, span, part, width, height, ascii_only):
    """Of one value all stand in one cell: that in whose middle, or nearest to it, the value lies on the axis."""
    axis, below = Axis("", low, low + span), height - 2

    def frame_and_cells(*layers):
        drawn = rows(draw(chart(*layers, x=axis, y=axis), width, height, NONE, ascii_only=ascii_only))
        left = drawn[below].index("+" if ascii_only else "└") + 1
        frame = drawn[below][left:], "".join(row[left - 1] for row in drawn[below - 1 :: -1])
        return frame, [
            (x, y) for y, row in enumerate(drawn[below - 1 :: -1]) for x, g in enumerate(row[left:]) if g != " "
        ]

    for way, glyphs in enumerate(frame_and_cells()[0]):
        found = layout_of(axis, [], len(glyphs), is_upright=bool(way))
        places = [place for place, glyph in enumerate(glyphs) if glyph in "┬┤+"]
        assert (
            np.abs(places - np.array([tick.position for tick in found.ticks]) * (len(glyphs) - 1)).max() <= 0.5 + 1e-6
        )
        ends = [[low + span / 3, low + span / 2]] * 2
        ends[way] = [low + part * span] * 2
        for shape in (Shape.POINTS, Shape.LINE):
            _frame, cells = frame_and_cells(points(Role.CURVE, *ends, shape))
            (place,) = {cell[way] for cell in cells}
            assert abs(place - found.position(ends[way][0]) * (len(glyphs) - 1)) <= 0.5 + 1e-6


@pytest.mark.parametrize("count", [9, 200])
def test_lines_that_share_a_cell_show_the_dots_of_both(count):
    """No line vanishes where another passes through its cells, however many points they have."""
    x = np.linspace(0, 10, count)
    lines = [points(role, x, 5 + np.sin(x + k), Shape.LINE) for k, role in enumerate((Role.CURVE, Role.FIT))]
    one, other, both = (
        [
            ord(glyph) - 0x2800 if glyph >= "\u2800" else 0
            for row in rows(draw(chart(*layers), 40, 8, NONE))
            for glyph in row
        ]
        for layers in (lines[:1], lines[1:], lines)
    )
    assert any(a and b and a != b for a, b in zip(one, other, strict=True))
    assert both == [a | b for a, b in zip(one, other, strict=True)]


def test_every_role_has_a_mark_of_its_own():
    """Meaning never rests on colour: no two roles share a mark, and no mark is a shade of a field."""
    for kind, shades in (("unicode", UNICODE_SHADES), ("ascii", ASCII_SHADES)):
        marks = [getattr(MARKS[role], kind) for role in Role]
        assert len(set(marks)) == len(Role)
        assert not set(marks) & set(shades)


def test_no_line_hides_the_point_in_hand():
    """The current point lies above every line, whatever the order of layers."""
    line = points(Role.CURVE, [0, 10], [0, 10], Shape.LINE)
    assert MARKS[Role.CURRENT].unicode in "".join(rows(draw(chart(points(Role.CURRENT, [5], [5]), line), 24, 13, DARK)))


@pytest.mark.parametrize(("x", "y", "arrow"), [(50, 5, "→"), (-50, 5, "←"), (5, 50, "↑"), (5, -50, "↓")])
def test_a_current_point_off_the_window_is_pointed_at(x, y, arrow):
    """When the current point leaves the window, an arrow at the edge tells where it went; other points are left out."""
    assert arrow in "".join(rows(draw(chart(points(Role.CURRENT, [x], [y])), 24, 13, DARK)))
    assert arrow not in "".join(rows(draw(chart(points(Role.PATH, [x], [y])), 24, 13, DARK)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(values, values), min_size=1, max_size=200), st.sampled_from([(1, 0), (2, 4), (5, 3)]))
def test_plotext_gets_only_what_it_can_show(vertex, dash):
    """Whatever the points are, the vertices handed on lie in the window, None between pieces, a few for each column."""
    x, y = np.array(vertex).T
    axis = layout_of(Axis("", 0.0, 1.0), [], 40)
    xs, ys = vertices(axis.position(x), axis.position(y), (40, 10), (2, 4), dash)
    assert [value is None for value in xs] == [value is None for value in ys]
    assert all(value is None or 0 <= value <= 1 for value in (*xs, *ys))


@pytest.mark.parametrize(("low", "high"), [(0.1, 0.34), (0.9, 0.41), (0.46, 0.54), (0.0, 1.0)])
def test_a_line_of_ascii_is_in_the_row_of_its_height(low, high):
    """In every column its sign stands in the row nearest to its height there, not in the one below."""
    xs, ys = vertices(np.array([0.0, 1.0]), np.array([low, high]), (60, 12), (1, 1), (1, 0))
    cells = [cell for cell, _glyph, _number in plotted((60, 12), (Layer(xs, ys, "=", is_joined=True),))]
    assert {column for column, _row in cells} == set(range(60))
    assert all(abs(row - 11 * (low + (high - low) * column / 59)) <= 0.6 for column, row in cells)


def test_thinning_leaves_a_few_vertices_a_column():
    """What plotext is given depends on the width, not on the number of points; lowest and highest stay."""
    noise = np.random.default_rng(0).random(100_000)
    xs, ys = vertices(np.linspace(0, 1, 100_000), noise, (50, 10), (2, 4), (1, 0))
    assert len(xs) <= 4 * 100
    assert [round(39 * end) for end in (min(ys), max(ys))] == [
        2,
        37,
    ]  # in the middle of the lowest and the highest cell


def test_two_draws_do_not_touch_each_other():
    """A drawing depends on its arguments alone, also when two users draw at the same time."""
    line = points(Role.CURVE, [0, 10], [0, 10], Shape.LINE)
    one, two = (
        chart(line),
        chart(replace(line, role=Role.LOSS, y=line.y[::-1]), y=Axis("loss", 1e-3, 10.0, is_log=True)),
    )
    before = [draw(one, 40, 12, DARK), draw(two, 30, 9, NONE)]
    wrong = []

    def draw_often(number: int) -> None:
        for _ in range(20):
            again = draw(one, 40, 12, DARK) if number % 2 else draw(two, 30, 9, NONE)
            if again != before[1 - number % 2]:
                wrong.append(rows(again))

    threads = [threading.Thread(target=draw_often, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_does_not_fit_into_a_row_of_the_legend_goes_to_the_next():
    """No name is cut or left out, and the legend covers no data: the chart below it is the one without, a row lower."""
    named = [
        points(role, [0, 10], [10, 10], Shape.LINE, label=f"a curve called {role.value}")
        for role in (Role.CURVE, Role.LOSS, Role.FIT)
    ]
    drawn = rows(draw(chart(*named), 60, 20, DARK))
    assert all(each.label in "".join(drawn[:2]) for each in named)
    assert drawn[2:] == rows(draw(chart(*(replace(each, label="") for each in named)), 60, 18, DARK))


@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_shade_of_a_field_runs_into_a_label(ascii_only):
    """Without colour the words beside a point stand clear of the field's shades and digits, between them too."""
    heights = Field(0, 10, 0, 10, np.full((2, 2), 9.0), low=0.0, high=9.0)
    drawn = rows(
        draw(chart(heights, points(Role.DATA, [5], [5], label="class 1")), 40, 12, NONE, ascii_only=ascii_only)
    )
    shade = (ASCII_SHADES if ascii_only else UNICODE_SHADES)[-1]
    mark = MARKS[Role.DATA].ascii if ascii_only else MARKS[Role.DATA].unicode
    assert f"{shade}{mark} class 1 {shade}" in "".join(drawn[1:])


def test_labels_cannot_send_commands_to_the_terminal():
    """Control characters in a label are shown as '?'."""
    drawn = rows(
        draw(chart(points(Role.DATA, [5], [5], label="a\x1b[2J"), x=Axis("\x07x"), y=Axis("\r")), 40, 12, DARK)
    )
    assert all(row.isprintable() for row in drawn)


def test_a_mark_keeps_the_colour_of_the_field_beneath_it():
    """The height stays readable under a path: the cell of a mark has the background of the cell without it."""
    field = Field(0, 10, 0, 10, np.arange(4.0).reshape(2, 2))
    plain, marked = (
        draw(chart(field, *layers), 24, 13, DARK)[10] for layers in ((), (points(Role.CURRENT, [0], [0]),))
    )
    (current,) = [segment for segment in marked if segment.text == MARKS[Role.CURRENT].unicode]
    assert current.style.bgcolor == next(segment for segment in plain if segment.style.bgcolor).style.bgcolor
    assert current.style.bgcolor.name == DARK.heights[0]


def test_a_cell_shows_two_values_of_a_field_in_colour():
    """With colour a cell is two values high: three heights in two rows of cells give a half block."""
    field = Field(0, 10, 0, 10, np.arange(16.0).reshape(16, 1))
    column = [strip.text[5] for strip in draw(chart(field), 24, 10, DARK)[1:7]]
    assert set(column) == {"▀"}


def test_outputs_that_hardly_differ_have_one_colour():
    """A field of outputs from 0.594 to 0.602 is of one colour, since its scale is the whole range of the output."""
    values = np.linspace(0.594, 0.602, 100).reshape(10, 10)
    drawn = draw(chart(Field(0, 10, 0, 10, values, "output", 0.0, 1.0, 0.5)), 40, 14, DARK)
    inside = [strip.crop(10, 38) for strip in drawn[2:10]]
    assert len({segment.style.bgcolor for strip in inside for segment in strip}) == 1
    assert "output 0" in drawn[0].text
    assert "0.5" in drawn[0].text


@pytest.mark.parametrize("palette", ["dark", "light", "colour-blind"])
def test_classes_keep_their_colours_where_a_terminal_has_256(palette):
    """In 256 colours no output below the threshold looks like one above it, and four classes look different."""
    output = Field(0, 10, 0, 10, np.linspace(0, 1, 200)[np.newaxis], "output", 0.0, 1.0, 0.5)
    row = draw(chart(output), 63, 13, IN_EIGHT_BIT[palette])[5]
    left, right = (grounds(row.crop(*part)) for part in ((3, 33), (33, 63)))
    assert len(left) > 1
    assert len(right) > 1
    assert not left & right
    classes = Field(0, 10, 0, 10, np.array([[0.0, 1.0, 2.0, 3.0]]), names=("a", "b", "c", "d"))
    assert len(grounds(draw(chart(classes), 63, 13, IN_EIGHT_BIT[palette])[5])) == 4


def grounds(strip: Strip) -> set[int | None]:
    """Return the colours behind a strip as a terminal of 256 colours shows them."""
    colors = [segment.style.bgcolor for segment in strip if segment.style and segment.style.bgcolor]
    return {downgraded(color, ColorSystem.EIGHT_BIT).number for color in colors}


@pytest.mark.parametrize("palette", ["dark", "light", "colour-blind", "none"])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_two_sides_of_a_threshold_look_different(palette, ascii_only):
    """However near the threshold, one side never looks like the other: by colour, else by shade or digit."""
    values = np.array([[0.499, 0.501]])
    field = Field(0, 10, 0, 10, values, "output", 0.0, 1.0, 0.5)
    row = draw(chart(field), 24, 13, PALETTES[palette], ascii_only=ascii_only)[5]
    left, right = (row.crop(at, at + 1) for at in (6, 20))
    assert list(left) != list(right)


@pytest.mark.parametrize(("palette", "ascii_only"), [("dark", False), ("none", True)])
def test_level_lines_have_the_numbers_of_their_heights(palette, ascii_only):
    """Each level line of heights is named at a place that has about that height, in every alphabet."""
    plane = np.linspace(-10, 10, 41) + np.zeros((2, 1))  # the height is x
    heights = chart(Field(-10, 10, 0, 10, plane), x=Axis("", -10.0, 10.0))
    drawn = rows(draw(heights, 60, 16, PALETTES[palette], ascii_only=ascii_only))
    row = drawn[-3]  # the lowest of the window, behind the three cells of its frame
    for number in ("-6 ", "-2 ", " 2 ", " 6 ") if palette == "none" else ("-6", "-2", " 2", " 6"):
        place = row.index(number if ascii_only else number.replace("-", "−")) + 1
        assert -10 + 20 * (place - 3) / 56 == pytest.approx(float(number), abs=1.0)


def test_shades_have_the_numbers_of_the_heights_where_they_meet():
    """Without colours there are no lines: a number stands between two shades, and is the height at which they meet."""
    plane = np.linspace(-10, 10, 41) + np.zeros((2, 1))  # the height is x
    row = rows(draw(chart(Field(-10, 10, 0, 10, plane), x=Axis("", -10.0, 10.0)), 60, 16, NONE))[-3]
    for number, (left, right) in zip((" −6 ", " −2 ", " 2 ", " 6 "), pairwise(UNICODE_SHADES), strict=True):
        place = row.index(number, 3)
        assert (row[place - 1], row[place + len(number)]) == (left, right)
        assert -10 + 20 * (place - 2) / 56 == pytest.approx(float(number.replace("−", "-")), abs=1.0)


def test_nothing_covers_the_number_of_a_level_line_in_part():
    """A number of a level line stands where no line or mark is, or not at all."""
    bowl = np.linspace(-1, 1, 21)[:, np.newaxis] ** 2 + np.linspace(-1, 1, 21) ** 2
    crossing = points(Role.PATH, [0, 10] * 20, np.linspace(0, 10, 40), Shape.LINE)
    drawn = "\n".join(rows(draw(chart(Field(0, 10, 0, 10, bowl), crossing), 40, 14, DARK)))
    assert set(re.findall(r"(?<=[ ▀▄\u2800-\u28ff])\d\.\d+", drawn)) <= {"0.4", "0.8", "1.2", "1.6"}


@pytest.mark.parametrize("ascii_only", [False, True])
def test_fields_without_colour_go_from_the_lightest_to_the_darkest_character(ascii_only):
    """Without colour a field is drawn in shades, in ASCII in digits; row 0 lies at the bottom."""
    shades = ASCII_SHADES if ascii_only else UNICODE_SHADES
    field = Field(0, 10, 0, 10, np.array([[0.0, 0.0], [9.0, 9.0]]))
    drawn = rows(draw(chart(field), 24, 13, NONE, ascii_only=ascii_only))
    assert set(drawn[0][3:]) == {shades[-1]}
    assert set(drawn[10][3:]) == {shades[0]}


def test_bars_reach_their_heights():
    """A bar fills its column from zero to its value, the middle of the cell in which a tick there stands."""
    drawn = rows(draw(chart(points(Role.LOSS, [2, 8], [10, 5], Shape.BARS)), 24, 13, DARK))
    assert [row[7] for row in drawn[:11]] == ["▄", *["█"] * 10]
    assert [row[19] for row in drawn[:11]] == [*" " * 5, "▄", *["█"] * 5]


@pytest.mark.parametrize(("ascii_only", "line"), [(False, "▁"), (True, "_")])
def test_a_bar_of_0_is_a_line(ascii_only, line):
    """No mistakes look like none: a thin line at zero, and nothing above it."""
    drawn = rows(draw(chart(points(Role.LOSS, [2, 8], [0, 5], Shape.BARS)), 24, 13, DARK, ascii_only=ascii_only))
    assert [row[7] for row in drawn[:11]] == [*" " * 10, line]


@pytest.mark.parametrize("height", range(8, 26))
def test_bars_of_whole_numbers_end_at_their_ticks(height):
    """At any height of the chart a bar of 1, 2, 3 or 4 ends with half a cell in the row of that number."""
    bars = points(Role.LOSS, [2, 4, 6, 8], [1, 2, 3, 4], Shape.BARS)
    drawn = rows(draw(chart(bars, y=Axis("", 0.0, 4.0, is_count=True)), 40, height, NONE))
    for row in drawn[: height - 2]:
        if row[0] in "1234":
            assert row.count("▄") >= 1, drawn
            assert row[2:].replace("█", "").strip()[:1] == "▄", drawn


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("height", range(8, 26))
def test_the_bar_of_the_running_epoch_is_as_high_as_others_of_its_number(height, ascii_only):
    """It differs in its shade alone: in no chart does it show more or less than there is."""
    heights = {Role.LOSS: [1, math.nan, 3, math.nan], Role.CURRENT: [math.nan, 1, math.nan, 3]}
    bars = [points(role, [2, 4, 6, 8], each, Shape.BARS) for role, each in heights.items()]
    drawn = rows(draw(chart(*bars, y=Axis("", 0.0, 4.0, is_count=True)), 40, height, NONE, ascii_only=ascii_only))
    columns = ["".join(row[k] for row in drawn[: height - 2]) for k in range(3, 40)]
    shown = {column.translate(str.maketrans("▒%", "█#")) for column in columns if column.strip()}
    assert len(shown) == 2, drawn


def test_bars_at_the_end_of_the_number_range_overflow_nothing() -> None:
    """The half step beside the outermost bar stays a finite number."""
    bars = Series(Role.CURVE, Shape.BARS, np.array([1.19846209e308, 0.0]), np.array([0.0, 0.0]))
    assert len(draw(Chart("", Axis(), Axis(), (bars,)), 20, 8, PALETTES["none"])) == 8


class Spy:
    """Counts what is handed to plotext's figures through their public calls; silent, it hands nothing on."""

    CALLS = ("plot", "scatter", "text", "xticks", "yticks", "xlabel", "ylabel")

    def __init__(self, monkeypatch):
        self.is_silent = False
        self.calls = Counter()
        for call in self.CALLS:
            monkeypatch.setattr(Plot, call, self.spied(call, getattr(Plot, call)))

    def spied(self, call, real):
        def counted(figure, *args, **options):
            self.calls[call] += bool(args and args[0])
            if not self.is_silent:
                real(figure, *args, **options)

        return counted

    def drawn(self, make, *args):
        """Return what is made anew of `args`, with the calls it takes."""
        plotted.cache_clear()
        frame.cache_clear()
        self.calls.clear()
        return make(*args), Counter(self.calls)


@pytest.fixture
def spy(monkeypatch):
    yield Spy(monkeypatch)
    plotted.cache_clear()
    frame.cache_clear()


def without_words(drawn: Chart) -> Chart:
    """Return a chart that is drawn without legend, and without field where that is no surface that all lies on."""
    is_surface = drawn.angles is not None
    layers = tuple(replace(each, label="") for each in drawn.layers if is_surface or isinstance(each, Series))
    x, y = (axis if is_surface else axis._replace(label="") for axis in (drawn.x, drawn.y))
    return replace(drawn, x=x, y=y, layers=layers)


@pytest.mark.parametrize("name", names())
def test_no_chart_is_drawn_without_plotext(name, spy):
    """The frame's ticks, and each line, point, bar and label of every chart is what plotext's own calls have drawn.

    Without them there is nothing but an empty frame, fields, surfaces and the legend; with them each series on view is
    a call or more: `plot` for a line, `scatter` for points and bars, both for an arrow and a line with its mark on it.
    """
    for drawn in charts_of(name):
        bare, is_surface = without_words(drawn), drawn.angles is not None
        ground = tuple(each for each in bare.layers if isinstance(each, Field))
        spy.is_silent = True
        left = set(" │└─" + f"·{UNICODE_SHADES}" * is_surface)
        assert set("".join(rows(spy.drawn(draw, bare, 62, 18, NONE)[0]))) <= left, drawn.title
        spy.is_silent = False
        _made, calls = spy.drawn(draw, drawn, 62, 18, NONE)
        assert calls["xticks"] == calls["yticks"] == (not is_surface), drawn.title
        for series in (each for each in bare.layers if isinstance(each, Series)):
            alone = replace(bare, layers=(*ground, series))
            shown, calls = spy.drawn(draw, alone, 62, 18, NONE)
            nothing = draw(replace(alone, layers=(*ground, replace(series, y=series.y * np.nan))), 62, 18, NONE)
            if rows(shown) != rows(nothing):
                is_line = series.shape in (Shape.LINE, Shape.ARROW)
                is_marked = series.shape is not Shape.LINE or bool(series.mark)
                assert calls["plot"] == is_line, (drawn.title, series.role)
                assert (calls["scatter"] > 0) == is_marked, (drawn.title, series.role)


@pytest.mark.parametrize("name", names())
def test_exports_and_notebooks_are_drawn_by_plotext_too(name, spy):
    """The screen in a file, a run in a notebook and each chart there are drawn by plotext as on screen."""
    run = gdsim.load(name)
    session = Session.open(load_file(resolve(name))).after(4)
    kinds = [kind for kind in charts_for(session.view) if isinstance(CHARTS[kind].build(session.view), Chart)]
    shown = charts_for(session.view)[:2]
    _svg, exported = spy.drawn(lambda: "".join(picture(session, Shot(at=4))))
    _html, looked_at = spy.drawn(run._repr_html_)
    for calls in (exported, looked_at):
        assert (calls.total() > 0) == bool(set(kinds) & set(shown))
    for kind in kinds:
        _html, calls = spy.drawn(run.plot(kind)._repr_html_)
        assert calls.total() > 0, kind


@pytest.mark.parametrize("ascii_only", [False, True])
def test_many_samples_leave_a_line_among_them_to_be_seen(ascii_only):
    """A hundred samples on a line: both are to be seen, the samples in every third column; a few cover it whole."""
    x = np.linspace(0, 10, 101)
    line = points(Role.FIT, [0, 10], [5, 5], Shape.LINE)
    for count, least in ((101, 20), (11, 40)):
        samples = points(Role.DATA, x[:: 100 // (count - 1)], np.full(count, 5.0))
        drawn = next(
            row[3:]
            for row in rows(draw(chart(line, samples), 66, 13, NONE, ascii_only=ascii_only))
            if (MARKS[Role.DATA].ascii if ascii_only else MARKS[Role.DATA].unicode) in row
        )
        mark = MARKS[Role.DATA].ascii if ascii_only else MARKS[Role.DATA].unicode
        assert drawn.count(mark) >= (11 if count == 11 else 20)
        assert len(drawn.replace(mark, "").strip()) >= least
