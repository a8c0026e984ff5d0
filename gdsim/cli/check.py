"""``gdsim check``: checks published figures, gradients and goals, once or whenever a file is saved."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from time import sleep, strftime

from gdsim.cli.options import overrides
from gdsim.errors import GdsimError, UsageError
from gdsim.export.check import check_scenario
from gdsim.scenario import limits
from gdsim.scenario.course import is_course, load_course
from gdsim.scenario.files import data_files, read_bytes
from gdsim.scenario.library import names, resolve
from gdsim.scenario.load import load_file
from gdsim.scenario.mistakes import RefusedError
from gdsim.scenario.toml_text import parse_toml
from gdsim.session.goals import check_goals

_DONE, _FAILED, _MISTAKE = 0, 1, 2

_SECONDS = 0.3
"""Seconds between two polls of the files; a poll takes a few microseconds per file."""

_Stamps = Mapping[Path, tuple[int, int] | None]


def check_command(options: Namespace) -> int:
    """Check each scenario, print the results and return the worst exit status."""
    scenarios = list(dict.fromkeys((*options.scenarios, *(names() if options.all else ()))))
    if not scenarios:
        raise UsageError("gdsim check", "no scenario given", "a name, a path to a .toml file, or --all")
    scenarios = [member for name in scenarios for member in _members(name)]
    changes = overrides(options)
    while True:
        before = _stamps(file for scenario in scenarios for file in _files(scenario)) if options.watch else {}
        worst = max(_check(scenario, changes, options.corrected) for scenario in scenarios)
        if worst == _DONE:
            sys.stdout.write("all checks passed\n")
        if not options.watch:
            return worst
        sys.stdout.flush()
        sys.stderr.write("waiting for a change; ctrl+c ends\n")
        _wait_for_change(before)
        sys.stdout.write(f"\n{strftime('%H:%M:%S')}\n")


def _members(name: str) -> list[str]:
    """Return the scenarios to check for a name: all of a course, else the scenario itself."""
    path = resolve(name) if name in names() else Path(name)
    if path.suffix != ".toml" or not is_course(_table(path)):
        return [name]
    return [each.name if each.name in names() else str(each.path) for each in load_course(path).scenarios]


def _files(name: str) -> list[Path]:
    """Return a scenario's file and the data files it names. Raises GdsimError if there is no such scenario."""
    path = resolve(name)
    return [path, *(path.parent / file for file in data_files(_table(path)))]


def _table(path: Path) -> Mapping[str, object]:
    """Return the content of a TOML file, empty if it cannot be read."""
    try:
        return parse_toml(read_bytes(path, limits.FILE_BYTES).decode("utf-8-sig"))
    except (RefusedError, UnicodeDecodeError):
        return {}


def _check(name: str, changes: Sequence[tuple[str, object]], is_corrected: bool) -> int:
    """Check one scenario with `changes` made to its keys, print the results and return its exit status."""
    try:
        scenario = load_file(resolve(name), overrides=changes)
    except GdsimError as error:
        sys.stdout.flush()
        sys.stderr.write(f"gdsim: {error}\n")
        return _MISTAKE
    sys.stdout.write(f"{name}\n")
    status = _DONE
    found = (
        (finding.text, not finding.is_failure) for finding in check_scenario(scenario, is_corrected_only=is_corrected)
    )
    for text, is_right in chain(found, check_goals(scenario)):
        sys.stdout.write(f"  {'ok  ' if is_right else 'FAIL'}  {text}\n")
        sys.stdout.flush()
        status = status if is_right else _FAILED
    return status


def _wait_for_change(before: _Stamps) -> None:
    """Wait until a file has changed and no file is missing.

    Editors write a file in several steps, or replace it, so the files must then stay the same for a moment.
    """
    while True:
        sleep(_SECONDS)
        now = _stamps(before)
        if now != before and None not in now.values():
            sleep(_SECONDS / 3)
            if _stamps(before) == now:
                return


def _stamps(files: Iterable[Path]) -> _Stamps:
    """Return when each file was last written, in nanoseconds, and its size in bytes; None for a missing file."""
    return {path: _stamp(path) for path in files}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size
