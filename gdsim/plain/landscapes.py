"""Hills, boundaries and fits in sentences: where the point stands, which side rises, which samples are missed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import Chart, Field, Role, Series
from gdsim.charts.current import current_sample, gradient_here, run_of, theta_of, update_shown
from gdsim.charts.kinds import contour, curve, surface
from gdsim.charts.shapes import answers_of, classes_of, function_of, line_of, outputs_of, points_of
from gdsim.charts.view import View
from gdsim.engine.names import parameter_name
from gdsim.engine.parameters import Vector
from gdsim.explain.numbers import short_number
from gdsim.explain.units import fitted_sentence, rounded
from gdsim.i18n import _, ngettext

_MOST_VALLEYS = 4
_MOST_LISTED = 10


def hill_words(view: View) -> list[str]:
    """Return a hill over one variable in words: point, height, rising side, valleys in sight, other starts."""
    f, chart = function_of(run_of(view), 1), curve.build(view)
    if f is None or chart is None:
        return []
    x, slope, name = float(theta_of(view)[0]), float(gradient_here(view)[0]), f.variables[0]
    place = _("the point stands at {name} = {x}, height {height}.").format(
        name=name, x=short_number(x), height=short_number(float(f(x)))
    )
    return [place, _rise(slope), *_valleys(chart, name, x), *_other_starts(chart, name)]


def mountain_words(view: View) -> list[str]:
    """Return a mountain over two numbers in words: point, height, way down, lowest and highest ground in sight."""
    chart = contour.build(view, rim=0.0) or surface.build(view, rim=0.0)
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
        return _("The slope there is {slope}, so it shows no direction.").format(slope=number)
    if slope == 0:
        return _("The ground there is level: the slope is 0, and a step goes nowhere.")
    if slope > 0:
        return _("The hill rises to the right, slope {slope}, so a step against it goes left.").format(slope=number)
    return _("The hill rises to the left, slope {slope}, so a step against it goes right.").format(slope=number)


def _valleys(chart: Chart, name: str, x: float) -> list[str]:
    """Return where the hill has valleys (local minima) within the window, and where the nearest one is."""
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
        return [valleys, _("The point is in it, as far as the picture shows.")]
    return [valleys, _("The nearest valley lies {side} the point.").format(side=side)]


def _other_starts(chart: Chart, name: str) -> list[str]:
    places = [x for layer in chart.layers if isinstance(layer, Series) and layer.role is Role.DATA for x in layer.x]
    if not places:
        return []
    listed = ", ".join(f"{name} = {short_number(float(place))}" for place in places)
    return [_("Other starts: {places}.").format(places=listed)]


def _way_down(view: View, names: tuple[str, str]) -> list[str]:
    """Return the direction of steepest descent, by the gradient of the two numbers on the axes."""
    layout, gradient = run_of(view).model.layout, gradient_here(view)
    f = function_of(run_of(view), 2)
    labels = list(f.variables) if f is not None else [parameter_name(layout, element) for element in range(layout.size)]
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
    steep = ", ".join(short_number(slope, signed=True) for slope in slopes)
    way = _(" and ").join(ways)
    return [_("Downhill is towards {way}; the slopes are {slopes}.").format(way=way, slopes=steep)]


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


def boundary_words(view: View) -> list[str]:
    """Return the decision boundary, how many points of each class are answered right, and which are answered wrong."""
    run, known, classes = run_of(view), points_of(run_of(view)), classes_of(run_of(view))
    answers = answers_of(run, theta_of(view))
    if known is None or classes is None or answers is None:
        return []
    wrong = np.flatnonzero(answers != classes)
    total = len(classes)
    line = line_of(run, theta_of(view))
    first = _("the points of each class, and the network's answer to each.")
    lines = [first if line is None else _line(view.input_symbols, line.weights, line.bias)]
    for number in np.unique(classes).tolist():
        of_class = classes == number
        right = int((answers[of_class] == number).sum())
        lines.append(
            _("Class {name}: {right} of {count} classified correctly.").format(
                name=view.class_name(number), right=right, count=int(of_class.sum())
            )
        )
    if not len(wrong):
        lines.append(
            ngettext("The only point is on the right side.", "All {count} points are on the right side.", total).format(
                count=total
            )
        )
    else:
        text = ngettext("{count} point lies on the wrong side:", "{count} points lie on the wrong side:", len(wrong))
        lines.append(text.format(count=len(wrong)))
        lines += [_wrong_point(view, known.inputs, classes, answers, int(sample)) for sample in wrong[:_MOST_LISTED]]
        if len(wrong) > _MOST_LISTED:
            lines.append(_("and {count} more").format(count=len(wrong) - _MOST_LISTED))
    return [*lines, *_current_sample(view, known.inputs, classes)]


def fit_words(view: View) -> list[str]:
    """Return how well the fitted curve passes through the samples, in their own units."""
    data = view.scenario.dataset
    known = points_of(run_of(view))
    if data is None or known is None:
        return []
    answers = outputs_of(run_of(view), theta_of(view), known.inputs)
    if answers is None:
        return []
    x, y = data.raw_inputs[:, 0], data.in_units(data.targets)[:, 0]
    predicted = data.in_units(answers)[:, 0]
    if not np.isfinite(predicted).all():
        return [_("the fit has diverged.")]
    misses = predicted - y
    in_units = fitted_sentence(data, run_of(view), theta_of(view))
    worst = int(np.abs(misses).argmax())
    low, high = int(x.argmin()), int(x.argmax())
    name, target = data.raw_input_names[0], data.target_names[0]
    return [
        ngettext("{count} sample.", "{count} samples.", len(x)).format(count=len(x)),
        _("The fit goes from {target} = {low} at {name} = {first} to {target} = {high} at {name} = {last}.").format(
            target=target,
            name=name,
            low=rounded(predicted[low]),
            first=short_number(x[low]),
            high=rounded(predicted[high]),
            last=short_number(x[high]),
        ),
        _("It misses a sample by {miss} on average; {over} of {count} lie below it.").format(
            miss=short_number(float(np.abs(misses).mean())), over=int((misses > 0).sum()), count=len(x)
        ),
        _("It is furthest off at {name} = {x}: {predicted} instead of {wanted}.").format(
            name=name, x=short_number(x[worst]), predicted=rounded(predicted[worst]), wanted=short_number(y[worst])
        ),
        *filter(None, [in_units]),
    ]


def _line(names: Sequence[str], weights: Vector, bias: float) -> str:
    if not weights.any():
        return _("there is no line yet: all weights are 0.")
    parts = [f"{short_number(w, signed=True)}·{name}" for w, name in zip(weights, names, strict=True)]
    left = " ".join(_spaced(part) for part in (*parts, short_number(bias, signed=True))).removeprefix("+ ")
    return _("the line is where {left} = 0.").format(left=left)


def _spaced(part: str) -> str:
    """Return a signed term of a sum with a space after its sign: ``+ 0.4·x2``."""
    return f"{part[0]} {part[1:]}" if part[0] in "+−" else f"+ {part}"


def _wrong_point(view: View, inputs: Vector, classes: NDArray[np.intp], answers: NDArray[np.intp], sample: int) -> str:
    text = _("sample {number} at ({place}) is of class {wanted}, classified as {answer}")
    wanted, answer = view.class_name(int(classes[sample])), view.class_name(int(answers[sample]))
    return text.format(number=sample + 1, place=_point(inputs[sample]), wanted=wanted, answer=answer)


def _current_sample(view: View, inputs: Vector, classes: NDArray[np.intp]) -> list[str]:
    update = update_shown(view)
    if update is None:
        return []
    sample = current_sample(view, update)[0]
    text, name = _("Current sample: {number} at ({place}), class {name}."), view.class_name(int(classes[sample]))
    return [text.format(number=sample + 1, place=_point(inputs[sample]), name=name)]


def _point(place: Vector) -> str:
    return ", ".join(map(short_number, place))
