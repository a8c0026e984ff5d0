"""A scenario once read: everything its file says, checked, with its samples and the runs compared with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from gdsim.scenario.data.dataset import Dataset
from gdsim.scenario.schema import ScenarioFile


@dataclass(frozen=True, slots=True)
class Compared:
    """A run beside the main one: what charts call it, and the scenario it is a run of."""

    label: str
    scenario: Scenario


class Scenario(ScenarioFile):
    """A scenario whose every part has been checked; its sections are those of the file.

    name: short, from the file's name; where: the file, as messages name it; folder: where its data files lie, None
    when it is not a file. kind: function, perceptron or network. dataset: its samples, None for a function.
    compared: the runs beside it. source_table: the TOML table it was read from, settings applied.
    settings: what was laid over its file, as dotted paths and values.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str
    where: str
    folder: Path | None
    kind: str
    dataset: Dataset | None
    compared: tuple[Compared, ...]
    source_table: dict[str, Any]
    settings: tuple[tuple[str, object], ...]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, kind={self.kind!r})"

    __str__ = __repr__


def in_language(scenario: Scenario, language: str) -> Scenario:
    """Return `scenario` with its texts in `language`: those its file has in it, the others as they are.

    Title, summary, lesson, the note on a published slip, the labels of compared runs and the questions are texts.
    """
    texts = scenario.translations.by_language.get(language)
    if texts is None:
        return scenario
    changed: dict[str, object] = {
        key: text for key in ("title", "summary", "lesson") if (text := getattr(texts, key)) is not None
    }
    if texts.note is not None and scenario.as_published is not None:
        changed["as_published"] = scenario.as_published.model_copy(update={"note": texts.note})
    if texts.compare:
        pairs = zip(scenario.compare, scenario.compared, texts.compare, strict=True)
        both = [
            (section.model_copy(update={"label": label}), replace(run, label=label)) for section, run, label in pairs
        ]
        changed["compare"], changed["compared"] = zip(*both, strict=True)
    if texts.ask:
        pairs_asked = zip(scenario.ask, texts.ask, strict=True)
        changed["ask"] = tuple(section.model_copy(update={"question": text}) for section, text in pairs_asked)
    return scenario.model_copy(update=changed)
