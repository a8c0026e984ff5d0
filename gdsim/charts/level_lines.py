"""Level lines of heights over a grid, found by marching squares."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from gdsim.engine.parameters import Vector


def level_line(x: Vector, y: Vector, values: Vector) -> tuple[Vector, Vector]:
    """Return the zero lines of values (rows of y, columns of x): x, y (points,), separated by nan."""
    neighbours = _neighbours(values)
    places = {edge: _place(x, y, values, edge) for edge in neighbours}
    xs: list[float] = []
    ys: list[float] = []
    # Open lines first; what remains are closed rings.
    for start in sorted(neighbours, key=lambda edge: len(neighbours[edge])):
        edge: int | None = start
        while edge is not None:
            xs.append(places[edge][0])
            ys.append(places[edge][1])
            following = neighbours[edge].pop() if neighbours[edge] else None
            if following is not None:
                neighbours[following].remove(edge)
            elif len(xs) == 1 or np.isnan(xs[-2]):  # an edge of a line already traced
                del xs[-1], ys[-1]
            edge = following
        if xs and not np.isnan(xs[-1]):
            xs.append(np.nan)
            ys.append(np.nan)
    return np.array(xs[:-1]), np.array(ys[:-1])


def _neighbours(values: Vector) -> dict[int, list[int]]:
    """Return, for each grid edge that a line crosses, the edges it continues to.

    The number of an edge is twice the index of the value at its lower left end, plus one if it is vertical.
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
            crossed = [*crossed[1:], crossed[0]]  # a saddle: the side with the sign of its mean stays connected
        for one, other in zip(crossed[::2], crossed[1::2], strict=True):
            found[one].append(other)
            found[other].append(one)
    return found


def _place(x: Vector, y: Vector, values: Vector, edge: int) -> tuple[float, float]:
    """Return the point of an edge at which the value is 0, by linear interpolation."""
    row, column = divmod(edge // 2, values.shape[1])
    up, right = edge % 2, 1 - edge % 2
    here, there = float(values[row, column]), float(values[row + up, column + right])
    part = here / (here - there) if here != there else 0.5
    return (
        float(x[column] + part * (x[column + right] - x[column])),
        float(y[row] + part * (y[row + up] - y[row])),
    )
