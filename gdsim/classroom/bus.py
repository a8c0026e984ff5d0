"""How the hosts of one room tell each other what has changed: records by key, the last value of each kept.

Every change of a room gets the room's next sequence number. One who hears a number that does not follow on the last
has missed something, and fetches the last values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from gdsim.classroom.messages import MessageError, Place, from_json, to_json
from gdsim.classroom.room import Asked, Member, OnAir, Room

BEAT = 1.0
"""Seconds between two signs of life of a host."""

ALIVE = 5.0
"""Seconds after its last sign of life that a host is taken for dead."""


@dataclass(frozen=True, slots=True)
class Record:
    """The last value of something in a room: JSON text under a key.

    sequence: the room's number of this change; host: who made it. scenario_hash: of what is broadcast, empty for other
    records.
    """

    sequence: int
    key: str
    value: str
    host: str
    scenario_hash: str = ""


Receive = Callable[[Record], None]
"""Called with every change another host made, and with an own one that came after another's of the same key."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the bus is there; is_empty: whether it has nothing of the room, or has lost what it had."""

    is_there: bool
    is_empty: bool = False


Reported = Callable[[Standing], None]
"""Called when the bus is lost, and when it is there, once the last values have been received."""


class Bus(Protocol):
    """A way to the other hosts of a room. is_shared: whether there may ever be others."""

    is_shared: bool

    async def open(self, host: str, receive: Receive, reported: Reported) -> None:
        """Join as `host`; what others say is received from now on, and all last values at once."""

    def put(self, key: str, value: str, scenario_hash: str = "") -> None:
        """Make a change known, in the order of the calls; what cannot be sent now is sent when the bus is back."""

    async def hosts(self) -> frozenset[str] | None:
        """Return the hosts there are, this one among them; None when that cannot be told now."""

    async def close(self) -> None:
        """Leave, once what was put is sent."""


class NoBus:
    """The bus of a room that has one host: there is nobody to tell."""

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
"""The keys of records, or what they begin with."""


def changes(before: Room, after: Room) -> Iterator[tuple[str, str]]:
    """Yield key and value of what other hosts have to be told.

    How far somebody has come while taken along with the broadcast is left out: others work it out, too.
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
    """Return the room with what another host says. Raises MessageError for what is no record."""
    if key == AIR:
        return room.with_air(from_json(value, OnAir))
    if key.startswith(QUESTION):
        return room.with_question(from_json(value, Asked))
    chapter = key.removeprefix(CHAPTER)
    if chapter.isdecimal() and chapter != key:
        return room.with_chapter(int(chapter[:9]), from_json(value, bool))
    if key.startswith(MEMBER):
        return room.with_member(from_json(value, Member))
    raise MessageError("a record of no known kind")


def _own(room: Room, member: Member) -> tuple[object, ...]:
    place: Place | None = None if room.is_carried(member) else member.place
    who = member.host, member.is_instructor, member.state, member.is_following
    return *who, member.answers, member.progress, place
