"""Questions about an update before it is revealed: which there are, what is the right answer, what is said to another.

sign: of a change, gradient, delta and the like whether it is above or below 0; of a state (the loss, a parameter)
whether the update raises or lowers it. larger-or-smaller: by size, without its sign, beside the update before (of a
state: beside its value before the update). value: a number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

import numpy as np

from gdsim.engine.network import NetworkModel
from gdsim.engine.update import Update
from gdsim.errors import GdsimError, UsageError
from gdsim.explain.bugs import rightly_made
from gdsim.explain.neuron import focused_neuron
from gdsim.explain.numbers import short_number
from gdsim.explain.slips import is_close, recognised
from gdsim.explain.working import (
    belongs_to_update,
    element_of,
    phase_of,
    symbol_of,
    value_after,
    value_before,
)
from gdsim.language import _
from gdsim.records import dataclass
from gdsim.scenario import Scenario
from gdsim.timeline.position import Focus, Position
from gdsim.timeline.timeline import Timeline

Form = Literal["sign", "larger-or-smaller", "value"]

TOLERANCE = 0.01
"""How far off the answer to a question nobody wrote a tolerance for may be, as a part of the value."""

LISTED = 40
"""Steps offered to be done by oneself, at most."""

SIGNS: Mapping[int, str] = {1: "plus", -1: "minus", 0: "exactly 0"}
WAYS: Mapping[int, str] = {1: "up", -1: "down", 0: "stays"}
SIZES: Mapping[int, str] = {1: "larger", -1: "smaller", 0: "the same size"}

_SAME_SIZE = 1e-9


@dataclass(frozen=True, slots=True)
class Question:
    """A question about update `before`, to be answered before it is revealed.

    tolerance: for value, as a part of it. text: the question in words.
    """

    before: int
    quantity: str
    form: Form
    tolerance: float
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said to an answer.

    answer, truth: both in words or numbers. slip: the name of the slip recognised, empty for none.
    sentence: what there is to say besides, empty for nothing.
    """

    is_right: bool
    answer: str
    truth: str
    slip: str = ""
    sentence: str = ""


def asked(scenario: Scenario, timeline: Timeline, position: Position, put: Collection[int]) -> dict[int, Question]:
    """Return the scenario's questions, by their place in its file, that belong before the next update.

    put: those put before, left out. A run that was changed by hand, or starts elsewhere, is not asked about: questions
    speak of the numbers of the scenario's own run.
    """
    if position.phase is not None or not scenario.ask or not _is_own_run(scenario, timeline):
        return {}
    number = position.update + 1
    wanted = {place: ask for place, ask in enumerate(scenario.ask) if ask.before == number and place not in put}
    update = timeline.next_update(position.update) if wanted else None
    if update is None:
        return {}
    questions = {
        place: Question(number, ask.quantity, _FORMS[ask.form], ask.tolerance, ask.question)
        for place, ask in wanted.items()
    }
    return {place: question for place, question in questions.items() if _has_answer(question, timeline)}


def predictions(timeline: Timeline, position: Position, focus: Focus) -> list[Question]:
    """Return what may be predicted of the next update, or of what is not yet revealed of the one in the making.

    For a network these are the weight and the neuron looked at; of many parameters the first few.
    """
    update = timeline.next_update(position.update)
    if update is None:
        return []
    found = [question for question in _predictions(update, focus) if _is_hidden(update, question, position)]
    return [question for question in found if _has_answer(question, timeline)]


def prediction_named(timeline: Timeline, before: int, quantity: str, form: Form) -> Question | None:
    """Return the question for a sign or an order of sizes of what update `before` makes; None where there is none."""
    update = timeline.next_update(before - 1)
    if update is None or form == "value":
        return None
    try:
        texts = _direction_texts(update, quantity)
        question = Question(before, quantity, form, 0.0, texts[form])
        return question if _has_answer(question, timeline) else None
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


def step_named(timeline: Timeline, position: Position, quantity: str) -> Question:
    """Return the step of the next update that `quantity` names.

    Raises GdsimError when it names none, and when there is nothing left to work out.
    """
    update = timeline.next_update(position.update)
    if update is None:
        raise UsageError(_shown(quantity), _("the run is over"))
    if quantity == "stopped" or not np.isfinite(value_after(update, quantity)):
        raise UsageError(_shown(quantity), _("is not a number to work out"), "change.NAME, delta2[0,0]")
    question = Question(update.number, quantity, "value", TOLERANCE, _value_text(update, quantity))
    if not _is_hidden(update, question, position):
        raise UsageError(_shown(quantity), _("is on view already"))
    return question


def read_answer(question: Question, text: str) -> float:
    """Return what was typed: a number, or 1, −1, 0 for more, less, neither. Raises UsageError."""
    word = text.strip().lower().replace("−", "-")
    if question.form != "value":
        if word in _DIRECTIONS:
            return _DIRECTIONS[word]
        raise UsageError(_shown(text), _("not an answer to this question"), "+, -, 0")
    try:
        value = float(word)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise UsageError(_shown(text), _("not a number"), _("a number such as -0.04 or 1e-3"))
    return value


def judge(question: Question, timeline: Timeline, answer: float) -> Verdict:
    """Return what is said to an answer as `read_answer` returns it."""
    update = timeline.update(question.before)
    if question.form == "value":
        return _judge_value(question, update, answer)
    right = right_direction(question, timeline)
    value = short_number(value_after(update, question.quantity), signed=belongs_to_update(question.quantity, update))
    truth = f"{_word(question, update, right)} ({symbol_of(update, question.quantity)} = {value})"
    is_right = answer == right
    slip = sentence = ""
    if not is_right and question.form == "sign" and answer == -right and question.quantity.startswith("change."):
        slip = _("wrong sign")
        sentence = _("A step goes down the slope, against the sign of the gradient.")
    return Verdict(is_right, _word(question, update, int(answer)), truth, slip, sentence)


def known(question: Question, timeline: Timeline) -> str:
    """Return in one line what is known before the answer, such as ``w5 = 0.4 · η = 0.5 · loss 0.298371``."""
    update = timeline.update(question.before)
    element, parts = element_of(update, question.quantity), []
    if element is not None:
        value = short_number(float(update.before.theta[element]))
        parts.append(f"{update.run.model.layout.label(element)} = {value}")
    parts.append(f"η = {short_number(update.run.learning_rate)}")
    if question.quantity == "loss" or not parts:
        parts.append(_("loss {loss}").format(loss=short_number(update.loss_before)))
    if question.form == "larger-or-smaller" and belongs_to_update(question.quantity, update):
        last = value_after(timeline.update(question.before - 1), question.quantity)
        symbol = symbol_of(update, question.quantity)
        parts.append(_("at the update before, {symbol} = {value}").format(symbol=symbol, value=short_number(last)))
    return " · ".join(parts)


def choices(question: Question, timeline: Timeline) -> tuple[str, str, str]:
    """Return what an answer of more, less and neither means to this question, in words."""
    update = timeline.update(question.before)
    return _word(question, update, 1), _word(question, update, -1), _word(question, update, 0)


def _word(question: Question, update: Update, direction: int) -> str:
    """Return what 1, −1 or 0 means as an answer to a question, in words."""
    if question.form != "sign":
        word = SIZES[direction]
    elif belongs_to_update(question.quantity, update) and not question.quantity.startswith("change."):
        word = SIGNS[direction]
    else:
        word = WAYS[direction]
    return _(word)


def _judge_value(question: Question, update: Update, answer: float) -> Verdict:
    """Judge a number. Where a published slip is in force the right rule's number is right, not the run's."""
    quantity, tolerance = question.quantity, question.tolerance
    by_the_rule = rightly_made(update)
    value, published = value_after(by_the_rule, quantity), value_after(update, quantity)
    truth, typed = short_number(value), short_number(answer)
    if is_close(answer, value, tolerance):
        text = "" if is_close(published, value, tolerance) else _("The run as published has {published}.")
        return Verdict(True, typed, truth, "", text.format(published=short_number(published)))
    if is_close(answer, published, tolerance):
        text = _("That is what this run makes of it, as published; by the right rule it is {truth}.")
        return Verdict(False, typed, truth, "", text.format(truth=truth))
    slip = recognised(by_the_rule, quantity, answer, tolerance)
    if slip is None:
        return Verdict(False, typed, truth)
    return Verdict(False, typed, truth, _(slip.name), _(slip.sentence))


def right_direction(question: Question, timeline: Timeline) -> int:
    """Return the right answer to a question for a sign or an order of sizes: 1, −1 or 0."""
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
    symbol = symbol_of(update, quantity)
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
    symbol = symbol_of(update, quantity)
    if quantity.startswith("change."):
        return _("By how much will {name} change? {symbol} =").format(name=symbol.removeprefix("Δ"), symbol=symbol)
    return _("What is {symbol}?").format(symbol=symbol)


def _predicted(update: Update, focus: Focus) -> list[str]:
    """Return the quantities offered for a prediction."""
    model = update.run.model
    if not isinstance(model, NetworkModel):
        return [f"change.{model.layout.element_name(i)}" for i in range(min(model.layout.size, 3))]
    layer, unit, input_ = focused_neuron(model, focus)
    row = min(max(focus.sample, 0), len(update.forward.quantities["a0"]) - 1)
    return [f"change.W{layer}[{unit},{input_}]", f"delta{layer}[{row},{unit}]"]


def _step_quantities(update: Update, focus: Focus) -> Iterator[str]:
    """Yield deltas, then changes; those of the neuron looked at first where there are more than can be listed."""
    model = update.run.model
    size = model.layout.size
    trainable = model.layout.trainable
    if isinstance(model, NetworkModel):
        row = min(max(focus.sample, 0), len(update.forward.quantities["a0"]) - 1)
        if size + sum(layer.units for layer in model.layers) > LISTED:
            layer, unit, input_ = focused_neuron(model, focus)
            yield from (f"delta{layer}[{row},{unit}]", f"change.W{layer}[{unit},{input_}]", f"change.b{layer}[{unit}]")
        for number in range(len(model.layers), 0, -1):
            yield from (f"delta{number}[{row},{unit}]" for unit in range(min(model.layers[number - 1].units, LISTED)))
    for element in range(min(size, LISTED)):
        if trainable is None or trainable[element]:
            yield f"change.{model.layout.element_name(element)}"


def _is_hidden(update: Update, question: Question, position: Position) -> bool:
    return position.phase is None or phase_of(update, question.quantity) > position.phase


def _has_answer(question: Question, timeline: Timeline) -> bool:
    """Whether the right answer is a number, and where sizes are compared there is something to compare with."""
    update = timeline.update(question.before)
    if not np.isfinite(value_after(update, question.quantity)):
        return False
    is_first = question.before == 1 and belongs_to_update(question.quantity, update)
    return not (question.form == "larger-or-smaller" and is_first)


def _is_own_run(scenario: Scenario, timeline: Timeline) -> bool:
    if any((edit.after, edit.key) != (0, "corrected") for edit in timeline.edits):
        return False
    if scenario.function is None:
        return True
    start = np.array(list(scenario.function.start.values()), dtype=np.float64)
    return bool(np.array_equal(timeline.run_at(0).start.theta, start))


def _shown(text: str) -> str:
    safe = "".join(c if c.isprintable() else "?" for c in text.strip()[:40])
    return f'"{safe}"'


_FORMS: Mapping[str, Form] = {"sign": "sign", "larger-or-smaller": "larger-or-smaller", "value": "value"}

_DIRECTIONS: Mapping[str, float] = {
    **dict.fromkeys(("+", "up", "plus", "↑", ">", "more", "larger", "rise", "1"), 1.0),
    **dict.fromkeys(("-", "down", "minus", "↓", "<", "less", "smaller", "fall", "-1"), -1.0),
    **dict.fromkeys(("0", "=", "same", "none", "zero", "neither"), 0.0),
}
"""What may be typed for more, less and neither."""
