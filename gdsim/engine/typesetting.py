"""Terms written on one line, as in a book or as they are typed, with no parentheses that precedence makes needless."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from gdsim.engine.terms import Binary, Call, Constant, Negative, Number, Term, Variable
from gdsim.records import dataclass


class Rank(IntEnum):
    """How tightly what is written holds together."""

    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


RANKS = {"+": Rank.SUM, "-": Rank.SUM, "*": Rank.PRODUCT, "/": Rank.PRODUCT, "**": Rank.POWER}

TYPED_SIGNS = {"+": " + ", "-": " - ", "*": "*", "/": "/", "**": "**"}
BOOK_SIGNS = {"+": " + ", "-": " − ", "*": "·", "/": "/", "**": "^"}
BOOK_NAMES = {"pi": "π", "sqrt": "√", "sigmoid": "σ", "log": "ln", "relu": "ReLU"}
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

Written = tuple[str, Rank]


@dataclass(frozen=True, slots=True)
class Style:
    """How a formula is written: `typed` as a user types it, else as in a book; `variable` writes a variable."""

    typed: bool
    variable: Callable[[Variable], Written]


def in_symbols(term: Term, *, typed: bool) -> str:
    """Return `term` with its variables by name: ``(x − 2)²``, or ``(x - 2)**2`` as typed."""
    return _written(term, Style(typed, lambda variable: (variable.name, Rank.ATOM)))[0]


def in_numbers(term: Term, write: Callable[[int], str]) -> str:
    """Return `term` as in a book with the text ``write(index)`` for each variable: ``2·(3.9208 − 2)``."""
    return _written(term, Style(False, lambda variable: _figure(write(variable.index))))[0]


def plain_number(value: float) -> str:
    """Return the shortest text that reads back as `value`: ``2``, ``0.5``, ``1e-10``."""
    return repr(value).removesuffix(".0")


def _figure(text: str) -> Written:
    """Return a written number with its rank: ``1.2e-5`` and ``1.2·10⁻⁵`` need parentheses where ``12`` does not."""
    if text.startswith(("-", "−")) or "·" in text or "×" in text:
        return text, Rank.PRODUCT
    return text, Rank.POWER if "e" in text else Rank.ATOM


def _written(term: Term, style: Style) -> Written:
    match term:
        case Number(value):
            return _figure(plain_number(value))
        case Constant(name):
            return name if style.typed else BOOK_NAMES.get(name, name), Rank.ATOM
        case Variable():
            return style.variable(term)
        case Negative(inner):
            return ("-" if style.typed else "−") + _right(inner, Rank.PRODUCT, style), Rank.PRODUCT
        case Call(function, argument):
            return _call(function, argument, style), Rank.ATOM
        case Binary("**", base, exponent):
            return _power(base, exponent, style), Rank.POWER
        case Binary(operator, left, right):
            rank = RANKS[operator]
            sign = (TYPED_SIGNS if style.typed else BOOK_SIGNS)[operator]
            return _enclosed(_written(left, style), rank) + sign + _right(right, Rank(rank + 1), style), rank


def _power(base: Term, exponent: Term, style: Style) -> str:
    below = _enclosed(_written(base, style), Rank.ATOM)
    raised = "" if style.typed else _superscript(exponent)
    if raised:
        return below + raised
    return below + (TYPED_SIGNS if style.typed else BOOK_SIGNS)["**"] + _right(exponent, Rank.POWER, style)


def _superscript(exponent: Term) -> str:
    """Return a whole number, negative or not, as a superscript; empty for any other exponent."""
    match exponent:
        case Number(value):
            digits = plain_number(value)
        case Negative(Number(value)):
            digits = "-" + plain_number(value)
        case _:
            return ""
    return digits.translate(SUPERSCRIPTS) if digits.removeprefix("-").isdigit() else ""


def _call(function: str, argument: Term, style: Style) -> str:
    inner = _written(argument, style)[0]
    if style.typed:
        return f"{function}({inner})"
    if function == "abs" and "|" not in inner:
        return f"|{inner}|"
    return f"{BOOK_NAMES.get(function, function)}({inner})"


def _right(term: Term, least: Rank, style: Style) -> str:
    """Return what stands to the right of a sign, in parentheses too where it starts with a minus of its own."""
    text, rank = _written(term, style)
    return f"({text})" if text.startswith(("-", "−")) else _enclosed((text, rank), least)


def _enclosed(written: Written, least: Rank) -> str:
    """Return the text, in parentheses where it holds together less than `least`."""
    text, rank = written
    return text if rank >= least else f"({text})"
