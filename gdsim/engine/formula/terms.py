"""The tree of a formula: numbers, constants, variables, and the operations on them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

CONSTANTS = {"pi": math.pi, "e": math.e}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: never negative, since a minus sign is a term of its own."""

    value: float


@dataclass(frozen=True, slots=True)
class Constant:
    """One of `CONSTANTS`."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable; `index` is the place of its value among the values passed in."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """−term."""

    term: Term


@dataclass(frozen=True, slots=True)
class Binary:
    """An operation on two terms: one of ``+ - * / **``, or a function of two values, ``max`` or ``min``."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument."""

    function: str
    argument: Term


Term = Number | Constant | Variable | Negative | Binary | Call

PAIRED = ("max", "min")
"""Functions of two values."""

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
    """Yield `term` and every term under it, once for each occurrence."""
    waiting = [term]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(children(found))
