"""A chart as a vector picture, for pages and notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import ArrayLike

from gdsim.charts.chart import Chart, Field, Role, Series, Shape, role_of_class
from gdsim.charts.layout import AxisLayout, layout_of
from gdsim.engine.parameters import Vector

_COLORS: Mapping[Role, str] = {
    Role.CURVE: "#2156b8", Role.DATA: "#00796b", Role.DATA_ALT: "#d9480f", Role.FIT: "#2156b8", Role.LOSS: "#7048b6",
    Role.PATH: "#a67c00", Role.CURRENT: "#c2185b", Role.NEXT: "#c2185b", Role.TANGENT: "#c62828",
    Role.BOUNDARY: "#2e7d32", Role.GHOST: "#8a8f99", Role.TRUTH: "#8a8f99", Role.COMPARE: "#00838f",
    Role.DATA_3: "#7048b6", Role.DATA_4: "#2e7d32", Role.LOWEST: "#333333",
    Role.BEFORE: "#8a8f99", Role.COMPARE_2: "#b35900", Role.COMPARE_3: "#5c7c00", Role.COMPARE_4: "#8e3b8e",
}  # fmt: skip
_DASHES: Mapping[Role, str] = {Role.TANGENT: "6 3", Role.TRUTH: "2 3", Role.GHOST: "2 4", Role.BEFORE: "5 4"}
_SEQUENTIAL = ("#8fa8dc", "#93c6d6", "#a9dcc0", "#d2ecb0", "#fbf7c6")
_CLASSES: Mapping[Role, str] = {
    Role.DATA: "0,121,107", Role.DATA_ALT: "217,72,15", Role.DATA_3: "112,72,182", Role.DATA_4: "46,125,50",
}  # fmt: skip
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 14.0, 12.0, 34.0
_LEVELS = 16
_LETTER, _ROW = 6.2, 16.0
"""About how wide a letter and how high a row of the legend is."""


class _Plane(NamedTuple):
    """Where numbers lie in a picture: the axes, and the rectangle they are drawn in."""

    x_axis: AxisLayout
    y_axis: AxisLayout
    left: float
    top: float
    width: float
    height: float

    def x(self, values: ArrayLike) -> Vector:
        """Return values of the x axis in the units of the picture."""
        return self.left + self.width * self.x_axis.position(values)

    def y(self, values: ArrayLike) -> Vector:
        """Return values of the y axis in the units of the picture."""
        return self.top + self.height * (1 - self.y_axis.position(values))


def chart_svg(chart: Chart, width: float = 460, height: float = 280) -> str:
    """Return a chart as SVG, with its axes and a legend of the layers that have a label."""
    rows = _legend_rows(chart, width)
    plane = _plane(chart, width, height, _TOP + _ROW * max(1, len(rows)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label={quoteattr(chart.title)} font-family="system-ui,sans-serif" '
        f'font-size="11" fill="#333">\n<rect width="{width:g}" height="{height:g}" fill="#fff"/>\n'
    ]
    parts += _frame(chart, plane, width, height)
    box = f"{plane.left:g} {plane.top:g} {plane.width:g} {plane.height:g}"
    x, y, inner_width, inner_height = box.split()
    parts.append(f'<svg x="{x}" y="{y}" width="{inner_width}" height="{inner_height}" viewBox="{box}">\n')
    for layer in chart.layers:
        parts += _field(layer, plane) if isinstance(layer, Field) else _series(layer, plane)
    parts.append("</svg>\n")
    parts += _legend(rows)
    return "".join((*parts, "</svg>\n"))


def _plane(chart: Chart, width: float, height: float, top: float) -> _Plane:
    inner_width, inner_height = width - _LEFT - _RIGHT, height - top - _BOTTOM
    x = layout_of(chart.x, [_extent(layer, "x") for layer in chart.layers], int(inner_width / 7), is_exact=True)
    ys = [_extent(layer, "y") for layer in chart.layers]
    y = layout_of(chart.y, ys, int(inner_height / 14), is_upright=True, is_exact=True)
    return _Plane(x, y, _LEFT, top, inner_width, inner_height)


def _extent(layer: Series | Field, axis: str) -> Vector:
    """Return the numbers of a layer that a window of the axis has to hold."""
    if isinstance(layer, Field):
        return np.array([layer.x_low, layer.x_high] if axis == "x" else [layer.y_low, layer.y_high])
    return layer.x if axis == "x" else layer.y


def _frame(chart: Chart, plane: _Plane, width: float, height: float) -> Iterator[str]:
    bottom, right = height - _BOTTOM, width - _RIGHT
    yield f'<path d="M{_LEFT:g} {plane.top:g}V{bottom:g}H{right:g}" fill="none" stroke="#999"/>\n'
    for tick in plane.x_axis.ticks:
        x = plane.left + plane.width * tick.position
        yield f'<path d="M{x:.1f} {bottom:g}v4" stroke="#999"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 15:g}" text-anchor="middle">{tick.label}</text>\n'
    for tick in plane.y_axis.ticks:
        y = plane.top + plane.height * (1 - tick.position)
        yield f'<path d="M{_LEFT:g} {y:.1f}h-4" stroke="#999"/>'
        yield f'<text x="{_LEFT - 7:g}" y="{y + 4:.1f}" text-anchor="end">{tick.label}</text>\n'
    yield f'<text x="{right:g}" y="{height - 5:g}" text-anchor="end">{escape(chart.x.name)}</text>\n'
    yield f'<text x="4" y="{height - 5:g}">{escape(chart.y.name)}</text>\n'


def _field(field: Field, plane: _Plane) -> Iterator[str]:
    """Yield the colours of a field, each row as rectangles of one colour."""
    values = np.asarray(field.values, dtype=np.float64)
    shares = field.shares(values)
    count = len(field.names) or _LEVELS
    levels = values % count if field.names else np.minimum(np.nan_to_num(shares) * count, count - 1)
    shades = np.where(np.isfinite(values), np.nan_to_num(levels), -1).astype(int)
    left, right = plane.x([field.x_low, field.x_high]).tolist()
    low, high = plane.y([field.y_low, field.y_high]).tolist()
    xs, ys = np.linspace(left, right, values.shape[1] + 1), np.linspace(low, high, values.shape[0] + 1)
    for row, numbers in enumerate(shades):
        edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
        for start, end in pairwise(edges):
            if numbers[start] >= 0:
                yield (
                    f'<rect x="{xs[start]:.1f}" y="{ys[row + 1]:.1f}" width="{xs[end] - xs[start] + 0.3:.1f}" '
                    f'height="{ys[row] - ys[row + 1] + 0.3:.1f}" fill="{_color(field, int(numbers[start]))}"/>\n'
                )


def _color(field: Field, level: int) -> str:
    """Return the colour of a level of a field: of its class, of its side of the threshold, or of its height."""
    if field.names:
        return f"rgba({_CLASSES[role_of_class(level)]},0.25)"
    if field.threshold is None:
        return _SEQUENTIAL[level * len(_SEQUENTIAL) // _LEVELS]
    away = abs(2 * level + 1 - _LEVELS) / _LEVELS
    return f"rgba({_CLASSES[role_of_class(int(level >= _LEVELS // 2))]},{0.08 + 0.37 * away:.2f})"


def _series(series: Series, plane: _Plane) -> Iterator[str]:
    color = _COLORS[series.role]
    xs, ys = plane.x(series.x), plane.y(series.y)
    known = np.isfinite(xs) & np.isfinite(ys)
    points = list(zip(xs[known].tolist(), ys[known].tolist(), strict=True))
    if series.shape in (Shape.LINE, Shape.ARROW):
        dash = f' stroke-dasharray="{_DASHES[series.role]}"' if series.role in _DASHES else ""
        breaks = np.r_[True, ~known[:-1]][known].tolist()
        path = "".join(f"{'M' if ends else 'L'}{x:.1f} {y:.1f}" for ends, (x, y) in zip(breaks, points, strict=True))
        if path:
            yield f'<path d="{path}" fill="none" stroke="{color}" stroke-width="2"{dash}/>\n'
        points = points[-1:] if series.shape is Shape.ARROW else []
    elif series.shape is Shape.BARS:
        base = plane.y(0.0) if not plane.y_axis.is_log else plane.top + plane.height
        for x, y in points:
            yield f'<path d="M{x:.1f} {float(base):.1f}V{y:.1f}" stroke="{color}" stroke-width="6"/>\n'
        points = []
    radius = 5 if series.role in (Role.CURRENT, Role.NEXT) else 3.2
    ring = ' stroke="#c62828" stroke-width="1.6"' if series.is_circled else ""
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{color}"{ring}/>\n'


def _legend_rows(chart: Chart, width: float) -> list[list[tuple[str, str]]]:
    """Return label and colour of the series that have a label, in as many rows as that takes; equal ones once."""
    labels = {layer.label: _COLORS[layer.role] for layer in chart.layers if isinstance(layer, Series) and layer.label}
    rows: list[list[tuple[str, str]]] = []
    for entry in labels.items():
        if rows and sum(map(_width, [*rows[-1], entry])) <= width - _LEFT - _RIGHT:
            rows[-1].append(entry)
        else:
            rows.append([entry])
    return rows


def _width(entry: tuple[str, str]) -> float:
    return _LETTER * len(entry[0]) + 22


def _legend(rows: list[list[tuple[str, str]]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        x, y = _LEFT + 4, _TOP + _ROW * number
        for label, color in row:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>'
            yield f'<text x="{x + 8:.1f}" y="{y + 4:.1f}">{escape(label)}</text>\n'
            x += _width((label, color))
