"""Mirrors: what all followers of a broadcast see on terminals alike is drawn once, and sent to each of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from gdsim.classroom.messages import Message, MessageError, Place, Whole, encode
from gdsim.serve.log import Log
from gdsim.serve.starter import Child, Fresh, StartError, Warm, received
from gdsim.tui.seat import WHOLE, Seat

_READ = 65_536
_LONGEST_HISTORY = 131_072
"""Bytes kept since a whole frame; beyond that another whole one is asked for."""

_LATEST = 32
"""Messages remembered as told, so that one meant for many is told once."""


class Follower(Protocol):
    """Somebody who sees a mirror."""

    def shown(self, data: bytes) -> bool:
        """Send what was drawn; return False where the line takes no more for now."""

    def unshared(self) -> None:
        """Go on with a screen of one's own: the mirror is gone."""


class Mirror:
    """One screen for many. seat: of each of them, but for the name."""

    def __init__(self, seat: Seat, place: Place, starter: Warm | Fresh, log: Log) -> None:
        self._seat = replace(seat, name="", place=place)
        self._starter, self._log = starter, log
        self._loop = asyncio.get_running_loop()
        self._child: Child | None = None
        self._history = b""
        self._is_asked = self._is_over = False
        self._told: deque[Message] = deque(maxlen=_LATEST)
        self._followers: dict[Follower, bool] = {}
        self._untold: list[Message] = []

    @property
    def is_ready(self) -> bool:
        """Whether there is something to see."""
        return bool(self._history) and not self._is_over

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or never began."""
        return self._is_over

    @property
    def is_left(self) -> bool:
        """Whether nobody looks at it any more."""
        return not self._followers

    async def begin(self, ready: Callable[[], None]) -> None:
        """Start the process that draws; `ready` is called with its first frame."""
        try:
            child = self._child = await self._starter.start(self._seat)
        except StartError:
            self.end()
            return
        if self._is_over:
            self._close()
            return
        for message in self._untold:
            self._send(message)
        self._untold.clear()
        self._loop.add_reader(child.screen, self._read, child, ready)
        self._loop.add_reader(child.control, self._pass_over, child)

    def add(self, follower: Follower) -> None:
        """Show a newcomer what there is to see."""
        self._followers[follower] = follower.shown(self._history)

    def remove(self, follower: Follower) -> None:
        """Show somebody nothing more."""
        self._followers.pop(follower, None)

    def caught_up(self, follower: Follower) -> None:
        """Show one whose line takes more again what there is to see now."""
        if follower in self._followers and not self._followers[follower]:
            self.add(follower)

    def tell(self, message: Message) -> None:
        """Send a message to the screen, once for all it is meant for."""
        if any(message is each for each in self._told):
            return
        self._told.append(message)
        if self._child is None:
            self._untold.append(message)
        else:
            self._send(message)

    def end(self) -> None:
        """End it; those who look at it go on with screens of their own."""
        if self._is_over:
            return
        self._is_over = True
        self._close()
        followers, self._followers = list(self._followers), {}
        for follower in followers:
            follower.unshared()

    def _close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            self._loop.remove_reader(child.screen)
            self._loop.remove_reader(child.control)
            child.close()
            child.kill()

    def _send(self, message: Message) -> None:
        if self._child is not None:
            with suppress(OSError, MessageError):
                self._child.control.send(encode(message))

    def _read(self, child: Child, ready: Callable[[], None]) -> None:
        data = received(child.screen, _READ)
        if data is None:
            return
        if not data:
            self._log.say("a mirror ended; its followers get screens of their own")
            self.end()
            return
        is_first = not self._history
        self._history += data
        whole = self._history.rfind(WHOLE)
        if whole > 0:
            self._history, self._is_asked = self._history[whole:], False
        if len(self._history) > _LONGEST_HISTORY and not self._is_asked:
            self._is_asked = True
            self._send(Whole())
        for follower, takes_more in list(self._followers.items()):
            if takes_more:
                self._followers[follower] = follower.shown(data)
        if is_first:
            ready()

    def _pass_over(self, child: Child) -> None:
        """Read what the screen says, which nobody needs: it stands where it was told to."""
        data = received(child.control, _READ)
        if data is None:
            return
        if not data:
            self._loop.remove_reader(child.control)


def key_of(seat: Seat) -> Seat:
    """Return what two seats have in common that can see the same mirror."""
    return replace(seat, name="", place=None)
