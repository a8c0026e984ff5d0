"""The parser of the command line, put together from the table of commands."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping
from importlib import import_module
from typing import NoReturn

from gdsim import __version__
from gdsim.cli.command import Command
from gdsim.errors import UsageError

COMMANDS: Mapping[str, str] = {
    "run": "run",
    "list": "listing",
    "trace": "trace",
    "export": "export",
    "check": "check",
    "new": "new",
    "serve": "serve",
    "schema": "schema",
    "completion": "completion",
    "help": "help",
}
"""Every command by its name, and the module of this package it is in; none is loaded but the one asked for."""

DEFAULT = "run"
"""The command that is meant where none is named."""

_EXAMPLE_LINES = ("gdsim", "gdsim --lang zh", "gdsim run mountain-descent")

_EXIT_STATUSES = "exit status: 0 done, 1 a check failed, 2 wrong usage or a mistake in a scenario, 130 interrupted"


class _Parser(ArgumentParser):
    """Reports mistakes the way everything else does."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message."""
        raise UsageError(self.prog, message, f"{self.prog} --help shows what is allowed")


def command_named(name: str) -> Command:
    """Return a command of `COMMANDS`."""
    command: Command = import_module(f"gdsim.cli.{COMMANDS[name]}").COMMAND
    return command


def build_parser(word: str = "") -> ArgumentParser:
    """Return the parser of the whole command line; it sets `command` to a name in `COMMANDS`.

    word: what the command line begins with; where it is a command, the parser knows the options of no other.
    """
    parser = _Parser(
        prog="gdsim",
        description="See gradient descent one update at a time. Without a command: choose a scenario from the list; "
        f"options then are those of gdsim {DEFAULT}.",
        epilog=f"{_examples(_EXAMPLE_LINES)}\n\n{_EXIT_STATUSES}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"gdsim {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for command in map(command_named, (word,) if word in COMMANDS else COMMANDS):
        subparser = subparsers.add_parser(
            command.name,
            help=command.does,
            description=_sentence(command.does),
            epilog=_examples(command.examples),
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        subparser.set_defaults(command=command.name)
        command.options(subparser)
    return parser


def _examples(lines: tuple[str, ...]) -> str:
    return "\n".join((f"example{'s' if len(lines) > 1 else ''}:", *(f"  {line}" for line in lines)))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
