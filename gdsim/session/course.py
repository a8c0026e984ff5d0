"""A learner's progress through a course, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from gdsim.errors import GdsimError
from gdsim.explain.status import stop_sentence
from gdsim.i18n import _
from gdsim.scenario.course import Chapter, Course
from gdsim.scenario.library import Summary
from gdsim.session.goals import goal_lines
from gdsim.session.progress import SIGNS, Progress, ProgressStore, Record, key_of, record_of
from gdsim.session.session import Session


class Guide:
    """A learner's path through a course.

    load: reads the course when it is first needed, so that a single run opens without it. store: where progress is
    kept, None for nowhere. closed: returns the chapters that an instructor has not opened, by number from 0.
    """

    def __init__(
        self,
        load: Callable[[], Course],
        store: ProgressStore | None,
        closed: Callable[[], frozenset[int]] = frozenset,
    ) -> None:
        self._load, self._store, self._closed, self._is_unkept = load, store, closed, False

    @cached_property
    def course(self) -> Course:
        """The course."""
        return self._load()

    def open(self) -> None:
        """Read the course now, if it has not been read."""
        self.course  # noqa: B018

    @property
    def progress(self) -> Progress:
        """The learner's progress so far."""
        return Progress() if self._store is None else self._store.read()

    @property
    def note(self) -> str:
        """A message if the progress file could not be read, else empty."""
        return "" if self._store is None else self._store.note

    def keep(self, session: Session) -> str:
        """Save the session's progress and position; return an error message where that fails after it worked."""
        if self._store is None:
            return ""
        try:
            self._store.keep(key_of(Path(session.scenario.where)), record_of(session))
        except GdsimError as error:
            is_new, self._is_unkept = not self._is_unkept, True
            return str(error) if is_new else ""
        self._is_unkept = False
        return ""

    @property
    def next_step(self) -> Summary | None:
        """The scenario to continue with; None if every scenario of the open chapters is done."""
        return self.progress.next_step(self.course, self._closed())

    def is_closed(self, chapter: Chapter) -> bool:
        """Whether an instructor has not opened a chapter."""
        return any(self.course.chapters[number] is chapter for number in self._closed())

    def why_closed(self, summary: Summary) -> str:
        """Return why a learner cannot open a scenario; empty if they can."""
        if any(self.is_closed(chapter) for chapter, each in self.course.places() if each is summary):
            return _("The instructor has not opened this chapter yet.")
        if not self.progress.is_open(self.course, summary):
            return _("This opens once the goals of the scenarios before it are reached.")
        return ""

    def is_last(self, session: Session) -> bool:
        """Whether a session's scenario is the last of the course."""
        return key_of(self.course.scenarios[-1].path) == key_of(Path(session.scenario.where))

    def after(self, session: Session) -> Summary | None:
        """Return the scenario that comes after a session's, open or not; None after the last."""
        scenarios = self.course.scenarios
        keys, key = [key_of(each.path) for each in scenarios], key_of(Path(session.scenario.where))
        return next(iter(scenarios[keys.index(key) + 1 :] if key in keys else ()), None)

    def chapter_begun_by(self, summary: Summary) -> str:
        """Return the heading of the chapter that begins with a scenario; empty if none does."""
        chapters = enumerate(self.course.chapters, 1)
        return next((chapter_line(*each) for each in chapters if each[1].scenarios[0] is summary), "")

    def following(self, session: Session) -> Summary | None:
        """Return the scenario to open after a session's; None at the end, or while that one is closed."""
        after = self.after(session)
        return None if after is None or self.why_closed(after) else after


def chapter_line(number: int, chapter: Chapter) -> str:
    """Return the number, title and minutes of a chapter; empty if it has no title."""
    if not chapter.title:
        return ""
    minutes = " · " + _("{count} min").format(count=chapter.minutes) if chapter.minutes else ""
    return f"{number} {chapter.title}{minutes}"


def chapter_lines(chapter: Chapter) -> list[str]:
    """Return the aim of a chapter, and what a learner should have seen before it."""
    before = _("Before: {chapters}").format(chapters=chapter.before) if chapter.before else ""
    return [line for line in (chapter.aim, before) if line]


def counts(summary: Summary, record: Record | None) -> str:
    """Return how many of the goals are reached and of the questions answered rightly; empty if there are none."""
    record = record or Record()
    parts = []
    if summary.goals:
        parts.append(_("goals {reached}/{count}").format(reached=len(record.goals), count=len(summary.goals)))
    if summary.questions:
        parts.append(_("questions {right}/{count}").format(right=len(record.questions), count=summary.questions))
    return " · ".join(parts)


def course_line(course: Course, progress: Progress) -> str:
    """Return one line on the progress in a course: scenarios done and goals reached."""
    states = [progress.state(each) for each in course.scenarios]
    records = [(each, progress.of(each) or Record()) for each in course.scenarios]
    reached, goals = sum(len(record.goals) for _each, record in records), sum(len(each.goals) for each, _r in records)
    text = _("{done} of {count} scenarios done · goals {reached}/{goals}")
    return text.format(done=states.count("done"), count=len(states), reached=reached, goals=goals)


def path_lines(guide: Guide) -> Iterator[str]:
    """Yield the course as lines: each chapter, then its scenarios with their numbers, signs and counts."""
    course, progress, step, number = guide.course, guide.progress, guide.next_step, 0
    for place, chapter in enumerate(course.chapters, 1):
        if heading := chapter_line(place, chapter):
            yield heading
        for each in chapter.scenarios:
            number += 1
            parts = [f"{number} {SIGNS[progress.state(each)]} {each.name}: {each.summary}"]
            parts += filter(None, [counts(each, progress.of(each)), _("next") if each is step else ""])
            yield "  " + " · ".join(parts)


def matches(summary: Summary, wanted: str) -> bool:
    """Whether a scenario's name, title, summary or lesson contains the wanted text."""
    texts = (summary.name, summary.title, summary.summary, summary.lesson)
    return wanted.lower() in " ".join(texts).lower()


def end_lines(session: Session, guide: Guide) -> list[str]:
    """Return why the run is over, its goals and questions, what it showed, and what comes next."""
    lines = [stop_sentence(session.timeline.stopped or "", session.timeline), *goal_lines(session)]
    if session.scenario.ask:
        asks = session.scenario.ask
        left = sorted({ask.before for place, ask in enumerate(asks) if place not in session.answered})
        text = (
            _("questions {right}/{count}: press a before update {numbers}") if left else _("questions {right}/{count}")
        )
        numbers = ", ".join(map(str, left))
        lines.append(text.format(right=len(session.answered), count=len(asks), numbers=numbers))
    lines.append(session.scenario.summary)
    if len(session.reached) < len(session.scenario.goal):
        lines.append(_("A goal is still open: r goes back to the start, I gives a hint."))
    after = guide.after(session)
    if after is not None:
        following = " · ".join(filter(None, (after.title, guide.chapter_begun_by(after))))
        lines += filter(None, (_("Next: {title}").format(title=following), guide.why_closed(after)))
    elif guide.is_last(session):
        lines.append(_("This is the end of the course."))
    return lines
