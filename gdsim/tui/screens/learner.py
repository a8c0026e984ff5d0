"""A learner's run screen in a workshop: following the instructor or walking alone, and answering."""

from __future__ import annotations

from dataclasses import replace

from gdsim.classroom.messages import Answer, Follow, Question, Reveal
from gdsim.explain.questions import Quiz
from gdsim.i18n import _
from gdsim.session import Session
from gdsim.tui.keys import LEARNER_KEYS, Key, bindings, with_keys
from gdsim.tui.places import place_of
from gdsim.tui.screens.in_room import InRoom
from gdsim.tui.screens.room_question import RoomQuestionSheet, RoomVerdictSheet


class Learner(InRoom):
    """The keys of a learner in a workshop."""

    BINDINGS = [*bindings(LEARNER_KEYS)]

    @property
    def key_table(self) -> tuple[Key, ...]:
        """The keys of the run screen, with those of a learner."""
        return with_keys(LEARNER_KEYS)

    def show(self, session: Session) -> None:
        """Show a session; one's own step away from a broadcast is the first of a walk alone."""
        is_own_step = not self._is_carried and place_of(session) != place_of(self.session)
        if is_own_step and self.room.is_led:
            session = replace(session, quiz=session.quiz.closed())
            self._follow(False)
            self.app.notify(_("You walk alone from here; f follows again."))
        super().show(session)

    def action_follow(self) -> None:
        """Follow the instructor, or walk alone."""
        self._follow(not self.room.air.is_following)

    def action_ask(self) -> None:
        """Answer the instructor's question where one is open; else as ever."""
        if self.room.is_to_answer and self.room.question is not None:
            self._put_room_question(self.room.question)
        else:
            super().action_ask()

    def _follow(self, is_on: bool) -> None:
        self.tell(Follow(is_on))
        if not is_on and self.session.quiz.open:
            self.carry(replace(self.session, quiz=self.session.quiz.closed()))

    def asked(self, question: Question) -> None:
        """Put the question to one who follows; tell one who walks alone of it."""
        if not self.room.is_led:
            name = self.room.air.instructor
            self.app.notify(_("{name} asks a question; f follows and answers.").format(name=name), timeout=10)
            return
        self.close_sheets(RoomVerdictSheet, RoomQuestionSheet)
        session = self.put(question)
        if session is None:
            return
        self.carry(session)
        if self.room.answer is None:
            self._put_room_question(question)

    def _put_room_question(self, question: Question) -> None:
        if not self.session.quiz.open:
            session = self.put(question)
            if session is None:
                return
            self.carry(session)

        def answered(quiz: Quiz | None) -> None:
            if quiz is not None and self.room.question is not None:
                self.tell(Answer(self.room.question.id, int(quiz.answers[-1].value)))

        self.app.push_screen(RoomQuestionSheet(self.session, ascii_only=self.is_ascii), answered)

    def revealed(self, question: Question, told: Reveal) -> None:
        """Show the answer and make the update, for one who follows; tell it to one who answered and walked on."""
        self.close_sheets(RoomQuestionSheet)
        session = self.put(question) if self.room.is_led else None
        if session is not None:
            self._is_carried = True
            try:
                self.show_answer(session, told)
            finally:
                self._is_carried = False
        elif told.answer is not None:
            right, word = (question.words[(1, -1, 0).index(each)] for each in (told.right, told.answer))
            text = _("✓ {truth}") if right == word else _("✗ {truth}, you said {answer}")
            self.app.notify(text.format(truth=right, answer=word), title=question.text)
