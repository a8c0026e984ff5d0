"""Scenarios: the draft of a file, as far as it could be read, and the scenario once everything has been checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from pydantic import ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from gdsim.scenario import limits
from gdsim.scenario.data.dataset import Dataset
from gdsim.scenario.library import KINDS
from gdsim.scenario.mistakes import Path, Report, in_words
from gdsim.scenario.schema import AskSection, ScenarioFile, TextsSection
from gdsim.scenario.schema_goals import GoalSection

_LISTS = ("expect", "compare", "ask", "goal")
_REQUIRED: Mapping[str, object] = {"format": 1, "title": "-", "summary": "-", "update": {"learning_rate": 1.0}}
"""Stand-ins for required sections with mistakes, so that the other sections can still be checked."""


class Draft(NamedTuple):
    """A file as far as it could be read.

    file: its sections; those with mistakes are left out, or replaced by stand-ins if the schema requires them.
    bad: top-level keys with mistakes. kinds: which of function, perceptron, network the file has, valid or not.
    positions: for each list of tables, the positions in the file of the items kept.
    """

    file: ScenarioFile
    bad: frozenset[str]
    kinds: tuple[str, ...]
    positions: Mapping[str, tuple[int, ...]]


def read_table(table: Mapping[str, Any], report: Report) -> Draft:
    """Return the draft of a file's table; report what cannot be read."""
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
    """Whether a list counts as too short only because some items are invalid, which are reported themselves."""
    return bool(details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"])


def _is_only_unknown(details: ErrorDetails) -> bool:
    """Whether the rest can be checked without this key: an unknown table, or an unknown option of a rule."""
    return details["type"] == "extra_forbidden" and (len(details["loc"]) == 1 or details["loc"][:-1] == ("update",))


def _without_keys(table: Mapping[str, Any], places: set[Path]) -> dict[str, Any]:
    kept = {key: value for key, value in table.items() if (key,) not in places}
    if isinstance(kept.get("update"), dict):
        kept["update"] = {key: value for key, value in kept["update"].items() if ("update", key) not in places}
    return kept


def _without_mistakes(table: Mapping[str, Any], kinds: tuple[str, ...], places: Sequence[Path]) -> Draft:
    """Return a draft of the sections, and of the items of lists of tables, that have no mistakes."""
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


@dataclass(frozen=True, slots=True)
class Compared:
    """A run compared with the main one: its label in charts, and its scenario."""

    label: str
    scenario: Scenario


class Scenario(ScenarioFile):
    """A fully checked scenario; its sections are those of the file.

    name: short, from the file's name; where: the file, as messages name it; folder: where its data files are, None
    if it is not a file. kind: function, perceptron or network. dataset: its samples, None for a function.
    compared: the runs compared with it. source_table: the TOML table it was read from, with settings applied.
    settings: those applied to its file, as dotted paths and values.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str
    where: str
    folder: FilePath | None
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
    """Return `scenario` with its texts in `language`; texts that its file does not translate stay as they are.

    Texts are title, summary, lesson, the note on a published slip, labels of compared runs, questions and goals.
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
    if texts.options or texts.words:
        asks = scenario.model_copy(update=changed).ask
        changed["ask"] = tuple(_translated_choices(asks, texts))
    if texts.goal or texts.hint:
        changed["goal"] = tuple(_translated_goals(scenario, texts))
    return scenario.model_copy(update=changed)


def _translated_choices(asks: Sequence[AskSection], texts: TextsSection) -> Iterator[AskSection]:
    """Yield the questions, multiple-choice ones with translated options and words; ignore lists of the wrong length."""
    options, words = iter(texts.options), iter(texts.words)
    for ask in asks:
        if ask.form != "choice":
            yield ask
            continue
        given = {"options": next(options, ()), "words": next(words, ())}
        yield ask.model_copy(update={key: each for key, each in given.items() if len(each) == len(ask.options)})


def _translated_goals(scenario: Scenario, texts: TextsSection) -> Iterator[GoalSection]:
    hints = iter(texts.hint)
    for goal, text in zip(scenario.goal, texts.goal or [goal.text for goal in scenario.goal], strict=True):
        hint = next(hints, goal.hint) if goal.hint is not None else None
        yield goal.model_copy(update={"text": text, "hint": hint})
