"""Prepares lines for plotext: clips them to the window, thins them to what dots can show, cuts them into dashes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.layout import dots_at
from gdsim.engine.parameters import Vector

Flags = NDArray[np.bool_]
Dots = NDArray[np.int64]
Vertices = tuple[float | None, ...]
"""Coordinates of vertices from 0 to 1; None where a line breaks."""


class Polyline(NamedTuple):
    """Vertices on a grid of dots: x, y (vertices,), whole numbers; joined (vertices,): whether a line leads to each."""

    x: Dots
    y: Dots
    joined: Flags


def vertices(
    x: Vector, y: Vector, size: tuple[int, int], fine: tuple[int, int], dash: tuple[int, int]
) -> tuple[Vertices, Vertices]:
    """Reduce a line x, y (points,) to a few vertices within the window, which is 0 to 1 both ways, as plotext takes it.

    size: cells across and up. fine: dots of a cell, across and up. dash: dots drawn, dots left out (0: solid). The line
    breaks at points that are nan.
    """
    inside_x, inside_y, joined = clipped(x, y)
    if fine == (1, 1):
        inside_x, inside_y, joined = _stepped(inside_x, inside_y, joined, size)
    columns, rows = map(dots_at, (inside_x, inside_y), size, fine)
    line = dashed(thinned(Polyline(columns, rows, joined)), *dash)
    across, up = (max(1, cells * dots - 1) for cells, dots in zip(size, fine, strict=True))
    xs: list[float | None] = []
    ys: list[float | None] = []
    for column, row, is_joined in zip(line.x.tolist(), line.y.tolist(), line.joined.tolist(), strict=True):
        if xs and not is_joined:
            xs.append(None)
            ys.append(None)
        xs.append(column / across)
        ys.append(row / up)
    return tuple(xs), tuple(ys)


def _stepped(x: Vector, y: Vector, joined: Flags, size: tuple[int, int]) -> tuple[Vector, Vector, Flags]:
    """Add points to a line, one for each of the cells it passes: between them plotext rounds down, by up to a cell."""
    if len(x) < 2:
        return x, y, joined
    cells = np.ceil(np.maximum(np.abs(np.diff(x)) * size[0], np.abs(np.diff(y)) * size[1])).astype(np.int64)
    numbers = np.r_[0, np.cumsum(np.where(joined[1:], np.maximum(cells, 1), 1))]
    every = np.arange(numbers[-1] + 1)
    leads = np.ones(len(every), dtype=bool)
    leads[numbers] = joined
    return np.interp(every, numbers, x), np.interp(every, numbers, y), leads


def clipped(x: Vector, y: Vector) -> tuple[Vector, Vector, Flags]:
    """Clip the line x, y (points,) to the window, 0 to 1 both ways; also return whether a line leads to each vertex."""
    # The common case: the whole line is inside, without nan, since comparisons with nan are false.
    if bool(((x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)).all()):
        return x, y, np.arange(len(x)) > 0
    x0, y0, dx, dy = x[:-1], y[:-1], np.diff(x), np.diff(y)
    start, end = np.zeros(len(dx)), np.ones(len(dx))
    seen = np.isfinite(dx) & np.isfinite(dy)
    # Liang and Barsky (1984): each edge of the rectangle narrows the part of a segment that is kept.
    for toward, room in ((-dx, x0), (dx, 1 - x0), (-dy, y0), (dy, 1 - y0)):
        with np.errstate(all="ignore"):
            at = room / toward
        start = np.where(toward < 0, np.maximum(start, at), start)
        end = np.where(toward > 0, np.minimum(end, at), end)
        seen &= ~((toward == 0) & (room < 0))
    seen &= start <= end
    kept = np.flatnonzero(seen)
    if not len(kept):
        alone = np.isfinite(x) & np.isfinite(y) & (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
        return x[alone], y[alone], np.zeros(int(alone.sum()), dtype=bool)
    # Two vertices per kept segment; the first is dropped if it is the end of the previous segment.
    follows = np.zeros(len(kept), dtype=bool)
    follows[1:] = (np.diff(kept) == 1) & (end[kept[:-1]] >= 1) & (start[kept[1:]] <= 0)
    xs = np.stack([x0 + start * dx, x0 + end * dx])[:, kept].T.ravel()
    ys = np.stack([y0 + start * dy, y0 + end * dy])[:, kept].T.ravel()
    joined = np.tile([False, True], len(kept))
    wanted = np.stack([~follows, np.ones(len(kept), dtype=bool)]).T.ravel()
    return xs[wanted], ys[wanted], joined[wanted]


def thinned(line: Polyline) -> Polyline:
    """Return fewer vertices that draw the same dots: of each stretch within one dot column, keep four at most.

    These are the first, lowest, highest and last; between them the line only runs up and down its column. A vertex on
    the same dot as the one before is dropped as well.
    """
    again = line.joined & np.r_[False, (np.diff(line.x) == 0) & (np.diff(line.y) == 0)][: len(line.x)]
    line = Polyline(line.x[~again], line.y[~again], line.joined[~again])
    count = len(line.x)
    if count < 3:
        return line
    opens = ~line.joined | np.r_[True, line.x[1:] != line.x[:-1]]
    first = np.flatnonzero(opens)
    last = np.r_[first[1:], count] - 1
    by_height = np.lexsort((line.y, np.cumsum(opens) - 1))
    wanted = np.unique(np.concatenate([first, last, by_height[first], by_height[last]]))
    return _straightened(Polyline(line.x[wanted], line.y[wanted], line.joined[wanted]))


def _straightened(line: Polyline) -> Polyline:
    """Return the line without vertices that it passes straight through along a row, column or diagonal of dots."""
    right, up = np.diff(line.x), np.diff(line.y)
    is_straight = line.joined[1:] & ((right == 0) | (up == 0) | (np.abs(right) == np.abs(up)))
    goes_on = (np.sign(right[1:]) == np.sign(right[:-1])) & (np.sign(up[1:]) == np.sign(up[:-1]))
    kept = np.ones(len(line.x), dtype=bool)
    kept[1:-1] = ~(is_straight[1:] & is_straight[:-1] & goes_on)
    return Polyline(line.x[kept], line.y[kept], line.joined[kept])


def dashed(line: Polyline, drawn: int, left_out: int) -> Polyline:
    """Return the line as dashes of `drawn` dots with gaps of `left_out`; the line itself if that is 0."""
    if not left_out or len(line.x) < 2:
        return line
    pieces = [_dashes(piece, drawn, left_out) for piece in _pieces(line)]
    return Polyline(*(np.concatenate([getattr(piece, part) for piece in pieces]) for part in ("x", "y", "joined")))


def _pieces(line: Polyline) -> list[Polyline]:
    cuts = np.flatnonzero(~line.joined)[1:]
    parts = (np.split(each, cuts) for each in (line.x, line.y, line.joined))
    return [Polyline(x, y, joined) for x, y, joined in zip(*parts, strict=True)]


def _dashes(piece: Polyline, drawn: int, left_out: int) -> Polyline:
    along = np.r_[0, np.cumsum(np.maximum(np.abs(np.diff(piece.x)), np.abs(np.diff(piece.y))))]
    starts = np.arange(0, along[-1] + 1, drawn + left_out)
    # The vertices of the piece and both ends of every dash, in order along the line.
    ends = np.minimum(starts + drawn - 1, along[-1])
    places = np.unique(np.concatenate([along, starts, ends]))
    inside = places % (drawn + left_out) < drawn
    places = places[inside]
    x = np.rint(np.interp(places, along, piece.x)).astype(np.int64)
    y = np.rint(np.interp(places, along, piece.y)).astype(np.int64)
    return Polyline(x, y, places % (drawn + left_out) != 0)


def between(x: Vector, y: Vector, count: int) -> tuple[Vector, Vector]:
    """Return about `count` evenly spaced points along a line, in addition to its own points."""
    length = np.r_[0.0, np.nancumsum(np.hypot(np.diff(x), np.diff(y)))]
    places = np.unique(np.r_[np.linspace(0, length[-1], count), length])
    return np.interp(places, length, x), np.interp(places, length, y)
