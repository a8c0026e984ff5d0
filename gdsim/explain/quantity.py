"""A quantity of an update by its name, such as ``change.w5`` or ``delta2[0,0]``: its value, its phase, its symbol."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.names import in_ascii, input_name, neuron_name, parameter_name, typed_name, typed_neuron
from gdsim.engine.update import (
    BACKPROP,
    ERROR,
    FORWARD,
    GRADIENT,
    OUTPUT,
    OUTPUT_DELTA,
    SUM,
    UPDATE,
    VALUE,
    Model,
    Update,
)
from gdsim.explain.page import Line, Names, factor, number, signed
from gdsim.explain.pages import page
from gdsim.explain.rules import rate_lines, update_lines
from gdsim.explain.selection import focus_on
from gdsim.i18n import _
from gdsim.scenario.quantities import value_of
from gdsim.timeline.position import Focus, Position

OF_UPDATE = ("gradient.", "change.")
"""Prefixes of a parameter's name that mean its gradient or its change."""

_STATES = ("loss", "updates", "accuracy", "test_accuracy", "corrections")

ARRAY = r"(?P<name>[a-z]+)(?P<layer>\d*)(?:\[(?P<places>[\d, ]+)\])?\Z"
"""The name of a number in an array of a network: letters, layer, and its indices in brackets."""

_PERCEPTRON_PHASES = {"x": SUM, "wx": SUM, "sum": SUM, "output": OUTPUT, "prediction": OUTPUT}


def phase_of(update: Update, quantity: str) -> int:
    """Return the phase (from 0) of `update` that reveals `quantity`: the last if only the whole update does."""
    kind, layer = _kind(update, quantity)
    for index, phase in enumerate(update.phases):
        if phase.kind == kind and layer in (None, phase.layer):
            return index
    return len(update.phases) - 1


def belongs_to_update(quantity: str, update: Update) -> bool:
    """Whether `quantity` belongs to an update, such as a change or a delta, and is not a state such as the loss."""
    if quantity.startswith(OF_UPDATE):
        return True
    return quantity not in _STATES and element_of(update.run.model, quantity) is None


def element_of(model: Model, quantity: str) -> int | None:
    """Return the element of θ that `quantity` is about; None if it is about none."""
    name = next((quantity.removeprefix(before) for before in OF_UPDATE if quantity.startswith(before)), quantity)
    try:
        return model.layout.indices(name)[0]
    except KeyError:
        return None


def symbol_of(model: Model, quantity: str) -> str:
    """Return the learner's symbol for `quantity`: ``Δw5``, ``∂C/∂w5``, ``δ²₁``; `quantity` itself if it has none."""
    element = element_of(model, quantity)
    if element is not None:
        label = parameter_name(model.layout, element)
        if quantity.startswith("change."):
            return f"Δ{label}"
        return slope_symbol(model, element) if quantity.startswith("gradient.") else label
    match = re.match(ARRAY, quantity)
    if isinstance(model, NetworkModel) and match is not None and match["layer"]:
        letter = "δ" if match["name"] == "delta" else match["name"]
        layer = int(match["layer"])
        return neuron_name(letter, model.layout, layer, places_of(match["places"], model, layer)[1])
    return quantity


def typed_quantity(update: Update, text: str, sample: int) -> str:
    """Return the name in files of a typed quantity: ``Δw¹₂₁``, ``∂C/∂w¹₂₁``, ``δ²₁``, ``delta2[1]``; else `text`.

    sample: the row of the batch for a neuron's quantity; a single number in brackets is the unit, counted from 1.
    """
    layout, plain = update.run.model.layout, in_ascii(text.strip())
    for prefix, before in (("Δ", "change."), ("change.", "change."), ("∂C/∂", "gradient."), ("gradient.", "gradient.")):
        if plain.startswith(prefix):
            return before + typed_name(layout, plain.removeprefix(prefix))
    neuron = typed_neuron(layout, text)
    if neuron is None:
        return typed_name(layout, text)
    letter, layer, unit = neuron
    return f"{letter}{layer}[{sample},{unit}]"


def value_after(update: Update, quantity: str) -> float:
    """Return the value of `quantity` in `update`; for a state, its value after the update."""
    return float(value_of(quantity, update.run, update.after, update))


def value_before(update: Update, quantity: str) -> float:
    """Return the value of a state, such as the loss or a parameter, before `update`."""
    if quantity == "loss":
        return update.loss_before
    return float(value_of(quantity, update.run, update.before, update))


def _kind(update: Update, quantity: str) -> tuple[str, int | None]:
    if element_of(update.run.model, quantity) is not None:
        return (GRADIENT if quantity.startswith("gradient.") else UPDATE), None
    match = re.match(ARRAY, quantity)
    if match is None or quantity in _STATES:
        return UPDATE, None
    name, model = match["name"], update.run.model
    if isinstance(model, PerceptronModel):
        return _PERCEPTRON_PHASES.get(name, ERROR), None
    if not isinstance(model, NetworkModel):
        return VALUE, None
    last = len(model.layers)
    layer = int(match["layer"]) if match["layer"] else last
    if name == "delta":
        return (OUTPUT_DELTA if layer == last else BACKPROP), layer
    return FORWARD, max(1, layer)


def places_of(text: str | None, model: NetworkModel, layer: int) -> tuple[int, int]:
    """Return the sample and unit that brackets mean; a single index is the unit, or the sample if there is one unit."""
    places = [int(place) for place in (text or "0").split(",")]
    if len(places) > 1:
        return places[0], places[1]
    is_sample = layer > 0 and model.layers[layer - 1].units == 1
    return (places[0], 0) if is_sample else (0, places[0])


def slope_symbol(model: Model, element: int) -> str:
    """Return the learner's symbol for the gradient of one element of θ: ``f′(x)``, ``∂C/∂w5``."""
    if isinstance(model, FunctionModel):
        return model.slope_symbols[element]
    return f"∂C/∂{parameter_name(model.layout, element)}"


@dataclass(frozen=True, slots=True)
class Working:
    """The phase of an update that reveals a quantity, the focus to show there (None: any), and its equations."""

    phase: int
    focus: Focus | None
    lines: tuple[Line, ...]


def working(update: Update, quantity: str, names: Names) -> Working:
    """Return how `quantity` of `update` is worked out."""
    focus = _focus(update, quantity)
    phase = phase_of(update, quantity)
    is_network = isinstance(update.run.model, NetworkModel)
    return Working(phase, focus if is_network else None, _lines(update, quantity, phase, focus, names))


def place_after(update: Update, phase: int) -> Position:
    """Return the position at which phase `phase` of `update` has just been revealed."""
    return Position(update.number - 1, phase) if phase < len(update.phases) - 1 else Position(update.number)


def _focus(update: Update, quantity: str) -> Focus:
    model, element = update.run.model, element_of(update.run.model, quantity)
    if not isinstance(model, NetworkModel):
        return Focus()
    if element is not None:
        return focus_on(model, element, Focus())
    match = re.match(ARRAY, quantity)
    if match is None:
        return Focus()
    layer = int(match["layer"]) if match["layer"] else len(model.layers)
    sample, unit = places_of(match["places"], model, layer)
    return Focus(layer, unit, 0, sample)


def _lines(update: Update, quantity: str, phase: int, focus: Focus, names: Names) -> tuple[Line, ...]:
    element, layout = element_of(update.run.model, quantity), update.run.model.layout
    if element is None:
        return _loss_lines(update) if quantity == "loss" else page(update, phase, focus, names=names).lines
    first = _error_line(update, element, focus, names)
    if quantity.startswith("gradient."):
        return (first,)
    label, old, new = (
        parameter_name(layout, element),
        float(update.before.theta[element]),
        float(update.after.theta[element]),
    )
    if layout.is_frozen(element):
        steps: tuple[Line, ...] = (Line(f"Δ{label}", _("0: updates leave it unchanged")),)
    elif isinstance(update.run.model, PerceptronModel):
        steps = (_correction_line(update, element, names),)
    else:
        steps = _change_lines(update, element)
    if quantity.startswith("change."):
        return first, *steps
    numbers = f"{number(old)} + {factor(float(update.change[element]))}"
    return first, *steps, Line(_("new {name}").format(name=label), f"{label} + Δ{label}", numbers, number(new))


def _error_line(update: Update, element: int, focus: Focus, names: Names) -> Line:
    """Return the gradient's equation for one element of θ, as on its page; for a perceptron, the error's equation."""
    model = update.run.model
    kind = ERROR if isinstance(model, PerceptronModel) else GRADIENT
    index = next(index for index, phase in enumerate(update.phases) if phase.kind == kind)
    lines = page(update, index, focus, names=names).lines
    if isinstance(model, NetworkModel):
        return next(line for line in lines if line.symbol == f"∂C/∂{parameter_name(model.layout, element)}")
    return lines[element if kind == GRADIENT else 0]


def _change_lines(update: Update, element: int) -> tuple[Line, ...]:
    label, slope = parameter_name(update.run.model.layout, element), slope_symbol(update.run.model, element)
    change = signed(float(update.change[element]))
    if update.run.rule.kind.name == "gradient-descent" and update.run.clip is None and update.run.schedule is None:
        substituted = f"−{number(update.learning_rate)}·{factor(float(update.gradient[element]))}"
        return (Line(f"Δ{label}", f"−η·{slope}", substituted, change),)
    lines = (*rate_lines(update), *update_lines(update, element, label, slope))
    old, new = float(update.before.theta[element]), float(update.after.theta[element])
    return *lines, Line(f"Δ{label}", f"{lines[-1].symbol} − {label}", f"{number(new)} − {factor(old)}", change)


def _correction_line(update: Update, element: int, names: Names) -> Line:
    """Return a perceptron's correction of one element of θ."""
    layout, q = update.run.model.layout, update.forward.quantities
    formula, numbers = "η·e", f"{number(update.learning_rate)}·{factor(float(q['error'][0]))}"
    if element < layout.size - 1:
        formula += f"·{input_name(names.inputs, element, layout.size - 1)}"
        numbers += f"·{factor(float(q['x'][0, element]))}"
    return Line(f"Δ{parameter_name(layout, element)}", formula, numbers, signed(float(update.change[element])))


def _loss_lines(update: Update) -> tuple[Line, ...]:
    """Return the loss before and after the update; for a function, the latter with its numbers put in."""
    model = update.run.model
    before = Line(_("loss before"), number(update.loss_before))
    if isinstance(model, FunctionModel):
        substituted = model.expression.substituted(update.after.theta.tolist(), number)
        return before, Line(_("loss after"), model.expression.pretty(), substituted, number(update.loss))
    return before, Line(_("loss after"), number(update.loss))
