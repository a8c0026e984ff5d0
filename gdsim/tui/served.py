"""The application as a workshop serves it: the ordinary app with a client, connected to a learner's terminal."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple, Protocol, cast

from rich.color import ColorSystem
from textual.css.stylesheet import Stylesheet
from textual.driver import Driver

from gdsim.classroom.messages import Failed
from gdsim.scenario.course import Course
from gdsim.scenario.scenario import Scenario
from gdsim.tui.app import GdsimApp
from gdsim.tui.display import Options
from gdsim.tui.socket_driver import Line, SocketDriver
from gdsim.tui.terminal import EIGHT_BIT, SIXTEEN, TRUE_COLOR
from gdsim.tui.terminal_profile import TerminalProfile
from gdsim.tui.workshop import Client, Workshop

FAILED = 70
"""The exit status after an internal error, as in sysexits.h."""

_DEPTHS = {SIXTEEN: ColorSystem.STANDARD, EIGHT_BIT: ColorSystem.EIGHT_BIT, TRUE_COLOR: ColorSystem.TRUECOLOR}

_PATH = re.compile(r"(?<![\w.])~?(?:/[\w.+@-]+)+/?")


class Catalogue(NamedTuple):
    """What a workshop serves: its scenarios by name, and by language its course, or a course made of all of them."""

    scenarios: Mapping[str, Scenario]
    courses: Mapping[str, Course]


class ServedClient(Client, Line, Protocol):
    """A client connected to the terminal. fail: called with an error the app raised on a key or message."""

    fail: Callable[[Exception], None]


def served_app(profile: TerminalProfile, client: ServedClient, stylesheet: Stylesheet | None = None) -> GdsimApp:
    """Return an app that shows the served scenarios to the learner or instructor at the client's terminal.

    stylesheet: one already read by an app of the same theme, to save reading it again.
    """
    is_list = len(client.scenarios) > 1 or client.course.has_chapters
    only = None if is_list else next(iter(client.scenarios.values()))
    driver = cast("type[Driver]", partial(SocketDriver, line=client))
    app = GdsimApp(only, _options(profile), driver)
    app.workshop = Workshop(app, client)
    if stylesheet is not None:
        app.stylesheet = stylesheet
    # Textual read a colour depth at import, before this learner's was known.
    app.set_color_depth(_DEPTHS.get(profile.colors))

    def failed(error: Exception) -> None:
        """End the screen; the learner gets only the message, the server's log the traceback."""
        client.tell(Failed(public_error(error)))
        traceback.print_exception(error, file=sys.__stderr__)
        app.exit(return_code=FAILED)

    app.on_failure = failed
    client.fail = app.fail
    return app


def public_error(error: Exception) -> str:
    """Return an error as shown to a learner: its type and message, without paths of this machine."""
    says = error.strerror or "" if isinstance(error, OSError) else str(error)
    text = _PATH.sub("…", f"{type(error).__name__}: {says}".strip().rstrip(":"))
    return "".join(each if each.isprintable() else " " for each in text)[:200]


def served(scenario: Scenario) -> Scenario:
    """Return a scenario for serving: identified by its name, without paths of this machine."""
    update = {"where": scenario.name, "folder": None}
    compared = tuple(replace(each, scenario=each.scenario.model_copy(update=update)) for each in scenario.compared)
    return scenario.model_copy(update={**update, "compared": compared})


def _options(profile: TerminalProfile) -> Options:
    """Return the options for a learner's terminal; nothing moves by itself, since many share the network."""
    is_without_color = not profile.colors
    return Options(
        ascii_only=profile.is_ascii, theme=profile.theme, is_without_color=is_without_color, has_motion=False
    )
