"""The course of a run in sentences: how the loss went, how each epoch went, where the parameters have come to."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Role, Series
from gdsim.charts.kinds.parameters import build as build_parameters
from gdsim.charts.shapes import counts_mistakes
from gdsim.charts.view import View
from gdsim.explain.numbers import short_number
from gdsim.i18n import _, ngettext
from gdsim.timeline.segment import EpochRecord

_MOST_EPOCHS = 12
_RECENT = 10


def loss_words(view: View) -> list[str]:
    """Return the loss at the start and now, how often it rose, its lowest, and how it went lately."""
    updates, losses = view.timeline.losses(view.position.update)
    here = _("{loss} now, after update {update}").format(loss=short_number(losses[-1]), update=view.position.update)
    if len(losses) == 1:
        return [_("{loss} before the first update.").format(loss=short_number(losses[0]))]
    lines = [_("{loss} at the start, {here}.").format(loss=short_number(losses[0]), here=here)]
    finite = np.isfinite(losses)
    if not finite.all():
        lines.append(_("It left all bounds at update {update}.").format(update=int(updates[int((~finite).argmax())])))
        return lines
    rises = updates[1:][np.diff(losses) > 0]
    if len(rises):
        count = ngettext("It rose once, at update {last}.", "It rose {count} times, last at update {last}.", len(rises))
        lines.append(count.format(count=len(rises), last=int(rises[-1])))
        lowest = int(losses.argmin())
        lines.append(
            _("Its lowest was {loss}, after update {update}.").format(
                loss=short_number(losses[lowest]), update=int(updates[lowest])
            )
        )
    else:
        lines.append(_("It never rose."))
    return [*lines, *_lately(losses)]


def epoch_words(view: View) -> list[str]:
    """Return a line for each of the latest epochs: mistakes of a perceptron, loss and accuracy of others."""
    records = view.timeline.epochs(view.position.update)
    if view.timeline.run.batches.size is None:
        return [_("every update sees all there is to see, so that an epoch is an update.")]
    if not records:
        return [_("no epoch has ended yet.")]
    is_counted = counts_mistakes(view.timeline.run)
    total = ngettext("{count} epoch has ended.", "{count} epochs have ended.", len(records)).format(count=len(records))
    shown = records[-_MOST_EPOCHS:]
    left_out = [_("The last {count} of them:").format(count=len(shown))] if len(records) > len(shown) else []
    return [total, *left_out, *(_epoch(record, is_counted) for record in shown)]


def parameter_words(view: View) -> list[str]:
    """Return for each parameter where it began and where it is."""
    chart = build_parameters(view)
    if chart is None:
        return []
    lines = [_("from the start to update {update}.").format(update=view.position.update)]
    truths = {layer.label: layer for layer in chart.layers if isinstance(layer, Series) and layer.role is Role.TRUTH}
    for layer in chart.layers:
        if isinstance(layer, Series) and layer.role is not Role.TRUTH and layer.label and len(layer.y) > 0:
            first, last = short_number(layer.y[0]), short_number(layer.y[-1])
            lines.append(_("{name}: {first}, now {last}").format(name=layer.label, first=first, last=last))
    if len(lines) == 1:
        path = next((layer for layer in chart.layers if isinstance(layer, Series) and len(layer.y)), None)
        if path is not None:
            first, last = short_number(path.y[0]), short_number(path.y[-1])
            lines.append(_("{name}: {first}, now {last}").format(name=chart.y.label, first=first, last=last))
    return lines + [f"{label}: {short_number(layer.y[-1])}" for label, layer in truths.items()]


def _lately(losses: np.ndarray) -> list[str]:
    if len(losses) <= _RECENT + 1 or losses[-1 - _RECENT] == 0:
        return []
    before, now = float(losses[-1 - _RECENT]), float(losses[-1])
    percent = short_number(float(f"{100 * abs(before - now) / abs(before):.3g}"))
    text = _("Over the last {count} updates it fell by {percent} %.")
    if now >= before:
        text = _("Over the last {count} updates it rose by {percent} %.")
    return [text.format(count=_RECENT, percent=percent)]


def _epoch(record: EpochRecord, is_counted: bool) -> str:
    if is_counted:
        text = ngettext("epoch {epoch}: {count} mistake", "epoch {epoch}: {count} mistakes", record.mistakes)
        return text.format(epoch=record.epoch, count=record.mistakes)
    parts = [_("loss {loss}").format(loss=short_number(record.score.loss))]
    if record.score.accuracy is not None:
        parts.append(_("{percent} % right").format(percent=f"{100 * record.score.accuracy:.3g}"))
    if record.score.test_accuracy is not None:
        parts.append(_("{percent} % of unseen samples right").format(percent=f"{100 * record.score.test_accuracy:.3g}"))
    return _("epoch {epoch}: {told}").format(epoch=record.epoch, told=", ".join(parts))
