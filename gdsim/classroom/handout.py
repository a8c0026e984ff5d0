"""The hand-out of a workshop: a CSV of what each learner reached and answered."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from gdsim.classroom.messages import Progressed
from gdsim.classroom.room import Asked, Member, Room
from gdsim.i18n import _
from gdsim.scenario.course import Course

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: a spreadsheet would take it for a formula."""


def handout(room: Room, course: Course | None = None) -> str:
    """Return the hand-out: a row for each learner, a column for each question with the right answer in its heading.

    With a course there are also columns for the chapter, for progress in the course, and for each of its goals.
    """
    questions = sorted(room.asked.values(), key=lambda asked: asked.id)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    first = (_("name"), _("state"), _("reached"), _("scenario"), _("update"), _("changed"))
    headings = (*first, *map(_heading, questions), _("right"), _("answered"))
    writer.writerow(map(_safe, (*headings, *(() if course is None else _course_headings(course)))))
    for member in sorted(room.members.values(), key=lambda member: member.name.casefold()):
        if not member.is_instructor:
            cells = (*_cells(room, member, questions), *(() if course is None else _course_cells(room, member, course)))
            writer.writerow(map(_safe, cells))
    return text.getvalue()


def write_handout(room: Room, folder: Path, now: datetime, course: Course | None = None) -> Path:
    """Write the hand-out to a new file in a folder, readable only by its owner, and return its path.

    Raises OSError, and then leaves no partial file behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = now.strftime("workshop-%Y-%m-%d-%H%M%S")
    for number in count(1):
        path = folder / (f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            continue
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
                file.write(handout(room, course))
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError("unreachable")


def _heading(asked: Asked) -> str:
    """Return a heading such as ``before update 4 of mazur: Which way will w5 move? (down)``."""
    ask = asked.ask
    text = _("before update {update} of {scenario}: {question}")
    said = text.format(update=ask.place.update + 1, scenario=ask.place.scenario, question=ask.text)
    return said if asked.is_open else f"{said} ({asked.word(ask.right)})"


def _cells(room: Room, member: Member, questions: list[Asked]) -> Iterator[str]:
    place = room.place_of(member)
    far = member if place is None else member.standing_at(place)
    yield member.name
    yield {"here": _("here"), "gone": _("gone"), "crashed": _("crashed")}[member.state]
    yield "; ".join(f"{each.scenario} {each.update}" for each in far.reached)
    yield "" if place is None else place.scenario
    yield "" if place is None else str(place.update)
    yield "" if place is None else "; ".join(place.edits)
    given = [member.answer_to(asked.id) for asked in questions]
    yield from ("" if value is None else asked.word(value) for asked, value in zip(questions, given, strict=True))
    closed = [(asked, value) for asked, value in zip(questions, given, strict=True) if not asked.is_open]
    yield str(sum(1 for asked, value in closed if value == asked.ask.right))
    yield str(sum(1 for value in given if value is not None))


def _course_headings(course: Course) -> Iterator[str]:
    yield _("chapter")
    yield _("scenarios done of {count}").format(count=len(course.scenarios))
    yield _("goals reached of {count}").format(count=sum(len(each.goals) for each in course.scenarios))
    yield _("questions right of {count}").format(count=sum(each.questions for each in course.scenarios))
    for each in course.scenarios:
        yield from (f"{each.name} {place}: {goal}" for place, goal in enumerate(each.goals, 1))


def _course_cells(room: Room, member: Member, course: Course) -> Iterator[str]:
    place = room.place_of(member)
    here = (chapter.title for chapter, each in course.places() if place is not None and each.name == place.scenario)
    progress = {each.scenario: each for each in member.progress}
    known = [(each, progress.get(each.name, Progressed(each.name))) for each in course.scenarios]
    yield next(here, "")
    yield str(sum(len(p.goals) >= len(each.goals) if each.goals else p.is_finished for each, p in known))
    yield str(sum(len(p.goals) for _each, p in known))
    yield str(sum(len(p.questions) for _each, p in known))
    for each, reached in known:
        yield from ("1" if place in reached.goals else "" for place in range(len(each.goals)))


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
