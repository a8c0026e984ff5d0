"""Draws a network as rows of characters: neurons in columns, weights as lines between them, deltas at the neurons."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import NetworkDrawing, Neuron, Role
from gdsim.engine.parameters import Vector
from gdsim.engine.update import BACKPROP, FORWARD
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas, Position, fitted
from gdsim.tui.palettes import Palette, half_block, mixed, style

# Least cells between columns, with and without names; if fewer are left, a terser form is used.
_GAP_WITH_NAMES = 8
_SMALLEST_GAP = 4
# More lines than this between two columns would be a grey mass; only the largest weights are drawn.
_MOST_LINES = 30
_MOST_VALUES = 9
"""Most lines between two columns for values to be written on them."""
_PLACES = (0.3, 0.7, 0.2, 0.8)
"""Fractions of a line at which its value may stand, best first."""
_WIDTH_WITH_TARGETS = 40
_SHADES = 5
_ROWS_WITH_THUMBNAIL = 7
"""Rows for a neuron, its delta and the picture of its output."""


class _Form(NamedTuple):
    """What a node shows besides its delta: its name, its value (even if the delta stands inside), how many decimals."""

    has_name: bool
    has_value: bool
    decimals: int


# Tried in this order until the columns fit: shorten values, drop names, drop values where a delta stands inside.
_FORMS = (
    _Form(True, True, 3),
    _Form(True, True, 2),
    _Form(True, True, 1),
    _Form(False, True, 2),
    _Form(True, False, 2),
    _Form(False, False, 2),
    _Form(False, False, 1),
)


class _Node(NamedTuple):
    """A neuron as laid out: its index in the drawn layer, its row, its text, and the delta shown below (or empty)."""

    unit: int
    row: int
    text: str
    below: str


class _Column(NamedTuple):
    """A layer as laid out: its first cell and width, its nodes, and the text that counts those left out.

    margin: cells beyond its width that its heading or count may take, both sides together.
    """

    left: int
    width: int
    margin: int
    nodes: tuple[_Node, ...]
    more: str


class _Value(NamedTuple):
    """The value of a weight, to be written on its line."""

    ends: tuple[Position, Position]
    weight: float
    look: Style


def put_network(canvas: Canvas, drawing: NetworkDrawing) -> None:
    """Draw a network that fills a canvas; any size from 1 × 1.

    Positive weights are solid, negative ones dashed (in ASCII + and -); relatively larger ones are thicker.
    Deltas stand below the neurons, or inside them if rows are scarce. What does not fit is counted, not cut.
    """
    width, height = canvas.width, canvas.height
    has_labels = height >= 5 and any(drawing.labels)
    has_arrow = height >= 6
    top, bottom = int(has_labels), height - int(has_arrow)
    columns, beside = _beside_targets(drawing, width, top, bottom, canvas.ascii_only)
    largest = _largest(drawing)
    values: list[_Value] = []
    for index, weights in enumerate(drawing.weights[: max(0, len(columns) - 1)]):
        values += _draw_weights(canvas, _used(drawing, index, weights), columns[index], columns[index + 1], largest)
    lit: list[_Value] = []
    for layer, unit, source in drawing.lit:
        if layer < len(columns):
            lit += _draw_lit(canvas, columns[layer - 1], columns[layer], (unit, source), drawing.weights[layer - 1])
    ends = [value.ends for value in lit]
    for value in (*lit, *(value for value in values if value.ends not in ends)):
        _write_on(canvas, value)
    _draw_pulse(canvas, drawing, columns)
    for index, column in enumerate(columns):
        _draw_column(canvas, drawing, index, column)
        if index < len(drawing.sees):
            _draw_thumbnails(canvas, drawing.sees[index], column, bottom)
    if has_labels:
        _draw_labels(canvas, drawing, columns)
    has_room = bool(beside) and _draw_targets(canvas, drawing, beside, columns[-1], bottom)
    if has_arrow and not has_room:
        canvas.text(max(0, width - cell_len(drawing.loss)), height - 1, drawing.loss, canvas.palette.of(Role.LOSS))
        width -= cell_len(drawing.loss) + 1 if drawing.loss else 0
    if has_arrow and drawing.active_layer is not None:
        _draw_direction(canvas.part(0, height - 1, width, 1), drawing.backwards)


def _draw_labels(canvas: Canvas, drawing: NetworkDrawing, columns: list[_Column]) -> None:
    """Write the headings of the columns without overlap; without the activations if they do not fit otherwise."""
    pairs = list(zip(drawing.labels, columns, strict=False))
    whole = [canvas.fitted(label, canvas.width) for label, _column in pairs]
    shorter = [canvas.fitted(label.rpartition(" ")[0] or label, canvas.width) for label, _column in pairs]
    cut = [canvas.fitted(label, column.width + max(2, column.margin)) for label, column in pairs]
    needed = canvas.width - len(pairs) + 1
    texts = next((texts for texts in (whole, shorter) if sum(map(cell_len, texts)) <= needed), cut)
    starts, end = list[int](), 0
    for text, (_label, column) in zip(texts, pairs, strict=True):
        starts.append(max(end, column.left + (column.width - cell_len(text)) // 2))
        end = starts[-1] + cell_len(text) + 1
    end = canvas.width
    for index in reversed(range(len(pairs))):
        look = style(canvas.palette.focus, bold=True) if index == drawing.active_layer else style(canvas.palette.axis)
        start = max(0, min(starts[index], end - cell_len(texts[index])))
        canvas.text(start, 0, texts[index], look)
        end = start - 1


def short_value(value: float, decimals: int) -> str:
    """Return a value with a fixed number of decimals; as 4e-05 or 2e+03 if that would show 0 or be too long."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value and not 0.5 * 10.0**-decimals <= abs(value) < 999.5:
        return f"{value:.0e}"
    return f"{value + 0.0:.{decimals}f}"  # 0.0 is added for −0.0, which becomes 0.0


def _beside_targets(
    drawing: NetworkDrawing, width: int, top: int, bottom: int, ascii_only: bool
) -> tuple[list[_Column], tuple[str, ...]]:
    """Return the layers laid out, and the texts next to the outputs: as many as fit without shortening the neurons."""
    columns = _columns(drawing, width, top, bottom, ascii_only)
    for texts in ((*drawing.wanted, drawing.loss), drawing.wanted, drawing.outputs):
        room = width - max(map(cell_len, texts), default=0) - 1
        narrower = _columns(drawing, room, top, bottom, ascii_only)
        if any(texts) and room >= _WIDTH_WITH_TARGETS and [c.width for c in columns] == [c.width for c in narrower]:
            return narrower, texts
    return columns, ()


def _columns(drawing: NetworkDrawing, width: int, top: int, bottom: int, ascii_only: bool) -> list[_Column]:
    """Return the layers laid out in the fullest form that fits; if none does, the last one, cut off."""
    count = len(drawing.columns)
    rows = max(1, bottom - top)
    is_roomy = all(2 * (len(column) + bool(hidden)) <= rows for column, hidden in _with_hidden(drawing))
    columns: list[_Column] = []
    for form in _FORMS:
        laid = [_laid_out(drawing, index, form, top, rows, is_roomy, ascii_only) for index in range(count)]
        widths = [
            max([1, *(cell_len(text) for node in nodes for text in (node.text, node.below))]) for nodes, _ in laid
        ]
        room = width - sum(widths)
        smallest = _GAP_WITH_NAMES if form.has_name else _SMALLEST_GAP
        if room >= smallest * (count - 1) or form is _FORMS[-1]:
            gap = room / max(1, count - 1)
            for index, (nodes, more) in enumerate(laid):
                left = round(sum(widths[:index]) + gap * index) if count > 1 else room // 2
                columns.append(_Column(max(0, left), widths[index], max(0, int(gap / 2) - 1), tuple(nodes), more))
            break
    return columns


def _with_hidden(drawing: NetworkDrawing) -> list[tuple[tuple[Neuron, ...], int]]:
    hidden = (*drawing.hidden, *(0 for _ in drawing.columns))
    return list(zip(drawing.columns, hidden, strict=False))


def _laid_out(
    drawing: NetworkDrawing, index: int, form: _Form, top: int, rows: int, is_roomy: bool, ascii_only: bool
) -> tuple[list[_Node], str]:
    """Return the nodes of a layer spread over the rows, and the text that counts those left out."""
    neurons, hidden = _with_hidden(drawing)[index]
    units = list(range(len(neurons)))
    if len(units) + bool(hidden) > rows:
        units.sort(key=lambda unit: -_size(neurons[unit]))
        units = units[: max(0, rows - 1)]
        chosen = drawing.focus[1] if drawing.focus and drawing.focus[0] == index else None
        if units and chosen is not None and chosen not in units and chosen < len(neurons):
            units[-1] = chosen
    units.sort()
    left_out = hidden + len(neurons) - len(units)
    slots = max(1, len(units) + bool(left_out))
    names = max((cell_len(neuron.name) for neuron in neurons), default=0)
    has_negative = any(neuron.value is not None and neuron.value < 0 for neuron in neurons)
    is_tall = bool(drawing.sees) and rows >= _ROWS_WITH_THUMBNAIL * max(map(len, drawing.columns))
    lift = 2.5 if is_tall else 0.5 if is_roomy else 0.0
    nodes = []
    for place, unit in enumerate(units):
        is_focus = drawing.focus == (index, unit)
        text, below = _node_text(neurons[unit], form, (names, has_negative), is_focus, is_roomy, ascii_only)
        row = top + int((place + 0.5) * rows / slots - lift)
        nodes.append(_Node(unit, row, text, below))
    return nodes, f"+{left_out}" if left_out else ""


def _size(neuron: Neuron) -> float:
    return 0.0 if neuron.value is None or math.isnan(neuron.value) else abs(neuron.value)


def _node_text(
    neuron: Neuron, form: _Form, widths: tuple[int, bool], is_focus: bool, is_roomy: bool, ascii_only: bool
) -> tuple[str, str]:
    """Return the text of a node and the one below it; columns of numbers line up, so that little moves between updates.

    widths: cells of the longest name of the layer, and whether one of its values is negative.
    """
    parts = [("x" if ascii_only else "╳")] if neuron.is_dropped else []
    if form.has_name and neuron.name:
        parts.append(neuron.name + " " * (widths[0] - cell_len(neuron.name)))
    is_inside = neuron.delta is not None and not is_roomy
    if neuron.value is not None and (form.has_value or not is_inside):
        parts.append(short_value(neuron.value, form.decimals).rjust(form.decimals + 2 + widths[1]))
    delta = ""
    if neuron.delta is not None:
        number = short_value(neuron.delta, form.decimals + 1)
        delta = f"δ{number.rjust(form.decimals + 4)}" if is_inside else f"δ {number}"
    if is_inside:
        parts.append(delta)
    mark = (">" if ascii_only else "▸") if is_focus else ""
    text, below = f"{mark}({' '.join(parts)})", delta if is_roomy else ""
    if ascii_only:
        return fitted(text.replace("δ", "d"), 99, ascii_only=True), fitted(below.replace("δ", "d"), 99, ascii_only=True)
    return text.replace("-", "−"), below.replace("-", "−")


def _draw_targets(
    canvas: Canvas, drawing: NetworkDrawing, texts: tuple[str, ...], column: _Column, bottom: int
) -> bool:
    """Write next to each output its name and target, and the loss below the lowest or in the first row.

    Return whether there was room for the loss.
    """
    left, look = column.left + column.width + 1, canvas.palette.of(Role.TRUTH)
    for node in column.nodes:
        if node.unit < len(texts):
            canvas.text(left, node.row, canvas.fitted(texts[node.unit], canvas.width - left), look)
    last = max((node.row for node in column.nodes), default=0)
    row = next((row for row in (last + 2, last + 1) if row < bottom), 0)
    has_room = left + cell_len(drawing.loss) <= canvas.width and canvas.is_clear(left - 1, row, canvas.width)
    if has_room:
        canvas.text(left, row, drawing.loss, canvas.palette.of(Role.LOSS))
    return has_room


def _draw_thumbnails(canvas: Canvas, pictures: tuple[Vector, ...], column: _Column, bottom: int) -> None:
    """Draw below each neuron its output over the two inputs, in half blocks, provided that all neurons have room."""
    if not column.nodes:  # no room for a single neuron
        return
    tops = [node.row + 1 + bool(node.below) for node in column.nodes]
    rows = len(pictures[0]) // 2 if pictures else 0
    ends = [*(node.row for node in column.nodes[1:]), bottom]
    palette = canvas.palette
    has_room = all(end - top >= rows for top, end in zip(tops, ends, strict=True))
    if not palette.ground or canvas.ascii_only or not has_room or len(column.nodes) > len(pictures):
        return
    for node, top in zip(column.nodes, tops, strict=True):
        picture = pictures[node.unit]
        low, high = float(np.nanmin(picture)), float(np.nanmax(picture))
        most = max(abs(low), abs(high), 1.0)
        left = column.left + (column.width - picture.shape[1] + 1) // 2
        for row in range(rows):
            for place in range(picture.shape[1]):
                above, below = (_shade(palette, float(picture[-1 - 2 * row - k, place]) / most) for k in (0, 1))
                canvas.put(left + place, top + row, *half_block(above, below))


def _shade(palette: Palette, part: float) -> str:
    """Return the colour of an output from −1 to 1."""
    size = round(min(1.0, abs(part)) * _SHADES) / _SHADES if math.isfinite(part) else 0.0
    return mixed(palette.ground, palette.positive if part > 0 else palette.negative, size)


def _draw_column(canvas: Canvas, drawing: NetworkDrawing, index: int, column: _Column) -> None:
    is_active = index == drawing.active_layer
    for node in column.nodes:
        is_focus = drawing.focus == (index, node.unit)
        color = canvas.palette.focus if is_focus or is_active else ""
        is_dropped = drawing.columns[index][node.unit].is_dropped
        start = column.left + (column.width - cell_len(node.text) + 1) // 2
        look = style(color, bold=is_active or is_focus, reverse=is_active, strike=is_dropped)
        canvas.text(start, node.row, node.text, look)
        delta_start = column.left + (column.width - cell_len(node.below) + 1) // 2
        canvas.text(delta_start, node.row + 1, node.below, style(canvas.palette.focus, bold=is_active))
    if column.more:
        _draw_more(canvas, column)


def _draw_more(canvas: Canvas, column: _Column) -> None:
    """Write below a column how many neurons are left out, in words if these keep clear of its neighbours."""
    full = _("… +{count} more").format(count=column.more[1:])
    full = canvas.fitted(full.replace("…", canvas.one_of("…", "...")), canvas.width)
    text = full if cell_len(full) <= column.width + column.margin else column.more
    start = column.left + (column.width - cell_len(text)) // 2
    below = max((node.row + bool(node.below) for node in column.nodes), default=-1) + 1
    row = min(below, canvas.height - 1 - int(canvas.height >= 6))
    canvas.text(max(0, min(start, canvas.width - cell_len(text))), row, text, style(canvas.palette.axis))


def _largest(drawing: NetworkDrawing) -> float:
    """Return the largest finite |weight| of the drawing; 1 if there is none above 0."""
    sizes = [np.abs(weights[np.isfinite(weights)]) for weights in drawing.weights]
    return max((float(each.max()) for each in sizes if each.size), default=1.0) or 1.0


def _used(drawing: NetworkDrawing, index: int, weights: Vector) -> Vector:
    """Return the weights between a column and the next; nan for those at a unit that dropout leaves out."""
    sources, targets = ([each.is_dropped for each in drawing.columns[k]] for k in (index, index + 1))
    return np.where(np.logical_or.outer(targets, sources), np.nan, weights)


def _draw_weights(canvas: Canvas, weights: Vector, left: _Column, right: _Column, largest: float) -> list[_Value]:
    """Draw the weights between two columns, the largest last, so that they cover the others.

    Return the values to write on the lines; empty if there are many lines.
    """
    lines = [
        (abs(weight) / largest, weight, _ends(left, source, right, target))
        for source in left.nodes
        for target in right.nodes
        if target.unit < weights.shape[0] and source.unit < weights.shape[1]
        for weight in (float(weights[target.unit, source.unit]),)
        if weight and not math.isnan(weight)
    ]
    values = []
    for size, weight, ends in sorted(lines, key=lambda line: line[0])[-_MOST_LINES:]:
        color = canvas.palette.positive if weight > 0 else canvas.palette.negative
        look = style(color, bold=size >= 2 / 3, dim=size < 1 / 3)
        _draw_line(canvas, *ends, look, size, (1, 0) if weight > 0 else (3, 3), "+" if weight > 0 else "-")
        values.append(_Value(ends, weight, style(color)))
    return values if len(lines) <= _MOST_VALUES else []


def _draw_pulse(canvas: Canvas, drawing: NetworkDrawing, columns: list[_Column]) -> None:
    """Draw an arrowhead on each edge that the phase works along, in its direction, at the position of the pulse."""
    if drawing.phase not in (FORWARD, BACKPROP) or drawing.active_layer is None:
        return  # other phases work at neurons or on weights; nothing flows along edges
    first = drawing.active_layer - (drawing.phase == FORWARD)
    if not 0 <= first < min(len(columns) - 1, len(drawing.weights)):
        return
    left, right = columns[first], columns[first + 1]
    head = canvas.one_of("◂", "<") if drawing.backwards else canvas.one_of("▸", ">")
    part = 1 - drawing.pulse if drawing.backwards else drawing.pulse
    weights = _used(drawing, first, drawing.weights[first])
    for source, target in product(left.nodes, right.nodes):
        if target.unit < weights.shape[0] and source.unit < weights.shape[1] and weights[target.unit, source.unit]:
            (x0, y0), (x1, y1) = _ends(left, source, right, target)
            column, row = int(x0 + (x1 - x0) * part), int(y0 + (y1 - y0) * part)
            if x1 > x0 and canvas.is_clear(column, row, 1):
                canvas.put(column, row, head, style(canvas.palette.focus, bold=True))


def _draw_lit(
    canvas: Canvas, left: _Column, right: _Column, weight: tuple[int, int], weights: Vector
) -> Iterator[_Value]:
    """Draw the line of a highlighted weight (unit, input) over all others; yield its value."""
    look = style(canvas.palette.focus, bold=True)
    for source, target in product(left.nodes, right.nodes):
        if (target.unit, source.unit) == weight:
            ends = _ends(left, source, right, target)
            _draw_line(canvas, *ends, look, 1.0, (1, 0), "=")
            yield _Value(ends, float(weights[weight]), look)


def _write_on(canvas: Canvas, value: _Value) -> None:
    """Write the value of a weight on its line, at the first of several places where no other value stands."""
    text = short_value(value.weight, 2).replace("-", canvas.one_of("−", "-"))
    start, end = value.ends
    for part in _PLACES:
        column = round(start[0] + (end[0] - start[0]) * part - len(text) / 2)
        row = int(start[1] + (end[1] - start[1]) * part)
        column = max(math.ceil(start[0]), min(column, math.floor(end[0]) - len(text)))
        if column + len(text) <= end[0] and canvas.is_clear(column, row, len(text)):
            canvas.text(column, row, text, value.look)
            return


def _ends(left: _Column, source: _Node, right: _Column, target: _Node) -> tuple[Position, Position]:
    """Return both ends of the line between two nodes: at mid-height, with space before and after it."""
    start = (left.left + (left.width + cell_len(source.text) + 1) / 2 + 0.5, source.row + 0.5)
    return start, (right.left + (right.width - cell_len(target.text)) / 2 - 0.5, target.row + 0.5)


def _draw_line(
    canvas: Canvas, start: Position, end: Position, look: Style, size: float, dash: tuple[int, int], sign: str
) -> None:
    """Draw the line of a weight: two dots thick if it is large; in ASCII a row of signs, closer for larger weights."""
    (x0, y0), (x1, y1) = start, end
    if x1 <= x0:
        return
    if not canvas.ascii_only:
        for offset in (0.0, 0.25) if size >= 2 / 3 else (0.0,):
            canvas.line((x0, y0 + offset), (x1, y1 + offset), look, dash=dash)
        return
    steps = max(1, round(max(x1 - x0, abs(y1 - y0))))
    for step in range(0, steps + 1, 1 if size >= 2 / 3 else 2 if size >= 1 / 3 else 3):
        part = step / steps
        canvas.put(int(x0 + (x1 - x0) * part), int(y0 + (y1 - y0) * part), sign, look)


def _draw_direction(canvas: Canvas, backwards: bool) -> None:
    """Draw an arrow along the whole row that names the direction in which information flows."""
    words = f" {_('error travels back') if backwards else _('forward')} "
    words = canvas.fitted(words, max(0, canvas.width - 6))
    level, head = canvas.one_of("─", "-"), canvas.one_of("◀", "<") if backwards else canvas.one_of("▶", ">")
    lines = max(0, canvas.width - cell_len(words) - 1)
    before, after = level * (lines // 2), level * (lines - lines // 2)
    text = f"{head}{before}{words}{after}" if backwards else f"{before}{words}{after}{head}"
    canvas.text(0, 0, text, style(canvas.palette.focus if backwards else canvas.palette.axis, bold=backwards))
