"""The phases of an update of a function, in words and numbers: its value, its gradient, the step."""

from __future__ import annotations

import numpy as np

from gdsim.engine.models.function import FunctionModel
from gdsim.engine.parameters import Vector
from gdsim.engine.update import GRADIENT, UPDATE, VALUE, Phase, Update
from gdsim.explain.numbers import format_vector, short_number
from gdsim.explain.page import Line, Names, Page, Pages, number
from gdsim.explain.rules import change_sentence, memory_notes, rate_lines, update_lines
from gdsim.explain.selection import shown_gradient
from gdsim.i18n import _
from gdsim.timeline.position import Focus

NUDGE = 0.01
"""How far a note nudges each variable, to say what the gradient means for it."""

ALMOST_FLAT = 0.01
"""A slope below this is called almost flat."""


def value_page(update: Update, _phase: Phase, _focus: Focus, _names: Names) -> Page:
    """Return f at the place before the update."""
    model, theta = _model(update), update.at.tolist()
    variables = model.expression.variables
    if not np.isfinite(update.forward.loss):
        sentence = _("The height is no longer a number: the run has left the hill.")
    elif len(variables) == 1:
        sentence = _("At {name} = {place} the height is {height}.")
    else:
        sentence = _("At ({name}) = {place} the height is {height}.")
    place = number(theta[0]) if len(variables) == 1 else format_vector(theta, 4)
    sentence = sentence.format(name=", ".join(variables), place=place, height=number(update.forward.loss))
    line = Line(
        f"f({', '.join(variables)})",
        model.expression.pretty(),
        model.expression.substituted(theta, short_number),
        number(update.forward.loss),
    )
    return Page("", sentence, (line,))


def gradient_page(update: Update, _phase: Phase, _focus: Focus, _names: Names) -> Page:
    """Return the derivative with respect to each variable."""
    model, gradient = _model(update), shown_gradient(update)
    names = model.expression.variables
    places = update.backward.quantities.get("places", np.tile(update.at, (len(names), 1))).tolist()
    lines = tuple(
        Line(symbol, slope.pretty(), slope.substituted(place, short_number), short_number(value, signed=True))
        for symbol, slope, place, value in zip(
            model.slope_symbols, model.gradient, places, gradient.tolist(), strict=True
        )
    )
    if not np.isfinite(gradient).all():
        sentence = _("The slope is no longer a number: the run has left the hill.")
    elif not gradient.any():
        sentence = _("The ground is level here: the slope is 0 and shows no way down.")
    elif len(names) == 1 and gradient[0] * update.change[0] > 0:
        sentence = _("The slope points back, but the speed gathered before carries us on.")
    elif float(np.linalg.norm(gradient)) < ALMOST_FLAT:
        sentence = _("The slope is almost flat here, so the step is tiny.")
    elif len(names) > 1:
        sentence = _gradient_sentence(names, np.abs(gradient))
    elif gradient[0] > 0:
        sentence = _("The hill rises to the right, so we step left.")
    else:
        sentence = _("The hill falls to the right, so we step right.")
    return Page("", sentence, lines, _nudge_notes(names, gradient) if len(names) > 1 else ())


def update_page(update: Update, _phase: Phase, _focus: Focus, _names: Names) -> Page:
    """Return the step of every variable."""
    model = _model(update)
    lines = [
        line
        for element, symbol in enumerate(model.slope_symbols)
        for line in update_lines(update, element, model.layout.names[element], symbol)
    ]
    return Page("", change_sentence(update), (*rate_lines(update), *lines), memory_notes(update))


def _gradient_sentence(names: tuple[str, ...], sizes: Vector) -> str:
    """Return which variable matters most, and how much more than the next."""
    most, next_most = np.argsort(-sizes, kind="stable")[:2].tolist()
    if sizes[next_most] == 0.0:
        return _("Only {most} matters here: along the other axes the ground is level.").format(most=names[most])
    ratio = float(sizes[most] / sizes[next_most])
    if ratio < 1.05:
        return _("{most} and {next} matter equally here: the hill rises as fast along both.").format(
            most=names[most], next=names[next_most]
        )
    return _("Here {most} matters {ratio} times as much as {next}.").format(
        most=names[most], next=names[next_most], ratio=f"{ratio:.3g}"
    )


def _nudge_notes(names: tuple[str, ...], gradient: Vector) -> tuple[str, ...]:
    """Return what a gradient says about each variable, and which way it points."""
    if not np.isfinite(gradient).all() or not gradient.any():
        return ()
    parts = [
        _("{name} by {nudge}: {rise}").format(name=name, nudge=NUDGE, rise=short_number(NUDGE * slope, signed=True))
        for name, slope in zip(names, gradient.tolist(), strict=True)
    ]
    text = _("Nudge one variable, and the height changes by about: {parts}.")
    uphill = _("The gradient {gradient} points uphill; the step goes the other way.")
    return text.format(parts="; ".join(parts)), uphill.format(gradient=format_vector(gradient.tolist(), 4))


def _model(update: Update) -> FunctionModel:
    model = update.run.model
    assert isinstance(model, FunctionModel)
    return model


PAGES: Pages = {VALUE: value_page, GRADIENT: gradient_page, UPDATE: update_page}
"""A page function for each kind of phase."""
