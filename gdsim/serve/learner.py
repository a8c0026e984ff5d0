"""One learner's session over SSH: sends what a screen draws, takes keys, and restores the terminal at the end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import asyncssh

from gdsim.classroom.messages import Busy, Failed, Goodbye, Message, Resize, Whole
from gdsim.classroom.room import clean_name
from gdsim.i18n import _, use_language
from gdsim.serve.limits import LimitedChannel
from gdsim.serve.mirrors import Mirror
from gdsim.serve.rates import KeyLimit
from gdsim.serve.terminal import entering, leaving, notice_over, printable, profile_for, terminal_for
from gdsim.serve.workers import Worker
from gdsim.tui.terminal import Terminal
from gdsim.tui.terminal_profile import TerminalProfile, clamped

if TYPE_CHECKING:
    from gdsim.serve.connections import Connections
    from gdsim.serve.ssh import Connection

log = logging.getLogger(__name__)

REFUSED, KICKED, STOPPED, NOT_STARTED, FAILED = 1, 1, 0, 71, 70
"""Exit statuses of a connection that the server ends: there is no screen for it, it was idle or replaced by another
login, the workshop is over, no screen could be started, the screen failed."""

_NO_SHELL = "only the screen is available, no shell or files: ssh -t -p PORT NAME@HOST"
_SEND_BUFFER = 65_536
_STARTS = 3
_REPORTS = (b"\x1b[0n", b"\x1b[3n")
"""Replies that terminals send by themselves, not keys of a learner."""

_RESIZE_SECONDS = 0.15
_KEY_SECONDS = 2.0
"""Seconds a key may take to reach a screen; until then no mirror replaces the screen, or the key would be lost."""

_LAST_SECONDS = 1.0


class Learner(asyncssh.SSHServerSession[bytes]):
    """A session from the request for a screen to its end: a learner's, or an instructor's.

    asyncssh calls `session_started` when all is known about the terminal; from then on the learner sees a mirror, or
    the screen of a worker of their own.
    """

    _channel: LimitedChannel
    _terminal: Terminal

    def __init__(self, connections: Connections, connection: Connection, address: str, *, is_instructor: bool) -> None:
        self.name, self.address = "", address
        self.profile = TerminalProfile(is_instructor=is_instructor)
        self.is_crashed = self.is_private = False
        self.mirror: Mirror | None = None
        self.worker: Worker | None = None
        self._connections, self._connection = connections, connection
        self._refusal = self._failure = ""
        self._starting: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._keys = KeyLimit(self._loop.time())
        self._unsent = b""
        self._known: Worker | None = None
        self._last_key = self._loop.time()
        self._typed = -_KEY_SECONDS
        self._clogged: set[str] = set()
        self._is_busy = self._is_held = self._has_entered = self._is_gone = False
        self._end: asyncio.Future[tuple[int, Callable[[], str]]] = self._loop.create_future()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # What the client asks for.

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        assert isinstance(chan, LimitedChannel)
        self._channel = chan
        chan.set_write_buffer_limits(_SEND_BUFFER)

    def shell_requested(self) -> bool:
        """Accept; if there is no terminal, the started session says why it has no screen."""
        if self._channel.get_terminal_type() is None:
            self._refuse("a session without a terminal", "a screen needs a terminal: ssh -t -p PORT NAME@HOST")
        return True

    def exec_requested(self, command: str) -> bool:
        """Refuse to run a command, and say so."""
        self._refuse("to run a command", _NO_SHELL)
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Refuse sftp and the like, and say so."""
        self._refuse(f"the subsystem {printable(subsystem, 32)}", _NO_SHELL)
        return True

    def session_started(self) -> None:
        """Start the screen, or say why there is none."""
        self._connection.screen_asked()
        variables = self._channel.get_environment()
        self._terminal = terminal = terminal_for(self._channel.get_terminal_type() or "", variables)
        size = clamped(*self._channel.get_terminal_size()[:2])
        self.profile = profile_for(terminal, variables, size, is_instructor=self.profile.is_instructor)
        use_language(self.profile.language)
        full = self._connections.refuses(self.profile)
        if terminal.is_dumb:
            self._refuse("a terminal that can only write lines", "this terminal cannot show a screen")
        elif full:
            self._refuse("a learner: the workshop is full", full)
        if self._refusal:
            self._say(self._refusal)
            self.end(REFUSED)
            self._finish(REFUSED)
            return
        for refusal in self._channel.refusals:
            self._say(f"{refusal} is not allowed")
        self.name = clean_name(str(self._channel.connection.get_extra_info("username")))
        self._connections.serve(self)

    def _refuse(self, what: str, said: str) -> None:
        if not self._refusal:
            self._connection.refused(what)
            self._refusal = said

    # What the client sends, and the state of its connection.

    def data_received(self, data: bytes, datatype: Any) -> None:
        """Pass on what the learner typed, at human speed; typing on a mirror starts a screen of the learner's own."""
        if self._end.done():
            return
        self._last_key = self._loop.time()
        if data not in _REPORTS:
            self._typed = self._last_key
            if self.mirror is not None:
                self.is_private = True
                self.go_alone()
        if self.mirror is None:
            self._pass_on(data)

    def eof_received(self) -> bool:
        """End the connection: a learner whose input has ended has left."""
        self.end(0)
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Tell the screen the terminal's new size; of several in a short time, only the last."""
        self.profile = replace(self.profile, size=clamped(width, height))
        if "resize" not in self._timers:
            self._timers["resize"] = self._loop.call_later(_RESIZE_SECONDS, self._resize)

    def pause_writing(self) -> None:
        """Note that the channel accepts no more for now."""
        self.clogged(True, "channel")

    def resume_writing(self) -> None:
        """Note that the channel accepts data again."""
        self.clogged(False, "channel")

    def clogged(self, is_clogged: bool, what: str = "connection") -> None:
        """Note whether the client leaves unread what was sent; while it does, the screen leaves frames out."""
        (self._clogged.add if is_clogged else self._clogged.discard)(what)
        if self.worker is not None:
            self.worker.pause(bool(self._clogged))
        if self.mirror is not None and not self._clogged:
            self.mirror.caught_up(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End: the connection is down."""
        self._is_gone = True
        self.end(0)
        self._connection.close_soon()

    async def is_alive(self) -> bool:
        """Return whether the connection is up, which its client has to confirm."""
        return not self._is_gone and await self._channel.connection.is_alive()

    def _resize(self) -> None:
        del self._timers["resize"]
        if self.mirror is not None:
            self._connections.reshaped(self)
        self.tell(Resize(*self.profile.size))

    # From the login to the end.

    async def serve(self) -> None:
        """Serve the connection until it ends."""
        use_language(self.profile.language)
        if self._connections.options.idle_timeout:
            self._look_idle()
        if self.mirror is None:
            self._start()
        try:
            status, text = await self._end
        finally:
            self._leave_mirror()
            for task in self._starting:
                task.cancel()
            await asyncio.gather(*self._starting, return_exceptions=True)
            for timer in self._timers.values():
                timer.cancel()
        await self._part(status, text())

    def tell(self, message: Message) -> None:
        """Send a message to the screen."""
        if self.worker is not None:
            self.worker.tell(message)

    def end(self, status: int, text: Callable[[], str] = lambda: "") -> None:
        """End the connection with an exit status and a text, which is called for in the learner's language."""
        if not self._end.done():
            self._end.set_result((status, text))

    def _look_idle(self) -> None:
        timeout = self._connections.options.idle_timeout
        left = self._last_key + timeout - self._loop.time()
        if left > 0:
            self._timers["idle"] = self._loop.call_later(left, self._look_idle)
        else:
            log.info("%s: idle for %.0f s", self.name, timeout)
            self.end(KICKED, lambda: _("you were idle for too long; log in again to continue"))

    async def _part(self, status: int, text: str) -> None:
        """End the process if it has not ended, restore the terminal, say goodbye."""
        if self.worker is not None:
            self.tell(Goodbye(""))
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.worker.ended), _LAST_SECONDS)
            self._drop()
        if self._is_gone:
            return
        if self._has_entered:
            self._send(leaving(self._terminal))
        if text:
            self._send(f"gdsim: {text}\r\n".encode(errors="replace"))
        self._finish(status)

    def _finish(self, status: int) -> None:
        """Send the exit status and end the channel; a connection the client leaves open is cut soon after."""
        with suppress(OSError):
            self._channel.exit(status)
        self._connection.close_soon()

    # A screen shared with others.

    @property
    def can_share(self) -> bool:
        """Whether this connection may show a mirror: a learner's, with no private screen and nothing typed just now."""
        is_typing = self._loop.time() - self._typed < _KEY_SECONDS
        return not (self.profile.is_instructor or self.is_private or is_typing or self._end.done())

    def come_back(self) -> None:
        """Note that the screen has handled the learner's last key, so a mirror may be shown again."""
        self.is_private, self._typed = False, -_KEY_SECONDS

    def share(self, mirror: Mirror) -> None:
        """Show a mirror from now on, and end the learner's own screen."""
        self._leave_mirror()
        self._drop()
        self.mirror = mirror
        mirror.add(self)

    def shown(self, data: bytes) -> bool:
        """Send what a mirror shows; return False if the connection accepts no more for now."""
        if self._clogged or self._is_gone:
            return False
        self._write(data)
        return True

    def go_alone(self) -> None:
        """Start a screen of the learner's own, at the place the mirror shows."""
        self._leave_mirror()
        if not self._end.done():
            self.profile = replace(self.profile, place=self._connections.place_of(self))
            self._start()

    def _leave_mirror(self) -> None:
        mirror, self.mirror = self.mirror, None
        if mirror is not None:
            mirror.remove(self)

    # The learner's own screen.

    def _start(self) -> None:
        task = asyncio.create_task(self._try_starts())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _try_starts(self) -> None:
        use_language(self.profile.language)  # that of whoever began this may be another
        workers = self._connections.workers
        for attempt in range(_STARTS):
            async with workers.turns:
                if self.worker is not None or self.mirror is not None:  # another screen was found meanwhile
                    return
                worker, size = Worker(self, self.name), self.profile.size
                self.worker = worker
                await workers.start(worker, self.profile)
                if size != self.profile.size:  # it changed before the screen could be told
                    self.tell(Resize(*self.profile.size))
                worker.pause(bool(self._clogged))
                if await worker.is_painting() or self.worker is not worker or worker.ended.done():
                    return
            if worker.pid:
                log.warning("%s: a screen that drew nothing was stopped (attempt %d)", self.name, attempt + 1)
            self._drop()
        self.end(NOT_STARTED, lambda: _("no screen could be started; please log in again"))

    def _drop(self) -> None:
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.let_go()

    def drawn(self, data: bytes) -> None:
        """Send what the screen drew. After its first bytes, tell it about the room, which decides what keys mean."""
        if self._known is not self.worker:
            self._known = self.worker
            self._last_key = self._loop.time()
            self._connections.ready(self)
            self._pass_on(b"")
        self._write(data)

    def received(self, message: Message) -> None:
        """Handle a message from the screen."""
        if isinstance(message, Failed):
            self._failure = message.text
        elif isinstance(message, Busy):
            log.warning("%s: the screen has used half of its processor time for one thing", self.name)
            text = _("this is taking too long: the screen will soon be closed; log in again to continue where you were")
            self._write(notice_over(text, self.profile.size))
            self.tell(Whole())  # removes the notice, once the screen reads messages again
        else:
            self._connections.received(self, message)

    def held(self, is_held: bool) -> None:
        """Note whether the screen accepts no keys for now."""
        self._is_busy = is_held
        self._hold()

    def ended(self, status: int) -> None:
        """End the connection with the screen's exit status, or say what stopped the screen."""
        if self._end.done():
            return
        self.is_crashed = status < 0 or bool(self._failure)
        if self._failure:
            log.error("%s: the screen stopped with an error: %s", self.name, self._failure)
            self.end(FAILED, lambda: _("this screen stopped with an error: {error}").format(error=self._failure))
        elif status < 0:
            name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
            log.error("%s: the screen was stopped by %s", self.name, name)
            text = _("this screen was stopped by {signal}; log in again to continue where you were")
            self.end(128 - status, lambda: text.format(signal=name))
        else:
            self.end(status)

    # Bytes both ways.

    def _pass_on(self, data: bytes) -> None:
        """Send keys to the screen as fast as the limit allows, once it has drawn; the others wait."""
        self._unsent += data
        if self.worker is not None and self._known is self.worker:
            self.worker.press(self._keys.take(self._unsent, self._loop.time()))
            self._unsent = b""
            if self._keys.is_holding and "keys" not in self._timers:
                self._timers["keys"] = self._loop.call_later(self._keys.seconds, self._pass_on_held)
                self.worker.give_way()
        self._hold()

    def _pass_on_held(self) -> None:
        del self._timers["keys"]
        self._pass_on(b"")

    def _hold(self) -> None:
        """Read keys only while the screen takes them."""
        is_held = self._keys.is_holding or self._is_busy or bool(self._unsent)
        if is_held != self._is_held and not self._is_gone:
            self._is_held = is_held
            (self._channel.pause_reading if is_held else self._channel.resume_reading)()

    def _write(self, data: bytes) -> None:
        """Show what a screen draws."""
        if not self._has_entered:
            self._has_entered = True
            self._send(entering(self._terminal))
        self._send(data)

    def _send(self, data: bytes) -> None:
        if not self._is_gone:
            with suppress(OSError):
                self._channel.write(data)

    def _say(self, text: str) -> None:
        end = "\n" if self._channel.get_terminal_type() is None else "\r\n"
        with suppress(OSError):
            self._channel.write_stderr(f"gdsim serve: {text}{end}".encode(errors="replace"))
