"""``gdsim run``, and ``gdsim`` alone: a scenario on the screen, or in plain text."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, BooleanOptionalAction, Namespace

from gdsim.cli.command import Command
from gdsim.cli.language_options import add_language, speak
from gdsim.cli.scenario_options import add_scenario_options, count, load_scenario, overrides
from gdsim.errors import UsageError
from gdsim.tui.terminal import Terminal, terminal_of

THEME_NAMES = ("dark", "light", "colour-blind", "terminal", "terminal-light")
"""The names of `gdsim.tui.themes`, known without loading the screen."""


def _options(parser: ArgumentParser) -> None:
    add_scenario_options(parser)
    group = parser.add_argument_group("how it is shown")
    group.add_argument("--at", type=count, default=0, metavar="N", help="stand after update N at first")
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
    add_language(group)


def _no_options(_parser: ArgumentParser) -> None:
    """Add nothing: the picker asks."""


def _act(options: Namespace) -> int:
    terminal = _terminal()
    if options.plain or terminal.is_dumb:
        return _run_plain(options)
    _require_terminal("gdsim run", f"add --plain to step in plain text, or: gdsim trace {options.scenario}")
    theme = options.theme or _theme(terminal)
    scenario = load_scenario(options)
    os.environ.update(terminal.settings)
    speak(options.lang, is_ascii=terminal.is_ascii)
    from gdsim.tui.app import Options, start

    how = Options(
        at=options.at,
        corrected=options.corrected,
        ascii_only=terminal.is_ascii if options.ascii is None else options.ascii,
        theme=theme,
        is_without_color=not terminal.colors,
        overrides=tuple(overrides(options)),
    )
    return start(scenario, how)


def _pick(_options: Namespace) -> int:
    _require_terminal("gdsim", "gdsim list, gdsim run NAME --plain and gdsim trace NAME need none")
    terminal = _terminal()
    if terminal.is_dumb:
        raise UsageError("gdsim", "this terminal cannot show the picker", "gdsim list, then gdsim run NAME")
    theme = _theme(terminal)
    os.environ.update(terminal.settings)
    speak(None, is_ascii=terminal.is_ascii)
    from gdsim.tui.app import Options, start

    return start(None, Options(ascii_only=terminal.is_ascii, theme=theme, is_without_color=not terminal.colors))


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
    scenario = load_scenario(options)
    speak(options.lang)
    from gdsim.plain.shell import run_plain
    from gdsim.session import Session

    session = Session.open(scenario, at=options.at, corrected=options.corrected)
    return run_plain(session, sys.stdin, sys.stdout, ascii_only=bool(options.ascii))


def _require_terminal(where: str, hint: str) -> None:
    for name, stream in (("output", sys.stdout), ("input", sys.stdin)):
        if stream is None or not stream.isatty():
            raise UsageError(where, f"standard {name} is not a terminal", hint)


COMMAND = Command(
    "run",
    "step through a scenario",
    (
        "gdsim run mountain-descent",
        "gdsim run mountain-descent --at 20 --set update.learning_rate=0.3",
        "printf 'next 3\\nback\\n' | gdsim run mountain-descent --plain",
    ),
    _options,
    _act,
)
PICKER = Command("", "open the scenario picker", ("gdsim", "gdsim run mountain-descent"), _no_options, _pick)
