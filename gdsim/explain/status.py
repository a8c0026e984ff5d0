"""The status line, and why a run is over, in words."""

from __future__ import annotations

import numpy as np

from gdsim.engine.formula.typesetting import in_symbols
from gdsim.engine.models.function import FunctionModel
from gdsim.engine.models.perceptron import PerceptronModel
from gdsim.engine.separability import Separation
from gdsim.engine.update import Model, Run, Update, rate
from gdsim.explain.numbers import format_vector, short_number
from gdsim.explain.selection import is_edited
from gdsim.i18n import _, ngettext
from gdsim.timeline.position import Position, update_on_view
from gdsim.timeline.timeline import Timeline


def status_line(timeline: Timeline, position: Position, extra_updates: int = 0) -> str:
    """Return ``update 3 · loss 3.543370 · η 0.01 · gradient-descent``, then epoch and accuracy if the run has them.

    Inside an update it names the phase; at the end of a run, why the run is over and how far compared runs are, which
    have made `extra_updates` more updates.
    """
    run = timeline.run_at(position.update)
    parts = [
        _("update {update} · loss {loss} · η {rate}").format(
            update=position.update,
            loss=short_number(timeline.loss(position.update)),
            rate=short_number(rate(run, max(1, position.update + (position.phase is not None)))),
        ),
        _rule(run),
        *_over_samples(timeline, position, run),
    ]
    update = update_on_view(timeline, position)
    if position.phase is not None and update is not None:
        phase = _("update {update}, phase {phase} of {count}")
        parts.append(phase.format(update=update.number, phase=position.phase + 1, count=len(update.phases)))
    elif is_over(timeline, position):
        parts.append(_("stopped: {reason}").format(reason=stop_name(timeline)))
    if extra_updates:
        parts.append(_("others at update {update}").format(update=position.update + extra_updates))
    return " · ".join(parts)


def comparison_line(mark: str, label: str, timeline: Timeline, update: int) -> str:
    """Return ``A η too large · loss 4.2``, where a compared run is after `update`, and why it is over if it is."""
    parts = [f"{mark} {label}"]
    if is_over(timeline, Position(update)):
        parts.append(_("stopped: {reason}").format(reason=stop_name(timeline)))
        parts.append(_("update {update}").format(update=update))
    parts.append(_("loss {loss}").format(loss=short_number(timeline.loss(update))))
    return " · ".join(parts)


def stop_name(timeline: Timeline) -> str:
    """Return why the run is over, in the short words of scenarios; empty if it is not."""
    reason = timeline.stopped
    return _(reason) if reason else ""


def is_over(timeline: Timeline, position: Position) -> bool:
    """Whether the run has ended at this position."""
    return position.phase is None and timeline.stopped is not None and position.update == timeline.last


def is_loss_rising(timeline: Timeline, position: Position) -> bool:
    """Whether the update just made raised the loss of its own samples; False inside an update."""
    if position.phase is not None or position.update == 0 or is_edited(timeline, position):
        return False
    update = timeline.update(position.update)
    return bool(np.isfinite(update.loss_before)) and not update.loss <= update.loss_before


def stop_sentence(reason: str, timeline: Timeline) -> str:
    """Return why the run is over after its last update, in a plain sentence."""
    if reason == "cycle":
        return " ".join(filter(None, (_cycle_sentence(timeline), separability(timeline.run.model))))
    if reason == "patience":
        return _patience_sentence(timeline)
    if reason == "diverged" and timeline.last > 0:
        return diverged_sentence(timeline)
    text = {
        "max_updates": _("The run has made all of its {updates} updates."),
        "min_change": _(
            "The last step was {change} long, shorter than {min_change}, so the run stops. "
            "Short steps alone do not mean it has arrived."
        ),
        "min_gradient": _("The gradient is only {gradient} long, below {min_gradient}: the ground is almost level."),
        "min_loss": _("The loss is {loss}, below the {min_loss} asked for."),
        "converged": _("Epoch {epoch} went by without a mistake: every point is on the right side of the line."),
    }.get(reason)
    if text is None:
        return reason
    if reason == "max_updates" and is_inseparable(timeline.run.model):
        return separability(timeline.run.model)
    return " ".join(filter(None, (text.format(**_facts(timeline)), _outlook(reason, timeline))))


def _outlook(reason: str, timeline: Timeline) -> str:
    """Return what the end of a run leaves open: whether it could ever arrive, or a line separates its points."""
    if reason == "max_updates":
        return stop_verdict(timeline) or separability(timeline.run.model)
    return separability(timeline.run.model) if reason == "converged" else ""


def _facts(timeline: Timeline) -> dict[str, str]:
    run, last = timeline.run, timeline.last
    facts = {"updates": str(last), "epoch": str(run.batches.epoch(last)), "loss": short_number(timeline.loss(last))}
    if last > 0:
        update = timeline.update(last)
        used = run.model.layout.trained(update.gradient)
        facts |= {"change": _length(update.change), "gradient": _length(used)}
    limits = {"min_change": run.stop.min_change, "min_gradient": run.stop.min_gradient, "min_loss": run.stop.min_loss}
    return facts | {name: short_number(limit) for name, limit in limits.items() if limit is not None}


def _length(vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    with np.errstate(over="ignore"):
        return short_number(float(np.linalg.norm(vector)))


def _cycle_sentence(timeline: Timeline) -> str:
    """Return which two epochs ended with the same weights."""
    ends = timeline.epochs(timeline.last)
    latest = ends[-1]
    weights = timeline.state(latest.update).theta
    for earlier in reversed(ends[:-1]):
        if np.array_equal(timeline.state(earlier.update).theta, weights):
            text = _(
                "The weights after epoch {latest} repeat those after epoch {earlier}: "
                "the run would go round for ever, so no line separates the points."
            )
            return text.format(latest=latest.epoch, earlier=earlier.epoch)
    return _("The weights repeat those after an earlier epoch, so no line separates the points.")


def _patience_sentence(timeline: Timeline) -> str:
    """Return for how long the loss on unseen samples has not improved, and where it was best."""
    run, patience = timeline.run, timeline.run.stop.patience or 0
    best = timeline.last - patience * run.batches.per_epoch
    loss = run.model.score(timeline.state(best).theta).test_loss
    text = ngettext(
        "For {count} epoch the loss on unseen samples has not come below {loss}, where it was after update {update}: "
        "that is the best state.",
        "For {count} epochs the loss on unseen samples has not come below {loss}, where it was after update {update}: "
        "that is the best state.",
        patience,
    )
    return text.format(count=patience, loss=short_number(float("nan") if loss is None else loss), update=best)


def _rule(run: Run) -> str:
    """Return the name of the rule; a perceptron's correction has its own."""
    return _("perceptron") if run.stop.on_epoch else _(run.rule.kind.words)


def _over_samples(timeline: Timeline, position: Position, run: Run) -> list[str]:
    """Return epoch and corrections if updates see only part of the samples, and accuracy if there are classes."""
    parts = []
    epoch = run.batches.epoch(position.update + (position.phase is not None))
    if epoch and run.batches.size is not None:
        parts.append(_("epoch {epoch}").format(epoch=epoch))
    if run.stop.on_epoch:
        count = timeline.state(position.update).corrections
        parts.append(ngettext("{count} correction", "{count} corrections", count).format(count=count))
    score = timeline.score(position.update)
    if score is not None and score.accuracy is not None:
        parts.append(_("accuracy {percent} %").format(percent=percent(score.accuracy)))
        if score.test_accuracy is not None:
            parts.append(_("{percent} % unseen").format(percent=percent(score.test_accuracy)))
    return parts


def percent(part: float) -> str:
    """Return a fraction of 1 in percent, without the sign."""
    return f"{100 * part:.3g}"


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
    text = _("A line separates the points; the widest possible margin is {margin}.")
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
    """Return the part of a function without a value where an update led, or of its slope where it began, if any."""
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
            part = expression.part_without_value(theta.tolist())
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
    """Whether a function falls throughout a run without growing less steep, judged at the end of each quarter."""
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
        text = _("The function falls without end: it has come down to {loss}; there is no minimum in this direction.")
        return text.format(loss=short_number(update.loss if np.isfinite(update.loss) else update.loss_before))
    return _("The numbers have grown without bound: every step went too far. Try a smaller learning rate.")


def stop_verdict(timeline: Timeline) -> str:
    """Return why a run never arrived, if it diverged or its function still falls as steeply; else nothing."""
    if timeline.stopped == "diverged" and timeline.last > 0:
        return diverged_sentence(timeline)
    if timeline.stopped == "max_updates" and still_falls(timeline):
        return _("The function falls as steeply as before: there may be no minimum in this direction.")
    return ""
