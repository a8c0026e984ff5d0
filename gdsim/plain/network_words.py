"""Networks, their answers and pictures in sentences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdsim.charts.chart import Answers, LongColumn, NetworkDrawing, Neuron, Picture
from gdsim.charts.kinds import network
from gdsim.charts.view import View
from gdsim.explain.numbers import short_number
from gdsim.i18n import _, ngettext

_MOST_NEURONS = 8
_MOST_ANSWERS = 3
_INK = 0.5


def network_words(view: View) -> list[str]:
    """Return a line a layer with its neurons' values and deltas, and between layers the largest weight."""
    drawing = network.build(view)
    if not isinstance(drawing, NetworkDrawing):
        return []
    counts = [len(column) + hidden for column, hidden in zip(drawing.columns, drawing.hidden, strict=True)]
    sizes = " – ".join(map(str, counts))
    way = _("backwards") if drawing.backwards else _("forwards")
    lines = [_("layers of {sizes}; information goes {way}.").format(sizes=sizes, way=way)]
    for index, column in enumerate(drawing.columns):
        shown = ", ".join(_neuron(neuron) for neuron in column[:_MOST_NEURONS])
        left_out = counts[index] - min(len(column), _MOST_NEURONS)
        more = ", " + ngettext("{count} more", "{count} more", left_out).format(count=left_out) if left_out else ""
        lines.append(f"{drawing.labels[index]}: {shown}{more}")
        if index < len(drawing.weights):
            lines += _largest_weight(drawing, index)
    return lines


def picture_words(picture: Picture) -> list[str]:
    """Return how large a picture is, where its ink is, in thirds, and what stands below it."""
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
    """Return the brightest outputs of each network, and the one wanted."""
    wanted = "" if answers.wanted is None else _("wanted is {name}").format(name=answers.names[answers.wanted])
    lines = [", ".join(filter(None, (answers.title, wanted))) + "."]
    for column in answers.columns:
        if column.brightest is None:
            continue
        order = np.argsort(-np.nan_to_num(column.values, nan=-np.inf), kind="stable")[:_MOST_ANSWERS]
        listed = ", ".join(f"{answers.names[unit]}: {short_number(float(column.values[unit]))}" for unit in order)
        lines.append(_("{title}, brightest first: {listed}").format(title=column.title, listed=listed))
    return lines


def column_words(column: LongColumn) -> list[str]:
    """Return how many numbers a column has in each block, and the largest of them."""
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
