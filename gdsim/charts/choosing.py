"""What is looked at closely in a network: the neuron of the phase in hand, or the neuron or weight a learner chose."""

from __future__ import annotations

from dataclasses import replace

from gdsim.charts.digits import digits
from gdsim.charts.moment import run_of, theta_of, update_in_the_making
from gdsim.charts.shapes import layers_of
from gdsim.charts.view import View
from gdsim.engine.network import Layer
from gdsim.engine.update import Phase, Run
from gdsim.language import _
from gdsim.records import dataclass
from gdsim.timeline.position import Focus


@dataclass(frozen=True, slots=True)
class Spot:
    """A neuron, and one of its weights: layers count from 1, units and inputs from 0.

    is_weight: whether the weight itself is chosen.
    """

    layer: int
    unit: int
    input: int
    is_weight: bool = False


def neuron_in_focus(view: View, layers: tuple[Layer, ...]) -> tuple[int, int] | None:
    """Return layer (from 1) and unit of the chosen neuron, brought into range; None where none is chosen (layer 0)."""
    if view.focus.layer < 1:
        return None
    layer = min(view.focus.layer, len(layers))
    return layer, _within(view.focus.unit, layers[layer - 1].units)


def phase_in_hand(view: View) -> Phase | None:
    """Return the latest phase revealed of the update in the making, None between updates."""
    update = update_in_the_making(view)
    return None if update is None or view.position.phase is None else update.phases[view.position.phase]


def spot(view: View) -> Spot | None:
    """Return what is looked at: a neuron of the layer the phase in hand works on, else the chosen one.

    None between updates where nothing is chosen, and where there are no layers.
    """
    layers, phase = layers_of(run_of(view)), phase_in_hand(view)
    if not layers or (phase is None and view.focus.layer < 1):
        return None
    return _spot(view, layers, phase)


def told(view: View) -> str:
    """Return what is chosen: ``weight W1[0,1] = 0.8``, or ``neuron 2 of layer 1``; empty where nothing is."""
    here, run = spot(view), run_of(view)
    if here is None:
        return ""
    if not here.is_weight:
        return _("neuron {unit} of layer {layer}").format(unit=here.unit + 1, layer=here.layer)
    element = _weight(here, run)
    name, value = run.model.layout.label(element), digits(theta_of(view)[element], 4)
    return _("weight {name} = {value}").format(name=name, value=value)


def element_in_focus(view: View) -> int | None:
    """Return the element of θ that is chosen: a weight, or a neuron's bias; None where nothing is."""
    here, run = spot(view), run_of(view)
    if here is None or view.focus.layer < 1:
        return None
    return _weight(here, run) if here.is_weight else run.model.layout.slices[f"b{here.layer}"].start + here.unit


def _weight(here: Spot, run: Run) -> int:
    inputs = layers_of(run)[here.layer - 1].inputs
    return int(run.model.layout.slices[f"W{here.layer}"].start) + here.unit * inputs + here.input


def moved(view: View, right: int, down: int) -> Focus:
    """Return the focus one step on: down or up among neurons of a layer, or among the weights of one neuron.

    To the left of a neuron are its weights, and to the left of a weight the neuron it comes from. While a phase works
    on one layer, only that one can be walked in.
    """
    layers, phase = layers_of(run_of(view)), phase_in_hand(view)
    if not layers:
        return view.focus
    here = _spot(view, layers, phase)
    if phase is None and view.focus.layer < 1:
        there = here  # the first step chooses what the page looks at anyway
    elif down:
        by_unit, by_input = (0, down) if here.is_weight else (down, 0)
        there = replace(here, unit=here.unit + by_unit, input=here.input + by_input)
    else:
        there = _aside(here, right, len(layers), is_held=phase is not None and phase.layer is not None)
    layer = layers[there.layer - 1]
    unit, source = _within(there.unit, layer.units), _within(there.input, layer.inputs)
    return replace(view.focus, layer=there.layer, unit=unit, input=source, is_weight=there.is_weight)


def _aside(here: Spot, right: int, last: int, is_held: bool) -> Spot:
    """Return the spot to the right or to the left; `here` itself at the edge, or where the layer is held."""
    if here.is_weight == (right > 0):  # from a weight on to its neuron, from a neuron back to its weights
        return replace(here, is_weight=not here.is_weight)
    if right > 0 and here.layer < last and not is_held:
        return Spot(here.layer + 1, 0, here.unit, is_weight=True)
    if right < 0 and here.layer > 1 and not is_held:
        return Spot(here.layer - 1, here.input, 0)
    return here


def _spot(view: View, layers: tuple[Layer, ...], phase: Phase | None) -> Spot:
    focus = view.focus
    number = focus.layer if phase is None or phase.layer is None else phase.layer
    number = len(layers) if number < 1 else min(number, len(layers))
    layer = layers[number - 1]
    return Spot(number, _within(focus.unit, layer.units), _within(focus.input, layer.inputs), focus.is_weight)


def _within(index: int, count: int) -> int:
    return max(0, min(index, count - 1))
