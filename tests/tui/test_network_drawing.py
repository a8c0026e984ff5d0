import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.strip import Strip

from gdsim.charts.chart import NetworkDrawing, Neuron
from gdsim.charts.layout import digits
from gdsim.charts.table import CHARTS
from gdsim.scenario.library import resolve
from gdsim.scenario.load import load_file
from gdsim.session import Session
from gdsim.tui.drawing import draw
from gdsim.tui.drawing.columns import short_value
from gdsim.tui.palettes import PALETTES

DARK, NONE = PALETTES["dark"], PALETTES["none"]
numbers = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([math.nan, math.inf, 1e300, -1e-9, 0.0])


def network(sizes, *, backwards=False, focus=None, hidden=(), weight=0.5, value=0.25, delta=-0.012):
    columns = tuple(
        tuple(
            Neuron(f"x{k + 1}" if not layer else f"a{layer + 1}[{k}]", value, delta if backwards and layer else None)
            for k in range(count)
        )
        for layer, count in enumerate(sizes)
    )
    return NetworkDrawing(
        columns,
        tuple(hidden) or (0,) * len(sizes),
        ("inputs", *("hidden" for _ in sizes[2:]), "output"),
        tuple(np.full((after, before), weight) for before, after in pairwise(sizes)),
        "delta" if backwards else "forward",
        len(sizes) - 1,
        backwards,
        focus,
    )


networks = st.builds(
    network,
    st.lists(st.integers(0, 12), min_size=2, max_size=5),
    backwards=st.booleans(),
    focus=st.none() | st.tuples(st.integers(0, 4), st.integers(0, 12)),
    hidden=st.lists(st.integers(0, 900), min_size=5, max_size=5),
    weight=numbers,
    value=st.none() | numbers,
    delta=numbers,
)


def rows(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


@settings(max_examples=200, deadline=None)
@given(networks, st.integers(1, 70), st.integers(1, 20), st.booleans())
def test_a_network_is_exactly_as_large_as_asked(drawing, width, height, ascii_only):
    """Rule: any network at any size gives height rows of width cells; in ASCII mode nothing but ASCII."""
    strips = draw(drawing, width, height, DARK, ascii_only=ascii_only)
    assert len(strips) == height
    assert all(strip.cell_length == width == Strip(list(strip)).cell_length for strip in strips)
    assert not ascii_only or "".join(rows(strips)).isascii()


@settings(max_examples=50, deadline=None)
@given(networks, st.integers(1, 70), st.integers(1, 20))
def test_the_palette_without_colour_gives_none(drawing, width, height):
    """Rule: no cell has a colour under the palette "none"; what is current is bold or reversed."""
    for strip in draw(drawing, width, height, NONE):
        assert all(
            not segment.style or (segment.style.color, segment.style.bgcolor) == (None, None) for segment in strip
        )


@pytest.mark.parametrize("sizes", [(2, 2, 1), (3, 4, 5), (2, 3, 1)])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_small_networks_fit_forty_by_ten(sizes, backwards, ascii_only):
    """Rule: at 40 × 10 every neuron of a small network is there, uncut, with its value or its delta."""
    text = "\n".join(rows(draw(network(sizes, backwards=backwards), 40, 10, DARK, ascii_only=ascii_only)))
    assert text.count("(") == text.count(")") == sum(sizes)
    if backwards:
        assert text.count("d" if ascii_only else "δ") >= sum(sizes[1:])
    else:
        assert text.count("0.2") == sum(sizes)
    assert "+" not in text or ascii_only


def test_with_room_a_neuron_shows_name_value_and_delta():
    """Rule: given room, nothing is left out."""
    text = "\n".join(rows(draw(network((2, 3, 1), backwards=True), 70, 16, DARK)))
    for part in (
        "(x1 0.250)",
        "(x2 0.250)",
        "(a2[2] 0.250)",
        "(a3[0] 0.250)",
        "δ −0.0120",
        "inputs",
        "hidden",
        "output",
    ):
        assert part in text


@pytest.mark.parametrize(("backwards", "words", "head"), [(True, "error travels back", "◀"), (False, "forward", "▶")])
def test_the_last_row_tells_which_way_information_travels(backwards, words, head):
    """Rule: an arrow and words point from inputs to outputs, or back."""
    last = rows(draw(network((2, 3, 1), backwards=backwards), 60, 12, DARK))[-1]
    assert words in last
    assert last.startswith(head) if backwards else last.endswith(head)


@pytest.mark.parametrize(("ascii_only", "mark"), [(False, "▸"), (True, ">")])
def test_the_focused_neuron_is_marked(ascii_only, mark):
    """Rule: the chosen neuron has a mark in front, not only a colour."""
    drawn = rows(draw(network((2, 3, 1), backwards=True, focus=(1, 1)), 60, 16, DARK, ascii_only=ascii_only))
    (row,) = [row for row in drawn if mark in row]
    assert f"{mark}(a2[1]" in row


def test_a_focused_neuron_is_never_folded_away():
    """Rule: when a layer is taller than the drawing, the chosen neuron is among those shown."""
    assert "▸" in "".join(rows(draw(network((2, 12, 1), focus=(1, 11)), 60, 8, DARK)))


def test_neurons_left_out_are_counted():
    """Rule: hidden neurons and those folded for want of rows are told as a number, together."""
    text = "\n".join(rows(draw(network((12, 2), hidden=(760, 0)), 60, 8, DARK)))
    shown = text.count("(x")
    assert f"+{760 + 12 - shown}" in text
    wide = "\n".join(rows(draw(network((4, 2), hidden=(760, 0)), 80, 16, DARK)))
    assert "… +760 more" in wide


def test_the_active_layer_stands_out_without_colour():
    """Rule: the layer at work is reversed, the others are not."""
    reversed_text = [
        segment.text
        for strip in draw(network((2, 3, 1)), 60, 12, NONE)
        for segment in strip
        if segment.style and segment.style.reverse
    ]
    assert reversed_text == ["(a3[0] 0.250)"]


def test_the_sign_of_a_weight_shows_without_colour():
    """Rule: lines are solid where colour tells the signs apart; else negative ones are dashed; in ASCII + and -."""

    def dots(weight: float, palette=NONE) -> int:
        text = "".join(rows(draw(network((1, 1), weight=weight), 40, 3, palette)))
        return sum((ord(glyph) - 0x2800).bit_count() for glyph in text if 0x2800 < ord(glyph) < 0x2900)

    assert dots(1.0) > 1.3 * dots(-1.0) > 0.8 * dots(1.0)
    assert dots(0.0) == 0
    assert dots(-1.0, DARK) == dots(-1.0, PALETTES["sixteen"]) == dots(1.0)
    assert "++++" in "".join(rows(draw(network((1, 1), weight=1.0), 40, 3, NONE, ascii_only=True)))
    assert "----" in "".join(rows(draw(network((1, 1), weight=-1.0), 40, 3, NONE, ascii_only=True)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.8, "0.80"),
        (-0.126, "-0.13"),
        (0.0, "0.00"),
        (4e-5, "4e-05"),
        (-2345.0, "-2e+03"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_short_values_never_say_zero_for_what_is_not(value, text):
    """Rule: two decimals where they tell something, a power of ten where they would not."""
    assert short_value(value, 2) == text


SEEING = network((2, 2, 1))._replace(
    wanted=("y = 0.01",),
    loss="C = 0.298",
    sees=((), (np.full((8, 9), 1.0), np.linspace(-1, 1, 72).reshape(8, 9)), ()),
)


@pytest.mark.parametrize("height", range(1, 8))
def test_what_neurons_see_needs_no_room_for_them(height) -> None:
    """Where not even one hidden neuron fits, nothing is drawn below it."""
    assert len(draw(SEEING, 80, height, DARK)) == height


def test_target_and_loss_stand_at_the_right() -> None:
    """Beside an output stands what is wanted, below it the loss; where that would shorten neurons, both go below it."""
    wide, narrow = ([strip.text for strip in draw(SEEING, width, 20, DARK)] for width in (80, 40))
    (row,) = (row for row in wide if "y = 0.01" in row)
    assert "(a3[0]" in row
    output, target, loss = (
        next(place for place, row in enumerate(narrow) if text in row) for text in ("(0.25)", "y = 0.01", "C = 0.298")
    )
    assert output < target < loss
    assert any("C = 0.298" in row for row in wide)


@pytest.mark.parametrize("height", range(6, 16))
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_a_target_below_an_output_hides_nothing(height, backwards, outputs) -> None:
    """All outputs have theirs below them, and below the delta if there is one, or none has."""
    wanted = tuple(f"y{unit} = 0.{unit}" for unit in range(outputs))
    drawing = network((2, 2, outputs), backwards=backwards)._replace(wanted=wanted, loss="C = 0.298")
    text = "\n".join(rows(draw(drawing, 38, height, NONE)))
    assert text.count("y") in (0, outputs)
    assert text.count("y") == outputs or height < 3 + (2 + backwards) * outputs
    bare = "\n".join(rows(draw(drawing._replace(wanted=()), 38, height, NONE)))
    assert all(text.count(sign) == bare.count(sign) for sign in "()δ")
    assert "C = 0.298" in text


@pytest.mark.parametrize("name", ["mazur", "nudge-every-weight", "backprop"])
@pytest.mark.parametrize("width", [40, 42, 44])
def test_a_target_wider_than_its_output_has_room(name, width) -> None:
    """Before the first value is known an output is a short name; no line or value runs into the target below it."""
    drawing = CHARTS["network"].build(Session.open(load_file(resolve(name))).view)
    text = "\n".join(rows(draw(drawing, width, 10, NONE)))
    assert all(f" {target}" in text for target in drawing.wanted)
    weights = {f"{weight:.2f}".replace("-", "−") for each in drawing.weights for weight in each.flat}
    assert set(re.findall(r"−?\d\.\d\d(?!\d)", re.sub(r"\(.*?\)|y. = \S+", "", text))) <= weights


@pytest.mark.parametrize("width", [60, 62, 64])
def test_no_value_stands_beside_what_a_picture_shows(width) -> None:
    """Else "a(x₁, x₂) −0.71" would read as the output there, not as the weight of a line that passes."""
    drawing = CHARTS["network"].build(Session.open(load_file(resolve("mazur"))).after(30).view)
    text = "\n".join(rows(draw(drawing, width, 18, NONE)))
    assert "a(x₁, x₂)" in text
    assert not re.search(r"\d {0,2}a\(x₁, x₂\)|a\(x₁, x₂\) {0,2}[−\d]", text)


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_level_line_of_nine_cells_has_its_value_on_it(ascii_only) -> None:
    """Where crossing lines and deltas leave no room above and below it, as in mazur's network in 62 × 18 cells."""
    drawing = CHARTS["network"].build(Session.open(load_file(resolve("mazur"))).after(30).view)
    wanted = {f"{weight:.2f}" for each in drawing.weights for weight in each.flat}
    assert wanted <= set(values_on_lines(rows(draw(drawing, 62, 18, NONE, ascii_only=ascii_only))))


@pytest.mark.parametrize(("ascii_only", "value"), [(False, "−0.25"), (True, "-0.25")])
def test_values_stand_on_edges_where_there_is_room(ascii_only, value) -> None:
    """Few edges have their values on them, with their sign; many have none."""
    few, many = (
        "".join(rows(draw(network(sizes, weight=-0.25), 80, 20, DARK, ascii_only=ascii_only)))
        for sizes in ((2, 2, 1), (8, 8))
    )
    assert few.count(value) == 6
    assert value not in many


def varied(sizes, weights, **changes):
    """Return a network whose weights are those given, repeated, with deltas."""
    drawing = network(sizes, backwards=True, **changes)
    every = [np.resize(weights, each.shape) for each in drawing.weights]
    return drawing._replace(weights=tuple(every), phase="", active_layer=None, backwards=False)


def values_on_lines(drawn: list[str]) -> list[str]:
    """Return what stands outside the neurons and is a number, with all that touches it."""
    outside = (re.sub(r"\(.*?\)|[dδ] *\S+", lambda found: " " * len(found[0]), row) for row in drawn[1:-1])
    return [word for row in outside for word in row.replace("−", "-").split() if re.search(r"\d", word)]


@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 3, 2), (3, 1), (2, 4, 2)])
@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-99, 99), min_size=7, max_size=7, unique_by=abs),
    st.integers(42, 90),
    st.integers(9, 20),
    st.sampled_from(["", "forward", "backprop"]),
)
def test_values_on_lines_are_whole_and_the_same_in_all_looks(sizes, hundredths, width, height, phase) -> None:
    """Rule: a blank on either side of every value, so that no sign is lost or added; the same values in every look."""
    drawing = varied(sizes, [each / 100 for each in hundredths])
    if phase:  # an arrowhead travels along each line, and the lines of one neuron are lit
        lit = tuple((1, 0, source) for source in range(sizes[0]))
        drawing = drawing._replace(phase=phase, active_layer=1 - (phase == "backprop"), pulse=0.4, lit=lit)
    looks = [(NONE, True), (NONE, False), (DARK, False), (PALETTES["sixteen"], False)]
    ascii_values, *others = (
        values_on_lines(rows(draw(drawing, width, height, palette, ascii_only=ascii_only)))
        for palette, ascii_only in looks
    )
    assert all(values == ascii_values for values in others)
    assert set(ascii_values) <= {f"{each / 100:.2f}" for each in hundredths}


def test_no_value_stands_in_the_row_of_another_neuron() -> None:
    """Rule: what stands right of a neuron is a weight of its own; a dropped one has none."""
    whole = varied((1, 6, 1), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    dropped = tuple(each._replace(is_dropped=unit == 1) for unit, each in enumerate(whole.columns[1]))
    drawing = whole._replace(columns=(whole.columns[0], dropped, whole.columns[2]))
    for width, height in ((64, 15), (64, 8), (90, 18), (72, 9)):
        drawn = rows(draw(drawing, width, height, NONE, ascii_only=True))
        (gap_end,) = (row.rindex("(") for row in drawn if "(a3[0]" in row)
        for unit in range(6):
            for row in (row for row in drawn if f"a2[{unit}]" in row):
                gap = row[row.index(")", row.index("a2[")) + 1 : gap_end]
                found = re.search(r"0\.\d\d", gap[: len(gap) // 2 + 1])
                assert not found or (found[0] == f"0.{unit + 1}0" and unit != 1)


def test_small_weights_are_whole_lines_in_ascii() -> None:
    """Rule: a line has a sign in each row and each column that it passes, however small its weight."""
    drawing = network((2, 1))._replace(weights=(np.array([[0.01, 1.0]]),))
    drawn = rows(draw(drawing, 60, 16, NONE, ascii_only=True))
    first, last = (next(k for k, row in enumerate(drawn) if name in row) for name in ("x1", "a2[0]"))
    passed = {column for row in drawn[first : last + 1] for column, glyph in enumerate(row) if glyph == "+"}
    assert all("+" in row for row in drawn[first : last + 1] if not values_on_lines(["", row, ""]))
    assert len(passed) >= max(passed) - min(passed) - len(" 0.01 ")


def test_a_neuron_of_one_number_shows_its_output_or_the_delta_travelling() -> None:
    """Rule: where both do not fit, the output; the delta while the error travels back."""
    forward, back = (varied((5, 5, 5), [0.5])._replace(backwards=is_backwards) for is_backwards in (False, True))
    shown = "".join(rows(draw(forward, 36, 9, NONE)))
    assert shown.count("0.25") == 15
    assert "δ" not in shown
    assert "".join(rows(draw(back, 36, 9, NONE))).count("δ") == 10


def test_inputs_that_differ_read_differently() -> None:
    """Rule: numbers keep two decimals while names can be left out instead."""
    drawing = network((2, 2, 2))
    inputs = tuple(each._replace(value=value) for each, value in zip(drawing.columns[0], (0.05, 0.1), strict=True))
    shown = "".join(rows(draw(drawing._replace(columns=(inputs, *drawing.columns[1:])), 48, 11, NONE)))
    assert "0.05" in shown
    assert "0.10" in shown


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("width", "height"), [(42, 11), (64, 17), (86, 22)])
def test_outputs_of_classes_have_their_names_at_every_size(width, height, ascii_only) -> None:
    """Rule: each output shown has its class beside it, and the one wanted, in brackets, is never left out."""
    names = tuple(f"[{unit}]" if unit == 7 else f" {unit} " for unit in range(10))
    drawing = varied((8, 8, 10), [0.5])._replace(outputs=names)
    outputs = tuple(each._replace(value=0.03 if unit == 7 else 0.4) for unit, each in enumerate(drawing.columns[2]))
    drawing = drawing._replace(columns=(*drawing.columns[:2], outputs), hidden=(776, 0, 0))
    drawn = rows(draw(drawing, width, height, NONE, ascii_only=ascii_only))
    named = [re.search(r"(\d|\[7\]) *$", row) for row in drawn if re.search(r"0\.(40|03)", row)]
    assert len(named) >= 7
    assert all(named)
    assert any("[7]" in row for row in drawn)


@pytest.mark.parametrize(("palette", "ascii_only"), [("sixteen", False), ("none", False), ("none", True)])
def test_what_neurons_see_is_drawn_in_signs_where_colours_do_not_mix(palette, ascii_only) -> None:
    """Rule: weak and strong outputs of either sign differ in their signs, and a caption says what is drawn."""
    text = "\n".join(rows(draw(SEEING, 80, 20, PALETTES[palette], ascii_only=ascii_only)))
    assert "#########" in text
    assert "==" in text
    assert text.count("a(x1, x2)") == 2


def test_hidden_neurons_of_two_inputs_show_what_they_see() -> None:
    """Four rows of nine half blocks below each hidden neuron, from colour to colour; none where rows are scarce."""
    high, low = (
        sum(len(segment.text) for strip in draw(SEEING, 80, height, DARK) for segment in strip if segment.style.bgcolor)
        for height in (20, 12)
    )
    assert high >= 2 * 4 * 9
    assert low == 0


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("kind", "layer", "heads"), [("forward", 2, "▸>"), ("backprop", 1, "◂<")])
def test_a_pulse_travels_along_the_edges_of_the_phase(kind, layer, heads, ascii_only):
    """Rule: forward it goes from left to right into the active layer, backwards from right to left; elsewhere none."""
    still = network((2, 2, 2), backwards=kind == "backprop")._replace(phase=kind, active_layer=layer, lit=())
    places, head = [], heads[ascii_only]
    for pulse in (0.2, 0.5, 0.92):
        drawn = rows(draw(still._replace(pulse=pulse), 60, 12, DARK, ascii_only=ascii_only))
        places.append([row.index(head) for row in drawn[:-1] if head in row])
    first, middle, last = (min(each) for each in places)
    assert (first < middle < last) if kind == "forward" else (first > middle > last)
    assert all(column > 25 for each in places for column in each)  # right of the hidden layer
    other = rows(draw(still._replace(phase="loss"), 60, 12, DARK, ascii_only=ascii_only))
    assert not set("▸◂<>") & set("".join(other[:-1]))


@pytest.mark.parametrize(("ascii_only", "mark"), [(False, "(╳ a"), (True, "(x a")])
def test_dropped_units_are_crossed_out_and_have_no_edges(ascii_only, mark):
    """Rule: a unit left out of an update has a cross, without colour too, and nothing leads to it or on from it."""
    whole = network((1, 2, 1))
    hidden = whole.columns[1][0]._replace(is_dropped=True), whole.columns[1][1]
    dropped = whole._replace(columns=(whole.columns[0], hidden, whole.columns[2]))
    for drawing in (whole, dropped):
        drawn = rows(draw(drawing, 60, 12, NONE, ascii_only=ascii_only))
        assert any(mark in row for row in drawn) == (drawing is dropped)
    lines = [
        sum("\u2801" <= glyph <= "\u28ff" or glyph == "+" for row in drawn for glyph in row)
        for drawn in (rows(draw(each, 60, 12, NONE, ascii_only=ascii_only)) for each in (whole, dropped))
    ]
    assert lines[1] < 0.7 * lines[0]


def test_headings_are_whole_where_all_have_room() -> None:
    """Headings longer than their columns stand beside one another in full, in Chinese too; else without activations."""
    drawing = network((2, 2, 1))._replace(labels=("输入", "隐藏层 1 sigmoid", "输出 sigmoid"))
    assert draw(drawing, 42, 12, DARK)[0].text.split() == ["输入", "隐藏层", "1", "sigmoid", "输出", "sigmoid"]
    assert draw(drawing, 26, 12, DARK)[0].text.split() == ["输入", "隐藏层", "1", "输出"]


def test_zero_has_no_minus():
    """−0.0, as a unit left out of an update has it, is written as 0."""
    assert short_value(-0.0, 2) == "0.00"
    assert digits(-0.0, 3) == "0"
