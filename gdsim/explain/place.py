"""What can be said about a place in a timeline before any panel is drawn."""

from __future__ import annotations

import numpy as np

from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline


def is_edited(timeline: Timeline, position: Position) -> bool:
    """Whether parameters were changed by hand at this place, so that the last update no longer explains them."""
    if position.update == 0 or position.phase is not None:
        return False
    if not any(edit.after == position.update for edit in timeline.edits):
        return False
    after = timeline.update(position.update).after.theta
    return not np.array_equal(timeline.state(position.update).theta, after, equal_nan=True)
