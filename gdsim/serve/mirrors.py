"""Mirrors: screens drawn once and sent to all followers of a broadcast whose terminals are alike."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from gdsim.classroom.messages import Message, Whole
from gdsim.scenario.place import Place
from gdsim.serve.workers import Worker, Workers
from gdsim.tui.terminal_profile import WHOLE, TerminalProfile

if TYPE_CHECKING:
    from gdsim.serve.learner import Learner

log = logging.getLogger(__name__)

_LONGEST_HISTORY = 131_072
"""Bytes kept since the last whole frame; beyond that a new whole frame is requested."""

_LATEST = 32
"""Sent messages that are remembered, so that one meant for many followers is sent once."""


class Mirror:
    """One screen for many followers.

    profile: that of any of them; is_over: whether it has ended or never began. waiting: learners who stay where they
    are until it has drawn something.
    """

    def __init__(self, profile: TerminalProfile, place: Place, workers: Workers) -> None:
        self._profile = replace(profile, name="", place=place)
        self._workers = workers
        self._worker = Worker(self, "a mirror")
        self._history = b""
        self.is_over = False
        self.waiting: set[Learner] = set()
        self._is_started = self._is_asked = False
        self._sent: deque[Message] = deque(maxlen=_LATEST)
        self._followers: dict[Learner, bool] = {}
        self._unsent: list[Message] = []

    @property
    def is_beginning(self) -> bool:
        """Whether it has drawn nothing so far."""
        return not self._history and not self.is_over

    @property
    def is_ready(self) -> bool:
        """Whether it has drawn something and has not ended."""
        return bool(self._history) and not self.is_over

    @property
    def is_left(self) -> bool:
        """Whether it has no followers."""
        return not self._followers

    async def begin(self) -> None:
        """Start the process that draws, and wait until it has drawn something; end if it draws nothing."""
        await self._workers.start(self._worker, self._profile)
        self._is_started = True
        for message in self._unsent:
            self._worker.tell(message)
        self._unsent.clear()
        if not await self._worker.is_painting():
            self.end()

    def add(self, follower: Learner) -> None:
        """Add a follower, and send them the current screen."""
        self._followers[follower] = follower.shown(self._history)

    def remove(self, follower: Learner) -> None:
        """Remove a follower."""
        self._followers.pop(follower, None)

    def caught_up(self, follower: Learner) -> None:
        """Send the current screen to a follower whose connection accepts data again."""
        if follower in self._followers and not self._followers[follower]:
            self.add(follower)

    def tell(self, message: Message) -> None:
        """Send a message to the screen, once however many followers it is for."""
        if any(message is each for each in self._sent):
            return
        self._sent.append(message)
        if self._is_started:
            self._worker.tell(message)
        else:
            self._unsent.append(message)

    def end(self) -> None:
        """End the mirror; its followers continue on screens of their own."""
        if self.is_over:
            return
        self.is_over = True
        self._worker.let_go()
        followers, self._followers = list(self._followers), {}
        for follower in followers:
            follower.go_alone()

    # Called by the worker.

    def drawn(self, data: bytes) -> None:
        """Send what was drawn to every follower."""
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

    def received(self, message: Message) -> None:
        """Ignore the screen's messages: it only goes where the server tells it to."""

    def held(self, is_held: bool) -> None:
        """Ignore whether the screen accepts keys: nobody types on a mirror."""

    def ended(self, status: int) -> None:
        """End the mirror when its process ends."""
        log.warning("a mirror ended; its followers get their own screens")
        self.end()


def key_of(profile: TerminalProfile) -> TerminalProfile:
    """Return the part of a profile that is equal for all who can share a mirror."""
    return replace(profile, name="", place=None, progress=())
