"""The verdict on an answer: what was typed, what is right, and which slip the answer looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gdsim.engine.names import parameter_name
from gdsim.engine.update import Update, run_update
from gdsim.errors import UsageError, quoted
from gdsim.explain.mistakes import MISTAKES, Mistake, rightly_made
from gdsim.explain.numbers import short_number
from gdsim.explain.page import Line, Names
from gdsim.explain.quantity import (
    Working,
    belongs_to_update,
    element_of,
    place_after,
    symbol_of,
    value_after,
    value_before,
    working,
)
from gdsim.explain.questions import HINTS, Answer, Question, Quiz
from gdsim.i18n import _
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline

SIGNS: Mapping[int, str] = {1: "plus", -1: "minus", 0: "exactly 0"}
WAYS: Mapping[int, str] = {1: "up", -1: "down", 0: "stays"}
SIZES: Mapping[int, str] = {1: "larger", -1: "smaller", 0: "the same size"}
_SAME_SIZE = 1e-9


class Verdict(NamedTuple):
    """The verdict on an answer.

    answer, truth: what was typed and what is right, in words or numbers. slip: the name of the slip recognised, empty
    if none is. sentence: a further remark, empty if there is none.
    """

    is_right: bool
    answer: str
    truth: str
    slip: str = ""
    sentence: str = ""


def read_answer(question: Question, text: str) -> float:
    """Return a typed answer as a number: 1, −1, 0 stand for more, less, neither. Raises UsageError."""
    word = text.strip().lower().replace("−", "-")
    if question.form == "choice":
        if word.isascii() and word.isdigit() and 1 <= int(word[:3]) <= len(question.options):
            return float(word)
        raise UsageError(quoted(text), _("not an answer to this question"), f"1 … {len(question.options)}")
    if question.form != "value":
        if word in _DIRECTIONS:
            return _DIRECTIONS[word]
        raise UsageError(quoted(text.strip()), _("not an answer to this question"), "+, -, 0")
    try:
        value = float(word)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise UsageError(quoted(text.strip()), _("not a number"), _("a number such as -0.04 or 1e-3"))
    return value


def judge(question: Question, timeline: Timeline, answer: float) -> Verdict:
    """Return the verdict on an answer as `read_answer` returns it."""
    update = timeline.update(question.before)
    if question.form == "choice":
        is_right, chosen = int(answer) == question.right, question.options[int(answer) - 1]
        word = question.words[int(answer) - 1] if question.words else ""
        return Verdict(is_right, chosen, question.options[question.right - 1], "", word)
    if question.form == "value":
        return _judge_value(question, update, answer)
    right = right_direction(question, timeline)
    value = short_number(value_after(update, question.quantity), signed=belongs_to_update(question.quantity, update))
    truth = f"{_word(question, update, right)} ({symbol_of(update.run.model, question.quantity)} = {value})"
    is_right = answer == right
    slip = sentence = ""
    if not is_right and question.form == "sign" and answer == -right and question.quantity.startswith("change."):
        slip = _("wrong sign")
        sentence = _("A step goes down the slope, against the sign of the gradient.")
    return Verdict(is_right, _word(question, update, int(answer)), truth, slip, sentence)


def known(question: Question, timeline: Timeline) -> str:
    """Return in one line what is known before the answer, such as ``w5 = 0.4 · η = 0.5 · loss 0.298371``."""
    update = timeline.update(question.before)
    element, parts = element_of(update.run.model, question.quantity), []
    if element is not None:
        value = short_number(float(update.before.theta[element]))
        parts.append(f"{parameter_name(update.run.model.layout, element)} = {value}")
    parts.append(f"η = {short_number(update.learning_rate)}")
    if question.quantity == "loss" or not parts:
        parts.append(_("loss {loss}").format(loss=short_number(update.loss_before)))
    if question.form == "larger-or-smaller" and belongs_to_update(question.quantity, update):
        last = value_after(timeline.update(question.before - 1), question.quantity)
        symbol = symbol_of(update.run.model, question.quantity)
        parts.append(_("in the previous update, {symbol} = {value}").format(symbol=symbol, value=short_number(last)))
    return " · ".join(parts)


def choices(question: Question, timeline: Timeline) -> tuple[str, str, str]:
    """Return in words what more, less and neither mean as answers to a question."""
    update = timeline.update(question.before)
    return _word(question, update, 1), _word(question, update, -1), _word(question, update, 0)


def _word(question: Question, update: Update, direction: int) -> str:
    """Return in words what 1, −1 or 0 means as an answer to a question."""
    if question.form != "sign":
        word = SIZES[direction]
    elif belongs_to_update(question.quantity, update) and not question.quantity.startswith("change."):
        word = SIGNS[direction]
    else:
        word = WAYS[direction]
    return _(word)


def _judge_value(question: Question, update: Update, answer: float) -> Verdict:
    """Judge a number. If a published slip is in force, the right rule's number is right, not the run's."""
    quantity, tolerance = question.quantity, question.tolerance
    by_the_rule = rightly_made(update)
    value, published = value_after(by_the_rule, quantity), value_after(update, quantity)
    truth, typed = short_number(value), short_number(answer)
    if is_close(answer, value, tolerance):
        text = "" if is_close(published, value, tolerance) else _("The run as published has {published}.")
        return Verdict(True, typed, truth, "", text.format(published=short_number(published)))
    if is_close(answer, published, tolerance):
        text = _("This run, as published, does get that; by the right rule it is {truth}.")
        return Verdict(False, typed, truth, "", text.format(truth=truth))
    mistake = recognised(by_the_rule, quantity, answer, tolerance)
    if mistake is None:
        return Verdict(False, typed, truth)
    return Verdict(False, typed, truth, _(mistake.looks_like), _(mistake.sentence))


def recognised(update: Update, quantity: str, answer: float, tolerance: float) -> Mistake | None:
    """Return the first mistake that gives `answer` (within `tolerance`, relative to the wrong number), else None.

    Mistakes that give the right number here, or 0, do not count.
    """
    right = value_after(update, quantity)
    for mistake, wrong in _wrong_values(update, quantity):
        is_telling = np.isfinite(wrong) and wrong != 0.0 and not is_close(wrong, right, tolerance)
        if is_telling and is_close(answer, wrong, tolerance):
            return mistake
    return None


def is_close(answer: float, value: float, tolerance: float) -> bool:
    """Whether an answer is as good as `value`: `tolerance` is relative, and six digits are always enough."""
    return abs(answer - value) <= max(tolerance, 1e-6) * abs(value) + 1e-12


def _wrong_values(update: Update, quantity: str) -> Iterator[tuple[Mistake, float]]:
    """Yield the mistakes in the order of the table, each with a value that it may give a quantity of an update."""
    element = element_of(update.run.model, quantity) if quantity.startswith("change.") else None
    for mistake in MISTAKES:
        if not mistake.sentence:
            continue
        if mistake.name == "wrong-sign" and belongs_to_update(quantity, update):
            yield mistake, -value_after(update, quantity)
        for run in mistake.wrong_runs(update.run):
            with np.errstate(all="ignore"):
                yield mistake, value_after(run_update(run, update.before), quantity)
        if mistake.name == "learning-rate-missing" and element is not None:
            yield GRADIENT_ITSELF, float(update.gradient[element])


GRADIENT_ITSELF = Mistake(
    "gradient-itself",
    "the gradient is given in the place of the change",
    "Δθ = −ηg",
    "g",
    looks_like="gradient instead of change",
    sentence="That is the gradient itself: the change is −η times it.",
)
"""A mistake that only answers make: no run has it."""


def right_direction(question: Question, timeline: Timeline) -> int:
    """Return the right answer to a sign or larger-or-smaller question: 1, −1 or 0."""
    update = timeline.update(question.before)
    now = value_after(update, question.quantity)
    is_state = not belongs_to_update(question.quantity, update)
    if question.form == "sign":
        return int(np.sign(now - value_before(update, question.quantity) if is_state else now))
    if is_state:
        then = value_before(update, question.quantity)
    else:
        then = value_after(timeline.update(question.before - 1), question.quantity)
    difference = abs(now) - abs(then)
    return 0 if abs(difference) <= _SAME_SIZE * max(abs(now), abs(then)) else int(np.sign(difference))


_DIRECTIONS: Mapping[str, float] = {
    **dict.fromkeys(("+", "up", "plus", "↑", ">", "more", "larger", "rise", "1"), 1.0),
    **dict.fromkeys(("-", "down", "minus", "↓", "<", "less", "smaller", "fall", "-1"), -1.0),
    **dict.fromkeys(("0", "=", "same", "none", "zero", "neither"), 0.0),
}
"""What may be typed for more, less and neither."""


class Reveal(NamedTuple):
    """What is shown once all open questions are answered: where the run goes, and the verdict on each answer.

    workings: by the right rule, even if the run reproduces a published slip.
    """

    quiz: Quiz
    position: Position
    workings: tuple[Working, ...]
    verdicts: tuple[Verdict, ...]


def reveal(quiz: Quiz, timeline: Timeline, position: Position, names: Names) -> Reveal:
    """Return what follows the answers of `quiz`: the update is revealed as far as they require."""
    verdicts = tuple(judge(answer.question, timeline, answer.value) for answer in quiz.answers)
    update = timeline.update(quiz.answers[0].question.before)
    right = rightly_made(update)
    workings = tuple(_working(right, answer.question, names) for answer in quiz.answers)
    places = [place_after(update, each.phase) for each in workings]
    place = max([position, *places], key=lambda each: (each.update, -1 if each.phase is None else each.phase))
    return Reveal(quiz.counted(verdicts), place, workings, verdicts)


def _working(update: Update, question: Question, names: Names) -> Working:
    """Return how the answer is worked out; for a choice, no equations and the last phase of the update."""
    found = working(update, question.quantity, names)
    return replace(found, lines=()) if question.form == "choice" else found


def hints(quiz: Quiz, timeline: Timeline, names: Names) -> list[str]:
    """Return the hints shown so far for the open question, as lines of equations."""
    if not quiz.hints or not quiz.open or quiz.open[0].form == "choice":
        return []
    question = quiz.open[0]
    lines = working(rightly_made(timeline.update(question.before)), question.quantity, names).lines
    return [_hint(line, quiz.hints, is_last=line is lines[-1]) for line in lines]


def verdict_lines(answer: Answer, verdict: Verdict) -> list[str]:
    """Return a verdict as lines: ✓ or ✗ with both numbers, then the slip recognised, the remark and the hints used."""
    if verdict.is_right:
        is_same = verdict.answer == verdict.truth or answer.question.form != "value"
        text = _("✓ {truth}") if is_same else _("✓ {truth}, you said {answer}")
    else:  # a choice may be made again, so the right option is not given away
        text = "✗ {answer}" if answer.question.form == "choice" else _("✗ {truth}, you said {answer}")
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


def _hint(line: Line, level: int, *, is_last: bool) -> str:
    """Return as much of a working's line as a hint level shows: intermediate results from level 2 on."""
    parts = [line.symbol, line.formula]
    if level > 1:
        parts.append(line.substituted)
    if level > 2 or (level > 1 and not is_last):
        parts.append(line.value)
    return " = ".join(filter(None, parts))
