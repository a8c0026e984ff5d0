"""Draws a network as rows of characters: neurons in columns, weights as lines between them, deltas at the neurons."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len
from rich.style import Style

from gdsim.charts.chart import NetworkDrawing, Neuron, Role
from gdsim.engine.parameters import Vector
from gdsim.engine.update import BACKPROP, FORWARD
from gdsim.i18n import _
from gdsim.tui.canvas import Canvas, Position, fitted
from gdsim.tui.drawing.columns import short_value
from gdsim.tui.drawing.picture import put_signed
from gdsim.tui.palettes import style

_SMALLEST_GAPS = (4, 6, 8)
"""Least cells between columns without names, with those of the inputs, with all; else a terser form is used."""
# More lines than this between two columns would be a grey mass; only those of the largest weights are drawn.
_MOST_LINES, _LINES_PER_NEURON = 30, 2
_MOST_VALUES = 9
"""Most lines between two columns for values to be written on them."""
_PLACES = (0.3, 0.7, 0.2, 0.8, 0.4, 0.6, 0.1, 0.9, 0.0, 1.0)
"""Fractions of a line at which its value may stand, best first."""
_DASH = (4, 2)
"""Dots drawn and left out along the line of a negative weight where colour does not tell its sign."""
_FROM_DELTA = 3
"""Least cells between the value of a weight and a delta, or what a picture shows, in the same row."""
_LEAST_LEFT = 4
"""Cells of a line that its value leaves visible."""
_WIDTH_WITH_TARGETS = 40
_THUMBNAIL = (9, 4)
"""Columns and rows of the picture of a neuron's output; a caption is as wide."""
_ROWS_WITH_THUMBNAIL = 7
"""Rows for a neuron, its delta, the picture of its output and the caption."""


class _Form(NamedTuple):
    """What a node shows: whose names (0 none, 1 inputs, 2 all), whether output and delta, how many decimals.

    Without both, it is the delta while the error travels back (is_backwards), else the output. A delta below a node
    does not count.
    """

    names: int
    has_both: bool
    decimals: int
    is_backwards: bool = False


# Tried in this order until the columns fit.
_FORMS = (
    _Form(2, True, 3),
    _Form(2, True, 2),
    _Form(1, True, 2),
    _Form(0, True, 2),
    _Form(1, False, 2),
    _Form(0, False, 2),
    _Form(0, False, 1),
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


class _Line(NamedTuple):
    """The line of a weight: its ends, the units it joins (source, target), the weight and the look of its value."""

    ends: tuple[Position, Position]
    units: tuple[int, int]
    weight: float
    look: Style


_Cells = set[tuple[int, int]]
_Seen = tuple[_Column, tuple[Vector, ...]]
"""A layer, and the outputs of its neurons over the plane of the inputs."""
_Caption = tuple[tuple[int, int], str]
"""A text and its first cell."""


def put_network(canvas: Canvas, drawing: NetworkDrawing) -> None:
    """Draw a network that fills a canvas; any size from 1 × 1.

    Positive and negative weights differ in colour; without colour negative ones are dashed (in ASCII + and -).
    Relatively larger ones are thicker (in ASCII bold).
    Deltas stand below the neurons, or inside them if rows are scarce. What does not fit is counted, not cut.
    """
    width, height = canvas.width, canvas.height
    has_labels = height >= 5 and any(drawing.labels)
    has_arrow = height >= 6
    top, bottom = int(has_labels), height - int(has_arrow)
    columns, beside = _beside_targets(drawing, width, top, bottom, canvas.ascii_only)
    largest = _largest(drawing)
    seen = list(zip(columns, drawing.sees, strict=False)) if _is_tall(drawing, bottom - top) else []
    captions = _captions(canvas, drawing, seen, bottom)
    taken = {cell for place, text in captions for cell in _cells(place, text, _FROM_DELTA)}
    for index, weights in enumerate(drawing.weights[: max(0, len(columns) - 1)]):
        left, right = columns[index : index + 2]
        lines = list(_lines(canvas, _used(drawing, index, weights), left, right))
        most = len(lines) if len(lines) <= _MOST_LINES else _LINES_PER_NEURON * max(len(left.nodes), len(right.nodes))
        for line in sorted(lines, key=lambda line: abs(line.weight))[-most:]:
            _draw_line(canvas, line, abs(line.weight) / largest)
        pairs = {(source, target) for layer, target, source in drawing.lit if layer == index + 1}
        lit = [line for line in _lines(canvas, weights, left, right, lit=True) if line.units in pairs]
        for line in lit:
            _draw_line(canvas, line, 1.0, is_lit=True)
        _write_values(canvas, lit, lit, left, right, range(top, bottom), taken)
        if len(lines) <= _MOST_VALUES:
            rest = sorted((line for line in lines if line.units not in pairs), key=lambda line: -abs(line.weight))
            _write_values(canvas, rest, lines, left, right, range(top, bottom), taken)
    _draw_pulse(canvas, drawing, columns, taken)
    for index, column in enumerate(columns):
        _draw_column(canvas, drawing, index, column)
    _draw_thumbnails(canvas, seen, captions)
    if has_labels:
        _draw_labels(canvas, drawing, columns)
    has_room = _draw_targets(canvas, drawing, beside, columns[-1], bottom)
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


def _beside_targets(
    drawing: NetworkDrawing, width: int, top: int, bottom: int, ascii_only: bool
) -> tuple[list[_Column], tuple[str, ...]]:
    """Return the layers laid out, and the texts next to the outputs: the names of the outputs if they have any.

    Targets and loss too if they fit without shortening the neurons; if not, targets below get room in the last column.
    """
    least = max((cell_len(text) + 1 for text in drawing.outputs), default=0)
    columns = _columns(drawing, width - least, top, bottom, ascii_only)
    if least and columns[-1].left + columns[-1].width > width - least:
        return _columns(drawing, width, top, bottom, ascii_only), ()
    for texts in ((*drawing.wanted, drawing.loss), drawing.wanted):
        room = width - max(map(cell_len, texts), default=0) - 1
        narrower = _columns(drawing, room, top, bottom, ascii_only)
        if any(texts) and room >= _WIDTH_WITH_TARGETS and [c.width for c in columns] == [c.width for c in narrower]:
            return narrower, texts
    if drawing.outputs:
        return columns, drawing.outputs
    wider = _columns(drawing, width, top, bottom, ascii_only, max(map(cell_len, drawing.wanted), default=1))
    return (wider if [c.width for c in columns[:-1]] == [c.width for c in wider[:-1]] else columns), ()


def _columns(
    drawing: NetworkDrawing, width: int, top: int, bottom: int, ascii_only: bool, last: int = 1
) -> list[_Column]:
    """Return the layers laid out in the fullest form that fits; if none does, the last one, cut off.

    last: least width of the last one.
    """
    count = len(drawing.columns)
    rows = max(1, bottom - top)
    is_tall = _is_tall(drawing, rows)
    columns: list[_Column] = []
    for form in _FORMS:
        laid = [_laid_out(drawing, index, form, top, rows, ascii_only) for index in range(count)]
        pictures = [
            _THUMBNAIL[0] + 2 if is_tall and any(drawing.sees[index : index + 1]) else 1 for index in range(count - 1)
        ]
        widths = [
            max([least, *(cell_len(text) for node in nodes for text in (node.text, node.below))])
            for least, (nodes, _more) in zip((*pictures, last), laid, strict=True)
        ]
        room = width - sum(widths)
        if room >= _SMALLEST_GAPS[form.names] * (count - 1) or form is _FORMS[-1]:
            gap = room / max(1, count - 1)
            for index, (nodes, more) in enumerate(laid):
                left = round(sum(widths[:index]) + gap * index) if count > 1 else room // 2
                columns.append(_Column(max(0, left), widths[index], max(0, int(gap / 2) - 1), tuple(nodes), more))
            break
    return columns


def _with_hidden(drawing: NetworkDrawing) -> list[tuple[tuple[Neuron, ...], int]]:
    hidden = (*drawing.hidden, *(0 for _ in drawing.columns))
    return list(zip(drawing.columns, hidden, strict=False))


def _is_tall(drawing: NetworkDrawing, rows: int) -> bool:
    """Whether each neuron has room for a picture of its output below it."""
    most = max((len(column) + bool(hidden) for column, hidden in _with_hidden(drawing)), default=0)
    return any(drawing.sees) and rows >= _ROWS_WITH_THUMBNAIL * most


def _laid_out(
    drawing: NetworkDrawing, index: int, form: _Form, top: int, rows: int, ascii_only: bool
) -> tuple[list[_Node], str]:
    """Return the nodes of a layer spread over the rows, and the text that counts those left out."""
    neurons, hidden = _with_hidden(drawing)[index]
    units = list(range(len(neurons)))
    if len(units) + bool(hidden) > rows:
        kept = {drawing.focus[1]} if drawing.focus and drawing.focus[0] == index else set[int]()
        if index == len(drawing.columns) - 1:
            kept |= {unit for unit, name in enumerate(drawing.outputs) if name.startswith("[")}
        units.sort(key=lambda unit: (unit not in kept, -_size(neurons[unit])))
        units = units[: max(0, rows - 1)]
    units.sort()
    left_out = hidden + len(neurons) - len(units)
    slots = max(1, len(units) + bool(left_out))
    names = max((cell_len(neuron.name) for neuron in neurons), default=0) if form.names > bool(index) else 0
    has_negative = any(neuron.value is not None and neuron.value < 0 for neuron in neurons)
    is_roomy = 2 * slots <= rows
    lift = 2.5 if _is_tall(drawing, rows) else 0.5 if is_roomy else 0.0
    form = form._replace(is_backwards=drawing.backwards)
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

    widths: cells of the longest name of the layer (0: without names), and whether one of its values is negative.
    """
    parts = [("x" if ascii_only else "╳")] if neuron.is_dropped else []
    if widths[0]:
        parts.append(neuron.name + " " * (widths[0] - cell_len(neuron.name)))
    is_inside = neuron.delta is not None and not is_roomy
    if neuron.value is not None and (form.has_both or not (is_inside and form.is_backwards)):
        parts.append(short_value(neuron.value, form.decimals).rjust(form.decimals + 2 + widths[1]))
    delta = ""
    if neuron.delta is not None:
        number = short_value(neuron.delta, form.decimals + 1)
        delta = f"δ{number.rjust(form.decimals + 4)}" if is_inside else f"δ {number}"
    if is_inside and (form.has_both or form.is_backwards):
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

    texts: what fits beside them; if that is nothing, the targets stand below. Return whether there was room for the
    loss.
    """
    if not texts:
        _draw_targets_below(canvas, drawing, column, bottom)
        return False
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


def _draw_targets_below(canvas: Canvas, drawing: NetworkDrawing, column: _Column, bottom: int) -> None:
    """Write each output's target below it, after the row of its delta, if all outputs have room for it."""
    rows = [node.row for node in column.nodes]
    least = min((lower - upper for upper, lower in pairwise([*rows, bottom])), default=0)
    below = 2 if least > 2 else 1
    is_low = least < 2 or (below == 1 and any(node.below for node in column.nodes)) or bool(column.more)
    if is_low or max(map(cell_len, drawing.wanted), default=0) > column.width:
        return
    for node in column.nodes[: len(drawing.wanted)]:
        text = canvas.fitted(drawing.wanted[node.unit], canvas.width)
        canvas.text(_span(column, text)[0], node.row + below, text, canvas.palette.of(Role.TRUTH))


def _draw_thumbnails(canvas: Canvas, seen: list[_Seen], captions: list[_Caption]) -> None:
    """Draw below each neuron its output over the plane of the inputs, and what that is."""
    for column, pictures in seen:
        left = column.left + (column.width - _THUMBNAIL[0] + 1) // 2
        for node in column.nodes[: len(pictures)]:
            picture = pictures[node.unit][::-1]
            most = max(1.0, float(np.abs(picture[np.isfinite(picture)]).max(initial=0.0)))
            put_signed(canvas.part(left, node.row + 1 + bool(node.below), *_THUMBNAIL), picture / most)
    for (start, row), text in captions:
        canvas.text(start, row, text, style(canvas.palette.axis))


def _captions(canvas: Canvas, drawing: NetworkDrawing, seen: list[_Seen], bottom: int) -> list[_Caption]:
    """Return the captions of the neurons' outputs with their first cells: below the pictures, if there is room."""
    text = canvas.fitted(f"a({', '.join(neuron.name for neuron in drawing.columns[0])})", canvas.width)
    places = (
        (_span(column, text)[0], node.row + 1 + bool(node.below) + _THUMBNAIL[1])
        for column, pictures in seen
        for node in column.nodes[: len(pictures)]
        if cell_len(text) <= column.width
    )
    return [(place, text) for place in places if place[1] < bottom]


def _draw_column(canvas: Canvas, drawing: NetworkDrawing, index: int, column: _Column) -> None:
    is_active = index == drawing.active_layer
    for node in column.nodes:
        is_focus = drawing.focus == (index, node.unit)
        color = canvas.palette.focus if is_focus or is_active else ""
        is_dropped = drawing.columns[index][node.unit].is_dropped
        look = style(color, bold=is_active or is_focus, reverse=is_active, strike=is_dropped)
        canvas.text(_span(column, node.text)[0], node.row, node.text, look)
        canvas.text(_span(column, node.below)[0], node.row + 1, node.below, style(canvas.palette.focus, bold=is_active))
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


def _lines(canvas: Canvas, weights: Vector, left: _Column, right: _Column, *, lit: bool = False) -> Iterator[_Line]:
    """Yield the lines between two columns, without those of weights that are 0 or nan, unless they may be lit."""
    palette = canvas.palette
    for source, target in product(left.nodes, right.nodes):
        if target.unit < weights.shape[0] and source.unit < weights.shape[1]:
            weight = float(weights[target.unit, source.unit])
            color = palette.focus if lit else palette.positive if weight > 0 else palette.negative
            if lit or (weight and not math.isnan(weight)):
                yield _Line(
                    _ends(left, source, right, target), (source.unit, target.unit), weight, style(color, bold=lit)
                )


def _draw_pulse(canvas: Canvas, drawing: NetworkDrawing, columns: list[_Column], taken: _Cells) -> None:
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
    for line in _lines(canvas, weights, left, right):
        (x0, y0), (x1, y1) = line.ends
        column, row = int(x0 + (x1 - x0) * part), int(y0 + (y1 - y0) * part)
        if x1 > x0 and (column, row) not in taken:
            canvas.put(column, row, head, style(canvas.palette.focus, bold=True))


def _write_values(
    canvas: Canvas, lines: list[_Line], others: list[_Line], left: _Column, right: _Column, rows: range, taken: _Cells
) -> None:
    """Write the values of weights on their lines, with a blank on either side, where they hide no other line or value.

    A value stands in the row of a neuron only if its line begins or ends there, so that it is not taken for another's.
    taken: the cells of values, to which those written are added.
    """
    paths = {line.units: _path(line) for line in (*lines, *others)}
    owners = [
        {
            node.row + below: (node.unit, *_span(column, text))
            for node in column.nodes
            for below, text in enumerate(filter(None, (node.text, node.below)))
        }
        for column in (left, right)
    ]
    for line in lines:
        text = short_value(line.weight, 2).replace("-", canvas.one_of("−", "-"))
        (x0, y0), (x1, y1) = line.ends
        hidden = taken.union(*(path for units, path in paths.items() if units != line.units))
        for (part, below), shift in product(_places(line), (0, -1, 1)):
            row, middle = int(y0 + (y1 - y0) * part) + below, x0 + (x1 - x0) * part
            before, after = (each.get(row) for each in owners)
            first = left.left + left.width if before is None else before[2] + _FROM_DELTA
            last = right.left if after is None else after[1] - _FROM_DELTA
            first = math.ceil(x0) if row == int(y0) else first
            last = (math.floor(x1) if row == int(y1) else last) - len(text)
            start = max(first, min(round(middle - len(text) / 2) + shift, last))
            cells = _cells((start, row), text, 1)
            side = int(start + len(text) / 2 > (x0 + x1) / 2)
            owner = (before, after)[side]
            is_own = owner is None or owner[0] == line.units[side]
            is_clear = not cells & hidden and len(paths[line.units] - cells) >= _LEAST_LEFT
            if row in rows and start <= last and is_own and is_clear:
                canvas.text(start - 1, row, f" {text} ", line.look)
                taken |= cells
                break


def _cells(place: tuple[int, int], text: str, by: int) -> _Cells:
    """Return the cells of a text that begins at a place, and `by` more on either side of it."""
    column, row = place
    return {(cell, row) for cell in range(column - by, column + cell_len(text) + by)}


def _span(column: _Column, text: str) -> tuple[int, int]:
    """Return the first cell of a text in the middle of a column, and the first one after it."""
    start = column.left + (column.width - cell_len(text) + 1) // 2
    return start, start + cell_len(text)


def _places(line: _Line) -> Iterator[tuple[float, int]]:
    """Yield where a value may stand, best first, as fraction of its line and rows below it; 0 unless it is level."""
    for below in (-1, 1) if line.ends[0][1] == line.ends[1][1] else ():
        yield from ((part, below) for part in (0.5, *_PLACES))
    yield from ((part, 0) for part in _PLACES)


def _path(line: _Line) -> _Cells:
    """Return the cells that a line passes, of two by four dots each as in Unicode."""
    (x0, y0), (x1, y1) = line.ends
    steps = max(1, round(max(abs(x1 - x0) * 2, abs(y1 - y0) * 4)))
    parts = [step / steps for step in range(steps + 1)]
    return {(int(x0 + (x1 - x0) * part), int(y0 + (y1 - y0) * part)) for part in parts}


def _ends(left: _Column, source: _Node, right: _Column, target: _Node) -> tuple[Position, Position]:
    """Return both ends of the line between two nodes: at mid-height, with space before and after it."""
    start = (left.left + (left.width + cell_len(source.text) + 1) / 2 + 0.5, source.row + 0.5)
    return start, (right.left + (right.width - cell_len(target.text)) / 2 - 0.5, target.row + 0.5)


def _draw_line(canvas: Canvas, line: _Line, size: float, *, is_lit: bool = False) -> None:
    """Draw the line of a weight of relative size `size`: two dots thick if it is large; in ASCII a row of signs."""
    (x0, y0), (x1, y1) = line.ends
    if x1 <= x0:
        return
    look = line.look if is_lit else line.look + style(bold=size >= 2 / 3, dim=size < 1 / 3)
    if canvas.ascii_only:
        steps = max(1, round(max(x1 - x0, abs(y1 - y0))))
        for part in (step / steps for step in range(steps + 1)):
            sign = "=" if is_lit else "+" if line.weight > 0 else "-"
            canvas.put(int(x0 + (x1 - x0) * part), int(y0 + (y1 - y0) * part), sign, look)
        return
    dash = (1, 0) if is_lit or line.weight > 0 or canvas.palette.negative else _DASH
    for offset in (0.0, 0.25) if size >= 2 / 3 else (0.0,):
        canvas.line((x0, y0 + offset), (x1, y1 + offset), look, dash=dash)


def _draw_direction(canvas: Canvas, backwards: bool) -> None:
    """Draw an arrow along the whole row that names the direction in which information flows."""
    words = f" {_('error travels back') if backwards else _('forward')} "
    words = canvas.fitted(words, max(0, canvas.width - 6))
    level, head = canvas.one_of("─", "-"), canvas.one_of("◀", "<") if backwards else canvas.one_of("▶", ">")
    lines = max(0, canvas.width - cell_len(words) - 1)
    before, after = level * (lines // 2), level * (lines - lines // 2)
    text = f"{head}{before}{words}{after}" if backwards else f"{before}{words}{after}{head}"
    canvas.text(0, 0, text, style(canvas.palette.focus if backwards else canvas.palette.axis, bold=backwards))
