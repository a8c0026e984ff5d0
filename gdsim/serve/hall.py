"""Everybody who is connected to this server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from gdsim.language import _
from gdsim.messages import Message
from gdsim.serve.learner import STOPPED, Ending, Learner, Outlet
from gdsim.serve.log import Log
from gdsim.serve.options import ServeOptions
from gdsim.serve.starter import Fresh, Warm
from gdsim.tui.seat import Seat
from gdsim.tui.terminal import Terminal

_STARTING_EACH = 2
"""Screens that begin at the same time, by processor: more would only all be late."""


class Hall:
    """Serves every line, and knows who is there."""

    def __init__(self, options: ServeOptions, starter: Warm | Fresh, log: Log) -> None:
        self._options, self._starter, self._log = options, starter, log
        self._turns = asyncio.Semaphore(_STARTING_EACH * (os.cpu_count() or 1))
        self._tasks: dict[Learner, asyncio.Task[None]] = {}
        self._is_closing = False

    @property
    def learners(self) -> int:
        """How many learners are here, the instructors not counted."""
        return sum(not learner.seat.is_instructor for learner in self._tasks)

    def refuses(self, seat: Seat) -> Callable[[], str] | None:
        """Return what somebody is told for whom there is no room; None where there is."""
        if self._is_closing:
            return lambda: _("the workshop is over")
        if not seat.is_instructor and self.learners >= self._options.max_learners:
            return lambda: _("the workshop is full; try again when somebody has left")
        return None

    def seat(self, name: str, address: str, seat: Seat, terminal: Terminal, outlet: Outlet) -> Learner:
        """Begin to serve a line."""
        learner = Learner(
            name,
            seat,
            terminal,
            outlet,
            starter=self._starter,
            turns=self._turns,
            heard=self._heard,
            idle_timeout=self._options.idle_timeout,
            log=self._log,
        )
        role = "instructor" if seat.is_instructor else "learner"
        self._log.say(f"{learner.name}: joined as {role} from {address}")
        task = self._tasks[learner] = asyncio.create_task(learner.serve())
        task.add_done_callback(lambda ended: self._left(learner, ended))
        return learner

    async def close(self) -> None:
        """Tell everybody that the workshop is over, and wait until every terminal is back."""
        self._is_closing = True
        for learner in self._tasks:
            learner.end(lambda: Ending(STOPPED, _("the workshop is over")))
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=5)

    def _heard(self, learner: Learner, message: Message) -> None:
        """Take note of what a screen tells."""

    def _left(self, learner: Learner, ended: asyncio.Task[None]) -> None:
        del self._tasks[learner]
        error = None if ended.cancelled() else ended.exception()
        self._log.say(f"{learner.name}: left" + (f" by an error of the server: {error!r}" if error else ""))
