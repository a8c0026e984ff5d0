"""A scenario once read: everything its file says, checked, with its samples and the runs compared with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdsim.scenario.schema import ScenarioFile

if TYPE_CHECKING:
    from gdsim.scenario.data.dataset import Dataset


class Scenario(ScenarioFile):
    """A scenario whose every part has been checked; its sections are those of the file.

    name: short, from the file's name; where: the file, as messages name it; folder: where its data files lie, None
    when it is not a file. kind: function, perceptron or network. dataset: its samples, None for a function.
    compared: the runs beside it. source_table: the TOML table it was read from, settings applied.
    settings: what was laid over its file, as dotted paths and values.
    """

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


@dataclass(frozen=True, slots=True)
class Compared:
    """A run beside the main one: what charts call it, and the scenario it is a run of."""

    label: str
    scenario: Scenario
