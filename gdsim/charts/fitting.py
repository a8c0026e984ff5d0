"""Which charts fit a run: questions of its shape and of what a chart costs, answered without building it.

Each answer is the same at every position of a timeline. What a chart builds on once it fits is told here too.
"""

from __future__ import annotations

import numpy as np

from gdsim.charts.current import neuron_in_focus
from gdsim.charts.shapes import (
    activation_of,
    activation_walked,
    classes_of,
    counts_mistakes,
    function_of,
    layers_of,
    points_of,
)
from gdsim.charts.view import View
from gdsim.engine.parameters import Layout
from gdsim.engine.update import Run
from gdsim.scenario.data.dataset import Dataset

MOST_LINES = 6
"""Parameters whose lines can be told apart in one chart."""
_MOST_BARS = 200
"""Parameters whose gradients can be told apart side by side."""
_MOST_ROWS = 50
"""Parameters a table shows at once."""
GRIDS = ((32, 24), (24, 18), (16, 12))
"""Columns and rows, finest first; the first that is cheap enough is taken."""

_EVALUATION_LIMIT = 1_000_000
"""Samples × parameters above which not even a few evaluations are made."""
_NUMBERS_LIMIT, _PRODUCTS_LIMIT = 300_000, 6_000_000
"""Outputs of neurons, and products of a weight, that all points of a grid may take: a few milliseconds."""


def always(_view: View) -> bool:
    """Whether there is a loss: always."""
    return True


def walks_one_variable(view: View) -> bool:
    """Whether one variable is walked along."""
    return function_of(view.timeline.run, 1) is not None


def walks_two_variables(view: View) -> bool:
    """Whether two variables are walked along."""
    return function_of(view.timeline.run, 2) is not None


def walks_several_variables(view: View) -> bool:
    """Whether a function of several variables is walked over."""
    expression = function_of(view.timeline.run)
    return expression is not None and len(expression.variables) >= 2


def tells_points_apart(view: View) -> bool:
    """Whether points with two coordinates are told apart."""
    known = points_of(view.timeline.run)
    return known is not None and known.inputs.shape[1] == 2 and classes_of(view.timeline.run) is not None


def fits_a_curve(view: View) -> bool:
    """Whether one raw input leads to one output."""
    return one_to_one(view) is not None


def one_to_one(view: View) -> Dataset | None:
    """Return the samples where one raw input leads to one output: features of it (x², x) are no further inputs."""
    data, run = view.scenario.dataset, view.timeline.run
    if data is None or not layers_of(run) or data.raw_inputs.shape[1] != 1 or data.targets.shape[1] != 1:
        return None
    return None if classes_of(run) is not None and len(data.inputs) < 3 else data


def sees_pictures(view: View) -> bool:
    """Whether samples are pictures."""
    return picture_shape(view) is not None


def picture_shape(view: View) -> tuple[int, int] | None:
    """Return rows and columns of the pictures a network sees, None where samples are no pictures."""
    dataset = view.scenario.dataset
    return None if dataset is None or not layers_of(view.timeline.run) else dataset.image_shape


def has_layers(view: View) -> bool:
    """Whether there are layers to draw."""
    return bool(layers_of(view.timeline.run))


def has_many_outputs(view: View) -> bool:
    """Whether a network answers with more than two outputs."""
    layers = layers_of(view.timeline.run)
    return bool(layers) and layers[-1].units > 2


def has_activation(view: View) -> bool:
    """Whether a neuron in focus has a curve of its own (softmax has none), or the hill walked down is an activation."""
    return activation_walked(view.timeline.run) is not None or layer_looked_at(view) is not None


def layer_looked_at(view: View) -> int | None:
    """Return the layer of the neuron looked at, None where its activation is not a curve of one z."""
    layers = layers_of(view.timeline.run)
    if not layers:
        return None
    focus = neuron_in_focus(view, layers)
    number = focus[0] if focus is not None else len(layers)
    return None if activation_of(layers[number - 1]).slope is None else number


def compares_activations(view: View) -> bool:
    """Whether runs beside walk down other activations than the one looked at."""
    number, main = layer_looked_at(view), activation_walked(view.timeline.run)
    if main is None and number is not None:
        main = activation_of(layers_of(view.timeline.run)[number - 1])
    others = (activation_walked(beside.timeline.run) for beside in view.comparisons)
    return main is not None and any(other is not None and other is not main for other in others)


def sums_up_epochs(view: View) -> bool:
    """Whether an epoch is more than one update, or there are unseen samples to compare the learnt ones with."""
    return view.timeline.run.scores_epochs


def has_losses_beside(view: View) -> bool:
    """Whether epochs have a loss beside their accuracy."""
    run = view.timeline.run
    return sums_up_epochs(view) and not counts_mistakes(run) and classes_of(run) is not None


def has_surface(view: View) -> bool:
    """Whether a scenario names two parameters, or there are only two, and the loss is cheap to evaluate."""
    if surface_elements(view) is None:
        return False
    return is_cheap(view.timeline.run, view.timeline.run.model.layout.size)


def surface_elements(view: View) -> tuple[int, int] | None:
    """Return the two elements of θ asked for, else the only two that are trained where no other chart shows them."""
    layout = view.timeline.run.model.layout
    if view.scenario.show.surface is not None:
        first, second = view.scenario.show.surface
        try:
            return layout.indices(first)[0], layout.indices(second)[0]
        except KeyError:
            return None
    if layout.size > 64 or function_of(view.timeline.run) is not None:
        return None
    elements = trained(layout)
    return (elements[0], elements[1]) if len(elements) == 2 else None


def has_few_parameters(view: View) -> bool:
    """Whether there are few enough trained parameters to tell their lines apart."""
    return 0 < len(trained(view.timeline.run.model.layout)) <= MOST_LINES


def trained(layout: Layout) -> tuple[int, ...]:
    """Return the elements of θ that updates change; all of a large θ are not counted out."""
    if layout.trainable is None:
        return tuple(range(min(layout.size, MOST_LINES + 1)))
    return tuple(np.flatnonzero(layout.trainable)[: MOST_LINES + 1].tolist())


def has_few_weights(view: View) -> bool:
    """Whether there are layers to send an error back through, with few enough weights to tell apart."""
    return has_layers(view) and view.timeline.run.model.layout.size <= _MOST_BARS


def has_many_parameters(view: View) -> bool:
    """Whether there are too many parameters for a table to show at once."""
    return view.timeline.run.model.layout.size > _MOST_ROWS


def is_cheap(run: Run, size: int) -> bool:
    """Whether the loss of the run, with θ of so many elements, may be evaluated a few times for a picture."""
    if function_of(run) is not None:
        return True
    known = points_of(run)
    if known is None or counts_mistakes(run):
        return False
    samples = len(known.inputs)
    return samples * size <= _EVALUATION_LIMIT and (
        affordable_grid(run, samples, size) is not None or may_be_parabola(run)
    )


def affordable_grid(run: Run, samples: int, size: int) -> tuple[int, int] | None:
    """Return the finest grid that is cheap enough, None where none is. size: of θ."""
    units = sum(layer.units for layer in layers_of(run))
    most = min(_NUMBERS_LIMIT / (samples * units), _PRODUCTS_LIMIT / (samples * size))
    return next((grid for grid in GRIDS if grid[0] * grid[1] <= most), None)


def may_be_parabola(run: Run) -> bool:
    """Whether the loss may be a parabola in any two elements of θ."""
    return all(layer.activation == "identity" for layer in layers_of(run))
