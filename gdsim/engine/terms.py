"""The tree of a formula, and arithmetic on trees that tidies as it goes.

A tree read from text stays as it was typed. Trees made by `add` to `raise_to` are tidied by rules that look at the
two operands alone (0 and 1 vanish, numbers come first, like terms and equal bases meet), so they cost little
whatever the formula.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

CONSTANTS = {"pi": math.pi, "e": math.e}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: never below 0, for a minus sign is a term of its own."""

    value: float


@dataclass(frozen=True, slots=True)
class Constant:
    """One of `CONSTANTS`."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """The variable at `index` in the order in which values are handed in."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """−term."""

    term: Term


@dataclass(frozen=True, slots=True)
class Binary:
    """Left and right joined by one of ``+ - * / **``."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument."""

    function: str
    argument: Term


Term = Number | Constant | Variable | Negative | Binary | Call

ZERO, ONE, TWO = Number(0.0), Number(1.0), Number(2.0)


def children(term: Term) -> tuple[Term, ...]:
    """Return the terms directly under `term`."""
    match term:
        case Negative(inner):
            return (inner,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, argument):
            return (argument,)
        case _:
            return ()


def walk(term: Term) -> Iterator[Term]:
    """Yield `term` and every term under it, once for each place it stands in."""
    waiting = [term]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(children(found))


def negate(term: Term) -> Term:
    """Return −term."""
    if isinstance(term, Negative):
        return term.term
    return term if term == ZERO else Negative(term)


def add(left: Term, right: Term) -> Term:
    """Return left + right; like terms are collected."""
    if isinstance(right, Negative):
        return subtract(left, right.term)
    if isinstance(left, Negative):
        return subtract(right, left.term)
    return _collected("+", left, right)


def subtract(left: Term, right: Term) -> Term:
    """Return left − right; like terms are collected."""
    if isinstance(right, Negative):
        return add(left, right.term)
    if isinstance(left, Negative):
        return negate(add(left.term, right))
    return _collected("-", left, right)


def multiply(left: Term, right: Term) -> Term:
    """Return left · right, its number first, powers of one base collected."""
    if isinstance(left, Negative):
        return negate(multiply(left.term, right))
    if isinstance(right, Negative):
        return negate(multiply(left, right.term))
    match left, right:
        case _, Binary("/", Number() as numerator, denominator):
            return divide(multiply(left, numerator), denominator)
        case Binary("/", Number() as numerator, denominator), _:
            return divide(multiply(numerator, right), denominator)
    (a, left_factors), (b, right_factors) = _factors(left), _factors(right)
    coefficient = _exact("*", a, b)
    if coefficient is None:
        return Binary("*", left, right)
    return _product(coefficient, _collected_powers(left_factors, right_factors))


def divide(left: Term, right: Term) -> Term:
    """Return left / right; their numbers are reduced where one is a multiple of the other."""
    if isinstance(left, Negative):
        return negate(divide(left.term, right))
    if isinstance(right, Negative):
        return negate(divide(left, right.term))
    if left == ZERO and right != ZERO:
        return ZERO
    (a, numerator), (b, denominator) = _factors(left), _factors(right)
    if a and b:
        if a % b == 0 and math.isfinite(a / b):
            a, b = a / b, 1.0
        elif b % a == 0 and math.isfinite(b / a):
            a, b = 1.0, b / a
    below = _product(b, denominator)
    return _product(a, numerator) if below == ONE else Binary("/", _product(a, numerator), below)


def raise_to(base: Term, exponent: Term) -> Term:
    """Return base to the power `exponent`."""
    if exponent == ZERO:
        return ONE
    return base if exponent == ONE else Binary("**", base, exponent)


def _collected(operator: str, left: Term, right: Term) -> Term:
    """Return left ± right, as one term where they differ in their number alone."""
    if right == ZERO:
        return left
    if left == ZERO:
        return right if operator == "+" else negate(right)
    (a, left_factors), (b, right_factors) = _factors(left), _factors(right)
    if left_factors == right_factors:
        coefficient = _exact(operator, a, b)
        if coefficient is not None:
            return _product(coefficient, left_factors) if coefficient >= 0 else negate(_product(-coefficient, left_factors))
    return Binary(operator, left, right)


def _factors(term: Term) -> tuple[float, tuple[Term, ...]]:
    """Return the number in front of a product, 1 where there is none, and its other factors in order.

    Only a number that stands first counts; a product that hides others keeps them as factors.
    """
    if isinstance(term, Number):
        return term.value, ()
    factors: list[Term] = []
    while isinstance(term, Binary) and term.operator == "*":
        factors.append(term.right)
        term = term.left
    factors.append(term)
    factors.reverse()
    if isinstance(factors[0], Number):
        return factors[0].value, tuple(factors[1:])
    return 1.0, tuple(factors)


def _product(coefficient: float, factors: tuple[Term, ...]) -> Term:
    """Return coefficient · factors, multiplied from left to right."""
    if coefficient == 0 or not factors:
        return Number(coefficient)
    return reduce(_times, factors if coefficient == 1 else (Number(coefficient), *factors))


def _times(left: Term, right: Term) -> Term:
    return Binary("*", left, right)


def _collected_powers(left: tuple[Term, ...], right: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return the factors of both, those of `right` joined to equal bases of `left`: x² and x make x³."""
    factors = list(left)
    for factor in right:
        base, exponent = _power(factor)
        for place, other in enumerate(factors):
            other_base, other_exponent = _power(other)
            if other_base == base:
                factors[place] = raise_to(base, Number(exponent + other_exponent))
                break
        else:
            factors.append(factor)
    return tuple(factors)


def _power(term: Term) -> tuple[Term, float]:
    """Return base and exponent of a power by a number above 0; any other term is its own first power."""
    match term:
        case Binary("**", base, Number(exponent)):
            return base, exponent
        case _:
            return term, 1.0


def _exact(operator: str, left: float, right: float) -> float | None:
    """Return what the two decimals make together, so that 3 · 0.1 is 0.3; None where a float cannot hold it."""
    a, b = Decimal(repr(left)), Decimal(repr(right))
    exact = a * b if operator == "*" else a + b if operator == "+" else a - b
    rounded = float(exact)
    return rounded if math.isfinite(rounded) and (rounded != 0) == (exact != 0) else None
