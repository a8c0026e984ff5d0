"""The JSON Schema that editors use agrees with what gdsim reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.losses import LOSSES
from gdsim.engine.rules import RULES
from gdsim.scenario.json_schema import json_schema

SCHEMA = json_schema()


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, table in {"": schema, **schema["$defs"]}.items():
        for key, field in table["properties"].items():
            yield f"{name}.{key}", field


def test_is_json() -> None:
    """Nothing in it is beyond JSON."""
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_describes_every_field() -> None:
    """An editor has a sentence for each key, and nowhere offers null, which TOML does not have."""
    for name, field in fields(SCHEMA):
        assert field.get("description") or "$ref" in field, name
    assert '"null"' not in json.dumps(SCHEMA)
    assert "null" not in json.dumps(SCHEMA)


def test_names_come_from_the_tables_of_the_engine() -> None:
    """A new activation, loss, rule or option is known to editors at once."""
    tables = SCHEMA["$defs"]
    assert tables["LayerSection"]["properties"]["activation"]["enum"] == list(ACTIVATIONS)
    assert tables["NetworkSection"]["properties"]["loss"]["enum"] == list(LOSSES)
    update = tables["UpdateSection"]["properties"]
    assert update["rule"]["enum"] == list(RULES)
    assert {option for rule in RULES.values() for option in rule.options} <= set(update)
    assert tables["UpdateSection"]["additionalProperties"] is False


def test_requires_what_gdsim_requires() -> None:
    """Format, title, summary and update are required, and exactly one model."""
    assert SCHEMA["required"] == ["format", "title", "summary", "update"]
    assert SCHEMA["oneOf"] == [{"required": ["function"]}, {"required": ["perceptron"]}, {"required": ["network"]}]
