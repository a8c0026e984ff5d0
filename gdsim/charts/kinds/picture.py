"""Pictures: the current sample with the outputs for it, and the weights of neurons of the first layer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gdsim.charts.chart import Gallery, Picture, SideBySide
from gdsim.charts.current import run_of, theta_of
from gdsim.charts.fitting import has_many_outputs, picture_shape
from gdsim.charts.kinds.sample import answers_to, sample_on_view
from gdsim.charts.shapes import activation_of, layers_of
from gdsim.charts.view import View
from gdsim.engine.names import neuron_name
from gdsim.engine.parameters import Vector
from gdsim.i18n import _, ngettext
from gdsim.timeline.position import Focus


def build(view: View) -> SideBySide | None:
    """Return the picture of the current sample with the outputs for it; None if samples are not pictures."""
    shape, sample = picture_shape(view), sample_on_view(view)
    if shape is None or sample is None:
        return None
    pixels = sample.inputs.reshape(shape)
    picture = Picture("", pixels, _largest(pixels), is_signed=bool((pixels < 0).any()))
    if not has_many_outputs(view):
        return SideBySide(sample.title, (picture,))
    return SideBySide(sample.title, (picture, answers_to(view, sample)))


def build_neurons(view: View) -> SideBySide | None:
    """Return pictures of the chosen first-layer neuron's weights, and of weights × inputs for the current sample.

    The first neuron, if none of the first layer is chosen. None if samples are not pictures.
    """
    shape, sample, layers = picture_shape(view), sample_on_view(view), layers_of(run_of(view))
    if shape is None or sample is None or not layers:
        return None
    unit, layout = chosen_neuron(view), run_of(view).model.layout
    weights = layout.view(theta_of(view), "W1")
    biases = np.broadcast_to(layout.view(theta_of(view), "b1"), (len(weights),))
    found = weights[unit] * sample.inputs
    z = np.array([float(found.sum() + biases[unit])])
    with np.errstate(all="ignore"):
        activation = activation_of(layers[0])
        words = _words(float(found.sum()), float(biases[unit]), float(z[0]), float(activation.value(z)[0]))
    title = _("neuron {unit} of {count}").format(unit=unit + 1, count=layers[0].units)
    looks_for = Picture(
        _("looks for"), weights[unit].reshape(shape), _largest(weights[unit]), True, _ends(weights[unit], shape)
    )
    return SideBySide(
        f"{title} · {sample.title}",
        (looks_for, Picture(_("finds in this sample"), found.reshape(shape), _largest(found), True, words)),
    )


def build_gallery(view: View) -> Gallery | None:
    """Return a picture of the weights per neuron of the first layer, on one scale; None if samples are not pictures."""
    shape, layers = picture_shape(view), layers_of(run_of(view))
    if shape is None or not layers:
        return None
    layout = run_of(view).model.layout
    weights = layout.view(theta_of(view), "W1")
    names = tuple(neuron_name("a", layout, 1, unit) for unit in range(len(weights)))
    pictures = tuple(row.reshape(shape) for row in weights)
    count = ngettext("{count} neuron", "{count} neurons", len(names)).format(count=len(names))
    title = _("what {neurons} look for").format(neurons=count)
    return Gallery(title, names, pictures, chosen_neuron(view) if view.focus.layer == 1 else None)


def chosen_neuron(view: View) -> int:
    """Return the chosen unit of the first layer: the focused one, else the first."""
    layers = layers_of(run_of(view))
    return max(0, min(view.focus.unit, layers[0].units - 1)) if view.focus.layer == 1 else 0


def next_neuron(view: View, right: int, down: int) -> Focus:
    """Return the focus on the next (right or down) or previous neuron of the first layer, wrapping around."""
    layers = layers_of(run_of(view))
    if not layers:
        return view.focus
    unit = (chosen_neuron(view) + right + down) % layers[0].units if view.focus.layer == 1 else chosen_neuron(view)
    return replace(view.focus, layer=1, unit=unit, is_weight=False)


def _words(found: float, bias: float, z: float, a: float) -> tuple[str, ...]:
    return (
        _("sum {sum:+.3g}, bias {bias:+.3g}").format(sum=found, bias=bias).replace("-", "−"),
        _("z {z:+.3g}, so a {a:.3g}").format(z=z, a=a).replace("-", "−"),
    )


def _ends(weights: Vector, shape: tuple[int, int]) -> tuple[str, ...]:
    """Return the largest and the smallest weight with their pixels (row, column), from 1."""
    known = np.nan_to_num(weights)
    ends = []
    for text, place in (
        (_("most {weight:+.2g} at {pixel}"), known.argmax()),
        (_("least {weight:+.2g} at {pixel}"), known.argmin()),
    ):
        row, column = divmod(int(place), shape[1])
        ends.append(text.format(weight=float(weights[place]), pixel=f"({row + 1},{column + 1})").replace("-", "−"))
    return tuple(ends)


def _largest(values: Vector) -> float:
    """Return the largest finite magnitude; 1 if none is above 0."""
    sizes = np.abs(values[np.isfinite(values)])
    return float(sizes.max()) if sizes.size and sizes.max() > 0 else 1.0
