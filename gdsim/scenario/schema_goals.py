"""The schema of goals: what a learner is to achieve, and the conditions under which it is reached."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from gdsim.scenario import limits
from gdsim.scenario.mistakes import RefusedError, found
from gdsim.scenario.schema_values import AtMost, Line, Name, Prose, Section, Several, is_number

_COMPARISON = re.compile(r"(<=|>=|!=|<|>|=)\s*([-+−]?[\d.]+(?:e[-+]?\d+)?)\s*\Z", re.ASCII | re.IGNORECASE)
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_ALLOWED = 'a number, a word, true or false, or a comparison such as "<= 60"'
_MOST_KEYS = 20

Wanted = float | str | bool
"""What a goal requires of a quantity: a value, or a comparison as written in the file."""


def _comparison(text: str) -> tuple[str, float] | None:
    """Return the sign and the number of a comparison; None if the text is not a comparison."""
    match = _COMPARISON.match(text.strip().replace("−", "-"))
    try:
        return None if match is None else (match[1], float(match[2]))
    except ValueError:
        return None


def is_met(wanted: Wanted, value: float | str | bool) -> bool:
    """Return whether a value equals the wanted value or satisfies the wanted comparison."""
    comparison = _comparison(wanted) if isinstance(wanted, str) else None
    if comparison is None:
        return value == wanted
    sign, number = comparison
    return not isinstance(value, str) and _SIGNS[sign](float(value), number)


def wants_text(wanted: Wanted) -> bool:
    """Whether `wanted` is a word, not a number, true or false, or a comparison."""
    return isinstance(wanted, str) and _comparison(wanted) is None


def _conditions(value: object) -> dict[str, Wanted]:
    """Return conditions by dotted key; nested tables are flattened, so ``update.learning_rate`` needs no quotes."""
    if not isinstance(value, dict) or not value:
        raise RefusedError(found(value), 'a table, such as { stopped = "min_change", updates = "<= 60" }')
    flat = dict(_flat(value, ""))
    if len(flat) > _MOST_KEYS:
        raise RefusedError(f"found {len(flat)} conditions", f"at most {_MOST_KEYS}")
    return flat


def _flat(table: dict[str, Any], before: str) -> list[tuple[str, Wanted]]:
    pairs: list[tuple[str, Wanted]] = []
    for key, value in table.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and not before:
            pairs += _flat(value, f"{name}.")
        elif isinstance(value, bool) or is_number(value) or (isinstance(value, str) and _is_condition(value)):
            pairs.append((name, value))
        else:
            raise RefusedError(f"{name}: {found(value)}", _ALLOWED)
    return pairs


def _is_condition(text: str) -> bool:
    """Whether a text is a comparison with a number, or a word."""
    return bool(text.strip()) and (text.strip()[0] not in "<>=!" or _comparison(text) is not None)


class GoalSection(Section):
    """What a learner is to achieve; it is reached when all of `when` holds at the update in view."""

    text: Line = Field(
        description="The goal, in one sentence.", examples=["Choose η so that the walk arrives within 60 updates"]
    )
    when: Annotated[dict[str, Any], BeforeValidator(_conditions)] = Field(
        description="Quantities as in [[expect]], keys of [update], and corrected, each with a number, a word, or a "
        "comparison: < <= > >= = != and a number.",
        examples=[{"stopped": "min_change", "updates": "<= 60"}],
    )
    only: Annotated[Several[Name], AtMost(limits.LISTED)] | None = Field(
        None,
        description="Keys that may be changed on the way; any when absent.",
        examples=[["update.learning_rate"]],
    )
    hint: Prose | None = Field(None, description="A hint for learners who do not get there.")
    solution: Annotated[Several[Line], AtMost(limits.LISTED)] = Field(
        (),
        description="Edits that reach it, as --edit takes them: gdsim check proves that they do.",
        examples=[["0:update.learning_rate=0.1"]],
    )
