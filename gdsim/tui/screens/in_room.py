"""The run screen in a workshop: what a learner's and an instructor's have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol, cast

from textual.app import ComposeResult
from textual.screen import ModalScreen

from gdsim.classroom.messages import Message, Place, Question, Reveal
from gdsim.classroom.view import RoomView
from gdsim.explain.answers import reveal
from gdsim.explain.predictions import prediction_named
from gdsim.explain.questions import Quiz
from gdsim.session import Session
from gdsim.tui.panels.bars import RoomBar
from gdsim.tui.places import place_of, session_at
from gdsim.tui.room_view import instructor_line, learner_line
from gdsim.tui.screens.room_question import AnswersSheet, RoomQuestionSheet, RoomVerdictSheet
from gdsim.tui.screens.room_roster import RosterScreen
from gdsim.tui.screens.run import RunScreen
from gdsim.tui.screens.sheets import Reader
from gdsim.tui.state import RoomLine

_KEPT = (RoomVerdictSheet, RoomQuestionSheet, AnswersSheet, Reader)
"""Sheets that stay when the screen below is taken elsewhere."""


class Speaker(Protocol):
    """An application that can speak to the server."""

    def say(self, message: Message) -> RoomView:
        """Tell the server something, and return what is then known of the room."""


class InRoom(RunScreen):
    """A run screen with a line about the room, that can be taken to where the instructor is."""

    is_instructor = False

    room: RoomView = RoomView()
    _is_carried = False

    def compose(self) -> ComposeResult:
        for part in super().compose():
            if part.id == "keys":
                yield RoomBar(id="workshop")
            yield part

    def on_mount(self) -> None:
        super().on_mount()
        self.show_room()
        question = self.room.question
        if question is not None:
            self.call_after_refresh(self.asked, question)

    def tell(self, message: Message) -> None:
        """Tell the server something, at once: what it is told of steps has to come in their order."""
        self.room = cast(Speaker, self.app).say(message)
        self.show_room()

    def heard(self, room: RoomView, message: Message) -> None:
        """Show the room as it is after a message."""
        before, self.room = self.room, room
        if not self.query(RoomBar):  # not there yet, or no more
            return
        self.show_room()
        for screen in self.app.screen_stack:
            if isinstance(screen, AnswersSheet | RosterScreen):
                screen.show_room(room)
        if isinstance(message, Question):
            self.asked(message)
        elif isinstance(message, Reveal) and before.question is not None and before.question.id == message.question:
            self.revealed(before.question, message)

    def room_line(self) -> RoomLine:
        parts, hint = (instructor_line if self.is_instructor else learner_line)(self.room)
        return RoomLine(tuple(parts), hint)

    def show_room(self) -> None:
        """Show what is known of the room in its line."""
        self.refresh_parts()

    def asked(self, question: Question) -> None:
        """Show that a question is open."""
        raise NotImplementedError

    def revealed(self, question: Question, told: Reveal) -> None:
        """Show the answer of a question that was open."""
        raise NotImplementedError

    def carried(self, place: Place) -> None:
        """Stand at a place of the same scenario, as the server wants it. Raises GdsimError for one there is not."""
        session = session_at(self.session.scenario, place, self.session)
        if not self.query(RoomBar):
            self.session = session
            return
        self.pause()
        if place_of(session) != place_of(self.session):
            self.close_sheets()
        self.carry(session)

    def carry(self, session: Session) -> None:
        """Show a session that was not chosen here."""
        self.app.clear_notifications()
        self._is_carried = True
        try:
            self.show(session)
        finally:
            self._is_carried = False

    def close_sheets(self, *others: type[ModalScreen[Any]]) -> None:
        """Close what lies over this screen, but for texts to read and what the room put there; and `others`."""
        while isinstance(self.app.screen, ModalScreen):
            if isinstance(self.app.screen, _KEPT) and not isinstance(self.app.screen, others):
                return
            self.app.pop_screen()

    def put(self, question: Question) -> Session | None:
        """Return the session with a question of the room open, None where it does not stand before that update.

        Panels keep back what would give the answer away.
        """
        session, place = self.session, question.place
        if place_of(session) != place:
            return None
        found = prediction_named(session.timeline, session.position.update + 1, question.quantity, question.form)
        return None if found is None else replace(session, quiz=session.quiz.opened((found,)))

    def show_answer(self, session: Session, told: Reveal) -> None:
        """Make the update asked about and show what was right. session: with the question open, as `put` returns it."""
        is_answered = told.answer is not None and not self.is_instructor
        quiz: Quiz = session.quiz.answered_with(float(told.answer if told.answer is not None else told.right))
        shown = reveal(quiz, session.timeline, session.position, session.names)
        counted = shown.quiz if is_answered else session.quiz.closed()
        focus = shown.workings[0].focus or session.focus
        self.app.clear_notifications()
        self.show(replace(session.at(shown.position), quiz=counted, focus=focus))
        asked = replace(session, quiz=quiz)
        answer = told.answer if is_answered else None
        self.app.push_screen(RoomVerdictSheet(asked, shown, told.counts, answer, ascii_only=self.is_ascii))

    @property
    def is_ascii(self) -> bool:
        """Whether nothing beyond ASCII is drawn."""
        return self.ascii_only
