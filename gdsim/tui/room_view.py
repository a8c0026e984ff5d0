"""What a screen knows of its room: what goes on, the open question, the roster; immutable, message by message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gdsim.i18n import _, ngettext
from gdsim.messages import Air, Answer, Counts, Follow, Message, Question, Reveal, Roster, Row

Part = tuple[str, str]
"""A stretch of text, and the name of its look in gdsim.tcss."""

_UNTOLD = Air("", False, False, "", 0, True)


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room as one screen sees it.

    air: as last told; before that a learner takes it that the instructor is followed, once there is something to
    follow. question: the open one; answer: what was said to it here. counts and rows: an instructor's alone.
    """

    air: Air = _UNTOLD
    question: Question | None = None
    answer: int | None = None
    counts: Counts | None = None
    rows: Mapping[str, Row] = field(default_factory=dict)

    def heard(self, message: Message) -> RoomView:
        """Return the view after a message of the server."""
        match message:
            case Air():
                return replace(self, air=message)
            case Question():
                return replace(self, question=message, answer=message.answer, counts=None)
            case Counts(question) if self.question is not None and question == self.question.id:
                return replace(self, counts=message)
            case Reveal(question) if self.question is not None and question == self.question.id:
                return replace(self, question=None, answer=None, counts=None)
            case Roster(rows):
                return replace(self, rows={**self.rows, **{row.name: row for row in rows}})
        return self

    def said(self, message: Message) -> RoomView:
        """Return the view after a message to the server: what it asks for is taken as granted."""
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


def learner_line(room: RoomView) -> tuple[list[Part], str]:
    """Return what a learner is told of the room, and what the key does that changes it."""
    air = room.air
    name = air.instructor or _("the instructor")
    if not air.is_on:
        text = _("the instructor shows nothing yet; walk as you like")
        if air.instructor:
            text = _("{name} shows nothing now; walk as you like").format(name=name)
        hint = _("f stays alone later on") if air.is_following else _("f follows later on")
        return [("○ ", "quiet"), (text, "")], hint
    if not air.is_following:
        where = _("{name} is in {scenario}, after update {update}")
        told = where.format(name=name, scenario=air.scenario, update=air.update) if air.scenario else ""
        parts = [("○ ", "quiet"), (_("alone"), "strong")]
        if room.question is not None:
            told = _("{name} asks a question").format(name=name)
        return [*parts, (f" · {told}" if told else "", "")], _("f follows")
    parts = [("● ", "accent"), (_("following {name}").format(name=name), "strong")]
    if not air.is_here:
        parts.append((" · " + _("who is away just now"), ""))
    if room.question is not None:
        if room.answer is None:
            parts.append((" · " + _("a question: press a"), "accent"))
        else:
            said = _("you said {answer}; others are thinking").format(answer=room.word(room.answer))
            parts.append((f" · {said}", ""))
    return parts, _("f walks alone")


def instructor_line(room: RoomView) -> tuple[list[Part], str]:
    """Return what an instructor is told of the room, and what the key does that changes it."""
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
        text = _("{count} of {all} have answered: Q").format(count=answered, all=answered + counts.waiting)
        parts.append((f" · {text}", "accent"))
    return parts, hint
