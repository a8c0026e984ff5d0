"""What in a chart is whose: names and letters of runs, lines and points, with and without colour."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

import pytest

from gdsim.charts.chart import Axis, Chart, NetworkDrawing, Role, Series, Shape, bars, line, points
from gdsim.charts.table import CHARTS, charts_for
from gdsim.charts.view import View
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.drawing import draw
from gdsim.tui.drawing.plane import cells_of, plane_of
from gdsim.tui.legend import BESIDE, HEIGHT_FOR_NAMES, mark_of
from gdsim.tui.palettes import MARKS, PALETTES

NONE, SIZES = PALETTES["none"], [(48, 10), (62, 18), (95, 26)]
RUNS = "ABCD"
COMPARED = (Role.COMPARE, Role.COMPARE_2, Role.COMPARE_3, Role.COMPARE_4)


def rows(drawn: object, width: int = 62, height: int = 18, *, ascii_only: bool = False) -> list[str]:
    return [strip.text for strip in draw(drawn, width, height, NONE, ascii_only=ascii_only)]


def chart(*layers: Series) -> Chart:
    return Chart("", Axis("", 0.0, 10.0), Axis("", 0.0, 10.0), layers)


@cache
def view_of(name: str) -> View:
    """Return a bundled scenario on its way."""
    session = Session.open(load_file(resolve(name)))
    return session.after(12 if not session.after(12).is_at_end else 1).view


def charts_of(name: str) -> dict[str, Chart]:
    view = view_of(name)
    made = {kind: CHARTS[kind].build(view) for kind in charts_for(view)}
    return {kind: each for kind, each in made.items() if isinstance(each, Chart)}


def below_legend(shown: list[str]) -> list[str]:
    return shown[next(k for k, row in enumerate(shown) if re.match(r" *[^ ]* *[│┤|+]", row)) :]


def test_runs_that_end_in_one_place_all_have_their_marks() -> None:
    """They stand around that of the main run, which alone may have its name beside it: no other is taken for it."""
    here = points(Role.CURRENT, 5, 5, "this run")
    ends = [points(role, 5, 5, f"run {mark}", mark) for role, mark in zip(COMPARED, RUNS, strict=True)]
    shown = below_legend(rows(chart(*ends, here)))
    places = {row[k]: (j, k) for j, row in enumerate(shown) for k in range(len(row)) if row[k] in "ABCD◉"}
    assert sorted(places) == [*"ABCD◉"]
    assert all(max(abs(a - b) for a, b in zip(place, places["◉"], strict=True)) <= 1 for place in places.values())
    assert not re.search("run [A-D]", "\n".join(shown))
    assert re.search(r"A◉ this run", "\n".join(rows(chart(ends[0], here))))


def test_runs_that_share_a_cell_stand_on_the_sides_they_lie_on() -> None:
    """Of three losses in one row the greatest has its mark above the others, the least below."""
    ends = [points(role, 5, y, mark=mark) for role, y, mark in zip(COMPARED, (5.4, 4.6), "AB", strict=False)]
    shown = below_legend(rows(chart(*ends, points(Role.CURRENT, 5, 5)), 24, 13))
    column = next(row for row in shown if "◉" in row).index("◉")
    assert "A◉B" in "".join(row[column : column + 1] for row in shown)


def test_runs_a_cell_apart_keep_their_order() -> None:
    """None stands to the left of one that it lies to the right of."""
    apart = [points(Role.COMPARE, 5 + k / 6, 5, mark=mark) for k, mark in enumerate(RUNS)]
    for ends in (apart, apart[::-1], apart[1:] + apart[:1]):
        places = {row[k]: k for row in rows(chart(*ends)) for k in range(len(row)) if row[k] in RUNS}
        assert sorted(RUNS, key=places.__getitem__) == list(RUNS)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", names())
def test_each_mark_of_bundled_charts_stands_at_its_place(name: str, size: tuple[int, int]) -> None:
    """Where runs meet, each still has its mark in the cell of its place or one around it."""
    for kind, drawn in charts_of(name).items():
        if drawn.angles is None:
            shown = below_legend(rows(drawn, *size))
            plane = plane_of(drawn, size[0], len(shown), size[1] >= HEIGHT_FOR_NAMES, NONE, ascii_only=False)
            for each in (layer for layer in drawn.layers if isinstance(layer, Series) and is_lone(layer)):
                for column, row in cells_of(plane, each):
                    near = shown[max(0, plane.rows - 2 - row) : plane.rows - row + 1]
                    left = max(0, plane.left + column - 1)
                    assert each.mark in "".join(line[left : left + 3] for line in near), (kind, each.mark)


def is_lone(series: Series) -> bool:
    return series.shape is Shape.POINTS and series.role in BESIDE and len(series.x) == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", names())
def test_marks_named_on_a_hill_are_seen_there(name: str, size: tuple[int, int]) -> None:
    """Where a run has been and other starts are not lost under the marks and trails of other runs."""
    view = Session.open(load_file(resolve(name))).after(30).view
    drawn = CHARTS["curve"].build(view)
    if isinstance(drawn, Chart):
        shown = "\n".join(below_legend(rows(drawn, *size)))
        series = [each for each in drawn.layers if isinstance(each, Series) and each.role in (Role.PATH, Role.DATA)]
        assert [each.label for each in series if (each.mark or MARKS[each.role].unicode) not in shown] == []


def test_a_covered_point_leaves_its_name_to_the_one_above() -> None:
    """The current sample says what it is, and the class beneath it says nothing in the chart."""
    below, above = points(Role.DATA_ALT, 5, 5, "class 1"), points(Role.CURRENT, 5, 5, "current: class 1")
    shown = "\n".join(below_legend(rows(chart(below, above))))
    assert "◉ current: class 1" in shown
    assert shown.count("class 1") == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", names())
def test_each_run_beside_is_marked_or_said_to_be_off(name: str, size: tuple[int, int]) -> None:
    """Without colour each compared run has its letter in the chart, and in the legend; else that says "(off)"."""
    for kind, drawn in charts_of(name).items():
        if drawn.angles is None:
            shown = rows(drawn, *size)
            inside = "\n".join(below_legend(shown))
            for each in drawn.layers:
                if isinstance(each, Series) and each.role in BESIDE and each.label and each.mark in RUNS:
                    assert (f"{each.label} (off)" in "\n".join(shown)) != (each.mark in inside), (kind, each.mark)


@pytest.mark.parametrize("place", [(5.0, 5.0), (5.0, 50.0), (-9.0, 5.0)])
@pytest.mark.parametrize("make", [points, line])
def test_a_run_out_of_view_is_said_to_be_off(make: object, place: tuple[float, float]) -> None:
    """A run is off where neither its mark nor its line lies in the window; a line that only passes through is not."""
    x, y = place
    assert callable(make)
    far = make(Role.COMPARE, [x, x], [y, y + 1], "other", "A")
    assert ("other (off)" in "".join(rows(chart(far)))) == (place != (5.0, 5.0))
    assert "(off)" not in "".join(rows(chart(far, line(Role.COMPARE, [-20, 20], [4, 6], mark="A"))))


def test_lines_that_lie_upon_each_other_all_have_their_letters() -> None:
    """Three runs and the main one with one boundary: each has its letter on the line, apart from the others."""
    runs = [line(role, [0, 10], [5, 5], mark, mark) for role, mark in zip(COMPARED, RUNS, strict=True)]
    row = next(row for row in below_legend(rows(chart(*runs, line(Role.BOUNDARY, [0, 10], [5, 5])))) if "A" in row)
    assert sorted(re.findall("[A-D]", row)) == list(RUNS)


def test_an_ascii_trail_is_not_made_of_what_stands_at_its_end() -> None:
    """Seen from above there is one A, where the run is now, and small letters where it has been."""
    shown = below_legend(rows(charts_of("racing-balls")["contour"], ascii_only=True))
    words = re.compile("Adam|momentum")
    letters = words.sub("", "\n".join(shown))
    assert (letters.count("A"), letters.count("B")) == (1, 1)
    assert min(letters.count("a"), letters.count("b")) > 5


@pytest.mark.parametrize("palette", ["sixteen", "sixteen-light"])
@pytest.mark.parametrize("name", names())
def test_in_sixteen_colours_lines_and_runs_of_a_chart_have_hues_of_their_own(name: str, palette: str) -> None:
    """No two lines or runs of a chart share a hue, light or dark.

    But a line before and after a correction do, and on a light ground, where six are left, the first parameter and the
    sixth.
    """
    shared = {Role.BEFORE, Role.PATH} | ({Role.DATA} if palette == "sixteen-light" else set())
    colors = PALETTES[palette].colors
    for kind, drawn in charts_of(name).items():
        series = [each for each in drawn.layers if isinstance(each, Series)]
        roles = {each.role for each in series if each.shape in (Shape.LINE, Shape.ARROW) or is_lone(each)}
        for one, other in combinations(roles - shared, 2):
            hues = {colors[each].removeprefix("bright_") for each in (one, other)}
            assert len(hues) == 2, (kind, one, other)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", names())
def test_each_network_says_its_loss(name: str, size: tuple[int, int]) -> None:
    """At every size the drawing has C, beside the outputs or below, and during back-propagation too."""
    view = view_of(name)
    drawn = CHARTS["network"].build(view)
    if isinstance(drawn, NetworkDrawing):
        back = drawn._replace(phase="backprop", active_layer=1, backwards=True)
        for each in (drawn, back):
            assert drawn.loss in "\n".join(rows(each, *size))
        assert "error travels back" in "\n".join(rows(back, *size))


@pytest.mark.parametrize("width", [42, 62, 86])
def test_runs_of_one_height_stand_side_by_side_on_a_bar(width: int) -> None:
    """Three runs with equal counts in each of ten epochs: all letters, in order, at each bar, on its colour."""
    epochs = [float(k) for k in range(1, 11)]
    runs = [points(role, epochs, [4.0] * 10, mark, mark) for role, mark in zip(COMPARED, "ABC", strict=False)]
    bars_drawn = bars(Role.LOSS, epochs, [4.0] * 10, "mistakes")
    drawn = Chart("", Axis("epoch", 0.5, 10.5, is_count=True), Axis("mistakes", 0.0, 4.0), (bars_drawn, *runs))
    shown = below_legend(rows(drawn, width))
    assert sum(row.count("ABC") for row in shown) == 10
    (top,) = (strip for strip in draw(drawn, width, 18, PALETTES["dark"]) if "ABC" in strip.text)
    assert all(segment.style and segment.style.reverse for segment in top if "B" in segment.text)


def test_a_letter_tells_a_run_in_ascii_whose_line_is_covered() -> None:
    """The main run's line lies on that of A, which still shows where it is."""
    covered = line(Role.COMPARE, [0, 10], [5, 5], "A", "A")
    shown = below_legend(rows(chart(covered, line(Role.BOUNDARY, [0, 10], [5, 5])), ascii_only=True))
    assert "".join(shown).count("A") == 1


def test_lines_that_cross_have_letters_along_them() -> None:
    """A line with a mark shows it several times, so that it can be followed past a crossing without colour."""
    one, two = (line(Role.CURVE, [0, 10], [start, 10 - start], mark=mark) for start, mark in ((0, "1"), (10, "2")))
    shown = "".join(below_legend(rows(chart(one, two))))
    assert min(shown.count("1"), shown.count("2")) >= 3


def test_a_short_line_is_not_all_marks() -> None:
    """After one update what is to be seen of a line is where it goes, besides the mark at its end."""
    end = points(Role.CURVE, 6, 5, "u", "u")
    shown = "".join(below_legend(rows(chart(line(Role.CURVE, [5, 6], [5, 5], mark="u"), end))))
    assert shown.replace("u u", "u").count("u") == 1
    assert len(re.findall("[\u2801-\u28ff]", shown)) >= 4


def test_equal_names_at_ends_are_written_once() -> None:
    """A run with two lines has its name beside one end, and its letter at both."""
    ends = [points(Role.COMPARE, 5, y, "from 0.6", "A") for y in (2, 8)]
    shown = "\n".join(below_legend(rows(chart(*ends))))
    assert (shown.count("from 0.6"), shown.count("A")) == (1, 2)


@pytest.mark.parametrize("name", names())
def test_every_line_of_ascii_is_drawn_in_a_sign_that_the_legend_names(name: str) -> None:
    """A learner need not guess whose a line of x is: the legend has that sign, of a run's trail as its capital."""
    for kind, drawn in charts_of(name).items():
        series = [layer for layer in drawn.layers if isinstance(layer, Series)]
        named = {mark_of(each, ascii_only=True).upper() for each in series if each.label}
        lines = {mark_of(each, ascii_only=True).upper() for each in series if each.shape is Shape.LINE}
        assert lines <= named, kind


def test_no_line_of_ascii_is_drawn_in_capitals() -> None:
    """Capitals are runs."""
    assert [role for role, mark in MARKS.items() if mark.ascii.isupper()] == []
