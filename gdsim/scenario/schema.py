"""The whole scenario file, format 1, and its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from gdsim.scenario import limits
from gdsim.scenario.fields import AtMost, Checked, Line, Prose, Several, Table
from gdsim.scenario.mistakes import RefusedError, found
from gdsim.scenario.schema_data import DataSection
from gdsim.scenario.schema_model import AsPublishedSection, FunctionSection, NetworkSection, PerceptronSection
from gdsim.scenario.schema_run import (
    AskSection,
    CompareSection,
    ExpectSection,
    ShowSection,
    StopSection,
    UpdateSection,
)
from gdsim.scenario.schema_texts import TranslationsSection

FORMAT = 1
KINDS = ("function", "perceptron", "network")
"""The tables that say what is minimised; a scenario has exactly one."""


def _format(value: object) -> object:
    if value == FORMAT and isinstance(value, int) and not isinstance(value, bool):
        return value
    raise RefusedError(found(value), f"{FORMAT}, the format this gdsim reads")


class ScenarioFile(Table):
    """A scenario for gdsim: what is minimised, from where, how, and what to show."""

    format: Annotated[int, Checked(_format, {"const": FORMAT})] = Field(description="Version of the format.")
    title: Line = Field(description="What the scenario is called.", examples=["Walk down (x − 2)²"])
    summary: Line = Field(description="One line for the list of scenarios.")
    source: Line | None = Field(None, description="Where the figures come from.")
    lesson: Prose | None = Field(None, description="Markdown: what to look at, what to try.")
    seed: Annotated[int, Field(ge=0, le=limits.SEED)] = Field(0, description="Every random choice comes from it.")
    function: FunctionSection | None = Field(None, description="Minimise an expression.")
    perceptron: PerceptronSection | None = Field(None, description="Learn a dividing line by Rosenblatt's rule.")
    network: NetworkSection | None = Field(None, description="Train full layers by backpropagation.")
    as_published: AsPublishedSection | None = Field(
        None, description="Errors of the source that the run reproduces until the reader corrects them."
    )
    data: DataSection | None = Field(None, description="The samples of a perceptron or network.")
    update: UpdateSection = Field(description="How parameters are changed.")
    stop: StopSection = Field(StopSection.model_construct(), description="When the run is over.")
    expect: Annotated[Several[ExpectSection], AtMost(limits.FIGURES)] = Field(
        (), description="Published figures, checked and marked on screen."
    )
    compare: Annotated[Several[CompareSection], AtMost(limits.COMPARED_RUNS)] = Field(
        (), description="Runs beside the main one, drawn together."
    )
    show: ShowSection = Field(ShowSection.model_construct(), description="What the screen shows and allows.")
    ask: Annotated[Several[AskSection], AtMost(limits.FIGURES)] = Field(
        (), description="Questions put before an update is revealed."
    )
    translations: TranslationsSection = Field(
        TranslationsSection.model_construct(), description="The scenario's texts in other languages."
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the format, for editors."""
    schema = _without_null(ScenarioFile.model_json_schema())
    schema["oneOf"] = [{"required": [kind]} for kind in KINDS]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _without_null(schema: Any) -> Any:
    """Return a JSON Schema without the null that TOML does not have, and without titles made up from field names."""
    if isinstance(schema, list):
        return [_without_null(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _without_null(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))
    }
    if kept.get("default", 0) is None or isinstance(kept.get("default"), dict):
        del kept["default"]
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return {**choices[0], **kept}
    return {**kept, "anyOf": choices} if choices else kept
