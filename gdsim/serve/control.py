"""What a learner's process and the server tell each other, beside what is drawn and typed."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from gdsim.classroom.messages import LONGEST_LINE, Message, MessageError, decode, encode
from gdsim.serve.log import Log
from gdsim.serve.starter import received

_MOST_UNTOLD = 1_000_000
"""Bytes of messages that wait for a screen at most."""


class Control:
    """The line of messages with one process.

    heard: called with each message that comes; spoilt: called once what comes can be no message any more.
    """

    def __init__(
        self, end: socket.socket, name: str, heard: Callable[[Message], None], spoilt: Callable[[], None], log: Log
    ) -> None:
        self._end, self._name, self._heard, self._spoilt, self._log = end, name, heard, spoilt, log
        self._loop = asyncio.get_running_loop()
        self._untold = self._line = b""
        self._loop.add_reader(end, self._read)

    def tell(self, message: Message) -> None:
        """Send a message as soon as the process takes it; one that does not listen misses what is too much."""
        if len(self._untold) > _MOST_UNTOLD:
            return
        with suppress(MessageError):
            self._untold += encode(message)
        self._push()

    def hear_last(self) -> None:
        """Hear what a process told before its end, such as where its screen stood."""
        while self._read():
            pass

    def close(self) -> None:
        """Tell and hear no more; the socket is its owner's to close."""
        self._untold = b""
        self._loop.remove_reader(self._end)
        self._loop.remove_writer(self._end)

    def _push(self) -> None:
        self._loop.remove_writer(self._end)
        try:
            while self._untold:
                self._untold = self._untold[self._end.send(self._untold) :]
        except (BlockingIOError, InterruptedError):
            self._loop.add_writer(self._end, self._push)
        except OSError:
            self._untold = b""

    def _read(self) -> bool:
        """Hear what has come; return whether there may be more."""
        data = received(self._end, LONGEST_LINE)
        if not data:
            if data is not None:
                self._loop.remove_reader(self._end)
            return False
        *lines, self._line = (self._line + data).split(b"\n")
        if len(self._line) > LONGEST_LINE:
            self._log.say(f"{self._name}: a screen that sends what is no message was ended")
            self._spoilt()
        for line in lines:
            try:
                message = decode(line)
            except MessageError as error:
                self._log.often("message", f"{self._name}: {error}")
                continue
            self._heard(message)
        return True
