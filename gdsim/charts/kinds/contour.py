"""A path seen from above: heights over two elements of θ as shades, with the paths of the runs on them."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import (
    Axis,
    Chart,
    Field,
    Role,
    Series,
    arrow,
    line,
    line_beside,
    name_of_main,
    point,
    points,
    starts,
)
from gdsim.charts.current import is_revealed, run_of, standing, unfinished_update, walk
from gdsim.charts.kinds.curve import window_of
from gdsim.charts.layout import RIM, Window, widened
from gdsim.charts.shapes import function_of
from gdsim.charts.view import Comparison, View
from gdsim.engine.parameters import Vector
from gdsim.engine.update import GRADIENT
from gdsim.i18n import _
from gdsim.timeline.position import update_on_view
from gdsim.timeline.timeline import Timeline

_ARROW_LENGTH = 0.2
_LOW = 0.4
_NOISE = 1e-12
"""A lowest height smaller than this part of the scale is 0 but for rounding."""


def relief(x: Window, y: Window, heights: Vector, label: str, rim: float) -> Field:
    """Return heights (rows of y, columns of x), over the windows and `rim` beyond them, as a field.

    The scale is that of the heights inside the windows. If most of them are low, as in a bowl, shades follow the square
    root of the height above the lowest: the rings of a bowl are then equally wide, and a flat valley still shows its
    floor.
    """
    rows, columns = (round((count - 1) * rim / (1 + 2 * rim)) for count in heights.shape)
    inner = heights[rows : len(heights) - rows, columns : heights.shape[1] - columns]
    finite, ends = inner[np.isfinite(inner)], (*widened(x, part=rim), *widened(y, part=rim))
    if not finite.size:
        return Field(*ends, heights, label)
    low, middle, high = (float(each) for each in (finite.min(), np.median(finite), finite.max()))
    with np.errstate(all="ignore"):
        low = 0.0 if abs(low) < _NOISE * (high / 2 - low / 2) else low
        is_bowl = middle / 2 - low / 2 < _LOW * (high / 2 - low / 2)
    return Field(*ends, heights, label, low, high, is_rooted=bool(is_bowl))


def walked(view: View, elements: tuple[int, int], updates: Vector, path: Vector) -> tuple[Series, ...]:
    """Return the main path (kept, 2) after `updates` (kept,), the comparison runs' paths, the next and current points.

    Marks the lowest point so far, unless the run uses mini-batches, whose losses are not over all samples.
    """
    update = unfinished_update(view)
    landing = []
    if update is not None and is_revealed(view, GRADIENT):
        landing = [point(Role.NEXT, update.after.theta[list(elements)], _("next"))]
    return (
        *(series for beside in view.comparisons for series in _walked_beside(beside, view, elements)),
        line(Role.PATH, path[:, 0], path[:, 1], _("path")),
        points(Role.PATH, path[:-1, 0], path[:-1, 1]),
        *starts(view, lambda timeline: _start(timeline, elements)),
        *_lowest(view, updates, path),
        *landing,
        point(Role.CURRENT, path[-1], name_of_main(view.comparisons)),
    )


def _lowest(view: View, updates: Vector, path: Vector) -> list[Series]:
    if run_of(view).batches.size is not None:
        return []
    numbers, losses = view.timeline.losses(view.position.update)
    heights = losses[np.minimum(np.searchsorted(numbers, updates), len(losses) - 1)]
    if not np.isfinite(heights).any() or np.nanmin(heights) >= heights[-1]:
        return []
    return [point(Role.LOWEST, path[int(np.nanargmin(heights))], _("lowest so far"))]


def downhill(view: View, elements: tuple[int, int], x: Window, y: Window) -> tuple[Series, ...]:
    """Return the negative gradient as an arrow, once it is revealed, from the point at which it was taken.

    The direction is exact; the length is always the same fraction of the window.
    """
    update = update_on_view(view.timeline, view.position)
    if update is None or not is_revealed(view, GRADIENT):
        return ()
    chosen = list(elements)
    tail, direction = update.before.theta[chosen], -update.gradient[chosen]
    parts = np.abs(direction) / np.array([x[1] - x[0], y[1] - y[0]])
    if not (np.isfinite(tail).all() and np.isfinite(parts).all() and parts.max() > 0):
        return ()
    return (arrow(Role.TANGENT, tail, tail + _ARROW_LENGTH * direction / parts.max(), _("negative gradient")),)


def _start(timeline: Timeline, elements: tuple[int, int]) -> Vector | None:
    theta = timeline.state(0).theta
    return theta[list(elements)] if theta.size > max(elements) else None


def _walked_beside(beside: Comparison, view: View, elements: tuple[int, int]) -> list[Series]:
    update = standing(beside, view)
    if beside.timeline.run_at(update).model.layout.size <= max(elements):
        return []
    x, y = walk(beside.timeline, elements, update)[1].T
    return line_beside(beside, x, y, beside.mark.lower())


_COLUMNS, _ROWS = 60, 30
"""Intervals of the grid across the window and up."""
_ELEMENTS = (0, 1)


def build(view: View, rim: float = RIM) -> Chart | None:
    """Return the mountain with the path on it; None unless the run minimises a function of two variables.

    rim: the part of the window by which the heights reach beyond it on either side.
    """
    f = function_of(run_of(view), 2)
    if f is None:
        return None
    updates, path = walk(view.timeline, _ELEMENTS, view.position.update)
    x, y = (window_of(view, i, path[:, i]) for i in _ELEMENTS)
    counts = (round(count * (1 + 2 * rim)) + 1 for count in (_COLUMNS, _ROWS))
    across, up = (np.linspace(*widened(each, part=rim), count) for each, count in zip((x, y), counts, strict=True))
    heights = f(across[np.newaxis, :], up[:, np.newaxis])
    layers: tuple[Series | Field, ...] = (
        relief(x, y, heights, _("height"), rim),
        *downhill(view, _ELEMENTS, x, y),
        *walked(view, _ELEMENTS, updates, path),
    )
    return Chart(_("mountain from above"), Axis(f.variables[0], *x), Axis(f.variables[1], *y), layers)
