"""``gdsim run``, and ``gdsim`` alone: a scenario, or the list of them, on the screen or in plain text."""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from typing import TYPE_CHECKING

from gdsim.cli.command import Command
from gdsim.cli.language_options import add_language, speak
from gdsim.cli.scenario_options import add_overrides, add_run_options, add_scenario, count, overrides
from gdsim.errors import UsageError
from gdsim.tui.terminal import Terminal, terminal_of

if TYPE_CHECKING:
    from gdsim.scenario.load import Opening
    from gdsim.scenario.scenario import Scenario
    from gdsim.session import Session

THEME_NAMES = ("dark", "light", "colour-blind", "terminal", "terminal-light")
"""The names of `gdsim.tui.themes`, known without loading the screen."""

_LOCK_HELP = (
    "changes kept from the learner beside those the scenario locks: learning-rate,edit,rule,seed,corrected,what-if"
)
_HIDE_HELP = "panels, table columns and charts kept closed beside those the scenario hides: gradient,equation,lesson"


def _options(parser: ArgumentParser) -> None:
    add_scenario(parser, is_optional=True)
    add_overrides(parser)
    add_run_options(parser)
    group = parser.add_argument_group("how it is shown")
    group.add_argument("--at", type=count, default=0, metavar="N", help="stand after update N at first")
    group.add_argument(
        "--memory", type=count, default=64, metavar="MB", help="memory for the states of a run kept to go back to (64)"
    )
    group.add_argument("--plain", action="store_true", help="lines of text and typed commands instead of a screen")
    group.add_argument(
        "--ascii",
        action=BooleanOptionalAction,
        help="draw and write with ASCII characters only; chosen by itself where the terminal has no others",
    )
    group.add_argument(
        "--theme",
        choices=THEME_NAMES,
        help="colours of the screen; GDSIM_THEME sets it for good, else it is chosen by what the terminal tells",
    )
    group.add_argument("--lock", action="append", default=[], metavar="NAMES", help=_LOCK_HELP)
    group.add_argument("--hide", action="append", default=[], metavar="NAMES", help=_HIDE_HELP)
    group.add_argument(
        "--questions", action="store_true", help="stop at the scenario's questions until they are answered"
    )
    add_language(group)


def _act(options: Namespace) -> int:
    terminal = _terminal()
    if options.plain or terminal.is_dumb:
        return _run_plain(options)
    hint = f"gdsim trace {options.scenario}" if options.scenario is not None else "gdsim list, gdsim trace NAME"
    _require_terminal("gdsim run", f"add --plain to step in plain text, or: {hint}")
    theme = options.theme or _theme(terminal)
    gc.disable()  # until the first frame: nothing made on the way to it is garbage
    opening = _opening(options)
    scenario = None if options.scenario is None else _read(opening, options.scenario)
    if scenario is not None and (options.edits or options.start != 1):
        _session(scenario, options)  # says what is wrong with them before there is a screen
    os.environ.update(terminal.settings)
    is_ascii = terminal.is_ascii if options.ascii is None else options.ascii
    speak(options.lang, is_ascii=terminal.is_ascii)
    from gdsim.tui.app import Options, start

    how = Options(
        at=options.at,
        corrected=options.corrected,
        ascii_only=is_ascii,
        theme=theme,
        is_without_color=not terminal.colors,
        opening=opening,
        start=options.start - 1,
        edits=tuple(options.edits),
        is_asking=options.questions,
        memory=options.memory,
    )
    return start(scenario, how)


def _terminal() -> Terminal:
    """Return what the environment tells of the terminal."""
    return terminal_of(os.environ, sys.stdout.encoding)


def _theme(terminal: Terminal) -> str:
    """Return the theme GDSIM_THEME asks for, else the one that suits the terminal."""
    wanted = os.environ.get("GDSIM_THEME") or terminal.theme
    if wanted not in THEME_NAMES:
        raise UsageError("GDSIM_THEME", f"there is no theme {wanted!r}", f"one of {', '.join(THEME_NAMES)}")
    return wanted


def _run_plain(options: Namespace) -> int:
    opening = _opening(options)
    scenario = None if options.scenario is None else _read(opening, options.scenario)
    speak(options.lang)
    from gdsim.plain.shell import choose_plain, run_plain

    is_ascii = bool(options.ascii)
    if scenario is not None:
        return run_plain(_session(scenario, options), sys.stdin, sys.stdout, ascii_only=is_ascii)

    def opened(name: str) -> Session:
        return _session(_read(opening, name), options)

    return choose_plain(opened, sys.stdin, sys.stdout, ascii_only=is_ascii)


def _opening(options: Namespace) -> Opening:
    """Return how scenarios are opened: with the settings asked for, and what is kept from the learner."""
    from gdsim.scenario.load import Opening

    return Opening(tuple(overrides(options)), _listed("--lock", options.lock), _listed("--hide", options.hide))


def _read(opening: Opening, name: str) -> Scenario:
    """Return the scenario a command line names. Raises GdsimError with every mistake in it."""
    from gdsim.scenario.library import resolve

    return opening.read(resolve(name))


def _listed(option: str, texts: list[str]) -> tuple[str, ...]:
    """Return the names an option lists, separated by commas. Raises UsageError where it lists none."""
    listed = [name.strip() for text in texts for name in text.split(",")]
    if not all(listed):
        raise UsageError(option, "found an empty name", f"names separated by commas, such as {option} edit,rule")
    return tuple(listed)


def _session(scenario: Scenario, options: Namespace) -> Session:
    """Return the session a command line asks for."""
    from gdsim.session import Session

    return Session.open(
        scenario,
        at=options.at,
        corrected=options.corrected,
        start=options.start - 1,
        edits=options.edits,
        is_asking=options.questions,
        budget=options.memory * 2**20,
    )


def _require_terminal(where: str, hint: str) -> None:
    for name, stream in (("output", sys.stdout), ("input", sys.stdin)):
        if stream is None or not stream.isatty():
            raise UsageError(where, f"standard {name} is not a terminal", hint)


COMMAND = Command(
    "run",
    "step through a scenario; without a name, choose one from the list",
    (
        "gdsim run mountain-descent",
        "gdsim run mountain-descent --at 20 --set update.learning_rate=0.3",
        "printf 'next 3\\nback\\n' | gdsim run mountain-descent --plain",
    ),
    _options,
    _act,
)
