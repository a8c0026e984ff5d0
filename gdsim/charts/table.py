"""Every chart there is, in one table, and which of them fit a view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from gdsim.charts import fitting
from gdsim.charts.chart import Drawing
from gdsim.charts.view import View
from gdsim.records import dataclass
from gdsim.timeline.position import Focus

SAMPLES = "sample.moved"
"""What looks at one sample after another."""

_SAMPLE_KEYS = "↑↓ another · ←→ a wrong answer"


@dataclass(frozen=True, slots=True)
class ChartKind:
    """A chart, named where it is made: its file is loaded when it is first built, as no scenario has use for them all.

    name: as a scenario lists it; title: in English, as catalogues of translations have it. applies: whether the model
    has the shape for it, told at once; built_by: the function of `gdsim.charts` that builds it, as file.function.
    chosen_by, told_by: likewise what arrow keys look at next, and what is chosen, for a chart in which something is
    chosen with them, else empty; keys: which arrow keys choose what, in English.
    """

    name: str
    title: str
    applies: Callable[[View], bool]
    built_by: str
    chosen_by: str = ""
    told_by: str = ""
    keys: str = "arrow keys choose"

    def build(self, view: View) -> Drawing | None:
        """Return the chart at a view, None exactly where it does not apply, and where it would cost too much."""
        build: Callable[[View], Drawing | None] = _function(self.built_by)
        return build(view)

    def choose(self, view: View, right: int, down: int) -> Focus:
        """Return what is looked at so many steps to the right and down; the same where nothing is chosen here."""
        if not self.chosen_by:
            return view.focus
        choose: Callable[[View, int, int], Focus] = _function(self.chosen_by)
        return choose(view, right, down)

    def tell(self, view: View) -> str:
        """Return what is chosen, empty where nothing is."""
        if not self.told_by:
            return ""
        tell: Callable[[View], str] = _function(self.told_by)
        return tell(view)


CHARTS: Mapping[str, ChartKind] = {
    kind.name: kind
    for kind in (
        ChartKind("curve", "hill", fitting.walks_one_variable, "curve.build"),
        ChartKind("contour", "mountain from above", fitting.walks_two_variables, "contour.build"),
        ChartKind("boundary", "boundary", fitting.tells_points_apart, "boundary.build"),
        ChartKind("fit", "fit", fitting.fits_a_curve, "fit.build"),
        ChartKind("picture", "picture in hand", fitting.sees_pictures, "picture.build", SAMPLES, keys=_SAMPLE_KEYS),
        ChartKind("network", "network", fitting.has_layers, "network.build", "choosing.moved", "choosing.told"),
        ChartKind(
            "activations",
            "activation",
            fitting.has_activation,
            "activation.build",
            "activation.moved",
            "activation.told",
        ),
        ChartKind(
            "slopes",
            "slopes",
            fitting.compares_activations,
            "slopes.build",
            "activation.moved",
            "activation.told",
        ),
        ChartKind("loss", "loss by update", fitting.always, "loss.build"),
        ChartKind("outputs", "outputs", fitting.has_many_outputs, "outputs.build", SAMPLES, keys=_SAMPLE_KEYS),
        ChartKind("mistakes", "by epoch", fitting.sums_up_epochs, "mistakes.build"),
        ChartKind("epoch-loss", "loss by epoch", fitting.has_losses_beside, "mistakes.build_losses"),
        ChartKind("surface", "loss surface", fitting.has_surface, "surface.build"),
        ChartKind("cross-section", "along the step", fitting.walks_several_variables, "cross_section.build"),
        ChartKind("parameters", "parameters by update", fitting.has_few_parameters, "parameters.build"),
        ChartKind(
            "neurons", "what neurons look for", fitting.sees_pictures, "picture.build_neurons", "picture.next_neuron"
        ),
        ChartKind("nudges", "gradient by nudging", fitting.has_few_weights, "nudges.build"),
        ChartKind("gradient-column", "negative gradient", fitting.has_many_parameters, "gradient_column.build"),
    )
}
"""All charts by name, in the order they are offered: the main picture first, then the loss, then what explains it."""


def charts_for(view: View) -> tuple[str, ...]:
    """Return the names of the charts that fit and are not hidden, in the scenario's order if it has one; never empty.

    Building none of them, and the same at every position of a timeline.
    """
    show = view.scenario.show
    names = [name for name in (CHARTS if show.charts is None else show.charts) if name not in show.hide]
    shown = tuple(name for name in names if name in CHARTS and CHARTS[name].applies(view))
    return shown or ("loss",)


def _function(name: str) -> Any:
    """Return a function of `gdsim.charts` by the name of its file and its own: ``curve.build``."""
    file, _dot, function = name.partition(".")
    return getattr(import_module(f"gdsim.charts.{file}"), function)
