"""Windows and ticks, computed in one place for every output: the terminal, pictures in files, notebooks.

A window is (low, high), low < high. It depends on where a run started and how far it has moved, never on later updates:
it stays fixed while a learner steps, and doubles towards the side where the run leaves it. An `AxisLayout` is a window
as drawn, with its ticks: evenly spaced in cells, with distinct labels of at most six characters.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from math import ceil, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdsim.charts.chart import Axis
from gdsim.engine.parameters import Vector

Window = tuple[float, float]

LABEL_WIDTH = 6
_MOST_DOUBLINGS = 900
_LARGEST = sys.float_info.max / 4
_NARROWEST = 1e-12
"""A window narrower than this fraction of its values is widened: float64 cannot resolve more."""
_ROWS_FOR_THREE = 12
"""A vertical axis has at least two ticks, and three from this height on."""
_GROWTH, _MOST_GROWTH = 1.15, {2: 1.25, 3: 1.4}
"""Ticks are made even by widening the window up to the first factor, or, if no step does with less, up to the second:
by the least number of ticks."""
RIM = 0.1
"""Fields reach this part of the window beyond it on either side, so that the window can grow."""
_FAR = 1e6
"""Positions are clipped to this many window widths, so that no sum overflows."""


class Tick(NamedTuple):
    """A labelled value on an axis: position (0 at the window's low end, 1 at its high end), label of ≤ 6 characters."""

    position: float
    label: str


class AxisLayout(NamedTuple):
    """A window as drawn: low < high (log10 of the values if `is_log`), and its ticks."""

    low: float
    high: float
    is_log: bool = False
    ticks: tuple[Tick, ...] = ()

    def position(self, values: ArrayLike) -> Vector:
        """Return positions of values: 0 at low, 1 at high; nan for values without one (nan, inf, log of < 0).

        0 lies far below a log axis, so that lines to it leave the window at its lower end.
        """
        drawn = _as_drawn(np.asarray(values, dtype=np.float64), self.is_log)
        with np.errstate(all="ignore"):
            # Divided by 4 first, so that neither difference overflows.
            span = self.high / 4 - self.low / 4
            return np.clip((drawn / 4 - self.low / 4) / span, -_FAR, _FAR)

    def value(self, position: Vector) -> Vector:
        """Return the values at positions (0 at low, 1 at high), in the axis's own units."""
        drawn = self.low * (1 - position) + self.high * position
        with np.errstate(over="ignore"):
            return np.asarray(10.0**drawn if self.is_log else drawn)


def layout_of(
    axis: Axis, values: list[Vector], cells: int, *, is_upright: bool = False, limits: Window | None = None
) -> AxisLayout:
    """Return the window of an axis `cells` long, as the axis asks or fitted to the values, with its ticks.

    The window grows a little, so that ticks stand equally many cells apart. is_upright: the axis is vertical.
    limits: the ends of a field that fills the window, which grows no further.
    """
    low, high = _window(axis, values)
    found = _fitted(low, high, axis.is_log, axis.is_count, cells, is_upright, limits)
    return found or AxisLayout(low, high, axis.is_log, _ticks_within(low, high, axis, cells, is_upright))


def dots_at(positions: Vector, cells: int, dots: int = 1) -> NDArray[np.int64]:
    """Return in which dot of an axis each position lies, of so many `dots` a cell.

    0 lies in the middle of the first of `cells` and 1 in that of the last, where plotext puts ticks: whatever stands at
    one value stands in one cell.
    """
    # The slack absorbs rounding errors.
    return np.floor((positions * (cells - 1) + 0.5) * dots + 1e-8).astype(np.int64)


def positions_of(places: ArrayLike, cells: int, dots: int = 1) -> Vector:
    """Return the positions at the middles of dots: the inverse of `dots_at`."""
    return ((np.asarray(places, dtype=np.float64) + 0.5) / dots - 0.5) / max(1, cells - 1)


def _window(axis: Axis, values: list[Vector]) -> Window:
    """Return the window as drawn: each end as the axis asks, else fitted to the values that can be drawn."""
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
        return np.log10(np.where(kept >= 0, kept, np.nan))


def _end(asked: float | None, is_log: bool) -> float | None:
    if asked is None or not math.isfinite(asked):
        return None
    if is_log:
        return math.log10(asked) if asked > 0 else None
    return asked


def _with_room(low: float, high: float) -> Window:
    """Return the window, widened if low and high are too close to distinguish values between them."""
    size = max(abs(low), abs(high))
    if high / 4 - low / 4 > _NARROWEST * size / 4 and high > low:
        return low, high
    middle = low / 2 + high / 2
    half = 0.5 if low == high == 0 else max(size / 2 if low == high else size * _NARROWEST, sys.float_info.min)
    return max(middle - half, -_LARGEST * 4), min(middle + half, _LARGEST * 4)


def _least_gap(cells: int, is_upright: bool) -> int:
    """Return the fewest cells between two ticks, so that labels keep clear of each other and stay few."""
    return max(2, cells // 7) if is_upright else LABEL_WIDTH + 2


@lru_cache(maxsize=256)
def _fitted(
    low: float, high: float, is_log: bool, is_count: bool, cells: int, is_upright: bool, limits: Window | None
) -> AxisLayout | None:
    """Return the window, widened as little as makes enough ticks even, with the finest step that takes little for it.

    Without such a step, keep the window, with two ticks; None if not even these fit.
    """
    span, gap = high / 2 - low / 2, _least_gap(cells, is_upright)
    if not span < _LARGEST:
        return None
    least = 3 if is_upright and cells >= _ROWS_FOR_THREE else 2
    most = _MOST_GROWTH[least]
    windows = _wider_windows(low, high, most, limits)
    for factors, growth, off in (((1, 2, 5), _GROWTH, 0.25), ((1, 2, 5), most, 0.25), ((1, 2, 3, 4, 5), most, 0.5)):
        steps = range(1, 700) if is_log else _steps(2 * span, factors)
        fitting = (step for step in steps if step >= is_count and step * (cells - 1) >= 2 * span * gap)
        within = windows[windows[:, 1] - windows[:, 0] <= growth * (high - low) * (1 + 1e-9)]
        for step in islice(fitting, len(factors)):
            window = _first_even(within, float(step), least, cells, off, is_upright)
            ticks = _ticks_at(*window, step, is_log) if window else ()
            # plotext shifts labels towards free room: each needs half its length more than its own cells.
            widest = max((len(each.label) for each in ticks), default=0)
            if window and len(ticks) >= least and (is_upright or _apart(ticks[:2], cells) > widest * 3 // 2):
                return AxisLayout(*window, is_log, ticks)
    for step in reversed(list(range(1, 700) if is_log else _steps(2 * span))):
        ticks = _ticks_at(low, high, step, is_log)
        ends = ticks[:1] + ticks[1:][-1:]
        if len(ends) == 2 and step >= is_count and _apart(ends, cells) >= gap:
            return AxisLayout(low, high, is_log, ends)
    return None


def _wider_windows(low: float, high: float, most: float, limits: Window | None) -> Vector:
    """Return windows (windows, 2) of low…high widened up to `most` times within the limits, the narrowest first.

    None of them passes 0 for the sake of ticks alone.
    """
    growth, below = np.meshgrid(np.arange(0.0, most - 1, 0.01), np.linspace(0, 1, 5), indexing="ij")
    added = growth.ravel() * (high - low)
    lows, highs = low - added * below.ravel(), high + added * (1 - below.ravel())
    first, last = limits or (-math.inf, math.inf)
    first, last = max(first, 0.0 if low >= 0 else first), min(last, 0.0 if high <= 0 else last)
    is_inside = (lows >= min(first, low)) & (highs <= max(last, high))
    return np.stack([lows[is_inside], highs[is_inside]], axis=1)


def _first_even(windows: Vector, step: float, least: int, cells: int, off: float, is_upright: bool) -> Window | None:
    """Return the first window in which multiples of the step, at least `least`, stand equally many cells apart.

    off: the part of a cell by which they may miss the middles of cells, where ticks stand.
    """
    low, width = windows[:, :1], windows[:, 1:] - windows[:, :1]
    most = int(width.max() / step) + 2
    places = ((np.ceil(low / step - 1e-9) + np.arange(most)) * step - low) / width
    is_shown, rows = places <= 1 + 1e-9, places * (cells - 1)
    apart = np.diff(np.rint(rows), axis=1)
    is_near = (np.abs(rows - np.rint(rows)) < off) | ~is_shown
    is_even = ((apart == apart[:, :1]) | ~is_shown[:, 1:]).all(axis=1) & is_near.all(axis=1)
    is_good = is_even & (is_shown.sum(axis=1) >= least) & (apart[:, 0] >= _least_gap(cells, is_upright))
    return tuple(windows[is_good.argmax()].tolist()) if is_good.any() else None


def _apart(ticks: tuple[Tick, ...], cells: int) -> int:
    """Return how many cells lie between two ticks."""
    return round((ticks[1].position - ticks[0].position) * (cells - 1))


def _ticks_at(low: float, high: float, step: float, is_log: bool) -> tuple[Tick, ...]:
    """Return the ticks at multiples of the step in a window; empty if six characters do not tell them apart."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    numbers = [k * step for k in range(first, last + 1)]
    labels = [_power(int(number)) for number in numbers] if is_log else _labels(numbers, step)
    places = (min(1.0, max(0.0, (number - low) / (high - low))) for number in numbers)
    return tuple(Tick(place, _typeset(label)) for place, label in zip(places, labels, strict=True) if label)


def _ticks_within(low: float, high: float, axis: Axis, cells: int, is_upright: bool) -> tuple[Tick, ...]:
    """Return the ticks that fit in a window too small, too large or too narrow for evenly spaced ones."""
    first, last = (float(end) for end in AxisLayout(low, high, axis.is_log).value(np.array([0.0, 1.0])))
    if axis.is_log and not 0 < first < last < math.inf:
        return (Tick(0.5, _typeset(_rounded(low / 2 + high / 2))),)
    most = max(1, (cells - 1) // (_least_gap(cells, is_upright) if is_upright else 2 * LABEL_WIDTH))
    values, step = _multiples(first, last, most)
    if is_upright and step * (cells - 1) < _least_gap(cells, is_upright) * (last - first):
        values = values[:: max(1, len(values) - 1)]  # only the first and last, as in `layout_of`
    labels = _labels(values, step)
    if not all(labels):  # six characters cannot distinguish them
        labels = [_rounded(values[0]), *[""] * (len(values) - 1)]
    places = AxisLayout(low, high, axis.is_log).position(values).tolist()
    shown = zip(places, labels, strict=True)
    return tuple(Tick(place, _typeset(label)) for place, label in shown if label and 0 <= place <= 1)


def _labels(values: list[float], step: float) -> list[str]:
    """Return the labels of values, exact to `step`; all empty if two of them come out equal."""
    labels = [short(value, step) for value in values]
    return labels if len(set(labels)) == len(labels) else [""] * len(values)


def _typeset(label: str) -> str:
    return label.replace("-", "−")


def short(value: float, step: float = 0.0) -> str:
    """Return a value in at most six characters, exact to `step`; empty if six do not suffice."""
    if value == 0:
        return "0"
    # The slack absorbs rounding errors of log10 where the step is a power of ten.
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step else 4
    plain = f"{value:.{decimals}f}" if decimals < LABEL_WIDTH and abs(value) < 10**LABEL_WIDTH else ""
    if plain and len(plain) <= LABEL_WIDTH and float(plain) != 0:
        return plain
    for count in range(LABEL_WIDTH):
        text = _fitting(f"{value:.{count}e}")
        if len(text) <= LABEL_WIDTH and abs(float(text) - value) <= step / 100:
            return text
    return ""


def _steps(span: float, factors: tuple[int, ...] = (1, 2, 5)) -> Iterator[float]:
    """Yield 1, 2, 5 × 10^k, or other factors, from about a fortieth of the span upwards, past the span itself."""
    exponent = math.floor(math.log10(max(span, sys.float_info.min) / 40))
    for power in range(max(exponent, -306), min(exponent + 4, 308)):
        for factor in factors:
            # Parsed from text, so that 0.1 is the nearest float rather than 10 ** -1.
            yield float(f"{factor}e{power}")


def _multiples(low: float, high: float, most: int) -> tuple[list[float], float]:
    """Return the multiples, between low and high, of the smallest round step that has at most `most`; and the step."""
    span = min(high / 2 - low / 2, _LARGEST) * 2
    for step in _steps(span):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if 1 <= last - first + 1 <= most:
            return [k * step for k in range(first, last + 1)], step
    return [low / 2 + high / 2], span


def _rounded(value: float) -> str:
    """Return a value with as many significant digits as fit in six characters."""
    texts = (_fitting(f"{value:.{count}g}") for count in range(LABEL_WIDTH, 0, -1))
    return next((text for text in texts if len(text) <= LABEL_WIDTH), f"{value:.0e}"[:LABEL_WIDTH])


def _fitting(text: str) -> str:
    """Return a number as it is, or, if it is too wide, without the plus and the zeros of its exponent."""
    return text if len(text) <= LABEL_WIDTH else re.sub(r"e\+?(-?)0*(?=\d)", r"e\1", text)


def _power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if -2 <= exponent <= 3 else f"1e{exponent:+03d}"


def hull(*values: ArrayLike) -> Window | None:
    """Return the lowest and highest finite value; None if there is none."""
    all_values = np.concatenate([np.asarray(each, dtype=np.float64).ravel() for each in values])
    finite = all_values[np.isfinite(all_values)]
    return (float(finite.min()), float(finite.max())) if finite.size else None


def widened(window: Window | None, part: float = 0.05, least: float = 0.0) -> Window:
    """Return the window widened by `part` of its width on either side, to at least `least`; −1…1 for None."""
    low, high = (0.0, 0.0) if window is None else window
    middle, half = low / 2 + high / 2, max((high / 2 - low / 2) * (1 + 2 * part), least / 2)
    if half <= 1e-9 * abs(middle):
        half = max(abs(middle) / 2, 1.0)
    return middle - half, middle + half


def doubled(window: Window, *values: ArrayLike) -> Window:
    """Return the window doubled until it holds all finite values, towards each side where it does not."""
    (low, high), taken = window, hull(*values) if values else None
    if taken is None:
        return window
    below, above = (_doublings(1 + past / (high - low)) - 1 for past in (low - taken[0], taken[1] - high))
    return low - below * (high - low), high + above * (high - low)


def upwards(most: float, base: float, *, by_halves: bool = False) -> float:
    """Return `base` doubled until it reaches `most`; by_halves: or three quarters of that, if these suffice."""
    reached = base * _doublings(most / base)
    return 0.75 * reached if by_halves and base < reached and most <= 0.75 * reached else reached


def updates_shown(update: int) -> Window:
    """Return the window of an axis that counts updates: from 0 to 20, 40, 80, …"""
    return 0.0, upwards(update, 20.0)


def journey_window(starts: ArrayLike, landing: float) -> Window:
    """Return the window for a path along one axis: the origin, all starts and the first landing, with a quarter more.

    A landing far outside (of a run that diverges) does not count.
    """
    low, high = hull(starts, [0.0]) or (0.0, 0.0)
    far = 3 * (high - low)
    if low - far <= landing <= high + far:
        low, high = min(low, landing), max(high, landing)
    return widened((low, high), part=0.25, least=2.0)


def heights_window(heights: Vector) -> Window:
    """Return the window for the heights of a curve, cutting off a few extreme ones near a pole."""
    finite = heights[np.isfinite(heights)]
    if finite.size > 20:
        # Linear quantiles as by np.quantile, which would load numpy.ma and slow the start by a hundredth.
        places = np.array([0.05, 0.5, 0.95]) * (finite.size - 1)
        low, middle, high = np.interp(places, np.arange(finite.size), np.sort(finite))
        spread = max(high - middle, middle - low)
        inner = finite[(finite >= middle - 20 * spread) & (finite <= middle + 20 * spread)]
        finite = inner if spread > 0 else finite
    return widened(hull(finite))


def decades(lowest: float, highest: float) -> Window:
    """Return the powers of ten that enclose two positive numbers."""
    low, high = 10.0 ** np.floor(np.log10(lowest)), 10.0 ** np.ceil(np.log10(highest))
    return float(low), float(max(high, 10 * low))


def _doublings(ratio: float) -> float:
    """Return the smallest power of two that is at least `ratio` and at least 1."""
    # The slack prevents doubling for a value that exceeds the edge only by rounding.
    return float(2.0 ** min(_MOST_DOUBLINGS, max(0, ceil(log2(max(ratio, 1.0)) - 1e-9))))


def digits(value: float, count: int, *, signed: bool = False) -> str:
    """Return `value` with `count` significant digits: ``−0.625``, ``1e−05``; positive ones with a plus if `signed`.

    Zero never has a sign.
    """
    return f"{value + 0.0:{'+' if signed and value else ''}.{count}g}".replace("-", "−")
