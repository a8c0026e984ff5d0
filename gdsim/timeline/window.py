"""States recomputed between two checkpoints, kept for what is likely to be looked at next."""

from __future__ import annotations

from gdsim.engine.update import Run, State
from gdsim.engine.walk import walk


class Window:
    """The last states before the update asked for, and some on the way there, evenly spread.

    The last ones are for single steps back; from those on the way go steps back past them, and jumps nearby.
    room: states in all.
    """

    def __init__(self, room: int) -> None:
        self._far = room // 2
        self._near = max(1, room - self._far)
        self._spread = range(0)
        self._kept: dict[int, State] = {}

    def __len__(self) -> int:
        """Return how many states are kept."""
        return len(self._kept)

    def get(self, update: int) -> State | None:
        """Return the state after `update` if it is kept."""
        return self._kept.get(update)

    def walk(self, run: Run, start: State, update: int, stride: int) -> State:
        """Return the state after `update`, less than `stride` updates after the checkpoint `start`."""
        every = -(-stride // (self._far + 1))
        spread = range(start.update + every, start.update + stride, every)
        is_same = spread == self._spread
        self._spread = spread
        self._kept = {k: state for k, state in self._kept.items() if is_same and k in spread}
        begin = max((k for k in self._kept if k <= update), default=None)
        near = range(update - self._near + 1, update + 1)
        self._kept |= walk(run, start if begin is None else self._kept[begin], update, {*spread, *near})
        return self._kept[update]
