"""Formulas from text: what is read, what is refused, what they compute, how they are differentiated and written."""

from __future__ import annotations

import math
import time
import unicodedata
from collections.abc import Callable

import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gdsim.engine.formula.derivatives import SLOPE_OF
from gdsim.engine.formula.evaluation import FUNCTIONS, SLOPES
from gdsim.engine.formula.expressions import Expression, ExpressionError, parse
from gdsim.engine.formula.terms import PAIRED
from gdsim.engine.formula.typesetting import in_symbols

ORACLES: dict[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "tanh": math.tanh,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "relu": lambda x: max(x, 0.0),
    "sinh": math.sinh,
    "cosh": math.cosh,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "log2": math.log2,
    "log10": math.log10,
}
ENDS_AT_ONE = {"asin", "acos"}


def fault(text: str, *variables: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(text, variables or ("x",))
    return caught.value


def read_or_refused(text: str) -> Expression | ExpressionError:
    try:
        return parse(text, ["x", "y"])
    except ExpressionError as error:
        return error


def derivative(text: str) -> Expression:
    return parse(text, ["x"]).gradient()[0]


# --- Reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2*3", 7),
        ("(1 + 2)*3", 9),
        ("-2**2", -4),
        ("(-2)**2", 4),
        ("2**3**2", 512),
        ("2**-1", 0.5),
        ("8/4/2", 1),
        ("7 - 2 - 1", 4),
        ("--3", 3),
        ("+3 - +1", 2),
        ("1.5e1 + .5 + 2.", 17.5),
        ("007", 7),
        ("2*\n x", 10),
        ("pi", math.pi),
        ("e", math.e),
    ],
)
def test_order_of_operations(text: str, value: float) -> None:
    """Operators bind as on paper: powers from the right, then signs, products, sums from the left."""
    assert parse(text, ["x"])(5) == value


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_compute_what_their_names_say(name: str) -> None:
    """Every function agrees with Python's math, and every function has a derivative rule."""
    function = parse(f"{name}(x)", ["x"])
    for x in (0.3, 1.0) if name in ENDS_AT_ONE else (0.3, 1.0, 2.5):
        assert function(x) == pytest.approx(ORACLES[name](x), rel=1e-15)
    assert set(SLOPE_OF) == {*FUNCTIONS, *SLOPES}


def test_values_go_to_variables_in_order() -> None:
    """Values are handed in by the order of the variables given, not of their appearance."""
    assert parse("y - x", ["x", "y"])(1.0, 10.0) == 9.0
    with pytest.raises(TypeError, match="1 values for the variables x, y"):
        parse("y - x", ["x", "y"])(1.0)


def test_a_variable_may_bear_any_word() -> None:
    """Words of Python are good names, a variable hides a constant of its name, and functions stay callable."""
    assert parse("lambda**2 + if", ["lambda", "if"])(3.0, 1.0) == 10.0
    assert parse("e + η", ["e", "η"])(1.0, 2.0) == 3.0
    assert parse("sin + sin(0)", ["sin"])(4.0) == 4.0
    assert parse("v1 - v0", ["v0", "v1"])(1.0, 5.0) == 4.0


# --- Refusing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("2x", 1, "2*x"),
        ("2(x)", 1, "2*("),
        ("(x)(x)", 3, ")*("),
        ("x x", 2, "x*x"),
        ("xx", 0, "x*x"),
        ("x^2", 1, "write **"),
        ("x²", 1, "write **2"),
        ("2·x", 1, "write *"),
        ("x − 1", 2, "write -"),
        ("2π", 1, "write pi"),
        ("|x|", 0, "write abs"),
        ("1 + sine(x)", 4, "did you mean sin?"),
        ("SIN(x)", 0, "did you mean sin?"),
        ("X", 0, "did you mean x?"),
        ("ln(x)", 0, "write log"),
        ("1 + sin x", 4, "sin(…)"),
        ("q", 0, "unknown name q; the variables are x"),
        ("x.real", 1, ". is not allowed"),
        ("x + y.__class__", 5, ". is not allowed"),
        ("x + y", 4, "unknown name y"),
        ("__import__('os')", 11, "' is not allowed"),
        ("x if x else x", 2, "unknown name if"),
        ("x = 1", 2, "= is not allowed"),
        ("x\0", 1, "U+0000"),
        ("\ud800", 0, "U+D800"),
        ("sin(x, 1)", 5, "unexpected comma"),
        ("max((x, 1))", 6, "unexpected comma"),
        ("max(x, 1, 2)", 8, "unexpected comma"),
        ("max(x)", 5, "second value"),
        ("1 + min x", 4, "min(…, …)"),
        ("", 0, "missing at the end"),
        ("x +", 3, "missing at the end"),
        ("x // 2", 3, "expected a number"),
        ("sin()", 4, "expected a number"),
        ("(x", 0, "never closed"),
        ("x)", 1, "has no matching ("),
        ("1 + 1e999", 4, "too large"),
        ("9" * 400, 0, "too large"),
        ("x" * 501, 500, "at most 500 characters, this one has 501"),
        ("(" * 60 + "x" + ")" * 60, 50, "more than 50 levels deep"),
        ("-" * 51 + "x", 0, "more than 50 levels deep"),
        ("+".join(["x"] * 52), 0, "more than 50 levels deep"),
    ],
)
def test_mistakes_are_located_and_explained(text: str, position: int, part: str) -> None:
    """A mistake says where it is and what to write instead."""
    error = fault(text)
    assert part in error.what
    assert error.position == position
    assert error.text == text


def test_fifty_deep_is_allowed() -> None:
    """Operators and calls may be nested 50 deep, and parentheses too."""
    assert parse("-" * 50 + "x", ["x"])(2.0) == 2.0
    assert parse("(" * 50 + "x" + ")" * 50, ["x"])(2.0) == 2.0
    assert parse("+".join(["x"] * 51), ["x"])(1.0) == 51.0


def test_caret_stands_under_the_fault() -> None:
    """The caret line points at the fault, past characters that take two columns."""
    assert fault("1 + 2x").caret() == "1 + 2x\n     ^"
    assert fault("量 ^ 2", "量").caret() == "量 ^ 2\n   ^"
    assert fault("x\x1b[31m").caret() == "x�[31m\n ^"


@given(st.text() | st.text("xy0123456789.+-*/()^ e\0", max_size=60))
@settings(deadline=None)
def test_any_text_is_an_expression_or_a_mistake(text: str) -> None:
    """Whatever the text, it is read or refused with a fault inside it that can be printed."""
    read = read_or_refused(text)
    if isinstance(read, Expression):
        assert isinstance(read(0.5, -2.0), np.float64)
        assert len(read.gradient()) == 2
        return
    assert 0 <= read.position <= len(text)
    assert read.what.isprintable()
    shown, caret = read.caret().split("\n")
    assert shown.isprintable()
    assert caret.strip() == "^"
    assert len(caret) - 1 <= sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in shown)


@pytest.mark.parametrize("length", [10**4, 10**6])
def test_long_text_is_refused_at_once(length: int) -> None:
    """Length is looked at first, so a giant text costs nothing and its caret line stays short."""
    error = fault("(" * length)
    assert error.position == 500
    assert len(error.caret()) < 300


# --- Computing -------------------------------------------------------------------------------------------------------


def test_float64_for_numbers_and_arrays_for_arrays() -> None:
    """Numbers give a float64; arrays of any kind give arrays, broadcast over all variables, used or not."""
    expression = parse("3*x", ["x", "y"])
    assert type(expression(2, 1)) is np.float64
    assert type(expression(np.array(2), True)) is np.float64
    assert expression(np.arange(3), 0.0).tolist() == [0.0, 3.0, 6.0]
    assert expression(np.arange(2), np.zeros((3, 1))).shape == (3, 2)
    assert expression(1.0, [1, 2]).tolist() == [3.0, 3.0]
    assert parse("7", ["x"])(np.zeros(4)).tolist() == [7.0] * 4
    assert parse("7", [])() == 7.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/x", math.inf),
        ("-1/x", -math.inf),
        ("x/x", math.nan),
        ("log(x)", -math.inf),
        ("log(x - 1)", math.nan),
        ("sqrt(x - 1)", math.nan),
        ("(x - 1)**0.5", math.nan),
        ("x**-1", math.inf),
        ("exp(x + 1e9)", math.inf),
        ("9**9**9**9", math.inf),
        ("9**9**9**9*x", math.nan),
        ("sigmoid(x - 1e9)", 0.0),
        ("sigmoid(x + 1e9)", 1.0),
        ("relu(x/x)", math.nan),
    ],
)
def test_nothing_raises_or_warns(text: str, value: float) -> None:
    """Division by zero, overflow and roots of negative numbers give inf and nan, alone and in arrays."""
    expression = parse(text, ["x"])
    assert expression(0.0) == pytest.approx(value, nan_ok=True)
    assert expression(np.zeros(2)) == pytest.approx([value, value], nan_ok=True)


def test_towers_of_powers_take_no_time() -> None:
    """Numbers are floats from the start: no tower of powers is worked out digit by digit."""
    start = time.perf_counter()
    expression = parse("**".join(["9"] * 50) + " + x**1e300", ["x"])
    assert expression(1.0) == math.inf
    assert expression.gradient()[0](1.0) == 1e300
    assert time.perf_counter() - start < 1.0


# --- Differentiating -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "by_hand"),
    [
        ("(x - 2)**2", "2*(x - 2)"),
        ("x**4 - 3*x**3 + 2", "4*x**3 - 9*x**2"),
        ("x**2/2", "x"),
        ("5", "0"),
        ("x*x*x", "3*x**2"),
        ("0.1*x**3", "0.3*x**2"),
        ("(x**2)**3", "6*x**5"),
        ("x**-2", "-2*x**(-3)"),
        ("1/x", "-1/x**2"),
        ("2**x", "2**x*log(2)"),
        ("e**x", "e**x"),
        ("exp(-x)", "-exp(-x)"),
        ("sin(3*x)", "3*cos(3*x)"),
        ("cos(x)", "-sin(x)"),
        ("tan(x)", "1 + tan(x)**2"),
        ("log(x)", "1/x"),
        ("log(x)/x", "(1 - log(x))/x**2"),
        ("sqrt(x)", "1/(2*sqrt(x))"),
        ("sqrt(x**2 + 1)", "x/sqrt(x**2 + 1)"),
        ("tanh(x)", "1 - tanh(x)**2"),
        ("sigmoid(x)", "sigmoid(x)*(1 - sigmoid(x))"),
        ("abs(x - 1)", "sign(x - 1)"),
        ("relu(2*x)", "2*step(2*x)"),
        ("x*(x - 1)", "2*x - 1"),
        ("-(x*3)**2", "-18*x"),
        ("sinh(x) + cosh(x)", "cosh(x) + sinh(x)"),
        ("asin(x)", "1/sqrt(1 - x**2)"),
        ("acos(x)", "-1/sqrt(1 - x**2)"),
        ("atan(2*x)", "2/(1 + (2*x)**2)"),
        ("log2(x)", "1/(x*log(2))"),
        ("log10(x)", "1/(x*log(10))"),
        ("max(x, 1)", "step(x - 1)"),
        ("min(3*x, x)", "1 + 2*step(-2*x)"),
    ],
)
def test_derivatives_read_as_in_a_textbook(text: str, by_hand: str) -> None:
    """Derivatives come out in the form a student would write down."""
    assert in_symbols(derivative(text).term, typed=True) == by_hand
    assert derivative(text).text == by_hand


@pytest.mark.parametrize(
    "text",
    [
        "x**x",
        "x**3*exp(-2*x)/(1 + x**2)",
        "tan(x)*tanh(x/2) - log(x + 3)**2",
        "sqrt(x*sin(x) + 5)",
        "(x + 1)**(x - 2)",
        "1/(1 + exp(-x)) - 1/x**2 + 4*x/(x*2)",
        "pi**x + x**pi + e**(2*x)",
        "abs(cos(x))",
    ],
)
def test_derivatives_agree_with_sympy(text: str) -> None:
    """Values of the derivative are those of sympy's derivative of the same formula."""
    x = sympy.Symbol("x", real=True)
    names = {"e": sympy.E, "abs": sympy.Abs, "x": x}
    oracle = sympy.diff(sympy.sympify(text, locals=names), x)
    for point in (0.4, 1.3, 2.2):
        assert derivative(text)(point) == pytest.approx(float(oracle.subs(x, point).evalf(30)), rel=1e-12)


@pytest.mark.parametrize("text", ["abs(x)", "relu(x)"])
def test_corners_have_slope_zero(text: str) -> None:
    """At their corner abs and relu have slope 0; beside it, that of the branch."""
    assert derivative(text)(0.0) == 0.0
    assert derivative(text)(2.0) == 1.0
    assert derivative(text)(-2.0) == (-1.0 if text == "abs(x)" else 0.0)
    assert derivative(text).gradient()[0](2.0) == 0.0


def test_partial_derivatives_keep_the_order_of_variables() -> None:
    """There is one derivative a variable, each again a function of all variables."""
    by_y, by_x, by_z = parse("x**2*y + sin(y)", ["y", "x", "z"]).gradient()
    assert by_y(1.0, 3.0, 0.0) == pytest.approx(9 + math.cos(1.0))
    assert by_x.pretty() == "2·x·y"
    assert by_z(np.zeros(2), 1.0, 1.0).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    "pattern",
    [
        "(#)**x",
        "x**(#)",
        "(#)*(x+y)",
        "(#)**(x+y)",
        "(x-y)/(#)",
        "1/(x*(#))",
        "sigmoid(#)",
        "sin(#)*x",
        "(#)/(#)",
        "(#)**(#)",
    ],
)
def test_hostile_formulas_are_differentiated_at_once(pattern: str) -> None:
    """The longest and deepest legal formulas take no more than a moment and a modest length to differentiate."""
    text, longer = "x", pattern.replace("#", "x")
    while isinstance(read_or_refused(longer), Expression):
        text, longer = longer, pattern.replace("#", longer)
    start = time.process_time()
    slopes = parse(text, ["x", "y"]).gradient()
    for slope in slopes:
        slope(0.5, 0.25)
        assert len(slope.text) < 200_000
    assert time.process_time() - start < 2.0


# --- Writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "book", "typed"),
    [
        ("(x-2)**2", "(x − 2)²", "(x - 2)**2"),
        ("x**4 - 3*x**3 + 2", "x⁴ − 3·x³ + 2", "x**4 - 3*x**3 + 2"),
        ("((x))+(2*y)", "x + 2·y", "x + 2*y"),
        ("x-(y-1)", "x − (y − 1)", "x - (y - 1)"),
        ("x-y-1", "x − y − 1", "x - y - 1"),
        ("x/(2*y)", "x/(2·y)", "x/(2*y)"),
        ("x/2*y", "x/2·y", "x/2*y"),
        ("-x**2", "−x²", "-x**2"),
        ("(-x)**2", "(−x)²", "(-x)**2"),
        ("x*-y", "x·(−y)", "x*(-y)"),
        ("x + -y*2", "x + (−y·2)", "x + (-y*2)"),
        ("-(x+y)", "−(x + y)", "-(x + y)"),
        ("x**-2", "x⁻²", "x**(-2)"),
        ("x**(y+1)", "x^(y + 1)", "x**(y + 1)"),
        ("x**0.5", "x^0.5", "x**0.5"),
        ("(x**2)**3", "(x²)³", "(x**2)**3"),
        ("x**y**2", "x^y²", "x**y**2"),
        ("sqrt(x)*sigmoid(y)", "√(x)·σ(y)", "sqrt(x)*sigmoid(y)"),
        ("abs(x-1)**2", "|x − 1|²", "abs(x - 1)**2"),
        ("abs(abs(x)-1)", "abs(|x| − 1)", "abs(abs(x) - 1)"),
        ("2*pi*log(x)+e", "2·π·ln(x) + e", "2*pi*log(x) + e"),
        ("1e-10*x", "1e-10·x", "1e-10*x"),
        ("asin(x)+log2(y)*log10(y)", "arcsin(x) + log₂(y)·log₁₀(y)", "asin(x) + log2(y)*log10(y)"),
        ("max(x-1,2)**2*min(x,y)", "max(x − 1, 2)²·min(x, y)", "max(x - 1, 2)**2*min(x, y)"),
    ],
)
def test_formulas_are_written_with_true_precedence(text: str, book: str, typed: str) -> None:
    """Parentheses stand where the order of operations needs them, and nowhere else."""
    expression = parse(text, ["x", "y"])
    assert expression.pretty() == book
    assert in_symbols(expression.term, typed=True) == typed


def test_numbers_take_the_place_of_variables() -> None:
    """Substituted numbers are formatted by the caller; negative ones get parentheses where a sign precedes them."""

    def shown(value: float) -> str:
        return f"{value:g}".replace("-", "−")

    slope = parse("2*(x - 2)", ["x"])
    assert slope.substituted([3.9208], shown) == "2·(3.9208 − 2)"
    assert parse("x - y", ["x", "y"]).substituted([-1, -2], shown) == "−1 − (−2)"
    assert parse("x**2 + 3*x", ["x"]).substituted([-1.5], shown) == "(−1.5)² + 3·(−1.5)"
    assert parse("x**2", ["x"]).substituted([1e-5], lambda _: "1·10⁻⁵") == "(1·10⁻⁵)²"
    assert parse("x**2", ["x"]).substituted([1e-5], lambda _: "1e-05") == "(1e-05)²"
    assert parse("exp(x)", ["x"]).substituted([-1], str) == "exp(-1)"


# --- Properties over all formulas ------------------------------------------------------------------------------------

atoms = st.sampled_from(["x", "y", "pi", "e", "2", "3", "0.5", "1e-3"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner),
        st.builds("{}({})".format, st.sampled_from(sorted(FUNCTIONS)), inner),
        st.builds("{}({}, {})".format, st.sampled_from(PAIRED), inner, inner),
        st.builds("(-{})".format, inner),
    )


formulas = st.recursive(atoms, grown, max_leaves=12).filter(lambda text: len(text) <= 400)
points = st.floats(0.2, 3.0)


def difference(expression: Expression, point: list[float], place: int, ahead: float, behind: float) -> float:
    """The slope between two places beside `point`."""
    high, low = list(point), list(point)
    high[place] += ahead
    low[place] -= behind
    return float(expression(*high) - expression(*low)) / (high[place] - low[place])


@given(formulas, points, points)
@settings(deadline=None, max_examples=300)
def test_gradients_agree_with_central_differences(text: str, x: float, y: float) -> None:
    """Any formula's gradient is what nudging each variable shows, wherever the nudges themselves agree.

    They do not at a corner, as of max(x, x). At an end of a formula's domain, as of √0 or 0ˣ, the slope may be nan.
    """
    expression = parse(text, ["x", "y"])
    point = [x, y]
    assume(abs(expression(*point)) < 1e4)
    for place, slope in enumerate(expression.gradient()):
        coarse = difference(expression, point, place, 2e-4, 2e-4)
        fine = difference(expression, point, place, 1e-4, 1e-4)
        right, left = difference(expression, point, place, 1e-6, 0), difference(expression, point, place, 0, 1e-6)
        is_smooth = abs(right - left) <= 1e-4 * (1 + abs(fine)) and abs(coarse - fine) <= 1e-6 * (1 + abs(fine))
        if not is_smooth:
            continue
        if not math.isnan(slope(*point)):
            assert slope(*point) == pytest.approx(fine, rel=1e-4, abs=1e-4)


@given(formulas, st.floats(-3, 3), st.floats(-3, 3))
@settings(deadline=None)
def test_the_typed_form_reads_back(text: str, x: float, y: float) -> None:
    """The plain form of a formula is an expression with the same tree, hence the same values bit for bit."""
    expression = parse(text, ["x", "y"])
    again = parse(in_symbols(expression.term, typed=True), ["x", "y"])
    assert again.pretty() == expression.pretty()
    assert np.array_equal(again(x, y), expression(x, y), equal_nan=True)


@given(formulas, st.floats(-3, 3), st.floats(-3, 3))
@settings(deadline=None)
def test_same_values_same_result(text: str, x: float, y: float) -> None:
    """A formula is a pure function: read twice and computed twice, the result is the same to the last bit."""
    first, second = parse(text, ["x", "y"]), parse(text, ["x", "y"])
    assert first == second
    assert first(x, y).tobytes() == first(x, y).tobytes() == second(x, y).tobytes()
