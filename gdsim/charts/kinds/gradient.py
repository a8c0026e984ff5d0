"""The negative gradient of many parameters as one long column, and the gradient found by nudging weights."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Entry, LongColumn, Role, Series, bars, points
from gdsim.charts.current import gradient_here, is_revealed
from gdsim.charts.fitting import has_few_weights, has_many_parameters
from gdsim.charts.layout import hull, upwards
from gdsim.charts.shapes import layers_of
from gdsim.charts.view import View
from gdsim.engine.names import parameter_name
from gdsim.engine.update import GRADIENT
from gdsim.i18n import _
from gdsim.timeline.position import update_on_view

_NAMED = 12


def build_column(view: View) -> LongColumn | None:
    """Return the negative gradient by element of θ, without values until it is revealed; None for few parameters."""
    layout = view.timeline.run.model.layout
    if not has_many_parameters(view):
        return None
    title = _("−∂C/∂θ: {count} numbers; each row shows the largest of its range").format(count=layout.size)
    blocks = tuple((name, part.stop - part.start) for name, part in layout.slices.items())
    update = update_on_view(view.timeline, view.position)
    if update is None or not is_revealed(view, GRADIENT):
        return LongColumn(title, blocks, None)
    downhill = -update.gradient
    sizes = np.nan_to_num(np.abs(downhill), posinf=np.inf)
    most = np.argpartition(-sizes, min(_NAMED, layout.size - 1))[:_NAMED]
    largest = most[np.lexsort((most, -sizes[most]))].tolist()
    return LongColumn(title, blocks, downhill, tuple(_entry(view, int(i), float(downhill[i])) for i in largest))


def _entry(view: View, element: int, value: float) -> Entry:
    layout = view.timeline.run.model.layout
    return Entry(element, parameter_name(layout, element), place_in_words(view, element), value)


def place_in_words(view: View, element: int) -> str:
    """Return the place of an element in words: ``layer 1, neuron 3, pixel (14,18)``, all counted from 1."""
    name, place = view.timeline.run.model.layout.place(element)
    if not layers_of(view.timeline.run):
        return ""
    layer, unit = int(name[1:]), place[0] + 1
    if len(place) == 1:
        return _("layer {layer}, neuron {unit}, bias").format(layer=layer, unit=unit)
    dataset = view.scenario.dataset
    if layer == 1 and dataset is not None and dataset.image_shape is not None:
        row, column = divmod(place[1], dataset.image_shape[1])
        text = _("layer {layer}, neuron {unit}, pixel ({row},{column})")
        return text.format(layer=layer, unit=unit, row=row + 1, column=column + 1)
    return _("layer {layer}, neuron {unit}, input {input}").format(layer=layer, unit=unit, input=place[1] + 1)


_SMALLEST = 2.0**-60


def build_nudges(view: View) -> Chart | None:
    """Return the gradient by backpropagation and by nudging, as far as nudged; None for all but small networks."""
    if not has_few_weights(view):
        return None
    nudging, size = view.nudging, view.timeline.run.model.layout.size
    gradient = gradient_here(view) if nudging is None else nudging.update.gradient
    top = hull(np.abs(gradient))
    most = 1.0 if top is None or top[1] == 0 else upwards(top[1], _SMALLEST)
    x, layers = Axis(_("parameter"), 0.5, size + 0.5, is_count=True), list[Series]()
    if nudging is None or not nudging.count:
        layers.append(points(Role.NEXT, [], [], _("nothing nudged yet: x nudges one, X all"), "o"))
    else:
        elements = np.arange(1, size + 1, dtype=np.float64)
        computed = np.full(size, np.nan)
        computed[: nudging.count] = nudging.computed
        slopes, last = nudging.nudges.slopes, nudging.count - 1
        layers.append(bars(Role.FIT, elements, computed, _("backpropagation")))
        layers.append(points(Role.NEXT, elements[: last + 1], slopes, _("by nudging"), "o"))
        name = parameter_name(nudging.update.run.model.layout, last)
        layers.append(points(Role.CURRENT, elements[last], slopes[last], name))
    return Chart(_("gradient by nudging"), x, Axis(_("gradient"), -most, most), tuple(layers))
