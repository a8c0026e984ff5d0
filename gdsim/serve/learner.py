"""One learner's line: what is drawn goes out, what is typed goes in, and at the end the terminal is as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from gdsim.classroom.messages import Failed, Goodbye, Message, Place, Resize
from gdsim.i18n import _, use_language
from gdsim.serve.control import Control
from gdsim.serve.endings import KICKED, NOT_STARTED, Ending, failed, killed, signal_name
from gdsim.serve.flood import Flow
from gdsim.serve.log import Log
from gdsim.serve.mirrors import Mirror
from gdsim.serve.starter import Child, Fresh, StartError, Warm, received
from gdsim.serve.terminal_care import entering, leaving
from gdsim.serve.watch import is_painting
from gdsim.tui.seat import Seat, clamped
from gdsim.tui.terminal import Terminal

_STARTS = 3
_REPORTS = (b"\x1b[0n", b"\x1b[3n")
"""What terminals answer of themselves: no keys of their learners."""

_READ = 16_384
_RESIZE_SECONDS = 0.05
_LAST_SECONDS = 2.0


class Outlet(Protocol):
    """The way to a learner's terminal."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def finish(self, status: int) -> None:
        """Send the exit status, after everything else."""

    def hold(self, is_held: bool) -> None:
        """Take no more keys from the learner for now, or take them again."""

    async def is_alive(self) -> bool:
        """Return whether the other end gives a sign of life."""


class Learner:
    """A learner from the login to the end of the line."""

    def __init__(
        self,
        name: str,
        seat: Seat,
        terminal: Terminal,
        outlet: Outlet,
        *,
        starter: Warm | Fresh,
        turns: asyncio.Semaphore,
        heard: Callable[[Learner, Message], None],
        ready: Callable[[Learner], None],
        place: Callable[[], Place | None],
        reshaped: Callable[[Learner], None],
        idle_timeout: float,
        log: Log,
    ) -> None:
        self.name, self.seat = name, seat
        self.is_crashed = self.is_private = False
        self.mirror: Mirror | None = None
        self.child: Child | None = None
        self._control: Control | None = None
        self._terminal, self._outlet = terminal, outlet
        self._starter, self._turns, self._log = starter, turns, log
        self._place, self._reshaped = place, reshaped
        self._beginning: asyncio.Task[None] | None = None
        self._heard, self._ready, self._idle_timeout = heard, ready, idle_timeout
        self._loop = asyncio.get_running_loop()
        self._flow = Flow(self._loop.time())
        self._last_key = self._loop.time()
        self._unsent = b""
        self._has_entered = self._is_full = self._is_gone = self._is_reading = False
        self._first, self._drawn = asyncio.Event(), asyncio.Event()
        self._ending: asyncio.Future[Callable[[], Ending]] = self._loop.create_future()
        self._failure = ""
        self._resizing: asyncio.TimerHandle | None = None
        self._flowing: asyncio.TimerHandle | None = None
        self._idle: asyncio.TimerHandle | None = None

    async def serve(self) -> None:
        """Serve the line to its end."""
        use_language(self.seat.language)
        if self._idle_timeout:
            self._idle = self._loop.call_later(self._idle_timeout, self._look_idle)
        self._beginning = asyncio.create_task(self._begin()) if self.mirror is None else None
        try:
            ending = (await self._ending)()
        finally:
            self._leave_mirror()
            if self._beginning is not None:
                self._beginning.cancel()
                with suppress(asyncio.CancelledError):
                    await self._beginning
            self._stop_timers()
        await self._part(ending)

    # What the line and the server say.

    def typed(self, data: bytes) -> None:
        """Pass on what the learner typed, in measure."""
        self._last_key = self._loop.time()
        if self.mirror is not None and data not in _REPORTS:
            self.is_private = True
            self._leave_mirror()
            self._go_alone()
        if self.mirror is None:
            self._pass_on(data)

    def resized(self, width: int, height: int) -> None:
        """Let the screen know the terminal's new size; of many in a short time the last."""
        self.seat = replace(self.seat, size=clamped(width, height))
        if self._resizing is None:
            self._resizing = self._loop.call_later(_RESIZE_SECONDS, self._resize)

    def full(self, is_full: bool) -> None:
        """Note that the line takes no more for now, or takes more again: the screen will leave frames out."""
        self._is_full = is_full
        self._read_or_not()
        if self.mirror is not None and not is_full:
            self.mirror.caught_up(self)

    def tell(self, message: Message) -> None:
        """Send a message to the screen, as soon as it takes it."""
        if self._control is not None:
            self._control.tell(message)

    def end(self, ending: Callable[[], Ending]) -> None:
        """End the line; called in the learner's language, `ending` says how."""
        if not self._ending.done():
            self._ending.set_result(ending)

    async def is_alive(self) -> bool:
        """Return whether the line is up, as far as its other end says."""
        return not self._is_gone and await self._outlet.is_alive()

    def gone(self) -> None:
        """Note that the line is down."""
        self._is_gone = True
        self.end(lambda: Ending(0))

    # A screen shared with others.

    @property
    def can_share(self) -> bool:
        """Whether this line may show what others see: its learner has touched nothing."""
        return not self.seat.is_instructor and not self.is_private and not self._ending.done()

    def share(self, mirror: Mirror) -> None:
        """Show a mirror from now on, and no screen of its own."""
        self._leave_mirror()
        self._drop()
        self.mirror = mirror
        mirror.add(self)

    def shown(self, data: bytes) -> bool:
        """Send what a mirror shows; return False where the line takes no more for now."""
        if self._is_full or self._is_gone:
            return False
        self._enter()
        self._outlet.write(data)
        return True

    def unshared(self) -> None:
        """Go on alone: the mirror is gone."""
        self.mirror = None
        self._go_alone()

    def _leave_mirror(self) -> None:
        mirror, self.mirror = self.mirror, None
        if mirror is not None:
            mirror.remove(self)

    def _go_alone(self) -> None:
        """Begin a screen of one's own, at the place the mirror stands."""
        if self._ending.done():
            return
        self.seat = replace(self.seat, place=self._place())
        self._first.clear()
        self._drawn.clear()
        self._beginning = asyncio.create_task(self._begin())

    # Its process.

    async def _begin(self) -> None:
        for attempt in range(_STARTS):
            async with self._turns:
                try:
                    child = await self._starter.start(self.seat)
                except StartError:
                    continue
                self._take(child)
                if await is_painting(child.pid, self._first):
                    return
            if child.ended.done():
                return
            self._log.say(f"{self.name}: a screen that drew nothing was ended (attempt {attempt + 1})")
            self._drop()
        self.end(lambda: Ending(NOT_STARTED, _("no screen could be started; please log in again")))

    def _take(self, child: Child) -> None:
        self.child = child
        self._control = Control(child.control, self.name, self._told, child.kill, self._log)
        self._drawn.clear()
        self._read_or_not()
        child.ended.add_done_callback(lambda _ended: self._child_ended(child))

    def _drop(self) -> None:
        """Let go of a process, which ends by that."""
        (child, self.child), (control, self._control) = (self.child, None), (self._control, None)
        if child is None or control is None:
            return
        control.close()
        self._loop.remove_reader(child.screen)
        self._loop.remove_writer(child.screen)
        self._is_reading = False
        child.close()
        child.kill()

    def _read_or_not(self) -> None:
        wanted = self.child is not None and not self._is_full and not self._is_gone and not self._drawn.is_set()
        if wanted and not self._is_reading:
            assert self.child is not None
            self._loop.add_reader(self.child.screen, self._read_screen, self.child)
        elif not wanted and self._is_reading and self.child is not None:
            self._loop.remove_reader(self.child.screen)
        self._is_reading = wanted

    def _read_screen(self, child: Child) -> None:
        data = received(child.screen, _READ)
        if data is None:
            return
        if not data:
            self._drawn.set()
            self._read_or_not()
            return
        if not self._first.is_set():
            self._first.set()
            self._last_key = self._loop.time()
            self._ready(self)
            self._push()
        self._enter()
        self._outlet.write(data)

    def _enter(self) -> None:
        if not self._has_entered:
            self._has_entered = True
            self._outlet.write(entering(self._terminal))

    def _told(self, message: Message) -> None:
        if isinstance(message, Failed):
            self._failure = message.text
        else:
            self._heard(self, message)

    def _child_ended(self, child: Child) -> None:
        if child is self.child:
            self.end(lambda: self._ended(child.ended.result()))

    def _ended(self, status: int) -> Ending:
        """Return how a line ends whose process has ended with a status."""
        if status >= 0 and not self._failure:
            return Ending(status)
        self.is_crashed = True
        if self._failure:
            self._log.say(f"{self.name}: the screen ended by an error: {self._failure}")
            return failed(self._failure)
        self._log.say(f"{self.name}: the screen was ended by {signal_name(-status)}")
        return killed(-status)

    async def _part(self, ending: Ending) -> None:
        """End the process if it has not ended, put the terminal back, say goodbye."""
        child, control = self.child, self._control
        if child is not None and control is not None:
            self.tell(Goodbye(""))
            if not child.ended.done():
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(child.ended), _LAST_SECONDS / 2)
            if child.ended.done():
                control.hear_last()
            if not self._is_gone and child.ended.done():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._drawn.wait(), _LAST_SECONDS / 2)
            self._drop()
        if self._is_gone:
            return
        with suppress(OSError):
            if self._has_entered:
                self._outlet.write(leaving(self._terminal))
            if ending.text:
                self._outlet.write(f"gdsim: {ending.text}\r\n".encode(errors="replace"))
        self._outlet.finish(ending.status)

    # Keys and sizes.

    def _pass_on(self, data: bytes) -> None:
        self._unsent += self._flow.take(data, self._loop.time())
        if self._flow.is_holding and self._flowing is None:
            self._flowing = self._loop.call_later(self._flow.seconds(), self._flow_on)
        self._push()

    def _flow_on(self) -> None:
        self._flowing = None
        self._pass_on(b"")

    def _push(self) -> None:
        child = self.child
        # Keys wait until the screen has been told what goes on in the room: it decides what they mean.
        if child is not None and self._first.is_set():
            self._loop.remove_writer(child.screen)
            with suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
                while self._unsent:
                    self._unsent = self._unsent[child.screen.send(self._unsent) :]
            if self._unsent and not self._drawn.is_set():
                self._loop.add_writer(child.screen, self._push)
        self._outlet.hold(self._flow.is_holding or bool(self._unsent))

    def _resize(self) -> None:
        self._resizing = None
        if self.mirror is not None:
            self._leave_mirror()
            self._reshaped(self)
        self.tell(Resize(*self.seat.size))

    def _look_idle(self) -> None:
        left = self._last_key + self._idle_timeout - self._loop.time()
        if left > 0:
            self._idle = self._loop.call_later(left, self._look_idle)
        else:
            self._log.say(f"{self.name}: idle for {self._idle_timeout:.0f} s")
            self.end(lambda: Ending(KICKED, _("nothing was pressed for a long time; log in again to go on")))

    def _stop_timers(self) -> None:
        for timer in (self._resizing, self._flowing, self._idle):
            if timer is not None:
                timer.cancel()
