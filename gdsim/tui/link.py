"""The two lines of a served screen: its terminal's bytes, and messages to and from the server of the workshop."""

from __future__ import annotations

import os
from asyncio import AbstractEventLoop
from collections.abc import Callable

from gdsim.classroom.messages import LONGEST_LINE, Message, MessageError, decode, encode
from gdsim.tui.line import Line


class Link:
    """Open sockets that do not wait: `screen` takes what is drawn and gives keys; messages go through `control`."""

    def __init__(self, screen: int, control: int) -> None:
        self.screen = screen
        self._control = control
        self._heard = bytearray()
        self._loop: AbstractEventLoop | None = None
        self._line: Line | None = None

    def open(self, loop: AbstractEventLoop, heard: Callable[[Message], None], gone: Callable[[], None]) -> None:
        """Begin to hear messages; `gone` is called when the server is."""
        self._loop = loop
        self._line = Line(self._control, loop, lambda: None)

        def read() -> None:
            for message in self._read():
                if message is None:
                    loop.remove_reader(self._control)
                    gone()
                else:
                    heard(message)

        loop.add_reader(self._control, read)

    def lead(self, screen: int, control: int) -> None:
        """Lead elsewhere from here on: other sockets take the numbers of those there were, which are closed."""
        for new, old in ((screen, self.screen), (control, self._control)):
            os.dup2(new, old)
            os.close(new)

    def tell(self, message: Message) -> None:
        """Send a message; before `open` and once the server does not listen any more it is dropped."""
        if self._line is not None and not self._line.is_behind:
            self._line.write(encode(message))

    def flush(self) -> None:
        """Send what waits, as far as it is taken."""
        if self._line is not None:
            self._line.push()

    def _read(self) -> list[Message | None]:
        """Return the messages that have come, and None at the end; what is none is passed over."""
        found: list[Message | None] = []
        try:
            data = os.read(self._control, LONGEST_LINE)
        except BlockingIOError:
            return found
        except OSError:
            data = b""
        self._heard += data
        *lines, rest = self._heard.split(b"\n")
        self._heard = bytearray(rest[:LONGEST_LINE])
        for line in lines:
            try:
                found.append(decode(bytes(line)))
            except MessageError:
                continue
        return found if data else [*found, None]
