"""Points in sentences: on which side of the boundary they lie, and how far the fit passes from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.current import run_of, sample_in_hand, theta_of, update_shown
from gdsim.charts.shapes import classes_of, line_of, outputs_of, points_of, threshold_of
from gdsim.charts.view import View
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.parameters import Vector
from gdsim.explain.numbers import short_number
from gdsim.i18n import _, ngettext

_MOST_LISTED = 10


def boundary_words(view: View) -> list[str]:
    """Return the dividing line, how many points of each class are on their side, and which are not."""
    run, known, classes = run_of(view), points_of(run_of(view)), classes_of(run_of(view))
    answers = _answers(view)
    if known is None or classes is None or answers is None:
        return []
    wrong = np.flatnonzero(answers != classes)
    total = len(classes)
    line = line_of(run, theta_of(view))
    lines = []
    if line is not None:
        lines.append(_line(_input_names(view), line.weights, line.bias))
    else:
        lines.append(_("the points of each class, and the network's answer to each."))
    for number in np.unique(classes).tolist():
        of_class = classes == number
        right = int((answers[of_class] == number).sum())
        lines.append(
            _("Class {name}: {right} of {count} answered right.").format(
                name=_class_name(view, number), right=right, count=int(of_class.sum())
            )
        )
    if not len(wrong):
        lines.append(
            ngettext("The only point is on its side.", "All {count} points are on their side.", total).format(
                count=total
            )
        )
    else:
        text = ngettext("{count} point lies on the wrong side:", "{count} points lie on the wrong side:", len(wrong))
        lines.append(text.format(count=len(wrong)))
        lines += [_wrong_point(view, known.inputs, classes, answers, int(sample)) for sample in wrong[:_MOST_LISTED]]
        if len(wrong) > _MOST_LISTED:
            lines.append(_("and {count} more").format(count=len(wrong) - _MOST_LISTED))
    return [*lines, *_in_hand(view, known.inputs, classes)]


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
        return [_("the fit has left all bounds.")]
    misses = predicted - y
    worst = int(np.abs(misses).argmax())
    low, high = int(x.argmin()), int(x.argmax())
    name, target = data.raw_input_names[0], data.target_names[0]
    return [
        ngettext("{count} sample.", "{count} samples.", len(x)).format(count=len(x)),
        _("The fit goes from {target} = {low} at {name} = {first} to {target} = {high} at {name} = {last}.").format(
            target=target,
            name=name,
            low=short_number(predicted[low]),
            first=short_number(x[low]),
            high=short_number(predicted[high]),
            last=short_number(x[high]),
        ),
        _("It misses a sample by {miss} on average; {over} of {count} lie below it.").format(
            miss=short_number(float(np.abs(misses).mean())), over=int((misses > 0).sum()), count=len(x)
        ),
        _("It is furthest off at {name} = {x}: {predicted} instead of {wanted}.").format(
            name=name, x=short_number(x[worst]), predicted=short_number(predicted[worst]), wanted=short_number(y[worst])
        ),
    ]


def _answers(view: View) -> NDArray[np.intp] | None:
    """Return the class the model gives each sample: (samples,)."""
    run, theta = run_of(view), theta_of(view)
    known = points_of(run)
    if known is None:
        return None
    if isinstance(run.model, PerceptronModel):
        return run.model.outputs(run.model.sums(theta, known.inputs)).astype(np.intp)
    outputs = outputs_of(run, theta, known.inputs)
    if outputs is None:
        return None
    if outputs.shape[1] > 1:
        return np.asarray(outputs.argmax(axis=1))
    return (outputs[:, 0] > threshold_of(run)).astype(np.intp)


def _line(names: Sequence[str], weights: Vector, bias: float) -> str:
    if not weights.any():
        return _("there is no line yet: all weights are 0.")
    parts = [f"{short_number(w, signed=True)}·{name}" for w, name in zip(weights, names, strict=True)]
    left = " ".join(_spaced(part) for part in (*parts, short_number(bias, signed=True))).removeprefix("+ ")
    return _("the line is where {left} = 0.").format(left=left)


def _spaced(part: str) -> str:
    """Return a signed part of a sum with its sign apart: ``+ 0.4·x2``."""
    return f"{part[0]} {part[1:]}" if part[0] in "+−" else f"+ {part}"


def _wrong_point(view: View, inputs: Vector, classes: NDArray[np.intp], answers: NDArray[np.intp], sample: int) -> str:
    return _("sample {number} at ({place}) is of class {wanted}, answered {answer}").format(
        number=sample + 1,
        place=", ".join(map(short_number, inputs[sample])),
        wanted=_class_name(view, int(classes[sample])),
        answer=_class_name(view, int(answers[sample])),
    )


def _in_hand(view: View, inputs: Vector, classes: NDArray[np.intp]) -> list[str]:
    update = update_shown(view)
    if update is None or update.samples is None:
        return []
    sample = sample_in_hand(view, update)[0]
    return [
        _("In hand: sample {number} at ({place}), class {name}.").format(
            number=sample + 1,
            place=", ".join(map(short_number, inputs[sample])),
            name=_class_name(view, int(classes[sample])),
        )
    ]


def _input_names(view: View) -> Sequence[str]:
    return view.scenario.dataset.input_names if view.scenario.dataset is not None else ("x1", "x2")


def _class_name(view: View, number: int) -> str:
    names = view.scenario.dataset.class_names if view.scenario.dataset is not None else ()
    return names[number] if number < len(names) else str(number)
