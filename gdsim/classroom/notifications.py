"""The messages each screen of a room gets when the room has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from gdsim.classroom.messages import Counts, GoTo, Message, OnAirState, Roster, Row
from gdsim.classroom.room import Member, Room

ROWS = 64
"""Rows per message: few enough even for the longest names and answers."""


def news(before: Room, after: Room, names: Collection[str]) -> Iterator[tuple[str, Message]]:
    """Yield the messages for the screens of `names`, each with the name it is for, in order for each screen.

    A screen that was not here before is told everything. A message that is the same for several is the same object, so
    that a mirror can send it once.
    """
    airs = {is_following: (air(before, is_following), air(after, is_following)) for is_following in (True, False)}
    go_to = None if after.air.place is None else GoTo(after.air.place)
    course = _course(before, after)
    opened = after.open_question
    is_new = opened is not None and not before.is_open(opened.id)
    question = None if opened is None else cache(opened.put)
    closed = [
        number
        for number, asked in after.asked.items()
        if not asked.is_open and (number not in before.asked or before.is_open(number))
    ]
    reveal = cache(after.reveal)
    members = [(after.members[name], before.members.get(name)) for name in names if name in after.members]
    changed: list[Message] | None = None
    # Learners first: they wait for the instructor's step, and the roster takes a while to compare.
    for member, was in sorted(members, key=lambda each: each[0].is_instructor):
        was = was if was is not None and was.state == "here" else None
        name = member.name
        if was is None or airs[was.is_following][0] != airs[member.is_following][1]:
            yield name, airs[member.is_following][1]
        is_taken = go_to is not None and after.is_carried(member)
        was_taken = was is not None and before.is_carried(was)
        if go_to is not None and is_taken and (not was_taken or before.air.place != after.air.place):
            yield name, go_to
        if after.chapters and (was is None or course is not None):
            yield name, course or after.course_state
        is_back = is_taken and not was_taken
        if opened is not None and question is not None and (is_new or was is None or is_back):
            yield name, question(member.answer_to(opened.id))
        if was is not None:
            yield from ((name, reveal(number, member.answer_to(number))) for number in closed)
        if member.is_instructor:
            if was is None:
                rosters = _rosters(Room(), after)
            else:
                rosters = changed = _rosters(before, after) if changed is None else changed
            yield from ((name, message) for message in rosters)
            yield from ((name, message) for message in _counts(before if was is not None else Room(), after))
            if (_progress(before) if was is not None else []) != _progress(after):
                yield name, after.goal_counts


def air(room: Room, is_following: bool) -> OnAirState:
    """Return the state of the broadcast for those who follow, or for those who do not.

    Followers of a broadcast see its place and so are not told it.
    """
    on_air = room.air
    instructor = room.members.get(on_air.instructor)
    is_here = instructor is not None and instructor.state == "here"
    place = None if is_following and on_air.is_on else on_air.place
    scenario, update = ("", 0) if place is None else (place.scenario, place.update)
    return OnAirState(on_air.instructor, is_here, on_air.is_on, scenario, update, is_following)


def row(room: Room, member: Member) -> Row:
    """Return a member's row of the roster."""
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
        sum(len(each.goals) for each in member.progress),
        sum(len(each.questions) for each in member.progress),
    )


def _rosters(before: Room, after: Room) -> list[Message]:
    """Return the changed rows, in as many messages as they need."""
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


def _course(before: Room, after: Room) -> Message | None:
    """Return the state of the course to tell everybody, None if it is unchanged or there is no course."""
    is_same = before.members is after.members and before.chapters is after.chapters and before.air is after.air
    if is_same or not after.chapters:
        return None
    state = after.course_state
    return None if before.course_state == state else state


def _progress(room: Room) -> list[object]:
    return [member.progress for member in room.learners if member.progress]


def _counts(before: Room, after: Room) -> Iterator[Message]:
    """Yield the counts of the open question, if they have changed."""
    opened = after.open_question
    if opened is None:
        return
    counts = after.counts(opened.id)
    earlier: Counts | None = before.counts(opened.id) if before.is_open(opened.id) else None
    if counts != earlier:
        yield counts
