"""The parser of the command line: a table of all commands and their arguments.

Nothing here loads numpy, pydantic or the screen, so that ``gdsim --help`` and ``gdsim --version`` answer at once.
"""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter, _ActionsContainer
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

from gdsim import __version__
from gdsim.cli.arguments import (
    A_SCENARIO,
    CHANGES,
    COURSE,
    EXPORTS,
    HOW_SHOWN,
    LANGUAGE,
    SCENARIO,
    SERVE,
    THEME_NAMES,
    WHICH_RUN,
    Argument,
    argument,
    count,
    file,
    scenario,
    size,
    speed,
    switch,
    topic,
)
from gdsim.errors import UsageError
from gdsim.manual import TOPICS


class Command(NamedTuple):
    """A command: a line for the list of commands, example command lines for its help, and its arguments.

    takes: its arguments; a text starts a group with that heading, an empty text a mutually exclusive group.
    module: the module of this package with the function that runs it, such as ``trace_command``. The module loads what
    its commands need, so it is imported only when one of them runs: ``gdsim --help`` does not load numpy, nor a trace
    the screen. defaults: values of arguments that only other commands of the module take.
    """

    does: str
    examples: tuple[str, ...]
    module: str
    takes: tuple[Argument | str, ...] = ()
    defaults: Mapping[str, None] = {}


COMMANDS: Mapping[str, Command] = {
    "run": Command(
        "step through a scenario; without a name, open the course",
        (
            "gdsim run mountain-descent",
            "gdsim run mountain-descent --at 20 --set update.learning_rate=0.3",
            "printf 'next 3\\nback\\n' | gdsim run mountain-descent --plain",
        ),
        "run",
        (scenario("scenario", A_SCENARIO, nargs="?"), *CHANGES, *WHICH_RUN, *HOW_SHOWN),
        {"course": None},
    ),
    "learn": Command(
        "open a course: its chapters, what you have reached, and what comes next",
        ("gdsim learn", "gdsim learn my-course.toml", "gdsim learn --plain"),
        "run",
        (COURSE, *CHANGES, *WHICH_RUN, *HOW_SHOWN),
        {"scenario": None},
    ),
    "progress": Command(
        "show what you have reached",
        ("gdsim progress", "gdsim progress --json", "gdsim progress --reset"),
        "course",
        (
            COURSE,
            switch("--json", "print a row for each scenario as JSON"),
            argument(
                "--reset",
                "forget the progress in a course, or all progress; asks first",
                nargs="?",
                const="",
                metavar="COURSE",
            ),
            LANGUAGE,
        ),
    ),
    "list": Command(
        "list the bundled scenarios with their summaries",
        ("gdsim list", "gdsim list --json"),
        "course",
        (switch("--json", "print the scenarios' details as JSON"), LANGUAGE),
    ),
    "trace": Command(
        "run without a screen and print every update",
        (
            "gdsim trace mountain-descent --format csv",
            "gdsim trace mountain-descent --set update.learning_rate=0.5 | head -3",
            "gdsim trace mountain-descent --edit 12:update.learning_rate=0.5 --edit 13:x=3.0",
        ),
        "text",
        (
            SCENARIO,
            argument("--format", "default: table on a terminal, else jsonl", choices=("table", "jsonl", "csv")),
            switch("--phases", "include the phases of every update (jsonl)"),
            *CHANGES,
            *WHICH_RUN,
        ),
    ),
    "export": Command(
        "write a run to a file: svg, html, cast, md, csv or jsonl",
        (
            "gdsim export mountain-descent hill.svg --at 20",
            "gdsim export mazur worked.md --steps 1..1",
            "gdsim export perceptron line.cast --speed 2",
            "gdsim export backprop xor.html --steps 0..3 --phases",
        ),
        "export",
        (
            SCENARIO,
            file("file", f"the extension picks the format: {' '.join(EXPORTS)}"),
            *CHANGES,
            *WHICH_RUN,
            "contents",
            argument("--at", "show the screen after update N (svg, html)", type=count, metavar="N"),
            argument("--steps", "write updates A to B; 0 is the start (all but svg)", metavar="A..B"),
            switch("--phases", "stop at every phase of an update (html, cast)"),
            argument("--speed", "updates per second (cast)", type=speed, metavar="N"),
            switch("--force", "replace the file if it exists"),
            "display",
            argument("--size", "size of the screen, 120x40 if not given", type=size, metavar="COLUMNSxROWS"),
            switch("--ascii", "draw and write with ASCII characters only"),
            argument("--theme", "colours of the screen", choices=THEME_NAMES),
            LANGUAGE,
        ),
    ),
    "check": Command(
        "compare the published figures of scenarios, and their gradients with central differences",
        (
            "gdsim check mountain-descent",
            "gdsim check mazur --corrected",
            "gdsim check my-hill.toml --watch",
            "gdsim check --all",
        ),
        "check",
        (
            scenario("scenarios", "bundled names or paths to .toml files", nargs="*"),
            switch("--all", "check every bundled scenario"),
            switch("--watch", "check again whenever a file is saved, until ctrl+c"),
            *CHANGES,
        ),
    ),
    "diagnose": Command(
        "find the first wrong number of your own program, and name the mistake",
        ("gdsim diagnose mazur mine.csv", "gdsim diagnose mazur mine.jsonl --json --points"),
        "text",
        (
            SCENARIO,
            file("numbers", "your program's numbers: CSV, JSON lines, .npz or .npy", metavar="NUMBERS"),
            *CHANGES,
            "output",
            switch("--json", "print one JSON object, for grading programs"),
            switch("--points", "give a point for each correct phase"),
            file("--html", "also write a page to hand back", type=Path),
            LANGUAGE,
        ),
    ),
    "new": Command(
        "write a commented scenario, a course or a notebook to start from",
        (
            "gdsim new my-hill.toml",
            "gdsim new my-xor.toml --like backprop",
            "gdsim new --course my-course.toml",
            "gdsim new first.ipynb",
        ),
        "new",
        (
            file("file", "file to write: a new one that ends in .toml, or in .ipynb for a notebook"),
            "",
            scenario("--like", "copy this scenario instead"),
            switch("--course", "write a course to start from instead"),
        ),
    ),
    "serve": Command(
        "serve scenarios to a room of learners over SSH",
        (
            "gdsim serve mountain-descent",
            "gdsim serve --host 0.0.0.0 --code amber-otter-lamp --scenarios lectures/week-1 --log workshop.log",
        ),
        "serve",
        SERVE,
    ),
    "schema": Command(
        "print the JSON Schema of the scenario format, for editors", ("gdsim schema > gdsim.schema.json",), "text"
    ),
    "completion": Command(
        "print a completion script for a shell",
        ('eval "$(gdsim completion bash)"', "gdsim completion fish > ~/.config/fish/completions/gdsim.fish"),
        "completion",
        (argument("shell", "the shell to write for", choices=("bash", "zsh", "fish")),),
    ),
    "help": Command(
        "read the manual: keys, scenarios, workshops, a glossary and more",
        ("gdsim help", "gdsim help glossary", "gdsim help keys --lang zh"),
        "text",
        (
            argument(
                "topic",
                f"what to read about: {', '.join(TOPICS)}; without one, list the topics",
                nargs="?",
                type=topic,
                choices=TOPICS,
                metavar="TOPIC",
            ),
            LANGUAGE,
        ),
    ),
}

DEFAULT = "run"
"""The command that runs if none is named."""

_EXAMPLES = ("gdsim", "gdsim --lang zh", "gdsim run mountain-descent")
_EXIT_STATUSES = "exit status: 0 done, 1 a check failed, 2 wrong usage or a mistake in a scenario, 130 interrupted"


class _Parser(ArgumentParser):
    """A parser that raises UsageError instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message."""
        raise UsageError(self.prog, message, f"{self.prog} --help shows what is allowed")


def build_parser() -> ArgumentParser:
    """Return the parser of the whole command line; it sets `command` to a name in `COMMANDS`."""
    parser = _Parser(
        prog="gdsim",
        description="See gradient descent one update at a time. Without a command: open the course where you "
        f"left off; the options are then those of gdsim {DEFAULT}.",
        epilog=f"{_examples(_EXAMPLES)}\n\n{_EXIT_STATUSES}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"gdsim {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(
            name,
            help=command.does,
            description=f"{command.does[0].upper()}{command.does[1:]}.",
            epilog=_examples(command.examples),
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        subparser.set_defaults(command=name, **command.defaults)
        place: _ActionsContainer = subparser
        for part in command.takes:
            if isinstance(part, str):
                place = subparser.add_argument_group(part) if part else subparser.add_mutually_exclusive_group()
                continue
            action = place.add_argument(part.name, **part.settings)
            if part.completion is not None:
                action.complete = part.completion  # type: ignore[attr-defined]
    return parser


def _examples(lines: tuple[str, ...]) -> str:
    return "\n".join((f"example{'s' if len(lines) > 1 else ''}:", *(f"  {line}" for line in lines)))
