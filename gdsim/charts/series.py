"""Short ways to write the series of a chart."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdsim.charts.chart import Role, Series, Shape
from gdsim.charts.view import Beside
from gdsim.charts.windows import Window
from gdsim.engine.parameters import Vector, distinct
from gdsim.language import _


def line(role: Role, x: ArrayLike, y: ArrayLike, label: str = "", mark: str = "") -> Series:
    """Return points joined in their order."""
    return Series(role, Shape.LINE, _numbers(x), _numbers(y), label, mark)


def points(role: Role, x: ArrayLike, y: ArrayLike, label: str = "", mark: str = "") -> Series:
    """Return points marked one by one; numbers stand for a single point."""
    return Series(role, Shape.POINTS, _numbers(x), _numbers(y), label, mark)


def point(role: Role, place: Vector, label: str = "", mark: str = "") -> Series:
    """Return one marked point, at `place` (2,)."""
    return points(role, place[0], place[1], label, mark)


def bars(role: Role, x: ArrayLike, y: ArrayLike, label: str = "") -> Series:
    """Return bars from 0 to y, at x; no bar where y is nan."""
    return Series(role, Shape.BARS, _numbers(x), _numbers(y), label)


def bar(role: Role, x: Vector, number: int, height: float, label: str = "") -> Series:
    """Return one bar, at x[number], as wide as bars at all of x (bars,) would be."""
    heights = np.full(len(x), np.nan)
    heights[number] = height
    return bars(role, x, heights, label)


def arrow(role: Role, tail: Vector, head: Vector, label: str = "") -> Series:
    """Return an arrow from `tail` (2,) to `head` (2,)."""
    return Series(role, Shape.ARROW, np.array([tail[0], head[0]]), np.array([tail[1], head[1]]), label)


def tangent(
    role: Role, place: float, value: float, slope: float, window: Window, height: float, label: str = ""
) -> list[Series]:
    """Return the line of this slope through (place, value), over a quarter of the window of x, less where it is steep.

    height: of the window of y. Nothing where a number is not finite.
    """
    if not np.isfinite([place, value, slope]).all():
        return []
    half = (window[1] / 2 - window[0] / 2) / 4
    if abs(slope) * half > height / 3:
        half = height / 3 / abs(slope)
    ends = np.array([-half, half])
    return [line(role, place + ends, value + slope * ends, label)]


_COMPARED = (Role.COMPARE, Role.COMPARE_2, Role.COMPARE_3, Role.COMPARE_4)


def role_beside(beside: Beside) -> Role:
    """Return the role of a run drawn beside the main one; of many compared runs some share one, never their mark."""
    return Role.GHOST if beside.is_ghost else _COMPARED[beside.number % len(_COMPARED)]


def off_chart(beside: Beside) -> str:
    """Return the label of a run beside of which the window shows nothing."""
    return _("{label} (off)").format(label=beside.label)


def start_beside(beside: Beside, place: Vector, main: Vector) -> list[Series]:
    """Return where a run beside began, at `place` (2,), as its mark in lower case; nothing where the main run did too.

    main: where the main run began (2,).
    """
    if beside.is_ghost or np.array_equal(place, main):
        return []
    return [point(role_beside(beside), place, mark=beside.mark.lower())]


def start_of_main(starts: list[Series], main: Vector) -> list[Series]:
    """Return where the main run began, at `main` (2,), where runs beside have `starts` of their own."""
    return [point(Role.PATH, main, _("start"), "s")] if starts else []


def thinned(x: Vector, y: Vector, most: int = 400) -> tuple[Vector, Vector]:
    """Return at most about `most` of the points (points,): the lowest and the highest of each stretch, and both ends.

    A peak is never lost. Points that are not finite do not count as lowest or highest.
    """
    if len(x) <= most:
        return x, y
    size = -(-2 * len(x) // most)
    padded = np.full(-(-len(x) // size) * size, np.nan)
    padded[: len(y)] = y
    stretches = padded.reshape(-1, size)
    first = np.arange(0, len(padded), size)
    low = first + np.where(np.isfinite(stretches), stretches, np.inf).argmin(axis=1)
    high = first + np.where(np.isfinite(stretches), stretches, -np.inf).argmax(axis=1)
    kept = distinct(np.concatenate([[0], low, high, [len(x) - 1]]))
    return x[kept], y[kept]


def strongest(values: Vector, most: int) -> NDArray[np.intp]:
    """Return the indices of the values largest in size, one a stretch, for at most `most` even stretches."""
    size = -(-len(values) // most)
    padded = np.full(-(-len(values) // size) * size, -1.0)
    padded[: len(values)] = np.nan_to_num(np.abs(values), nan=0.0)
    stretches = padded.reshape(-1, size)
    return np.asarray(np.arange(len(stretches)) * size + stretches.argmax(axis=1))


def _numbers(values: ArrayLike) -> Vector:
    return np.atleast_1d(np.asarray(values, dtype=np.float64))
