"""What the names, expressions and starting points of a function must fulfil together."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Sequence

from gdsim.engine.formula.domain import part_without_value
from gdsim.engine.formula.evaluation import FREE_NAMES, FUNCTIONS
from gdsim.engine.formula.expressions import Expression
from gdsim.engine.formula.terms import CONSTANTS
from gdsim.engine.formula.typesetting import in_symbols
from gdsim.scenario import limits
from gdsim.scenario.data.dataset import read_expression
from gdsim.scenario.mistakes import Path, Report, counted, join, near, shown
from gdsim.scenario.quantities import RESERVED
from gdsim.scenario.schema_model import FunctionSection

_AT: Path = ("function",)


def check_function(section: FunctionSection, report: Report) -> None:
    """Note what is wrong with names, expression, gradient, starting points and view."""
    variables = tuple(section.start)
    if not 1 <= len(variables) <= limits.VARIABLES:
        report.add((*_AT, "start"), f"found {counted(len(variables), 'variable')}", f"1 to {limits.VARIABLES}")
        return
    for name in variables:
        _check_variable(name, report)
    if report.has((*_AT, "start")):
        return
    expression = None
    with report.at(*_AT, "expression"):
        expression = read_expression(section.expression, variables)
    if section.gradient is not None:
        _check_same_names(section.gradient, variables, report, (*_AT, "gradient"))
        for name in variables:
            with report.at(*_AT, "gradient", name):
                read_expression(section.gradient.get(name, "0"), variables)
    starts = {(*_AT, "start"): section.start}
    starts |= {(*_AT, "starts", position): start for position, start in enumerate(section.starts)}
    for path, start in starts.items():
        _check_same_names(start, variables, report, path)
        if expression is not None and not report.has(path):
            _check_has_value(expression, [start[name] for name in variables], report, path)
    _check_known(section.view or (), variables, report, (*_AT, "view"))


def _check_variable(name: str, report: Report) -> None:
    if not name.isidentifier() or len(name) > limits.NAME_CHARACTERS:
        what, allowed = "cannot be a variable", "a letter, then letters, digits or _"
    elif name in CONSTANTS or name in FUNCTIONS.keys() - FREE_NAMES:
        what, allowed = "already means something in expressions", "another name"
    elif name in RESERVED or keyword.iskeyword(name):
        what, allowed = "is a word with a meaning of its own", "another name"
    else:
        return
    report.add((*_AT, "start", name), f"{shown(name)} {what}", allowed)


def _check_known(names: Collection[str], variables: tuple[str, ...], report: Report, path: Path) -> None:
    for name in names:
        if name not in variables:
            allowed = join(f"one of {', '.join(variables)}", near(name, variables))
            report.add((*path, name), "no such variable", allowed)


def _check_same_names(names: Collection[str], variables: tuple[str, ...], report: Report, path: Path) -> None:
    _check_known(names, variables, report, path)
    missing = [name for name in variables if name not in names]
    if missing:
        report.add(path, f"missing {', '.join(missing)}", "one entry a variable")


def _check_has_value(expression: Expression, start: Sequence[float], report: Report, path: Path) -> None:
    """Note a start outside the domain."""
    part = part_without_value(expression, start)
    if part is not None:
        at = ", ".join(f"{name} = {value:g}" for name, value in zip(expression.variables, start, strict=True))
        report.add(
            path, f"{in_symbols(part, typed=True)} has no value at {at}", "a start where the function has a value"
        )
