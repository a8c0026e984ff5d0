"""Where an expression has no value: the part of it that has none for the values of its own parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gdsim.engine.formula.evaluation import compiled
from gdsim.engine.formula.expressions import Expression
from gdsim.engine.formula.terms import Binary, Call, Term, children, walk


@np.errstate(all="ignore")
def part_without_value(expression: Expression, at: Sequence[float]) -> Term | None:
    """Return the part of `expression` that has no value at `at`, one number a variable; None where each has one."""
    values = tuple(map(np.float64, at))
    if np.isfinite(expression.compute(values)):
        return None
    for term in walk(expression.term):
        within = [compiled(part)(values) for part in children(term)]
        if np.isfinite(within).all() and _is_outside(term, compiled(term)(values), within):
            return term
    return None


def _is_outside(term: Term, value: float, within: Sequence[float]) -> bool:
    """Whether a term has no value for those of its parts; one that is too large for a float has one."""
    match term:
        case Binary("/", _, _):
            return within[1] == 0.0
        case Binary("**", _, _):
            return bool(np.isnan(value)) or (within[0] == 0.0 and within[1] < 0.0)
        case Call():
            return bool(np.isnan(value)) or value == -np.inf
    return False
