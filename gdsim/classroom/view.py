"""What one screen knows about its room, message by message: the broadcast, the open question, the roster; immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gdsim.classroom.messages import (
    Answer,
    Counts,
    CourseState,
    Follow,
    GoalCounts,
    Message,
    OnAirState,
    Question,
    Reveal,
    Roster,
    Row,
)

_UNKNOWN = OnAirState("", False, False, "", 0, True)
_NO_GOALS = GoalCounts(())


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room as one screen sees it.

    air: the last one received; until then the learner is assumed to follow. question: the open one; answer: the one
    given to it here. course: None if no course is served. counts, rows, goals: sent to instructors only.
    """

    air: OnAirState = _UNKNOWN
    question: Question | None = None
    answer: int | None = None
    counts: Counts | None = None
    rows: Mapping[str, Row] = field(default_factory=dict)
    course: CourseState | None = None
    goals: GoalCounts = _NO_GOALS

    def received(self, message: Message) -> RoomView:
        """Return the view after a message from the server."""
        match message:
            case OnAirState():
                return replace(self, air=message)
            case Question():
                return replace(self, question=message, answer=message.answer, counts=None)
            case Counts(question) if self.question is not None and question == self.question.id:
                return replace(self, counts=message)
            case Reveal(question) if self.question is not None and question == self.question.id:
                return replace(self, question=None, answer=None, counts=None)
            case CourseState():
                return replace(self, course=message)
            case GoalCounts():
                return replace(self, goals=message)
            case Roster(rows):
                return replace(self, rows={**self.rows, **{row.name: row for row in rows}})
        return self

    def sent(self, message: Message) -> RoomView:
        """Return the view after a message to the server, assuming that what it asks for is granted."""
        match message:
            case Follow(is_on):
                return replace(self, air=replace(self.air, is_following=is_on))
            case Answer(question, value) if self.question is not None and question == self.question.id:
                return replace(self, answer=value)
        return self

    @property
    def is_led(self) -> bool:
        """Whether this screen shows a broadcast."""
        return self.air.is_on and self.air.is_following

    @property
    def is_to_answer(self) -> bool:
        """Whether an open question waits for this screen's answer."""
        return self.question is not None and self.answer is None and self.is_led

    @property
    def learners(self) -> list[Row]:
        """The learners who are here."""
        return [row for row in self.rows.values() if row.state == "here" and not row.is_instructor]

    def word(self, answer: int) -> str:
        """Return an answer to the open question in words."""
        assert self.question is not None
        return self.question.words[(1, -1, 0).index(answer)]
