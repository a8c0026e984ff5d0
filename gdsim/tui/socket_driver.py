"""The Textual driver for a served screen: bytes over a socket, no terminal device, no thread, no wake-ups.

The other end of the socket switches the learner's terminal into the modes a screen needs and back
(`gdsim.serve.terminal`), so this driver sends only frames. Sizes arrive as messages; sizes reported in the key
stream, like any other report that was not requested, are ignored.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from textual import constants, events, messages
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from gdsim.tui._textual import TerminalApp, XTermParser
from gdsim.tui.terminal_profile import WHOLE

_LONGEST_PASTE = 65_536
"""The most characters of a paste that are accepted."""

_POINTER = "\x1b]22;"

_IMPOSSIBLE = re.compile(r"\x1b\[[<?]?[\d;:]*\d{7}[\d;:]*[ -/]*[@-~]?")
"""Sequences with numbers that no terminal sends; Textual's parser turns some into characters that do not exist."""

_NOT_ASKED_FOR = (events.Resize, events.CursorPosition, messages.InBandWindowResize, events.MouseMove)
"""Events the key stream may contain unasked: sizes cost memory, mouse moves cost drawing time."""


class Line(Protocol):
    """The connection to a learner's terminal.

    is_behind: whether written data is still waiting to be sent. resize: called when the terminal's size changes;
    show_whole: called when a whole frame is wanted, beginning with `WHOLE`.
    """

    is_behind: bool
    resize: Callable[[int, int], None]
    show_whole: Callable[[], None]

    def read_keys(self, take: Callable[[bytes], None], drained: Callable[[], None]) -> None:
        """Start passing keys to `take`, empty bytes at their end; call `drained` when frames are accepted again."""

    def stop_keys(self) -> None:
        """Stop passing keys."""

    def write(self, frame: bytes) -> None:
        """Send a frame."""


class SocketDriver(Driver):
    """Reads keys from a connection and draws to it, on the event loop."""

    def __init__(
        self,
        app: TerminalApp,
        *,
        line: Line,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._terminal_app, self._line = app, line
        line.resize, line.show_whole = self.resize, self.show_whole
        self._parser = XTermParser()
        self._pasted = 0

    @property
    def is_behind(self) -> bool:
        """Whether written data is still waiting to be sent."""
        return self._line.is_behind

    def write(self, data: str) -> None:
        """Write data to the terminal, except pointer shapes: mouse moves are not reported."""
        if data.startswith(_POINTER):
            return
        self._line.write(data.encode(errors="replace"))

    def flush(self) -> None:
        """Do nothing: what is written is sent at once."""

    def resize(self, width: int, height: int) -> None:
        """Draw in another size from now on."""
        self._size = (width, height)
        self.send_message(events.Resize(Size(width, height), Size(width, height)))

    def show_whole(self) -> None:
        """Draw everything again."""
        self._line.write(WHOLE)
        self._terminal_app.repaint()

    def start_application_mode(self) -> None:
        """Start drawing and reading keys."""
        app = self._terminal_app
        app.call_later(app.repaint)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._line.read_keys(self._read, lambda: _later(app))

    def disable_input(self) -> None:
        """Stop reading keys."""
        self._line.stop_keys()

    def stop_application_mode(self) -> None:
        """Stop reading keys; the other end restores the terminal."""
        self.disable_input()

    def _read(self, data: bytes) -> None:
        if not data:  # the learner is gone
            self._app.exit(return_code=1)
            return
        text = _IMPOSSIBLE.sub("", self._decode(data))
        if text:  # an empty text would mean end of input
            self._take(lambda: self._parser.feed(text))
        self._count_paste(text)
        if "\x1b" in text:  # an escape code followed by nothing is the escape key
            self._loop.call_later(constants.ESCAPE_DELAY + 0.01, self._take, lambda: self._parser.tick())

    def send_message(self, message: Message) -> None:
        """Post a message to the app; there is only one thread here."""
        self._app.post_message(message)

    def _take(self, parse: Any) -> None:
        """Post the events of typed input; drop input the parser fails on, and start with a new parser."""
        try:
            found: Iterable[Message] = list(parse())
        except (ValueError, OverflowError, IndexError, TypeError):
            self._parser = XTermParser()
            return
        for event in found:
            if not isinstance(event, _NOT_ASKED_FOR):
                self.process_message(event)

    def _count_paste(self, text: str) -> None:
        """Drop a paste that grows too long."""
        begun, ended = text.rfind("\x1b[200~"), text.rfind("\x1b[201~")
        if begun > ended:
            self._pasted = len(text) - begun
        elif ended > begun:
            self._pasted = 0
        elif self._pasted:
            self._pasted += len(text)
        if self._pasted > _LONGEST_PASTE:
            self._parser, self._pasted = XTermParser(), 0

    # What a learner may not do on the server. Suspending needs no method: only a terminal's driver can.

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Open nothing: a browser would open on the server."""

    def deliver_binary(self, binary: Any, *, delivery_key: str, save_path: Path, **_how: Any) -> None:
        """Discard the file: it would be saved on the server."""
        binary.close()


def _later(app: TerminalApp) -> None:
    app.call_later(app.catch_up)
