"""Questions about an update before it is revealed, and which of them a scenario asks.

sign: whether a change, gradient, delta or the like is above or below 0; for a state (the loss, a parameter), whether
the update raises or lowers it. larger-or-smaller: its size, without its sign, compared with that in the previous
update (for a state: with that before the update). value: a number. choice: one of several options.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from gdsim.engine.models.network import NetworkModel
from gdsim.engine.update import Update
from gdsim.errors import GdsimError, UsageError, quoted
from gdsim.explain.figures import starts_as_given
from gdsim.explain.quantity import belongs_to_update, phase_of, symbol_of, typed_quantity, value_after
from gdsim.explain.selection import focused_neuron
from gdsim.i18n import _
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.position import Focus, Position, sample_in_hand
from gdsim.timeline.timeline import Timeline

if TYPE_CHECKING:
    from gdsim.explain.answers import Verdict

Form = Literal["sign", "larger-or-smaller", "value", "choice"]


class Question(NamedTuple):
    """A question about update `before`, to be answered before it is revealed.

    tolerance: for a value, relative to it. text: the question in words. options, right, words: for a choice, the
    options, the number of the right one (from 1), and the reply to each.
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
        """Whether the learner types a number as the answer: a value, or the number of an option."""
        return self.form in ("value", "choice")

    @property
    def full_text(self) -> str:
        """The question, with the options under it."""
        return "\n".join([self.text, *(f"{number} {option}" for number, option in enumerate(self.options, 1))])


def asked(scenario: Scenario, timeline: Timeline, position: Position, put: Collection[int]) -> dict[int, Question]:
    """Return the scenario's questions about the next update, by their place in its file.

    put: the places of those asked before, which are left out. A run that was edited or starts elsewhere gets no
    questions: they are about the numbers of the scenario's own run.
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
    """Whether the right answer is finite and a comparison has something to compare with; True for a choice."""
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
    """An answer to a question, read into a number; hints: how many were shown before it."""

    question: Question
    value: float
    hints: int = 0


@dataclass(frozen=True, slots=True)
class Quiz:
    """A learner's open questions, answers and score.

    open: the questions waiting; the first is being asked. answers: to the ones before it, not revealed yet.
    hints: how many are shown for the question being asked. put: places in the scenario's file of those asked so far.
    right, answered, streak: the score, counted even while it is hidden; is_scored: whether it is shown.
    is_asking: whether the scenario's questions come up by themselves when the learner is about to make their update.
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
        """Return the quiz with `questions` open; places: where the scenario's own stand in its file."""
        return replace(self, open=tuple(questions), answers=(), hints=0, put=self.put | set(places))

    def answered_with(self, value: float) -> Quiz:
        """Return the quiz with the question being asked answered and the next one asked."""
        answer = Answer(self.open[0], value, self.hints)
        return replace(self, open=self.open[1:], answers=(*self.answers, answer), hints=0)

    def closed(self) -> Quiz:
        """Return the quiz without open questions, which stay unanswered, and without answers to reveal."""
        return replace(self, open=(), answers=(), hints=0)

    def anew(self) -> Quiz:
        """Return the quiz with the same score, ready to ask all of the scenario's questions again."""
        return replace(self.closed(), put=frozenset())

    def with_score(self) -> Quiz:
        """Return the quiz with its score switched on or off; it starts again at 0."""
        return replace(self, right=0, answered=0, streak=0, is_scored=not self.is_scored)

    def hinted(self) -> Quiz:
        """Return the quiz one hint level further."""
        return replace(self, hints=min(self.hints + 1, HINTS))

    def counted(self, verdicts: Sequence[Verdict]) -> Quiz:
        """Return the quiz closed with its answers scored, except any after the last hint, which tells the answer."""
        quiz = self.closed()
        for answer, verdict in zip(self.answers, verdicts, strict=True):
            if answer.hints < HINTS:
                streak = quiz.streak + 1 if verdict.is_right else 0
                quiz = replace(quiz, right=quiz.right + verdict.is_right, answered=quiz.answered + 1, streak=streak)
        return quiz

    @property
    def score(self) -> str:
        """The score in words; empty while it is hidden or nothing is answered."""
        if not self.is_scored or not self.answered:
            return ""
        text = _("{right} of {answered}").format(right=self.right, answered=self.answered)
        return text + (" · " + _("streak {streak}").format(streak=self.streak) if self.streak > 1 else "")


TOLERANCE = 0.01
"""The relative tolerance of answers to questions that no scenario wrote."""

LISTED = 40
"""The most steps offered to a learner to work out."""


def predictions(timeline: Timeline, position: Position, focus: Focus) -> list[Question]:
    """Return the questions for predicting the next update, or the phases of the current one not revealed yet.

    They are about the loss and, in a network, the focused weight and neuron, else the first few parameters.
    """
    update = timeline.next_update(position.update)
    if update is None:
        return []
    found = [question for question in _predictions(update, focus) if _is_hidden(update, question, position)]
    return [question for question in found if has_answer(question, timeline)]


def prediction_named(timeline: Timeline, before: int, quantity: str, form: Form) -> Question | None:
    """Return the sign or larger-or-smaller question about a quantity of update `before`; None if there is none."""
    update = timeline.next_update(before - 1)
    if update is None or form == "value":
        return None
    try:
        texts = _direction_texts(update, quantity)
        question = Question(before, quantity, form, 0.0, texts[form])
        return question if has_answer(question, timeline) else None
    except (GdsimError, LookupError, ValueError):
        return None


def steps(timeline: Timeline, position: Position, focus: Focus) -> list[Question]:
    """Return questions for the deltas and changes of the next update, to work out by hand, the focused ones first."""
    update = timeline.next_update(position.update)
    if update is None:
        return []
    found = [
        Question(update.number, quantity, "value", TOLERANCE, _value_text(update, quantity))
        for quantity in _step_quantities(update, focus)
    ]
    return [question for question in found if _is_hidden(update, question, position)][:LISTED]


def step_named(timeline: Timeline, position: Position, focus: Focus, text: str) -> Question:
    """Return the step of the next update that a typed name means, in the spelling of files or of the screen.

    Raises GdsimError if the name means none, or if there is nothing left to work out.
    """
    update = timeline.next_update(position.update)
    if update is None:
        raise UsageError(quoted(text), _("the run is over"))
    quantity = typed_quantity(update, text, sample_in_hand(update, focus))
    if quantity == "stopped" or not np.isfinite(value_after(update, quantity)):
        raise UsageError(quoted(quantity), _("is not a number to work out"), "change.NAME, delta2[1]")
    question = Question(update.number, quantity, "value", TOLERANCE, _value_text(update, quantity))
    if not _is_hidden(update, question, position):
        raise UsageError(quoted(quantity), _("is already shown"))
    return question


def _predictions(update: Update, focus: Focus) -> Iterator[Question]:
    number = update.number
    for quantity in _predicted(update, focus):
        for form, text in _direction_texts(update, quantity).items():
            yield Question(number, quantity, form, 0.0, text)
        yield Question(number, quantity, "value", TOLERANCE, _value_text(update, quantity))
    for form, text in _direction_texts(update, "loss").items():
        yield Question(number, "loss", form, 0.0, text)
    yield Question(number, "loss", "value", TOLERANCE, _("What will the loss be after this update?"))


def _direction_texts(update: Update, quantity: str) -> dict[Form, str]:
    """Return the texts of the sign and larger-or-smaller questions about a quantity."""
    if quantity == "loss":
        return {"sign": _("Will the loss rise or fall?")}
    symbol = symbol_of(update.run.model, quantity)
    if not quantity.startswith("change."):
        return {"sign": _("Which sign has {symbol}?").format(symbol=symbol)}
    name = symbol.removeprefix("Δ")
    texts: dict[Form, str] = {"sign": _("Which way will {name} move?").format(name=name)}
    if update.number > 1:
        texts["larger-or-smaller"] = _("Will {name} move further than in the previous update, or less far?").format(
            name=name
        )
    return texts


def _value_text(update: Update, quantity: str) -> str:
    symbol = symbol_of(update.run.model, quantity)
    if quantity.startswith("change."):
        return _("By how much will {name} change? {symbol} =").format(name=symbol.removeprefix("Δ"), symbol=symbol)
    return _("What is {symbol}?").format(symbol=symbol)


def _predicted(update: Update, focus: Focus) -> list[str]:
    model = update.run.model
    if not isinstance(model, NetworkModel):
        return [f"change.{model.layout.element_name(i)}" for i in range(min(model.layout.size, 3))]
    layer, unit, input_ = focused_neuron(model, focus)
    row = sample_in_hand(update, focus)
    return [f"change.W{layer}[{unit},{input_}]", f"delta{layer}[{row},{unit}]"]


def _step_quantities(update: Update, focus: Focus) -> Iterator[str]:
    """Yield deltas, then changes; if there are too many to list, those of the focused neuron come first."""
    model = update.run.model
    size = model.layout.size
    if isinstance(model, NetworkModel):
        row = sample_in_hand(update, focus)
        if size + sum(layer.units for layer in model.layers) > LISTED:
            layer, unit, input_ = focused_neuron(model, focus)
            yield from (f"delta{layer}[{row},{unit}]", f"change.W{layer}[{unit},{input_}]", f"change.b{layer}[{unit}]")
        for number in range(len(model.layers), 0, -1):
            yield from (f"delta{number}[{row},{unit}]" for unit in range(min(model.layers[number - 1].units, LISTED)))
    for element in range(min(size, LISTED)):
        if not model.layout.is_frozen(element):
            yield f"change.{model.layout.element_name(element)}"


def _is_hidden(update: Update, question: Question, position: Position) -> bool:
    return position.phase is None or phase_of(update, question.quantity) > position.phase
