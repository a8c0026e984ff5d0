"""The Textual driver for a terminal: no wake-ups while idle, and no waiting for a slow terminal."""

from __future__ import annotations

import os
import sys
import termios
from asyncio import AbstractEventLoop
from codecs import getincrementaldecoder
from collections.abc import Callable
from functools import partial

from textual import constants
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from gdsim.tui._textual import TerminalApp, XTermParser

CLEAR = "\x1b[m\x1b[H\x1b[2J"
"""Resets colours and clears the screen: written last, for terminals without an alternate screen."""

_NEWER = frozenset({"\x1b[<u", "\x1b[?2026$p"})
"""Requests that Textual writes to every terminal; old terminals print parts of them."""

_MOVES, _DRAGS = "\x1b[?1003", "\x1b[?1002"
"""Mouse modes: report every move, which wakes the program for nothing; report moves only while a button is down."""


class Writer:
    """Writes to a terminal without blocking: keeps what the terminal does not take at once, and sends it later.

    drained: called when everything has been sent after some of it had to wait.
    """

    def __init__(self, descriptor: int, loop: AbstractEventLoop, drained: Callable[[], object]) -> None:
        self._descriptor = descriptor
        self._loop = loop
        self._drained = drained
        self._waiting = bytearray()
        self._is_watched = self._is_due = False

    @classmethod
    def to(cls, terminal: int, loop: AbstractEventLoop, drained: Callable[[], object]) -> Writer | None:
        """Return a writer to the terminal behind a descriptor, None if the terminal cannot be reopened.

        Reopening is needed because non-blocking mode belongs to the open file, which the shell shares.
        """
        try:
            descriptor = os.open(os.ttyname(terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return None
        return cls(descriptor, loop, drained)

    @property
    def is_behind(self) -> bool:
        """Whether written data is still waiting for the terminal."""
        return self._is_watched

    def write(self, data: bytes) -> None:
        """Send `data`, together with anything else written in this turn of the event loop."""
        self._waiting += data
        if not self._is_due and not self._is_watched:
            self._is_due = True
            self._loop.call_soon(self.push)

    def push(self) -> None:
        """Send as much of the waiting data as the terminal takes now."""
        self._is_due = False
        if self._is_watched:
            return
        self._write_some()
        if self._waiting:
            self._is_watched = True
            self._loop.add_writer(self._descriptor, self._go_on)

    def close(self) -> None:
        """Send all waiting data, however long that takes, and close the terminal."""
        if self._is_watched and not self._loop.is_closed():
            self._loop.remove_writer(self._descriptor)
        self._is_watched = False
        os.set_blocking(self._descriptor, True)
        self._write_some()
        os.close(self._descriptor)

    def _go_on(self) -> None:
        self._write_some()
        if not self._waiting:
            self._loop.remove_writer(self._descriptor)
            self._is_watched = False
            self._drained()

    def _write_some(self) -> None:
        try:
            while self._waiting:
                del self._waiting[: os.write(self._descriptor, self._waiting)]
        except BlockingIOError:
            pass
        except OSError:  # the terminal is gone; the reader will notice
            self._waiting.clear()


class TerminalDriver(LinuxDriver):
    """Textual's driver without its polling thread and frame queue.

    The event loop reads keys; a `Writer` takes the frames and knows when the terminal is behind.
    """

    def __init__(
        self, app: App[None], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._writer: Writer | None = None
        self._is_reading = False

    @property
    def is_behind(self) -> bool:
        """Whether written data is still waiting for the terminal."""
        return self._writer is not None and self._writer.is_behind

    def write(self, data: str) -> None:
        """Write data to the terminal, except requests that an old one would print."""
        if constants.DISABLE_KITTY_KEY and data in _NEWER:
            return
        if self._writer is None:
            super().write(data)
        else:
            self._writer.write(data.replace(_MOVES, _DRAGS).encode(errors="replace"))

    def flush(self) -> None:
        """Send what was written so far."""
        if self._writer is not None:
            self._writer.push()

    def start_application_mode(self) -> None:
        """Take over the terminal and send the whole screen, since what the terminal shows is unknown.

        Textual calls this on SIGCONT too. A vanishing terminal sends SIGCONT as well; then do nothing. If SIGSTOP left
        no time to give the terminal back, do that first.
        """
        if self._writer is not None:
            self.stop_application_mode()
            self.close()
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return
        app = self._app
        if isinstance(app, TerminalApp) and sys.__stderr__ is not None:
            self._writer = Writer.to(sys.__stderr__.fileno(), self._loop, partial(app.call_later, app.catch_up))
            self._loop.call_soon_threadsafe(app.call_later, app.repaint)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def disable_input(self) -> None:
        """Stop reading keys."""
        self._stop_reading()
        super().disable_input()

    def stop_application_mode(self) -> None:
        """Restore the terminal; clear the screen for terminals without an alternate one, such as GNU screen."""
        self.write(CLEAR)
        super().stop_application_mode()
        self.flush()

    def close(self) -> None:
        """Send the remaining data and close the terminal."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        super().close()

    def run_input_thread(self) -> None:
        """Let the event loop read keys; the thread that Textual starts for this ends at once."""
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
            for event in parser.feed(text) if text else ():  # an empty text would mean end of input
                self.process_message(event)
            # An escape code followed by nothing is the escape key.
            self._loop.call_later(constants.ESCAPE_DELAY + 0.01, look)

        self._loop.add_reader(self.fileno, read)

    def _stop_reading(self) -> None:
        if self._is_reading and not self._loop.is_closed():
            self._loop.remove_reader(self.fileno)
        self._is_reading = False
