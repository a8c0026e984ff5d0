"""``gdsim check``: do the figures come out, and are the gradients right?"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from time import strftime

from gdsim.cli.command import Command
from gdsim.cli.scenario_options import SCENARIO
from gdsim.cli.watch import files_of, stamps, wait_for_change
from gdsim.errors import GdsimError, UsageError

_DONE, _FAILED, _MISTAKE = 0, 1, 2


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("scenarios", nargs="*", metavar=SCENARIO, help="bundled names or paths to .toml files")
    parser.add_argument("--all", action="store_true", help="check every bundled scenario")
    parser.add_argument("--watch", action="store_true", help="check again whenever a file is saved, until ctrl+c")


def _act(options: Namespace) -> int:
    from gdsim.scenario.library import names

    scenarios = list(dict.fromkeys((*options.scenarios, *(names() if options.all else ()))))
    if not scenarios:
        raise UsageError("gdsim check", "no scenario given", "a name, a path to a .toml file, or --all")
    while True:
        before = stamps(file for scenario in scenarios for file in _files(scenario)) if options.watch else {}
        worst = _check_all(scenarios)
        if not options.watch:
            return worst
        sys.stdout.flush()
        sys.stderr.write("waiting for a change; ctrl+c ends\n")
        wait_for_change(before)
        sys.stdout.write(f"\n{strftime('%H:%M:%S')}\n")


def _check_all(scenarios: list[str]) -> int:
    worst = max(_check(scenario) for scenario in scenarios)
    if worst == _DONE:
        sys.stdout.write("all checks passed\n")
    return worst


def _files(name: str) -> list[Path]:
    """Return the files that decide about a scenario, as far as they can be told. Raises GdsimError for no scenario."""
    from gdsim.scenario import limits
    from gdsim.scenario.files import read_bytes
    from gdsim.scenario.library import resolve
    from gdsim.scenario.mistakes import RefusedError
    from gdsim.scenario.toml_text import parse_toml

    path = resolve(name)
    try:
        table = parse_toml(read_bytes(path, limits.FILE_BYTES).decode("utf-8-sig"))
    except (RefusedError, UnicodeDecodeError):
        table = {}
    return list(files_of(path, table))


def _check(name: str) -> int:
    """Print what is found in one scenario and return the exit status for it."""
    from gdsim.export.check import check_scenario
    from gdsim.scenario.library import resolve
    from gdsim.scenario.load import load_file

    try:
        scenario = load_file(resolve(name))
    except GdsimError as error:
        sys.stdout.flush()
        sys.stderr.write(f"gdsim: {error}\n")
        return _MISTAKE
    sys.stdout.write(f"{name}\n")
    status = _DONE
    for finding in check_scenario(scenario):
        sys.stdout.write(f"  {'FAIL' if finding.is_failure else 'ok'.ljust(4)}  {finding.text}\n")
        sys.stdout.flush()
        status = max(status, _FAILED if finding.is_failure else _DONE)
    return status


COMMAND = Command(
    "check",
    "compare the published figures of scenarios, and their gradients with central differences",
    ("gdsim check mountain-descent", "gdsim check my-hill.toml --watch", "gdsim check --all"),
    _options,
    _act,
)
