"""Columns computed from expressions: features of the inputs, and generated targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gdsim.engine.formula.expressions import Expression, ExpressionError, parse
from gdsim.engine.parameters import Vector
from gdsim.scenario import limits
from gdsim.scenario.mistakes import Path, RefusedError, Report, counted, shown


def read_expression(text: str, variables: Sequence[str], report: Report, path: Path) -> Expression | None:
    """Return the parsed expression, or None when it is not one, which is noted with a caret under the fault."""
    try:
        return parse(text, variables)
    except ExpressionError as error:
        report.add(path, f"{error.what}\n{error.caret()}")
        return None


def read_expressions(
    texts: Sequence[str], variables: Sequence[str], report: Report, path: Path
) -> tuple[Expression, ...] | None:
    """Return the parsed expressions, or None when any is not one; each mistake is noted."""
    read = [read_expression(text, variables, report, (*path, i)) for i, text in enumerate(texts)]
    return None if None in read else tuple(expression for expression in read if expression is not None)


def check_work(texts: Sequence[str], samples: int) -> None:
    """Raise RefusedError when evaluating expressions over so many samples would take too long or too much memory."""
    characters = sum(map(len, texts))
    if characters > limits.FEATURES_CHARACTERS:
        raise RefusedError(f"{characters} characters of expressions", f"at most {limits.FEATURES_CHARACTERS} together")
    if samples * characters > limits.EXPRESSION_WORK:
        raise RefusedError(
            f"{counted(samples, 'sample')} × {counted(characters, 'character')} of expressions",
            f"their product is at most {limits.EXPRESSION_WORK}",
        )
    if samples * len(texts) > limits.COMPUTED_NUMBERS:
        raise RefusedError(
            f"{counted(samples, 'sample')} × {counted(len(texts), 'expression')}",
            f"their product is at most {limits.COMPUTED_NUMBERS}",
        )


def columns_of(expressions: Sequence[Expression], values: Vector) -> Vector:
    """Return the expressions at each row of values (samples, variables): (samples, expressions)."""
    variables = [values[:, i] for i in range(values.shape[1])]
    return np.column_stack([np.broadcast_to(expression(*variables), len(values)) for expression in expressions])


def check_finite(columns: Vector, texts: Sequence[str]) -> None:
    """Raise RefusedError when an expression's column (samples, expressions) is not finite everywhere."""
    wrong = np.argwhere(~np.isfinite(columns))
    if len(wrong):
        sample, column = (int(i) for i in wrong[0])
        raise RefusedError(
            f"{shown(texts[column])} is {columns[sample, column]:g} for sample {sample}", "finite numbers"
        )
