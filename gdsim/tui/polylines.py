"""Lines on a grid of dots: clipped to the grid, snapped to it, thinned without losing a dot, dashed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdsim.engine.parameters import Vector, distinct

Flags = NDArray[np.bool_]
Dots = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Polyline:
    """Vertices on a grid of dots: x, y (vertices,), whole numbers; joined (vertices,): whether a line leads to each."""

    x: Dots
    y: Dots
    joined: Flags


def clipped(x: Vector, y: Vector, x_high: float, y_high: float) -> tuple[Vector, Vector, Flags]:
    """Return the line x, y (points,) cut to 0 ≤ x ≤ x_high, 0 ≤ y ≤ y_high, and whether each vertex is joined.

    The line breaks where a point is nan, so a run that blew up does not come back from nowhere.
    """
    # Comparisons with nan are false, so this is the whole line on view, as most are.
    if bool(((x >= 0) & (x <= x_high) & (y >= 0) & (y <= y_high)).all()):
        return x, y, np.arange(len(x)) > 0
    x0, y0, dx, dy = x[:-1], y[:-1], np.diff(x), np.diff(y)
    start, end = np.zeros(len(dx)), np.ones(len(dx))
    seen = np.isfinite(dx) & np.isfinite(dy)
    # Liang and Barsky (1984): each edge of the rectangle moves the part of a segment that is kept.
    for toward, room in ((-dx, x0), (dx, x_high - x0), (-dy, y0), (dy, y_high - y0)):
        with np.errstate(divide="ignore", invalid="ignore"):
            at = room / toward
        start = np.where(toward < 0, np.maximum(start, at), start)
        end = np.where(toward > 0, np.minimum(end, at), end)
        seen &= ~((toward == 0) & (room < 0))
    seen &= start <= end
    kept = np.flatnonzero(seen)
    if not len(kept):
        alone = np.isfinite(x) & np.isfinite(y) & (x >= 0) & (x <= x_high) & (y >= 0) & (y <= y_high)
        return x[alone], y[alone], np.zeros(int(alone.sum()), dtype=bool)
    # Two vertices a kept segment; the first is dropped where it is the end of the segment before.
    follows = np.zeros(len(kept), dtype=bool)
    follows[1:] = (np.diff(kept) == 1) & (end[kept[:-1]] >= 1) & (start[kept[1:]] <= 0)
    xs = np.stack([x0 + start * dx, x0 + end * dx])[:, kept].T.ravel()
    ys = np.stack([y0 + start * dy, y0 + end * dy])[:, kept].T.ravel()
    joined = np.tile([False, True], len(kept))
    wanted = np.stack([~follows, np.ones(len(kept), dtype=bool)]).T.ravel()
    return xs[wanted], ys[wanted], joined[wanted]


def snapped(x: Vector, y: Vector, joined: Flags) -> Polyline:
    """Return the dots that vertices fall on."""
    return Polyline(np.floor(x).astype(np.int64), np.floor(y).astype(np.int64), joined)


def thinned(line: Polyline) -> Polyline:
    """Return as few vertices as draw the same dots: first, lowest, highest and last of each stay in one dot column.

    Between these the line only runs up and down its column; a vertex midway on a level, upright or diagonal
    stretch goes as well.
    """
    return _without_midway(_column_extremes(line))


def dashed(line: Polyline, drawn: int, left_out: int) -> Polyline:
    """Return the line as dashes of `drawn` dots with `left_out` between; the line itself where none is left out."""
    if not left_out or len(line.x) < 2:
        return line
    pieces = [_dashes(piece, drawn, left_out) for piece in _pieces(line)]
    return Polyline(*(np.concatenate([getattr(piece, part) for piece in pieces]) for part in ("x", "y", "joined")))


def _column_extremes(line: Polyline) -> Polyline:
    count = len(line.x)
    if count < 3:
        return line
    opens = ~line.joined | np.r_[True, line.x[1:] != line.x[:-1]]
    first = np.flatnonzero(opens)
    last = np.r_[first[1:], count] - 1
    run = np.cumsum(opens) - 1
    by_height = np.lexsort((line.y, run))
    wanted = distinct(np.concatenate([first, last, by_height[first], by_height[last]]))
    return Polyline(line.x[wanted], line.y[wanted], line.joined[wanted])


def _without_midway(line: Polyline) -> Polyline:
    if len(line.x) < 3:
        return line
    same = line.joined & np.r_[False, (np.diff(line.x) == 0) & (np.diff(line.y) == 0)]
    x, y, joined = line.x[~same], line.y[~same], line.joined[~same]
    if len(x) < 3:
        return Polyline(x, y, joined)
    dx, dy = np.diff(x), np.diff(y)
    straight = (dx == 0) | (dy == 0) | (np.abs(dx) == np.abs(dy))
    goes_on = (np.sign(dx[1:]) == np.sign(dx[:-1])) & (np.sign(dy[1:]) == np.sign(dy[:-1]))
    midway = np.r_[False, goes_on & straight[1:] & straight[:-1] & joined[1:-1] & joined[2:], False]
    return Polyline(x[~midway], y[~midway], joined[~midway])


def _pieces(line: Polyline) -> list[Polyline]:
    cuts = np.flatnonzero(~line.joined)[1:]
    parts = (np.split(each, cuts) for each in (line.x, line.y, line.joined))
    return [Polyline(x, y, joined) for x, y, joined in zip(*parts, strict=True)]


def _dashes(piece: Polyline, drawn: int, left_out: int) -> Polyline:
    along = np.r_[0, np.cumsum(np.maximum(np.abs(np.diff(piece.x)), np.abs(np.diff(piece.y))))]
    starts = np.arange(0, along[-1] + 1, drawn + left_out)
    # The vertices of the piece and both ends of every dash, in order along the line.
    ends = np.minimum(starts + drawn - 1, along[-1])
    places = distinct(np.concatenate([along, starts, ends]))
    inside = places % (drawn + left_out) < drawn
    places = places[inside]
    x = np.rint(np.interp(places, along, piece.x)).astype(np.int64)
    y = np.rint(np.interp(places, along, piece.y)).astype(np.int64)
    return Polyline(x, y, places % (drawn + left_out) != 0)
