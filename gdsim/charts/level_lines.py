"""Where a height over a grid has one value: the lines of marching squares."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from gdsim.engine.parameters import Vector


def level_line(x: Vector, y: Vector, values: Vector) -> tuple[Vector, Vector]:
    """Return the lines along which values (rows of y, columns of x) are 0: x, y (points,), nan between two lines."""
    neighbours = _neighbours(values)
    places = {edge: _place(x, y, values, edge) for edge in neighbours}
    xs: list[float] = []
    ys: list[float] = []
    # Lines with ends first; what is left then are rings.
    for start in sorted(neighbours, key=lambda edge: len(neighbours[edge])):
        edge: int | None = start
        while edge is not None:
            xs.append(places[edge][0])
            ys.append(places[edge][1])
            following = neighbours[edge].pop() if neighbours[edge] else None
            if following is not None:
                neighbours[following].remove(edge)
            elif len(xs) == 1 or np.isnan(xs[-2]):  # an edge of a line drawn before
                del xs[-1], ys[-1]
            edge = following
        if xs and not np.isnan(xs[-1]):
            xs.append(np.nan)
            ys.append(np.nan)
    return np.array(xs[:-1]), np.array(ys[:-1])


def _neighbours(values: Vector) -> dict[int, list[int]]:
    """Return for each edge of the grid that a line crosses the edges it goes on to.

    Edges are numbered: twice the number of the value at their lower left end, one more for those that go up.
    """
    columns = values.shape[1]
    is_high = values > 0
    corners = np.stack([is_high[:-1, :-1], is_high[:-1, 1:], is_high[1:, 1:], is_high[1:, :-1]])
    known = np.isfinite(values[:-1, :-1] + values[:-1, 1:] + values[1:, 1:] + values[1:, :-1])
    found: dict[int, list[int]] = defaultdict(list)
    rows, places = np.nonzero((corners.any(axis=0) & ~corners.all(axis=0)) & known)
    for row, column in zip(rows.tolist(), places.tolist(), strict=True):
        cell = row * columns + column
        edges = (2 * cell, 2 * (cell + 1) + 1, 2 * (cell + columns), 2 * cell + 1)
        high = corners[:, row, column].tolist()
        crossed = [edge for k, edge in enumerate(edges) if high[k] != high[(k + 1) % 4]]
        if len(crossed) == 4 and (values[row : row + 2, column : column + 2].mean() > 0) == high[0]:
            crossed = [*crossed[1:], crossed[0]]  # a saddle: what is like its middle stays in one piece
        for one, other in zip(crossed[::2], crossed[1::2], strict=True):
            found[one].append(other)
            found[other].append(one)
    return found


def _place(x: Vector, y: Vector, values: Vector, edge: int) -> tuple[float, float]:
    """Return where along an edge the value is 0, by a straight line between its ends."""
    row, column = divmod(edge // 2, values.shape[1])
    up, right = edge % 2, 1 - edge % 2
    here, there = float(values[row, column]), float(values[row + up, column + right])
    part = here / (here - there) if here != there else 0.5
    return (
        float(x[column] + part * (x[column + right] - x[column])),
        float(y[row] + part * (y[row + up] - y[row])),
    )
