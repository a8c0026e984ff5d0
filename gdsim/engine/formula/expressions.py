"""Formulas parsed from untrusted text: numbers, variables and a short list of functions.

The text is never executed. It is split into tokens, and every token must be one that an expression may contain.
Only these tokens, with numbers and variables rewritten, go to Python's parser, which finds the order of
operations. Its tree is copied, case by case, into our own, which is computed, differentiated and shown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gdsim.engine.formula.derivatives import derivative
from gdsim.engine.formula.evaluation import Evaluate, compiled
from gdsim.engine.formula.terms import Binary, Call, Constant, Negative, Number, Term, Variable, children, walk
from gdsim.engine.formula.typesetting import MAX_NESTING, ExpressionError, Token, in_numbers, in_symbols, tokens_of
from gdsim.i18n import _

__all__ = ["Expression", "ExpressionError", "parse"]

OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


@dataclass(frozen=True)
class Expression:
    """A formula of named variables that can be computed, differentiated and written out.

    text: as typed; variables: their names in the order in which values are passed; term: the formula's tree.
    """

    text: str
    variables: tuple[str, ...]
    term: Term = field(repr=False)

    def __call__(self, *values: Any) -> Any:
        """Return the formula's value for one value per variable: a float64, or an array if any value is an array.

        Arrays are broadcast and computed element by element. Overflow, division by zero or a root of a negative number
        raises nothing: the result is inf or nan. Raises TypeError when the number of values is wrong.
        """
        if len(values) != len(self.variables):
            raise TypeError(f"{len(values)} values for the variables {', '.join(self.variables)}")
        numbers = tuple([np.asarray(value, dtype=np.float64)[()] for value in values])
        with np.errstate(all="ignore"):
            result = self.compute(numbers)
        shape = np.broadcast_shapes(*map(np.shape, numbers))
        return result if np.shape(result) == shape else np.broadcast_to(result, shape).copy()

    def gradient(self) -> tuple[Expression, ...]:
        """Return the derivative by each variable, in the order of `variables`; 0 at the corners of abs and relu."""
        terms = [derivative(self.term, Variable(*named)) for named in enumerate(self.variables)]
        return tuple(Expression(in_symbols(term, typed=True), self.variables, term) for term in terms)

    def pretty(self) -> str:
        """Return the formula as in a book: ``(x − 2)²``."""
        return in_symbols(self.term, typed=False)

    def substituted(self, values: Sequence[float], format: Callable[[float], str]) -> str:
        """Return the formula as in a book with formatted values in place of variables: ``2·(3.9208 − 2)``."""
        return in_numbers(self.term, lambda index: format(values[index]))

    @np.errstate(all="ignore")
    def part_without_value(self, at: Sequence[float]) -> Term | None:
        """Return a part that has no value at `at` although its own parts have one; None if the whole has a value."""
        values = tuple(map(np.float64, at))
        if np.isfinite(self.compute(values)):
            return None
        for term in walk(self.term):
            within = [compiled(part)(values) for part in children(term)]
            if np.isfinite(within).all() and _is_outside(term, compiled(term)(values), within):
                return term
        return None

    @cached_property
    def compute(self) -> Evaluate:
        """The function of one tuple of float64 values that computes the formula; its caller handles warnings."""
        return compiled(self.term)


def parse(text: str, variables: Sequence[str]) -> Expression:
    """Return the formula that `text` writes in the given variables.

    A variable hides a constant of the same name. Raises ExpressionError for text that is no formula.
    """
    tokens = tokens_of(text, variables)
    source = " ".join(_python(token, variables) for token in tokens)
    try:
        body = ast.parse(source, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError):
        raise _nested_too_deep(text) from None
    if _is_deeper(body, MAX_NESTING):
        raise _nested_too_deep(text)
    return Expression(text, tuple(variables), _term(body, variables))


def _python(token: Token, variables: Sequence[str]) -> str:
    """Return a checked token as Python source, variables and numbers rewritten: variable 1 is ``v1``, 2 is ``2.0``."""
    if token.kind == "number":
        return repr(float(token.text))
    if token.kind == "name" and not token.is_call and token.text in variables:
        return f"v{variables.index(token.text)}"
    return token.text


def _is_deeper(node: ast.expr, limit: int) -> bool:
    """Whether operators and calls are nested more than `limit` deep, found without recursion."""
    level: list[ast.AST] = [node]
    for _depth in range(limit):
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    return any(isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call) for node in level)


def _nested_too_deep(text: str) -> ExpressionError:
    what = _("operators and calls are nested more than {limit} levels deep; group parts of a long sum in parentheses")
    return ExpressionError(text, 0, what.format(limit=MAX_NESTING))


def _term(node: ast.expr, variables: Sequence[str]) -> Term:
    """Return our own tree for a Python tree of checked tokens."""
    match node:
        case ast.Constant(value=float(value)):
            return Number(value)
        case ast.Name(id=name):
            if name[1:].isdecimal():
                return Variable(int(name[1:]), variables[int(name[1:])])
            return Constant(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Negative(_term(operand, variables))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _term(operand, variables)
        case ast.BinOp(left=left, op=operator, right=right):
            return Binary(OPERATORS[type(operator)], _term(left, variables), _term(right, variables))
        case ast.Call(func=ast.Name(id=name), args=[left, right], keywords=[]):
            return Binary(name, _term(left, variables), _term(right, variables))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            return Call(name, _term(argument, variables))
    raise AssertionError(f"a checked token made {ast.dump(node)}")


def _is_outside(term: Term, value: float, within: Sequence[float]) -> bool:
    """Whether a term has no value for these values of its parts; a value too large for a float counts as one."""
    match term:
        case Binary("/", _, _):
            return within[1] == 0.0
        case Binary("**", _, _):
            return bool(np.isnan(value)) or (within[0] == 0.0 and within[1] < 0.0)
        case Call():
            return bool(np.isnan(value)) or value == -np.inf
    return False
