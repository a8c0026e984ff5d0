"""The quantities that a scenario can name, and their values at an update.

A parameter, by its element name (``x``, ``W1[0,1]``), by its block if that has one element (``b``), or by the name the
scenario gives it; ``gradient.`` or ``change.`` before such a name; the words of `WORDS`; ``prediction`` and the arrays
of the phases such as ``z1``, with positions in brackets: ``z1[sample,unit]``, from 0, the sample within its batch. One
position is enough if the array has one row or one column, and none is needed if it has one number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.parameters import Layout, Vector
from gdsim.engine.update import Forward, Run, State, Update, run_update
from gdsim.errors import GdsimError
from gdsim.scenario.build import make_model
from gdsim.scenario.data.dataset import Dataset
from gdsim.scenario.mistakes import Path, RefusedError, Report, counted, found, join, near, one_of, shown
from gdsim.scenario.scenario import Draft
from gdsim.scenario.schema import OPTIONS, AskSection, ExpectSection
from gdsim.scenario.schema_goals import GoalSection, wants_text

WORDS = ("loss", "updates", "stopped", "accuracy", "test_accuracy", "corrections")
RESERVED = (*WORDS, "prediction", "gradient", "change")
"""Words that cannot be names of variables."""

_ARRAY = re.compile(r"(\w+)(?:\[\s*(\d{1,9})\s*(?:,\s*(\d{1,9})\s*)?\])?\Z", re.ASCII)
_OF_THETA = ("gradient.", "change.")


@dataclass(frozen=True)
class Quantities:
    """The quantities of one scenario: words, parameters, and arrays by name with their shapes."""

    words: tuple[str, ...]
    layout: Layout
    shapes: Mapping[str, tuple[int, ...]]

    def check(self, quantity: str, *, of_state: bool = False) -> None:
        """Raise RefusedError unless `quantity` names a single number of the scenario, or the reason it stops.

        of_state: it must belong to a state, not to an update.
        """
        if of_state and quantity.startswith((*_OF_THETA, "delta")):
            what = f"{found(quantity)}, which belongs to an update"
            raise RefusedError(what, "after instead of at; or what a forward pass gives")
        if quantity in self.words:
            return
        if quantity in WORDS:
            raise RefusedError(found(quantity), f"this scenario has {', '.join(self.words)}")
        name = _without(quantity)
        try:
            self.element(name)
        except KeyError:
            match = _ARRAY.match(quantity)
            if match is None or match[1] not in self.shapes:
                raise RefusedError(found(quantity), lambda: self._hint(name)) from None
            _position(match, self.shapes[match[1]])

    def is_state(self, quantity: str) -> bool:
        """Whether a quantity has a value between updates, as the loss and the parameters have."""
        try:
            return quantity in self.words or bool(self.layout.indices(quantity))
        except KeyError:
            return False

    def element(self, name: str) -> int:
        """Return the index in θ of the element called `name`.

        Raises KeyError if no element has this name, RefusedError if several have it.
        """
        elements = self.layout.indices(name)
        if len(elements) != 1:
            first = self.layout.element_name(elements[0])
            what = f"{found(name)}, which names {len(elements)} parameters"
            raise RefusedError(what, f"one of them, such as {first}")
        return elements[0]

    def _hint(self, name: str) -> str:
        layout = self.layout
        parameters = layout.labels[:200] or [layout.element_name(i) for i in range(min(layout.size, 200))]
        shown_names = list(dict.fromkeys(parameters))
        some = ", ".join(shown_names[:4]) + (", …" if len(shown_names) > 4 else "")
        arrays = f", an array ({', '.join(self.shapes)})" if self.shapes else ""
        allowed = f"a parameter ({some}), gradient. or change. before one, {', '.join(self.words)}{arrays}"
        return join(allowed, near(name, [*shown_names, *self.words, *self.shapes]))


def quantities_of(model: FunctionModel | PerceptronModel | NetworkModel, batch: int | None) -> Quantities:
    """Return the quantities of a model whose updates see `batch` samples, None for all."""
    words: tuple[str, ...] = ("loss", "updates", "stopped")
    if isinstance(model, FunctionModel):
        return Quantities(words, model.layout, {"value": ()})
    if isinstance(model, PerceptronModel):  # arrays are of the one visited sample
        arrays = dict.fromkeys(("wx", "sum", "output", "target", "error"), (1,))
        shapes = {"x": (1, model.inputs.shape[1]), **arrays, "prediction": (1, 1)}
        return Quantities((*words, "accuracy", "corrections"), model.layout, shapes)
    if model.is_classifier:
        words += ("accuracy",) if model.test_inputs is None else ("accuracy", "test_accuracy")
    rows = len(model.inputs) if batch is None else batch
    shapes = {"a0": (rows, model.inputs.shape[1])}
    for number, layer in enumerate(model.layers, 1):
        shapes |= {f"{letter}{number}": (rows, layer.units) for letter in ("z", "a", "delta")}
    return Quantities(words, model.layout, {**shapes, "prediction": (rows, model.layers[-1].units)})


def value_of(
    quantity: str,
    run: Run,
    state: State,
    update: Update | None = None,
    stopped: str | None = None,
    *,
    of_state: bool = False,
) -> float | str:
    """Return the value of `quantity` after `state.update` updates.

    Parameters, loss, accuracies, updates and corrections belong to `state`. Gradient, change, prediction and arrays of
    the phases belong to the update that led to `state`, or at the start to update 1. `update` is the record of that
    update; if `state` is the start, it may be omitted and is computed. `loss` is over the samples of that update, the
    same number as in a trace. stopped: why the run is over, if it is.
    of_state: take the prediction and arrays from a forward pass at `state`, over the samples of that update.
    Raises GdsimError for an unknown quantity, and if the record of the update is needed but missing.
    """
    value = _of_state(quantity, run, state, stopped)
    if value is not None:
        return value
    if update is None and state.update != run.start.update:
        raise GdsimError(quantity, "belongs to an update", "its record must be handed in")
    update = update or run_update(run, state)
    forward = update.forward_after if update.number == state.update else update.forward
    if quantity == "loss":
        return forward.loss
    element = _element(run.model.layout, _without(quantity))
    if element is not None:
        return float((update.gradient if quantity.startswith("gradient.") else update.change)[element])
    match = _ARRAY.match(quantity)
    arrays = _arrays(forward, {}) if of_state else _arrays(update.forward, update.backward.quantities)
    array = None if match is None else arrays.get(match[1])
    if match is None or array is None:
        raise GdsimError(quantity, "no such quantity")
    try:
        return float(array[_position(match, np.shape(array))])
    except RefusedError as refused:
        raise GdsimError(quantity, refused.what, refused.hint) from None


def _of_state(quantity: str, run: Run, state: State, stopped: str | None) -> float | str | None:
    """Return the value of a quantity of a state, None for a quantity of an update. Raises GdsimError."""
    match quantity:
        case "updates":
            return float(state.update)
        case "corrections":
            return float(state.corrections)
        case "stopped":
            return stopped or "not yet"
        case "accuracy" | "test_accuracy":
            value: float | None = getattr(run.model.score(state.theta), quantity)
            if value is None:
                raise GdsimError(quantity, "this run has none")
            return value
    element = _element(run.model.layout, quantity)
    return None if element is None else float(state.theta[element])


def _without(quantity: str) -> str:
    """Return `quantity` without ``gradient.`` or ``change.`` before it."""
    return next((quantity.removeprefix(before) for before in _OF_THETA if quantity.startswith(before)), quantity)


def _element(layout: Layout, name: str) -> int | None:
    try:
        return layout.indices(name)[0]
    except KeyError:
        return None


def _arrays(forward: Forward, backward: Mapping[str, Vector]) -> dict[str, Vector]:
    """Return the arrays of the phases by name."""
    prediction = {} if forward.prediction is None else {"prediction": forward.prediction}
    return {**backward, **{name: np.asarray(array) for name, array in forward.quantities.items()}, **prediction}


def _position(match: re.Match[str], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the position in an array of `shape` that a name's brackets give. Raises RefusedError if invalid."""
    position = tuple(int(digits) for digits in match.groups()[1:] if digits is not None)
    if not position and np.prod(shape, dtype=np.int64) == 1:
        return (0,) * len(shape)
    if len(position) == 1 and len(shape) == 2 and 1 in shape:
        position = (position[0], 0) if shape[1] == 1 else (0, position[0])
    size = " × ".join(map(str, shape)) or "1"
    example = f"{match[1]}[{','.join('0' for _ in shape)}]"
    if len(position) != len(shape):
        what = counted(len(position), "position") if position else "no position"
        allowed = f"{match[1]} is {size}: one number of it, such as {example}"
        raise RefusedError(f"found {what} in {shown(match[0])}", allowed)
    if any(index >= length for index, length in zip(position, shape, strict=True)):
        raise RefusedError(f"found {shown(match[0])}", f"{match[1]} is {size}, positions from 0")
    return position


def check_figures(draft: Draft, dataset: Dataset | None, report: Report) -> None:
    """Report quantities in expect, ask, goal and show that the scenario does not have, and a velocity of wrong size.

    The model must be free of mistakes.
    """
    batch = draft.file.update.batch
    quantities = quantities_of(make_model(draft.file, dataset), batch if isinstance(batch, int) else None)
    velocity, size = draft.file.update.velocity, quantities.layout.size
    if velocity is not None and len(velocity) != size:
        what = f"found {counted(len(velocity), 'number')}"
        report.add(("update", "start_velocity"), what, f"{size}, one per parameter")
    for position, expect in zip(draft.positions.get("expect", ()), draft.file.expect, strict=True):
        _check_expect(expect, position, draft, quantities, report)
        if report.is_full:
            return
    for position, ask in zip(draft.positions.get("ask", ()), draft.file.ask, strict=True):
        (_check_choice if ask.form == "choice" else _check_ask)(ask, position, quantities, report)
        if report.is_full:
            return
    for position, goal in zip(draft.positions.get("goal", ()), draft.file.goal, strict=True):
        _check_goal(goal, ("goal", position), draft, quantities, report)
    for position, name in enumerate(draft.file.show.surface or ()):
        with report.at("show", "surface", position):
            try:
                quantities.element(name)
            except KeyError:
                raise RefusedError(found(name), "a parameter, such as " + quantities.layout.label(0)) from None


def _check_expect(expect: ExpectSection, position: int, draft: Draft, quantities: Quantities, report: Report) -> None:
    at = ("expect", position)
    with report.at(*at, "quantity"):
        quantities.check(expect.quantity, of_state=expect.of_state)
    if isinstance(expect.value, str) != (expect.quantity == "stopped"):
        allowed = "the reason in words, for stopped" if expect.quantity == "stopped" else "a number"
        what = found(expect.value) if isinstance(expect.value, str) else f"found {expect.value:g}"
        report.add((*at, "value"), what, allowed)
    if expect.corrected and draft.file.as_published is None:
        report.add((*at, "corrected"), "found without as_published", "only where a source's error is corrected")


_SETTINGS: Mapping[str, bool] = {
    "update.rule": True,
    "update.learning_rate": False,
    **{f"update.{option}": False for option in OPTIONS},
}
"""The keys of [update] that a goal may test, and whether their value is a word."""


def _check_goal(goal: GoalSection, at: Path, draft: Draft, quantities: Quantities, report: Report) -> None:
    """Report what a goal tests that the scenario does not have, and wanted values of the wrong type."""
    for quantity, wanted in goal.when.items():
        path = (*at, "when", quantity)
        if quantity == "corrected":
            if not isinstance(wanted, bool) or draft.file.as_published is None:
                report.add(path, found(wanted), "true or false, where a source's error is corrected")
            continue
        if quantity not in _SETTINGS:
            if quantity.startswith("update."):
                report.add(path, "unknown key", one_of(tuple(_SETTINGS), quantity))
                continue
            with report.at(*path):
                quantities.check(quantity)
        is_word = _SETTINGS.get(quantity, quantity == "stopped")
        if isinstance(wanted, bool) or wants_text(wanted) != is_word:
            report.add(path, found(wanted), "a word" if is_word else 'a number, or a comparison such as "<= 60"')


def _check_ask(ask: AskSection, position: int, quantities: Quantities, report: Report) -> None:
    with report.at("ask", position, "quantity"):
        if "quantity" not in ask.model_fields_set:
            raise RefusedError("missing", "required")
        quantities.check(ask.quantity)
    if ask.quantity == "stopped":
        report.add(("ask", position, "quantity"), found(ask.quantity), "a quantity that is a number")
    elif ask.form == "larger-or-smaller" and ask.before == 1 and not quantities.is_state(ask.quantity):
        report.add(("ask", position, "before"), found(1), "2 or more: there is no earlier update to compare with")


def _check_choice(ask: AskSection, position: int, _quantities: Quantities, report: Report) -> None:
    """Report a multiple-choice question with too few options, no right one, or words that do not match the options."""
    count = len(ask.options)
    if count < 2:
        report.add(("ask", position, "options"), f"found {count}", "two or more, for choice")
    elif ask.right > count:
        report.add(("ask", position, "right"), found(ask.right), f"at most {count}, the number of options")
    elif ask.words and len(ask.words) != count:
        report.add(("ask", position, "words"), f"found {len(ask.words)}", f"{count}, one per option")
