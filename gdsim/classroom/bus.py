"""How the hosts of one room tell each other what has changed: records by key, of which the last value is kept.

Every change of a room gets the room's next sequence number. A host that receives a number after a gap has missed
something, and fetches the last values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from gdsim.classroom.messages import MessageError, from_json, to_json
from gdsim.classroom.room import Asked, Member, OnAir, Room
from gdsim.scenario.place import Place

BEAT = 1.0
"""Seconds between two heartbeats of a host."""

ALIVE = 5.0
"""Seconds after its last heartbeat that a host is considered dead."""


@dataclass(frozen=True, slots=True)
class Record:
    """The last value of something in a room: JSON text under a key.

    sequence: the room's number of this change; host: who made it. scenario_hash: that of the broadcast scenario, empty
    for other records.
    """

    sequence: int
    key: str
    value: str
    host: str
    scenario_hash: str = ""


Receive = Callable[[Record], None]
"""Called with every change by another host, and with one by this host that came after such a change to its key."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the bus can be reached; is_empty: whether it has no values of the room, or has lost them."""

    is_there: bool
    is_empty: bool = False


Reported = Callable[[Standing], None]
"""Called when the bus is lost, and when it can be reached, once the last values have been received."""


class Bus(Protocol):
    """A connection to the other hosts of a room. is_shared: whether there may ever be others."""

    is_shared: bool

    async def open(self, host: str, receive: Receive, reported: Reported) -> None:
        """Join as `host`; receive all last values at once, and others' changes from now on."""

    def put(self, key: str, value: str, scenario_hash: str = "") -> None:
        """Publish a change, in the order of the calls; what cannot be sent now is sent when the bus is back."""

    async def hosts(self) -> frozenset[str] | None:
        """Return the hosts that are alive, this one included; None if that is unknown now."""

    async def close(self) -> None:
        """Leave, once all changes are sent."""


class NoBus:
    """The bus of a room with only one host: there is nobody to tell."""

    is_shared = False

    async def open(self, host: str, receive: Receive, reported: Reported) -> None:
        """Do nothing."""

    def put(self, key: str, value: str, scenario_hash: str = "") -> None:
        """Do nothing."""

    async def hosts(self) -> frozenset[str] | None:
        """Return None: no host can be missing."""
        return None

    async def close(self) -> None:
        """Do nothing."""


# A room as records: one for the broadcast, one for each question, chapter and member.

AIR, QUESTION, CHAPTER, MEMBER = "air", "question/", "chapter/", "member/"
"""The keys of records, or their prefixes."""


def changes(before: Room, after: Room) -> Iterator[tuple[str, str]]:
    """Yield the key and value of each record to send to other hosts.

    How far a learner has got by following the broadcast is left out: the other hosts work that out themselves.
    """
    if before.air != after.air:
        yield AIR, to_json(after.air)
    if before.asked is not after.asked:
        for number, asked in after.asked.items():
            if before.asked.get(number) != asked:
                yield f"{QUESTION}{number}", to_json(asked)
    for number, is_open in after.chapters.items():
        if before.chapters.get(number) != is_open:
            yield f"{CHAPTER}{number}", to_json(is_open)
    for name, member in after.members.items():
        was = before.members.get(name)
        if was is not member and (was is None or _own(before, was) != _own(after, member)):
            yield f"{MEMBER}{name}", to_json(member)


def with_record(room: Room, key: str, value: str) -> Room:
    """Return the room with another host's record applied. Raises MessageError for an invalid record."""
    if key == AIR:
        return room.with_air(from_json(value, OnAir))
    if key.startswith(QUESTION):
        return room.with_question(from_json(value, Asked))
    chapter = key.removeprefix(CHAPTER)
    if chapter.isdecimal() and chapter != key:
        return room.with_chapter(int(chapter[:9]), from_json(value, bool))
    if key.startswith(MEMBER):
        return room.with_member(from_json(value, Member))
    raise MessageError("a record of an unknown kind")


def _own(room: Room, member: Member) -> tuple[object, ...]:
    place: Place | None = None if room.is_carried(member) else member.place
    who = member.host, member.is_instructor, member.state, member.is_following
    return *who, member.answers, member.progress, place
