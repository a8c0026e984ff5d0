"""The charts of the screen in sentences: what a learner who cannot see one wants to know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from gdsim.charts.chart import Answers, Chart, Drawing, Field, LongColumn, Picture, Role, Series, Shape, SideBySide
from gdsim.charts.table import CHARTS, charts_for
from gdsim.charts.view import View
from gdsim.errors import UsageError
from gdsim.explain.numbers import short_number
from gdsim.i18n import _, ngettext
from gdsim.plain.hill_words import hill_words, mountain_words
from gdsim.plain.network_words import answer_words, column_words, network_words, picture_words
from gdsim.plain.point_words import boundary_words, fit_words
from gdsim.plain.run_words import epoch_words, loss_words, parameter_words

Tell = Callable[[View], list[str]]

WORDS: Mapping[str, Tell] = {
    "curve": hill_words,
    "contour": mountain_words,
    "surface": mountain_words,
    "boundary": boundary_words,
    "fit": fit_words,
    "network": network_words,
    "loss": loss_words,
    "mistakes": epoch_words,
    "parameters": parameter_words,
}
"""Charts that have sentences of their own; the others are told layer by layer."""

_MOST_BARS = 12


def chart_lines(view: View, name: str = "") -> list[str]:
    """Return what the chart of this name shows; without a name the main chart and the loss, and which others there are.

    Raises UsageError for a chart that does not fit the scenario.
    """
    fitting = charts_for(view)
    if name and name not in fitting:
        raise UsageError(f'"{name}"', _("no chart of this scenario"), ", ".join(fitting))
    if name:
        return _told(view, name)
    lines = _told(view, fitting[0])
    if "loss" in fitting[1:]:
        lines += _told(view, "loss")
    others = [other for other in fitting[1:] if other != "loss"]
    return [*lines, _("Other charts: {names}.").format(names=", ".join(others))] if others else lines


def _told(view: View, name: str) -> list[str]:
    kind = CHARTS[name]
    with np.errstate(all="ignore"):
        lines = WORDS[name](view) if name in WORDS else drawing_words(kind.build(view))
    first, *rest = lines or [_("nothing to show here")]
    return [f"{_(kind.title)}: {first}", *rest]


def drawing_words(drawing: Drawing | None) -> list[str]:
    """Return any drawing in words; a network's are told by its own function."""
    match drawing:
        case Chart():
            return _layers(drawing)
        case Picture():
            return picture_words(drawing)
        case Answers():
            return answer_words(drawing)
        case LongColumn():
            return column_words(drawing)
        case SideBySide():
            return [drawing.title, *(line for part in drawing.parts for line in drawing_words(part))]
    return []


def _layers(chart: Chart) -> list[str]:
    """Return a line for each layer: where lines begin and end, where points lie, how high bars are."""
    axes = _("{y} by {x}").format(x=chart.x.label, y=chart.y.label) if chart.x.label and chart.y.label else chart.title
    told = [_field(layer) if isinstance(layer, Field) else _series(layer) for layer in chart.layers]
    return [axes, *filter(None, told)]


def _series(series: Series) -> str:
    known = np.isfinite(series.x) & np.isfinite(series.y)
    x, y = series.x[known], series.y[known]
    if not len(x):
        return ""
    name = series.label or _role(series.role)
    if len(x) == 1:
        return _("{name}: at {x}, {y}").format(name=name, x=short_number(x[0]), y=short_number(y[0]))
    if series.shape is Shape.BARS:
        bars = ", ".join(f"{short_number(a)}: {short_number(b)}" for a, b in zip(x, y, strict=True))
        if len(x) <= _MOST_BARS:
            return f"{name}: {bars}"
    if series.shape is Shape.POINTS:
        points = ngettext("{count} point", "{count} points", len(x)).format(count=len(x))
        return f"{name}: {points}, {_reach(x, y)}"
    ends = _("from {first} at {start} to {last} at {end}").format(
        first=short_number(y[0]), start=short_number(x[0]), last=short_number(y[-1]), end=short_number(x[-1])
    )
    return f"{name}: {ends}, {_reach(x, y)}"


def _reach(x: np.ndarray, y: np.ndarray) -> str:
    low, high = int(y.argmin()), int(y.argmax())
    return _("lowest {low} at {low_x}, highest {high} at {high_x}").format(
        low=short_number(y[low]), low_x=short_number(x[low]), high=short_number(y[high]), high_x=short_number(x[high])
    )


def _field(field: Field) -> str:
    if not np.isfinite(field.values).any():
        return ""
    name = field.label or _("shades")
    low, high = float(np.nanmin(field.values)), float(np.nanmax(field.values))
    return _("{name}: from {low} to {high}").format(name=name, low=short_number(low), high=short_number(high))


def _role(role: Role) -> str:
    names = {
        Role.CURVE: _("curve"),
        Role.FIT: _("values"),
        Role.LOSS: _("loss"),
        Role.PATH: _("path"),
        Role.CURRENT: _("here"),
        Role.NEXT: _("next"),
        Role.TANGENT: _("slope"),
    }
    return names.get(role, role.value)
