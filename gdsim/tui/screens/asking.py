"""Predict, then reveal: questions before an update, steps to do by oneself, bugs to name, and the score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gdsim.i18n import _
from gdsim.tui import screens
from gdsim.tui.screens.base import SessionScreen

if TYPE_CHECKING:
    from gdsim.explain.questions import Question, Quiz


class Asking(SessionScreen):
    """The keys of the run screen that ask; what questions are made of is loaded with the first."""

    def action_ask(self) -> None:
        """Put the scenario's question, or let the learner choose what to predict of the next update."""
        from gdsim.explain.predictions import predictions

        self.pause()
        if not self.put_questions(is_bidden=True):
            self._choose(_("what do you predict?"), predictions)

    def action_do_step(self) -> None:
        """Let the learner work out a delta or a change."""
        from gdsim.explain.predictions import steps

        self.pause()
        self._choose(_("which step do you do yourself?"), steps)

    def action_name_bug(self) -> None:
        """Let the learner name the bug of a published run."""
        from gdsim.explain.mistakes import BUGS

        self.pause()
        options = [(bug.name, _(bug.does)) for bug in BUGS]
        self.app.push_screen(screens.Choose(_("what is wrong with this run?"), options, BUGS[-1].name), self._diagnose)

    def action_score(self) -> None:
        """Keep score, or stop keeping it."""
        quiz = self.session.quiz.with_score()
        self.show(replace(self.session, quiz=quiz))
        self.app.notify(_("From here on answers are counted.") if quiz.is_scored else _("No score is kept."))

    def put_questions(self, *, is_bidden: bool = False) -> bool:
        """Put the scenario's questions that belong before the next update; return whether there were any.

        is_bidden: also where the learner wants to be asked only on demand.
        """
        waiting = self.session.questions if is_bidden or self.session.quiz.is_asking else {}
        if waiting:
            self._put(tuple(waiting.values()), tuple(waiting))
        return bool(waiting)

    def _choose(self, title: str, offered: Callable[..., Sequence[Question]]) -> None:
        session = self.session
        found = offered(session.timeline, session.position, session.focus)
        if not found:
            self.app.notify(_("Nothing is left to predict of this update."))
            return
        options = [(str(place), question.text) for place, question in enumerate(found)]

        def chosen(place: str | None) -> None:
            if place is not None:
                self._put((found[int(place)],), ())

        self.app.push_screen(screens.Choose(title, options, "0"), chosen)

    def _put(self, questions: tuple[Question, ...], places: tuple[int, ...]) -> None:
        self.pause()
        session = self.session
        self.show(replace(session, quiz=session.quiz.opened(questions, places)))
        self.app.push_screen(screens.QuestionSheet(self.session, ascii_only=self._is_ascii), self._answered)

    def _answered(self, quiz: Quiz | None) -> None:
        """Reveal the update when all questions are answered; go back to it as it was when they are left."""
        session = self.session
        if quiz is None:
            self.show(replace(session, quiz=session.quiz.closed()))
            return
        from gdsim.explain.answers import reveal

        shown = reveal(quiz, session.timeline, session.position, session.names)
        focus = shown.workings[0].focus or session.focus
        self.show(replace(session.at(shown.position), quiz=shown.quiz, focus=focus))
        self.app.push_screen(screens.VerdictSheet(quiz, shown, ascii_only=self._is_ascii))

    @property
    def _is_ascii(self) -> bool:
        return self.ascii_only

    def _diagnose(self, name: str | None) -> None:
        if name is None:
            return
        from gdsim.explain.mistakes import diagnose

        session = self.session
        found = diagnose(session.scenario, session.timeline, session.position.update, name)
        title = _("that is it") if found.is_right else _("not yet")
        self.app.notify(
            found.sentence, title=title, severity="information" if found.is_right else "warning", timeout=12
        )
