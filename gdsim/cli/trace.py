"""``gdsim trace``: a run without a screen, every update on stdout."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from functools import partial
from io import TextIOWrapper

from gdsim.cli.command import Command
from gdsim.cli.scenario_options import add_run_options, add_scenario_options, build_run, edits, load_scenario
from gdsim.errors import UsageError

FORMATS = ("table", "jsonl", "csv")


def _options(parser: ArgumentParser) -> None:
    add_scenario_options(parser)
    add_run_options(parser)
    parser.add_argument("--format", choices=FORMATS, help="default: table on a terminal, jsonl elsewhere")
    parser.add_argument("--phases", action="store_true", help="with the phases of every update (jsonl)")


def _act(options: Namespace) -> int:
    kind = options.format or ("table" if sys.stdout.isatty() and not options.phases else "jsonl")
    if options.phases and kind != "jsonl":
        raise UsageError("--phases", f"cannot be written as {kind}", "--format jsonl")
    scenario = load_scenario(options)
    run = build_run(scenario, options)
    listed = edits(scenario, run, options)
    from gdsim.export.trace.formats import TRACE_FORMATS, write_lines
    from gdsim.export.trace.jsonl import jsonl_lines

    if kind != "table" and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    written = partial(jsonl_lines, has_phases=True) if options.phases else TRACE_FORMATS[kind]
    write_lines(written(scenario, run, listed), sys.stdout)
    return 0


COMMAND = Command(
    "trace",
    "run without a screen and print every update",
    (
        "gdsim trace mountain-descent --format csv",
        "gdsim trace mountain-descent --set update.learning_rate=0.5 | head -3",
        "gdsim trace mountain-descent --edit 12:update.learning_rate=0.5 --edit 20:x=3.0",
    ),
    _options,
    _act,
)
