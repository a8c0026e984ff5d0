"""How a quantity of an update is worked out: the phase that reveals it, and its equations with the numbers put in."""

from __future__ import annotations

import re

from gdsim.engine.function import FunctionModel
from gdsim.engine.network import NetworkModel
from gdsim.engine.perceptron import PerceptronModel
from gdsim.engine.update import ERROR, GRADIENT, Update
from gdsim.explain.neuron import focus_on
from gdsim.explain.page import Line
from gdsim.explain.pages import page
from gdsim.explain.quantity import ARRAY, element_of, phase_of, places_of, slope_symbol
from gdsim.explain.rule_lines import update_lines
from gdsim.explain.symbols import Names, factor, input_name, number
from gdsim.language import _
from gdsim.records import dataclass
from gdsim.timeline.position import Focus, Position


@dataclass(frozen=True, slots=True)
class Working:
    """Where in an update a quantity is revealed, what to look at closely there (None: anything), and its equations."""

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
    model, element = update.run.model, element_of(update, quantity)
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
    element = element_of(update, quantity)
    if element is None:
        if quantity == "loss":
            return _loss_lines(update)
        return page(update, phase, focus, names=names).lines
    if isinstance(update.run.model, PerceptronModel):
        steps = _correction_lines(update, element, names)
    else:
        steps = (_gradient_line(update, element, focus, names), *_change_lines(update, element))
    if quantity.startswith("gradient."):
        return steps[:1]
    if quantity.startswith("change."):
        return steps
    label = update.run.model.layout.label(element)
    old, change = float(update.before.theta[element]), float(update.change[element])
    new = Line(
        _("new {name}").format(name=label),
        f"{label} + Δ{label}",
        f"{number(old)} + {factor(change)}",
        number(float(update.after.theta[element])),
    )
    return (*steps, new)


def _gradient_line(update: Update, element: int, focus: Focus, names: Names) -> Line:
    """Return the gradient's equation for one element of θ, as its page has it."""
    model = update.run.model
    lines = page(update, _index(update, GRADIENT), focus, names=names).lines
    if isinstance(model, FunctionModel):
        return lines[element]
    return lines[0 if model.layout.element_name(element).startswith("W") else 1]


def _change_lines(update: Update, element: int) -> tuple[Line, ...]:
    """Return how the rule makes the change of one element of θ from its gradient."""
    model, change = update.run.model, float(update.change[element])
    label, trainable = model.layout.label(element), model.layout.trainable
    slope = slope_symbol(update, element)
    if trainable is not None and not trainable[element]:
        return (Line(f"Δ{label}", _("0, for updates leave it as it is")),)
    if update.run.rule.kind.name == "gradient-descent":
        substituted = f"−{number(update.run.learning_rate)}·{factor(float(update.gradient[element]))}"
        return (Line(f"Δ{label}", f"−η·{slope}", substituted, _signed(change)),)
    lines = update_lines(update, element, label, slope)
    old, new = float(update.before.theta[element]), float(update.after.theta[element])
    last = Line(f"Δ{label}", f"{lines[-1].symbol} − {label}", f"{number(new)} − {factor(old)}", _signed(change))
    return (*lines, last)


def _correction_lines(update: Update, element: int, names: Names) -> tuple[Line, ...]:
    """Return the error of the visited point, and a perceptron's correction of one element of θ."""
    error = page(update, _index(update, ERROR), names=names).lines[0]
    model, q = update.run.model, update.forward.quantities
    label, is_bias = model.layout.label(element), element == model.layout.size - 1
    trainable = model.layout.trainable
    if trainable is not None and not trainable[element]:
        return (Line(f"Δ{label}", _("0, for updates leave it as it is")),)
    numbers = f"{number(update.run.learning_rate)}·{factor(float(q['error'][0]))}"
    if is_bias:
        last = Line(f"Δ{label}", "η·e", numbers, _signed(float(update.change[element])))
    else:
        x = input_name(names, element, model.layout.size - 1)
        substituted = f"{numbers}·{factor(float(q['x'][0, element]))}"
        last = Line(f"Δ{label}", f"η·e·{x}", substituted, _signed(float(update.change[element])))
    return error, last


def _loss_lines(update: Update) -> tuple[Line, ...]:
    """Return the loss before and after: of a function worked out at the new place."""
    model = update.run.model
    before = Line(_("loss before"), number(update.loss_before))
    if isinstance(model, FunctionModel):
        places = update.after.theta.tolist()
        expression = model.expression
        substituted = expression.substituted(places, number)
        return before, Line(_("loss after"), expression.pretty(), substituted, number(update.loss))
    return before, Line(_("loss after"), number(update.loss))


def _index(update: Update, kind: str) -> int:
    return next(index for index, phase in enumerate(update.phases) if phase.kind == kind)


def _signed(value: float) -> str:
    return number(value) if value <= 0 else f"+{number(value)}"
