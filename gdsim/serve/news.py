"""What each screen of a room is told when the room has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gdsim.messages import Air, Counts, GoTo, Message, Roster, Row
from gdsim.serve.room import Asked, Member, Room

ROWS = 64
"""Rows sent in one message: few enough for the longest of names and answers."""


def news(before: Room, after: Room, names: Collection[str]) -> Iterator[tuple[str, Message]]:
    """Yield what the screens of those `names` are told, in order, each with the name it is for.

    One that was not here before is told everything. What is the same for several is the same object, so that one who
    sends it on to many can tell.
    """
    same: dict[Message, Message] = {}
    airs = {is_following: (air(before, is_following), air(after, is_following)) for is_following in (True, False)}
    members = [(after.members[name], before.members.get(name)) for name in names if name in after.members]
    changed = _rosters(before, after) if any(member.is_instructor for member, _was in members) else []
    for member, was in members:
        was = was if was is not None and was.state == "here" else None
        told: list[Message] = []
        if was is None or airs[was.is_following][0] != airs[member.is_following][1]:
            told.append(airs[member.is_following][1])
        told += _moves(before, after, member, was)
        told += _questions(before, after, member, was)
        if member.is_instructor:
            told += changed if was is not None else _rosters(Room(), after)
            told += _counts(before if was is not None else Room(), after)
        for message in told:
            yield member.name, same.setdefault(message, message)


def air(room: Room, is_following: bool) -> Air:
    """Return what goes on in a room as one who follows is told, or one who does not.

    Followers of a broadcast see where it is, and are not told.
    """
    on_air = room.air
    instructor = room.members.get(on_air.instructor)
    is_here = instructor is not None and instructor.state == "here"
    place = None if is_following and on_air.is_on else on_air.place
    scenario, update = ("", 0) if place is None else (place.scenario, place.update)
    return Air(on_air.instructor, is_here, on_air.is_on, scenario, update, is_following)


def row(room: Room, member: Member) -> Row:
    """Return somebody's line of the roster."""
    place = None if member.state == "here" and room.is_carried(member) else member.place
    last = member.answers[-1] if member.answers else None
    asked = None if last is None else room.asked.get(last.question)
    answer, is_right = "", None
    if last is not None and asked is not None:
        answer = asked.word(last.value)
        is_right = None if asked.is_open else last.value == asked.ask.right
    now = room.open_question
    return Row(
        member.name,
        member.is_instructor,
        "" if place is None else place.scenario,
        0 if place is None else place.update,
        member.is_following,
        answer,
        is_right,
        now is not None and member.answer_to(now.id) is not None,
        member.state,
    )


def _rosters(before: Room, after: Room) -> list[Message]:
    """Return the rows that have changed, in as many messages as they need."""
    is_same_for_all = before.asked is after.asked and before.air.is_on == after.air.is_on
    changed: list[Row] = []
    for name, member in after.members.items():
        was = before.members.get(name)
        if was is member and is_same_for_all:
            continue
        line = row(after, member)
        if was is None or row(before, was) != line:
            changed.append(line)
    return [Roster(tuple(changed[start : start + ROWS])) for start in range(0, len(changed), ROWS)]


def _moves(before: Room, after: Room, member: Member, was: Member | None) -> Iterator[Message]:
    place = after.air.place
    if place is None or not after.is_carried(member):
        return
    was_carried = was is not None and before.is_carried(was)
    if not was_carried or before.air.place != place:
        yield GoTo(place)


def _questions(before: Room, after: Room, member: Member, was: Member | None) -> Iterator[Message]:
    """Yield the question that is open where it is new to somebody, and the answers of those closed meanwhile."""
    opened = after.open_question
    if opened is not None:
        is_back = was is not None and not before.is_carried(was) and after.is_carried(member)
        if was is None or is_back or not _is_open(before, opened):
            yield opened.put_to(member)
    if before.asked is not after.asked and was is not None:
        for asked in after.asked.values():
            earlier = before.asked.get(asked.id)
            if not asked.is_open and (earlier is None or earlier.is_open):
                yield after.reveal(asked, member)


def _is_open(room: Room, asked: Asked) -> bool:
    known = room.asked.get(asked.id)
    return known is not None and known.is_open


def _counts(before: Room, after: Room) -> Iterator[Message]:
    """Yield how the open question stands, where that has changed."""
    opened = after.open_question
    if opened is None:
        return
    counts = after.counts(opened.id)
    earlier: Counts | None = before.counts(opened.id) if _is_open(before, opened) else None
    if counts != earlier:
        yield counts
