"""The parser of the command line, put together from the table of commands."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping
from typing import NoReturn

from gdsim import __version__
from gdsim.cli import check, completion, export, listing, new, run, schema, serve, trace
from gdsim.cli.command import Command
from gdsim.errors import UsageError

COMMANDS: Mapping[str, Command] = {
    module.COMMAND.name: module.COMMAND
    for module in (run, listing, trace, export, check, new, serve, schema, completion)
} | {"": run.PICKER}
"""Every command by its name; the empty name is what happens when none is given."""

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
        description="See gradient descent one update at a time.",
        epilog=f"{_examples(COMMANDS[''].examples)}\n\n{_EXIT_STATUSES}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"gdsim {__version__}")
    parser.set_defaults(command="")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for command in COMMANDS.values():
        if not command.name:
            continue
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
