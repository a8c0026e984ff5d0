"""An instructor's run screen in a workshop: broadcasting, the roster, questions to everybody, the hand-out."""

from __future__ import annotations

from collections.abc import Callable

from gdsim.classroom.messages import Ask, Broadcast, Close, HandoutWanted, Question, Reveal
from gdsim.explain.answers import choices, right_direction
from gdsim.explain.predictions import predictions
from gdsim.explain.questions import Question as Prediction
from gdsim.i18n import _
from gdsim.session import Session
from gdsim.tui.keys import INSTRUCTOR_KEYS, Key, bindings, with_keys
from gdsim.tui.places import place_of
from gdsim.tui.screens.in_room import InRoom
from gdsim.tui.screens.room_question import AnswersSheet, RoomVerdictSheet
from gdsim.tui.screens.room_roster import RosterScreen
from gdsim.tui.screens.sheets import Choose


class Instructor(InRoom):
    """The keys of an instructor in a workshop."""

    BINDINGS = [*bindings(INSTRUCTOR_KEYS)]
    is_instructor = True

    @property
    def key_table(self) -> tuple[Key, ...]:
        """The keys of the run screen, with those of an instructor."""
        return with_keys(INSTRUCTOR_KEYS)

    def show(self, session: Session) -> None:
        """Show a session; while a question is open, what would give its answer away waits."""
        if not self._is_carried and self._is_asking and place_of(session) != place_of(self.session):
            self._tell_to_wait()
        else:
            super().show(session)

    def travel(self, target: int, until: Callable[[int], bool] | None = None) -> None:
        """Go far, but not while a question is open."""
        if self._is_asking:
            self._tell_to_wait()
        else:
            super().travel(target, until)

    def action_play(self) -> None:
        """Play, but not while a question is open."""
        if self._is_asking:
            self._tell_to_wait()
        else:
            super().action_play()

    def _tell_to_wait(self) -> None:
        self.app.clear_notifications()
        self.app.notify(_("Your question is open: Q shows the answers, and enter there reveals which is right."))

    @property
    def _is_asking(self) -> bool:
        """Whether the open question is about the update that comes next here."""
        return self.room.question is not None and self.room.question.place == place_of(self.session)

    def action_broadcast(self) -> None:
        """Go on air, or off."""
        self.tell(Broadcast(not self.room.air.is_on))

    def action_roster(self) -> None:
        """Show who is here."""
        self.pause()
        self.app.push_screen(RosterScreen(self.room))

    def action_hand_out(self) -> None:
        """Have the hand-out written."""
        self.tell(HandoutWanted())

    def action_ask_room(self) -> None:
        """Ask everybody about the next update; while a question is open, show how it stands."""
        self.pause()
        if self.room.question is not None:
            self._show_answers()
            return
        session = self.session
        found = [
            question
            for question in predictions(session.timeline, session.position, session.focus)
            if question.form != "value"
        ]
        if not found:
            self.app.notify(_("Nothing is left to predict of this update."))
            return

        def chosen(place: str | None) -> None:
            if place is not None:
                self._ask_everybody(found[int(place)])

        options = [(str(place), question.text) for place, question in enumerate(found)]
        self.app.push_screen(Choose(_("what do you ask everybody?"), options, "0"), chosen)

    def _ask_everybody(self, question: Prediction) -> None:
        timeline = self.session.timeline
        if question.form == "value":
            return
        right, words = right_direction(question, timeline), choices(question, timeline)
        self.tell(Ask(place_of(self.session), question.quantity, question.form, question.text, words, right))

    def _show_answers(self) -> None:
        question = self.room.question
        if question is None:
            return

        def closed(is_revealed: bool | None) -> None:
            if is_revealed:
                self.tell(Close(question.id))

        self.app.push_screen(AnswersSheet(self.room, ascii_only=self.is_ascii), closed)

    def asked(self, question: Question) -> None:
        """Show the answers to one's own question as they come in."""
        self.close_sheets(RoomVerdictSheet, AnswersSheet)
        session = self.put(question)
        if session is not None:
            self.carry(session)
            self._show_answers()

    def revealed(self, question: Question, told: Reveal) -> None:
        """Make the update asked about, and show the answer."""
        self.close_sheets(AnswersSheet)
        session = self.put(question)
        if session is not None:
            self.show_answer(session, told)
