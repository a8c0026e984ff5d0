"""Derivatives of terms by the rules of a calculus course, one rule a case.

Each rule differentiates every part once and copies it a fixed number of times, so a derivative holds at most
(terms × depth) terms: no formula, however contrived, makes this slow.
"""

from __future__ import annotations

from collections.abc import Callable

from gdsim.engine.algebra import add, divide, multiply, negate, raise_to, subtract
from gdsim.engine.terms import ONE, TWO, ZERO, Binary, Call, Constant, Negative, Number, Term, Variable, walk

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
        case Binary("+", u, v):
            return add(derivative(u, variable), derivative(v, variable))
        case Binary("-", u, v):
            return subtract(derivative(u, variable), derivative(v, variable))
        case Binary("*", u, v):
            return add(multiply(derivative(u, variable), v), multiply(u, derivative(v, variable)))
        case Binary("/", u, v):
            return _of_quotient(u, v, variable)
        case Binary(_, u, v):
            return _of_power(u, v, variable)


def _of_quotient(u: Term, v: Term, variable: Variable) -> Term:
    """Return (u/v)′ = (u′v − uv′)/v², or u′/v where v does not vary."""
    if not _varies(v, variable):
        return divide(derivative(u, variable), v)
    du, dv = derivative(u, variable), derivative(v, variable)
    return divide(subtract(multiply(du, v), multiply(u, dv)), raise_to(v, TWO))


def _of_power(u: Term, v: Term, variable: Variable) -> Term:
    """Return (uᵛ)′: v·uᵛ⁻¹·u′ where v does not vary, uᵛ·ln u·v′ where u does not, else the sum of both."""
    power = Binary("**", u, v)
    of_base: Term = ZERO
    of_exponent: Term = ZERO
    if _varies(u, variable):
        reduced = raise_to(u, subtract(v, ONE))
        of_base = multiply(multiply(v, reduced), derivative(u, variable))
    if _varies(v, variable):
        of_exponent = multiply(multiply(power, _logarithm(u)), derivative(v, variable))
    return add(of_base, of_exponent)


def _logarithm(u: Term) -> Term:
    return ONE if u == Constant("e") else Call("log", u)


def _varies(term: Term, variable: Variable) -> bool:
    return any(part == variable for part in walk(term))
