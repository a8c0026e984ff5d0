"""What is said about the phases of a walk down a hill; numbers by hand."""

import math

import pytest
from explained_runs import function_timeline, mountain
from hypothesis import given
from hypothesis import strategies as st

from gdsim.engine.activations import ACTIVATIONS, sigmoid, tanh
from gdsim.engine.edits import Edit
from gdsim.explain.page import Line, with_dots, with_numbers
from gdsim.explain.pages import activation_page, page, page_at, start_page
from gdsim.timeline.position import Position


def test_the_three_phases_of_the_third_update():
    """x₂ = 2 + 2·0.98² = 3.9208: height 1.9208² = 3.68947…, slope 3.8416, new x = 3.9208 − 0.038416 = 3.882384."""
    value, gradient, update = (page(mountain().update(3), phase) for phase in range(3))
    assert value.lines == (Line("f(x)", "(x − 2)²", "(3.9208 − 2)²", "3.689473"),)
    assert gradient.lines == (Line("f′(x)", "2·(x − 2)", "2·(3.9208 − 2)", "+3.8416"),)
    assert update.lines == (Line("new x", "x − η·f′(x)", "3.9208 − 0.01·3.8416", "3.882384"),)
    assert gradient.title == "phase 2 of 3: gradient"


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (4.0, "The hill rises to the right, so we step left."),
        (0.0, "The hill falls to the right, so we step right."),
        (2.001, "The slope is almost flat here, so the step is tiny."),
        (2.0, "The ground is level here: the slope is 0 and shows no way down."),
    ],
)
def test_the_slope_in_words(start, sentence):
    """The sentence fits the sign and size of the slope at hand."""
    assert page(mountain(start=start).update(1), 1).sentence == sentence


def test_momentum_may_carry_on_against_the_slope():
    """Past the valley the slope points back, but with momentum the step goes on: the sentence does not claim else."""
    timeline = mountain(0.1, rule="momentum")
    passed = next(k for k in range(1, 100) if timeline.update(k).gradient[0] < 0)
    assert timeline.update(passed).change[0] < 0
    assert page(timeline.update(passed), 1).sentence == (
        "The slope points back, but the speed gathered before carries us on."
    )


def test_one_line_for_every_variable():
    """The gradient of 3x²/2 + y²/2 at (1, 1) is (3, 1): x matters three times as much (digits)."""
    update = function_timeline("3*x**2/2 + y**2/2", {"x": 1.0, "y": 1.0}).update(1)
    gradient = page(update, 1)
    assert [(line.symbol, line.value) for line in gradient.lines] == [("∂f/∂x", "+3"), ("∂f/∂y", "+1")]
    assert gradient.sentence == "Here x matters 3 times as much as y."
    assert [line.value for line in page(update, 2).lines] == ["0.97", "0.99"]


def test_a_rising_height_is_told():
    """η = 1.5 overshoots: from x = 4 to 4 − 1.5·4 = −2, and the height from 4 to 16."""
    assert page(mountain(1.5).update(1), 2).sentence == "The step was too long: the loss rises from 4 to 16."


def test_a_bounce_is_told():
    """η = 1 leads from x = 4 to x = 0, which is just as high (devfest)."""
    assert page(mountain(1.0).update(1), 2).sentence.startswith("The step leads to a place just as high")


# The second update from x = 4 on (x − 2)², η = 0.1. By hand, g₁ = 4.
# momentum: x₁ = 3.6, g₂ = 3.2, v = 0.9·4 + 3.2 = 6.8, x₂ = 3.6 − 0.68.
# nesterov: x₁ = 4 − 0.1·(4 + 3.6) = 3.24, g₂ = 2.48, v = 6.08, x₂ = 3.24 − 0.1·(2.48 + 5.472) = 2.4448.
# adagrad: x₁ = 4 − 0.1·4/√16 = 3.9, g₂ = 3.8, s = 16 + 14.44 = 30.44, x₂ = 3.9 − 0.38/√30.44 = 3.831125.
# rmsprop: s₁ = 1.6, x₁ = 4 − 0.4/√1.6 = 3.683772, g₂ = 3.367544, s = 1.44 + 0.1·11.340356 = 2.574036,
#   x₂ = 3.683772 − 0.3367544/1.604380 = 3.473875.
# adam: x₁ = 3.9, g₂ = 3.8, m = 0.36 + 0.38 = 0.74, v = 0.999·0.016 + 0.001·14.44 = 0.030424,
#   m̂ = 0.74/0.19 = 3.894737, v̂ = 0.030424/0.001999 = 15.219610, x₂ = 3.9 − 0.3894737/3.901232 = 3.800166.
# The last three by the same arithmetic in a program of ten lines.
@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("gradient-descent", ["3.28"]),
        ("momentum", ["6.8", "2.92"]),
        ("nesterov", ["6.08", "2.4448"]),
        ("adagrad", ["30.44", "3.831125"]),
        ("rmsprop", ["2.574036", "3.473875"]),
        ("adam", ["0.74", "0.030424", "3.894737", "15.219610", "3.800166"]),
        ("adadelta", ["3.03949408", "0.00324418436", "1.95247265e-06", "3.99935935"]),
        ("adamw", ["0.7392", "0.030363264", "3.89052632", "15.1892266", "3.79227872"]),
        ("nadam", ["0.730526316", "0.0297129751", "4.37624066", "14.8639195", "3.73912147"]),
    ],
)
def test_every_rule_with_its_numbers(rule, values):
    """Each rule shows what it remembers and the new value."""
    lines = page(mountain(0.1, rule=rule).update(2), 2).lines
    assert [float(line.value.replace("−", "-")) for line in lines] == pytest.approx(
        [float(value) for value in values], rel=2e-6
    )
    assert lines[-1].symbol == "new x"


def test_numbers_of_a_rule_are_put_in():
    """Momentum: v = μ·v + f′(x) with 0.9·4 + 3.2, and the step η·v with 0.1·6.8."""
    velocity, new = page(mountain(0.1, rule="momentum").update(2), 2).lines
    assert velocity == Line("v", "μ·v + f′(x)", "0.9·4 + 3.2", "6.8")
    assert new == Line("new x", "x − η·v", "3.6 − 0.1·6.8", "2.92")


@pytest.mark.parametrize(
    ("formula", "values", "text"),
    [
        ("μv + g", {"μ": 0.9, "v": -2.0, "g": -4.0}, "0.9·(−2) − 4"),
        ("s + g²", {"s": 1.0, "g": -3.0}, "1 + (−3)²"),
        ("θ − ηg", {"θ": -4.0, "η": -0.01, "g": 4.0}, "−4 − (−0.01)·4"),
        ("g√(d + ε)/√(s + ε)", {"g": -3.0, "d": 1.0, "s": 2.0, "ε": 0.5}, "−3·√(1 + 0.5)/√(2 + 0.5)"),
    ],
)
def test_a_minus_of_its_own_is_kept_apart(formula, values, text):
    """A number below 0 stands in parentheses after a sign or under a square, is subtracted in a sum, leads as it is."""
    assert with_numbers(with_dots(formula), values) == text


def test_the_start_page():
    """Before the first update: where the walk starts, its height, and which keys go on."""
    start = start_page(mountain())
    assert [(line.symbol, line.formula) for line in start.lines] == [("x", "4"), ("loss", "4")]
    assert "space" in start.sentence
    assert "." in start.sentence


def test_an_edited_place_has_a_page_of_its_own():
    """After an edit of x the last update no longer explains x: the page says so and shows the new x."""
    timeline = mountain().branch(Edit(2, "x", 3.0))
    shown = page_at(timeline, Position(2))
    assert shown.title == "edited after update 2"
    assert [line.formula for line in shown.lines] == ["3", "1"]
    assert page_at(timeline, Position(2, 1)).lines[0].substituted == "2·(3 − 2)"
    assert page_at(timeline, Position(1)).title == "phase 3 of 3: update"


def test_divergence_keeps_its_pages():
    """When numbers outgrow the machine every page still has its words."""
    timeline = mountain(1e30)
    for number in range(1, timeline.reach(50) + 1):
        for phase in range(3):
            assert page(timeline.update(number), phase).sentence


# Activations at one z.

THREE = [ACTIVATIONS[name] for name in ("sigmoid", "tanh", "relu")]


def values(z):
    return {line.symbol: line.value for line in activation_page(THREE, z).lines}


def test_values_and_slopes_at_one():
    """σ(1) = 0.731059 and σ′(1) = 0.196612, tanh(1) = 0.761594 and tanh′(1) = 0.419974 (tables)."""
    found = values(1.0)
    assert float(found["σ(z)"]) == pytest.approx(0.731059)
    assert float(found["σ′(z)"]) == pytest.approx(0.196612)
    assert float(found["tanh′(z)"]) == pytest.approx(0.419974)
    assert (found["relu(z)"], found["relu′(z)"]) == ("1", "1")


def test_the_identity_is_shown_with_its_numbers():
    """tanh(1) = 2σ(2) − 1 = 2·0.880797 − 1 = 0.761594."""
    identity = next(line for line in activation_page(THREE, 1.0).lines if line.symbol.startswith("2·σ"))
    assert identity.substituted == "2·0.880797 − 1"
    assert identity.value == values(1.0)["tanh(z)"] == "0.761594"


@given(st.floats(-50, 50))
def test_the_identity_holds(z):
    """tanh(z) = 2σ(2z) − 1 to 1e-12, with Python's own tanh as the judge."""
    assert abs(2 * float(sigmoid(2 * z)) - 1 - math.tanh(z)) < 1e-12
    assert abs(float(tanh(z)) - math.tanh(z)) < 1e-12


def test_saturation_is_named():
    """At 0 nothing is flat but ReLU, which is 0 left of its kink; at 6 the two bent curves are."""
    assert activation_page(THREE, 6.0).sentence.endswith("learnt: sigmoid, tanh.")
    assert activation_page(THREE[:2], 0.0).sentence.startswith("Every curve is steep")
