"""The trace as rows: comma-separated values with every number, and a table to be read with as many as have room."""

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
    """Yield the trace of `run` as a table: update, loss and, for each parameter there is room for, value and gradient.

    Each of `edits` has a line of its own.
    columns: characters a line has room for; those of the terminal by default.
    """
    columns = shutil.get_terminal_size().columns if columns is None else columns
    layout = run.model.layout
    shown = _shown(layout, columns)
    yield f"{scenario.title}\n"
    if len(shown) < layout.size:
        left_out = _("{shown} of {size} parameters have room here; --format csv writes all of them")
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
    """Return the elements of θ a line has room for, at least one."""
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
    """Yield the trace of `run` as rows; the row of update 0 knows no gradient, no change and no loss before.

    `edits` have no rows of their own: what they change is seen from the update after them on.

    Columns: update, epoch, loss_before, loss, every parameter, then every gradient and every change by name. A schedule
    adds learning_rate after the loss, clipping the clipped gradients after the gradients.
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
    """Return a column's name as a field: ``W1[0,1]`` holds a comma."""
    return f'"{name}"' if "," in name else name
