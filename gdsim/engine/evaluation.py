"""Trees of terms turned into functions of numpy numbers, once, so that a call only computes."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from gdsim.engine.terms import CONSTANTS, Binary, Call, Constant, Negative, Number, Term, Variable, walk

Evaluate = Callable[[tuple[Any, ...]], Any]
"""A function of the tuple of all variables' values, each a numpy float64 or an array of them."""


def sigmoid(x: Any) -> Any:
    """Return σ(x) = 1/(1 + e⁻ˣ); far left e⁻ˣ overflows to inf and σ to the 0 it should be."""
    return 1.0 / (1.0 + np.exp(-x))


def relu(x: Any) -> Any:
    """Return max(x, 0)."""
    return np.maximum(x, 0.0)


def step(x: Any) -> Any:
    """Return the slope of relu: 1 above 0, else 0."""
    return np.heaviside(x, 0.0)


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": relu,
}
"""What may be called in an expression."""

SLOPES: dict[str, Callable[[Any], Any]] = {"sign": np.sign, "step": step}
"""What appears in derivatives only: the slopes of abs and relu, 0 where these have a corner."""

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}


def compiled(term: Term) -> Evaluate:
    """Return the function that computes `term`.

    All arithmetic is numpy's in float64: nothing raises, 1/0 is inf, the root of −1 is nan. The caller silences
    numpy's warnings. Parts without variables are computed here, once.
    """
    if not any(isinstance(part, Variable) for part in walk(term)):
        return _constant(_computing(term)(()))
    return _computing(term)


def _constant(value: Any) -> Evaluate:
    return lambda values: value


def _computing(term: Term) -> Evaluate:
    match term:
        case Number(value):
            return _constant(np.float64(value))
        case Constant(name):
            return _constant(np.float64(CONSTANTS[name]))
        case Variable(index):
            return operator.itemgetter(index)
        case Negative(inner):
            return _calling(operator.neg, _computing(inner))
        case Call(name, argument):
            return _calling(FUNCTIONS.get(name) or SLOPES[name], _computing(argument))
        case Binary("**", base, Number(2.0)):
            return _calling(_squared, _computing(base))
        case Binary(symbol, left, right):
            return _joining(OPERATIONS[symbol], left, right)


def _squared(x: Any) -> Any:
    return x * x


def _calling(function: Callable[[Any], Any], argument: Evaluate) -> Evaluate:
    return lambda values: function(argument(values))


def _joining(operate: Callable[[Any, Any], Any], left: Term, right: Term) -> Evaluate:
    """Return the function that joins two terms; a number on either side is at hand without a call."""
    first, second = _computing(left), _computing(right)
    if isinstance(right, Number):
        number = np.float64(right.value)
        return lambda values: operate(first(values), number)
    if isinstance(left, Number):
        number = np.float64(left.value)
        return lambda values: operate(number, second(values))
    return lambda values: operate(first(values), second(values))
