"""The parser of the command line: every command in one table, with what it takes.

Nothing here loads numpy, pydantic or the screen, so that ``gdsim --help`` and ``gdsim --version`` answer at once.
"""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from gdsim import __version__
from gdsim.cli import arguments
from gdsim.errors import UsageError


@dataclass(frozen=True, slots=True)
class Command:
    """A command: one line about it for the list of commands, command lines for its help, and what it takes."""

    does: str
    examples: tuple[str, ...]
    add_arguments: Callable[[ArgumentParser], None]


COMMANDS: Mapping[str, Command] = {
    "run": Command(
        "step through a scenario; without a name, open the course",
        (
            "gdsim run mountain-descent",
            "gdsim run mountain-descent --at 20 --set update.learning_rate=0.3",
            "printf 'next 3\\nback\\n' | gdsim run mountain-descent --plain",
        ),
        arguments.add_run,
    ),
    "learn": Command(
        "open a course: its chapters, what you have reached, and what comes next",
        ("gdsim learn", "gdsim learn my-course.toml", "gdsim learn --plain"),
        arguments.add_learn,
    ),
    "progress": Command(
        "tell what you have reached",
        ("gdsim progress", "gdsim progress --json", "gdsim progress --reset"),
        arguments.add_progress,
    ),
    "list": Command(
        "list the bundled scenarios with their summaries", ("gdsim list", "gdsim list --json"), arguments.add_list
    ),
    "trace": Command(
        "run without a screen and print every update",
        (
            "gdsim trace mountain-descent --format csv",
            "gdsim trace mountain-descent --set update.learning_rate=0.5 | head -3",
            "gdsim trace mountain-descent --edit 12:update.learning_rate=0.5 --edit 13:x=3.0",
        ),
        arguments.add_trace,
    ),
    "export": Command(
        "write a run to a file: svg, html, cast, md, csv or jsonl",
        (
            "gdsim export mountain-descent hill.svg --at 20",
            "gdsim export mazur worked.md --steps 1..1",
            "gdsim export perceptron line.cast --speed 2",
            "gdsim export backprop xor.html --steps 0..3 --phases",
        ),
        arguments.add_export,
    ),
    "check": Command(
        "compare the published figures of scenarios, and their gradients with central differences",
        (
            "gdsim check mountain-descent",
            "gdsim check mazur --corrected",
            "gdsim check my-hill.toml --watch",
            "gdsim check --all",
        ),
        arguments.add_check,
    ),
    "diagnose": Command(
        "find the first wrong number of a program of your own, and name the mistake",
        ("gdsim diagnose mazur mine.csv", "gdsim diagnose mazur mine.jsonl --json --points"),
        arguments.add_diagnose,
    ),
    "new": Command(
        "write a commented scenario, a course or a notebook to start from",
        (
            "gdsim new my-hill.toml",
            "gdsim new my-xor.toml --like backprop",
            "gdsim new --course my-course.toml",
            "gdsim new first.ipynb",
        ),
        arguments.add_new,
    ),
    "serve": Command(
        "serve scenarios to a room of learners over SSH",
        (
            "gdsim serve mountain-descent",
            "gdsim serve --host 0.0.0.0 --code amber-otter-lamp --scenarios lectures/week-1 --log workshop.log",
        ),
        arguments.add_serve,
    ),
    "schema": Command(
        "print the JSON Schema of the scenario format, for editors",
        ("gdsim schema > gdsim.schema.json",),
        arguments.add_nothing,
    ),
    "completion": Command(
        "print a completion script for a shell",
        ('eval "$(gdsim completion bash)"', "gdsim completion fish > ~/.config/fish/completions/gdsim.fish"),
        arguments.add_completion,
    ),
    "help": Command(
        "read the manual: keys, scenarios, workshops, a glossary and more",
        ("gdsim help", "gdsim help glossary", "gdsim help keys --lang zh"),
        arguments.add_help,
    ),
}

DEFAULT = "run"
"""The command that is meant where none is named."""

_EXAMPLES = ("gdsim", "gdsim --lang zh", "gdsim run mountain-descent")
_EXIT_STATUSES = "exit status: 0 done, 1 a check failed, 2 wrong usage or a mistake in a scenario, 130 interrupted"


class _Parser(ArgumentParser):
    """Reports mistakes the way everything else does."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message."""
        raise UsageError(self.prog, message, f"{self.prog} --help shows what is allowed")


def build_parser() -> ArgumentParser:
    """Return the parser of the whole command line; it sets `command` to a name in `COMMANDS`."""
    parser = _Parser(
        prog="gdsim",
        description="See gradient descent one update at a time. Without a command: open the course, and go on "
        f"where you left; options then are those of gdsim {DEFAULT}.",
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
        subparser.set_defaults(command=name)
        command.add_arguments(subparser)
    return parser


def _examples(lines: tuple[str, ...]) -> str:
    return "\n".join((f"example{'s' if len(lines) > 1 else ''}:", *(f"  {line}" for line in lines)))
