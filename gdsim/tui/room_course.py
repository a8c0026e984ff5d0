"""A workshop's course on one screen: what is open, what this person has reached, what the others work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from gdsim.classroom.messages import MOST_ENTRIES, CourseState, OpenChapter, Progressed
from gdsim.i18n import _, ngettext
from gdsim.scenario.course import Course
from gdsim.session.command import Ask, Choice, Result, Text
from gdsim.session.progress import Progress, Record

if TYPE_CHECKING:
    from gdsim.tui.workshop import Client


class RoomProgress:
    """What somebody reaches in a workshop: its server keeps that, so that it is there again on any host of the room."""

    note = ""

    def __init__(self, client: Client) -> None:
        self._client = client
        reached = {
            each.scenario: Record(
                goals=frozenset(each.goals), questions=frozenset(each.questions), is_finished=each.is_finished
            )
            for each in client.progress
        }
        last = "" if client.place is None else client.place.scenario
        self._progress = Progress(last=last, scenarios=reached)

    def read(self) -> Progress:
        """Return what is reached."""
        return self._progress

    def keep(self, key: str, record: Record) -> None:
        """Add what was reached in a scenario, and tell the server where that is more than before."""
        before, self._progress = self._progress, self._progress.with_record(key, record)
        was, now = _reached(key, before), _reached(key, self._progress)
        if now != was:
            self._client.tell(now)


def closed_chapters(course: Course, state: CourseState | None) -> frozenset[int]:
    """Return the chapters that an instructor has not opened, by number from 0."""
    is_open = () if state is None else state.chapters
    return frozenset(range(len(course.chapters)) if course.has_chapters else ()) - set(is_open)


def opened_notices(course: Course, before: CourseState | None, after: CourseState | None) -> Iterator[str]:
    """Yield what is said of the chapters that were opened meanwhile."""
    if before is None or after is None:
        return
    for number in sorted(set(after.chapters) - set(before.chapters)):
        title = next((each.title for each in course.chapters[number : number + 1]), "")
        yield _("Chapter {number} is open now: {title}").format(number=number + 1, title=title)


def others_lines(course: Course, state: CourseState | None, name: str) -> list[str]:
    """Return how many others work where in the chapter that ends with a scenario; nothing for another scenario."""
    chapter = next((chapter for chapter, each in course.places() if each.name == name), None)
    if chapter is None or state is None or chapter.scenarios[-1].name != name:
        return []
    at_work = {each.scenario: each.learners[0] - (each.scenario == name) for each in state.at_work}
    counts = [
        _("{count} in {scenario}").format(count=at_work[each.name], scenario=each.name)
        for each in chapter.scenarios
        if at_work.get(each.name, 0) > 0
    ]
    if not counts:
        return [_("Nobody else is at work in this chapter now.")]
    return [_("Others still work in this chapter: {counts}").format(counts=", ".join(counts))]


def chapters_ask(course: Course, state: CourseState | None, tell: Callable[[OpenChapter], None]) -> Ask:
    """Return the choice of a chapter to open or close, the first one closed proposed."""
    closed = closed_chapters(course, state)
    at_work = {} if state is None else {each.scenario: each.learners[0] for each in state.at_work}

    def text(number: int) -> str:
        here = sum(at_work.get(each.name, 0) for each in course.chapters[number].scenarios)
        people = ngettext("{count} learner here", "{count} learners here", here).format(count=here)
        parts = (f"{number + 1} {course.chapters[number].title}", _("closed") if number in closed else _("open"))
        return " · ".join([*parts, *([people] if here else [])])

    def answer(value: str) -> Result:
        tell(OpenChapter(int(value), int(value) in closed))
        return Text(())

    choices = tuple(Choice(str(number), text(number)) for number in range(len(course.chapters)))
    how = _("enter opens a chapter to the learners, or closes it")
    return Ask(_("chapters of the course"), how, str(min(closed, default=0)), answer, choices)


def _reached(scenario: str, progress: Progress) -> Progressed:
    """Return what is reached in a scenario, as the server is told it."""
    record = progress.scenarios.get(scenario, Record())
    goals, questions = (tuple(sorted(each))[:MOST_ENTRIES] for each in (record.goals, record.questions))
    return Progressed(scenario, goals, questions, record.is_finished)
