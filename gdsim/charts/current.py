"""The current state of a view: which update, how much of it is revealed, which sample, where comparison runs stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdsim.charts.layout import digits
from gdsim.charts.shapes import layers_of
from gdsim.charts.view import Comparison, View
from gdsim.engine.models.network import Layer, NetworkModel
from gdsim.engine.names import parameter_name
from gdsim.engine.parameters import Vector
from gdsim.engine.update import Phase, Run, Update
from gdsim.i18n import _
from gdsim.timeline.position import Focus, Position, sample_in_hand, update_on_view
from gdsim.timeline.timeline import Timeline

_EARLY, _POINTS = 40, 120


def run_of(view: View) -> Run:
    """Return the run as it continues from the current state."""
    return view.timeline.run_at(view.position.update)


def theta_of(view: View) -> Vector:
    """Return the current θ: after all finished updates, before an unfinished one."""
    return view.timeline.state(view.position.update).theta


def unfinished_update(view: View) -> Update | None:
    """Return the update whose phases are being revealed, None between updates."""
    return None if view.position.phase is None else view.timeline.update(view.position.update + 1)


def update_shown(view: View) -> Update | None:
    """Return the update on view; at the start the first one, of which nothing is revealed; None if there is none."""
    return update_on_view(view.timeline, view.position) or view.timeline.next_update(view.position.update)


def is_revealed(view: View, kind: str, layer: int | None = None) -> bool:
    """Whether the phase of this kind (and layer) of the update on view is revealed."""
    if view.position.phase is None:
        return view.position.update > 0
    revealed = view.timeline.update(view.position.update + 1).phases[: view.position.phase + 1]
    return any(phase.kind == kind and layer in (None, phase.layer) for phase in revealed)


def gradient_here(view: View) -> Vector:
    """Return the gradient (size,) at the current θ over the samples of the next update, as recorded in it.

    After the end of the run, compute it over all samples.
    """
    update = view.timeline.next_update(view.position.update)
    if update is not None:
        return update.gradient
    run, theta = run_of(view), theta_of(view)
    with np.errstate(all="ignore"):
        return run.model.backward(theta, run.model.forward(theta, None)).gradient


def current_sample(view: View, update: Update) -> tuple[int, int]:
    """Return the focused sample: its index among all samples, and its row in the batch of `update`."""
    row = sample_in_hand(update, view.focus)
    return (row if update.samples is None else int(update.samples[row])), row


def standing(beside: Comparison, view: View) -> int:
    """Return the update at which a comparison run is drawn: that of the view, or its last if it stopped earlier."""
    return beside.timeline.reach(view.clock)


def position_of(beside: Comparison, view: View) -> Position:
    """Return a comparison run's position: within an update if the view is within one and the run still goes on."""
    update, phase = standing(beside, view), view.position.phase
    record = None if phase is None or update < view.clock else beside.timeline.next_update(update)
    return Position(update) if record is None or phase is None else Position(update, min(phase, len(record.phases) - 2))


def walk(timeline: Timeline, elements: tuple[int, ...], update: int) -> tuple[Vector, Vector]:
    """Return update numbers (kept,) and elements of θ after them (kept, elements) from the start to `update`.

    Keeps all of the first updates, in which a run moves most, then evenly spaced ones.
    """
    numbers, places = timeline.trail(elements, update, _EARLY + _POINTS if update <= _EARLY + _POINTS else _POINTS)
    if update <= _EARLY + _POINTS:
        return numbers, places
    early_numbers, early_places = timeline.trail(elements, _EARLY, _EARLY + 1)
    later = numbers > early_numbers[-1]
    return np.concatenate([early_numbers, numbers[later]]), np.concatenate([early_places, places[later]])


def _within(index: int, count: int) -> int:
    return max(0, min(index, count - 1))


@dataclass(frozen=True, slots=True)
class Selection:
    """A neuron and one of its weights: layers are counted from 1, units and inputs from 0.

    is_weight: whether the weight is chosen rather than the neuron.
    """

    layer: int
    unit: int
    input: int
    is_weight: bool = False


def neuron_in_focus(view: View, layers: tuple[Layer, ...]) -> tuple[int, int] | None:
    """Return layer (from 1) and unit of the chosen neuron, clipped to the network; None if none is chosen (layer 0)."""
    if view.focus.layer < 1:
        return None
    layer = min(view.focus.layer, len(layers))
    return layer, _within(view.focus.unit, layers[layer - 1].units)


def current_phase(view: View) -> Phase | None:
    """Return the latest phase revealed of the unfinished update, None between updates."""
    update = unfinished_update(view)
    return None if update is None or view.position.phase is None else update.phases[view.position.phase]


def selection(view: View) -> Selection | None:
    """Return the selected neuron or weight: in the layer of the current phase, else in the chosen one.

    None between updates if nothing is chosen, and for models without layers.
    """
    layers, phase = layers_of(run_of(view)), current_phase(view)
    if not layers or (phase is None and view.focus.layer < 1):
        return None
    return _selection(view, layers, phase)


def description(view: View) -> str:
    """Describe the selection: ``weight W1[0,1] = 0.8`` (before the update on view) or ``neuron 2 of layer 1``.

    Empty if nothing is selected.
    """
    here, run = selection(view), run_of(view)
    if here is None:
        return ""
    if not here.is_weight:
        return _("neuron {unit} of layer {layer}").format(unit=here.unit + 1, layer=here.layer)
    element = _weight(here, run)
    update = update_shown(view)
    theta = theta_of(view) if update is None else update.before.theta
    name, value = parameter_name(run.model.layout, element), digits(theta[element], 4)
    return _("weight {name} = {value}").format(name=name, value=value)


def element_in_focus(view: View) -> int | None:
    """Return the chosen element of θ: a weight, or the bias of a neuron; None if there is none."""
    here, run = selection(view), run_of(view)
    if here is None or view.focus.layer < 1:
        return None
    return _weight(here, run) if here.is_weight else _bias(here, run)


def _bias(here: Selection, run: Run) -> int | None:
    assert isinstance(run.model, NetworkModel)
    return run.model.bias_element(here.layer, here.unit)


def _weight(here: Selection, run: Run) -> int:
    inputs = layers_of(run)[here.layer - 1].inputs
    return int(run.model.layout.slices[f"W{here.layer}"].start) + here.unit * inputs + here.input


def moved(view: View, right: int, down: int) -> Focus:
    """Return the focus moved: down or up through the neurons of a layer or the weights of a neuron, or left or right.

    To the left of a neuron are its weights, and to the left of a weight is the neuron it comes from. While a phase
    works on one layer, the focus stays in that layer.
    """
    layers, phase = layers_of(run_of(view)), current_phase(view)
    if not layers:
        return view.focus
    here = _selection(view, layers, phase)
    if phase is None and view.focus.layer < 1:
        there = here  # the first step chooses what is shown by default
    elif down:
        by_unit, by_input = (0, down) if here.is_weight else (down, 0)
        there = replace(here, unit=here.unit + by_unit, input=here.input + by_input)
    else:
        there = _aside(here, right, len(layers), is_held=phase is not None and phase.layer is not None)
    layer = layers[there.layer - 1]
    unit, source = _within(there.unit, layer.units), _within(there.input, layer.inputs)
    return replace(view.focus, layer=there.layer, unit=unit, input=source, is_weight=there.is_weight)


def _aside(here: Selection, right: int, last: int, is_held: bool) -> Selection:
    """Return the selection to the right or left; `here` itself at the edge, or if it may not leave the layer."""
    if here.is_weight == (right > 0):  # right: from a weight to its neuron; left: from a neuron to its weights
        return replace(here, is_weight=not here.is_weight)
    if right > 0 and here.layer < last and not is_held:
        return Selection(here.layer + 1, 0, here.unit, is_weight=True)
    if right < 0 and here.layer > 1 and not is_held:
        return Selection(here.layer - 1, here.input, 0)
    return here


def _selection(view: View, layers: tuple[Layer, ...], phase: Phase | None) -> Selection:
    focus = view.focus
    number = focus.layer if phase is None or phase.layer is None else phase.layer
    number = len(layers) if number < 1 else min(number, len(layers))
    layer = layers[number - 1]
    return Selection(number, _within(focus.unit, layer.units), _within(focus.input, layer.inputs), focus.is_weight)
