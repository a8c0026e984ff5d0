"""``gdsim run``, ``gdsim learn``, and ``gdsim`` alone: shows a scenario or a course on the screen."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from functools import cache, partial

from gdsim.cli.arguments import THEME_NAMES
from gdsim.cli.options import ghosts, opening, place_of
from gdsim.errors import UsageError
from gdsim.i18n import speak
from gdsim.scenario.course import course_path, load_course
from gdsim.scenario.library import resolve
from gdsim.session import Session
from gdsim.session.progress import ProgressFile
from gdsim.session.steps import way_to
from gdsim.tui.app import start
from gdsim.tui.display import Options
from gdsim.tui.terminal import Terminal, terminal_of


def run_command(options: Namespace) -> int:
    """Show the screen until it is left, and return the exit status."""
    terminal = terminal_of(os.environ, sys.stdout.encoding)
    hint = f"gdsim trace {options.scenario}" if options.scenario is not None else "gdsim list, gdsim trace NAME"
    _require_terminal("gdsim run", f"add --plain to step in plain text, or: {hint}")
    theme = options.theme or _theme(terminal)
    how = opening(options)
    scenario = None if options.scenario is None else how.read(resolve(options.scenario))
    place = place_of(options)
    if scenario is not None and (place.edits or place.start):
        way_to(Session.open(scenario, place), place)  # raises now if it is wrong
    path = course_path(options.course)
    speak(options.lang, "ascii" if terminal.is_ascii else sys.stdout.encoding)
    load = cache(partial(load_course, path))
    if scenario is None:
        load()  # raises mistakes in the course before the screen opens
    return start(
        scenario,
        Options(
            place=place,
            ascii_only=terminal.is_ascii if options.ascii is None else options.ascii,
            theme=theme,
            is_without_color=not terminal.colors,
            opening=how,
            is_asking=options.questions,
            has_motion=not options.no_motion,
            memory=options.memory,
            beside=() if scenario is None else ghosts(scenario, options),
            course=load,
            progress=ProgressFile(),
        ),
    )


learn_command = run_command
"""``gdsim learn`` is ``gdsim run`` with a course instead of a scenario."""


def _theme(terminal: Terminal) -> str:
    """Return the theme that GDSIM_THEME names, else the one that suits the terminal."""
    wanted = os.environ.get("GDSIM_THEME") or terminal.theme
    if wanted not in THEME_NAMES:
        raise UsageError("GDSIM_THEME", f"there is no theme {wanted!r}", f"one of {', '.join(THEME_NAMES)}")
    return wanted


def _require_terminal(where: str, hint: str) -> None:
    if os.environ.get("TEXTUAL_DRIVER"):  # the driver it names draws in a browser, over pipes
        return
    for name, stream in (("output", sys.stdout), ("input", sys.stdin)):
        if stream is None or not stream.isatty():
            raise UsageError(where, f"standard {name} is not a terminal", hint)
