"""Everything that led to the change of one weight, phase by phase: the pages of an update along one path.

The path runs from the inputs through the chosen weight to the loss. Below the weight it takes the neuron that adds
most to the sum above it, above the weight the neurons that send most of the error back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.formula.typesetting import superscript
from gdsim.engine.models.network import NetworkModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.names import parameter_name
from gdsim.engine.parameters import Vector
from gdsim.engine.update import BACKPROP, FORWARD, GRADIENT, OUTPUT_DELTA, UPDATE, Phase, Update
from gdsim.explain.numbers import DIGITS, short_number
from gdsim.explain.page import Line, Names, Page, number
from gdsim.explain.pages import FIRST, page, phase_name
from gdsim.explain.selection import focus_on, focused_neuron, shown_change, without_rounding
from gdsim.explain.slips import weights_passed_back
from gdsim.i18n import _, ngettext
from gdsim.timeline.position import Focus, sample_in_hand

_ALL_UNITS = 2
"""A layer above the chosen weight shows up to this many neurons; a larger one only that with the largest share."""


_LARGE = 200
"""With more parameters than this, a classifier starts from a weight of the target class's output, which has meaning."""


class Path(NamedTuple):
    """The neurons from the inputs to the loss: by layer (from 1), the units shown and the input in focus.

    layer: that of the chosen weight.
    """

    layer: int
    units: dict[int, tuple[int, ...]]
    inputs: dict[int, int]

    def focuses(self, layer: int, focus: Focus) -> list[Focus]:
        """Return the focus on each neuron of a layer that the path runs through."""
        return [replace(focus, layer=layer, unit=unit, input=self.inputs[layer]) for unit in self.units[layer]]


def chosen(update: Update, focus: Focus) -> Focus:
    """Return the focus on the chosen weight, else on the one that changes most (the first of several).

    In a large classifier, the latter is a weight of the output for the target class of the sample shown.
    """
    model, sizes = update.run.model, np.abs(np.nan_to_num(update.change))
    if isinstance(model, PerceptronModel):
        return focus if focus.input else replace(focus, input=int(np.argmax(sizes[:-1])))
    if not isinstance(model, NetworkModel) or focus.layer >= 1:
        return focus
    weights = _candidates(update, model, focus)
    if not sizes[weights].any():
        return focus
    return focus_on(model, int(weights[np.argmax(sizes[weights])]), focus)


def _candidates(update: Update, model: NetworkModel, focus: Focus) -> NDArray[np.intp]:
    """Return the indices in θ of the weights to choose from while none is chosen."""
    layout, last = model.layout, len(model.layers)
    if layout.size > _LARGE and model.layers[-1].units > 1 and model.is_classifier:
        wanted = int(update.forward.quantities["target"][sample_in_hand(update, focus)].argmax())
        width = model.layers[-1].inputs
        first = layout.slices[f"W{last}"].start + wanted * width
        return np.arange(first, first + width)
    return np.concatenate(
        [np.arange(part.start, part.stop) for name, part in layout.slices.items() if name.startswith("W")]
    )


def path_of(update: Update, focus: Focus) -> Path:
    """Return the path through the chosen weight of a network."""
    model = update.run.model
    assert isinstance(model, NetworkModel)
    q, backward = update.forward.quantities, update.backward.quantities
    layer, unit, source = focused_neuron(model, focus)
    sample = sample_in_hand(update, focus)
    units: dict[int, tuple[int, ...]] = {layer: (unit,)}
    inputs = {layer: source}
    for below in range(layer - 1, 0, -1):
        units[below] = (inputs[below + 1],)
        weights = model.layout.view(update.before.theta, f"W{below}")[inputs[below + 1]]
        inputs[below] = _largest(weights * q[f"a{below - 1}"][sample])
    for above in range(layer + 1, len(model.layers) + 1):
        inputs[above] = units[above - 1][0]
        shares = weights_passed_back(update, above)[:, inputs[above]] * backward[f"delta{above}"][sample]
        units[above] = tuple(range(len(shares))) if len(shares) <= _ALL_UNITS else (_largest(shares),)
    return Path(layer, units, inputs)


def story(update: Update, phase_index: int, focus: Focus = FIRST, *, names: Names | None = None) -> tuple[Page, ...]:
    """Return a page for every phase up to `phase_index` that has a part in the change of the chosen weight.

    The last is the page of the phase in view, whether it has a part or not.
    """
    phase_index = min(max(phase_index, 0), len(update.phases) - 1)
    focus = chosen(update, focus)
    if not isinstance(update.run.model, NetworkModel):
        return tuple(page(update, index, focus, names=names) for index in range(phase_index + 1))
    with np.errstate(all="ignore"):
        path = path_of(update, focus)
    return tuple(
        _on_path(update, index, path, focus, names)
        for index, phase in enumerate(update.phases[: phase_index + 1])
        if index == phase_index or not (phase.kind == BACKPROP and (phase.layer or 0) < path.layer)
    )


def headline(update: Update, focus: Focus = FIRST, *, has_parameters: bool = True) -> str:
    """Return a sentence on what an update did: ``Update 1: w²₁₁ fell from 0.4 to 0.358916; the loss fell from …``.

    has_parameters: whether it mentions parameters: all that changed if there are few, else the chosen one.
    """
    layout = update.run.model.layout
    parts, before, after = [], *(without_rounding(state.theta) for state in (update.before, update.after))
    told = _told(update, focus) if has_parameters else []
    if told:
        parts.append(", ".join(_moved(parameter_name(layout, i), float(before[i]), float(after[i])) for i in told))
    elif has_parameters:
        parts.append(_("nothing changes"))
    counts = isinstance(update.run.model, PerceptronModel)
    loss = _("the number of points on the wrong side") if counts else _("the loss")
    if not counts and update.run.batches.size is not None:
        loss = _("the loss of its samples")
    parts.append(_moved(loss, update.loss_before, update.loss, digits=_LOSS_DIGITS))
    return _("Update {number}: {told}.").format(number=update.number, told="; ".join(parts))


_LOSS_DIGITS = 3
"""Digits of a loss in a sentence; more if these do not distinguish it from the one before."""

_TOLD = 3
"""With up to this many parameters, a sentence mentions all that changed."""


def _told(update: Update, focus: Focus) -> list[int]:
    """Return the elements of θ that a sentence mentions: if there are few, all that changed, else the chosen one.

    Without layers the chosen one is the one that changes most. Empty if nothing changed except by rounding.
    """
    model, changed = update.run.model, np.flatnonzero(shown_change(update))
    if model.layout.size <= _TOLD or not changed.size:
        return [int(i) for i in changed]
    if not isinstance(model, NetworkModel):
        return [int(np.nanargmax(np.abs(update.change)))]
    there = chosen(update, focus)
    layer, unit, source = focused_neuron(model, there)
    bias = model.bias_element(layer, unit)
    if not there.is_weight and bias is not None:
        return [bias]
    return [int(model.layout.slices[f"W{layer}"].start) + unit * model.layers[layer - 1].inputs + source]


def _moved(name: str, old: float, new: float, digits: int = DIGITS) -> str:
    """Return ``x fell from 4 to 3.96``, with enough digits to tell the two apart."""
    before, after = number(old), number(new)
    for count in range(digits, DIGITS):
        before, after = (short_number(value, digits=count) for value in (old, new))
        if before != after:
            break
    if not (np.isfinite(old) and np.isfinite(new)):
        text = _("{name} went from {old} to {new}")
    elif old == new:
        text = _("{name} stays at {new}")
    elif before == after:
        text = _("{name} hardly moves from {new}")
    else:
        text = _("{name} rose from {old} to {new}") if new > old else _("{name} fell from {old} to {new}")
    return text.format(name=name, old=before, new=after)


def crumb(phase: Phase) -> str:
    """Return the short name of a phase: ``forward 1``, ``δ²``."""
    if phase.kind in (OUTPUT_DELTA, BACKPROP) and phase.layer is not None:
        return f"δ{superscript(phase.layer)}"
    if phase.kind == FORWARD and phase.layer is not None:
        return f"{_('forward')} {phase.layer}"
    return phase_name(phase)


def _on_path(update: Update, index: int, path: Path, focus: Focus, names: Names | None) -> Page:
    """Return the page of a phase with the equations of every neuron the path runs through."""
    phase, model = update.phases[index], update.run.model
    assert isinstance(model, NetworkModel)
    if phase.kind in (FORWARD, OUTPUT_DELTA, BACKPROP):
        layer = phase.layer or len(model.layers)
        pages = [page(update, index, each, names=names) for each in path.focuses(layer, focus)]
        lines, more = [line for each in pages for line in each.lines], model.layers[layer - 1].units - len(pages)
        if more:
            text = ngettext("{count} more neuron", "{count} more neurons", more)
            lines.append(Line(f"… {text.format(count=more)}", ""))
        return replace(pages[0], lines=tuple(lines))
    focused = path.focuses(path.layer, focus)[0]
    shown = page(update, index, focused, names=names)
    if phase.kind not in (GRADIENT, UPDATE) or not focused.is_weight:
        return shown
    weight = model.layout.slices[f"W{path.layer}"].start + focused.unit * model.layers[path.layer - 1].inputs
    name = parameter_name(model.layout, weight + focused.input)
    last = _("new {name}").format(name=name) if phase.kind == UPDATE else f"∂C/∂{name}"
    return replace(shown, lines=shown.lines[: [line.symbol for line in shown.lines].index(last) + 1])


def _largest(values: Vector) -> int:
    return int(np.argmax(np.abs(np.nan_to_num(values))))
