"""A room as one host serves it: takes changes from its screens and from other hosts, and sends them to both."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gdsim.classroom.bus import AIR, BEAT, MEMBER, Bus, Record, Standing, changes, with_record
from gdsim.classroom.handout import write_handout
from gdsim.classroom.messages import (
    Answer,
    Ask,
    Goodbye,
    HandoutWanted,
    Message,
    MessageError,
    Notice,
    Progressed,
    State,
    Where,
)
from gdsim.classroom.notifications import news
from gdsim.classroom.room import Member, OnAir, Room, clean_name, numbers
from gdsim.i18n import LANGUAGES, _, current_language, use_language
from gdsim.scenario.course import Course

GATHERED = 0.1
"""Seconds that single learners' steps are gathered before they are sent; the instructor's never wait."""

ANSWERED = 2.0
"""Seconds another host has to say whether somebody's connection is still alive."""

SURE = 3.0
"""Seconds a host has to be missing before its people count as gone: a bus that was emptied needs time to fill."""

_CALL, _ALIVE = "call/", "alive/"
"""Key prefixes of the records that ask whether somebody's connection is alive, and that answer."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the room needs of the host that serves it.

    tell: sends a message to somebody's screen, their own or a mirror; `Goodbye` ends the screen and the connection.
    is_alive: asks somebody's client whether the connection is alive. scenario_hash: the hash of the scenario served
    under a name, empty for none. report: writes to the host's log. handouts: the folder for hand-outs. language: that
    of somebody's screen. courses: the served course in each language, empty for none; is_course_open: whether its
    chapters are open from the start.
    """

    tell: Callable[[str, Message], None]
    is_alive: Callable[[str], Awaitable[bool]]
    scenario_hash: Callable[[str], str]
    report: Callable[[str], None]
    handouts: Path
    language: Callable[[str], str] = field(default=lambda _name: LANGUAGES[0])
    courses: Mapping[str, Course] = field(default_factory=dict)
    is_course_open: bool = False


class Workshop:
    """The room, and its people who are connected to this host.

    `join` lets in somebody who logs in; `ready` says that their screen takes messages, `receive` handles a message from
    it, and `left` says that it has ended.
    """

    def __init__(self, bus: Bus, host: Host) -> None:
        chapters = max((len(course.chapters) for course in host.courses.values()), default=0)
        self.room = Room(chapters=dict.fromkeys(range(chapters), host.is_course_open))
        self.id = secrets.token_hex(8)
        self._bus, self._host = bus, host
        self._lines: set[str] = set()
        self._ready: dict[str, None] = {}
        self._notified = self._shared = self.room
        self._gathering: asyncio.TimerHandle | None = None
        self._is_lost = False
        self._warnings: dict[str, Callable[[], Message]] = {}
        self._calls: dict[str, asyncio.Future[bool]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Join the other hosts."""
        await self._bus.open(self.id, self._receive_record, self._standing)
        self._begin(self._watch_hosts())

    async def close(self) -> None:
        """Leave: mark everybody here as gone, and tell the other hosts."""
        for name in self._lines:
            self.room = self.room.left(name)
        self._lines.clear()
        self._ready.clear()
        self.flush()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._bus.close()

    # People connected to this host.

    async def join(self, wanted: str, *, is_instructor: bool = False) -> Member:
        """Let somebody in who logs in as `wanted`; return the member, with place and answers if they come back.

        If people of that name seem to be here, check their connections first: the old connection of somebody who comes
        back may be dead without anyone having noticed.
        """
        known = []
        for name in numbers(clean_name(wanted)):
            member = self.room.members.get(name)
            if member is None:
                break
            if member.state == "here" and member.is_instructor == is_instructor:
                known.append(member)
        await asyncio.gather(*(self._try_line(member) for member in known))
        self.room, member = self.room.joined(wanted, self.id, is_instructor=is_instructor)
        self._lines.add(member.name)
        self.flush()
        return member

    def ready(self, name: str) -> None:
        """Send somebody's screen the whole state of the room; from now on it gets changes."""
        self._ready.pop(name, None)
        self.flush()
        self._ready[name] = None
        for _name, message in news(Room(), self.room, (name,)):
            self._host.tell(name, message)
        if self.room.members[name].is_instructor:
            for warning in self._warnings.values():
                self._say(name, warning)

    def warn(self, about: str, warning: Callable[[], Message] | None) -> None:
        """Warn this host's instructors of a problem, including those who come later; None withdraws the warning."""
        if warning is None:
            self._warnings.pop(about, None)
            return
        self._warnings[about] = warning
        for name in self._ready:
            if self.room.members[name].is_instructor:
                self._say(name, warning)

    def is_ready(self, name: str) -> bool:
        """Return whether somebody's screen gets changes."""
        return name in self._ready

    def left(self, name: str, state: State = "gone") -> None:
        """Mark somebody as gone or crashed: their connection or screen has ended."""
        self._ready.pop(name, None)
        if name in self._lines:
            self._lines.discard(name)
            self.room = self.room.left(name, state)
            self.flush()

    def receive(self, name: str, message: Message) -> None:
        """Handle a message from somebody's screen; a message that is not allowed changes nothing."""
        if isinstance(message, HandoutWanted):
            self._hand_out(name)
        scenario = _scenario_of(message)
        before, room = self.room, self.room.after(name, message)
        if room is before and isinstance(message, Ask):
            self._say(name, lambda: Notice(_("A question is already open."), "warning"))
        if room is before or (scenario and not self._host.scenario_hash(scenario)):
            return
        self.room = room
        is_gathered = room.air == before.air and isinstance(message, Where | Answer | Progressed)
        self._gather() if is_gathered else self.flush()

    def flush(self) -> None:
        """Tell screens and other hosts what has changed since the last flush."""
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        self._share()
        before, self._notified = self._notified, self.room
        if before is not self.room:
            for name, message in news(before, self.room, list(self._ready)):
                self._host.tell(name, message)

    def _gather(self) -> None:
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHERED, self.flush)

    def _hand_out(self, name: str) -> None:
        member = self.room.members.get(name)
        if member is None or not member.is_instructor:
            return
        self._say(name, self._handed_out)

    def _handed_out(self) -> Message:
        """Write the hand-out in the context's language, and return the notice of its file or of the error."""
        try:
            course = self._host.courses.get(current_language())
            path = write_handout(self.room, self._host.handouts, datetime.now(), course)
        except OSError as error:
            self._host.report(f"hand-out: {error}")
            text = _("The hand-out could not be written: {why}").format(why=error.strerror or "")
            return Notice(text, "error")
        self._host.report(f"hand-out: {path}")
        return Notice(_("Hand-out written on the server: {file}").format(file=path.name))

    def _say(self, name: str, message: Callable[[], Message]) -> None:
        """Send somebody a message in their language."""
        context = copy_context()
        context.run(use_language, self._host.language(name))
        self._host.tell(name, context.run(message))

    # Other hosts.

    def _share(self) -> None:
        shared, self._shared = self._shared, self.room
        if not self._bus.is_shared:  # nobody would read the records
            return
        for key, value in changes(shared, self.room):
            self._put(key, value)

    def _put(self, key: str, value: str) -> None:
        place = self.room.air.place if key == AIR else None
        self._bus.put(key, value, "" if place is None else self._host.scenario_hash(place.scenario))

    def _receive_record(self, record: Record) -> None:
        """Handle a record from another host."""
        if record.key.startswith(_CALL):
            self._begin(self._answer_call(record.key.removeprefix(_CALL), record.value))
            return
        if record.key.startswith(_ALIVE):
            waiting = self._calls.get(record.value)
            if waiting is not None and not waiting.done():
                waiting.set_result(True)
            return
        self._share()
        try:
            room = with_record(self.room, record.key, record.value)
        except MessageError as error:
            self._host.report(f"another host: {error}")
            return
        if record.key == AIR:
            room = self._with_known_scenario(room, record)
        name = record.key.removeprefix(MEMBER)
        if record.key.startswith(MEMBER) and name in self._lines and not self._is_given_up(name, room.members[name]):
            self._put(record.key, next(v for k, v in changes(Room(), self.room) if k == record.key))
            return
        self.room = self._shared = room
        is_urgent = record.key == AIR or not record.key.startswith(MEMBER)
        self.flush() if is_urgent else self._gather()

    def _with_known_scenario(self, room: Room, record: Record) -> Room:
        """Return `room`, or one whose broadcast has no place if its scenario is not the one served here."""
        place = room.air.place
        if place is None or not record.scenario_hash:
            return room
        if self._host.scenario_hash(place.scenario) == record.scenario_hash:
            return room
        self._host.report(f"another host broadcasts a scenario that is not served here: {place.scenario}")
        return self.room.with_air(OnAir(room.air.is_on, room.air.instructor, None))

    def _is_given_up(self, name: str, member: Member) -> bool:
        """Whether somebody connected here has logged in at another host; if so, end the connection here."""
        if member.host == self.id:
            return False
        self._lines.discard(name)
        self._ready.pop(name, None)
        self._say(name, _goodbye)
        return True

    def _standing(self, standing: Standing) -> None:
        if not standing.is_there:
            self._is_lost = True
            self._host.report("the bus to the other hosts is lost; learners on this host can continue")
            self.warn("bus", _alone)
            return
        self.warn("bus", None)
        if self._is_lost:
            self._is_lost = False
            self._host.report("the bus to the other hosts is back")
        if standing.is_empty:
            for key, value in changes(Room(), self.room):
                self._put(key, value)

    async def _try_line(self, member: Member) -> None:
        """Check whether somebody's connection is alive; if not, mark them as gone."""
        if member.name in self._lines:
            is_alive = await self._host.is_alive(member.name)
        else:
            is_alive = await self._call(member.name)
        now = self.room.members.get(member.name)
        if is_alive or now is None or now.host != member.host or now.state != "here":
            return
        if member.name in self._lines:
            self._say(member.name, _goodbye)
            self.left(member.name)
        else:
            self.room = self.room.left(member.name)

    async def _call(self, name: str) -> bool:
        """Ask the other hosts whether somebody's connection is alive; return whether one says so in time."""
        number = secrets.token_hex(8)
        self._calls[number] = asyncio.get_running_loop().create_future()
        self._bus.put(_CALL + name, number)
        try:
            return await asyncio.wait_for(self._calls[number], ANSWERED)
        except TimeoutError:
            return False
        finally:
            del self._calls[number]

    async def _answer_call(self, name: str, number: str) -> None:
        if name in self._lines and await self._host.is_alive(name):
            self._bus.put(_ALIVE + name, number)

    async def _watch_hosts(self) -> None:
        """Mark the people of hosts that have died as gone."""
        missing: dict[str, float] = {}
        while True:
            await asyncio.sleep(BEAT)
            hosts = await self._bus.hosts()
            if hosts is None or self.id not in hosts:
                missing = {}
                continue
            wanted = {member.host for member in self.room.members.values() if member.state == "here"} - hosts
            now = asyncio.get_running_loop().time()
            missing = {host: missing.get(host, now) for host in wanted}
            for host, since in missing.items():
                if now - since >= SURE and host != self.id:
                    self._host.report(f"a host has died: {host}")
                    self.room = self.room.without_host(host)
                    self.flush()

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _scenario_of(message: Message) -> str:
    """Return the scenario in which a screen says it is or has reached something; empty for other messages."""
    match message:
        case Where(place):
            return place.scenario
        case Progressed(scenario):
            return scenario
    return ""


def _goodbye() -> Message:
    return Goodbye(_("You have logged in again elsewhere."))


def _alone() -> Message:
    return Notice(_("The other hosts cannot be reached; learners on this host can continue."), "warning")
