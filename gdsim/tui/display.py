"""What the app is opened with, and an app that looks as these options say: theme, colours, letters, style sheet."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from textual import constants
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter
from textual.notifications import SeverityLevel

from gdsim.charts.view import Comparison
from gdsim.explain.wrapping import broken_lines
from gdsim.scenario.course import Course
from gdsim.scenario.load import Opening
from gdsim.session.progress import ProgressFile
from gdsim.tui._textual import TerminalApp
from gdsim.tui.ascii_letters import AsciiLetters
from gdsim.tui.driver import TerminalDriver
from gdsim.tui.themes import THEMES

INTERRUPTED = 130
"""The exit status after ctrl+c, and after SIGINT from outside: 128 and the signal's number."""

_NOTICE_WIDTH, _NOTICE_EDGE = 60, 3
"""Cells of a notice, of which its edge and the air around its text take some."""

_HERE = Path(__file__).parent
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Options:
    """How the screen opens.

    at: the update to stand at; corrected: start with the corrected rule; opening: how the file of a scenario that is
    picked from the list or read again is opened; theme: a name of `THEMES`, None for the dark one; is_without_color:
    nothing but marks, bold and reverse. start: the scenario's starting point, from 0; edits: what is changed on the
    way, as a trace lists it; is_asking: scenarios put their questions unbidden;
    has_motion: whether anything may move by itself. memory: megabytes of states kept for a run. beside: runs drawn
    beside the scenario's. course: reads what the path shows, None for all bundled scenarios; progress: where what is
    reached is kept, None for nowhere.
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
    has_motion: bool = True
    memory: int = 64
    beside: tuple[Comparison, ...] = ()
    course: Callable[[], Course] | None = None
    progress: ProgressFile | None = None


class DisplayApp(TerminalApp):
    """An app in the theme and letters of its options, which leaves in order at ctrl+c and at signals."""

    # Read here and now: a learner's process in a workshop may not be able to read a single file.
    CSS = (_HERE / "gdsim.tcss").read_text("utf-8")
    TITLE = "gdsim"
    BINDINGS = [
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]

    def __init__(self, options: Options, driver_class: type[Driver] | None = None) -> None:
        """driver_class: what the app draws with; None for the terminal the program was started on."""
        self.options = options
        # Without colour Textual would still send greys, unless it leaves all colours to the terminal.
        ansi_color = True if options.is_without_color else None
        super().__init__(driver_class=driver_class, ansi_color=ansi_color)
        if not options.has_motion:
            self.animation_level = "none"
        self._letters = (AsciiLetters(),) if options.ascii_only else ()
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = self._sheet_theme = options.theme or "dark"
        self.stylesheet.set_variables(self.get_css_variables())

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for the terminal the program was started on, or the one TEXTUAL_DRIVER names."""
        if not constants.DRIVER:
            return TerminalDriver
        from textual.drivers.web_driver import WebDriver

        from gdsim.tui.browser_driver import BrowserDriver

        driver = super().get_driver_class()
        return BrowserDriver if driver is WebDriver else driver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line drawn goes through; `--ascii` is the last of it."""
        return (*super().get_line_filters(), *self._letters)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a notice, as text without markup."""
        width = min(_NOTICE_WIDTH, self.size.width // 2) - _NOTICE_EDGE
        message = broken_lines(message, width)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def refresh_css(self, animate: bool = True) -> None:
        """Read the style sheet again for another theme; Textual asks for it as the app starts, too."""
        if self.theme != self._sheet_theme:
            self._sheet_theme = self.theme
            super().refresh_css(animate)

    def on_mount(self) -> None:
        """Leave in order at SIGINT, SIGTERM and SIGHUP, so that the terminal is as it was before."""
        if self.is_headless or threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.add_signal_handler(number, partial(self.exit, None, 128 + number))

    def on_ready(self) -> None:
        """Collect garbage again, where that was put off until the first screen; never what is there by now."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def action_interrupt(self) -> None:
        """Copy what is marked with the mouse; with nothing marked leave, as programs on a terminal do at ctrl+c."""
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
        else:
            self.exit(return_code=INTERRUPTED)
