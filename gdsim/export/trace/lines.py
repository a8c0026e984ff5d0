"""The choice of updates to write, and the updates themselves with a summary at the end of each epoch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gdsim.engine.edits import Edit, Edited, edited_updates
from gdsim.engine.update import Run, Update
from gdsim.errors import UsageError
from gdsim.timeline.segment import EpochRecord


def updates_and_epochs(
    run: Run, edits: Iterable[Edit] = ()
) -> Iterator[tuple[Update | Edited, str | None, EpochRecord | None]]:
    """Yield each update and edit, why the run stops there (None: it goes on), and its record at the end of an epoch.

    The third is None inside an epoch and for a function, which has no samples.
    """
    batches, corrections = run.batches, run.start.corrections
    for update, reason in edited_updates(run, edits):
        if isinstance(update, Edited) or update.prediction is None or not batches.ends_epoch(update.number):
            yield update, reason, None
            continue
        mistakes = update.after.corrections - corrections
        corrections = update.after.corrections
        score = update.run.model.score(update.after.theta)
        yield update, reason, EpochRecord(update.epoch, update.number, score, mistakes)


NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
"""How numbers that are not finite are written, by their name in Python."""

_STEPS = re.compile(r"(\d{0,9})(\.\.)?(\d{0,9})")


@dataclass(frozen=True, slots=True)
class Steps:
    """Updates `first` to `last`, inclusive; 0 is the start before any update, None the end of the run."""

    first: int = 0
    last: int | None = None

    def __contains__(self, update: object) -> bool:
        """Whether an update's number is in the range."""
        return isinstance(update, int) and self.first <= update and not self.is_past(update)

    def is_past(self, update: int) -> bool:
        """Whether `update` comes after the last of the range."""
        return self.last is not None and update > self.last


ALL = Steps()


def parse_steps(text: str) -> Steps:
    """Return the updates that ``A..B``, ``A..``, ``..B`` or ``A`` means. Raises UsageError for anything else."""
    match = _STEPS.fullmatch(text.strip()) if text.isascii() else None
    if match is None or not (match[1] or match[3]) or (match[3] and not match[2]):
        raise UsageError("--steps", f"found {text!r}", "updates such as 1..5, 10.. or 3; 0 is the start")
    first = int(match[1] or 0)
    last = int(match[3]) if match[3] else None if match[2] else first
    if last is not None and last < first:
        raise UsageError("--steps", f"found {text!r}", f"the last not before the first, such as {last}..{first}")
    return Steps(first, last)
