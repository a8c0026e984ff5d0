"""The options that all commands which run a scenario share, and the scenario they mean."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdsim.engine.edits import Edit
    from gdsim.engine.update import Run
    from gdsim.scenario.scenario import Scenario

SCENARIO, FILE = "SCENARIO", "FILE"
"""Metavars that shell completion knows: a bundled name or a .toml file; any file."""


def add_scenario_options(parser: ArgumentParser) -> None:
    """Add SCENARIO and what may be changed about it."""
    add_scenario(parser)
    add_overrides(parser)


def add_scenario(parser: ArgumentParser, *, is_optional: bool = False) -> None:
    """Add SCENARIO."""
    parser.add_argument(
        "scenario",
        nargs="?" if is_optional else None,
        metavar=SCENARIO,
        help="a bundled name (gdsim list) or a path to a .toml file",
    )


def add_overrides(parser: ArgumentParser) -> None:
    """Add what may be changed about a scenario."""
    group = parser.add_argument_group("changes to the scenario")
    group.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a key of the file by its dotted path, and a TOML value; may be repeated",
    )
    group.add_argument("--seed", type=int, metavar="N", help="the seed all random choices come from")
    group.add_argument("--updates", type=int, metavar="N", help="updates at most")
    group.add_argument("--corrected", action="store_true", help="start with the corrected rule, not the published one")


def add_run_options(parser: ArgumentParser) -> None:
    """Add which run of the scenario is meant, and what is changed in the middle of it."""
    group = parser.add_argument_group("which run")
    group.add_argument("--start", type=int, default=1, metavar="N", help="the scenario's starting point N, from 1")
    group.add_argument(
        "--edit",
        dest="edits",
        action="append",
        default=[],
        metavar="AFTER:KEY=VALUE",
        help="change something after an update: 12:update.learning_rate=0.5, 20:x=3.0, 5:update.rule=adam, "
        "7:corrected=true, 9:seed=3; may be repeated",
    )


def overrides(options: Namespace) -> list[tuple[str, object]]:
    """Return the changes asked for, as dotted paths and values, later ones over earlier ones.

    Raises UsageError for a --set that is no setting.
    """
    from gdsim.scenario.settings import parse_setting

    pairs = [parse_setting(text) for text in options.settings]
    for key, value in (("seed", options.seed), ("stop.max_updates", options.updates)):
        if value is not None:
            pairs.append((key, value))
    return pairs


def load_scenario(options: Namespace) -> Scenario:
    """Return the scenario a command line names, with its changes. Raises GdsimError with every mistake in it."""
    from gdsim.scenario.library import resolve
    from gdsim.scenario.load import load_file

    return load_file(resolve(options.scenario), overrides=overrides(options))


def build_run(scenario: Scenario, options: Namespace) -> Run:
    """Return the scenario's run: corrected, or from another starting point, where that is asked for."""
    from gdsim.scenario.build import build

    return build(scenario, start_index=getattr(options, "start", 1) - 1, corrected=options.corrected)


def edits(scenario: Scenario, run: Run, options: Namespace) -> tuple[Edit, ...]:
    """Return the edits asked for in `run`, in the order of their updates.

    Raises UsageError for one it does not take.
    """
    from gdsim.scenario.edits import edits_of

    return edits_of(scenario, run, options.edits)


def count(text: str) -> int:
    """Return a whole number from 0 that an option is given, for argparse."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"found {text!r}, a whole number from 0 is expected")
    return int(text)
