"""The types of values in a scenario file, each with its own error messages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from annotated_types import GroupedMetadata, MaxLen, MinLen
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

from gdsim.scenario import limits
from gdsim.scenario.mistakes import REFUSED, RefusedError, found

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_CONTROL_IN_PROSE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class Section(BaseModel):
    """A table of the file: no unknown keys, no type conversion, finite numbers only, immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


@dataclass(frozen=True, slots=True, eq=False)
class OneOf:
    """Marks a text as one of `names`, the keys of a table of the engine or of the data sets."""

    names: Iterable[str]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a `Literal` with these names."""
        return core_schema.literal_schema(list(self.names))


@dataclass(frozen=True, slots=True)
class Allowed:
    """Marks a value whose mistakes all have the same message: what is allowed."""

    hint: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the value, with a single error message."""
        return core_schema.custom_error_schema(handler(source), REFUSED, custom_error_message=self.hint)


@dataclass(frozen=True, slots=True)
class AtMost(GroupedMetadata):
    """Marks a list of at most `most` items; a longer list is refused before any item is checked."""

    most: int

    def __iter__(self) -> Iterator[object]:
        """Yield the limit for the JSON Schema, and the check that runs first."""
        yield MaxLen(self.most)
        yield BeforeValidator(self._check)

    def _check(self, value: object) -> object:
        if isinstance(value, list | tuple) and len(value) > self.most:
            raise RefusedError(found(value), f"at most {self.most}")
        return value


@dataclass(frozen=True, slots=True)
class Text(GroupedMetadata):
    """Marks a text that is not blank and has no control characters. kind: what messages call it."""

    kind: str
    longest: int
    control: re.Pattern[str] = _CONTROL

    def __iter__(self) -> Iterator[object]:
        """Yield the limits for the JSON Schema, and the check that runs first."""
        yield MinLen(1)
        yield MaxLen(self.longest)
        yield BeforeValidator(self._check)

    def _check(self, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise RefusedError(found(value), self.kind)
        if len(value) > self.longest:
            raise RefusedError(f"found {len(value)} characters", f"at most {self.longest}")
        if self.control.search(value):
            raise RefusedError(found(value), f"{self.kind} without control characters")
        return value


def is_number(value: object) -> bool:
    """Whether `value` is a finite int or float, not a bool."""
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


def _ascending(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] >= pair[1]:
        raise ValueError
    return pair


Item = TypeVar("Item")
Several = Annotated[tuple[Item, ...], Strict(False)]
"""A list in the file, a tuple once read."""

Name = Annotated[str, Text("a name", limits.NAME_CHARACTERS)]
FileName = Annotated[str, Text("a name", limits.LINE_CHARACTERS)]
Line = Annotated[str, Text("one line of text", limits.LINE_CHARACTERS)]
Prose = Annotated[str, Text("text", limits.PROSE_CHARACTERS, _CONTROL_IN_PROSE)]
Formula = Annotated[str, Text("an expression", limits.FILE_BYTES)]
"""The expression parser limits its length."""

Count = Annotated[int, Field(gt=0)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Numbers = Annotated[tuple[float, ...], BeforeValidator(read_numbers)]
Matrix = Annotated[
    tuple[Annotated[tuple[float, ...], Field(min_length=1)], ...], Field(min_length=1), BeforeValidator(read_matrix)
]
Interval = Annotated[tuple[float, float], Strict(False), AfterValidator(_ascending)]
Range = Annotated[Interval, Allowed("[low, high], two numbers with low below high")]


def required(description: str, *examples: object, **bounds: Any) -> Any:
    """Return the field of a required key."""
    return Field(description=description, examples=list(examples) or None, **bounds)


def absent(description: str, *examples: object, **bounds: Any) -> Any:
    """Return the field of an optional key; None if absent."""
    return Field(None, description=description, examples=list(examples) or None, **bounds)
