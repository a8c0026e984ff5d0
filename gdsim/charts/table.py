"""Every chart there is, in one table, and which of them fit a view."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gdsim.charts import (
    activation,
    boundary,
    choosing,
    contour,
    cross_section,
    curve,
    fit,
    gradient_column,
    loss,
    mistakes,
    network,
    nudges,
    outputs,
    parameters,
    picture,
    sample,
    slopes,
    surface,
)
from gdsim.charts.chart import Drawing
from gdsim.charts.view import View
from gdsim.records import dataclass
from gdsim.timeline.position import Focus

Choose = Callable[[View, int, int], Focus]

_SAMPLES = "↑↓ another · ←→ a wrong answer"


@dataclass(frozen=True, slots=True)
class ChartKind:
    """A chart.

    name: as a scenario lists it; title: in English, as catalogues of translations have it. applies: whether the model
    has the shape for it, told at once; build: the chart at a view, None exactly where it does not apply, and where
    it would cost too much. choose: what the arrow keys look at next (steps to the right, steps down), for a chart
    in which something is chosen with them; tell: what is chosen; keys: which arrow keys choose what, in English.
    """

    name: str
    title: str
    applies: Callable[[View], bool]
    build: Callable[[View], Drawing | None]
    choose: Choose | None = None
    tell: Callable[[View], str] | None = None
    keys: str = "arrow keys choose"


CHARTS: Mapping[str, ChartKind] = {
    kind.name: kind
    for kind in (
        ChartKind("curve", "hill", curve.applies, curve.build),
        ChartKind("contour", "mountain from above", contour.applies, contour.build),
        ChartKind("boundary", "boundary", boundary.applies, boundary.build),
        ChartKind("fit", "fit", fit.applies, fit.build),
        ChartKind("picture", "picture in hand", picture.applies, picture.build, sample.moved, keys=_SAMPLES),
        ChartKind("network", "network", network.applies, network.build, choosing.moved, choosing.told),
        ChartKind("activations", "activation", activation.applies, activation.build, activation.moved, activation.told),
        ChartKind("slopes", "slopes", slopes.applies, slopes.build, activation.moved, activation.told),
        ChartKind("loss", "loss by update", loss.applies, loss.build),
        ChartKind("outputs", "outputs", outputs.applies, outputs.build, sample.moved, keys=_SAMPLES),
        ChartKind("mistakes", "by epoch", mistakes.applies, mistakes.build),
        ChartKind("epoch-loss", "loss by epoch", mistakes.has_losses_beside, mistakes.build_losses),
        ChartKind("surface", "loss surface", surface.applies, surface.build),
        ChartKind("cross-section", "along the step", cross_section.applies, cross_section.build),
        ChartKind("parameters", "parameters by update", parameters.applies, parameters.build),
        ChartKind("neurons", "what neurons look for", picture.applies, picture.build_neurons, picture.next_neuron),
        ChartKind("nudges", "gradient by nudging", nudges.applies, nudges.build),
        ChartKind("gradient-column", "negative gradient", gradient_column.applies, gradient_column.build),
    )
}
"""All charts by name, in the order they are offered: the main picture first, then the loss, then what explains it."""


def charts_for(view: View) -> tuple[str, ...]:
    """Return the names of the charts that fit and are not hidden, in the scenario's order if it has one; never empty.

    Building none of them, and the same at every position of a timeline.
    """
    show = view.scenario.show
    names = [name for name in (CHARTS if show.charts is None else show.charts) if name not in show.hide]
    fitting = tuple(name for name in names if name in CHARTS and CHARTS[name].applies(view))
    return fitting or ("loss",)
