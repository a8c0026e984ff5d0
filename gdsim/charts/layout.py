"""Windows that stay where they are while a learner steps, and double when a run leaves them.

A window is (low, high), low < high. It depends on where a run started and on how far it has been, never on what is
still to come.
"""

from __future__ import annotations

from math import ceil, log2

import numpy as np
from numpy.typing import ArrayLike

from gdsim.engine.parameters import Vector

Window = tuple[float, float]

_MOST_DOUBLINGS = 900


def hull(*values: ArrayLike) -> Window | None:
    """Return the lowest and the highest of the values that are finite, None when there is none."""
    all_values = np.concatenate([np.asarray(each, dtype=np.float64).ravel() for each in values])
    finite = all_values[np.isfinite(all_values)]
    return (float(finite.min()), float(finite.max())) if finite.size else None


def widened(window: Window | None, part: float = 0.05, least: float = 0.0) -> Window:
    """Return the window with `part` of its width more on either side, at least `least` wide; −1…1 for None."""
    low, high = (0.0, 0.0) if window is None else window
    middle, half = low / 2 + high / 2, max((high / 2 - low / 2) * (1 + 2 * part), least / 2)
    if half <= 1e-9 * abs(middle):
        half = max(abs(middle) / 2, 1.0)
    return middle - half, middle + half


def doubled(window: Window, *values: ArrayLike) -> Window:
    """Return the window doubled about its middle as often as it takes to hold the values that are finite."""
    taken = hull(*values) if values else None
    if taken is None:
        return window
    middle, half = window[0] / 2 + window[1] / 2, window[1] / 2 - window[0] / 2
    reach = max(middle - taken[0], taken[1] - middle)
    return middle - half * _doublings(reach / half), middle + half * _doublings(reach / half)


def upwards(most: float, base: float) -> float:
    """Return `base` doubled as often as it takes to reach `most`."""
    return base * _doublings(most / base)


def updates_shown(update: int) -> Window:
    """Return the window of an axis that counts updates: from 0 to 20, 40, 80, …"""
    return 0.0, upwards(update, 20.0)


def journey_window(starts: ArrayLike, landing: float) -> Window:
    """Return the window for a walk along one axis: the origin, all starts and the first landing, with a quarter more.

    A landing far outside (a run that blows up) does not count.
    """
    low, high = hull(starts, [0.0]) or (0.0, 0.0)
    far = 3 * (high - low)
    if low - far <= landing <= high + far:
        low, high = min(low, landing), max(high, landing)
    return widened((low, high), part=0.25, least=2.0)


def heights_window(heights: Vector) -> Window:
    """Return the window for the heights of a curve; a few that run off to a pole are cut."""
    finite = heights[np.isfinite(heights)]
    if finite.size > 20:
        # The linear quantiles of np.quantile, which loads numpy.ma: a hundredth of the start.
        places = np.array([0.05, 0.5, 0.95]) * (finite.size - 1)
        low, middle, high = np.interp(places, np.arange(finite.size), np.sort(finite))
        spread = max(high - middle, middle - low)
        inner = finite[(finite >= middle - 20 * spread) & (finite <= middle + 20 * spread)]
        finite = inner if spread > 0 else finite
    return widened(hull(finite))


def decades(lowest: float, highest: float) -> Window:
    """Return the powers of ten around two numbers above 0."""
    low, high = 10.0 ** np.floor(np.log10(lowest)), 10.0 ** np.ceil(np.log10(highest))
    return float(low), float(max(high, 10 * low))


def _doublings(ratio: float) -> float:
    """Return the smallest power of two, from 1 on, that is at least `ratio`."""
    # The slack keeps a value that lies on the edge but for rounding from doubling the window.
    return float(2.0 ** min(_MOST_DOUBLINGS, max(0, ceil(log2(max(ratio, 1.0)) - 1e-9))))


def digits(value: float, count: int, *, signed: bool = False) -> str:
    """Return `value` with `count` significant digits, with a plus too where it is `signed`: ``−0.625``, ``1e−05``."""
    return f"{value:{'+' if signed else ''}.{count}g}".replace("-", "−")
