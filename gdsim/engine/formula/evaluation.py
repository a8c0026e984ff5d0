"""Compiles trees of terms into numpy functions, once, so that a call only computes."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from gdsim.engine.formula.terms import CONSTANTS, Binary, Call, Constant, Negative, Number, Term, Variable

Evaluate = Callable[[tuple[Any, ...]], Any]
"""A function of the tuple of all variables' values, each a numpy float64 or an array of them."""


def sigmoid(x: Any) -> Any:
    """Return σ(x) = 1/(1 + e⁻ˣ); for very negative x, e⁻ˣ overflows to inf and the result is 0, as it should be."""
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
    "sinh": np.sinh,
    "cosh": np.cosh,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "log2": np.log2,
    "log10": np.log10,
}
"""The functions of one value that an expression may call."""

FREE_NAMES = frozenset({"sinh", "cosh", "asin", "acos", "atan", "log2", "log10"})
"""Functions whose names a variable may have too: files used them for variables before they were functions."""

SLOPES: dict[str, Callable[[Any], Any]] = {"sign": np.sign, "step": step}
"""Functions that appear only in derivatives: the slopes of abs and relu, 0 at the corner."""

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "max": np.maximum,
    "min": np.minimum,
}


def compiled(term: Term) -> Evaluate:
    """Return the function that computes `term`.

    All arithmetic is numpy's in float64: nothing raises, 1/0 is inf, the root of −1 is nan. The caller silences
    numpy's warnings.
    """
    match term:
        case Number(value):
            number = np.float64(value)
            return lambda _values: number
        case Constant(name):
            constant = np.float64(CONSTANTS[name])
            return lambda _values: constant
        case Variable(index):
            return operator.itemgetter(index)
        case Negative(inner):
            return _applied(operator.neg, compiled(inner))
        case Call(name, argument):
            return _applied(FUNCTIONS.get(name) or SLOPES[name], compiled(argument))
        case Binary("**", base, Number(2.0)):
            return _applied(lambda x: x * x, compiled(base))
        case Binary(symbol, left, right):
            operate, first, second = OPERATIONS[symbol], compiled(left), compiled(right)
            return lambda values: operate(first(values), second(values))


def _applied(function: Callable[[Any], Any], argument: Evaluate) -> Evaluate:
    return lambda values: function(argument(values))
