"""Edits listed on a command line, checked against the run they change."""

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
from gdsim.scenario.scenario import Scenario


def edits_of(scenario: Scenario, run: Run, texts: Iterable[str]) -> tuple[Edit, ...]:
    """Return the edits of `run`, a run of `scenario`, that texts list (``12:update.learning_rate=0.5``).

    In the order of their updates; those at the same update in the order given. Raises UsageError for a text that is no
    edit, and for the first edit the run does not take.
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
    """Raise UsageError when the scenario has nothing for an edit to correct."""
    if edit.key == "corrected" and scenario.as_published is None:
        raise UsageError(f"edit {edit}", "this scenario has no published slip to correct")


_BARE_KEY = r"[A-Za-z0-9_-]+"

_OPTIONS: Mapping[str, str] = {"seed": "--seed", "stop.max_updates": "--updates"}
"""Settings that have an option of their own."""


def command_line(
    command: str,
    scenario: Scenario,
    *,
    start: int = 0,
    corrected: bool = False,
    edits: Iterable[Edit] = (),
    at: int | None = None,
) -> str:
    """Return the gdsim command line, quoted for a shell, of a run of `scenario`.

    command: run or trace; a trace has no use for locks and hidden panels. start: its starting point, from 0.
    at: the update to stand at, None for none.
    """
    words = ["gdsim", command, _spoken(scenario), *_settings(scenario, command)]
    if corrected:
        words.append("--corrected")
    if start:
        words += ["--start", str(start + 1)]
    for edit in edits:
        words += ["--edit", str(edit)]
    if at:
        words += ["--at", str(at)]
    return shlex.join(words)


def _spoken(scenario: Scenario) -> str:
    """Return what a command line calls a scenario: the name of a bundled one, else its file."""
    if scenario.folder is None:  # it is not a file, or nobody is to know which
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
    """Return a setting as it is typed, ``KEY=VALUE``: `parse_setting` reads it as the same key and value."""
    return f"{key}={toml_text(value)}"


def toml_text(value: object) -> str:
    """Return a value as TOML writes it on one line."""
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
    """Return a key as TOML writes it: bare where it may be."""
    return key if re.fullmatch(_BARE_KEY, key) else toml_text(key)
