"""The kinds of value a scenario file knows, each refused in its own words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeVar

from gdsim.scenario import limits
from gdsim.scenario.mistakes import RefusedError, found, one_of
from gdsim.scenario.table import Schema

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_CONTROL_IN_PROSE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class Checked:
    """Marks a field read by `check`, which returns the value or raises RefusedError; `schema` is its JSON Schema."""

    reads_itself = True

    def __init__(self, check: Callable[[Any], object], schema: Mapping[str, Any]) -> None:
        self._check = check
        self._schema = schema

    def core(self, _schema: Schema) -> Schema:
        """Leave it all to the check."""
        return {"type": "function-plain", "function": {"type": "no-info", "function": self._check}}

    def described(self, _schema: Schema) -> Schema:
        """Return the schema that belongs to the check."""
        return dict(self._schema)


class AtMost:
    """Marks a list of at most `most` items; a longer one is refused before any of its items is looked at."""

    def __init__(self, most: int) -> None:
        self._most = most

    def core(self, schema: Schema) -> Schema:
        """Count first, then read."""
        return {"type": "function-before", "function": {"type": "no-info", "function": self._check}, "schema": schema}

    def described(self, schema: Schema) -> Schema:
        """Add the bound."""
        return {**schema, "maxItems": self._most}

    def _check(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and len(value) > self._most:
            raise RefusedError(found(value), f"at most {self._most}")
        return value


class Within:
    """Marks a number between bounds, or a list of at least some length; bounds have pydantic-core's names."""

    def __init__(self, **bounds: float) -> None:
        self._bounds = bounds

    def core(self, schema: Schema) -> Schema:
        """Add the bounds."""
        return {**schema, **self._bounds}

    def described(self, schema: Schema) -> Schema:
        """Add the bounds under their names in JSON Schema."""
        return {**schema, **{_BOUNDS[name]: bound for name, bound in self._bounds.items()}}


_BOUNDS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "min_length": "minItems",
}


def named(names: Iterable[str]) -> Checked:
    """Return the mark of a field that takes one of `names`."""
    known = tuple(names)

    def check(value: object) -> object:
        if isinstance(value, str) and value in known:
            return value
        raise RefusedError(found(value), lambda: one_of(known, value))

    return Checked(check, {"type": "string", "enum": list(known)})


def _text(longest: int, control: re.Pattern[str], kind: str) -> Checked:
    def check(value: object) -> object:
        if not isinstance(value, str) or not value.strip():
            raise RefusedError(found(value), f"{kind}")
        if len(value) > longest:
            raise RefusedError(f"found {len(value)} characters", f"at most {longest}")
        if control.search(value):
            raise RefusedError(found(value), f"{kind} without control characters")
        return value

    return Checked(check, {"type": "string", "minLength": 1, "maxLength": longest})


def is_number(value: object) -> bool:
    """Whether `value` is a finite int or float, and not a truth value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def read_numbers(value: object) -> tuple[float, ...]:
    """Return a list of finite numbers. Raises RefusedError."""
    if not isinstance(value, list | tuple):
        raise RefusedError(found(value), "a list of numbers")
    for position, number in enumerate(value):
        if not is_number(number):
            raise RefusedError(f"{found(number)} at position {position}", "finite numbers")
    return tuple(map(float, value))


def read_matrix(value: object) -> tuple[tuple[float, ...], ...]:
    """Return a list of rows of finite numbers, all as long as the first. Raises RefusedError."""
    if not isinstance(value, list | tuple) or not value or not isinstance(value[0], list | tuple):
        raise RefusedError(found(value), "a list of rows, each a list of numbers")
    rows = []
    for number, row in enumerate(value):
        try:
            rows.append(read_numbers(row))
        except RefusedError as refused:
            raise RefusedError(f"row {number}: {refused.what}", refused.hint) from None
        if len(rows[-1]) != len(rows[0]) or not rows[0]:
            raise RefusedError(f"row {number} has {len(rows[-1])} numbers", f"row 0 has {len(rows[0])}; at least 1")
    return tuple(rows)


def _range(value: object) -> object:
    if isinstance(value, list | tuple) and len(value) == 2 and all(map(is_number, value)) and value[0] < value[1]:
        return (float(value[0]), float(value[1]))
    raise RefusedError(found(value), "[low, high], two numbers with low below high")


Item = TypeVar("Item")
Several = tuple[Item, ...]
"""A list in the file, a tuple once read."""

Name = Annotated[str, _text(limits.NAME_CHARACTERS, _CONTROL, "a name")]
Line = Annotated[str, _text(limits.LINE_CHARACTERS, _CONTROL, "one line of text")]
Prose = Annotated[str, _text(limits.PROSE_CHARACTERS, _CONTROL_IN_PROSE, "text")]
Formula = Annotated[str, _text(limits.FILE_BYTES, _CONTROL, "an expression")]
"""Its length is judged by the parser of expressions."""

Count = Annotated[int, Within(gt=0)]
Positive = Annotated[float, Within(gt=0)]
NotNegative = Annotated[float, Within(ge=0)]
Numbers = Annotated[tuple[float, ...], Checked(read_numbers, {"type": "array", "items": {"type": "number"}})]
Matrix = Annotated[
    tuple[tuple[float, ...], ...],
    Checked(
        read_matrix,
        {"type": "array", "items": {"type": "array", "items": {"type": "number"}, "minItems": 1}, "minItems": 1},
    ),
]
Range = Annotated[
    tuple[float, float],
    Checked(_range, {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]
