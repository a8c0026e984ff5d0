"""What follows questions: hints before an answer, and after it the update revealed, with what is said to the answer."""

from __future__ import annotations

from gdsim.explain.bugs import rightly_made
from gdsim.explain.page import Line
from gdsim.explain.quiz import HINTS, Answer, Quiz
from gdsim.explain.symbols import Names
from gdsim.explain.verdicts import Verdict, judge
from gdsim.explain.working import Working, place_after, working
from gdsim.language import _
from gdsim.records import dataclass
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline


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
