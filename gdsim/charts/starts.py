"""Where walks over a function start, and the window that shows them before any step is made."""

from __future__ import annotations

from gdsim.charts.view import View
from gdsim.charts.windows import Window, doubled, journey_window
from gdsim.engine.parameters import Vector

_EDGE = 0.05
"""Part of a window left free beyond a start that it is stretched to."""


def offered_starts(view: View, element: int) -> list[float]:
    """Return one coordinate of every starting point the scenario offers."""
    function = view.scenario.function
    if function is None:
        return []
    name = view.timeline.run.model.layout.names[element]
    return [start[name] for start in (function.start, *function.starts) if name in start]


def window_of(view: View, element: int, path: Vector) -> Window:
    """Return the window of a variable for a walk along `path` (kept,), the current place last.

    The scenario's own window, stretched to the start while the walker is still out there; else one that holds all
    starts and where the first update lands. Doubled where that is not enough.
    """
    asked = _asked_for(view, element)
    if asked is None:
        start, landing = (float(view.timeline.state(k).theta[element]) for k in (0, view.timeline.reach(1)))
        return doubled(journey_window([start, *offered_starts(view, element)], landing), path)
    low, high = asked
    if low <= path[-1] <= high:
        return asked
    start = float(path[0])
    return doubled((min(low, start - _EDGE * (high - start)), max(high, start + _EDGE * (start - low))), path[-1:])


def _asked_for(view: View, element: int) -> Window | None:
    """Return the scenario's own window of a variable."""
    function, name = view.scenario.function, view.timeline.run.model.layout.names[element]
    return None if function is None or function.view is None else function.view.get(name)
