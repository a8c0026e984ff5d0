"""Questions about an update before it is revealed, and which of them a scenario asks.

sign: of a change, gradient, delta and the like whether it is above or below 0; of a state (the loss, a parameter)
whether the update raises or lowers it. larger-or-smaller: by size, without its sign, beside the update before (of a
state: beside its value before the update). value: a number.
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


TOLERANCE = 0.01
"""How far off the answer to a question nobody wrote a tolerance for may be, as a part of the value."""

LISTED = 40
"""Steps offered to be done by oneself, at most."""


def predictions(timeline: Timeline, position: Position, focus: Focus) -> list[Question]:
    """Return what may be predicted of the next update, or of what is not yet revealed of the one in the making.

    For a network these are the weight and the neuron looked at; of many parameters the first few.
    """
    update = timeline.next_update(position.update)
    if update is None:
        return []
    found = [question for question in _predictions(update, focus) if _is_hidden(update, question, position)]
    return [question for question in found if has_answer(question, timeline)]


def prediction_named(timeline: Timeline, before: int, quantity: str, form: Form) -> Question | None:
    """Return the question for a sign or an order of sizes of what update `before` makes; None where there is none."""
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
    """Return the deltas and changes of the next update that can be worked out by oneself, the focused ones first."""
    update = timeline.next_update(position.update)
    if update is None:
        return []
    found = [
        Question(update.number, quantity, "value", TOLERANCE, _value_text(update, quantity))
        for quantity in _step_quantities(update, focus)
    ]
    return [question for question in found if _is_hidden(update, question, position)][:LISTED]


def step_named(timeline: Timeline, position: Position, focus: Focus, text: str) -> Question:
    """Return the step of the next update that a typed name means, as files write it or as the screen does.

    Raises GdsimError when it names none, and when there is nothing left to work out.
    """
    update = timeline.next_update(position.update)
    if update is None:
        raise UsageError(quoted(text), _("the run is over"))
    quantity = typed_quantity(update, text, sample_in_hand(update, focus))
    if quantity == "stopped" or not np.isfinite(value_after(update, quantity)):
        raise UsageError(quoted(quantity), _("is not a number to work out"), "change.NAME, delta2[1]")
    question = Question(update.number, quantity, "value", TOLERANCE, _value_text(update, quantity))
    if not _is_hidden(update, question, position):
        raise UsageError(quoted(quantity), _("is on view already"))
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
    """Return the questions for a sign or an order of sizes that a quantity gives."""
    if quantity == "loss":
        return {"sign": _("Will the loss rise or fall?")}
    symbol = symbol_of(update.run.model, quantity)
    if not quantity.startswith("change."):
        return {"sign": _("Which sign has {symbol}?").format(symbol=symbol)}
    name = symbol.removeprefix("Δ")
    texts: dict[Form, str] = {"sign": _("Which way will {name} move?").format(name=name)}
    if update.number > 1:
        texts["larger-or-smaller"] = _("Will {name} move further than at the update before, or less far?").format(
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
    """Yield deltas, then changes; those of the neuron looked at first where there are more than can be listed."""
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
