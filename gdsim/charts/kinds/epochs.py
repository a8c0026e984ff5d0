"""Results by epoch: a perceptron's mistakes, other models' accuracy and loss."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gdsim.charts.chart import (
    Axis,
    Chart,
    Role,
    Series,
    bar,
    bars,
    line,
    line_beside,
    name_of_main,
    points,
    role_beside,
    strongest,
)
from gdsim.charts.current import standing
from gdsim.charts.fitting import has_losses_beside
from gdsim.charts.kinds import loss
from gdsim.charts.layout import digits, upwards
from gdsim.charts.shapes import classes_of, counts_mistakes
from gdsim.charts.view import View
from gdsim.engine.parameters import Vector
from gdsim.i18n import _
from gdsim.timeline.segment import EpochRecord

_MOST_BARS, _MOST_RECORDS = 120, 400


def build(view: View) -> Chart | None:
    """Return the results of the epochs so far; None if every update sees all samples and none are held out.

    Until the first epoch ends, return the loss by update; for a perceptron the mistakes so far.
    """
    run = view.timeline.run
    if not run.scores_epochs:
        return None
    records = view.timeline.epochs(view.position.update)
    x = _epochs(view)
    if counts_mistakes(run):
        return _mistakes(view, x, np.array([record.mistakes for record in records], dtype=np.float64))
    if not records:
        return loss.build(view)
    records = _spread(records)
    epochs = np.array([record.epoch for record in records], dtype=np.float64)
    if classes_of(run) is None:
        return _losses(view, x, epochs, records)
    return _accuracy(view, x, epochs, records)


def build_losses(view: View) -> Chart | None:
    """Return the loss of training and held-out samples by epoch; None if `build` shows it, or there is none."""
    if not has_losses_beside(view):
        return None
    records = _spread(view.timeline.epochs(view.position.update))
    if not records:
        return loss.build(view)
    epochs = np.array([record.epoch for record in records], dtype=np.float64)
    return _losses(view, _epochs(view), epochs, records)


def _epochs(view: View) -> Axis:
    """Return the axis of epochs, doubled until it holds the current one."""
    last = view.timeline.run.batches.epoch(view.clock + 1)
    return Axis(_("epoch"), 0.5, upwards(last, 10.0) + 0.5, is_count=True)


def _mistakes(view: View, x: Axis, counts: Vector) -> Chart:
    """Return a bar per epoch, that of the current epoch growing; of many epochs, a bar shows the worst of several."""
    batches, update = view.timeline.run.batches, view.position.update
    before = (batches.epoch(update + 1) - 1) * batches.per_epoch
    so_far = view.timeline.state(update).corrections - view.timeline.state(before).corrections
    heights = np.full(int(x.high or 0.0), np.nan)
    heights[: len(counts)] = counts
    shown = strongest(heights, _MOST_BARS)
    layers = [bars(Role.LOSS, shown + 1.0, heights[shown], _("mistakes"))]
    if update and not batches.ends_epoch(update):
        number = batches.epoch(update)
        places = np.union1d(shown + 1.0, [number])
        layers.append(bar(Role.CURRENT, places, int(places.searchsorted(number)), so_far, _("this epoch so far")))
    for beside in view.comparisons:
        theirs = beside.timeline.epochs(standing(beside, view))
        made = [record.mistakes for record in theirs]
        numbers = [record.epoch for record in theirs]
        layers.append(points(role_beside(beside), numbers, made, beside.label, beside.mark))
        counts = np.append(counts, made)
    top = min(upwards(max([so_far, *counts.tolist()]), 4.0), float(max(batches.count, 1)))
    return Chart(_("mistakes per epoch"), x, Axis(_("mistakes"), 0.0, top, is_count=True), tuple(layers))


def _accuracy(view: View, x: Axis, epochs: Vector, records: list[EpochRecord]) -> Chart:
    seen = np.array([_percent(record.score.accuracy) for record in records])
    unseen = np.array([_percent(record.score.test_accuracy) for record in records])
    layers = _beside(view, lambda record: _percent(record.score.accuracy))
    layers.append(line(Role.FIT, epochs, seen, _latest(_("learnt from {percent} %"), seen)))
    if np.isfinite(unseen).any():
        layers.append(line(Role.CURVE, epochs, unseen, _latest(_("unseen {percent} %"), unseen)))
        layers += _best(view, lambda record: _percent(record.score.test_accuracy))
    layers.append(points(Role.CURRENT, epochs[-1:], seen[-1:], name_of_main(view.comparisons)))
    return Chart(_("accuracy by epoch"), x, Axis(_("% right"), 0.0, 100.0), tuple(layers))


def _losses(view: View, x: Axis, epochs: Vector, records: list[EpochRecord]) -> Chart:
    losses = np.array([record.score.loss for record in records])
    layers = [*_beside(view, lambda record: record.score.loss), *_unseen_beside(view)]
    name = name_of_main(view.comparisons)
    latest = f"{name} {digits(losses[-1], 4)}" if losses.size else name
    layers += [
        line(Role.LOSS, epochs, losses, _("loss")),
        *_unseen(epochs, records),
        *_best(view, lambda record: record.score.test_loss),
        points(Role.CURRENT, epochs[-1:], losses[-1:], latest),
    ]
    return Chart(_("loss by epoch"), x, Axis(_("loss"), 0.0 if (losses >= 0).all() else None), tuple(layers))


def _unseen(epochs: Vector, records: list[EpochRecord]) -> list[Series]:
    """Return the loss of held-out samples, labelled with its gap to the loss of the training samples."""
    unseen = np.array([record.score.test_loss for record in records], dtype=np.float64)
    if not np.isfinite(unseen).any():
        return []
    label = _apart(records[-1])
    return [line(Role.CURVE, epochs, unseen, mark="u"), points(Role.CURVE, epochs[-1:], unseen[-1:], label, "u")]


def _apart(record: EpochRecord) -> str:
    """Return the name of the loss of held-out samples, with its gap to that of the training samples."""
    unseen = np.nan if record.score.test_loss is None else record.score.test_loss
    return _("unseen, {gap} apart").format(gap=digits(unseen - record.score.loss, 2, signed=True))


def _best(view: View, value: Callable[[EpochRecord], float | None]) -> list[Series]:
    """Return the epoch with the least held-out loss so far, unless it is the last: the one patience compares with."""
    records = view.timeline.epochs(view.position.update)
    losses = np.array([record.score.test_loss for record in records], dtype=np.float64)
    if not np.isfinite(losses).any() or np.nanargmin(losses) == len(losses) - 1:
        return []
    best = records[int(np.nanargmin(losses))]
    shown = value(best)
    label = _("best unseen, epoch {epoch}").format(epoch=best.epoch)
    return [] if shown is None else [points(Role.LOWEST, best.epoch, shown, label)]


def _beside(view: View, value: Callable[[EpochRecord], float]) -> list[Series]:
    """Return a value by epoch for each comparison run, marked at the last."""
    series: list[Series] = []
    for beside in view.comparisons:
        records = _spread(beside.timeline.epochs(standing(beside, view)))
        series += line_beside(beside, [record.epoch for record in records], [value(record) for record in records])
    return series


def _unseen_beside(view: View) -> list[Series]:
    """Return the held-out loss of each comparison run, with its mark in lower case and its gap to the training loss."""
    series: list[Series] = []
    for beside in view.comparisons:
        records = _spread(beside.timeline.epochs(standing(beside, view)))
        epochs = [record.epoch for record in records]
        losses = np.array([record.score.test_loss for record in records], dtype=np.float64)
        if np.isfinite(losses).any():
            role, mark = role_beside(beside), beside.mark.lower()
            series += [
                line(role, epochs, losses, mark=mark),
                points(role, epochs[-1:], losses[-1:], _apart(records[-1]), mark),
            ]
    return series


def _spread(records: list[EpochRecord]) -> list[EpochRecord]:
    """Return a few hundred of the records, evenly spaced, including the last."""
    step = -(-len(records) // _MOST_RECORDS) or 1
    return records[::-step][::-1]


def _percent(part: float | None) -> float:
    return np.nan if part is None else 100.0 * part


def _latest(text: str, percents: Vector) -> str:
    return text.format(percent=f"{percents[-1]:.1f}") if percents.size else ""
