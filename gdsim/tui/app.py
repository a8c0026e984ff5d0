"""The Textual application: the picker, or one scenario's run screen."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from textual.app import SystemCommand
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from gdsim.errors import GdsimError
from gdsim.i18n import _
from gdsim.scenario.library import Summary, resolve, summaries
from gdsim.scenario.load import Opening
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.tui import screens
from gdsim.tui._textual import TerminalApp
from gdsim.tui.ascii_letters import AsciiLetters
from gdsim.tui.driver import TerminalDriver
from gdsim.tui.screens.keeping import Keeping
from gdsim.tui.screens.run import RunScreen
from gdsim.tui.themes import THEMES


@dataclass(frozen=True, slots=True)
class Options:
    """How the screen opens.

    at: the update to stand at; corrected: start with the corrected rule; opening: how the file of a scenario that is
    picked from the list or read again is opened; theme: a name of `THEMES`, None for the dark one; is_without_color:
    nothing but marks, bold and reverse. start: the scenario's starting point, from 0; edits: what is changed on the
    way, as a trace lists it; is_asking: scenarios put their questions unbidden;
    memory: megabytes of states kept for a run.
    """

    at: int = 0
    corrected: bool = False
    ascii_only: bool = False
    theme: str | None = None
    is_without_color: bool = False
    opening: Opening = field(default=Opening())
    start: int = 0
    edits: tuple[str, ...] = ()
    is_asking: bool = False
    memory: int = 64


INTERRUPTED = 130
"""The exit status after ctrl+c, and after SIGINT from outside: 128 and the signal's number."""

_HERE = Path(__file__).parent

_FIRST_LOOK = 0.1
"""Seconds from the first layout until the first screen is at the terminal, and no key is pressed yet."""

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class GdsimApp(TerminalApp):
    """Shows one scenario, or the picker when none is given."""

    # Read here and now: a learner's process in a workshop may not be able to read a single file.
    CSS = (_HERE / "gdsim.tcss").read_text("utf-8")
    SHEETS = (_HERE / "sheets.tcss").read_text("utf-8")
    TITLE = "gdsim"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]

    def __init__(self, scenario: Scenario | None = None, options: Options | None = None) -> None:
        self._options = options or Options()
        # Without colour Textual would still send greys, unless it leaves all colours to the terminal.
        super().__init__(ansi_color=True if self._options.is_without_color else None)
        self._scenario = scenario
        self._letters = (AsciiLetters(),) if self._options.ascii_only else ()
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = self._options.theme or "dark"

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for the terminal the program was started on."""
        return TerminalDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line drawn goes through; `--ascii` is the last of it."""
        return (*super().get_line_filters(), *self._letters)

    def action_interrupt(self) -> None:
        """Copy what is marked with the mouse; with nothing marked leave, as programs on a terminal do at ctrl+c."""
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
        else:
            self.exit(return_code=INTERRUPTED)

    def _leave_at_signals(self) -> None:
        """Leave in order at SIGINT, SIGTERM and SIGHUP, so that the terminal is as it was before."""
        if self.is_headless or threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.add_signal_handler(number, partial(self.exit, None, 128 + number))

    def on_mount(self) -> None:
        self._leave_at_signals()
        self.begin()

    def get_default_screen(self) -> Screen[Any]:
        """Return the screen below all others: the run's where one is asked for, so that no empty one lies under it."""
        if self._scenario is None:
            return super().get_default_screen()
        return self.screen_of(self.session_of(self._scenario))

    def push_screen(self, *arguments: Any, **options: Any) -> Any:
        """Show a screen over those there are; the styles of all but a run's are read with the first."""
        if not self.stylesheet.has_source(str(_HERE), "SHEETS"):
            self.stylesheet.add_source(self.SHEETS, read_from=(str(_HERE), "SHEETS"))
        return super().push_screen(*arguments, **options)

    def begin(self) -> None:
        """Show the first screen, where there is none yet."""
        if self._scenario is None:
            self.push_screen(screens.PickerScreen(self.offered()))
        elif not isinstance(self.screen, RunScreen):
            self.open(self._scenario)

    def on_ready(self) -> None:
        """Leave what can wait until a learner looks at the first screen."""
        self.set_timer(_FIRST_LOOK, self._settle)

    def _settle(self) -> None:
        """Look for garbage again, never among what is there by now, and load what explains the first update."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def open(self, scenario: Scenario) -> None:
        """Open the run screen on a scenario."""
        self.push_screen(self.screen_of(self.session_of(scenario)))

    def session_of(self, scenario: Scenario) -> Session:
        """Return the session on a scenario that the options ask for."""
        asked = self._options
        return Session.open(
            scenario,
            at=asked.at,
            corrected=asked.corrected,
            start=asked.start,
            edits=asked.edits,
            is_asking=asked.is_asking,
            budget=asked.memory * 2**20,
        )

    def screen_of(self, session: Session) -> RunScreen:
        """Return the screen that shows a session."""
        return RunScreen(session, ascii_only=self._options.ascii_only)

    def offered(self) -> Sequence[Summary]:
        """Return the scenarios to choose from."""
        return summaries()

    def read(self, name: str) -> Scenario:
        """Return the scenario of a name. Raises GdsimError where there is none, or it has mistakes."""
        return self._options.opening.read(resolve(name))

    def on_picker_screen_picked(self, event: screens.PickerScreen.Picked) -> None:
        """Open the scenario picked from the list."""
        try:
            self.open(self.read(event.name))
        except GdsimError as error:
            self.notify(str(error), severity="error", timeout=10)

    def on_keeping_reload_asked(self, event: Keeping.ReloadAsked) -> None:
        """Read the scenario's file again; while it has mistakes, they are shown and the run stays as it is."""
        try:
            scenario = self._options.opening.read(event.where)
        except GdsimError as error:
            self.push_screen(screens.Reader(_("not read again"), str(error), is_markdown=False))
            return
        if isinstance(self.screen, RunScreen):
            self.screen.reloaded(scenario)

    def action_command_palette(self) -> None:
        """Open the palette."""
        if not isinstance(self.screen, screens.Palette):
            self.push_screen(screens.Palette(placeholder=_("Search for an action…"), id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return what the palette offers: every key's action by name, the themes, quit."""
        if isinstance(screen, RunScreen):
            yield from screen.palette_entries()
        for name in THEMES:
            yield SystemCommand(
                _("Theme: {name}").format(name=name), _("Colours of the screen"), partial(self._use, name)
            )
        if not isinstance(screen, RunScreen):
            yield SystemCommand(_("Quit"), _("Leave gdsim"), self.action_quit)

    def _use(self, theme: str) -> None:
        self.theme = theme


def start(scenario: Scenario | None, options: Options) -> int:
    """Open the screen and return the exit status when it closes."""
    app = GdsimApp(scenario, options)
    app.run()
    return app.return_code or 0
