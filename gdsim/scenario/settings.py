"""Settings that override a scenario's keys: ``update.learning_rate=0.5``; in lists by position: ``layers.0.units``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gdsim.errors import UsageError
from gdsim.scenario.mistakes import Path, RefusedError, Report, dotted, found, shown
from gdsim.scenario.toml_text import TomlError, parse_toml

Overrides = Sequence[tuple[str, object]]
"""Settings that override a file: dotted paths and values, as `parse_setting` returns them."""

_KEY_IN_TOML = "value"


def parse_setting(text: str) -> tuple[str, object]:
    """Return the dotted path and the value of ``KEY=VALUE``: a TOML value, or a bare word as text.

    Raises UsageError for anything else.
    """
    key, separator, value = text.partition("=")
    key, value = key.strip(), value.strip()
    if not separator or not key or not value:
        raise UsageError(shown(text), "not a setting", "KEY=VALUE, such as update.learning_rate=0.5")
    try:
        return key, _toml_value(value)
    except TomlError as mistake:
        if value[0] in "[{\"'" or any(not c.isprintable() for c in value):
            raise UsageError(key, mistake.what, "a TOML value, or a bare word") from None
        return key, value


def setting_path(key: str) -> Path:
    """Return the path of a dotted key; quoted parts may contain dots. Raises RefusedError if `key` is not a key."""
    try:
        table: Any = parse_toml(f"{key} = 0") if "\n" not in key and "=" not in key else {}
    except TomlError:
        table = {}
    path: Path = ()
    while isinstance(table, dict) and len(table) == 1:
        ((part, table),) = table.items()
        path += (int(part) if part.isdecimal() and len(part) < 10 else part,)
    if not path or table != 0:
        raise RefusedError(f"{shown(key)} is not a key", "a dotted path, such as update.learning_rate", (key,))
    return path


def with_setting(table: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    """Return a copy of `table` with `value` at `path`; parts that are not on the path are shared.

    Raises RefusedError if the path leads through a value without parts, or to a position the list does not have.
    """
    try:
        changed: dict[str, Any] = _with(table, path, 0, value)
    except RefusedError as refused:
        refused.path = path
        raise
    return changed


def with_overrides(
    table: Mapping[str, Any], overrides: Overrides, report: Report
) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Return `table` with the settings applied, and their paths; report the settings that cannot be applied."""
    changed, paths = dict(table), list[Path]()
    for key, value in overrides:
        paths.append((key,))
        with report.at():
            paths[-1] = setting_path(key)
            changed = with_setting(changed, paths[-1], value)
    return changed, tuple(paths)


def _with(inside: Any, path: Path, depth: int, value: object) -> Any:
    if depth == len(path):
        return value
    part = path[depth]
    if isinstance(inside, list):
        if not isinstance(part, int) or part >= len(inside):
            where = dotted(path[:depth])
            most = f"a position from 0 to {len(inside) - 1}" if inside else "nothing: the list is empty"
            raise RefusedError(f"{where} is a list of {len(inside)}; {found(part)}", most)
        return [*inside[:part], _with(inside[part], path, depth + 1, value), *inside[part + 1 :]]
    if not isinstance(inside, dict):
        raise RefusedError(f"{dotted(path[:depth])} is {shown(inside)}, not a table", "nothing lies under it")
    key = str(part)
    return {**inside, key: _with(inside.get(key, {}), path, depth + 1, value)}


def _toml_value(text: str) -> object:
    table = parse_toml(f"{_KEY_IN_TOML} = {text}")
    if set(table) != {_KEY_IN_TOML}:
        raise TomlError("found several lines", "one value")
    return table[_KEY_IN_TOML]
