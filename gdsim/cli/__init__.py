"""The command line: commands, their options, and the only place where errors become messages and exit statuses."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from io import TextIOWrapper

from gdsim.cli.parser import COMMANDS, DEFAULT, build_parser
from gdsim.errors import GdsimError, UsageError
from gdsim.tui.terminal import terminal_of

DONE, CHECK_FAILED, MISTAKE, INTERRUPTED = 0, 1, 2, 130

_NEEDS: Mapping[str, tuple[str, str]] = {"serve": ("asyncssh", "pip install '.[serve]' in a copy of gdsim")}
"""Optional packages, by the command that needs one, and how to install it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return the exit status.

    0 done, 1 a check failed, 2 wrong usage or a mistake in a scenario, 130 interrupted. If the reader of a pipe closes
    it, the command ends quietly.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _prepare_streams()
    if os.environ.get("NO_COLOR") == "":  # Textual would remove colours
        del os.environ["NO_COLOR"]
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # the search for them reads every package's metadata
    try:
        status = _act(arguments)
        sys.stdout.flush()
    except GdsimError as error:
        return _complain(str(error))
    except BrokenPipeError:
        _discard_output()
        return DONE
    except OSError as error:  # a full disk, a terminal that is gone
        _discard_output()
        return _complain(f"{error.filename or 'standard output'}: {error.strerror}")
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _act(arguments: list[str]) -> int:
    try:
        options = build_parser().parse_args(_with_command(arguments))
    except SystemExit:  # --help and --version have printed their text
        return DONE
    name: str = options.command
    terminal = terminal_of(os.environ, sys.stdout.encoding)
    if name in ("run", "learn") and terminal.is_cell and sys.stdin is not None and sys.stdin.isatty():
        shown = "NAME" if options.scenario is None else options.scenario
        hint = f"in Python: gdsim.load({shown!r}).show(); or gdsim trace {shown}"
        raise UsageError(f"gdsim {name}", "a notebook cell cannot receive keys", hint)
    module = COMMANDS[name].module
    if module == "run" and (options.plain or terminal.is_dumb):
        name, module = "plain", "text"
    if module == "run":  # Textual reads the environment when it is imported
        os.environ.update(terminal.settings)
        gc.disable()  # until the first screen, which enables it again: starting makes no garbage
    if name in _NEEDS and find_spec(_NEEDS[name][0]) is None:
        package, how = _NEEDS[name]
        raise UsageError(f"gdsim {name}", f"{package} is not installed", how)
    try:
        status: int = getattr(import_module(f"gdsim.cli.{module}"), f"{name}_command")(options)
    finally:
        gc.enable()
    return status


def _with_command(arguments: list[str]) -> list[str]:
    """Return the arguments with the command first; it may be left out before options.

    Raises UsageError if the first word is not a command, with the command that may have been meant.
    """
    word = arguments[0] if arguments else "-"
    if word in COMMANDS or word in ("-h", "--help", "--version"):
        return arguments
    if word.startswith("-"):
        late = next((name for name in arguments if name in COMMANDS), None)
        if late is None:
            return [DEFAULT, *arguments]
        raise UsageError(word, "stands before the command", f"options come after it: gdsim {late} … {word}")
    close = get_close_matches(word, COMMANDS, n=1)
    guess = f"did you mean {close[0]}?" if close else f"to step through a scenario: gdsim run {word}"
    raise UsageError(word or '""', "no such command", f"one of {', '.join(COMMANDS)}; {guess}")


def _prepare_streams() -> None:
    """Make writing safe: discard all output of a closed stream, and replace unencodable characters by ``?``."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def _complain(message: str) -> int:
    """Print an error on stderr, after all results written so far, and return its exit status."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    sys.stderr.write(message if message.startswith("gdsim") else f"gdsim: {message}")
    sys.stderr.write("\n")
    return MISTAKE


def _discard_output() -> None:
    """Discard all further output, so that the interpreter's final flush does not fail on a closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
