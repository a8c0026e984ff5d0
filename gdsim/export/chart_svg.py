"""A chart as a vector picture, for pages and notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import floor, isfinite, log10
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from gdsim.charts.chart import Axis, Chart, Field, Role, Series, Shape
from gdsim.engine.parameters import Vector
from gdsim.explain.numbers import compact

_COLORS: Mapping[Role, str] = {
    Role.CURVE: "#2156b8", Role.DATA: "#00796b", Role.DATA_ALT: "#d9480f", Role.FIT: "#2156b8", Role.LOSS: "#7048b6",
    Role.PATH: "#a67c00", Role.CURRENT: "#c2185b", Role.NEXT: "#c2185b", Role.TANGENT: "#c62828",
    Role.BOUNDARY: "#2e7d32", Role.GHOST: "#8a8f99", Role.TRUTH: "#8a8f99", Role.COMPARE: "#00838f",
    Role.BEFORE: "#8a8f99", Role.COMPARE_2: "#b35900", Role.COMPARE_3: "#5c7c00", Role.COMPARE_4: "#8e3b8e",
}  # fmt: skip
_DASHES: Mapping[Role, str] = {Role.TANGENT: "6 3", Role.TRUTH: "2 3", Role.GHOST: "2 4", Role.BEFORE: "5 4"}
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 14.0, 28.0, 34.0


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where numbers lie in the picture: `x` and `y` turn them into its units."""

    x: Callable[[float], float]
    y: Callable[[float], float]
    x_ticks: tuple[float, ...]
    y_ticks: tuple[float, ...]


def chart_svg(chart: Chart, width: float = 460, height: float = 280) -> str:
    """Return a chart as SVG, with its title, axes and a legend of the layers that have a label."""
    plane = _plane(chart, width, height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label={quoteattr(chart.title)} font-family="system-ui,sans-serif" '
        f'font-size="11" fill="#333">\n<rect width="{width:g}" height="{height:g}" fill="#fff"/>\n'
    ]
    parts += _frame(chart, plane, width, height)
    box = f'x="{_LEFT:g}" y="{_TOP:g}" width="{width - _LEFT - _RIGHT:g}" height="{height - _TOP - _BOTTOM:g}"'
    parts.append(f'<svg {box} viewBox="{_LEFT:g} {_TOP:g} {width - _LEFT - _RIGHT:g} {height - _TOP - _BOTTOM:g}">\n')
    for layer in chart.layers:
        parts += _field(layer, plane) if isinstance(layer, Field) else _series(layer, plane)
    parts.append("</svg>\n")
    parts += _legend(chart, width)
    return "".join((*parts, "</svg>\n"))


def _plane(chart: Chart, width: float, height: float) -> _Plane:
    xs = [e for layer in chart.layers for e in _extent(layer, "x")]
    ys = [e for layer in chart.layers for e in _extent(layer, "y")]
    (x_low, x_high), (y_low, y_high) = _window(chart.x, xs), _window(chart.y, ys)
    return _Plane(
        _scale(chart.x, x_low, x_high, _LEFT, width - _RIGHT),
        _scale(chart.y, y_low, y_high, height - _BOTTOM, _TOP),
        _ticks(chart.x, x_low, x_high),
        _ticks(chart.y, y_low, y_high),
    )


def _extent(layer: Series | Field, axis: str) -> list[float]:
    """Return the lowest and highest finite number of a layer along an axis, none where it has none."""
    if isinstance(layer, Field):
        return [layer.x_low, layer.x_high] if axis == "x" else [layer.y_low, layer.y_high]
    values = np.asarray(layer.x if axis == "x" else layer.y, dtype=np.float64)
    values = values[np.isfinite(values)]
    return [float(values.min()), float(values.max())] if len(values) else []


def _window(axis: Axis, values: list[float]) -> tuple[float, float]:
    usable = [value for value in values if value > 0] if axis.is_log else values
    low = axis.low if axis.low is not None else min(usable, default=1.0 if axis.is_log else 0.0)
    high = axis.high if axis.high is not None else max(usable, default=low)
    if not low < high:
        low, high = (low / 2, low * 2) if axis.is_log and low > 0 else (low - 1, low + 1)
    return low, high


def _scale(axis: Axis, low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    if axis.is_log:
        span = log10(high) - log10(low)
        return lambda value: start + (end - start) * ((log10(value) - log10(low)) / span if value > 0 else -1.0)
    return lambda value: start + (end - start) * (value - low) / (high - low)


def _ticks(axis: Axis, low: float, high: float) -> tuple[float, ...]:
    """Return three to seven round numbers of the window; powers of ten along a logarithmic axis."""
    if axis.is_log:
        powers = range(floor(log10(low)) + (log10(low) % 1 > 0), floor(log10(high)) + 1)
        return tuple(10.0**power for power in powers[:: max(1, len(powers) // 5)])
    rough = (high - low) / 5
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * digit for digit in (1, 2, 5, 10) if unit * digit >= rough)
    first = int(np.ceil(low / step - 1e-9))
    return tuple(step * k for k in range(first, int(np.floor(high / step + 1e-9)) + 1))


def _frame(chart: Chart, plane: _Plane, width: float, height: float) -> Iterator[str]:
    bottom, right = height - _BOTTOM, width - _RIGHT
    yield f'<path d="M{_LEFT:g} {_TOP:g}V{bottom:g}H{right:g}" fill="none" stroke="#999"/>\n'
    for value in plane.x_ticks:
        x = plane.x(value)
        yield f'<path d="M{x:.1f} {bottom:g}v4" stroke="#999"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 15:g}" text-anchor="middle">{compact(value, 7)}</text>\n'
    for value in plane.y_ticks:
        y = plane.y(value)
        yield f'<path d="M{_LEFT:g} {y:.1f}h-4" stroke="#999"/>'
        yield f'<text x="{_LEFT - 7:g}" y="{y + 4:.1f}" text-anchor="end">{compact(value, 7)}</text>\n'
    yield f'<text x="{right:g}" y="{height - 5:g}" text-anchor="end">{escape(chart.x.label)}</text>\n'
    yield f'<text x="4" y="{_TOP - 14:g}">{escape(chart.y.label)}</text>\n'


def _field(field: Field, plane: _Plane) -> Iterator[str]:
    """Yield the shades of a field, each row as rectangles of equal shade."""
    values = np.asarray(field.values, dtype=np.float64)
    finite = values[np.isfinite(values)]
    if not len(finite):
        return
    low, span = float(finite.min()), float(np.ptp(finite)) or 1.0
    shades = np.where(np.isfinite(values), np.minimum((values - low) / span * field.levels, field.levels - 1), -1)
    xs = np.linspace(plane.x(field.x_low), plane.x(field.x_high), values.shape[1] + 1)
    ys = np.linspace(plane.y(field.y_low), plane.y(field.y_high), values.shape[0] + 1)
    for row, levels in enumerate(shades.astype(int)):
        edges = [0, *(np.flatnonzero(np.diff(levels)) + 1).tolist(), len(levels)]
        for start, end in pairwise(edges):
            if levels[start] >= 0:
                share = levels[start] / max(1, field.levels - 1)
                color = f"hsl(212,55%,{96 - 46 * share:.0f}%)"
                yield (
                    f'<rect x="{xs[start]:.1f}" y="{ys[row + 1]:.1f}" width="{xs[end] - xs[start] + 0.3:.1f}" '
                    f'height="{ys[row] - ys[row + 1] + 0.3:.1f}" fill="{color}"/>\n'
                )


def _series(series: Series, plane: _Plane) -> Iterator[str]:
    color = _COLORS[series.role]
    points = [(plane.x(x), plane.y(y)) for x, y in _finite(series.x, series.y)]
    if series.shape in (Shape.LINE, Shape.ARROW):
        dash = f' stroke-dasharray="{_DASHES[series.role]}"' if series.role in _DASHES else ""
        path = "".join(f"{'L' if i else 'M'}{x:.1f} {y:.1f}" for i, (x, y) in enumerate(points))
        if path:
            yield f'<path d="{path}" fill="none" stroke="{color}" stroke-width="2"{dash}/>\n'
        points = points[-1:] if series.shape is Shape.ARROW else []
    elif series.shape is Shape.BARS:
        base = plane.y(0.0) if isfinite(plane.y(0.0)) else 0.0
        for x, y in points:
            yield f'<path d="M{x:.1f} {base:.1f}V{y:.1f}" stroke="{color}" stroke-width="6"/>\n'
        points = []
    radius = 5 if series.role in (Role.CURRENT, Role.NEXT) else 3.2
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{color}"/>\n'


def _finite(x: Vector, y: Vector) -> Iterator[tuple[float, float]]:
    return ((a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True) if isfinite(a) and isfinite(b))


def _legend(chart: Chart, width: float) -> Iterator[str]:
    """Yield the labels of the layers from the right, as many as there is room for; equal ones once."""
    labels = {layer.label: _COLORS[layer.role] for layer in chart.layers if isinstance(layer, Series) and layer.label}
    right = width - _RIGHT
    for label, color in labels.items():
        right -= 6.2 * len(label) + 18
        if right < _LEFT + 8.0 * len(chart.y.label):
            return
        yield f'<circle cx="{right:.1f}" cy="{_TOP - 18:g}" r="4" fill="{color}"/>'
        yield f'<text x="{right + 8:.1f}" y="{_TOP - 14:g}">{escape(label)}</text>\n'
