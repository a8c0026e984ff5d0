"""Numbers as a learner reads them, and formulas in plain ASCII."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim.explain.numbers import NUMBER_WIDTH, aligned, format_number, format_vector, in_ascii, short_number

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.9208, "3.920800"),
        (-0.038416, "−0.038416"),
        (0.03841672, "0.0384167"),
        (8.37242e-08, "8.37242e−08"),
        (1234567890.0, "1.23457e+09"),
        (-1.5e200, "−1.5000e+200"),
        (12.5, "12.500000"),
        (245000, "245000.0000"),
        (999999.9999999, "1.00000e+06"),
        (0, "0.000000"),
        (-0.0, "0.000000"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "nan"),
    ],
)
def test_numbers_of_a_column(value, text):
    """Six decimals and six digits around 1, scientific where that would need more room or show only zeros."""
    assert format_number(value) == text


def test_signs():
    """A gradient shows its plus, zero has no sign."""
    assert format_number(3.8416, signed=True) == "+3.841600"
    assert format_number(0.0, signed=True) == "0.000000"


@given(finite, st.booleans())
def test_columns_never_overflow_or_lose_a_number(value, signed):
    """No number is wider than NUMBER_WIDTH, reads back to six digits (five past 1e±99), nor shows as 0 unless it is."""
    text = in_ascii(format_number(value, signed=signed))
    assert len(text) <= NUMBER_WIDTH
    digits = 6 if value == 0 or 1e-99 < abs(value) < 9e99 else 5
    if value == 0 or 1e-307 < abs(value) < 1.79e308:  # rounded beyond these, text reads back as inf or as few digits
        assert float(text) == pytest.approx(value, rel=0.5001 * 10.0 ** (1 - digits), abs=0)
    assert (float(text) == 0) == (value == 0)


@given(st.floats(0.1, 9.9).filter(lambda v: v > 0.1))
def test_decimal_points_line_up_around_one(value):
    """Numbers from 0.1 to 10 have six decimals, all in the same places."""
    assert format_number(value).index(".") == 1
    assert len(format_number(value)) == len("0.123456")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.9208, "3.9208"),
        (3.9208000000000003, "3.9208"),
        (2.0, "2"),
        (1e-10, "1e−10"),
        (0.99999999, "1.000000"),
        (-0.5, "−0.5"),
        (245000, "245000"),
    ],
)
def test_short_numbers(value, text):
    """In an equation no zeros that say nothing; they stay where they tell that digits were rounded away."""
    assert short_number(value) == text


def test_vectors():
    """Long vectors say how many numbers they leave out."""
    assert format_vector([0.8, 0.4], 2) == "(0.8, 0.4)"
    assert format_vector([0.8, 0.4, 1, 2, 3], 2) == "(0.8, 0.4, … 3 more)"


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [
        ("δ²₁ = ∂C/∂a²₁·σ′(z²₁)", "delta2[1] = dC/da2[1]*sigma'(z2[1])"),
        ("θ ← θ − ηg", "theta <- theta - eta g"),
        ("1/(1 + e⁻ᶻ)", "1/(1 + e^-z)"),
        ("m̂ = m/(1 − β₁ᵗ)", "m_hat = m/(1 - beta1^t)"),
        ("update 3 · loss 4 · η 0.01", "update 3 | loss 4 | eta 0.01"),
        ("new w¹₂₁ = w¹₁₂,₃·x₁", "new w1[2,1] = w1[12,3]*x1"),
        ("½·Σⱼ (aⱼ − yⱼ)²", "1/2*sum_j (a_j - y_j)^2"),
        ("devfest ✓ 3", "devfest [ok] 3"),
        ("turned 30°, tilted 40°", "turned 30 deg, tilted 40 deg"),
        ("次の一歩 · 4", "次の一歩 | 4"),
    ],
)
def test_formulas_in_ascii(text, ascii_text):
    """Every letter of a formula has an ASCII spelling; letters of languages stay."""
    assert in_ascii(text) == ascii_text


def test_decimal_points_stand_one_under_another():
    """Whatever the numbers look like, the column is one width and its points are in one place."""
    assert aligned([]) == []
    assert aligned(["1.25", "−12.5", "+0.000364", "8.37e−08", "", "nan"]) == [
        "  1.25    ",
        "−12.5     ",
        " +0.000364",
        "  8.37e−08",
        "          ",
        "nan       ",
    ]
