"""The connection from a learner's process to the server: frames out, keys in, messages both ways."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import Context, copy_context

from gdsim.classroom.messages import Message, MessageLine, Resize, Whole
from gdsim.scenario.course import Course
from gdsim.scenario.scenario import Scenario
from gdsim.tui.served import Catalogue
from gdsim.tui.terminal_profile import TerminalProfile

_LAST_SECONDS = 1.0
"""Seconds the last bytes may take to be sent."""


class Client(asyncio.Protocol):
    """A screen's connection to the server of its workshop; implements `gdsim.tui.workshop.Client`.

    It reads nothing before the app is ready for it. scenarios: those served, by name; course: the one they form;
    place: where this person was when they left, None for a newcomer; progress: what they had reached.
    """

    _transport: asyncio.Transport
    _message_transport: asyncio.Transport

    def __init__(self, profile: TerminalProfile, catalogue: Catalogue) -> None:
        self.is_instructor, self.place, self.progress = profile.is_instructor, profile.place, profile.progress
        self.scenarios: Mapping[str, Scenario] = catalogue.scenarios
        self.course: Course = catalogue.courses[profile.language]
        self.show_whole: Callable[[], None] = lambda: None
        self.resize: Callable[[int, int], None] = lambda _width, _height: None
        self._messages = MessageLine(self._received, lambda _error: None, lambda: self._run(self._close))
        self._receive: Callable[[Message], None] = lambda _message: None
        self._close: Callable[[], None] = lambda: None
        self._take_keys: Callable[[bytes], None] = lambda _keys: None
        self._drained: Callable[[], None] = lambda: None
        self._closed = asyncio.Event()
        self._context: Context = copy_context()
        self.fail: Callable[[Exception], None] = lambda _error: None
        self.is_behind = False

    @classmethod
    async def connect(
        cls, profile: TerminalProfile, catalogue: Catalogue, screen: socket.socket, messages: socket.socket
    ) -> Client:
        """Return a client connected through two open sockets."""
        client, loop = cls(profile, catalogue), asyncio.get_running_loop()
        client._message_transport, _ = await loop.create_unix_connection(lambda: client._messages, sock=messages)
        client._message_transport.pause_reading()
        await loop.create_unix_connection(lambda: client, sock=screen)
        return client

    # Messages.

    def attach(self, receive: Callable[[Message], None], close: Callable[[], None]) -> None:
        """Start to receive messages; call `close` when the server is gone."""
        self._receive, self._close = receive, close
        self._context = copy_context()  # the app's: its callbacks need the app's context variables
        self._message_transport.resume_reading()

    def tell(self, message: Message) -> None:
        """Send a message to the server."""
        self._messages.send(message)

    def _received(self, message: Message) -> None:
        match message:
            case Resize(width, height):
                self._run(self.resize, width, height)
            case Whole():
                self._run(self.show_whole)
            case _:
                self._run(self._receive, message)

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        """Call the app's `work` in the app's context; an error goes to the app and leaves the connection open."""
        try:
            self._context.run(work, *arguments)
        except Exception as error:
            self._context.run(self.fail, error)

    # Keys and frames.

    def read_keys(self, take: Callable[[bytes], None], drained: Callable[[], None]) -> None:
        """Start to pass on keys, ending with empty bytes; call `drained` when the connection accepts frames again."""
        self._take_keys, self._drained = take, drained
        self._transport.resume_reading()

    def stop_keys(self) -> None:
        """Stop reading keys."""
        self._transport.pause_reading()

    def write(self, frame: bytes) -> None:
        """Send a frame."""
        if not self._transport.is_closing():
            self._transport.write(frame)

    async def close(self) -> None:
        """Send the remaining bytes within `_LAST_SECONDS`, then close; no keys or events are reported any more."""
        self._close = self._drained = lambda: None
        self._take_keys = lambda _keys: None
        self._transport.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closed.wait(), _LAST_SECONDS)
        self._messages.close()
        await asyncio.sleep(0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Pause reading, and count any unsent byte as being behind."""
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(0)
        transport.pause_reading()
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Pass on keys."""
        self._run(self._take_keys, data)

    def pause_writing(self) -> None:
        """Note that frames are still waiting to be sent."""
        self.is_behind = True

    def resume_writing(self) -> None:
        """Resume drawing: the connection accepts frames again."""
        self.is_behind = False
        self._run(self._drained)

    def connection_lost(self, exc: Exception | None) -> None:
        """Report the end of the keys: the learner is gone."""
        self._closed.set()
        self._run(self._take_keys, b"")
