"""Predicates that decide which charts fit a run, from its shape and the cost of a chart, without building it.

Each answer is the same at every position of a timeline. Also holds what the charts themselves need of these answers.
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
"""Most parameters whose lines can be distinguished in one chart."""
_MOST_BARS = 200
"""Most parameters whose gradients can be distinguished side by side."""
_MOST_ROWS = 50
"""Most parameters a table shows at once."""
GRIDS = ((43, 31), (24, 18), (16, 12))
"""Columns and rows of grids, finest first; the first affordable one is used."""

_EVALUATION_LIMIT = 1_000_000
"""Samples × parameters above which the loss is not evaluated even a few times."""
_NUMBERS_LIMIT, _PRODUCTS_LIMIT = 300_000, 6_000_000
"""Most neuron outputs, and most multiplications by a weight, for a whole grid: a few milliseconds."""


def always(_view: View) -> bool:
    """Whether there is a loss, which is always so."""
    return True


def walks_one_variable(view: View) -> bool:
    """Whether the run minimises a function of one variable."""
    return function_of(view.timeline.run, 1) is not None


def walks_two_variables(view: View) -> bool:
    """Whether the run minimises a function of two variables."""
    return function_of(view.timeline.run, 2) is not None


def walks_several_variables(view: View) -> bool:
    """Whether the run minimises a function of several variables."""
    expression = function_of(view.timeline.run)
    return expression is not None and len(expression.variables) >= 2


def tells_points_apart(view: View) -> bool:
    """Whether the run classifies samples with two inputs."""
    known = points_of(view.timeline.run)
    return known is not None and known.inputs.shape[1] == 2 and classes_of(view.timeline.run) is not None


def fits_a_curve(view: View) -> bool:
    """Whether the run fits a curve: one raw input, one output."""
    return one_to_one(view) is not None


def one_to_one(view: View) -> Dataset | None:
    """Return the dataset if it has one raw input and one output; features of the input (x², x) are not counted."""
    data, run = view.scenario.dataset, view.timeline.run
    if data is None or not layers_of(run) or data.raw_inputs.shape[1] != 1 or data.targets.shape[1] != 1:
        return None
    return None if classes_of(run) is not None and len(data.inputs) < 3 else data


def sees_pictures(view: View) -> bool:
    """Whether a network's samples are pictures."""
    return picture_shape(view) is not None


def picture_shape(view: View) -> tuple[int, int] | None:
    """Return rows and columns of the pictures a network is trained on; None if its samples are not pictures."""
    dataset = view.scenario.dataset
    return None if dataset is None or not layers_of(view.timeline.run) else dataset.image_shape


def has_layers(view: View) -> bool:
    """Whether there are layers to draw."""
    return bool(layers_of(view.timeline.run))


def has_many_outputs(view: View) -> bool:
    """Whether the run trains a network with more than two outputs."""
    layers = layers_of(view.timeline.run)
    return bool(layers) and layers[-1].units > 2


def has_activation(view: View) -> bool:
    """Whether the neuron shown has a curve of its own (softmax has none), or the run minimises an activation."""
    return activation_walked(view.timeline.run) is not None or layer_looked_at(view) is not None


def layer_looked_at(view: View) -> int | None:
    """Return the focused neuron's layer, else the last; None if its activation is not a function of one z."""
    layers = layers_of(view.timeline.run)
    if not layers:
        return None
    focus = neuron_in_focus(view, layers)
    number = focus[0] if focus is not None else len(layers)
    return None if activation_of(layers[number - 1]).slope is None else number


def compares_activations(view: View) -> bool:
    """Whether comparison runs minimise other activations than the one shown."""
    number, main = layer_looked_at(view), activation_walked(view.timeline.run)
    if main is None and number is not None:
        main = activation_of(layers_of(view.timeline.run)[number - 1])
    others = (activation_walked(beside.timeline.run) for beside in view.comparisons)
    return main is not None and any(other is not None and other is not main for other in others)


def sums_up_epochs(view: View) -> bool:
    """Whether an epoch is more than one update, or there are held-out samples to compare with the training samples."""
    return view.timeline.run.scores_epochs


def has_losses_beside(view: View) -> bool:
    """Whether epochs have a loss in addition to their accuracy."""
    run = view.timeline.run
    return sums_up_epochs(view) and not counts_mistakes(run) and classes_of(run) is not None


def has_surface(view: View) -> bool:
    """Whether a scenario names two parameters, or there are only two, and the loss is cheap to evaluate."""
    if surface_elements(view) is None:
        return False
    return is_cheap(view.timeline.run, view.timeline.run.model.layout.size)


def surface_elements(view: View) -> tuple[int, int] | None:
    """Return the two elements of θ the scenario names, else the only two trained, unless another chart shows them."""
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
    """Return the elements of θ that updates change, at most one more than `MOST_LINES`."""
    if layout.trainable is None:
        return tuple(range(min(layout.size, MOST_LINES + 1)))
    return tuple(np.flatnonzero(layout.trainable)[: MOST_LINES + 1].tolist())


def has_few_weights(view: View) -> bool:
    """Whether there are layers to backpropagate through, with few enough weights to distinguish."""
    return has_layers(view) and view.timeline.run.model.layout.size <= _MOST_BARS


def has_many_parameters(view: View) -> bool:
    """Whether there are too many parameters for a table to show at once."""
    return view.timeline.run.model.layout.size > _MOST_ROWS


def is_cheap(run: Run, size: int) -> bool:
    """Whether the loss of a run, with θ of `size` elements, is cheap enough to evaluate over a surface."""
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
    """Return the finest affordable grid; None if there is none. size: of θ."""
    units = sum(layer.units for layer in layers_of(run))
    most = min(_NUMBERS_LIMIT / (samples * units), _PRODUCTS_LIMIT / (samples * size))
    return next((grid for grid in GRIDS if grid[0] * grid[1] <= most), None)


def may_be_parabola(run: Run) -> bool:
    """Whether the loss may be quadratic in any two elements of θ."""
    return all(layer.activation == "identity" for layer in layers_of(run))
