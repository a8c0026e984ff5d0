"""What a run can come to at all: whether a line separates the points, whether a function has a bottom or a value."""

from __future__ import annotations

import numpy as np

from gdsim.engine.formula.domain import part_without_value
from gdsim.engine.formula.typesetting import in_symbols
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.separability import Separation
from gdsim.engine.update import Model, Update
from gdsim.explain.numbers import format_vector, short_number
from gdsim.i18n import _
from gdsim.timeline.timeline import Timeline

_MOST_SAMPLES = 6
"""A mixture of more samples is not written out."""


def separability(model: Model) -> str:
    """Return whether one line separates a perceptron's points, with the proof or the widest margin; else nothing."""
    found = model.separation if isinstance(model, PerceptronModel) else None
    if found is None or not isinstance(model, PerceptronModel):
        return ""
    if found.margin == 0.0:
        text = _("No line separates the points: {mixtures} are the same point {point}, so it cannot be on both sides.")
        return text.format(mixtures=_mixtures(found, model), point=format_vector(found.point.tolist(), 4))
    if not model.trains_bias:
        return ""
    text = _("A line separates the points; the widest margin there is, is {margin}.")
    return text.format(margin=short_number(found.margin))


def is_inseparable(model: Model) -> bool:
    """Whether no line separates a perceptron's points."""
    return isinstance(model, PerceptronModel) and model.separation is not None and model.separation.margin == 0.0


def _mixtures(found: Separation, model: PerceptronModel) -> str:
    """Return the mixtures of samples of class 1 and of class 0 that coincide: ``½·(0, 1) + ½·(1, 0)``."""
    both = []
    for samples, shares in zip(found.samples, found.shares, strict=True):
        if len(samples) > _MOST_SAMPLES:
            both.append(_("a mixture of {count} points").format(count=len(samples)))
            continue
        points = (format_vector(model.inputs[sample].tolist(), 4) for sample in samples)
        terms = (
            point if share == 1.0 else f"{short_number(share, digits=4)}·{point}"
            for share, point in zip(shares, points, strict=True)
        )
        both.append(" + ".join(terms))
    return _("{one} (class 1) and {other} (class 0)").format(one=both[0], other=both[1])


def place_without_value(update: Update) -> str:
    """Return which part of a function, or of its slope, has no value where an update led to or was; else nothing."""
    model = update.run.model
    if not isinstance(model, FunctionModel):
        return ""
    places = (
        ([model.expression], update.after.theta, update.number),
        (list(model.gradient), update.at, update.before.update),
    )
    for expressions, theta, number in places:
        if not np.isfinite(theta).all():
            continue
        for expression in expressions:
            part = part_without_value(expression, theta.tolist())
            if part is not None:
                names = zip(model.expression.variables, theta.tolist(), strict=True)
                at = ", ".join(f"{name} = {short_number(value)}" for name, value in names)
                text = _("{part} has no value at {at}: the walk left the domain at update {number}.")
                return text.format(part=in_symbols(part, typed=True), at=at, number=number)
    return ""


def is_bottomless(update: Update) -> bool:
    """Whether an update has followed a function down beyond all bounds."""
    is_function = isinstance(update.run.model, FunctionModel)
    return is_function and (update.loss < -1e100 or (update.loss_before < -1e50 and not np.isfinite(update.loss)))


def still_falls(timeline: Timeline) -> bool:
    """Whether a function falls no less steeply at the end of a run than half-way, a quarter and all of it further."""
    last = timeline.last
    if not isinstance(timeline.run.model, FunctionModel) or last < 8:
        return False
    updates = [timeline.update(number) for number in (last // 4, last // 2, 3 * last // 4, last)]
    losses = [update.loss for update in updates]
    slopes = [float(np.linalg.norm(update.gradient)) for update in updates]
    return losses == sorted(losses, reverse=True) and slopes == sorted(slopes) and losses[-1] < losses[0]


def diverged_sentence(timeline: Timeline) -> str:
    """Return why a run's numbers have outgrown all bounds."""
    update = timeline.update(timeline.last)
    left = place_without_value(update)
    if left:
        return left
    if is_bottomless(update):
        text = _("The function falls without end: it has come down to {loss}, and there is no minimum on this way.")
        return text.format(loss=short_number(update.loss if np.isfinite(update.loss) else update.loss_before))
    return _("The numbers have outgrown all bounds: every step went too far. Try a smaller learning rate.")


def stop_verdict(timeline: Timeline) -> str:
    """Return what a run came to that was never going to arrive; else nothing."""
    if timeline.stopped == "diverged" and timeline.last > 0:
        return diverged_sentence(timeline)
    if timeline.stopped == "max_updates" and still_falls(timeline):
        return _("The function falls as steeply as before: there may be no minimum on this way.")
    return ""
