"""What a command is: one entry of the table from which parser, help and shell completion derive."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the command line.

    does: one line for the list of commands; examples: command lines shown in its help.
    options: adds its arguments to its parser; act: carries it out and returns the exit status.
    Whatever `act` needs is imported when it runs, so that ``gdsim --help`` stays quick.
    """

    name: str
    does: str
    examples: tuple[str, ...]
    options: Callable[[ArgumentParser], None]
    act: Callable[[Namespace], int]
