"""The updates of a run, with a summary where an epoch of several updates ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gdsim.engine.edits import Edit, Edited, edited_updates
from gdsim.engine.update import Run, Update
from gdsim.timeline.segment import EpochRecord


def updates_and_epochs(
    run: Run, edits: Iterable[Edit] = ()
) -> Iterator[tuple[Update | Edited, str | None, EpochRecord | None]]:
    """Yield each update and edit, why the run stops there (None: it goes on), and how it stands over all samples.

    The third is None inside an epoch, and always where every update sees all samples: there the update says it all.
    """
    batches, corrections = run.batches, run.start.corrections
    if batches.size is None:
        for update, reason in edited_updates(run, edits):
            yield update, reason, None
        return
    for update, reason in edited_updates(run, edits):
        if isinstance(update, Edited) or not batches.ends_epoch(update.number):
            yield update, reason, None
            continue
        mistakes = update.after.corrections - corrections
        corrections = update.after.corrections
        score = update.run.model.score(update.after.theta)
        yield update, reason, EpochRecord(update.epoch, update.number, score, mistakes)
