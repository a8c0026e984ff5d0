"""What a learner may predict of an update, and which steps of it may be done by oneself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gdsim.engine.models.network import NetworkModel
from gdsim.engine.update import Update
from gdsim.errors import GdsimError, UsageError, quoted
from gdsim.explain.quantity import phase_of, symbol_of, typed_quantity, value_after
from gdsim.explain.questions import Form, Question, has_answer
from gdsim.explain.selection import focused_neuron
from gdsim.i18n import _
from gdsim.timeline.position import Focus, Position, sample_in_hand
from gdsim.timeline.timeline import Timeline

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
