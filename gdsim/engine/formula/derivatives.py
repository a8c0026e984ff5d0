"""Derivatives, by arithmetic that simplifies its results: no 0 or 1, numbers first, like terms and powers collected.

Each operation compares only the parts of its two operands, so the cost stays small for any formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial, reduce

from gdsim.engine.formula.terms import ONE, TWO, ZERO, Binary, Call, Constant, Negative, Number, Term, Variable, walk

Product = tuple[float, tuple[Term, ...]]
"""A coefficient, negative if the product is subtracted, and the factors after it."""


def negate(term: Term) -> Term:
    """Return −term."""
    if isinstance(term, Negative):
        return term.term
    return term if term == ZERO else Negative(term)


def add(left: Term, right: Term) -> Term:
    """Return left + right; like terms are collected."""
    return _sum((*_addends(left), *_addends(right)))


def subtract(left: Term, right: Term) -> Term:
    """Return left − right; like terms are collected."""
    return add(left, negate(right))


def multiply(left: Term, right: Term) -> Term:
    """Return left · right with its number first and powers of one base collected."""
    match left, right:
        case Negative(inner), _:
            return negate(multiply(inner, right))
        case _, Negative(inner):
            return negate(multiply(left, inner))
        case _, Binary("/", Number() as numerator, denominator):
            return divide(multiply(left, numerator), denominator)
        case Binary("/", Number() as numerator, denominator), _:
            return divide(multiply(numerator, right), denominator)
    (a, left_factors), (b, right_factors) = _as_product(left), _as_product(right)
    coefficient = _exact("*", a, b)
    if coefficient is None:
        return Binary("*", left, right)
    return _product(coefficient, _collected((*left_factors, *right_factors)))


def divide(left: Term, right: Term) -> Term:
    """Return left / right with shared powers cancelled, and numbers too if one is a whole multiple of the other."""
    if isinstance(left, Negative):
        return negate(divide(left.term, right))
    if isinstance(right, Negative):
        return negate(divide(left, right.term))
    if left == ZERO and right != ZERO:
        return ZERO
    (a, numerator), (b, denominator) = _as_product(left), _as_product(right)
    if a and b:
        if a % b == 0 and math.isfinite(a / b):
            a, b = a / b, 1.0
        elif b % a == 0 and math.isfinite(b / a):
            a, b = 1.0, b / a
    numerator, denominator = _reduced(numerator, denominator)
    above, below = _product(a, numerator), _product(b, denominator)
    return above if below == ONE else Binary("/", above, below)


def raise_to(base: Term, exponent: Term) -> Term:
    """Return base to the power `exponent`; (xⁿ)ᵐ becomes one power if n and m are whole."""
    match base, exponent:
        case _, Number(0.0):
            return ONE
        case _, Number(1.0):
            return base
        case Binary("**", inner, Number(n)), Number(m) if n.is_integer() and m.is_integer():
            joined = _exact("*", n, m)
            return Binary("**", base, exponent) if joined is None else Binary("**", inner, Number(joined))
    return Binary("**", base, exponent)


def _sum(addends: Iterable[Product]) -> Term:
    """Return the sum of the addends with like ones collected; it starts with a positive one if there is any."""
    collected: list[Product] = []
    for a, factors in addends:
        for place, (b, others) in enumerate(collected):
            both = _exact("+", b, a) if others == factors else None
            if both is not None:
                collected[place] = (both, factors)
                break
        else:
            collected.append((a, factors))
    collected = [(a, factors) for a, factors in collected if a != 0]
    if not collected:
        return ZERO
    first = next((place for place, (a, _factors) in enumerate(collected) if a > 0), 0)
    a, factors = collected.pop(first)
    total = _product(a, factors) if a > 0 else Negative(_product(-a, factors))
    for a, factors in collected:
        total = Binary("+" if a > 0 else "-", total, _product(abs(a), factors))
    return total


def _addends(term: Term) -> tuple[Product, ...]:
    """Return the addends of a sum in order; a term that is no sum is its only addend."""
    match term:
        case Binary("+", left, right):
            return (*_addends(left), *_addends(right))
        case Binary("-", left, right):
            return (*_addends(left), *((-a, factors) for a, factors in _addends(right)))
        case Negative(inner):
            return tuple((-a, factors) for a, factors in _addends(inner))
        case _:
            return (_as_product(term),)


def _as_product(term: Term) -> Product:
    """Return the product of a term's numbers, 1 if it has none, and its other factors in order."""
    coefficient = 1.0
    factors: list[Term] = []
    waiting = [term]
    while waiting:
        factor = waiting.pop()
        if isinstance(factor, Binary) and factor.operator == "*":
            waiting += [factor.right, factor.left]
            continue
        exact = _exact("*", coefficient, factor.value) if isinstance(factor, Number) else None
        if exact is None:
            factors.append(factor)
        else:
            coefficient = exact
    return coefficient, tuple(factors)


def _product(coefficient: float, factors: tuple[Term, ...]) -> Term:
    """Return coefficient · factors, multiplied from left to right; the coefficient must not be negative."""
    if coefficient == 0 or not factors:
        return Number(coefficient)
    return reduce(partial(Binary, "*"), factors if coefficient == 1 else (Number(coefficient), *factors))


def _collected(factors: Iterable[Term]) -> tuple[Term, ...]:
    """Return the factors with those of one base combined into one power: x² and x make x³."""
    powers: list[tuple[Term, float]] = []
    for factor in factors:
        base, exponent = _as_power(factor)
        for place, (other, n) in enumerate(powers):
            both = _exact("+", n, exponent) if other == base else None
            if both is not None:
                powers[place] = (base, both)
                break
        else:
            powers.append((base, exponent))
    return tuple(raise_to(base, Number(exponent)) for base, exponent in powers)


def _reduced(numerator: tuple[Term, ...], denominator: tuple[Term, ...]) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Return both lists of factors with shared powers cancelled: x over x⁴ is 1 over x³."""
    above = list(numerator)
    below: list[Term] = []
    for factor in denominator:
        base, m = _as_power(factor)
        place = next((i for i, other in enumerate(above) if _as_power(other)[0] == base), None)
        left = None if place is None else _exact("-", m, _as_power(above[place])[1])
        if place is None or left is None:
            below.append(factor)
            continue
        above[place : place + 1] = [raise_to(base, Number(-left))] if left < 0 else []
        below += [raise_to(base, Number(left))] if left > 0 else []
    return tuple(above), tuple(below)


def _as_power(term: Term) -> tuple[Term, float]:
    """Return base and exponent of a power by a number above 0; any other term is its own first power."""
    match term:
        case Binary("**", base, Number(exponent)) if exponent > 0:
            return base, exponent
        case _:
            return term, 1.0


def _exact(operator: str, left: float, right: float) -> float | None:
    """Return the result of decimal arithmetic, so that 3 · 0.1 is 0.3; None if a float cannot hold it."""
    a, b = Decimal(repr(left)), Decimal(repr(right))
    exact = a * b if operator == "*" else a + b if operator == "+" else a - b
    rounded = float(exact)
    return rounded if math.isfinite(rounded) and (rounded != 0) == (exact != 0) else None


SLOPE_OF: dict[str, Callable[[Term], Term]] = {
    "sin": lambda u: Call("cos", u),
    "cos": lambda u: negate(Call("sin", u)),
    "tan": lambda u: add(ONE, raise_to(Call("tan", u), TWO)),
    "exp": lambda u: Call("exp", u),
    "log": lambda u: divide(ONE, u),
    "sqrt": lambda u: divide(ONE, multiply(TWO, Call("sqrt", u))),
    "abs": lambda u: Call("sign", u),
    "tanh": lambda u: subtract(ONE, raise_to(Call("tanh", u), TWO)),
    "sigmoid": lambda u: multiply(Call("sigmoid", u), subtract(ONE, Call("sigmoid", u))),
    "relu": lambda u: Call("step", u),
    "sinh": lambda u: Call("cosh", u),
    "cosh": lambda u: Call("sinh", u),
    "asin": lambda u: divide(ONE, Call("sqrt", subtract(ONE, raise_to(u, TWO)))),
    "acos": lambda u: negate(divide(ONE, Call("sqrt", subtract(ONE, raise_to(u, TWO))))),
    "atan": lambda u: divide(ONE, add(ONE, raise_to(u, TWO))),
    "log2": lambda u: divide(ONE, multiply(u, Call("log", TWO))),
    "log10": lambda u: divide(ONE, multiply(u, Call("log", Number(10.0)))),
    "sign": lambda _flat: ZERO,
    "step": lambda _flat: ZERO,
}
"""The outer derivative of each function f(u), before u′ is multiplied in."""


def derivative(term: Term, variable: Variable) -> Term:
    """Return ∂term/∂variable."""
    match term:
        case Number() | Constant():
            return ZERO
        case Variable(index):
            return ONE if index == variable.index else ZERO
        case Negative(u):
            return negate(derivative(u, variable))
        case Call(function, u):
            inner = derivative(u, variable)
            return ZERO if inner == ZERO else multiply(SLOPE_OF[function](u), inner)
        case Binary("+" | "-" as sign, u, v):
            join = add if sign == "+" else subtract
            return join(derivative(u, variable), derivative(v, variable))
        case Binary("*", u, v):
            return add(multiply(derivative(u, variable), v), multiply(u, derivative(v, variable)))
        case Binary("/", u, v):
            return _of_quotient(u, v, variable)
        case Binary("max" | "min" as name, u, v):
            difference = subtract(u, v) if name == "max" else subtract(v, u)
            return _of_chosen(u, v, Call("step", difference), variable)
        case Binary(_, u, v):
            return _of_power(u, v, variable)


def _of_quotient(u: Term, v: Term, variable: Variable) -> Term:
    """Return (u/v)′ = (u′v − uv′)/v², or u′/v where v does not vary."""
    if not _varies(v, variable):
        return divide(derivative(u, variable), v)
    du, dv = derivative(u, variable), derivative(v, variable)
    return divide(subtract(multiply(du, v), multiply(u, dv)), raise_to(v, TWO))


def _of_chosen(u: Term, v: Term, is_first: Term, variable: Variable) -> Term:
    """Return the derivative of max or min, v′ + step·(u′ − v′): u′ where the step is 1, else v′."""
    du, dv = derivative(u, variable), derivative(v, variable)
    return dv if du == dv else add(dv, multiply(is_first, subtract(du, dv)))


def _of_power(u: Term, v: Term, variable: Variable) -> Term:
    """Return (uᵛ)′: v·uᵛ⁻¹·u′ where v does not vary, uᵛ·ln u·v′ where u does not, else the sum of both."""
    power = Binary("**", u, v)
    of_base: Term = ZERO
    of_exponent: Term = ZERO
    if _varies(u, variable):
        reduced = raise_to(u, subtract(v, ONE))
        of_base = multiply(multiply(v, reduced), derivative(u, variable))
    if _varies(v, variable):
        logarithm = ONE if u == Constant("e") else Call("log", u)
        of_exponent = multiply(multiply(power, logarithm), derivative(v, variable))
    return add(of_base, of_exponent)


def _varies(term: Term, variable: Variable) -> bool:
    return any(part == variable for part in walk(term))
