"""Questions about an update before it is revealed, and which of them a scenario asks.

sign: of a change, gradient, delta and the like whether it is above or below 0; of a state (the loss, a parameter)
whether the update raises or lowers it. larger-or-smaller: by size, without its sign, beside the update before (of a
state: beside its value before the update). value: a number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from gdsim.explain.figures import starts_as_given
from gdsim.explain.quantity import belongs_to_update, value_after
from gdsim.i18n import _
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline

if TYPE_CHECKING:
    from gdsim.explain.answers import Verdict


Form = Literal["sign", "larger-or-smaller", "value", "choice"]


class Question(NamedTuple):
    """A question about update `before`, to be answered before it is revealed.

    tolerance: for value, as a part of it. text: the question in words. options, right, words: for choice, what there is
    to choose from, which of them is right from 1, and what is said to each.
    """

    before: int
    quantity: str
    form: Form
    tolerance: float
    text: str
    options: tuple[str, ...] = ()
    right: int = 0
    words: tuple[str, ...] = ()

    @property
    def is_typed(self) -> bool:
        """Whether the answer is a number to be typed: a value, or that of an option."""
        return self.form in ("value", "choice")

    @property
    def full_text(self) -> str:
        """The question, with the options under it."""
        return "\n".join([self.text, *(f"{number} {option}" for number, option in enumerate(self.options, 1))])


def asked(scenario: Scenario, timeline: Timeline, position: Position, put: Collection[int]) -> dict[int, Question]:
    """Return the scenario's questions, by their place in its file, that belong before the next update.

    put: those put before, left out. A run that was changed by hand, or starts elsewhere, is not asked about: questions
    speak of the numbers of the scenario's own run.
    """
    number = position.update + 1
    wanted = {place: ask for place, ask in enumerate(scenario.ask) if ask.before == number and place not in put}
    if position.phase is not None or not wanted or not _is_own_run(scenario, timeline):
        return {}
    update = timeline.next_update(position.update)
    if update is None:
        return {}
    questions = {
        place: Question(number, ask.quantity, ask.form, ask.tolerance, ask.question, ask.options, ask.right, ask.words)
        for place, ask in wanted.items()
    }
    return {place: question for place, question in questions.items() if has_answer(question, timeline)}


def has_answer(question: Question, timeline: Timeline) -> bool:
    """Whether the right answer is a number, and where sizes are compared there is something to compare with."""
    update = timeline.update(question.before)
    if question.form == "choice":
        return True
    if not np.isfinite(value_after(update, question.quantity)):
        return False
    is_first = question.before == 1 and belongs_to_update(question.quantity, update)
    return not (question.form == "larger-or-smaller" and is_first)


def _is_own_run(scenario: Scenario, timeline: Timeline) -> bool:
    if any((edit.after, edit.key) != (0, "corrected") for edit in timeline.edits):
        return False
    return starts_as_given(scenario, timeline)


HINTS = 3
"""Hint levels: the formulas, the formulas with numbers, the answer."""


class Answer(NamedTuple):
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
        """Return the quiz one hint level further."""
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
