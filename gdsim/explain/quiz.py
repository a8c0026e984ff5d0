"""Questions open, answers given and the score of a session: immutable steps from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gdsim.explain.bugs import rightly_made
from gdsim.explain.page import Line
from gdsim.explain.questions import Question, Verdict, judge
from gdsim.explain.symbols import Names
from gdsim.explain.working import Working, place_after, working
from gdsim.language import _
from gdsim.records import dataclass
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline

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


@dataclass(frozen=True, slots=True)
class Reveal:
    """What is shown once all open questions are answered: where the run goes, and what is said to each answer.

    workings: by the right rule, also where the run reproduces a published slip.
    """

    quiz: Quiz
    position: Position
    workings: tuple[Working, ...]
    verdicts: tuple[Verdict, ...]


def reveal(quiz: Quiz, timeline: Timeline, position: Position, names: Names) -> Reveal:
    """Return what follows the answers of `quiz`: the update goes on as far as they need it."""
    verdicts = tuple(judge(answer.question, timeline, answer.value) for answer in quiz.answers)
    update = timeline.update(quiz.answers[0].question.before)
    right = rightly_made(update)
    workings = tuple(working(right, answer.question.quantity, names) for answer in quiz.answers)
    places = [place_after(update, each.phase) for each in workings]
    place = max([position, *places], key=lambda each: (each.update, -1 if each.phase is None else each.phase))
    return Reveal(quiz.counted(verdicts), place, workings, verdicts)


def hints(quiz: Quiz, timeline: Timeline, names: Names) -> list[str]:
    """Return the rungs of the ladder shown so far for the open question, as lines of equations."""
    if not quiz.hints or not quiz.open:
        return []
    question = quiz.open[0]
    lines = working(rightly_made(timeline.update(question.before)), question.quantity, names).lines
    return [_rung(line, quiz.hints, is_last=line is lines[-1]) for line in lines]


def verdict_lines(answer: Answer, verdict: Verdict) -> list[str]:
    """Return what is said to an answer: ✓ or ✗ with both numbers, then the slip recognised and its sentence."""
    if verdict.is_right:
        is_same = verdict.answer == verdict.truth or answer.question.form != "value"
        text = _("✓ {truth}") if is_same else _("✓ {truth}, you said {answer}")
    else:
        text = _("✗ {truth}, you said {answer}")
    lines = [text.format(truth=verdict.truth, answer=verdict.answer)]
    if verdict.slip:
        lines.append(_("That looks like: {slip}.").format(slip=verdict.slip))
    if verdict.sentence:
        lines.append(verdict.sentence)
    if answer.hints:
        lines.append(_("With hints: {count} of {all}.").format(count=answer.hints, all=HINTS))
    return lines


def equation(line: Line) -> str:
    """Return ``f′(x) = 2·(x − 2) = 2·(3.96 − 2) = +3.92``."""
    return " = ".join(filter(None, (line.symbol, line.formula, line.substituted, line.value)))


def _rung(line: Line, rung: int, *, is_last: bool) -> str:
    """Return a line of the working as far as a rung of the ladder shows it: intermediate results from the second on."""
    parts = [line.symbol, line.formula]
    if rung > 1:
        parts.append(line.substituted)
    if rung > 2 or (rung > 1 and not is_last):
        parts.append(line.value)
    return " = ".join(filter(None, parts))
