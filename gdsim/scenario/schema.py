"""The whole scenario file, format 1."""

from collections.abc import Mapping
from typing import Annotated

from gdsim.scenario import limits
from gdsim.scenario.fields import AtMost, Checked, Line, Name, Prose, Several, Within
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
from gdsim.scenario.table import Table, entry

FORMAT = 1
KINDS = ("function", "perceptron", "network")
"""The tables that say what is minimised; a scenario has exactly one."""


def _format(value: object) -> object:
    if value == FORMAT and isinstance(value, int) and not isinstance(value, bool):
        return value
    raise RefusedError(found(value), f"{FORMAT}, the format this gdsim reads")


class TextsSection(Table):
    """The scenario's texts in one other language; what is left out is shown as the file has it."""

    title: Line | None = entry(None, description="What the scenario is called.")
    summary: Line | None = entry(None, description="One line for the list of scenarios.")
    lesson: Prose | None = entry(None, description="Markdown: what to look at, what to try.")
    note: Prose | None = entry(None, description="The note of [as_published].")
    compare: Annotated[Several[Name], AtMost(limits.COMPARED_RUNS)] = entry(
        (), description="The label of each [[compare]], in their order."
    )
    ask: Annotated[Several[Prose], AtMost(limits.FIGURES)] = entry(
        (), description="The question of each [[ask]], in their order."
    )


class TranslationsSection(Table):
    """The scenario's texts in other languages."""

    zh: TextsSection | None = entry(None, description="In Simplified Chinese.")

    @property
    def by_language(self) -> Mapping[str, TextsSection]:
        """The languages the file has texts in."""
        return {} if self.zh is None else {"zh": self.zh}


class ScenarioFile(Table):
    """A scenario for gdsim: what is minimised, from where, how, and what to show."""

    format: Annotated[int, Checked(_format, {"const": FORMAT})] = entry(description="Version of the format.")
    title: Line = entry(description="What the scenario is called.", examples=["Walk down (x − 2)²"])
    summary: Line = entry(description="One line for the list of scenarios.")
    source: Line | None = entry(None, description="Where the figures come from.")
    lesson: Prose | None = entry(None, description="Markdown: what to look at, what to try.")
    seed: Annotated[int, Within(ge=0, le=limits.SEED)] = entry(0, description="Every random choice comes from it.")
    function: FunctionSection | None = entry(None, description="Minimise an expression.")
    perceptron: PerceptronSection | None = entry(None, description="Learn a dividing line by Rosenblatt's rule.")
    network: NetworkSection | None = entry(None, description="Train full layers by backpropagation.")
    as_published: AsPublishedSection | None = entry(
        None, description="Errors of the source that the run reproduces until the reader corrects them."
    )
    data: DataSection | None = entry(None, description="The samples of a perceptron or network.")
    update: UpdateSection = entry(description="How parameters are changed.")
    stop: StopSection = entry(StopSection(), description="When the run is over.")
    expect: Annotated[Several[ExpectSection], AtMost(limits.FIGURES)] = entry(
        (), description="Published figures, checked and marked on screen."
    )
    compare: Annotated[Several[CompareSection], AtMost(limits.COMPARED_RUNS)] = entry(
        (), description="Runs beside the main one, drawn together."
    )
    show: ShowSection = entry(ShowSection(), description="What the screen shows and allows.")
    ask: Annotated[Several[AskSection], AtMost(limits.FIGURES)] = entry(
        (), description="Questions put before an update is revealed."
    )
    translations: TranslationsSection = entry(
        TranslationsSection(), description="The scenario's texts in other languages."
    )
