"""Commands to predict and reveal: questions before an update, steps to work out, bugs to name, and the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gdsim.errors import UsageError
from gdsim.explain.answers import equation, read_answer, reveal, verdict_lines
from gdsim.explain.mistakes import BUGS, NO_BUG, judge_bug
from gdsim.explain.questions import HINTS, Question, Quiz, predictions, step_named, steps
from gdsim.i18n import _
from gdsim.session.command import Ask, Choice, Result, Text, TextLine, said
from gdsim.session.goals import goal_hints
from gdsim.session.session import Session
from gdsim.session.steps import with_questions
from gdsim.session.typed import chosen


def ask(session: Session, argument: str) -> Result:
    """Ask the scenario's questions, else the prediction with the typed number; without a number, offer them all."""
    if session.questions and not argument:
        return with_questions(session)
    found = predictions(session.timeline, session.position, session.focus)
    return _offered(session, found, argument, _("what do you predict?"), "ask")


def do_step(session: Session, argument: str) -> Result:
    """Ask for a step to be worked out, chosen by number or by the quantity's name; without either, offer them all."""
    if argument and not argument.isdecimal():
        return _put(session, step_named(session.timeline, session.position, session.focus, argument))
    found = steps(session.timeline, session.position, session.focus)
    return _offered(session, found, argument, _("which step do you do yourself?"), "do")


def answer(session: Session, argument: str) -> Result:
    """Take the answer to the open question; after the last one, reveal the update with the verdicts."""
    quiz = _open(session).answered_with(read_answer(session.quiz.open[0], argument))
    session = replace(session, quiz=quiz)
    return session if quiz.open else _revealed(session)


def hint(session: Session, _argument: str) -> Result:
    """Show one more hint for the open question; with none open, the first hint for a goal not reached yet."""
    hints = goal_hints(session)
    if not session.quiz.open and hints:
        return Text((TextLine(hints[0]),), title=_("hint"))
    if _open(session).hints == HINTS or session.quiz.open[0].form == "choice":
        raise UsageError("hint", _("there are no more hints"))
    return replace(session, quiz=session.quiz.hinted())


def skip(session: Session, _argument: str) -> Session:
    """Close the open questions unanswered."""
    return replace(session, quiz=_open(session).closed())


def name_bug(session: Session, argument: str) -> Result:
    """Say whether the run has the named bug; without a name, offer the possible bugs."""
    if not session.is_correctable:
        raise UsageError("bug", _("this scenario has no published slip to find"))
    if not argument:
        choices = tuple(Choice(bug.name, _(bug.does)) for bug in BUGS.values())
        title = _("what is wrong with this run?")
        return Ask(title, "", NO_BUG.name, lambda name: name_bug(session, name), choices)
    if argument not in BUGS:
        raise UsageError(argument[:40], _("no such bug"), ", ".join(BUGS))
    is_right, sentence = judge_bug(session.scenario, session.timeline.run_at(session.position.update), argument)
    title = _("that is it") if is_right else _("not yet")
    return said(sentence, title=title, role="right" if is_right else "wrong")


def score(session: Session, _argument: str) -> Text:
    """Start or stop keeping score."""
    quiz = session.quiz.with_score()
    text = _("From here on answers are counted.") if quiz.is_scored else _("No score is kept.")
    return said(text, session=replace(session, quiz=quiz))


def _revealed(session: Session) -> Text:
    """Return the verdict on the given answers, and the session with the update revealed as far as they require."""
    quiz = session.quiz
    shown = reveal(quiz, session.timeline, session.position, session.names)
    lines: list[TextLine] = []
    for each, verdict, working in zip(quiz.answers, shown.verdicts, shown.workings, strict=True):
        lines += [TextLine(each.question.text, "quiet")] if len(quiz.answers) > 1 else []
        first, *rest = verdict_lines(each, verdict)
        lines += [TextLine(first, "right" if verdict.is_right else "wrong"), *map(TextLine, rest)]
        lines += [TextLine(equation(line), "quiet") for line in working.lines]
    lines += [TextLine(text, "quiet") for text in filter(None, [shown.quiz.score])]
    focus = shown.workings[0].focus or session.focus
    title = _("before update {number}").format(number=quiz.answers[0].question.before)
    right = {each.question.text for each, verdict in zip(quiz.answers, shown.verdicts, strict=True) if verdict.is_right}
    answered = {place for place, ask in enumerate(session.scenario.ask) if ask.question in right}
    session = replace(session.at(shown.position), quiz=shown.quiz, focus=focus, answered=session.answered | answered)
    return Text(tuple(lines), title=title, is_page=True, session=session)


def _offered(session: Session, found: Sequence[Question], argument: str, title: str, word: str) -> Result:
    """Ask the question with the typed number, counted from 1, or offer them all."""
    if not found:
        raise UsageError(word, _("there is nothing left to predict about this update"))
    if argument:
        return _put(session, found[chosen(argument, len(found), word)])
    choices = tuple(Choice(str(number), question.text) for number, question in enumerate(found, 1))
    return Ask(title, "", "1", lambda text: _put(session, found[chosen(text, len(found), word)]), choices)


def _put(session: Session, question: Question) -> Session:
    return replace(session, quiz=session.quiz.opened((question,)))


def _open(session: Session) -> Quiz:
    """Return the quiz. Raises UsageError when no question is open."""
    if not session.quiz.open:
        raise UsageError("answer", _("no question is open"), _("ask opens one"))
    return session.quiz
