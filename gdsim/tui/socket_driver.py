"""Textual's lower end for a served screen: bytes over a socket, no terminal device, no thread, nothing that wakes up.

Whoever is at the other end of the socket puts the learner's terminal into the modes a screen needs and back
(`gdsim.serve.terminal_care`), so only frames go out here. Sizes come as messages; what keys claim about the size, and
everything else a terminal is not asked for, is left out.
"""

from __future__ import annotations

import os
import re
import socket
import struct
from codecs import getincrementaldecoder
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import constants, events, messages
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from gdsim.tui._textual import TerminalApp, XTermParser
from gdsim.tui.line import Line

if TYPE_CHECKING:
    from gdsim.tui.link import Link

_LONGEST_PASTE = 65_536
"""Characters of a paste that is taken."""

_LAST_SECONDS = 1
"""How long the last bytes may take to go out."""

_POINTER = "\x1b]22;"

_IMPOSSIBLE = re.compile(r"\x1b\[[<?]?[\d;:]*\d{7}[\d;:]*[ -/]*[@-~]?")
"""Sequences with numbers no terminal sends; Textual's parser takes some for characters there are not."""

_NOT_ASKED_FOR = (events.Resize, events.CursorPosition, messages.InBandWindowResize, events.MouseMove)
"""What keys may claim and nobody asked: sizes cost memory, mouse moves cost drawing."""


class SocketDriver(Driver):
    """Reads keys from a link and draws to it, on the event loop."""

    def __init__(
        self, app: App[None], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._light: TerminalApp = app  # type: ignore[assignment]
        self._link: Link = app.link  # type: ignore[attr-defined]
        self._line: Line | None = None
        self._parser = XTermParser()
        self._pasted = 0
        self._is_reading = False

    @property
    def is_behind(self) -> bool:
        """Whether the line has not taken yet what was written."""
        return self._line is not None and self._line.is_behind

    def write(self, data: str) -> None:
        """Write data to the terminal, but for the shape of a pointer that nobody reports."""
        if data.startswith(_POINTER):
            return
        if self._line is not None:
            self._line.write(data.encode(errors="replace"))

    def flush(self) -> None:
        """Send what was written."""
        if self._line is not None:
            self._line.push()

    def resize(self, width: int, height: int) -> None:
        """Draw in another size from now on."""
        self._size = (width, height)
        self.send_message(events.Resize(Size(width, height), Size(width, height)))

    def start_application_mode(self) -> None:
        """Begin to draw and to read."""
        app = self._light
        self._line = Line(self._link.screen, self._loop, lambda: _later(app))
        app.call_later(app.repaint)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._is_reading = True
        self._loop.add_reader(self._link.screen, self._read)

    def disable_input(self) -> None:
        """Stop reading keys."""
        if self._is_reading and not self._loop.is_closed():
            self._loop.remove_reader(self._link.screen)
        self._is_reading = False

    def stop_application_mode(self) -> None:
        """Draw no more."""
        self.disable_input()
        self.flush()

    def close(self) -> None:
        """Send what is left, in the little time there is for it, and close the line."""
        line, self._line = self._line, None
        if line is None:
            return
        with socket.socket(fileno=os.dup(self._link.screen)) as last:
            last.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _LAST_SECONDS, 0))
        line.close()

    def _read(self) -> None:
        try:
            data = os.read(self._link.screen, 4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:  # the learner is gone
            self.disable_input()
            self._app.exit(return_code=1)
            return
        text = _IMPOSSIBLE.sub("", self._decode(data))
        if text:  # an empty text would tell the parser that no more comes
            self._take(lambda: self._parser.feed(text))
        self._count_paste(text)
        if "\x1b" in text:  # one that nothing follows is the escape key
            self._loop.call_later(constants.ESCAPE_DELAY + 0.01, self._take, lambda: self._parser.tick())

    def send_message(self, message: Message) -> None:
        """Post a message to the app; everything happens in one thread here."""
        self._app.post_message(message)

    def _take(self, parse: Any) -> None:
        """Post the events of what was typed; what the parser stumbles over is dropped, and it begins anew."""
        try:
            found: Iterable[Message] = list(parse())
        except (ValueError, OverflowError, IndexError, TypeError):
            self._parser = XTermParser()
            return
        for event in found:
            if not isinstance(event, _NOT_ASKED_FOR):
                self.process_message(event)

    def _count_paste(self, text: str) -> None:
        """Give up a paste that does not end."""
        begun, ended = text.rfind("\x1b[200~"), text.rfind("\x1b[201~")
        if begun > ended:
            self._pasted = len(text) - begun
        elif ended > begun:
            self._pasted = 0
        elif self._pasted:
            self._pasted += len(text)
        if self._pasted > _LONGEST_PASTE:
            self._parser, self._pasted = XTermParser(), 0

    # What a terminal's owner may do, and a guest may not.

    @property
    def can_suspend(self) -> bool:
        """Whether the program can be stopped in favour of a shell: there is none."""
        return False

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Open nothing: a browser would open on the server."""

    def deliver_binary(self, binary: Any, *, delivery_key: str, save_path: Path, **_how: Any) -> None:
        """Deliver nothing: the file would lie on the server."""
        binary.close()


def _later(app: TerminalApp) -> None:
    app.call_later(app.catch_up)
