"""Pictures, answers and long columns as characters: nothing lies outside, signs and marks show without colour."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gdsim.charts.chart import AnswerColumn, Answers, Entry, Gallery, LongColumn, Picture, Role, SideBySide
from gdsim.charts.table import CHARTS
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.drawing import draw
from gdsim.tui.drawing.columns import stretches
from gdsim.tui.drawing.picture import resized
from gdsim.tui.palettes import PALETTES

DARK, NONE = PALETTES["dark"], PALETTES["none"]
numbers = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([math.nan, math.inf, 1e300, -1e-9, 0.0])
texts = st.sampled_from(["", "a 7", "更新", "a title longer than the panel is wide, by far"])


@st.composite
def pictures(draw_from):
    shape = draw_from(st.tuples(st.integers(1, 30), st.integers(1, 30)))
    pixels = np.resize(draw_from(arrays.arrays(np.float64, 12, elements=numbers)), shape)
    return Picture(draw_from(texts), pixels, 1.0, draw_from(st.booleans()), (draw_from(texts),))


@st.composite
def answers(draw_from):
    count = draw_from(st.integers(1, 12))
    columns = tuple(
        AnswerColumn(
            draw_from(texts),
            draw_from(arrays.arrays(np.float64, count, elements=numbers)),
            draw_from(st.none() | st.integers(0, count - 1)),
        )
        for _ in range(draw_from(st.integers(1, 4)))
    )
    names = tuple(draw_from(st.sampled_from(["0", "苹果", "a long name of a class"])) for _ in range(count))
    return Answers(draw_from(texts), names, columns, draw_from(st.none() | st.integers(0, count - 1)))


@st.composite
def columns(draw_from):
    sizes = draw_from(st.lists(st.integers(1, 40), min_size=1, max_size=8))
    values = draw_from(arrays.arrays(np.float64, sum(sizes), elements=numbers))
    entries = tuple(Entry(k, f"W1[0,{k}]", draw_from(texts), float(values[k])) for k in range(min(9, sum(sizes))))
    blocks = tuple((f"W{k + 1}", size) for k, size in enumerate(sizes))
    return LongColumn(draw_from(texts), blocks, draw_from(st.sampled_from([None, values])), entries)


@st.composite
def galleries(draw_from):
    drawn = draw_from(st.lists(pictures(), min_size=1, max_size=30))
    shown = tuple(np.resize(each.pixels, drawn[0].pixels.shape) for each in drawn)
    names = tuple(f"a¹{number}" for number in range(len(shown)))
    return Gallery("all", names, shown, draw_from(st.none() | st.integers(0, len(shown) - 1)))


drawings = (
    pictures()
    | galleries()
    | answers()
    | columns()
    | st.builds(SideBySide, texts, st.tuples(pictures(), pictures() | answers()))
)


def rows(strips):
    return [strip.text for strip in strips]


@settings(max_examples=150)
@given(
    drawing=drawings,
    width=st.integers(1, 90),
    height=st.integers(1, 40),
    palette=st.sampled_from(list(PALETTES.values())),
    ascii_only=st.booleans(),
)
def test_any_drawing_fills_exactly_its_place(drawing, width, height, palette, ascii_only):
    """Any numbers, any size, any palette: so many strips, so many cells each, and in ASCII nothing but ASCII."""
    strips = draw(drawing, width, height, palette, ascii_only=ascii_only)
    assert len(strips) == height
    assert {strip.cell_length for strip in strips} == {width}
    if ascii_only:
        assert "".join(rows(strips)).isascii()


def colours(strip):
    """Return foreground and background of each cell of a strip."""
    cells = []
    for text, look, _ in strip:
        cells += [(look.color and look.color.name, look.bgcolor and look.bgcolor.name)] * len(text)
    return cells


def test_half_blocks_hold_two_pixels():
    """A column of white over black, black over white: the upper pixel is the block's colour, the lower its ground."""
    picture = Picture("", np.array([[1.0, 0.0], [0.0, 1.0]]), 1.0)
    (strip,) = draw(picture, 2, 1, DARK)
    assert strip.text == "▀▀"
    white, black = DARK.colors[Role.NEXT], DARK.ground
    assert colours(strip) == [(white, black), (black, white)]


def test_a_picture_keeps_every_pixel_of_28_by_28():
    """In 28 × 14 cells half blocks show all 784 pixels: each row's two pixel rows can be read back."""
    pixels = np.random.default_rng(5).integers(0, 2, (28, 28)).astype(float)
    strips = draw(Picture("", pixels, 1.0), 28, 14, DARK)
    white = DARK.colors[Role.NEXT]
    read = np.zeros((28, 28))
    for row, strip in enumerate(strips):
        for column, (glyph, (front, ground)) in enumerate(zip(strip.text, colours(strip), strict=True)):
            read[2 * row, column] = (ground if glyph == " " else front) == white
            read[2 * row + 1, column] = ground == white
    assert (read == pixels).all()


def test_characters_have_a_pixel_twice_as_wide():
    """In ASCII a pixel is two characters where there is room, so that a digit keeps its shape."""
    pixels = np.zeros((4, 4))
    pixels[1, 2] = 1.0
    assert rows(draw(Picture("", pixels, 1.0), 8, 4, NONE, ascii_only=True)) == [" " * 8, "    @@  ", " " * 8, " " * 8]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_sign_shows_without_colour(ascii_only):
    """Large and small numbers of both signs are four different characters; 0 is a dot, so that a picture has edges."""
    picture = Picture("", np.array([[1.0, 0.3, 0.0, -0.3, -1.0]]), 1.0, True)
    row = rows(draw(picture, 10, 1, NONE, ascii_only=ascii_only))[0]
    assert row == ("##++..--==" if ascii_only else "##++··−−==")


def test_a_strong_sign_shows_in_the_colours_too():
    """Where both pixels of a cell are strong and of one sign, + or − stands in it."""
    picture = Picture("", np.array([[1.0, -1.0, 0.1, 1.0], [1.0, -1.0, 0.1, -1.0]]), 1.0, True)
    assert rows(draw(picture, 4, 1, DARK))[0] == "+− ▀"


def test_made_smaller_a_picture_is_averaged():
    """4 × 4 to 2 × 2: each the mean of its quarter; a quarter that is mostly no number is none."""
    pixels = np.arange(16.0).reshape(4, 4)
    assert resized(pixels, 2, 2).tolist() == [[2.5, 4.5], [10.5, 12.5]]
    pixels[:2, :2] = math.nan
    assert np.isnan(resized(pixels, 2, 2)).tolist() == [[True, False], [False, False]]


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(-9, 9)),
    st.integers(1, 20),
    st.integers(1, 20),
)
def test_another_size_has_the_same_mean(pixels, down, across):
    """No ink is lost or won when a picture is made larger or smaller."""
    assert resized(pixels, down, across).mean() == pytest.approx(pixels.mean(), abs=1e-9)


TEN = Answers(
    "",
    tuple("0123456789"),
    (
        AnswerColumn("update 0", np.array([0.5, 0.4, 0.7, 0.3, 0.2, 0.1, 0.5, 0.4, 0.6, 0.5]), 2),
        AnswerColumn("now", np.array([0.0, 0.01, 0.02, 0.0, 0.99, 0.0, 0.0, 0.0, 0.0, 0.0]), 4),
    ),
    4,
)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_answers_mark_the_brightest_and_bracket_the_right_one(ascii_only):
    """Untrained it says 2 and is wrong, now it says 4 and is right; the one wanted is in brackets."""
    shown = rows(draw(TEN, 40, 12, NONE, ascii_only=ascii_only))
    mark = "<" if ascii_only else "◀"
    assert "update 0" in shown[0]
    assert "now" in shown[0]
    assert [row for row in shown if mark in row] == [shown[3], shown[5]]
    assert shown[5].startswith("[4]")
    assert "0.99" in shown[5]
    assert "says 2, wrong" in shown[11]
    assert "says 4, right" in shown[11]


def test_a_class_in_brackets_keeps_its_name():
    """Names of classes up to twelve letters stand whole, in both brackets where they are wanted."""
    irises = ("setosa", "versicolor", "virginica")
    shown = rows(draw(Answers("", irises, (AnswerColumn("now", np.array([0.1, 0.2, 0.7]), 2),), 1), 40, 12, NONE))
    assert [row.split()[0] for row in shown[1:] if " 0." in row] == ["setosa", "[versicolor]", "virginica"]


def test_few_rows_keep_what_matters():
    """In three rows: which column is which, how many are left out, the wanted, and what the untrained network says."""
    shown = rows(draw(TEN, 40, 3, NONE))
    assert [row[:3] for row in shown] == ["+8 ", " 2 ", "[4]"]
    assert "update 0" in shown[0]


def test_a_narrow_place_keeps_the_answer_in_hand():
    """Where there is room for one column it is the last."""
    shown = rows(draw(TEN, 12, 12, NONE))
    assert "now" in shown[0]
    assert "update 0" not in shown[0]


def test_every_block_has_a_row_of_its_own():
    """15 680 weights leave rows to the blocks of 20 and 10; each row shows the largest of its stretch by size."""
    blocks = (("W1", 15680), ("b1", 20), ("W2", 200), ("b2", 10))
    values = np.linspace(-1.0, 1.0, 15910)
    elements, names = stretches(blocks, values, 16)
    assert len(elements) <= 16
    assert [name for name in names if name] == ["W1", "b1", "W2", "b2"]
    assert elements[0] == 0
    assert elements == sorted(elements)


def test_the_column_points_up_and_down():
    """A number to raise goes right of the middle, one to lower goes left, in other characters; both are listed.

    In the middle stands which entry of the list it is, far from the list's own numbers.
    """
    values = np.array([0.5, -1.0])
    entries = (Entry(1, "W1[0,1]", "layer 1, neuron 0, input 1", -1.0), Entry(0, "W1[0,0]", "", 0.5))
    shown = rows(draw(LongColumn("g", (("W1", 1), ("b1", 1)), values, entries), 60, 6, NONE, ascii_only=True))
    (up,) = (row for row in shown if row.startswith("W1"))
    (down,) = (row for row in shown if row.startswith("b1"))
    assert re.fullmatch(r"W1 +2#+ +1 W1\[0,1\].*", up)
    assert re.fullmatch(r"b1 =+1 .*", down)
    assert any("W1[0,1]" in row and "-1.000 lower" in row for row in shown)
    assert any("layer 1, neuron 0, input 1" in row for row in shown)


def test_a_column_not_computed_yet_says_how_to_get_there():
    """The gradient comes with its phase."""
    shown = "".join(rows(draw(LongColumn("g", (("W1", 2),), None), 60, 6, NONE)))
    assert "not computed yet" in shown


@pytest.mark.parametrize(("width", "height"), [(40, 12), (80, 24), (64, 21)])
def test_a_picture_fills_its_room(width, height):
    """A square picture is as high as its place, whatever multiple of its pixels that is."""
    drawn = draw(Picture("", np.ones((8, 8)), 1.0), width, height, DARK)
    inked = [sum(len(segment.text) for segment in strip if segment.style.bgcolor) for strip in drawn]
    assert inked == [2 * height] * height


def test_a_gallery_counts_what_it_leaves_out_and_keeps_the_chosen_one():
    """Where forty pictures do not fit, those about the chosen one are there, and the others are counted."""
    gallery = Gallery("all", tuple(str(k) for k in range(40)), (np.eye(8),) * 40, 33)
    few = "\n".join(rows(draw(gallery, 26, 7, DARK)))
    assert "▸" in few
    # Five pictures of four columns in a row, two rows of a name and two lines.
    assert few.endswith("… +30 more")
    assert not re.search(r"\+\d", "".join(rows(draw(gallery, 120, 40, DARK))))


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_gallery_counts_at_the_end_of_a_whole_key(ascii_only):
    """What is left out stands in words after what "+" means, so that it is no part of that."""
    gallery = Gallery("all", tuple(str(k) for k in range(80)), (np.eye(8),) * 80)
    last = rows(draw(gallery, 42, 10, NONE, ascii_only=ascii_only))[-1]
    assert re.search(r"raises z .* lowers z .* \+\d+ more$", last)


def test_averages_of_a_gallery_have_full_shades():
    """Weights of both signs all over a picture average to little; the strongest average still has the full colour."""
    board = np.indices((28, 28)).sum(axis=0) % 2 * 2.0 - 1.0
    board[:4, :4] = 1.0
    drawn = draw(Gallery("all", ("1",), (board,), None), 12, 8, DARK)
    assert any(segment.style.bgcolor and segment.style.bgcolor.name == DARK.positive for s in drawn for segment in s)


def test_answers_beside_a_picture_have_bars_that_differ():
    """In the panel of 120 × 40, outputs of 0.34 and 0.73 before the first update have bars of other cells."""
    view = Session.open(load_file(resolve("digits"))).after(12).view
    shown = rows(draw(CHARTS["picture"].build(view), 62, 18, NONE))
    bars = [re.search(r"(?<=\d[\] ]) *([█▏▎▍▌▋▊▉]+) *0\.(\d\d)", row) for row in shown]
    lengths = {int(bar[2]): len(bar[1]) for bar in bars if bar}
    assert lengths[max(lengths)] > lengths[min(lengths)] > 0


def test_a_gallery_in_signs_shows_fewer_neurons_rather_than_none_to_be_read():
    """Without colour each neuron has six by three signs and its name; of sixty the rest is counted."""
    gallery = Gallery("all", tuple(f"a{k}" for k in range(60)), (np.eye(28) - 0.5,) * 60)
    shown = "\n".join(rows(draw(gallery, 62, 18, NONE)))
    named = set(re.findall(r"a\d+", shown))
    assert f"+{60 - len(named)}" in shown
    assert len(re.findall(r"[−=+#]", shown.replace(f"+{60 - len(named)}", ""))) >= 18 * len(named)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_weights_that_are_averaged_keep_their_full_shade(ascii_only):
    """Shrunk to fewer cells, weights of both signs average to small ones; the largest shown is still drawn strong."""
    weights = np.random.default_rng(3).normal(size=(28, 28))
    text = "".join(
        rows(draw(Picture("", weights, float(np.abs(weights).max()), True), 14, 4, NONE, ascii_only=ascii_only))
    )
    assert "#" in text or "=" in text


@pytest.mark.parametrize("width", range(10, 40))
def test_bars_of_outputs_in_ascii_tell_more_than_two_sizes(width):
    """A bar of one cell or none before a number would look like a mark of the larger ones."""
    values = np.linspace(0, 1, 11)
    shown = rows(
        draw(Answers("", tuple("abcdefghijk"), (AnswerColumn("now", values, 10),), 0), width, 12, NONE, ascii_only=True)
    )
    assert len({row.count("#") for row in shown}) not in {2, 3}


def test_outputs_grow_with_their_room():
    """Three outputs in 26 rows have bars of three rows each, and one network's bars may take most of a row."""
    shown = rows(draw(Answers("", tuple("abc"), (AnswerColumn("now", np.ones(3), 0),), 0), 86, 26, NONE))
    assert sum("█" in row for row in shown) == 9
    assert max(row.count("█") for row in shown) > 50


@pytest.mark.parametrize("palette", ["none", "dark"])
@pytest.mark.parametrize(("width", "height"), [(42, 10), (60, 19), (86, 27)])
def test_pictures_to_be_compared_have_one_size_and_one_key(width, height, palette):
    """A pixel stands in the same row of both, captions in one row, headings are whole, and signs are explained once."""
    pixels = np.ones((28, 28))
    both = (
        Picture("looks for", pixels, 1.0, True, ("most +0.15 at (7,23)", "least")),
        Picture("finds in this sample", pixels, 1.0, True, ("sum +0.103, bias +0.00979", "z")),
    )
    shown = rows(draw(SideBySide("", both), width, height, PALETTES[palette]))
    assert "looks for" in shown[0]
    assert "finds in this sample" in shown[0]
    assert sum("raises z" in row and "lowers z" in row for row in shown) == 1
    half = shown[0].index("finds")
    signs = [[len(re.findall("[+#]", part)) for part in (row[:half], row[half:])] for row in shown]
    left, right = ([count for count in counts if count > 2] for counts in zip(*signs, strict=True))
    assert left == right
    assert len(left) > 4
    assert [("most" in row) for row in shown] == [("sum" in row) for row in shown]


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_long_column_cuts_neither_its_heading_nor_its_list(ascii_only):
    """In the 42 cells it has in 80 × 24 the heading takes two rows, and bars leave room for what to do."""
    names = [f"w²₁₀,{k}" for k in range(9)]
    largest = tuple(Entry(k, name, "layer 2, neuron 10, input 100", 0.1) for k, name in enumerate(names))
    title = "−∂C/∂θ: 47710 numbers, each row the largest of a stretch"
    column = LongColumn(title, (("W1", 9),), np.linspace(0.1, 0.2, 9), largest)
    shown = rows(draw(column, 42, 10, NONE, ascii_only=ascii_only))
    assert "largest of a stretch" in shown[1]
    assert all(row.endswith("raise") for row in shown[2:])
