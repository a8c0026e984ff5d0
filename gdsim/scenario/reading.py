"""A table of TOML read into the sections of the schema, with every mistake in plain words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, cast, get_args, get_origin

from pydantic_core import SchemaValidator, ValidationError

from gdsim.engine.rules import OPTION_RANGES, RULES
from gdsim.scenario import limits
from gdsim.scenario.mistakes import Path, RefusedError, Report, found, join, near, one_of
from gdsim.scenario.schema import KINDS, ScenarioFile
from gdsim.scenario.schema_run import UpdateSection
from gdsim.scenario.table import Table, core_schema, is_optional, without_none

_OPTIONS = tuple(dict.fromkeys(option for rule in RULES.values() for option in rule.options))
_LISTS = ("expect", "compare", "ask")
_REQUIRED: Mapping[str, object] = {"format": 1, "title": "-", "summary": "-", "update": {"learning_rate": 1.0}}
"""What stands in for a required section with mistakes, so that the others can be looked at."""

_ALLOWED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "tuple_type": "a list",
    "int_parsing_size": "a smaller whole number",
}
_BOUNDS = {
    "greater_than": ("gt", "a number above {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "at most {}"),
    "too_long": ("max_length", "at most {}"),
    "too_short": ("min_length", "at least {}"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as far as it could be read.

    file: its sections; those with mistakes are left out, or stand-ins where the schema requires them.
    bad: keys at the top that have mistakes. kinds: which of function, perceptron, network the file has, right or wrong.
    positions: where the kept items of a list of tables stand in the file.
    """

    file: ScenarioFile
    bad: frozenset[str]
    kinds: tuple[str, ...]
    positions: Mapping[str, tuple[int, ...]]


def read_table(table: Mapping[str, Any], report: Report) -> Draft:
    """Return what a file's table says, noting in `report` what cannot be read."""
    kinds = tuple(kind for kind in KINDS if kind in table)
    table = _with_known_keys(table, report)
    everywhere = {key: tuple(range(len(table[key]))) for key in _LISTS if isinstance(table.get(key), list | tuple)}
    try:
        return Draft(_validated(table), frozenset(), kinds, everywhere)
    except ValidationError as error:
        errors = [details for details in error.errors(include_url=False) if not _is_echo(details)]
    for details in errors[: limits.MISTAKES + 1]:
        report.add(*_in_words(details))
    report.uncounted += max(0, len(errors) - limits.MISTAKES - 1)
    return _without_mistakes(table, kinds, [details["loc"] for details in errors])


def _validated(table: Mapping[str, Any]) -> ScenarioFile:
    """Return what pydantic-core reads. Raises its ValidationError."""
    file: ScenarioFile = _validator().validate_python(table)
    return file


@cache
def _validator() -> SchemaValidator:
    return SchemaValidator(cast("Any", core_schema(ScenarioFile)))


def _without_mistakes(table: Mapping[str, Any], kinds: tuple[str, ...], places: list[Path]) -> Draft:
    """Return a draft of the sections, and the items of lists of tables, in which nothing is wrong."""
    wrong_items = {place[:2] for place in places if place[0] in _LISTS and len(place) > 1}
    bad = {str(place[0]) for place in places if place[:2] not in wrong_items}
    kept = {key: value for key, value in table.items() if key not in bad}
    positions = {}
    for key in _LISTS:
        if isinstance(kept.get(key), list | tuple):
            positions[key] = tuple(i for i in range(len(kept[key])) if (key, i) not in wrong_items)
            kept[key] = [kept[key][i] for i in positions[key]]
    stand_ins = {key: value for key, value in _REQUIRED.items() if key in bad}
    return Draft(_validated({**kept, **stand_ins}), frozenset(bad), kinds, positions)


def _is_echo(details: Any) -> bool:
    """Whether a list is called too short only because of wrong items, each with a mistake of its own."""
    return bool(details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"])


def _in_words(details: Any) -> tuple[Path, str, str]:
    """Return path, what was found and what is allowed, of one of pydantic-core's error details."""
    path: Path = details["loc"]
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "value_error" and isinstance(context.get("error"), RefusedError):
        return path, context["error"].what, context["error"].hint
    if kind == "missing":
        return path, "missing", "required"
    if kind == "extra_forbidden":
        return path, "unknown key", _known_keys(path)
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        bound = context[name]
        number = int(bound) if float(bound).is_integer() else bound
        return path, found(value), _bound_words(path, kind, words.format(number))
    if kind == "float_type" and isinstance(value, int) and not isinstance(value, bool):
        return path, found(value), "a number below 1e308"
    return path, found(value), _ALLOWED.get(kind, str(details["msg"]))


def _bound_words(path: Path, kind: str, words: str) -> str:
    field = _field(path)
    is_whole = field is int or (get_origin(field) is not None and int in get_args(field))
    return words.replace("a number", "a whole number") if is_whole and kind == "greater_than" else words


def _known_keys(path: Path) -> str:
    """Return which keys the table has in which an unknown one was found."""
    model = _field(path[:-1])
    known = tuple(model.entries) if isinstance(model, type) and issubclass(model, Table) else ()
    return _known_hint(known, path[-1])


def _known_hint(known: tuple[str, ...], key: object) -> str:
    """Return the keys a table has; of a large one the near spelling alone, where there is one."""
    return (near(key, known) if len(known) > 9 else "") or one_of(known, key)


def _field(path: Path) -> Any:
    """Return the type the schema gives to what stands at `path`: a model class, int, dict, …"""
    kind: Any = ScenarioFile
    for part in path:
        if isinstance(part, int) or get_origin(kind) in {dict, tuple}:
            arguments = get_args(kind)
            kind = arguments[-1 if get_origin(kind) is dict else 0] if arguments else None
        else:
            fields = getattr(kind, "entries", {})
            kind = fields[part].kind if part in fields else None
        kind = _bare(kind)
    return kind


def _bare(kind: Any) -> Any:
    """Return a type without Annotated and without ``| None``."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif is_optional(kind):
            kind = without_none(kind)
        else:
            return kind


def _with_known_keys(table: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Return `table` without keys it cannot have, at the top and in [update]; they are noted."""
    kept = _known_only(table, tuple(ScenarioFile.entries), (), report)
    if isinstance(kept.get("update"), dict):
        kept["update"] = _known_only(kept["update"], (*UpdateSection.entries, *_OPTIONS), ("update",), report)
    return kept


def _known_only(table: Mapping[str, Any], known: tuple[str, ...], at: Path, report: Report) -> dict[str, Any]:
    unknown = [key for key in table if key not in known]
    for key in unknown[: limits.MISTAKES + 1]:
        report.add((*at, key), "unknown key", _known_hint(known, key))
    report.uncounted += max(0, len(unknown) - limits.MISTAKES - 1)
    return {key: value for key, value in table.items() if key in known}


def check_options(update: UpdateSection, is_perceptron: bool, report: Report) -> None:
    """Note options the update rule does not have, and values they cannot take."""
    rule = RULES[update.rule or "gradient-descent"]
    for option, value in update.options.items():
        if option not in rule.options or is_perceptron:
            takes = (
                "a perceptron takes no rule"
                if is_perceptron
                else f"{rule.name} takes {', '.join(rule.options) or 'none'}"
            )
            having = ", ".join(kind.name for kind in RULES.values() if option in kind.options)
            report.add(("update", option), "an option of another rule", join(takes, f"it belongs to {having}"))
            continue
        low, high = OPTION_RANGES.get(option, (-math.inf, math.inf))
        if not low <= value < high:
            report.add(("update", option), found(value), f"at least {low:g}, below {high:g}")
