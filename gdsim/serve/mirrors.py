"""Mirrors: what all followers of a broadcast see on terminals alike is drawn once, and sent to each of them."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from gdsim.classroom.messages import Message, Place, Whole
from gdsim.serve.workers import StartError, Worker, Workers
from gdsim.tui.terminal_profile import WHOLE, TerminalProfile

if TYPE_CHECKING:
    from gdsim.serve.learner import Learner

log = logging.getLogger(__name__)

_LONGEST_HISTORY = 131_072
"""Bytes kept since a whole frame; beyond that another whole one is asked for."""

_LATEST = 32
"""Messages remembered as told, so that one meant for many is told once."""


class Mirror:
    """One screen for many. profile: of each of them, but for the name."""

    def __init__(self, profile: TerminalProfile, place: Place, workers: Workers) -> None:
        self._profile = replace(profile, name="", place=place)
        self._workers = workers
        self._worker = Worker(self, "a mirror")
        self._ready: Callable[[], None] = lambda: None
        self._history = b""
        self._is_started = self._is_asked = self._is_over = False
        self._sent: deque[Message] = deque(maxlen=_LATEST)
        self._followers: dict[Learner, bool] = {}
        self._unsent: list[Message] = []

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
        self._ready = ready
        try:
            await self._workers.start(self._worker, self._profile)
        except StartError:
            self.end()
            return
        if self._is_over:
            self._worker.let_go()
            return
        self._is_started = True
        for message in self._unsent:
            self._worker.tell(message)
        self._unsent.clear()

    def add(self, follower: Learner) -> None:
        """Show a newcomer what there is to see."""
        self._followers[follower] = follower.shown(self._history)

    def remove(self, follower: Learner) -> None:
        """Show somebody nothing more."""
        self._followers.pop(follower, None)

    def caught_up(self, follower: Learner) -> None:
        """Show one whose line takes more again what there is to see now."""
        if follower in self._followers and not self._followers[follower]:
            self.add(follower)

    def tell(self, message: Message) -> None:
        """Send a message to the screen, once for all it is meant for."""
        if any(message is each for each in self._sent):
            return
        self._sent.append(message)
        if self._is_started:
            self._worker.tell(message)
        else:
            self._unsent.append(message)

    def end(self) -> None:
        """End it; those who look at it go on with screens of their own."""
        if self._is_over:
            return
        self._is_over = True
        if self._is_started:
            self._worker.let_go()
        followers, self._followers = list(self._followers), {}
        for follower in followers:
            follower.unshared()

    # What its process draws and says.

    def drawn(self, data: bytes) -> None:
        """Show what was drawn to everybody."""
        is_first = not self._history
        self._history += data
        whole = self._history.rfind(WHOLE)
        if whole > 0:
            self._history, self._is_asked = self._history[whole:], False
        if len(self._history) > _LONGEST_HISTORY and not self._is_asked:
            self._is_asked = True
            self._worker.tell(Whole())
        for follower, takes_more in list(self._followers.items()):
            if takes_more:
                self._followers[follower] = follower.shown(data)
        if is_first:
            self._ready()

    def received(self, message: Message) -> None:
        """Ignore what the screen says: it stands where it was told to."""

    def held(self, is_held: bool) -> None:
        """Ignore whether it takes keys: nobody types here."""

    def ended(self, status: int) -> None:
        """Let followers go on alone."""
        log.warning("a mirror ended; its followers get screens of their own")
        self.end()


def key_of(profile: TerminalProfile) -> TerminalProfile:
    """Return what two terminals have in common that can see the same mirror."""
    return replace(profile, name="", place=None, progress=())
