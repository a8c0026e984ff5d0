"""The JSON Schema that editors use agrees with what gdsim reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gdsim.engine.activations import ACTIVATIONS
from gdsim.engine.losses import LOSSES
from gdsim.engine.rules import RULES
from gdsim.scenario.schema import json_schema

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


LIMITS = {
    ("", "title"): {"minLength": 1, "maxLength": 200},
    ("", "lesson"): {"minLength": 1, "maxLength": 20_000},
    ("", "seed"): {"minimum": 0, "maximum": 2**63 - 1, "default": 0},
    ("", "expect"): {"type": "array", "maxItems": 1000, "default": []},
    ("", "compare"): {"type": "array", "maxItems": 16},
    ("FunctionSection", "start"): {"type": "object", "additionalProperties": {"type": "number"}},
    ("FunctionSection", "starts"): {"maxItems": 100},
    ("PerceptronSection", "tie"): {"default": 1},
    ("PerceptronSection", "train_bias"): {"type": "boolean", "default": True},
    ("NetworkSection", "layers"): {"minItems": 1, "maxItems": 16, "items": {"$ref": "#/$defs/LayerSection"}},
    ("LayerSection", "units"): {"type": "integer", "exclusiveMinimum": 0, "maximum": 4096, "examples": [2]},
    ("LayerSection", "weight_names"): {"maxItems": 4096},
    ("AsPublishedSection", "bias_gradient_factor"): {"type": "number", "default": 1.0},
    ("DataSection", "test_fraction"): {"minimum": 0, "exclusiveMaximum": 1, "default": 0.0},
    ("DataSection", "features"): {"minItems": 1, "maxItems": 4096},
    ("DatasetOptions", "samples"): {"exclusiveMinimum": 0, "maximum": 1_000_000},
    ("ScaleSection", "inputs"): {"enum": ["none", "min-max", "standard"], "default": "none"},
    ("UpdateSection", "learning_rate"): {"type": "number", "exclusiveMinimum": 0, "examples": [0.01]},
    ("UpdateSection", "order"): {"enum": ["given", "shuffled"], "default": "given"},
    ("UpdateSection", "weight_decay"): {
        "description": "Option of adamw (default 0.01)",
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
    },
    ("StopSection", "max_updates"): {"exclusiveMinimum": 0, "maximum": 10_000_000, "default": 1000},
    ("ExpectSection", "tolerance"): {"minimum": 0, "default": 1e-9},
    ("CompareSection", "set"): {"type": "object", "minProperties": 1, "examples": [{"update.learning_rate": 1.05}]},
    ("ShowSection", "surface"): {"minItems": 2, "maxItems": 2, "examples": [["b", "c"]]},
    ("AskSection", "before"): {"type": "integer", "exclusiveMinimum": 0, "maximum": 10_000_000},
    ("AskSection", "form"): {"enum": ["sign", "larger-or-smaller", "value", "choice"]},
}


@pytest.mark.parametrize(("table", "key"), LIMITS)
def test_says_types_limits_and_defaults(table: str, key: str) -> None:
    """An editor refuses what gdsim refuses, and offers names, defaults and examples."""
    field = (SCHEMA["$defs"][table] if table else SCHEMA)["properties"][key]
    expected = LIMITS[table, key]
    assert {name: field.get(name) for name in expected} == expected


def test_offers_each_form_of_a_value() -> None:
    """Where a value has several forms, an editor knows each: words, numbers, lists."""
    tables = SCHEMA["$defs"]
    forms = {
        ("UpdateSection", "batch"): ["all", "integer"],
        ("ExpectSection", "after"): ["stop", "integer"],
        ("PerceptronSection", "tie"): ["mistake", "integer"],
        ("GenerateSection", "x"): ["normal", "array"],
        ("DataSection", "inputs"): ["array", "array", "array"],
        ("DataSection", "targets"): ["array", "array", "array"],
    }
    for (table, key), expected in forms.items():
        offered = tables[table]["properties"][key]["anyOf"]
        assert [form.get("const", form["type"]) for form in offered] == expected


def test_every_table_is_closed_and_described() -> None:
    """No table takes an unknown key, and each says what it is for."""
    assert len(SCHEMA["$defs"]) == 23
    for name, table in {"": SCHEMA, **SCHEMA["$defs"]}.items():
        assert table["additionalProperties"] is False, name
        assert table["description"], name
