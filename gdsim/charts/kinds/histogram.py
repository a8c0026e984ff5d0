"""Histograms of neuron outputs and weight gradients, one line per layer, with counts of units that learn nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import ROLES_OF_LINES, Axis, Chart, Series, line, points
from gdsim.charts.current import is_revealed, run_of, update_shown
from gdsim.charts.fitting import has_layers, has_many_parameters
from gdsim.charts.layout import decades, hull, upwards
from gdsim.charts.shapes import activation_of, layers_of
from gdsim.charts.view import View
from gdsim.engine.activations import Activation
from gdsim.engine.parameters import Vector
from gdsim.engine.update import FORWARD, GRADIENT
from gdsim.i18n import _, ngettext

_BINS = 24
_BINS_A_MARK = 6
_SATURATED = 0.05
"""A unit is saturated if its slope is below this fraction of the steepest one for every sample of the batch."""
_TOPS = (10.0, 20.0, 50.0, 100.0)
"""The upper ends of the axis, in percent."""
_SMALLEST = 1e-8
"""Gradients smaller than this fraction of the largest fall into the lowest bin."""


def has_spread(view: View) -> bool:
    """Whether there are layers, with too many weights to look at one by one."""
    return has_layers(view) and has_many_parameters(view)


def build_activations(view: View) -> Chart | None:
    """Return the histogram of each layer's outputs over the batch, with counts of dead and saturated units."""
    if not has_spread(view):
        return None
    update, layers = update_shown(view), layers_of(run_of(view))
    outputs: list[tuple[str, Vector]] = []
    for number, layer in enumerate(layers, 1):
        if update is not None and is_revealed(view, FORWARD, number):
            z, a = (update.forward.quantities[f"{name}{number}"] for name in "za")
            outputs.append((_layer(number, *_idle(activation_of(layer), z, a)), a.ravel()))
    low, high = hull([0.0, 1.0], *(a for _name, a in outputs)) or (0.0, 1.0)
    most = upwards(max(-low, high), 1.0, by_halves=True)
    edges = np.linspace(-most if low < 0 else 0.0, most, _BINS + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    lines = [each for k, (name, a) in enumerate(outputs) for each in _spread(k, name, a, edges, middles)]
    x = Axis(_("output a"), float(edges[0]), float(edges[-1]))
    return Chart(_("outputs by layer"), x, Axis(_("% of outputs"), 0.0, _top(lines)), tuple(lines))


def build_gradients(view: View) -> Chart | None:
    """Return the histogram of the gradient magnitudes of each layer's weights, once these are revealed."""
    if not has_spread(view):
        return None
    update, layout = update_shown(view), run_of(view).model.layout
    names = [name for name in layout.slices if name.startswith("W")]
    is_known = update is not None and is_revealed(view, GRADIENT)
    gradient = update.gradient if update is not None and is_known else np.zeros(layout.size)
    sizes = [np.abs(gradient[layout.slices[name]]) for name in names]
    largest = (hull(*sizes) or (0.0, 0.0))[1] or 1.0
    smallest = largest * _SMALLEST
    x = decades(
        min((float(each[each > smallest].min()) for each in sizes if (each > smallest).any()), default=0.1), largest
    )
    edges = np.geomspace(*x, _BINS + 1)
    lines: list[Series] = []
    for k, (name, each) in enumerate(zip(names, sizes, strict=True) if is_known else ()):
        zeros = f"{100 * float(np.mean(each == 0)):.0f}"
        label = _("{name}: {percent} % are 0").format(name=name, percent=zeros)
        lines += _spread(k, label, each[each > 0], edges, np.sqrt(edges[1:] * edges[:-1]), count=each.size)
    y = Axis(_("% of weights"), 0.0, _top(lines))
    return Chart(_("gradients by layer"), Axis("|∂C/∂w|", *x, is_log=True), y, tuple(lines))


def _spread(number: int, label: str, values: Vector, edges: Vector, middles: Vector, count: int = 0) -> list[Series]:
    """Return the percentage of values in each bin as a line, marked here and there with the number of the layer.

    Values beyond the ends count in the outermost bins. count: number of all values, if `values` leaves some out.
    """
    with np.errstate(all="ignore"):
        inside = np.clip(values[np.isfinite(values)], edges[0], edges[-1])
    counts, _edges = np.histogram(inside, edges)
    percents = 100 * counts / max(1, count or values.size)
    # Runs of empty bins are left out, so that lines do not cover each other at 0.
    is_drawn = np.convolve(counts > 0, [1, 1, 1], "same") > 0
    role, peak = ROLES_OF_LINES[number % len(ROLES_OF_LINES)], int(percents.argmax())
    mark = str(number + 1)
    drawn = line(role, middles, np.where(is_drawn, percents, np.nan), mark=mark)
    # Several marks, in other bins for each layer, so that lines can be told apart after they cross.
    marked = [k for k in np.flatnonzero(counts).tolist() if k == peak or k % _BINS_A_MARK == number % _BINS_A_MARK]
    return [drawn, points(role, middles[marked], percents[marked], label, mark)]


def _top(lines: list[Series]) -> float:
    highest = max((float(np.nanmax(each.y, initial=0.0)) for each in lines), default=0.0)
    return next((top for top in _TOPS if highest <= top), _TOPS[-1])


def _idle(activation: Activation, z: Vector, a: Vector) -> tuple[int, int]:
    """Count the units with slope 0 for every sample (dead), and those with almost none (saturated)."""
    if activation.slope is None:
        return 0, 0
    place = np.linspace(-4.0, 4.0, 81)
    with np.errstate(all="ignore"):
        steepest = float(np.nanmax(np.abs(activation.slope(place, activation.value(place)))))
        slopes: NDArray[np.float64] = np.abs(activation.slope(z, a)).max(axis=0)
    is_dead = slopes == 0
    return int(is_dead.sum()), int((~is_dead & (slopes < _SATURATED * steepest)).sum())


def _layer(number: int, dead: int, saturated: int) -> str:
    told = [_("layer {number}").format(number=number)]
    if dead:
        told.append(ngettext("{count} dead", "{count} dead", dead).format(count=dead))
    if saturated:
        told.append(ngettext("{count} saturated", "{count} saturated", saturated).format(count=saturated))
    return ", ".join(told)
