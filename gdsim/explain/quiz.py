"""Questions open, answers given and the score of a session: immutable steps from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gdsim.language import _
from gdsim.records import dataclass

if TYPE_CHECKING:
    from gdsim.explain.questions import Question
    from gdsim.explain.verdicts import Verdict

HINTS = 3
"""Rungs of the ladder: the formulas, the formulas with numbers, the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question, as read; hints: how many were shown before it."""

    question: Question
    value: float
    hints: int = 0


@dataclass(frozen=True, slots=True)
class Quiz:
    """Where a learner is with questions.

    open: those waiting, the first is the one put. answers: given to those put before it, not revealed yet.
    hints: shown for the open question. put: places in the scenario's file of its questions put so far.
    right, answered, streak: the score, counted whether it is shown or not; is_scored: whether it is shown.
    is_asking: whether the scenario's questions are put unbidden, when the learner is about to make their update.
    """

    open: tuple[Question, ...] = ()
    answers: tuple[Answer, ...] = ()
    hints: int = 0
    put: frozenset[int] = frozenset()
    right: int = 0
    answered: int = 0
    streak: int = 0
    is_scored: bool = False
    is_asking: bool = False

    def opened(self, questions: Sequence[Question], places: Sequence[int] = ()) -> Quiz:
        """Return the quiz with questions put; places: theirs in the scenario's file, where they are its own."""
        return replace(self, open=tuple(questions), answers=(), hints=0, put=self.put | set(places))

    def answered_with(self, value: float) -> Quiz:
        """Return the quiz with an answer to the open question; the next one is put."""
        answer = Answer(self.open[0], value, self.hints)
        return replace(self, open=self.open[1:], answers=(*self.answers, answer), hints=0)

    def closed(self) -> Quiz:
        """Return the quiz with nothing put, open questions left unanswered."""
        return replace(self, open=(), answers=(), hints=0)

    def anew(self) -> Quiz:
        """Return the quiz with the same score, all questions of the scenario to be put again."""
        return replace(self.closed(), put=frozenset())

    def with_score(self) -> Quiz:
        """Return the quiz with a score that is kept from here on, or is no longer."""
        return replace(self, right=0, answered=0, streak=0, is_scored=not self.is_scored)

    def hinted(self) -> Quiz:
        """Return the quiz one rung up the ladder of hints."""
        return replace(self, hints=min(self.hints + 1, HINTS))

    def counted(self, verdicts: Sequence[Verdict]) -> Quiz:
        """Return the quiz closed, with its answers counted; what the last hint told is no answer."""
        quiz = self.closed()
        for answer, verdict in zip(self.answers, verdicts, strict=True):
            if answer.hints < HINTS:
                streak = quiz.streak + 1 if verdict.is_right else 0
                quiz = replace(quiz, right=quiz.right + verdict.is_right, answered=quiz.answered + 1, streak=streak)
        return quiz

    @property
    def score(self) -> str:
        """The score in words, empty where it is not to be shown or there is none yet."""
        if not self.is_scored or not self.answered:
            return ""
        text = _("{right} of {answered}").format(right=self.right, answered=self.answered)
        return text + (" · " + _("streak {streak}").format(streak=self.streak) if self.streak > 1 else "")
