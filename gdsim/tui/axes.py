"""Windows and ticks: where a value lies on an axis, and which values are written beside it."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gdsim.charts.chart import Axis
from gdsim.engine.parameters import Vector

LABEL_WIDTH = 6
_LARGEST = sys.float_info.max / 4
# A window narrower than this part of its own values is widened: float64 has no more to show.
_NARROWEST = 1e-12
# Values further off than this many windows are drawn as if they lay there, so no sum overflows.
_FAR = 1e6


@dataclass(frozen=True, slots=True)
class Window:
    """The part of an axis on view: low < high, as drawn (log10 of the values where `is_log`)."""

    low: float
    high: float
    is_log: bool = False

    def position(self, values: Vector) -> Vector:
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


@dataclass(frozen=True, slots=True)
class Tick:
    """A value beside an axis: position (0 at the window's low end, 1 at its high end), label of ≤ 6 characters."""

    position: float
    label: str


def window(axis: Axis, values: list[Vector], *, includes_zero: bool = False) -> Window:
    """Return the window of an axis: as asked, and where nothing is asked as wide as the values that can be drawn.

    includes_zero: the axis reaches 0, as bars need.
    """
    drawn = [_as_drawn(np.asarray(each, dtype=np.float64).ravel(), axis.is_log) for each in values]
    shown = np.concatenate(drawn) if drawn else np.empty(0)
    shown = shown[np.isfinite(shown)]
    if includes_zero and not axis.is_log:
        shown = np.append(shown, 0.0)
    low = _end(axis.low, axis.is_log)
    high = _end(axis.high, axis.is_log)
    if low is None:
        low = float(shown.min()) if shown.size else (0.0 if high is None else high - 1.0)
    if high is None:
        high = max(low, float(shown.max())) if shown.size else low + 1.0
    return Window(*_widened(min(low, high), max(low, high)), is_log=axis.is_log)


@lru_cache(maxsize=256)
def ticks(shown: Window, most: int, *, ascii_only: bool = False) -> tuple[Tick, ...]:
    """Return at most `most` ticks (at least one) at round values, from low to high."""
    found = _decades(shown, most) if shown.is_log else []
    if len(found) < 2:
        found = _round_values(shown, most)
    minus = "-" if ascii_only else "−"
    return tuple(Tick(tick.position, tick.label.replace("-", minus)) for tick in found)


def short(value: float, step: float = 0.0) -> str:
    """Return a value in at most six characters, exact to `step`; empty where six do not do."""
    if value == 0:
        return "0"
    # One decimal more than the step's own power of ten allows for float noise only.
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step else 4
    plain = f"{value:.{decimals}f}" if decimals < LABEL_WIDTH and abs(value) < 10**LABEL_WIDTH else ""
    if plain and len(plain) <= LABEL_WIDTH and float(plain) != 0:
        return plain
    for digits in range(LABEL_WIDTH):
        mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
        text = f"{mantissa}e{int(exponent)}"
        if len(text) <= LABEL_WIDTH and abs(float(text) - value) <= step / 100:
            return text
    return ""


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


def _widened(low: float, high: float) -> tuple[float, float]:
    size = max(abs(low), abs(high))
    if high / 4 - low / 4 > _NARROWEST * size / 4 and high > low:
        return low, high
    middle = low / 2 + high / 2
    half = 0.5 if low == high == 0 else max(size / 2 if low == high else size * _NARROWEST, sys.float_info.min)
    return max(middle - half, -_LARGEST * 4), min(middle + half, _LARGEST * 4)


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


def _round_values(shown: Window, most: int) -> list[Tick]:
    low, high = shown.low, shown.high
    if shown.is_log:
        low, high = (float(each) for each in shown.value(np.array([0.0, 1.0])))
        if not 0 < low < high < math.inf:
            return [Tick(0.5, short(shown.low / 2 + shown.high / 2) or "?")]
    values, step = _multiples(low, high, most)
    labels = [short(value, step) for value in values]
    if not all(labels) or len(set(labels)) < len(labels):
        labels = _from_the_first(values, step)
    places = shown.position(np.array(values))
    return [
        Tick(float(place), label)
        for place, label in zip(places, labels, strict=True)
        if label and -1e-9 <= place <= 1 + 1e-9
    ]


def _from_the_first(values: list[float], step: float) -> list[str]:
    """Return labels of values too alike for six characters: the first rounded, the others as what they add to it.

    Empty where what they add has no exact short form either.
    """
    labels = [_rounded(each) for each in values[:1]]
    for place in range(1, len(values)):
        more = short(place * step, step) if math.isfinite(place * step) else ""
        labels.append(f"+{more}" if more and len(more) < LABEL_WIDTH else "")
    return labels


def _rounded(value: float) -> str:
    """Return a value with as many digits as six characters hold."""
    texts = (f"{value:.{digits}g}" for digits in range(LABEL_WIDTH, 0, -1))
    plain = (re.sub(r"e\+?(-?)0*", r"e\1", text) for text in texts)
    return next((text for text in plain if len(text) <= LABEL_WIDTH), f"{value:.0e}"[:LABEL_WIDTH])


def _decades(shown: Window, most: int) -> list[Tick]:
    first, last = math.ceil(shown.low - 1e-9), math.floor(shown.high + 1e-9)
    stride = max(1, math.ceil((last - first + 1) / max(1, most)))
    exponents = [k for k in range(first, last + 1) if k % stride == 0]
    return [Tick(min(1.0, max(0.0, (k - shown.low) / (shown.high - shown.low))), _power(k)) for k in exponents]


def _power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if -2 <= exponent <= 3 else f"1e{exponent}"
