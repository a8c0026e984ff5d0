"""What a workshop screen shows about its room: the room line, the course, and what others work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from gdsim.classroom.messages import MOST_ENTRIES, CourseState, OpenChapter, Progressed
from gdsim.classroom.view import RoomView
from gdsim.i18n import _, ngettext
from gdsim.scenario.course import Course
from gdsim.session.command import Ask, Choice, Result, Text
from gdsim.session.progress import Progress, Record
from gdsim.tui.panels.part import RoomLine

if TYPE_CHECKING:
    from gdsim.tui.workshop import Client


def learner_line(room: RoomView) -> RoomLine:
    """Return a learner's room line: the state of the broadcast, and what the `f` key does."""
    air = room.air
    name = air.instructor or _("the instructor")
    if not air.is_on:
        text = _("no broadcast yet; explore on your own")
        if air.instructor:
            text = _("{name} is off air; explore on your own").format(name=name)
        if room.course is not None and not room.course.chapters:
            text = _("no chapter is open yet; wait for the instructor")
        hint = _("f will not follow") if air.is_following else _("f will follow")
        return RoomLine((("○ ", "quiet"), (text, "")), hint)
    if not air.is_following:
        where = _("{name} is in {scenario}, after update {update}")
        told = where.format(name=name, scenario=air.scenario, update=air.update) if air.scenario else ""
        parts = [("○ ", "quiet"), (_("alone"), "strong")]
        if room.question is not None:
            told = _("{name} asks a question").format(name=name)
        return RoomLine((*parts, (f" · {told}" if told else "", "")), _("f follows"))
    parts = [("● ", "accent"), (_("following {name}").format(name=name), "strong")]
    if not air.is_here:
        parts.append((" · " + _("who is away just now"), ""))
    if room.question is not None:
        if room.answer is None:
            parts.append((" · " + _("a question: press a"), "accent"))
        else:
            said = _("you said {answer}; waiting for others").format(answer=room.word(room.answer))
            parts.append((f" · {said}", ""))
    return RoomLine(tuple(parts), _("f unfollows"))


def instructor_line(room: RoomView) -> RoomLine:
    """Return an instructor's room line: broadcast, learners and answers, and what the `f` key does."""
    here = room.learners
    following = sum(row.is_following for row in here)
    people = ngettext("{count} learner here", "{count} learners here", len(here)).format(count=len(here))
    people += " · " + ngettext("{count} follows", "{count} follow", following).format(count=following)
    if room.air.is_on:
        parts = [("● ", "accent"), (_("on air"), "strong"), (f" · {people}", "")]
        hint = _("f goes off air")
    else:
        parts, hint = [("○ ", "quiet"), (_("off air"), "strong"), (f" · {people}", "")], _("f goes on air")
    counts = room.counts
    if room.question is not None and counts is not None:
        answered = counts.more + counts.less + counts.neither
        text = _("{count}/{all} answered: press Q").format(count=answered, all=answered + counts.waiting)
        parts.append((f" · {text}", "accent"))
    return RoomLine(tuple(parts), hint)


class RoomProgress:
    """A learner's progress in a workshop. The server keeps it, so that it is there on any host of the room."""

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
        """Return the progress so far."""
        return self._progress

    def keep(self, key: str, record: Record) -> None:
        """Add the progress in a scenario, and report it to the server if there is anything new."""
        before, self._progress = self._progress, self._progress.with_record(key, record)
        was, now = _reached(key, before), _reached(key, self._progress)
        if now != was:
            self._client.tell(now)


def closed_chapters(course: Course, state: CourseState | None) -> frozenset[int]:
    """Return the numbers (from 0) of the chapters that no instructor has opened."""
    is_open = () if state is None else state.chapters
    return frozenset(range(len(course.chapters)) if course.has_chapters else ()) - set(is_open)


def opened_notices(course: Course, before: CourseState | None, after: CourseState | None) -> Iterator[str]:
    """Yield a notice for each chapter opened between the two states."""
    if before is None or after is None:
        return
    for number in sorted(set(after.chapters) - set(before.chapters)):
        title = next((each.title for each in course.chapters[number : number + 1]), "")
        yield _("Chapter {number} is open now: {title}").format(number=number + 1, title=title)


def others_lines(course: Course, state: CourseState | None, name: str) -> list[str]:
    """Return how many others work on which scenario of the chapter that `name` ends; empty if it ends none."""
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
        return [_("Nobody else is working in this chapter now.")]
    return [_("Others still work in this chapter: {counts}").format(counts=", ".join(counts))]


def chapters_ask(course: Course, state: CourseState | None, tell: Callable[[OpenChapter], None]) -> Ask:
    """Return the question which chapter to open or close; it proposes the first closed one."""
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
    """Return the progress in a scenario as a message for the server."""
    record = progress.scenarios.get(scenario, Record())
    goals, questions = (tuple(sorted(each))[:MOST_ENTRIES] for each in (record.goals, record.questions))
    return Progressed(scenario, goals, questions, record.is_finished)
