"""The way from the screen to the terminal: written without waiting, so that a slow line holds up nothing."""

from __future__ import annotations

import os
from asyncio import AbstractEventLoop
from collections.abc import Callable


class Line:
    """Bytes on their way to a terminal. What the terminal does not take at once is kept and sent when it does.

    drained: called when everything has gone out after some of it had to wait.
    """

    def __init__(self, descriptor: int, loop: AbstractEventLoop, drained: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._loop = loop
        self._drained = drained
        self._waiting = bytearray()
        self._is_watched = self._is_due = False

    @classmethod
    def to(cls, terminal: int, loop: AbstractEventLoop, drained: Callable[[], None]) -> Line | None:
        """Return a line to the terminal behind a descriptor, None where it cannot be opened once more.

        It is opened anew because writing without waiting is a mode of an open file, which the shell shares.
        """
        try:
            descriptor = os.open(os.ttyname(terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return None
        return cls(descriptor, loop, drained)

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not taken everything yet."""
        return self._is_watched

    def write(self, data: bytes) -> None:
        """Send `data`, together with what else is written before the loop goes on."""
        self._waiting += data
        if not self._is_due and not self._is_watched:
            self._is_due = True
            self._loop.call_soon(self.push)

    def push(self) -> None:
        """Send what waits, as far as the terminal takes it."""
        self._is_due = False
        if self._is_watched:
            return
        self._write_some()
        if self._waiting:
            self._is_watched = True
            self._loop.add_writer(self._descriptor, self._go_on)

    def close(self) -> None:
        """Send what waits, however long that takes, and give the line back."""
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
        except OSError:  # the terminal is gone; whoever reads from it will notice
            self._waiting.clear()
