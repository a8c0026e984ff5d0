"""The network drawn as in a textbook, with the numbers revealed so far of the update shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gdsim.charts.chart import NetworkDrawing, Neuron
from gdsim.charts.current import (
    Selection,
    current_phase,
    current_sample,
    is_revealed,
    run_of,
    selection,
    theta_of,
    update_shown,
)
from gdsim.charts.layout import digits, hull, widened
from gdsim.charts.shapes import activation_of, classes_of, layers_of, outputs_by_layer, points_of
from gdsim.charts.view import View
from gdsim.engine.models.network import Layer
from gdsim.engine.names import input_name, neuron_name, typeset
from gdsim.engine.parameters import Vector
from gdsim.engine.update import BACKPROP, FORWARD, GRADIENT, LOSS, OUTPUT_DELTA, UPDATE, Update
from gdsim.i18n import _

_MOST_SHOWN = 8
_MOST_OUTPUTS = 10
_THUMBNAIL = (9, 8)
"""Columns and rows of the picture of a hidden neuron's output."""
_BACKWARDS = frozenset({OUTPUT_DELTA, BACKPROP, GRADIENT, UPDATE})


def build(view: View) -> NetworkDrawing | None:
    """Return the network with values and deltas of the focused sample, weights and biases; None without layers.

    Of wide layers only the units most active for the sample are shown, and the focused one. Weights and biases are
    those the values were computed with: before the update shown.
    """
    layers = layers_of(run_of(view))
    if not layers:
        return None
    sizes = (layers[0].inputs, *(layer.units for layer in layers))
    focus = selection(view) if view.lit is None else Selection(*view.lit[:2], view.lit[2] or 0, view.lit[2] is not None)
    update = update_shown(view)
    shown = tuple(
        _shown(number, size, len(layers), focus, None if update is None else _activity(view, update, number))
        for number, size in enumerate(sizes)
    )
    theta = theta_of(view) if update is None else update.before.theta
    views = run_of(view).model.layout.views(theta)
    columns = [_inputs(view, update, shown[0])]
    weights = []
    for number in range(1, len(sizes)):
        columns.append(_neurons(view, update, number, shown[number], views[f"b{number}"]))
        weights.append(views[f"W{number}"][np.ix_(shown[number], shown[number - 1])])
    kind, active = _current_phase(view, len(layers))
    title = _("network") if update is None else _("network before update {number}").format(number=update.number)
    return NetworkDrawing(
        title=title,
        columns=tuple(columns),
        hidden=tuple(size - len(units) for size, units in zip(sizes, shown, strict=True)),
        labels=_labels(layers),
        weights=tuple(weights),
        phase=kind,
        active_layer=active,
        backwards=kind in _BACKWARDS,
        focus=None if focus is None else (focus.layer, shown[focus.layer].index(focus.unit)),
        lit=() if focus is None else tuple(_lit(focus, kind, shown)),
        wanted=_wanted(view, update, shown[-1]),
        outputs=_marked(view, update, shown[-1]),
        loss=f"C = {digits(update.loss_before, 4)}" if update and is_revealed(view, LOSS) else "",
        sees=_sees(view, theta, shown),
    )


def _wanted(view: View, update: Update | None, units: tuple[int, ...]) -> tuple[str, ...]:
    """Return the target of each output as text: ``y₁ = 0.01``, or ``virginica, wanted 1`` if it has a name."""
    known, names = points_of(run_of(view)), _outputs(view, units)
    if update is None or known is None:
        return ()
    target = known.targets[current_sample(view, update)[0]]
    values = [digits(float(target[unit]), 3) for unit in units]
    if not names:
        return tuple(
            f"{input_name((), unit, len(target), 'y')} = {value}" for unit, value in zip(units, values, strict=True)
        )
    text = _("{name}, target {value}")
    return tuple(text.format(name=name, value=value) for name, value in zip(names, values, strict=True))


def _marked(view: View, update: Update | None, units: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names of the outputs, the class that is wanted in brackets; empty if they have none."""
    names, known = _outputs(view, units), points_of(run_of(view))
    if not names or update is None or known is None or classes_of(run_of(view)) is None:
        return names
    wanted = int(known.targets[current_sample(view, update)[0]].argmax())
    return tuple(f"[{name}]" if unit == wanted else f" {name} " for unit, name in zip(units, names, strict=False))


def _outputs(view: View, units: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names of the outputs, those of their classes or quantities; empty if they have none."""
    dataset = view.scenario.dataset
    names = dataset.target_names if dataset is not None else ()
    is_named = any(typeset(name) == name != "y" for name in names)
    return tuple(names[unit] for unit in units) if is_named else ()


def _sees(view: View, theta: Vector, shown: tuple[tuple[int, ...], ...]) -> tuple[tuple[Vector, ...], ...]:
    """Return the outputs of the hidden neurons over the plane of the inputs; empty unless there are two inputs."""
    run = run_of(view)
    known = points_of(run)
    if known is None or known.inputs.shape[1] != 2:
        return ()
    x, y = (np.linspace(*widened(hull(known.inputs[:, i]), part=0.15), count) for i, count in enumerate(_THUMBNAIL))
    layers = outputs_by_layer(run, theta, np.stack(np.meshgrid(x, y), axis=-1))[:-1]
    hidden = (tuple(a[:, :, unit] for unit in units) for a, units in zip(layers, shown[1:-1], strict=True))
    return ((), *hidden)


def _lit(focus: Selection, kind: str, shown: tuple[tuple[int, ...], ...]) -> Iterator[tuple[int, int, int]]:
    """Yield the weights the current phase works with at the focused neuron, by their positions among those shown."""
    layer, unit = focus.layer, shown[focus.layer].index(focus.unit)
    if kind == BACKPROP and not focus.is_weight:  # the error comes back through the neuron's outgoing weights
        yield from ((layer + 1, target, unit) for target in range(len(shown[layer + 1])))
    elif kind == FORWARD and not focus.is_weight:
        yield from ((layer, unit, source) for source in range(len(shown[layer - 1])))
    elif focus.is_weight or kind in (GRADIENT, UPDATE):
        yield layer, unit, shown[layer - 1].index(focus.input)


def _shown(number: int, size: int, last: int, focus: Selection | None, activity: Vector | None) -> tuple[int, ...]:
    """Return the units to draw of layer `number` (0: the inputs): the most active, or the first if activity is unknown.

    The focused unit, or the source of the focused weight, replaces the least active one if it is not among them.
    """
    most = _MOST_OUTPUTS if number == last else _MOST_SHOWN
    if size <= most:
        return tuple(range(size))
    units = list(range(most)) if activity is None else np.argsort(-activity, kind="stable")[:most].tolist()
    chosen = None
    if focus is not None and number == focus.layer:
        chosen = focus.unit
    elif focus is not None and number == focus.layer - 1:
        chosen = focus.input
    if chosen is not None and chosen not in units:
        units[-1] = chosen
    return tuple(sorted(units))


def _activity(view: View, update: Update, number: int) -> Vector:
    """Return the magnitude of each output of a layer for the current sample: (units,); nan counts as 0."""
    return np.nan_to_num(np.abs(_of_sample(view, update, update.forward.quantities[f"a{number}"])))


def _inputs(view: View, update: Update | None, units: tuple[int, ...]) -> tuple[Neuron, ...]:
    count = layers_of(run_of(view))[0].inputs
    values = _of_sample(view, update, update.forward.quantities["a0"]) if update is not None else None
    return tuple(
        Neuron(input_name(view.input_symbols, unit, count), None if values is None else float(values[unit]))
        for unit in units
    )


def _neurons(
    view: View, update: Update | None, number: int, units: tuple[int, ...], biases: Vector
) -> tuple[Neuron, ...]:
    """Return the neurons of a layer with what is revealed: the output first, later the delta too."""
    values = deltas = None
    if update is not None and is_revealed(view, FORWARD, number):
        values = _of_sample(view, update, update.forward.quantities[f"a{number}"])
    if update is not None and (is_revealed(view, BACKPROP, number) or is_revealed(view, OUTPUT_DELTA, number)):
        deltas = _of_sample(view, update, update.backward.quantities[f"delta{number}"])
    mask = None if update is None or values is None else update.forward.quantities.get(f"mask{number}")
    return tuple(
        Neuron(
            neuron_name("a", run_of(view).model.layout, number, unit),
            None if values is None else float(values[unit]),
            None if deltas is None else float(deltas[unit]),
            float(biases[min(unit, len(biases) - 1)]) if biases.size else 0.0,
            is_dropped=mask is not None and not mask[unit],
        )
        for unit in units
    )


def _of_sample(view: View, update: Update, quantity: Vector) -> Vector:
    """Return the row of the focused sample in a quantity (samples of the batch, units): (units,)."""
    return np.asarray(quantity[current_sample(view, update)[1]])


def _current_phase(view: View, last: int) -> tuple[str, int | None]:
    """Return the kind of the latest phase revealed of the unfinished update, and the layer it works on."""
    phase = current_phase(view)
    if phase is None:
        return "", None
    return phase.kind, last if phase.kind == LOSS else phase.layer


def _labels(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """Return the heading of each column: the kind of layer, and the symbol of its activation."""
    hidden = (
        _("hidden {number} {symbol}").format(number=number, symbol=activation_of(layer).symbol)
        for number, layer in enumerate(layers[:-1], 1)
    )
    return (_("inputs"), *hidden, _("output {symbol}").format(symbol=activation_of(layers[-1]).symbol))
