"""A quantity of an update by its name, such as ``change.w5`` or ``delta2[0,0]``: its value, its phase, its symbol."""

from __future__ import annotations

import re

from gdsim.engine.function import FunctionModel
from gdsim.engine.network import NetworkModel
from gdsim.engine.perceptron import PerceptronModel
from gdsim.engine.update import BACKPROP, ERROR, FORWARD, GRADIENT, OUTPUT, OUTPUT_DELTA, SUM, UPDATE, VALUE, Update
from gdsim.explain.symbols import neuron_symbol
from gdsim.scenario.quantities import value_of

OF_UPDATE = ("gradient.", "change.")
"""What stands before the name of a parameter where its gradient or its change is meant."""

_STATES = ("loss", "updates", "accuracy", "test_accuracy", "corrections")

ARRAY = r"(?P<name>[a-z]+)(?P<layer>\d*)(?:\[(?P<places>[\d, ]+)\])?\Z"
"""How an array of a network is named: letter, layer, and which of its numbers is meant."""

_PERCEPTRON_PHASES = {"x": SUM, "wx": SUM, "sum": SUM, "output": OUTPUT, "prediction": OUTPUT}


def phase_of(update: Update, quantity: str) -> int:
    """Return the phase of `update` that reveals `quantity`: the last one for what only the whole update tells."""
    kind, layer = _kind(update, quantity)
    for index, phase in enumerate(update.phases):
        if phase.kind == kind and layer in (None, phase.layer):
            return index
    return len(update.phases) - 1


def belongs_to_update(quantity: str, update: Update) -> bool:
    """Whether `quantity` is made by an update, such as a change or a delta, and is not a state such as the loss."""
    if quantity.startswith(OF_UPDATE):
        return True
    return quantity not in _STATES and element_of(update, quantity) is None


def element_of(update: Update, quantity: str) -> int | None:
    """Return which element of θ `quantity` is about, None where it is about none."""
    name = next((quantity.removeprefix(before) for before in OF_UPDATE if quantity.startswith(before)), quantity)
    try:
        return update.run.model.layout.indices(name)[0]
    except KeyError:
        return None


def symbol_of(update: Update, quantity: str) -> str:
    """Return what a learner calls `quantity`: ``Δw5``, ``∂C/∂w5``, ``δ²₁``; as it is where it has no such name."""
    model, element = update.run.model, element_of(update, quantity)
    if element is not None:
        label = model.layout.label(element)
        if quantity.startswith("change."):
            return f"Δ{label}"
        return slope_symbol(update, element) if quantity.startswith("gradient.") else label
    match = re.match(ARRAY, quantity)
    if isinstance(model, NetworkModel) and match is not None and match["layer"]:
        letter = "δ" if match["name"] == "delta" else match["name"]
        layer = int(match["layer"])
        return neuron_symbol(letter, model, layer, places_of(match["places"], model, layer)[1])
    return quantity


def value_after(update: Update, quantity: str) -> float:
    """Return what `quantity` is worth in `update`: of a state, after it."""
    return float(value_of(quantity, update.run, update.after, update))


def value_before(update: Update, quantity: str) -> float:
    """Return what a state such as the loss or a parameter was worth before `update`."""
    if quantity == "loss":
        return update.loss_before
    return float(value_of(quantity, update.run, update.before, update))


def _kind(update: Update, quantity: str) -> tuple[str, int | None]:
    if element_of(update, quantity) is not None:
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
    """Return sample and unit that the brackets of an array's name mean; one alone is the unit of several."""
    places = [int(place) for place in (text or "0").split(",")]
    if len(places) > 1:
        return places[0], places[1]
    is_sample = layer > 0 and model.layers[layer - 1].units == 1
    return (places[0], 0) if is_sample else (0, places[0])


def slope_symbol(update: Update, element: int) -> str:
    """Return what a learner calls the gradient of one element of θ: ``f′(x)``, ``∂C/∂w5``."""
    model = update.run.model
    if isinstance(model, FunctionModel):
        variables = model.expression.variables
        return f"f′({variables[0]})" if len(variables) == 1 else f"∂f/∂{variables[element]}"
    return f"∂C/∂{model.layout.label(element)}"
