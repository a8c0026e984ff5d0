"""Where walks over a function start, and the window that shows them before any step is made."""

from __future__ import annotations

from gdsim.charts.view import View
from gdsim.charts.windows import Window, journey_window


def offered_starts(view: View, element: int) -> list[float]:
    """Return one coordinate of every starting point the scenario offers."""
    function = view.scenario.function
    if function is None:
        return []
    name = view.timeline.run.model.layout.names[element]
    return [start[name] for start in (function.start, *function.starts) if name in start]


def window_at_first(view: View, element: int) -> Window:
    """Return the scenario's window of a variable, else one that holds all starts and where the first update lands."""
    name = view.timeline.run.model.layout.names[element]
    function = view.scenario.function
    if function is not None and function.view is not None and name in function.view:
        return function.view[name]
    start, landing = (float(view.timeline.state(k).theta[element]) for k in (0, view.timeline.reach(1)))
    return journey_window([start, *offered_starts(view, element)], landing)
