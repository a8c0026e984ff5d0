"""The hand-out of a workshop: a CSV of who reached what and which answers were given."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from gdsim.classroom.room import Asked, Member, Room
from gdsim.i18n import _

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: a spreadsheet would take it for a formula."""


def handout(room: Room) -> str:
    """Return the hand-out: a row for each learner, a column for each question with the right answer in its heading."""
    questions = sorted(room.asked.values(), key=lambda asked: asked.id)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    first = (_("name"), _("state"), _("reached"), _("scenario"), _("update"), _("changed"))
    writer.writerow(_safe(cell) for cell in (*first, *map(_heading, questions), _("right"), _("answered")))
    for member in sorted(room.members.values(), key=lambda member: member.name.casefold()):
        if not member.is_instructor:
            writer.writerow(_safe(cell) for cell in _cells(room, member, questions))
    return text.getvalue()


def write_handout(room: Room, folder: Path, now: datetime) -> Path:
    """Write the hand-out to a new file of a folder, for its owner alone, and return where. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = now.strftime("workshop-%Y-%m-%d-%H%M%S")
    for number in count(1):
        path = folder / (f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            file.write(handout(room))
        return path
    raise AssertionError("unreachable")


def _heading(asked: Asked) -> str:
    """Return ``before update 4 of mazur: Which way will w5 move? (down)``."""
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


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
