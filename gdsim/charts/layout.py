"""Windows and ticks, decided once for every drawer: the terminal, pictures in files, notebooks.

A window is (low, high), low < high. It depends on where a run started and on how far it has been, never on what is
still to come: it stays where it is while a learner steps, and doubles when a run leaves it. An `AxisLayout` is a window
as it is drawn, with its ticks: evenly spaced in cells, with texts of at most six characters, no two of them the same.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from itertools import islice
from math import ceil, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from gdsim.charts.chart import Axis
from gdsim.engine.parameters import Vector

Window = tuple[float, float]

LABEL_WIDTH = 6
_MOST_DOUBLINGS = 900
_LARGEST = sys.float_info.max / 4
_NARROWEST = 1e-12
"""A window narrower than this part of its own values is widened: float64 has no more to show."""
_TRIED, _GROWTH = 3, 1.15
"""How many steps between ticks are tried for one that lets the window grow no more than this."""
_FAR = 1e6
"""Values further off than this many windows are placed there, so that no sum overflows."""


class Tick(NamedTuple):
    """A value beside an axis: position (0 at the window's low end, 1 at its high end), label of ≤ 6 characters."""

    position: float
    label: str


class AxisLayout(NamedTuple):
    """A window as it is drawn: low < high (log10 of the values where `is_log`), and the ticks beside it."""

    low: float
    high: float
    is_log: bool = False
    ticks: tuple[Tick, ...] = ()

    def position(self, values: ArrayLike) -> Vector:
        """Return where values lie: 0 at low, 1 at high; nan where a value has no place (nan, inf, log of ≤ 0)."""
        drawn = _as_drawn(np.asarray(values, dtype=np.float64), self.is_log)
        with np.errstate(all="ignore"):
            # Quarters, so that neither difference overflows.
            span = self.high / 4 - self.low / 4
            return np.clip((drawn / 4 - self.low / 4) / span, -_FAR, _FAR)

    def value(self, position: Vector) -> Vector:
        """Return the values at positions (0 at low, 1 at high), in the axis's own units."""
        drawn = self.low * (1 - position) + self.high * position
        with np.errstate(over="ignore"):
            return np.asarray(10.0**drawn if self.is_log else drawn)


def layout_of(
    axis: Axis, values: list[Vector], cells: int, *, is_upright: bool = False, is_exact: bool = False
) -> AxisLayout:
    """Return the window of an axis `cells` long, as asked or as wide as the values, with its ticks.

    The window grows a little, so that a tick falls on the middle of a cell and all are equally many cells
    apart. is_upright: labels stand one above another. is_exact: the window stays as asked, as a field that fills it
    needs; then ticks are evenly spaced but for rounding to a cell.
    """
    low, high = _window(axis, values)
    wanted = list(islice(_ticks_wanted(low, high, axis, cells, is_upright), _TRIED))
    if not wanted:
        return AxisLayout(low, high, axis.is_log, _ticks_within(low, high, axis, cells, is_upright))
    first, step, labels = wanted[0]
    if not is_exact:
        windows = [_aligned(low, high, first, step, cells) for first, step, _labels in wanted]
        sizes = [(window[1] - window[0]) / (high - low) if window else math.inf for window in windows]
        best = next((k for k, size in enumerate(sizes) if size <= _GROWTH), sizes.index(min(sizes)))
        (low, high), (first, step, labels) = windows[best] or (low, high), wanted[best]
        if is_upright and windows[best] is None:  # two are evenly spaced in whole rows, more of them are not
            step, labels = step * (len(labels) - 1), labels[:: len(labels) - 1]
    places = [(first + k * step - low) / (high - low) for k in range(len(labels))]
    ticks = [Tick(min(1.0, max(0.0, place)), label) for place, label in zip(places, labels, strict=True)]
    return AxisLayout(low, high, axis.is_log, tuple(ticks))


def _window(axis: Axis, values: list[Vector]) -> Window:
    """Return the window as drawn: as asked, and where nothing is asked as wide as the values that can be drawn."""
    drawn = [_as_drawn(np.asarray(each, dtype=np.float64).ravel(), axis.is_log) for each in values]
    shown = np.concatenate(drawn) if drawn else np.empty(0)
    shown = shown[np.isfinite(shown)]
    low, high = _end(axis.low, axis.is_log), _end(axis.high, axis.is_log)
    if low is None:
        low = float(shown.min()) if shown.size else (0.0 if high is None else high - 1.0)
    if high is None:
        high = max(low, float(shown.max())) if shown.size else low + 1.0
    return _with_room(min(low, high), max(low, high))


def _as_drawn(values: Vector, is_log: bool) -> Vector:
    kept = np.where(np.isfinite(values), values, np.nan)
    if not is_log:
        return kept
    with np.errstate(all="ignore"):
        return np.log10(np.where(kept > 0, kept, np.nan))


def _end(asked: float | None, is_log: bool) -> float | None:
    if asked is None or not math.isfinite(asked):
        return None
    if is_log:
        return math.log10(asked) if asked > 0 else None
    return asked


def _with_room(low: float, high: float) -> Window:
    """Return the window, widened where low and high are too alike to tell values between them apart."""
    size = max(abs(low), abs(high))
    if high / 4 - low / 4 > _NARROWEST * size / 4 and high > low:
        return low, high
    middle = low / 2 + high / 2
    half = 0.5 if low == high == 0 else max(size / 2 if low == high else size * _NARROWEST, sys.float_info.min)
    return max(middle - half, -_LARGEST * 4), min(middle + half, _LARGEST * 4)


def _least_gap(cells: int, is_upright: bool) -> int:
    """Return the fewest cells between two ticks: labels stand clear of each other, and not too many of them."""
    return max(2, cells // 7) if is_upright else LABEL_WIDTH + 2


def _ticks_wanted(
    low: float, high: float, axis: Axis, cells: int, is_upright: bool
) -> Iterator[tuple[float, float, list[str]]]:
    """Yield the first tick (as drawn), the step and the labels, for each step of which two or more ticks fit."""
    span = high / 2 - low / 2
    if not span < _LARGEST:
        return
    steps = iter(range(1, 700)) if axis.is_log else _steps(2 * span)
    for step in steps:
        if axis.is_count and not axis.is_log and step < 1:
            continue
        apart = step * ((cells - 1) / (2 * span))
        if apart < _least_gap(cells, is_upright):
            continue
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        numbers = [k * step for k in range(first, last + 1)]
        labels = [_power(int(number)) for number in numbers] if axis.is_log else _labels(numbers, step)
        if len(numbers) < 2 or not all(labels):
            return
        # plotext moves a label towards free room: it needs half a label more than its own cells.
        if is_upright or apart >= max(map(len, labels)) * 3 // 2 + 1:
            yield numbers[0], float(step), [_typeset(label) for label in labels]


def _aligned(low: float, high: float, first: float, step: float, cells: int) -> Window | None:
    """Return the window in which ticks from `first`, a `step` apart, fall on the middles of cells; None for none."""
    most = int((cells - 1) * (step / (high - low)) + 1e-9)
    for apart in range(most, max(1, most - 3), -1):
        cell = step / apart
        before, after = (math.ceil(part / cell - 1e-6) for part in (first - low, high - first))
        if before + after < cells:
            return first - before * cell, first + (cells - 1 - before) * cell
    return None


def _ticks_within(low: float, high: float, axis: Axis, cells: int, is_upright: bool) -> tuple[Tick, ...]:
    """Return what ticks there is room for in a window too small, too large or too narrow for even ones."""
    first, last = (float(end) for end in AxisLayout(low, high, axis.is_log).value(np.array([0.0, 1.0])))
    if axis.is_log and not 0 < first < last < math.inf:
        return (Tick(0.5, _typeset(_rounded(low / 2 + high / 2))),)
    most = max(1, (cells - 1) // (_least_gap(cells, is_upright) if is_upright else 2 * LABEL_WIDTH))
    values, step = _multiples(first, last, most)
    if is_upright and step * (cells - 1) < _least_gap(cells, is_upright) * (last - first):
        values = values[:: max(1, len(values) - 1)]  # the two at the ends, as in `layout_of`
    labels = _labels(values, step)
    if not all(labels):  # too alike for six characters to tell them apart
        labels = [_rounded(values[0]), *[""] * (len(values) - 1)]
    places = AxisLayout(low, high, axis.is_log).position(values).tolist()
    shown = zip(places, labels, strict=True)
    return tuple(Tick(place, _typeset(label)) for place, label in shown if label and 0 <= place <= 1)


def _labels(values: list[float], step: float) -> list[str]:
    """Return the labels of values, exact to `step`; empty ones where six characters do not tell them apart."""
    labels = [short(value, step) for value in values]
    return labels if len(set(labels)) == len(labels) else [""] * len(values)


def _typeset(label: str) -> str:
    return label.replace("-", "−")


def short(value: float, step: float = 0.0) -> str:
    """Return a value in at most six characters, exact to `step`; empty where six do not do."""
    if value == 0:
        return "0"
    # One decimal more than the step's own power of ten allows for float noise only.
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step else 4
    plain = f"{value:.{decimals}f}" if decimals < LABEL_WIDTH and abs(value) < 10**LABEL_WIDTH else ""
    if plain and len(plain) <= LABEL_WIDTH and float(plain) != 0:
        return plain
    for count in range(LABEL_WIDTH):
        mantissa, _e, exponent = f"{value:.{count}e}".partition("e")
        text = f"{mantissa}e{int(exponent)}"
        if len(text) <= LABEL_WIDTH and abs(float(text) - value) <= step / 100:
            return text
    return ""


def _steps(span: float) -> Iterator[float]:
    """Yield 1, 2, 5 × 10^k from about a fortieth of the span upwards, past the span itself."""
    exponent = math.floor(math.log10(max(span, sys.float_info.min) / 40))
    for power in range(max(exponent, -306), min(exponent + 4, 308)):
        for factor in (1, 2, 5):
            # From text, so that 0.1 is the float nearest to it and not 10 ** -1.
            yield float(f"{factor}e{power}")


def _multiples(low: float, high: float, most: int) -> tuple[list[float], float]:
    """Return the multiples of the smallest round step that has at most `most` from low to high, and the step."""
    span = min(high / 2 - low / 2, _LARGEST) * 2
    for step in _steps(span):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if 1 <= last - first + 1 <= most:
            return [k * step for k in range(first, last + 1)], step
    return [low / 2 + high / 2], span


def _rounded(value: float) -> str:
    """Return a value with as many digits as six characters hold."""
    texts = (f"{value:.{count}g}" for count in range(LABEL_WIDTH, 0, -1))
    plain = (re.sub(r"e\+?(-?)0*", r"e\1", text) for text in texts)
    return next((text for text in plain if len(text) <= LABEL_WIDTH), f"{value:.0e}"[:LABEL_WIDTH])


def _power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if -2 <= exponent <= 3 else f"1e{exponent}"


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
    """Return `value` with `count` significant digits, with a plus too where it is `signed`: ``−0.625``, ``1e−05``.

    Zero has no minus.
    """
    return f"{value + 0.0:{'+' if signed else ''}.{count}g}".replace("-", "−")
