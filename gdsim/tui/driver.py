"""The terminal at the lower end of Textual: nothing wakes up while nothing happens, nothing waits for a slow line."""

from __future__ import annotations

import os
import sys
import termios
from codecs import getincrementaldecoder

from textual import constants
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from gdsim.tui._textual import TerminalApp, XTermParser
from gdsim.tui.line import Line

CLEAR = "\x1b[m\x1b[H\x1b[2J"
"""Plain colours and an empty screen: what is written last on a terminal that may have one screen only."""

_NEWER = frozenset({"\x1b[<u", "\x1b[?2026$p"})
"""What Textual writes to every terminal, and old ones would print in part."""

_MOVES, _DRAGS = "\x1b[?1003", "\x1b[?1002"
"""Modes of the mouse: all its moves are reported, which wakes the program for nothing; only those of a pressed one."""


class TerminalDriver(LinuxDriver):
    """Textual's driver without its polling thread and its queue of frames.

    The event loop reads the keys; frames go to a `Line`, which knows when the terminal is behind.
    """

    def __init__(
        self, app: App[None], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._line: Line | None = None
        self._is_reading = False

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has yet to take what was written."""
        return self._line is not None and self._line.is_behind

    def write(self, data: str) -> None:
        """Write data to the terminal, save what an old one would print."""
        if constants.DISABLE_KITTY_KEY and data in _NEWER:
            return
        if self._line is None:
            super().write(data)
        else:
            self._line.write(data.replace(_MOVES, _DRAGS).encode(errors="replace"))

    def flush(self) -> None:
        """Send what was written."""
        if self._line is not None:
            self._line.push()

    def start_application_mode(self) -> None:
        """Take the terminal over, and send the whole screen: nothing is known of what the terminal shows.

        Textual does so at SIGCONT too. A terminal that vanishes sends that: there is nothing to take over then. After
        SIGSTOP, which leaves no time for it, the terminal is first given back.
        """
        if self._line is not None:
            self.stop_application_mode()
            self.close()
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return
        app = self._app
        if isinstance(app, TerminalApp) and sys.__stderr__ is not None:
            self._line = Line.to(sys.__stderr__.fileno(), self._loop, lambda: _catch_up(app))
            self._loop.call_soon_threadsafe(app.call_later, app.repaint)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def disable_input(self) -> None:
        """Stop reading keys."""
        self._stop_reading()
        super().disable_input()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was; where it has one screen only, as in GNU screen, that is cleared."""
        self.write(CLEAR)
        super().stop_application_mode()
        self.flush()

    def close(self) -> None:
        """Send what is left and close the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()
        super().close()

    def run_input_thread(self) -> None:
        """Let the event loop read the keys; the thread Textual starts for it ends here."""
        self._is_reading = True
        self._loop.call_soon_threadsafe(self._start_reading)

    def _start_reading(self) -> None:
        if not self._is_reading:
            return
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode

        def look() -> None:
            for event in parser.tick():
                self.process_message(event)

        def read() -> None:
            try:
                data = os.read(self.fileno, 4096)
            except OSError:
                data = b""
            if not data:  # the terminal is gone
                self._stop_reading()
                self._app.exit(return_code=1)
                return
            text = decode(data)
            for event in parser.feed(text) if text else ():  # an empty text would tell the parser that no more comes
                self.process_message(event)
            # An escape that nothing follows is the escape key.
            self._loop.call_later(constants.ESCAPE_DELAY + 0.01, look)

        self._loop.add_reader(self.fileno, read)

    def _stop_reading(self) -> None:
        if self._is_reading and not self._loop.is_closed():
            self._loop.remove_reader(self.fileno)
        self._is_reading = False


def _catch_up(app: TerminalApp) -> None:
    app.call_later(app.catch_up)
