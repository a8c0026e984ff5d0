"""The updates of a run, with a summary where an epoch of several updates ends."""

from __future__ import annotations

from collections.abc import Iterator

from gdsim.engine.update import Run, Update, updates
from gdsim.timeline.segment import EpochRecord


def updates_and_epochs(run: Run) -> Iterator[tuple[Update, str | None, EpochRecord | None]]:
    """Yield each update, why the run stops there (None: it goes on), and how it stands over all samples.

    The third is None inside an epoch, and always where every update sees all samples: there the update says it all.
    """
    batches, corrections = run.batches, run.start.corrections
    if batches.size is None:
        for update, reason in updates(run):
            yield update, reason, None
        return
    for update, reason in updates(run):
        if not batches.ends_epoch(update.number):
            yield update, reason, None
            continue
        mistakes = update.after.corrections - corrections
        corrections = update.after.corrections
        yield update, reason, EpochRecord(update.epoch, update.number, run.model.score(update.after.theta), mistakes)
