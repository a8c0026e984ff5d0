"""The slopes of several activations side by side: steep in the middle, flat where a neuron is saturated."""

from __future__ import annotations

import numpy as np

from gdsim.charts.activation import Look, looks, place_of, slope_at, slopes_at, window_of_z
from gdsim.charts.chart import Axis, Chart, Role, Series, Shape
from gdsim.charts.digits import digits
from gdsim.charts.series import line, points
from gdsim.charts.view import View
from gdsim.charts.windows import hull, widened
from gdsim.language import _

_SAMPLES = 201


def build(view: View) -> Chart | None:
    """Return the slope of each activation, and its value at z; None where there is only one."""
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


def _slope(look: Look, across: np.ndarray[tuple[int, ...], np.dtype[np.float64]], z: float | None) -> list[Series]:
    slopes = slopes_at(look.activation, across)
    series = [line(look.role, across, slopes, mark=look.mark)]
    if z is not None:
        here = slope_at(look.activation, z)
        label = _("{symbol}′ = {slope}").format(symbol=look.activation.symbol, slope=digits(here, 3))
        role = Role.CURRENT if look.role is Role.CURVE else look.role
        series.append(points(role, z, here, label, look.mark))
    return series
