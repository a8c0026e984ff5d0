"""The table of all charts, and the choice of those that fit a view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from gdsim.charts import current, fitting
from gdsim.charts.chart import Drawing
from gdsim.charts.kinds import (
    activation,
    boundary,
    confusion,
    contour,
    cross_section,
    curve,
    epochs,
    fit,
    gradient,
    histogram,
    loss,
    network,
    parameters,
    picture,
    sample,
    surface,
    surface_3d,
)
from gdsim.charts.view import View
from gdsim.timeline.position import Focus

Build = Callable[[View], Drawing | None]
Choose = Callable[[View, int, int], Focus]
Describe = Callable[[View], str]

_SAMPLE_KEYS = "↑↓ another · ←→ a wrong answer"


class ChartKind(NamedTuple):
    """A kind of chart: its name in scenario files, when it applies, and the functions that build it.

    title: in English, as in the translation catalogues. applies: whether the chart fits the model.
    build: returns the chart at a view, None if and only if it does not apply or would cost too much.
    chosen_by, described_by: return the focus after an arrow key, and describe the selection, if the chart has one;
    keys: what the arrow keys choose, in English.
    """

    name: str
    title: str
    applies: Callable[[View], bool]
    build: Build
    chosen_by: Choose | None = None
    described_by: Describe | None = None
    keys: str = "arrow keys choose"

    def choose(self, view: View, right: int, down: int) -> Focus:
        """Return the focus moved so many steps right and down; unchanged if the chart has nothing to choose."""
        return view.focus if self.chosen_by is None else self.chosen_by(view, right, down)

    def describe(self, view: View) -> str:
        """Describe the selection; empty if there is none."""
        return "" if self.described_by is None else self.described_by(view)


CHARTS: Mapping[str, ChartKind] = {
    kind.name: kind
    for kind in (
        ChartKind("curve", "hill", fitting.walks_one_variable, curve.build),
        ChartKind("contour", "mountain from above", fitting.walks_two_variables, contour.build),
        ChartKind("boundary", "boundary", fitting.tells_points_apart, boundary.build),
        ChartKind("fit", "fit", fitting.fits_a_curve, fit.build),
        ChartKind("picture", "current picture", fitting.sees_pictures, picture.build, sample.moved, keys=_SAMPLE_KEYS),
        ChartKind("network", "network", fitting.has_layers, network.build, current.moved, current.description),
        ChartKind(
            "activations",
            "activation",
            fitting.has_activation,
            activation.build,
            activation.moved,
            activation.description,
        ),
        ChartKind(
            "slopes",
            "slopes",
            fitting.compares_activations,
            activation.build_slopes,
            activation.moved,
            activation.description,
        ),
        ChartKind("loss", "loss by update", fitting.always, loss.build),
        ChartKind("outputs", "outputs", fitting.has_many_outputs, sample.build, sample.moved, keys=_SAMPLE_KEYS),
        ChartKind(
            "confusion",
            "confusion matrix",
            confusion.has_many_classes,
            confusion.build,
            confusion.moved,
            confusion.description,
        ),
        ChartKind("mistakes", "by epoch", fitting.sums_up_epochs, epochs.build),
        ChartKind("epoch-loss", "loss by epoch", fitting.has_losses_beside, epochs.build_losses),
        ChartKind("surface", "loss surface", fitting.has_surface, surface.build),
        ChartKind(
            "surface-3d",
            "seen from the side",
            surface_3d.has_heights,
            surface_3d.build,
            surface_3d.turned,
            surface_3d.description,
            "←→ turn · ↑↓ tilt",
        ),
        ChartKind("cross-section", "along the step", fitting.walks_several_variables, cross_section.build),
        ChartKind("parameters", "parameters by update", fitting.has_few_parameters, parameters.build),
        ChartKind("gallery", "all neurons", fitting.sees_pictures, picture.build_gallery, picture.next_neuron),
        ChartKind(
            "neurons", "what neurons look for", fitting.sees_pictures, picture.build_neurons, picture.next_neuron
        ),
        ChartKind("activation-histogram", "outputs by layer", histogram.has_spread, histogram.build_activations),
        ChartKind("gradient-histogram", "gradients by layer", histogram.has_spread, histogram.build_gradients),
        ChartKind("nudges", "gradient by nudging", fitting.has_few_weights, gradient.build_nudges),
        ChartKind("gradient-column", "negative gradient", fitting.has_many_parameters, gradient.build_column),
    )
}
"""All charts by name, in the order they are offered: the main picture first, then the loss, then explanations."""


def charts_for(view: View) -> tuple[str, ...]:
    """Return the names of the charts that fit and are not hidden, in the scenario's order if it has one; never empty.

    Builds none of them; the result is the same at every position of a timeline.
    """
    show = view.scenario.show
    names = [name for name in (CHARTS if show.charts is None else show.charts) if name not in show.hide]
    shown = tuple(name for name in names if name in CHARTS and CHARTS[name].applies(view))
    return shown or ("loss",)
