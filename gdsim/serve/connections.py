"""Everybody connected to this server: gives them screens and mirrors, and passes messages to and from the room."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from gdsim.classroom.bus import Bus
from gdsim.classroom.messages import (
    Answer,
    Broadcast,
    Follow,
    Goodbye,
    GoTo,
    Message,
    Notice,
    OnAirState,
    Reveal,
)
from gdsim.classroom.notifications import news
from gdsim.classroom.room import Room
from gdsim.classroom.workshop import Host, Workshop
from gdsim.i18n import LANGUAGES, _
from gdsim.scenario.place import Place
from gdsim.serve.admission import Limiter
from gdsim.serve.learner import KICKED, STOPPED, Learner
from gdsim.serve.mirrors import Mirror, key_of
from gdsim.serve.options import ServeOptions
from gdsim.serve.workers import Ready, Workers
from gdsim.tui.terminal_profile import TerminalProfile

log = logging.getLogger(__name__)

_WORTH_A_MIRROR = 2
"""How many followers with equal terminals it takes to start a mirror."""

_STEPS_WITH_AN_ANSWER = 2
"""The instructor's steps until a learner who answered returns to a mirror: the update asked about, and the next."""

_LAST_SECONDS = 5.0


class Connections:
    """Serves every learner and instructor, and knows who is connected."""

    def __init__(self, options: ServeOptions, workers: Workers, bus: Bus, ready: Ready) -> None:
        self.options, self.workers, self.limiter = options, workers, Limiter(options.max_learners)
        self._tasks: dict[Learner, asyncio.Task[None]] = {}
        self._named: dict[str, Learner] = {}
        self._mirrors: dict[TerminalProfile, Mirror] = {}
        self._beginnings: set[asyncio.Task[None]] = set()
        self._readying = ""
        self._returning: dict[Learner, int] = {}
        self._is_closing = False
        host = Host(
            tell=self._tell,
            is_alive=self._is_alive,
            scenario_hash=lambda name: ready.scenarios.get(name, ""),
            report=log.info,
            handouts=options.handouts,
            language=lambda name: self._named[name].profile.language if name in self._named else LANGUAGES[0],
            courses={} if options.course is None else ready.courses,
            is_course_open=options.is_course_open,
        )
        self.workshop = Workshop(bus, host)

    def refuses(self, profile: TerminalProfile) -> str:
        """Return why there is no room for somebody, empty if there is room."""
        if self._is_closing:
            return _("the workshop is over")
        learners = sum(not learner.profile.is_instructor for learner in self._tasks)
        if not profile.is_instructor and learners >= self.options.max_learners:
            return _("the workshop is full; try again later")
        return ""

    def serve(self, learner: Learner) -> None:
        """Start serving a learner or instructor whose terminal is known."""
        task = self._tasks[learner] = asyncio.create_task(self._serve(learner))
        task.add_done_callback(lambda ended: self._left(learner, ended))

    def log_fails(self, problem: str) -> None:
        """Warn instructors that the log cannot be written; withdraw the warning if `problem` is empty."""

        def warning() -> Message:
            return Notice(_("The server's log cannot be written: {why}").format(why=problem), "warning")

        self.workshop.warn("log", warning if problem else None)

    async def close(self) -> None:
        """Tell everybody that the workshop is over, and wait until every terminal is restored."""
        self._is_closing = True
        for learner in self._tasks:
            learner.end(STOPPED, lambda: _("the workshop is over"))
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=_LAST_SECONDS)
        for mirror in self._mirrors.values():
            mirror.end()
        await self.workshop.close()

    async def _serve(self, learner: Learner) -> None:
        member = await self.workshop.join(learner.name, is_instructor=learner.profile.is_instructor)
        name = learner.name = member.name
        role = "instructor" if learner.profile.is_instructor else "learner"
        log.info("%s: joined as %s from %s", name, role, learner.address)
        self._named[name] = learner
        place = self.place_of(learner)
        learner.profile = replace(learner.profile, place=place, name=name, progress=member.progress)
        mirror = self._ready_mirror(learner)
        try:
            if mirror is not None and self.workshop.room.is_carried(member):
                self._show_mirror(learner, mirror)
            await learner.serve()
        finally:
            if self._named.get(name) is learner:
                del self._named[name]
                self.workshop.left(name, "crashed" if learner.is_crashed else "gone")
            self._returning.pop(learner, None)
            log.info("%s: left", name)
            self._end_mirrors()

    def ready(self, learner: Learner) -> None:
        """Send the whole state of the room to a screen that has started drawing."""
        if self._named.get(learner.name) is learner:
            self._readying = learner.name
            self.workshop.ready(learner.name)
            self._readying = ""

    def received(self, learner: Learner, message: Message) -> None:
        """Handle a message from a learner's screen."""
        if self._named.get(learner.name) is learner:
            if isinstance(message, Follow) and message.is_on:
                learner.come_back()
            elif isinstance(message, Answer) and learner.is_private:
                self._returning[learner] = _STEPS_WITH_AN_ANSWER
            self.workshop.receive(learner.name, message)
            if isinstance(message, Broadcast) and not message.is_on:
                self._end_mirrors()

    def _tell(self, name: str, message: Message) -> None:
        learner = self._named.get(name)
        if learner is None:
            return
        if isinstance(message, Goodbye):
            del self._named[name]
            learner.end(KICKED, lambda: message.text)
            return
        if isinstance(message, GoTo):
            self._come_back(learner)
            if learner.mirror is None and learner.can_share:
                self._share(learner, message.place)
        # A mirror gets messages before it has followers, so that it is at their place when they see it. Meanwhile they
        # stay where they are: hundreds of screens on their way to one place would keep it from being drawn.
        mirror = learner.mirror or (self._mirrors.get(key_of(learner.profile)) if learner.can_share else None)
        if isinstance(message, GoTo) and mirror is not None and mirror.is_beginning:
            mirror.waiting.add(learner)
        elif learner.mirror is None:
            learner.tell(message)
        is_for_all = isinstance(message, Reveal) or (isinstance(message, OnAirState) and message.is_following)
        is_followed = self._is_carried(name) or (learner.mirror is not None and is_for_all)
        if mirror is not None and self._readying != name and is_followed:
            mirror.tell(message)

    # Mirrors.

    def place_of(self, learner: Learner) -> Place | None:
        """Return a learner's place, None if they have none yet."""
        member = self.workshop.room.members.get(learner.name)
        return None if member is None else self.workshop.room.place_of(member)

    def _ready_mirror(self, learner: Learner) -> Mirror | None:
        mirror = self._mirrors.get(key_of(learner.profile))
        return mirror if mirror is not None and mirror.is_ready else None

    def _share(self, learner: Learner, place: Place) -> None:
        """Show a follower the mirror for their terminal; start one if there is none and several would share it."""
        key = key_of(learner.profile)
        mirror = self._mirrors.get(key)
        if mirror is not None and mirror.is_over:
            del self._mirrors[key]
            mirror = None
        if mirror is not None:
            if mirror.is_ready:
                learner.share(mirror)
        elif len(self._alike(key)) >= _WORTH_A_MIRROR:
            mirror = self._mirrors[key] = Mirror(learner.profile, place, self.workers)
            for _name, message in news(Room(), self.workshop.room, (learner.name,)):
                mirror.tell(message)
            task = asyncio.create_task(self._begin_mirror(key, mirror))
            self._beginnings.add(task)
            task.add_done_callback(self._beginnings.discard)

    def _come_back(self, learner: Learner) -> None:
        """Let a learner who left a mirror to answer return to it, once the answer has been shown."""
        steps = self._returning.pop(learner, 0)
        if steps > 1:
            self._returning[learner] = steps - 1
        elif steps == 1:
            learner.come_back()

    async def _begin_mirror(self, key: TerminalProfile, mirror: Mirror) -> None:
        """Start a mirror, and show it to all who may share it; take those to its place who have waited in vain."""
        await mirror.begin()
        if mirror.is_ready:
            for learner in self._alike(key):
                if learner.mirror is None:
                    self._show_mirror(learner, mirror)
        for learner in mirror.waiting:
            place = self.place_of(learner)
            if learner.mirror is None and self._is_carried(learner.name) and place is not None:
                learner.tell(GoTo(place))
        mirror.waiting.clear()
        self._end_mirrors()  # all may have left while it started

    def _show_mirror(self, learner: Learner, mirror: Mirror) -> None:
        """Switch a learner to a mirror. One whose own screen has not painted yet gets changes from now on, too."""
        learner.share(mirror)
        if not self.workshop.is_ready(learner.name):
            self.ready(learner)

    def _alike(self, key: TerminalProfile) -> list[Learner]:
        """Return the learners who may share the mirror `key` stands for: followers who have typed nothing."""
        return [
            learner
            for name, learner in self._named.items()
            if learner.can_share and key_of(learner.profile) == key and self._is_carried(name)
        ]

    def _is_carried(self, name: str) -> bool:
        room = self.workshop.room
        return name in room.members and room.is_carried(room.members[name])

    def reshaped(self, learner: Learner) -> None:
        """Give a learner whose terminal was resized the mirror of that size, or else a screen of their own."""
        mirror = self._ready_mirror(learner)
        if mirror is not None:
            self._show_mirror(learner, mirror)
        else:
            learner.go_alone()
        self._end_mirrors()

    def _end_mirrors(self) -> None:
        """End mirrors without followers."""
        for key, mirror in list(self._mirrors.items()):
            if mirror.is_over or (mirror.is_left and mirror.is_ready):
                del self._mirrors[key]
                mirror.end()

    async def _is_alive(self, name: str) -> bool:
        learner = self._named.get(name)
        return learner is not None and await learner.is_alive()

    def _left(self, learner: Learner, ended: asyncio.Task[None]) -> None:
        del self._tasks[learner]
        with suppress(asyncio.CancelledError):
            error = ended.exception()
            if error is not None:
                log.error("%s: an error of the server", learner.name, exc_info=error)
