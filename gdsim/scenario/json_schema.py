"""The JSON Schema of the scenario format, for editors."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from gdsim.scenario.library import KINDS
from gdsim.scenario.schema import ScenarioFile


class _ForEditors(GenerateJsonSchema):
    """Offers no null, which TOML does not have."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        """Return the schema of what is there when the key is."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema with its default, unless that is nothing."""
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, _schema: object) -> bool:
        """Return that no field has a title besides its name."""
        return False


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the format."""
    schema = ScenarioFile.model_json_schema(schema_generator=_ForEditors)
    # The model has no rule of its own for "exactly one of these".
    one_kind = [{"required": [kind]} for kind in KINDS]
    return {"$schema": _ForEditors.schema_dialect, **schema, "oneOf": one_kind}
