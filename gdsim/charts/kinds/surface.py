"""The loss as a surface over two parameters, computed cheaply enough for a screen."""

from __future__ import annotations

import numpy as np

from gdsim.charts.chart import Axis, Chart, Field, Series
from gdsim.charts.current import run_of, theta_of, walk
from gdsim.charts.fitting import GRIDS, affordable_grid, is_cheap, may_be_parabola, surface_elements
from gdsim.charts.kinds.contour import downhill, relief, walked
from gdsim.charts.kinds.parameters import true_parameters
from gdsim.charts.layout import RIM, Window, doubled, hull, widened
from gdsim.charts.shapes import function_of, losses_at, points_of
from gdsim.charts.view import View
from gdsim.engine.names import parameter_name
from gdsim.engine.parameters import Vector, read_only
from gdsim.engine.update import Run
from gdsim.i18n import _

# Six points determine a quadratic in two variables; three more test whether the loss is one.
_PROBES = read_only(
    np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (0.5, -0.75), (-0.25, 0.5)], dtype=np.float64)
)


def loss_heights(run: Run, theta: Vector, elements: tuple[int, int], x: Window, y: Window) -> Vector | None:
    """Return the loss as two elements of θ vary over the windows, the others as in `theta`: (rows of y, columns of x).

    None if the loss only counts mistakes, or costs too much.
    """
    expression = function_of(run)
    if expression is not None:
        values: list[object] = list(theta)
        across, up = _axes(GRIDS[0], x, y)
        values[elements[0]], values[elements[1]] = across[np.newaxis, :], up[:, np.newaxis]
        return np.asarray(expression(*values))
    known = points_of(run)
    if known is None or not is_cheap(run, theta.size):
        return None
    parabola = _parabola(run, theta, elements, x, y) if may_be_parabola(run) else None
    if parabola is not None:
        return parabola
    grid = affordable_grid(run, len(known.inputs), theta.size)
    if grid is None:
        return None
    across, up = _axes(grid, x, y)
    places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    losses = losses_at(run, _moved(theta, elements, places))
    return None if losses is None else losses.reshape(len(up), len(across))


def _axes(grid: tuple[int, int], x: Window, y: Window) -> tuple[Vector, Vector]:
    return np.linspace(*x, grid[0]), np.linspace(*y, grid[1])


def _moved(theta: Vector, elements: tuple[int, int], places: Vector) -> Vector:
    """Return θ with two elements at each of `places` (points, 2): (points, size)."""
    thetas = np.tile(theta, (len(places), 1))
    thetas[:, list(elements)] = places
    return thetas


def _parabola(run: Run, theta: Vector, elements: tuple[int, int], x: Window, y: Window) -> Vector | None:
    """Return the heights, from a few evaluations, if the loss is quadratic in the two elements; else None."""
    middle, half = np.array([sum(x), sum(y)]) / 2, np.array([x[1] - x[0], y[1] - y[0]]) / 2
    heights = losses_at(run, _moved(theta, elements, middle + _PROBES * half))
    if heights is None or not np.isfinite(heights).all():
        return None
    factors, *_rest = np.linalg.lstsq(_terms(_PROBES), heights, rcond=None)
    if np.abs(_terms(_PROBES) @ factors - heights).max() > 1e-9 * np.abs(heights).max():
        return None
    across, up = _axes(GRIDS[0], (-1.0, 1.0), (-1.0, 1.0))
    places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    return np.asarray((_terms(places) @ factors).reshape(len(up), len(across)))


def _terms(places: Vector) -> Vector:
    """Return 1, u, v, u², uv, v² of each place (points, 2): (points, 6)."""
    u, v = places.T
    return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=1)


_FIRST_STEPS = 10
"""The first window holds the point to which this many steps like the first would lead."""


def build(view: View, rim: float = RIM) -> Chart | None:
    """Return the loss over two parameters with the path; None if no two are chosen or it costs too much.

    rim: the part of the window by which the heights reach beyond it on either side.
    """
    elements = surface_elements(view)
    if elements is None:
        return None
    run, layout = run_of(view), run_of(view).model.layout
    updates, path = walk(view.timeline, elements, view.position.update)
    x, y = (doubled(_window_at_first(view, element), path[:, i]) for i, element in enumerate(elements))
    heights = loss_heights(run, theta_of(view), elements, widened(x, part=rim), widened(y, part=rim))
    if heights is None:
        return None
    layers: tuple[Series | Field, ...] = (
        relief(x, y, heights, _("loss"), rim),
        *downhill(view, elements, x, y),
        *walked(view, elements, updates, path),
    )
    names = [parameter_name(layout, element) for element in elements]
    return Chart(_("loss surface"), Axis(names[0], *x), Axis(names[1], *y), layers)


def _window_at_first(view: View, element: int) -> Window:
    """Return a window that holds the start, and the true value if known, else where steps like the first would lead."""
    start = float(view.timeline.state(0).theta[element])
    landing = float(view.timeline.state(view.timeline.reach(1)).theta[element])
    truth = true_parameters(view)
    ahead = [start + _FIRST_STEPS * (landing - start)] if truth is None else [truth[element]]
    return widened(hull([start], ahead), part=0.25, least=max(1.0, abs(start)))
