"""The charts of the screen in words, for learners who cannot see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import (
    Answers,
    Chart,
    Confusion,
    Drawing,
    Field,
    Gallery,
    LongColumn,
    NetworkDrawing,
    Neuron,
    Picture,
    Role,
    Series,
    Shape,
    SideBySide,
)
from gdsim.charts.kinds import network
from gdsim.charts.table import CHARTS, charts_for
from gdsim.charts.view import View
from gdsim.errors import UsageError
from gdsim.explain.numbers import short_number
from gdsim.i18n import _, ngettext
from gdsim.plain.describe import epoch_words, loss_words, parameter_words
from gdsim.plain.landscapes import boundary_words, fit_words, hill_words, mountain_words

_MOST_BARS = 12
_MOST_NEURONS = 8
_MOST_ANSWERS = 3
_INK = 0.5


def chart_lines(view: View, name: str = "") -> list[str]:
    """Return the named chart in words; without a name, the main chart, the loss, and the names of the other charts.

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
        lines = _WORDS[name](view) if name in _WORDS else drawing_words(kind.build(view))
    first, *rest = lines or [_("nothing to show here")]
    return [f"{_(kind.title)}: {first}", *rest]


def drawing_words(drawing: Drawing | None) -> list[str]:
    """Return a drawing in words; nothing for a network, which `network_words` describes."""
    match drawing:
        case Chart():
            return _layers(drawing)
        case Picture():
            return picture_words(drawing)
        case Gallery():
            return gallery_words(drawing)
        case Answers():
            return answer_words(drawing)
        case Confusion():
            return confusion_words(drawing)
        case LongColumn():
            return column_words(drawing)
        case SideBySide():
            return [drawing.title, *(line for part in drawing.parts for line in drawing_words(part))]
    return []


def _layers(chart: Chart) -> list[str]:
    """Return the axes, then a line for each layer: where lines begin and end, where points lie, how high bars are."""
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


def network_words(view: View) -> list[str]:
    """Return a line per layer with its neurons' values and deltas, and between layers the largest weight."""
    drawing = network.build(view)
    if not isinstance(drawing, NetworkDrawing):
        return []
    counts = [len(column) + hidden for column, hidden in zip(drawing.columns, drawing.hidden, strict=True)]
    sizes = " – ".join(map(str, counts))
    way = _("backwards") if drawing.backwards else _("forwards")
    lines = [_("layers of {sizes}; data flows {way}.").format(sizes=sizes, way=way)]
    for index, column in enumerate(drawing.columns):
        shown = ", ".join(_neuron(neuron) for neuron in column[:_MOST_NEURONS])
        left_out = counts[index] - min(len(column), _MOST_NEURONS)
        more = ", " + ngettext("{count} more", "{count} more", left_out).format(count=left_out) if left_out else ""
        lines.append(f"{drawing.labels[index]}: {shown}{more}")
        if index < len(drawing.weights):
            lines += _largest_weight(drawing, index)
    return lines


def picture_words(picture: Picture) -> list[str]:
    """Return a picture's size, where its ink is, by thirds (if signed, the range of its points), and its caption."""
    size = _("{rows} rows of {columns} points").format(rows=picture.pixels.shape[0], columns=picture.pixels.shape[1])
    lines = [f"{picture.title}, {size}." if picture.title else f"{size}."]
    if picture.is_signed:
        return [*lines, *_signed(picture), *picture.caption]
    ink = np.nan_to_num(picture.pixels) > _INK * picture.most
    if not ink.any():
        return [*lines, _("There is no ink in it."), *picture.caption]
    down, across = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    lines.append(
        _("{percent} % is ink, in rows {top} to {bottom} and columns {left} to {right}.").format(
            percent=_percent(ink), top=down[0] + 1, bottom=down[-1] + 1, left=across[0] + 1, right=across[-1] + 1
        )
    )
    for name, part in zip((_("top"), _("middle"), _("bottom")), np.array_split(ink, 3), strict=True):
        left, middle, right = (_percent(third) for third in np.array_split(part, 3, axis=1))
        text = _("{part}: left {left} %, middle {middle} %, right {right} % ink")
        lines.append(text.format(part=name, left=left, middle=middle, right=right))
    return [*lines, *picture.caption]


def answer_words(answers: Answers) -> list[str]:
    """Return the wanted output, and the brightest outputs of each network."""
    wanted = "" if answers.wanted is None else _("the target is {name}").format(name=answers.names[answers.wanted])
    lines = [", ".join(filter(None, (answers.title, wanted))) + "."]
    for column in answers.columns:
        if column.brightest is None:
            continue
        order = np.argsort(-np.nan_to_num(column.values, nan=-np.inf), kind="stable")[:_MOST_ANSWERS]
        listed = ", ".join(f"{answers.names[unit]}: {short_number(float(column.values[unit]))}" for unit in order)
        lines.append(_("{title}, brightest first: {listed}").format(title=column.title, listed=listed))
    return lines


def confusion_words(confusion: Confusion) -> list[str]:
    """Return how many samples are right, then for each class what the others are taken for, most frequent first."""
    lines = [confusion.title]
    for row, (name, counts) in enumerate(zip(confusion.names, confusion.counts.tolist(), strict=True)):
        others = sorted(
            ((n, other) for k, (n, other) in enumerate(zip(counts, confusion.names, strict=True)) if k != row)
        )
        taken = ", ".join(f"{other} {n}" for n, other in reversed(others) if n)
        line = _("{name}: {count} right").format(name=name, count=counts[row])
        lines.append(_("{line}, others taken for {others}").format(line=line, others=taken) if taken else line)
    return lines


def gallery_words(gallery: Gallery) -> list[str]:
    """Return the largest and the smallest weight of each neuron, each with its pixel."""
    lines = [gallery.title]
    for name, weights in zip(gallery.names, gallery.pictures, strict=True):
        known = np.nan_to_num(weights)
        ends = []
        for place in (int(known.argmax()), int(known.argmin())):
            row, column = divmod(place, weights.shape[1])
            ends.append(f"{short_number(float(weights.flat[place]), signed=True)} ({row + 1},{column + 1})")
        lines.append(f"{name}: {', '.join(ends)}")
    return lines


def column_words(column: LongColumn) -> list[str]:
    """Return how many numbers each block of a column has, and the largest numbers of the column."""
    blocks = ", ".join(f"{name}: {count}" for name, count in column.blocks)
    lines = [_("numbers in each block: {blocks}.").format(blocks=blocks)]
    if column.values is None:
        return [*lines, _("They are not computed yet.")]
    return lines + [
        f"{entry.name}: {short_number(entry.value, signed=True)}, {entry.words}" for entry in column.largest
    ]


def _signed(picture: Picture) -> list[str]:
    values = picture.pixels[np.isfinite(picture.pixels)]
    if not values.size:
        return []
    text = _("{above} of {count} points are above 0; they reach from {low} to {high}.")
    return [
        text.format(
            above=int((values > 0).sum()),
            count=values.size,
            low=short_number(float(values.min())),
            high=short_number(float(values.max())),
        )
    ]


def _percent(ink: NDArray[np.bool_]) -> int:
    return round(100 * float(ink.mean()))


def _neuron(neuron: Neuron) -> str:
    value = _("not computed yet") if neuron.value is None else short_number(neuron.value)
    delta = "" if neuron.delta is None else f" (δ {short_number(neuron.delta)})"
    return f"{neuron.name} = {value}{delta}"


def _largest_weight(drawing: NetworkDrawing, index: int) -> list[str]:
    weights = drawing.weights[index]
    if not weights.size or not np.isfinite(weights).all():
        return []
    unit, source = np.unravel_index(int(np.abs(weights).argmax()), weights.shape)
    left, right = drawing.columns[index][int(source)], drawing.columns[index + 1][int(unit)]
    return [
        _("The largest weight shown from here on is {weight}, from {left} to {right}.").format(
            weight=short_number(float(weights[unit, source])), left=left.name, right=right.name
        )
    ]


_WORDS: Mapping[str, Callable[[View], list[str]]] = {
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
"""Charts with functions that describe them; the others are described from their drawings."""
