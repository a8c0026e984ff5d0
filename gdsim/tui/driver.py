"""The terminal at the lower end of Textual: nothing wakes up while nothing happens, nothing waits for a slow line."""

from __future__ import annotations

import os
import termios
from codecs import getincrementaldecoder

from textual import constants
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from gdsim.tui.light_app import LightApp
from gdsim.tui.line import Line
from gdsim.tui.watched import WatchedDriver

CLEAR = "\x1b[m\x1b[H\x1b[2J"
"""Colours as they were, and an empty screen: what is written last on a terminal that may have one screen only."""

_NEWER = frozenset({"\x1b[<u", "\x1b[?2026$p"})
"""What Textual writes whatever the terminal is, of which old ones would print a part."""


class TerminalDriver(WatchedDriver, LinuxDriver):
    """Textual's driver without its polling thread and without its queue of frames.

    Keys are read by the event loop; frames go to a `Line`, which tells when the terminal is behind.
    """

    def __init__(
        self, app: App[None], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._line: Line | None = None
        self._is_reading = False

    @property
    def is_behind(self) -> bool:
        """Whether the line has not taken yet what was written."""
        return self._line is not None and self._line.is_behind

    def write(self, data: str) -> None:
        """Write data to the terminal, save what an old one would print."""
        if constants.DISABLE_KITTY_KEY and data in _NEWER:
            return
        self._sent += len(data)
        if self._line is None:
            super().write(data)
        else:
            self._line.write(data.encode(errors="replace"))

    def flush(self) -> None:
        """Send what was written."""
        if self._line is not None:
            self._line.push()

    def start_application_mode(self) -> None:
        """Take the terminal over; nothing is known of what it shows."""
        app = self._app
        if isinstance(app, LightApp) and self._file is not None:
            self._line = Line.to(self._file.fileno(), self._loop, lambda: _later(app))
            app.forget_terminal()
            self._loop.call_soon_threadsafe(_later, app)
        self._asked = None
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal over again after a stop.

        A terminal that vanishes sends SIGCONT too: there is nothing to take over then. SIGSTOP left no time to give
        the terminal back, so that is done first.
        """
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application()

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
            text = self.without_answers(decode(data))
            for event in parser.feed(text) if text else ():  # an empty text would tell the parser that no more comes
                self.process_message(event)
            # An escape that nothing follows is the escape key.
            self._loop.call_later(constants.ESCAPE_DELAY + 0.01, look)

        self._loop.add_reader(self.fileno, read)

    def _stop_reading(self) -> None:
        if self._is_reading and not self._loop.is_closed():
            self._loop.remove_reader(self.fileno)
        self._is_reading = False


def _later(app: LightApp) -> None:
    app.call_later(app.catch_up)
