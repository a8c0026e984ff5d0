"""A scenario's table as far as pydantic could read it, every mistake noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gdsim.scenario import limits
from gdsim.scenario.library import KINDS
from gdsim.scenario.mistakes import Path, Report, in_words
from gdsim.scenario.schema import ScenarioFile

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LISTS = ("expect", "compare", "ask")
_REQUIRED: Mapping[str, object] = {"format": 1, "title": "-", "summary": "-", "update": {"learning_rate": 1.0}}
"""What stands in for a required section with mistakes, so that the others can be looked at."""


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
    try:
        file = ScenarioFile.model_validate(table)
    except ValidationError as error:
        errors = [details for details in error.errors(include_url=False) if not _is_echo(details)]
    else:
        everywhere = {key: tuple(range(len(getattr(file, key)))) for key in _LISTS}
        return Draft(file, frozenset(), kinds, everywhere)
    for details in errors[: limits.MISTAKES + 1]:
        report.add(*in_words(details, ScenarioFile))
    report.uncounted += max(0, len(errors) - limits.MISTAKES - 1)
    unknown = {details["loc"] for details in errors if _is_only_unknown(details)}
    return _without_mistakes(
        _without_keys(table, unknown), kinds, [details["loc"] for details in errors if details["loc"] not in unknown]
    )


def _is_echo(details: ErrorDetails) -> bool:
    """Whether a list is called too short only because of wrong items, each with a mistake of its own."""
    return bool(details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"])


def _is_only_unknown(details: ErrorDetails) -> bool:
    """Whether a section without this key can still be looked at: an unknown table, or an unknown option of a rule."""
    return details["type"] == "extra_forbidden" and (len(details["loc"]) == 1 or details["loc"][0] == "update")


def _without_keys(table: Mapping[str, Any], places: set[Path]) -> dict[str, Any]:
    kept = {key: value for key, value in table.items() if (key,) not in places}
    if isinstance(kept.get("update"), dict):
        kept["update"] = {key: value for key, value in kept["update"].items() if ("update", key) not in places}
    return kept


def _without_mistakes(table: Mapping[str, Any], kinds: tuple[str, ...], places: Sequence[Path]) -> Draft:
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
    return Draft(ScenarioFile.model_validate({**kept, **stand_ins}), frozenset(bad), kinds, positions)
