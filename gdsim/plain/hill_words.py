"""Hills and mountains in sentences: where the point stands, which side rises, where the valleys are."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Chart, Field, Role, Series
from gdsim.charts.current import gradient_here, run_of, theta_of
from gdsim.charts.kinds import contour, curve, surface
from gdsim.charts.shapes import function_of
from gdsim.charts.view import View
from gdsim.engine.parameters import Vector
from gdsim.explain.numbers import short_number
from gdsim.i18n import _

_MOST_VALLEYS = 4


def hill_words(view: View) -> list[str]:
    """Return the hill of one variable: place, height, which side rises, the valleys in sight, other starts."""
    f, chart = function_of(run_of(view), 1), curve.build(view)
    if f is None or chart is None:
        return []
    x, slope, name = float(theta_of(view)[0]), float(gradient_here(view)[0]), f.variables[0]
    place = _("the point stands at {name} = {x}, height {height}.").format(
        name=name, x=short_number(x), height=short_number(float(f(x)))
    )
    return [place, _rise(slope), *_valleys(chart, name, x), *_other_starts(chart, name)]


def mountain_words(view: View) -> list[str]:
    """Return a mountain over two numbers: place, height, which way is down, where the lowest and highest ground is."""
    chart = contour.build(view) or surface.build(view)
    if chart is None:
        return []
    names = (chart.x.label, chart.y.label)
    here = [layer for layer in chart.layers if isinstance(layer, Series) and layer.role is Role.CURRENT]
    ground = next((layer for layer in chart.layers if isinstance(layer, Field)), None)
    lines = []
    if here:
        height = view.timeline.loss(view.position.update)
        lines.append(
            _("the point stands at {place}, height {height}.").format(
                place=_place(names, (float(here[0].x[-1]), float(here[0].y[-1]))), height=short_number(height)
            )
        )
    lines += _way_down(view, names)
    if ground is not None and np.isfinite(ground.values).any():
        low, high = _spot(ground, np.nanargmin(ground.values)), _spot(ground, np.nanargmax(ground.values))
        lines.append(_("The lowest ground in sight is near {place}.").format(place=_place(names, low)))
        lines.append(_("The highest is near {place}.").format(place=_place(names, high)))
    return lines


def _rise(slope: float) -> str:
    number = short_number(slope, signed=True)
    if not np.isfinite(slope):
        return _("The slope there is {slope}: no side can be told.").format(slope=number)
    if slope == 0:
        return _("The ground there is level: the slope is 0, and a step goes nowhere.")
    if slope > 0:
        return _("The hill rises to the right, slope {slope}, so a step against it goes left.").format(slope=number)
    return _("The hill rises to the left, slope {slope}, so a step against it goes right.").format(slope=number)


def _valleys(chart: Chart, name: str, x: float) -> list[str]:
    """Return where the hill in the window is lower than on both sides."""
    line = next(layer for layer in chart.layers if isinstance(layer, Series) and layer.role is Role.CURVE)
    across, heights = line.x, line.y
    inner = (heights[1:-1] < heights[:-2]) & (heights[1:-1] <= heights[2:])
    places = across[1:-1][inner]
    window = _("from {low} to {high}").format(low=_rough(float(across[0])), high=_rough(float(across[-1])))
    if not len(places):
        return [_("The picture reaches {window} and shows no valley.").format(window=window)]
    listed = ", ".join(f"{name} = {_rough(float(place))}" for place in places[:_MOST_VALLEYS])
    nearest = float(places[np.abs(places - x).argmin()])
    side = _("to the left of") if nearest < x else _("to the right of")
    text = _("The picture reaches {window}; its valley is near {places}.")
    if len(places) > 1:
        text = _("The picture reaches {window}; its valleys are near {places}.")
    valleys = text.format(window=window, places=listed)
    if abs(nearest - x) <= float(across[1] - across[0]):
        return [valleys, _("The point is in it, as near as the picture shows.")]
    return [valleys, _("The nearest valley lies {side} the point.").format(side=side)]


def _other_starts(chart: Chart, name: str) -> list[str]:
    places = [x for layer in chart.layers if isinstance(layer, Series) and layer.role is Role.DATA for x in layer.x]
    if not places:
        return []
    listed = ", ".join(f"{name} = {short_number(float(place))}" for place in places)
    return [_("Other starts: {places}.").format(places=listed)]


def _way_down(view: View, names: tuple[str, str]) -> list[str]:
    """Return in which direction the ground falls most, by the gradient of the two numbers on the axes."""
    layout, gradient = run_of(view).model.layout, gradient_here(view)
    f = function_of(run_of(view), 2)
    labels = list(f.variables) if f is not None else [layout.label(element) for element in range(layout.size)]
    if any(name not in labels for name in names):
        return []
    slopes = [float(gradient[labels.index(name)]) for name in names]
    if not np.isfinite(slopes).all() or not any(slopes):
        return [_("The ground there is level.")] if not any(slopes) else []
    ways = [
        (_("larger {name}") if slope < 0 else _("smaller {name}")).format(name=name)
        for name, slope in sorted(zip(names, slopes, strict=True), key=lambda pair: -abs(pair[1]))
        if slope
    ]
    steep = " ".join(short_number(slope, signed=True) for slope in slopes)
    way = _(" and ").join(ways)
    return [_("Downhill is towards {way}; the slopes are {slopes}.").format(way=way, slopes=steep.replace(" ", ", "))]


def _spot(field: Field, index: np.intp) -> tuple[float, float]:
    row, column = np.unravel_index(int(index), field.values.shape)
    rows, columns = field.values.shape
    x = np.linspace(field.x_low, field.x_high, columns)[column]
    y = np.linspace(field.y_low, field.y_high, rows)[row]
    return float(x), float(y)


def _place(names: tuple[str, str], place: tuple[float, float] | Vector) -> str:
    return ", ".join(f"{name} = {_rough(float(number))}" for name, number in zip(names, place, strict=True))


def _rough(number: float) -> str:
    return short_number(float(f"{number:.4g}"))
