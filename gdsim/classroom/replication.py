"""A room as records that hosts share: one for the broadcast, one for each question, chapter and member."""

from __future__ import annotations

from collections.abc import Iterator

from gdsim.classroom.messages import MessageError, Place, from_json, to_json
from gdsim.classroom.room import Asked, Member, OnAir, Room

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
