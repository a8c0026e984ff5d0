"""Writes the trace as rows: CSV with every number, or a readable table with as many parameters as fit."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from itertools import chain
from math import isfinite

from gdsim.engine.edits import Edit, Edited, edited_updates
from gdsim.engine.parameters import Layout
from gdsim.engine.update import Run, Update, forward_at
from gdsim.explain.branches import described
from gdsim.explain.numbers import NUMBER_WIDTH, format_number, short_number
from gdsim.explain.units import fitted_sentence
from gdsim.export.trace.lines import ALL, NOT_FINITE, Steps, updates_and_epochs
from gdsim.i18n import _
from gdsim.scenario.scenario import Scenario
from gdsim.timeline.segment import EpochRecord

_GAP = "  "
_COUNT_WIDTH = 8


def table_lines(
    scenario: Scenario, run: Run, edits: Iterable[Edit] = (), *, columns: int | None = None
) -> Iterator[str]:
    """Yield the trace of `run` as a table: update, loss, and the value and gradient of each parameter that fits.

    Each of `edits` gets its own line.
    columns: characters per line; by default the terminal's width.
    """
    columns = shutil.get_terminal_size().columns if columns is None else columns
    layout = run.model.layout
    shown = _shown(layout, columns)
    yield f"{scenario.title}\n"
    if len(shown) < layout.size:
        left_out = _("{shown} of {size} parameters fit here; --format csv writes all of them")
        yield left_out.format(shown=len(shown), size=layout.size) + "\n"
    names = [layout.label(i) for i in shown]
    yield _row(_("update"), _("loss"), *(head for name in names for head in (name, f"∂/∂{name}")))
    yield _start_row(run, shown)
    for update, reason, epoch in updates_and_epochs(run, edits):
        state = update.state if isinstance(update, Edited) else update.after
        yield _edit_line(update.edit) if isinstance(update, Edited) else _update_row(update, shown)
        if epoch is not None and run.batches.size is not None:
            yield _epoch_line(epoch)
        if reason is not None:
            yield _("stopped: {reason} after {count} updates").format(reason=reason, count=state.update) + "\n"
            in_units = fitted_sentence(scenario.dataset, run, state.theta)
            yield from filter(None, [in_units and in_units + "\n"])


def _shown(layout: Layout, columns: int) -> range:
    """Return the elements of θ that fit on a line, at least one."""
    room = columns - _COUNT_WIDTH - len(_GAP) - NUMBER_WIDTH
    return range(min(layout.size, max(1, room // (2 * (len(_GAP) + NUMBER_WIDTH)))))


def _start_row(run: Run, shown: range) -> str:
    loss = forward_at(run, run.start).loss
    return _row("0", format_number(loss), *(cell for i in shown for cell in (format_number(run.start.theta[i]), "")))


def _update_row(update: Update, shown: range) -> str:
    cells = (format_number(value[i]) for i in shown for value in (update.after.theta, update.gradient))
    return _row(str(update.number), format_number(update.loss), *cells)


def _row(count: str, *cells: str) -> str:
    fields = [count.rjust(_COUNT_WIDTH), *(cell[:NUMBER_WIDTH].rjust(NUMBER_WIDTH) for cell in cells)]
    return _GAP.join(fields).rstrip() + "\n"


def _edit_line(edit: Edit) -> str:
    text = _("from here on: {change}").format(change=described(edit))
    return " " * (_COUNT_WIDTH + len(_GAP)) + text + "\n"


def _epoch_line(epoch: EpochRecord) -> str:
    score = epoch.score
    parts = [f"{_('loss')} {short_number(score.loss)}"]
    for what, part in ((_("accuracy"), score.accuracy), (_("accuracy on unseen samples"), score.test_accuracy)):
        if part is not None:
            parts.append(f"{what} {short_number(100 * part, digits=4)} %")
    return f"{_('epoch')} {epoch.epoch}: {' · '.join(parts)}\n"


def csv_lines(_scenario: Scenario, run: Run, edits: Iterable[Edit] = (), steps: Steps = ALL) -> Iterator[str]:
    """Yield the trace of `run` as CSV; the row of update 0 has no gradient, change or loss_before.

    `edits` get no rows of their own: their effect shows from the next update on.

    Columns: update, epoch, loss_before, loss, every parameter, then every gradient and every change by name. A schedule
    adds learning_rate after the loss, clipping adds the clipped gradients after the gradients.
    steps: the updates that get a row.
    """
    edits, names = tuple(edits), run.model.layout.element_names
    changed = {edit.key for edit in edits}
    has_rate = run.schedule is not None or "update.schedule" in changed
    has_clipped = run.clip is not None or "update.clip" in changed
    rate = ("learning_rate",) if has_rate else ()
    derived = [
        f"{what}.{name}" for what in ("gradient", *(("clipped",) if has_clipped else ()), "change") for name in names
    ]
    yield ",".join(map(_quoted, ("update", "epoch", "loss_before", "loss", *rate, *names, *derived))) + "\n"
    start = ",".join(map(_number, run.start.theta.tolist()))
    first_loss = forward_at(run, run.start).loss
    if 0 in steps:
        yield f"0,0,,{_number(first_loss)},{',' * len(rate)}{start}{',' * len(derived)}\n"
    for update, _reason in edited_updates(run, edits):
        if isinstance(update, Edited) or update.number < steps.first:
            continue
        if steps.is_past(update.number):
            break
        losses = (update.loss_before, update.loss, *((update.learning_rate,) if has_rate else ()))
        gradients = (update.gradient, *((update.used_gradient,) if has_clipped else ()))
        vectors = (vector.tolist() for vector in (update.after.theta, *gradients, update.change))
        yield f"{update.number},{update.epoch},{','.join(map(_number, chain(losses, *vectors)))}\n"


def _number(value: float) -> str:
    text = float.__repr__(value)
    return text if isfinite(value) else NOT_FINITE[text]


def _quoted(name: str) -> str:
    """Return a column's name as a CSV field, quoted if it holds a comma, as ``W1[0,1]`` does."""
    return f'"{name}"' if "," in name else name
