"""The app's options, and an app that follows them: theme, colours, letters, style sheet."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from textual import constants, events
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen

from gdsim.charts.view import Comparison
from gdsim.explain.wrapping import broken_lines
from gdsim.scenario.course import Course
from gdsim.scenario.load import Opening
from gdsim.scenario.place import START, Place
from gdsim.session.progress import ProgressFile
from gdsim.tui._textual import TerminalApp
from gdsim.tui.ascii_letters import AsciiLetters
from gdsim.tui.driver import TerminalDriver
from gdsim.tui.themes import THEMES

INTERRUPTED = 130
"""The exit status after ctrl+c or an external SIGINT: 128 plus the signal's number."""

_NOTICE_WIDTH, _NOTICE_EDGE = 60, 3
"""Width of a notice in cells, and how many of them its edge and padding take."""

_HERE = Path(__file__).parent
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Options:
    """How the screen opens.

    place: where in a scenario; opening: how to open the file of a scenario that is picked from the list or reloaded;
    theme: a name of `THEMES`, None for the dark one; is_without_color: use only marks, bold and reverse. is_asking:
    scenarios ask their questions by themselves; has_motion: whether anything may move by itself. memory: megabytes of
    states kept for a run. beside: runs to compare with the scenario's own. course: reads the course for the path, None
    for all bundled scenarios; progress: the file that keeps progress, None to keep none.
    """

    place: Place = START
    ascii_only: bool = False
    theme: str | None = None
    is_without_color: bool = False
    opening: Opening = field(default=Opening())
    is_asking: bool = False
    has_motion: bool = True
    memory: int = 64
    beside: tuple[Comparison, ...] = ()
    course: Callable[[], Course] | None = None
    progress: ProgressFile | None = None


def is_current(message: Message, screen: Screen[Any]) -> bool:
    """Whether a message to a screen is none of a size that the terminal no longer has.

    Textual's screens send themselves each size once more. With two sizes under way, they would lay themselves out in
    one and the other for ever, so screens do not post what is not current.
    """
    return not isinstance(message, events.Resize) or message.size == screen.app.size


class DisplayApp(TerminalApp):
    """An app in the theme and letters of its options, which exits cleanly on ctrl+c and signals."""

    # Read at import: a learner's process in a workshop may not be allowed to read any file.
    CSS = (_HERE / "gdsim.tcss").read_text("utf-8")
    TITLE = "gdsim"
    BINDINGS = [
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]

    def __init__(self, options: Options, driver_class: type[Driver] | None = None) -> None:
        """driver_class: the Textual driver; None for the terminal the program was started in."""
        self.options = options
        # Without colour, Textual still sends greys unless all colours are left to the terminal.
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
        """Return the driver for the terminal the program was started in, or the one named by TEXTUAL_DRIVER."""
        if not constants.DRIVER:
            return TerminalDriver
        from textual.drivers.web_driver import WebDriver

        from gdsim.tui.browser_driver import BrowserDriver

        driver = super().get_driver_class()
        return BrowserDriver if driver is WebDriver else driver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters for every drawn line; the one for `--ascii` is the last."""
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
        """Show a notice as plain text, without markup."""
        width = min(_NOTICE_WIDTH, self.size.width // 2) - _NOTICE_EDGE
        message = broken_lines(message, width)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def refresh_css(self, animate: bool = True) -> None:
        """Reload the style sheet, but only if the theme has changed: Textual also asks for it at startup."""
        if self.theme != self._sheet_theme:
            self._sheet_theme = self.theme
            super().refresh_css(animate)

    def on_mount(self) -> None:
        """Exit cleanly on SIGINT, SIGTERM and SIGHUP, so that the terminal is restored."""
        if self.is_headless or threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.add_signal_handler(number, partial(self.exit, None, 128 + number))

    def on_ready(self) -> None:
        """Turn garbage collection back on if startup turned it off; exempt the objects that exist by now."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def action_interrupt(self) -> None:
        """Copy the text selected with the mouse; with no selection, exit, as terminal programs do on ctrl+c."""
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
        else:
            self.exit(return_code=INTERRUPTED)
