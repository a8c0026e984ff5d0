"""Which usual mistake an answer looks like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from gdsim.engine.update import Update, run_update
from gdsim.explain.mistakes import MISTAKES
from gdsim.explain.quantity import belongs_to_update, element_of, value_after


class Slip(NamedTuple):
    """What an answer looks like: the name of a slip, and what to say of it; both translated where they are shown."""

    name: str
    sentence: str


def recognised(update: Update, quantity: str, answer: float, tolerance: float) -> Slip | None:
    """Return the first slip that gives `answer` (within `tolerance`, a part of the wrong number), None for no slip.

    Slips that give the right number here, or 0, tell nothing.
    """
    right = value_after(update, quantity)
    for slip, wrong in _wrong_values(update, quantity):
        if not np.isfinite(wrong) or wrong == 0.0 or is_close(wrong, right, tolerance):
            continue
        if is_close(answer, wrong, tolerance):
            return slip
    return None


def is_close(answer: float, value: float, tolerance: float) -> bool:
    """Whether an answer is as good as `value`: `tolerance` is a part of it, and six digits are always enough."""
    return abs(answer - value) <= max(tolerance, 1e-6) * abs(value) + 1e-12


def _wrong_values(update: Update, quantity: str) -> Iterator[tuple[Slip, float]]:
    """Yield the slips in the order of the table with what each may make of a quantity of an update."""
    element = element_of(update.run.model, quantity) if quantity.startswith("change.") else None
    for mistake in MISTAKES:
        if not mistake.sentence:
            continue
        slip = Slip(mistake.looks_like, mistake.sentence)
        if mistake.name == "wrong-sign" and belongs_to_update(quantity, update):
            yield slip, -value_after(update, quantity)
        for run in mistake.wrong_runs(update.run):
            with np.errstate(all="ignore"):
                yield slip, value_after(run_update(run, update.before), quantity)
        if mistake.name == "learning-rate-missing" and element is not None:
            yield GRADIENT_ITSELF, float(update.gradient[element])


GRADIENT_ITSELF = Slip("gradient instead of change", "That is the gradient itself: the change is −η times it.")
