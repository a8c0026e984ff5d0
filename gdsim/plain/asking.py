"""The commands of plain mode that ask: predictions, steps done by oneself, bugs to name, the score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gdsim.errors import UsageError
from gdsim.explain.answers import equation, read_answer, reveal, verdict_lines
from gdsim.explain.mistakes import BUGS, diagnose
from gdsim.explain.predictions import predictions, step_named, steps
from gdsim.explain.questions import HINTS, Question, Quiz
from gdsim.i18n import _
from gdsim.session import Session

Shown = Iterator[Session | str]


def with_questions(session: Session) -> Session:
    """Return the session with the scenario's questions before the next update put."""
    waiting = session.questions
    return _put(session, tuple(waiting.values()), tuple(waiting))


def ask(session: Session, argument: str) -> Shown:
    """Put the scenario's questions, else the prediction chosen by its number; without one list them."""
    if session.questions and not argument:
        yield with_questions(session)
        return
    yield from _offered(session, predictions(session.timeline, session.position, session.focus), argument, "ask")


def do_step(session: Session, argument: str) -> Shown:
    """Put a step to be worked out, chosen by its number or by the quantity's name; without one list them."""
    if argument and not argument.isdecimal():
        question = step_named(session.timeline, session.position, argument)
        yield _put(session, (question,))
        return
    yield from _offered(session, steps(session.timeline, session.position, session.focus), argument, "do")


def answer(session: Session, argument: str) -> Shown:
    """Take the answer; when all are given reveal the update with what is said to them."""
    quiz = _open(session).answered_with(read_answer(session.quiz.open[0], argument))
    session = replace(session, quiz=quiz)
    if quiz.open:
        yield session
        return
    shown = reveal(quiz, session.timeline, session.position, session.names)
    lines = []
    for each, verdict, working in zip(quiz.answers, shown.verdicts, shown.workings, strict=True):
        lines += [each.question.text] if len(quiz.answers) > 1 else []
        lines += [*verdict_lines(each, verdict), *map(equation, working.lines)]
    yield "\n".join([*lines, *filter(None, [shown.quiz.score])])
    focus = shown.workings[0].focus or session.focus
    yield replace(session.at(shown.position), quiz=shown.quiz, focus=focus)


def hint(session: Session, _argument: str) -> Shown:
    """Show one more rung of the ladder."""
    if _open(session).hints == HINTS:
        raise UsageError("hint", _("there are no more hints"))
    yield replace(session, quiz=session.quiz.hinted())


def skip(session: Session, _argument: str) -> Shown:
    """Leave the questions unanswered."""
    yield replace(session, quiz=_open(session).closed())


def name_bug(session: Session, argument: str) -> Shown:
    """Say whether the run has the bug named; without a name list what it may be."""
    if not session.is_correctable:
        raise UsageError("bug", _("this scenario has no published slip to find"))
    if not argument:
        yield "\n".join(f"{bug.name}: {_(bug.does)}" for bug in BUGS)
        return
    if argument not in {bug.name for bug in BUGS}:
        raise UsageError(argument[:40], _("no such bug"), ", ".join(bug.name for bug in BUGS))
    yield diagnose(session.scenario, session.timeline, session.position.update, argument).sentence


def score(session: Session, _argument: str) -> Shown:
    """Keep score, or stop keeping it."""
    quiz = session.quiz.with_score()
    yield _("From here on answers are counted.") if quiz.is_scored else _("No score is kept.")
    yield replace(session, quiz=quiz)


def _offered(session: Session, offered: Sequence[Question], argument: str, word: str) -> Shown:
    if not offered:
        raise UsageError(word, _("nothing is left to predict of this update"))
    if not argument:
        yield "\n".join(f"{word} {number}: {question.text}" for number, question in enumerate(offered, 1))
        return
    if not argument.isdecimal() or not 1 <= int(argument[:9]) <= len(offered):
        raise UsageError(word, _("no such question"), _("a number from 1 to {count}").format(count=len(offered)))
    yield _put(session, (offered[int(argument[:9]) - 1],))


def _put(session: Session, questions: tuple[Question, ...], places: tuple[int, ...] = ()) -> Session:
    return replace(session, quiz=session.quiz.opened(questions, places))


def _open(session: Session) -> Quiz:
    """Return the quiz. Raises UsageError when no question is open."""
    if not session.quiz.open:
        raise UsageError("answer", _("no question is open"), _("ask puts one"))
    return session.quiz
