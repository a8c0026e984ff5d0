"""The edits on the way to a place in a run, checked, and the command line that leads there."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gdsim.engine.edits import Edit, apply_edit, parse_edit
from gdsim.engine.update import Run
from gdsim.errors import UsageError
from gdsim.scenario.library import folder, names
from gdsim.scenario.place import Place
from gdsim.scenario.scenario import Scenario


def edits_of(scenario: Scenario, run: Run, texts: Iterable[str]) -> tuple[Edit, ...]:
    """Return the edits of `run`, a run of `scenario`, listed in `texts` (``12:update.learning_rate=0.5``).

    They are sorted by update; edits after the same update keep their order. Raises UsageError for a text that is not an
    edit, and for the first edit that cannot be applied to the run.
    """
    edits = tuple(sorted(map(parse_edit, texts), key=lambda edit: edit.after))
    state = run.start
    for edit in edits:
        if edit.after > run.stop.max_updates:
            raise UsageError(f"edit {edit}", "comes after the last update", f"from 0 to {run.stop.max_updates}")
        check_edit(scenario, edit)
        try:
            run, state = apply_edit(run, state, edit)
        except UsageError as error:
            raise UsageError(f"edit {edit}", f"{error.where}: {error.what}", error.hint) from None
    return edits


def check_edit(scenario: Scenario, edit: Edit) -> None:
    """Raise UsageError if an edit corrects a published slip that the scenario does not have."""
    if edit.key == "corrected" and scenario.as_published is None:
        raise UsageError(f"edit {edit}", "this scenario has no published slip to correct")


_BARE_KEY = r"[A-Za-z0-9_-]+"

_OPTIONS: Mapping[str, str] = {"seed": "--seed", "stop.max_updates": "--updates"}
"""Settings that have their own command-line option."""


def command_line(command: str, scenario: Scenario, place: Place) -> str:
    """Return the gdsim command line that leads to a place in a run of `scenario`, quoted for a shell.

    command: run or trace; for a trace, locks and hidden panels are omitted.
    """
    words = ["gdsim", command, _spoken(scenario), *_settings(scenario, command)]
    if place.is_corrected:
        words.append("--corrected")
    if place.start:
        words += ["--start", str(place.start + 1)]
    for edit in place.edits:
        words += ["--edit", edit]
    if place.update:
        words += ["--at", str(place.update)]
    return shlex.join(words)


def _spoken(scenario: Scenario) -> str:
    """Return a scenario as a command line names it: the name of a bundled scenario, else the file."""
    if scenario.folder is None:  # not a file, or a served one whose path is hidden from learners
        return scenario.where
    bundled = folder() / f"{scenario.name}.toml"
    if scenario.name in names() and Path(scenario.where).exists() and bundled.samefile(scenario.where):
        return scenario.name
    return scenario.where


def _settings(scenario: Scenario, command: str) -> Iterator[str]:
    for key, value in scenario.settings:
        option = _OPTIONS.get(key)
        if option is not None and isinstance(value, int) and not isinstance(value, bool):
            yield from (option, str(value))
        elif command == "run" or not key.startswith("show."):
            yield from ("--set", setting_text(key, value))


def setting_text(key: str, value: object) -> str:
    """Return a setting as ``KEY=VALUE``; `parse_setting` reads it back as the same key and value."""
    return f"{key}={toml_text(value)}"


def toml_text(value: object) -> str:
    """Return a value in TOML, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_text, value))}]"
    if isinstance(value, dict):
        entries = ", ".join(f"{toml_key(key)} = {toml_text(each)}" for key, each in value.items())
        return f"{{ {entries} }}" if value else "{}"
    return str(value)


def toml_key(key: str) -> str:
    """Return a key in TOML: bare if possible, else quoted."""
    return key if re.fullmatch(_BARE_KEY, key) else toml_text(key)
