"""The JSON Schema of scenario files, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_args, get_origin

from gdsim.engine.rules import OPTION_RANGES, RULES
from gdsim.scenario.schema import KINDS, ScenarioFile
from gdsim.scenario.schema_run import UpdateSection
from gdsim.scenario.table import REQUIRED, Entry, Schema, Table, is_optional, is_read_by_type, without_none

_TYPES: Mapping[Any, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}


def json_schema() -> Schema:
    """Return the JSON Schema (2020-12) of the format. TOML has no null, so nothing in it may be null."""
    tables: dict[str, Schema] = {}
    schema = _table(ScenarioFile, tables)
    _add_options(tables[UpdateSection.__name__])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": dict(sorted(tables.items())),
        **schema,
        "oneOf": [{"required": [kind]} for kind in KINDS],
    }


def _add_options(schema: Schema) -> None:
    """Put every option of every rule into the schema of [update]."""
    for rule in RULES.values():
        for option, default in rule.options.items():
            known = schema["properties"].setdefault(option, {"type": "number", "description": "Option of"})
            known["description"] += f" {rule.name} (default {default:g})"
            if option in OPTION_RANGES:
                known["minimum"], known["exclusiveMaximum"] = OPTION_RANGES[option]


def _table(table: type[Table], tables: dict[str, Schema]) -> Schema:
    """Return the schema of a table; those of the tables inside it go to `tables` by their names."""
    schema: Schema = {
        "additionalProperties": False,
        "description": table.__doc__,
        "properties": {name: _entry(each, tables) for name, each in table.entries.items()},
        "type": "object",
    }
    required = [name for name, each in table.entries.items() if each.default is REQUIRED]
    return {**schema, "required": required} if required else schema


def _entry(each: Entry, tables: dict[str, Schema]) -> Schema:
    schema = {**_described(each.kind, tables), "description": each.description}
    if each.examples:
        schema["examples"] = list(each.examples)
    if each.default is not REQUIRED and each.default is not None and not isinstance(each.default, Table):
        schema["default"] = list(each.default) if isinstance(each.default, tuple) else each.default
    return schema


def _described(kind: Any, tables: dict[str, Schema]) -> Schema:
    if isinstance(kind, type) and issubclass(kind, Table):
        if kind.__name__ not in tables:
            tables[kind.__name__] = _table(kind, tables)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if kind in _TYPES:
        return {"type": _TYPES[kind]}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        schema = _described(arguments[0], tables) if is_read_by_type(kind) else {}
        for mark in arguments[1:]:
            schema = mark.described(schema)
        return schema
    if is_optional(kind):
        return _described(without_none(kind), tables)
    if origin is dict:
        return {"type": "object", "additionalProperties": _described(arguments[1], tables)}
    return {"type": "array", "items": _described(arguments[0], tables)}
