"""The pages a learner reads: one for each phase of an update, and one for positions that no update explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gdsim.engine.activations import ACTIVATIONS, Activation
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.names import parameter_name
from gdsim.engine.update import (
    BACKPROP,
    ERROR,
    FORWARD,
    GRADIENT,
    LOSS,
    OUTPUT,
    OUTPUT_DELTA,
    SUM,
    UPDATE,
    VALUE,
    Model,
    Phase,
    Update,
)
from gdsim.explain import function, network_backward, perceptron
from gdsim.explain.page import Line, Names, Page, Pages, factor, number
from gdsim.explain.selection import SATURATED, focused_neuron, is_edited
from gdsim.explain.slips import run_slip_notes
from gdsim.i18n import _, ngettext
from gdsim.timeline.position import Focus, Position, phases_revealed, update_on_view
from gdsim.timeline.timeline import Timeline

PAGES: Mapping[type, Pages] = {
    FunctionModel: function.PAGES,
    PerceptronModel: perceptron.PAGES,
    NetworkModel: network_backward.PAGES,
}
"""The page functions of each type of model."""

FIRST = Focus()
"""The first input of the first neuron of the last layer, on the sample furthest from its target."""

START_LINES = 6
"""How many parameters a start page lists."""


def phase_name(phase: Phase) -> str:
    """Return the learner's name for a phase: ``gradient``, ``forward, layer 1``."""
    name = {
        VALUE: _("value"),
        SUM: _("sum"),
        FORWARD: _("forward"),
        LOSS: _("loss"),
        OUTPUT: _("output"),
        ERROR: _("error"),
        OUTPUT_DELTA: _("output delta"),
        BACKPROP: _("backpropagation"),
        GRADIENT: _("gradient"),
        UPDATE: _("update"),
    }[phase.kind]
    if phase.layer is None or phase.kind == OUTPUT_DELTA:
        return name
    return _("{phase}, layer {layer}").format(phase=name, layer=phase.layer)


def page(update: Update, phase_index: int, focus: Focus = FIRST, *, names: Names | None = None) -> Page:
    """Return the page of phase `phase_index` (from 0) of `update`, in words and numbers.

    focus: the neuron, input and sample whose numbers it shows. Both are clamped to what the update has.
    """
    phases = update.phases
    phase_index = min(max(phase_index, 0), len(phases) - 1)
    phase = phases[phase_index]
    with np.errstate(all="ignore"):
        body = PAGES[type(update.run.model)][phase.kind](update, phase, focus, names or Names())
    title = _("phase {number} of {count}: {phase}").format(
        number=phase_index + 1, count=len(phases), phase=phase_name(phase)
    )
    notes = run_slip_notes(update.run) if phase.kind == UPDATE else ()
    return replace(body, title=title, notes=(*notes, *body.notes))


def start_page(timeline: Timeline, focus: Focus = FIRST, *, update: int = 0) -> Page:
    """Return the page of a position no update explains: the start, or `update` followed by an edit of parameters.

    If there are many parameters, it lists only the first few, in a network those of the focused neuron.
    """
    model, theta = timeline.run_at(update).model, timeline.state(update).theta
    elements, size = _elements(model, focus)[:START_LINES], model.layout.size
    lines = [Line(parameter_name(model.layout, i), number(float(theta[i]))) for i in elements]
    if size > len(elements):
        more = ngettext("… {count} more number", "… {count} more numbers", size - len(elements))
        lines.append(Line(more.format(count=size - len(elements)), ""))
    lines.append(Line(_("loss"), number(timeline.loss(update))))
    if update == 0:
        title = _("before the first update")
        sentence = _("Press space to make the first update, or . to go through it phase by phase.")
    else:
        title = _("edited after update {number}").format(number=update)
        sentence = _("Press space to make the next update from here, or . to go through it phase by phase.")
    return Page(title, sentence, tuple(lines))


def page_at(timeline: Timeline, position: Position, focus: Focus = FIRST, *, names: Names | None = None) -> Page:
    """Return the page of a position: that of the last revealed phase, or a start page if no update explains it."""
    update = update_on_view(timeline, position)
    if update is None or is_edited(timeline, position):
        return start_page(timeline, focus, update=position.update)
    return page(update, phases_revealed(timeline, position) - 1, focus, names=names)


def _elements(model: Model, focus: Focus) -> Sequence[int]:
    """Return the elements of θ to list: in a larger network the focused neuron's weights and bias, else all."""
    if not isinstance(model, NetworkModel) or model.layout.size <= START_LINES:
        return range(model.layout.size)
    layer, unit, _input = focused_neuron(model, focus)
    inputs = model.layers[layer - 1].inputs
    first = model.layout.slices[f"W{layer}"].start + unit * inputs
    bias = model.bias_element(layer, unit)
    return (*range(first, first + min(inputs, START_LINES - 1)), *(() if bias is None else (bias,)))


def activation_page(activations: Sequence[Activation], z: float) -> Page:
    """Return the page with each activation's value and slope at z, and with tanh(z) = 2σ(2z) − 1 in numbers."""
    lines, flat = [], []
    for each in activations:
        value, slope = _value_and_slope(each, z)
        lines.append(Line(f"{each.symbol}(z)", each.formula, "", number(value)))
        lines.append(Line(f"{each.symbol}′(z)", each.slope_formula, "", number(slope)))
        flat += [each.name] if abs(slope) < SATURATED else []
    if any(each.name in ("sigmoid", "tanh") for each in activations):
        sigma, _slope = _value_and_slope(ACTIVATIONS["sigmoid"], 2 * z)
        bent, _slope = _value_and_slope(ACTIVATIONS["tanh"], z)
        place = factor(z) if z < 0 else f"({number(z)})"
        lines.append(Line("2·σ(2z) − 1", f"2·σ({number(2 * z)}) − 1", f"2·{number(sigma)} − 1", number(2 * sigma - 1)))
        lines.append(Line("tanh(z)", f"tanh{place}", "", number(bent)))
    sentence = _("Every curve is steep enough here for a neuron to learn.")
    if flat:
        text = _("Flat (saturated) here, so almost nothing is learnt: {names}.")
        sentence = text.format(names=", ".join(flat))
    return Page(_("activations at z = {z}").format(z=number(z)), sentence, tuple(lines))


@np.errstate(all="ignore")
def _value_and_slope(activation: Activation, z: float) -> tuple[float, float]:
    """Return an activation's value and slope at z; the slope is nan if it has none."""
    at = np.array([z])
    value = activation.value(at)
    return float(value[0]), float("nan") if activation.slope is None else float(activation.slope(at, value)[0])
