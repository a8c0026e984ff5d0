"""The trace as comma-separated values: one row an update, one column a scalar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from math import isfinite

from gdsim.engine.edits import Edit, Edited, edited_updates
from gdsim.engine.update import Run, Update, forward_at
from gdsim.export.trace.lines import ALL, Steps
from gdsim.scenario.scenario import Scenario

_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def csv_lines(_scenario: Scenario, run: Run, edits: Iterable[Edit] = (), steps: Steps = ALL) -> Iterator[str]:
    """Yield the trace of `run` as rows; the row of update 0 knows no gradient, no change and no loss before.

    `edits` have no rows of their own: what they change is seen from the update after them on.

    Columns: update, epoch, loss_before, loss, every parameter, then every gradient and every change by name.
    steps: the updates that get a row.
    """
    names = run.model.layout.element_names
    columns = ("update", "epoch", "loss_before", "loss", *names)
    derived = [f"{what}.{name}" for what in ("gradient", "change") for name in names]
    yield ",".join(map(_quoted, chain(columns, derived))) + "\n"
    start = ",".join(map(_number, run.start.theta.tolist()))
    first_loss = forward_at(run, run.start).loss
    if 0 in steps:
        yield f"0,0,,{_number(first_loss)},{start}{',' * len(derived)}\n"
    for update, _reason in edited_updates(run, edits):
        if isinstance(update, Edited) or update.number < steps.first:
            continue
        if steps.is_past(update.number):
            break
        yield f"{update.number},{update.epoch},{','.join(map(_number, _numbers(update)))}\n"


def _numbers(update: Update) -> Iterator[float]:
    return chain(
        (update.loss_before, update.loss),
        update.after.theta.tolist(),
        update.gradient.tolist(),
        update.change.tolist(),
    )


def _number(value: float) -> str:
    text = float.__repr__(value)
    return text if isfinite(value) else _NOT_FINITE[text]


def _quoted(name: str) -> str:
    """Return a column's name as a field: ``W1[0,1]`` holds a comma."""
    return f'"{name}"' if "," in name else name
