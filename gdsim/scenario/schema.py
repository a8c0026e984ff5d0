"""The whole scenario file, format 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from gdsim.scenario import limits
from gdsim.scenario.library import KINDS
from gdsim.scenario.mistakes import RefusedError, found
from gdsim.scenario.schema_model import (
    AsPublishedSection,
    DataSection,
    FunctionSection,
    NetworkSection,
    PerceptronSection,
)
from gdsim.scenario.schema_run import (
    AskSection,
    CompareSection,
    ExpectSection,
    ShowSection,
    StopSection,
    UpdateSection,
)
from gdsim.scenario.schema_values import AtMost, Line, Name, Prose, Section, Several, is_whole

FORMAT = 1


def _format(value: object) -> object:
    if value == FORMAT and is_whole(value):
        return value
    raise RefusedError(found(value), f"{FORMAT}, the format this gdsim reads")


class TextsSection(Section):
    """The scenario's texts in one other language; what is left out is shown as the file has it."""

    title: Line | None = Field(None, description="What the scenario is called.")
    summary: Line | None = Field(None, description="One line for the list of scenarios.")
    lesson: Prose | None = Field(None, description="Markdown: what to look at, what to try.")
    note: Prose | None = Field(None, description="The note of [as_published].")
    compare: Annotated[Several[Name], AtMost(limits.COMPARED_RUNS)] = Field(
        (), description="The label of each [[compare]], in their order."
    )
    ask: Annotated[Several[Prose], AtMost(limits.FIGURES)] = Field(
        (), description="The question of each [[ask]], in their order."
    )


class TranslationsSection(Section):
    """The scenario's texts in other languages."""

    zh: TextsSection | None = Field(None, description="In Simplified Chinese.")

    @property
    def by_language(self) -> Mapping[str, TextsSection]:
        """The languages the file has texts in."""
        return {} if self.zh is None else {"zh": self.zh}


class ScenarioFile(Section):
    """A scenario for gdsim: what is minimised, from where, how, and what to show."""

    format: Annotated[Literal[1], BeforeValidator(_format)] = Field(description="Version of the format.")
    title: Line = Field(description="What the scenario is called.", examples=["Walk down (x − 2)²"])
    summary: Line = Field(description="One line for the list of scenarios.")
    source: Line | None = Field(None, description="Where the figures come from.")
    lesson: Prose | None = Field(None, description="Markdown: what to look at, what to try.")
    seed: int = Field(0, ge=0, le=limits.SEED, description="Every random choice comes from it.")
    function: FunctionSection | None = Field(None, description="Minimise an expression.")
    perceptron: PerceptronSection | None = Field(None, description="Learn a dividing line by Rosenblatt's rule.")
    network: NetworkSection | None = Field(None, description="Train full layers by backpropagation.")
    as_published: AsPublishedSection | None = Field(
        None, description="Errors of the source that the run reproduces until the reader corrects them."
    )
    data: DataSection | None = Field(None, description="The samples of a perceptron or network.")
    update: UpdateSection = Field(description="How parameters are changed.")
    stop: StopSection = Field(default_factory=StopSection.model_construct, description="When the run is over.")
    expect: Annotated[Several[ExpectSection], AtMost(limits.FIGURES)] = Field(
        (), description="Published figures, checked and marked on screen."
    )
    compare: Annotated[Several[CompareSection], AtMost(limits.COMPARED_RUNS)] = Field(
        (), description="Runs beside the main one, drawn together."
    )
    show: ShowSection = Field(
        default_factory=ShowSection.model_construct, description="What the screen shows and allows."
    )
    ask: Annotated[Several[AskSection], AtMost(limits.FIGURES)] = Field(
        (), description="Questions put before an update is revealed."
    )
    translations: TranslationsSection = Field(
        default_factory=TranslationsSection.model_construct, description="The scenario's texts in other languages."
    )


class _ForEditors(GenerateJsonSchema):
    """Offers no null, which TOML does not have."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        """Return the schema of what is there when the key is."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema with its default, unless that is nothing."""
        return (
            self.generate_inner(schema["schema"]) if schema.get("default") is None else super().default_schema(schema)
        )

    def field_title_should_be_set(self, _schema: object) -> bool:
        """Return that no field has a title besides its name."""
        return False


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the format, for editors."""
    schema = ScenarioFile.model_json_schema(schema_generator=_ForEditors)
    return {"$schema": _ForEditors.schema_dialect, **schema, "oneOf": [{"required": [kind]} for kind in KINDS]}
