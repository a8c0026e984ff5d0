"""One learner's connection: sends frames, takes keys, and restores the terminal at the end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gdsim.classroom.messages import Busy, Failed, Goodbye, Message, Resize, Whole
from gdsim.i18n import _, use_language
from gdsim.serve.mirrors import Mirror
from gdsim.serve.rates import KeyLimit
from gdsim.serve.terminal import entering, leaving, notice_over
from gdsim.serve.workers import StartError, Worker, Workers
from gdsim.tui.terminal import Terminal
from gdsim.tui.terminal_profile import TerminalProfile, clamped

if TYPE_CHECKING:
    from gdsim.serve.connections import Connections
    from gdsim.serve.session import Session

log = logging.getLogger(__name__)

KICKED, STOPPED, NOT_STARTED, FAILED = 1, 0, 71, 70
"""Exit statuses of a connection that the server ends: it was idle or replaced by another login, the workshop is over,
no screen could be started, the screen failed."""

_STARTS = 3
_REPORTS = (b"\x1b[0n", b"\x1b[3n")
"""Replies that terminals send by themselves, not keys of a learner."""

_RESIZE_SECONDS = 0.15
_KEY_SECONDS = 2.0
"""Seconds a key may take to reach a screen; until then no mirror replaces the screen, or the key would be lost."""

_LAST_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ExitReason:
    """How a connection ends: its exit status, and a text in the learner's language, empty for none."""

    status: int
    text: str = ""


class Learner:
    """A learner from the login to the end of the connection."""

    def __init__(
        self,
        name: str,
        profile: TerminalProfile,
        terminal: Terminal,
        session: Session,
        connections: Connections,
        workers: Workers,
        turns: asyncio.Semaphore,
    ) -> None:
        self.name, self.profile = name, profile
        self.is_crashed = self.is_private = False
        self.mirror: Mirror | None = None
        self.worker: Worker | None = None
        self._terminal, self._session, self._connections = terminal, session, connections
        self._workers, self._turns = workers, turns
        self._starting: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._keys = KeyLimit(self._loop.time())
        self._unsent = b""
        self._known: Worker | None = None
        self._last_key = self._loop.time()
        self._typed = -_KEY_SECONDS
        self._has_entered = self._is_full = self._is_gone = self._is_held = False
        self._reason: asyncio.Future[Callable[[], ExitReason]] = self._loop.create_future()
        self._failure = ""
        self._timers: dict[str, asyncio.TimerHandle] = {}

    async def serve(self, idle_timeout: float) -> None:
        """Serve the connection until it ends."""
        use_language(self.profile.language)
        if idle_timeout:
            self._look_idle(idle_timeout)
        if self.mirror is None:
            self._start()
        try:
            reason = (await self._reason)()
        finally:
            self._leave_mirror()
            await self._stop_starting()
            for timer in self._timers.values():
                timer.cancel()
        await self._part(reason)

    # Called by the connection and the server.

    def typed(self, data: bytes) -> None:
        """Pass on what the learner typed, at human speed; typing on a mirror starts a screen of the learner's own."""
        self._last_key = self._loop.time()
        if data not in _REPORTS:
            self._typed = self._last_key
            if self.mirror is not None:
                self.is_private = True
                self._leave_mirror()
                self._go_alone()
        if self.mirror is None:
            self._pass_on(data)

    def resized(self, width: int, height: int) -> None:
        """Tell the screen the terminal's new size; of several in a short time, only the last."""
        self.profile = replace(self.profile, size=clamped(width, height))
        if "resize" not in self._timers:
            self._timers["resize"] = self._loop.call_later(_RESIZE_SECONDS, self._resize)

    def full(self, is_full: bool) -> None:
        """Note whether the connection is full; while it is, the screen leaves frames out."""
        self._is_full = is_full
        if self.worker is not None:
            self.worker.pause(is_full)
        if self.mirror is not None and not is_full:
            self.mirror.caught_up(self)

    def tell(self, message: Message) -> None:
        """Send a message to the screen."""
        if self.worker is not None:
            self.worker.tell(message)

    def end(self, reason: Callable[[], ExitReason]) -> None:
        """End the connection; `reason` is called in the learner's language."""
        if not self._reason.done():
            self._reason.set_result(reason)

    async def is_alive(self) -> bool:
        """Return whether the connection is up, which its client has to confirm."""
        return not self._is_gone and await self._session.is_alive()

    def gone(self) -> None:
        """Note that the connection is down."""
        self._is_gone = True
        self.end(lambda: ExitReason(0))

    # A screen shared with others.

    @property
    def can_share(self) -> bool:
        """Whether this connection may show a mirror: a learner's, with no private screen and nothing typed just now."""
        is_typing = self._loop.time() - self._typed < _KEY_SECONDS
        return not (self.profile.is_instructor or self.is_private or is_typing or self._reason.done())

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
        if self._is_full or self._is_gone:
            return False
        self._write(data)
        return True

    def unshared(self) -> None:
        """Continue on a screen of the learner's own: the mirror is gone."""
        self.mirror = None
        self._go_alone()

    def _leave_mirror(self) -> None:
        mirror, self.mirror = self.mirror, None
        if mirror is not None:
            mirror.remove(self)

    def _go_alone(self) -> None:
        """Start the learner's own screen, at the place the mirror shows."""
        if not self._reason.done():
            self.profile = replace(self.profile, place=self._connections.place_of(self))
            self._start()

    # Its process.

    def _start(self) -> None:
        task = asyncio.create_task(self._try_starts())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _try_starts(self) -> None:
        for attempt in range(_STARTS):
            async with self._turns:
                if self.worker is not None or self.mirror is not None:  # another screen was found meanwhile
                    return
                worker, size = Worker(self, self.name), self.profile.size
                self.worker = worker
                try:
                    await self._workers.start(worker, self.profile)
                except StartError:
                    if self.worker is not worker:
                        return
                    self._drop()
                    continue
                if size != self.profile.size:  # it changed before the screen could be told
                    self.tell(Resize(*self.profile.size))
                worker.pause(self._is_full)
                if await worker.is_painting() or self.worker is not worker or worker.ended.done():
                    return
            log.warning("%s: a screen that drew nothing was stopped (attempt %d)", self.name, attempt + 1)
            self._drop()
        self.end(lambda: ExitReason(NOT_STARTED, _("no screen could be started; please log in again")))

    async def _stop_starting(self) -> None:
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)

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
        self._is_held = is_held
        self._hold()

    def ended(self, status: int) -> None:
        """End the connection with the screen's exit status, or with the error it reported."""
        self.end(lambda: self._exit_reason(status))

    def _exit_reason(self, status: int) -> ExitReason:
        if status >= 0 and not self._failure:
            return ExitReason(status)
        self.is_crashed = True
        if self._failure:
            log.error("%s: the screen stopped with an error: %s", self.name, self._failure)
            return ExitReason(FAILED, _("this screen stopped with an error: {error}").format(error=self._failure))
        name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
        log.error("%s: the screen was stopped by %s", self.name, name)
        text = _("this screen was stopped by {signal}; log in again to continue where you were")
        return ExitReason(128 - status, text.format(signal=name))

    async def _part(self, reason: ExitReason) -> None:
        """End the process if it has not ended, restore the terminal, say goodbye."""
        if self.worker is not None:
            self.tell(Goodbye(""))
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.worker.ended), _LAST_SECONDS)
            self._drop()
        if self._is_gone:
            return
        with suppress(OSError):
            if self._has_entered:
                self._session.write(leaving(self._terminal))
            if reason.text:
                self._session.write(f"gdsim: {reason.text}\r\n".encode(errors="replace"))
        self._session.finish(reason.status)

    # Keys and sizes.

    def _write(self, data: bytes) -> None:
        if not self._has_entered:
            self._has_entered = True
            self._session.write(entering(self._terminal))
        self._session.write(data)

    def _pass_on(self, data: bytes) -> None:
        self._unsent += self._keys.take(data, self._loop.time())
        if self._keys.is_holding and "keys" not in self._timers:
            self._timers["keys"] = self._loop.call_later(self._keys.seconds, self._pass_on_held)
            if self.worker is not None:
                self.worker.give_way()
        if self.worker is not None and self._known is self.worker:
            self.worker.press(self._unsent)
            self._unsent = b""
        self._hold()

    def _pass_on_held(self) -> None:
        del self._timers["keys"]
        self._pass_on(b"")

    def _hold(self) -> None:
        self._session.hold(self._keys.is_holding or self._is_held or bool(self._unsent))

    def _resize(self) -> None:
        del self._timers["resize"]
        if self.mirror is not None:
            self._leave_mirror()
            self._connections.reshaped(self)
        self.tell(Resize(*self.profile.size))

    def _look_idle(self, timeout: float) -> None:
        left = self._last_key + timeout - self._loop.time()
        if left > 0:
            self._timers["idle"] = self._loop.call_later(left, self._look_idle, timeout)
        else:
            log.info("%s: idle for %.0f s", self.name, timeout)
            self.end(lambda: ExitReason(KICKED, _("you were idle for too long; log in again to continue")))
