"""An activation: z on its curve, and the slope of the curve there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from gdsim.charts.chart import Axis, Chart, Role, Series, Shape, line, points, role_beside, tangent
from gdsim.charts.current import (
    current_sample,
    is_revealed,
    neuron_in_focus,
    run_of,
    theta_of,
    unfinished_update,
    update_shown,
)
from gdsim.charts.fitting import layer_looked_at
from gdsim.charts.layout import Window, digits, hull, upwards, widened
from gdsim.charts.shapes import activation_of, activation_walked, is_slope_at_output, layers_of
from gdsim.charts.view import View
from gdsim.engine.activations import Activation
from gdsim.engine.names import is_one_neuron, neuron_name
from gdsim.engine.parameters import Vector
from gdsim.engine.update import FORWARD
from gdsim.i18n import _
from gdsim.timeline.position import Focus

_SAMPLES = 201
_FARTHEST_AT_FIRST = 8.0
_STEP, _LONG_STEP = 0.25, 1.0
"""How far the left and right keys move z, and how far the up and down keys do."""
_STEEP = 3.0
"""A curve that reaches further than this does not widen the window and is cut."""


class Look(NamedTuple):
    """An activation with the role and mark it is drawn in: that of the main run, or of a comparison run."""

    activation: Activation
    role: Role
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on an activation: the activation, its z (None: not computed yet), and the names of z and of the value.

    at_output: whether the run reproduces a source that mistakenly evaluates the slope at the output instead of at z.
    """

    activation: Activation
    z: float | None
    z_name: str
    name: str
    at_output: bool = False


def build(view: View) -> Chart | None:
    """Return the activation with its slope and z on it; None if there is no such curve.

    In a network it is that of the focused neuron, else of the first output, for the current sample; z comes from the
    forward pass before the update shown, or, once that update is finished, from the one after it.
    """
    place = place_of(view)
    if place is None:
        return None
    window = window_of_z(place.z)
    across = np.linspace(*window, _SAMPLES)
    heights, others = _values(place.activation, across), looks(view)[1:]
    if others:  # their slopes are shown in a separate chart
        lines = [
            line(look.role, across, _values(look.activation, across), name, look.mark)
            for look in others
            for name in ("" if place.z is not None else look.activation.symbol,)
        ]
        reach = widened(hull(heights, *(each.y for each in lines if np.abs(each.y).max() < _STEEP)), part=0.08)
    else:
        slopes = slopes_at(place.activation, across)
        lines = [line(Role.GHOST, across, slopes, _("slope {symbol}′").format(symbol=place.activation.symbol))]
        reach = widened(hull(heights, slopes), part=0.08)
    layers = [
        *lines,
        *(series for look in others for series in _value_beside(look, place.z)),
        line(Role.CURVE, across, heights, place.name),
        *_marked(place, window, reach[1] - reach[0]),
    ]
    low, high = reach
    return Chart(_("activation"), Axis(place.z_name, *window), Axis(place.name, low, high), tuple(layers))


def place_of(view: View) -> Place | None:
    """Return the point shown, at the z a learner chose if any, else without z while a question is open."""
    place = _walked(view) or _of_neuron(view)
    if place is None or (view.focus.z is None and not view.is_asking):
        return place
    return replace(place, z=view.focus.z)


def looks(view: View) -> list[Look]:
    """Return the activations shown: the main one, then others that comparison runs minimise."""
    place = place_of(view)
    if place is None:
        return []
    found = [Look(place.activation, Role.CURVE)]
    for beside in view.comparisons:
        activation = activation_walked(beside.timeline.run)
        if activation is not None and all(activation is not look.activation for look in found):
            found.append(Look(activation, role_beside(beside), beside.mark))
    return found


def moved(view: View, right: int, down: int) -> Focus:
    """Return the focus with z increased: by a small step per key to the right, a larger one per key up."""
    place = place_of(view)
    z = 0.0 if place is None or place.z is None else place.z
    return replace(view.focus, z=round(z / _STEP) * _STEP + right * _STEP - down * _LONG_STEP)


def description(view: View) -> str:
    """Return the name and value of the z shown."""
    place = place_of(view)
    return "" if place is None or place.z is None else f"{place.z_name} = {digits(place.z, 4)}"


def window_of_z(z: float | None) -> Window:
    """Return the window for the z axis, with 0 in its middle."""
    end = upwards(abs(z), _FARTHEST_AT_FIRST) if z is not None and np.isfinite(z) else _FARTHEST_AT_FIRST
    return -end, end


def slope_at(activation: Activation, z: float) -> float:
    """Return the slope at one z."""
    return _at(activation, z)[1]


def _walked(view: View) -> Place | None:
    """Return the current point of a run that minimises an activation; None for other runs."""
    activation = activation_walked(run_of(view))
    if activation is None:
        return None
    variable = run_of(view).model.layout.names[0]
    return Place(activation, float(theta_of(view)[0]), variable, f"{activation.symbol}({variable})")


def _of_neuron(view: View) -> Place | None:
    """Return the point of the focused neuron, else the first output, on its activation; None if that is no curve."""
    number, update, layers = layer_looked_at(view), update_shown(view), layers_of(run_of(view))
    if number is None:
        return None
    focus = neuron_in_focus(view, layers)
    unit, z = focus[1] if focus is not None else 0, None
    if update is not None and (unfinished_update(view) is None or is_revealed(view, FORWARD, number)):
        forward = update.forward_after if update.number == view.position.update else update.forward
        z = float(forward.quantities[f"z{number}"][current_sample(view, update)[1], unit])
    activation = activation_of(layers[number - 1])
    layout = run_of(view).model.layout
    z_name = neuron_name("z", layout, number, unit)
    name = f"{activation.symbol}(z)" if is_one_neuron(layout) else neuron_name("a", layout, number, unit)
    at_output = number == len(layers) and is_slope_at_output(run_of(view))
    return Place(activation, z, z_name, name, at_output)


def _value_beside(look: Look, z: float | None) -> list[Series]:
    """Return the value of another activation at the same z."""
    if z is None:
        return []
    value, symbol = _at(look.activation, z)[0], look.activation.symbol
    return [points(look.role, z, value, f"{symbol} = {digits(value, 4)}", look.mark)]


def _marked(place: Place, window: Window, height: float) -> list[Series]:
    """Return z on the curve with its tangent, and the point where a mistaken source evaluates the slope instead."""
    if place.z is None:
        return []
    output, slope = _at(place.activation, place.z)
    label = _("slope here {slope}").format(slope=digits(slope, 3))
    series = tangent(Role.TANGENT, place.z, output, slope, window, height, label)
    if place.at_output:
        value, slope = _at(place.activation, output)
        label = _("published slope {slope}").format(slope=digits(slope, 3))
        series += tangent(Role.TRUTH, output, value, slope, window, height)
        series.append(points(Role.TRUTH, output, value, label, "T"))
    return [*series, points(Role.CURRENT, place.z, output, f"{place.z_name} = {digits(place.z, 4)}")]


def _at(activation: Activation, z: float) -> tuple[float, float]:
    """Return value and slope at one z."""
    place = np.array([z])
    return float(_values(activation, place)[0]), float(slopes_at(activation, place)[0])


@np.errstate(all="ignore")
def _values(activation: Activation, z: Vector) -> Vector:
    return activation.value(z)


@np.errstate(all="ignore")
def slopes_at(activation: Activation, z: Vector) -> Vector:
    """Return the slope at each z: (samples,)."""
    return np.full_like(z, np.nan) if activation.slope is None else np.asarray(activation.slope(z, activation.value(z)))


def build_slopes(view: View) -> Chart | None:
    """Return the slope of each activation over z, and its value at the current z; None if there is only one."""
    place, drawn = place_of(view), looks(view)
    if place is None or len(drawn) < 2:
        return None
    window = window_of_z(place.z)
    across = np.linspace(*window, _SAMPLES)
    layers: list[Series] = []
    for look in reversed(drawn):
        layers += _slope(look, across, place.z)
    low, high = widened(hull(*(each.y for each in layers if each.shape is Shape.LINE)), part=0.08)
    return Chart(_("slopes"), Axis(place.z_name, *window), Axis(_("slope"), low, high), tuple(layers))


def _slope(look: Look, across: Vector, z: float | None) -> list[Series]:
    slopes, name = slopes_at(look.activation, across), f"{look.activation.symbol}′"
    if z is None:
        return [line(look.role, across, slopes, name, look.mark)]
    here = slope_at(look.activation, z)
    label = _("{symbol}′ = {slope}").format(symbol=look.activation.symbol, slope=digits(here, 3))
    if look.role is Role.CURVE:
        return [line(look.role, across, slopes, name), points(Role.CURRENT, z, here, label)]
    return [line(look.role, across, slopes, mark=look.mark), points(look.role, z, here, label, look.mark)]
