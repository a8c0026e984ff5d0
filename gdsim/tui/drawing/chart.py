"""Draws charts as rows of characters: plotext's output, fields beneath it, and the legend above the chart.

Among layers of one kind, later ones cover earlier ones; rare marks cover common ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby, islice, pairwise
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from gdsim.charts.chart import Chart, Field, Role, Series, Shape
from gdsim.charts.layout import AxisLayout, dots_at
from gdsim.tui.canvas import fitted, over
from gdsim.tui.drawing.plane import FEW, NEVER_LOST, Plane, nearest_free, off_window, own_cells, plane_of
from gdsim.tui.drawing.surface import Surface, corner_names, surface_cells
from gdsim.tui.fields import BLANK, Cell, field_cells, line_labels
from gdsim.tui.legend import (
    BESIDE,
    HEIGHT_FOR_NAMES,
    RunMark,
    axis_names,
    bar_mark,
    legend_rows,
    look_of,
    mark_of,
)
from gdsim.tui.palettes import MARKS, Palette, style
from gdsim.tui.plotting import SECOND_CELL, Layer, Place, Ticks, frame, plotted
from gdsim.tui.polylines import vertices
from gdsim.tui.strips import strip_of

_SHORT = 24
"""Lines of at most this many vertices do not get a plotext figure of their own."""
_ROOM_FOR_LABELS = 60
"""A surface of fewer columns has no labels next to marks: they would cover the ground under the path."""
# Unicode and ASCII arrowheads by the direction of the line, (right, up).
_HEADS = {
    (1, 0): "→>",
    (-1, 0): "←<",
    (0, 1): "↑^",
    (0, -1): "↓v",
    (1, 1): "↗^",
    (-1, 1): "↖^",
    (1, -1): "↘v",
    (-1, -1): "↙v",
}
_EVERY = 3
"""Series of many points cover lines in every third column only."""
_APART = 4
"""Cells between the numbers of two level lines in a row."""
_BLOCKS = frozenset("▀▄█▌▐▖▗▘▙▚▛▜▝▞▟▒")
_KEPT = "\u00a0"
"""A blank in which no field is drawn."""
Styled = tuple[Layer, Style]
_ALONG = (0.5, 0.3, 0.7, 0.15, 0.85, 0.4, 0.6)
"""Fractions of a line at which its mark may stand, best first."""
_MARKS_A_LINE, _CELLS_A_MARK = 4, 8
"""Most marks on a line, and cells of it for each, so that a short line is not all marks."""


class _Drawing(NamedTuple):
    """A chart being drawn: characters and styles of its cells, the lowest row first."""

    plane: Plane
    palette: Palette
    ascii_only: bool
    glyphs: list[list[str]]
    looks: list[list[Style]]

    def plot(self, layers: Sequence[Styled]) -> None:
        """Draw layers, each in its style."""
        if not layers:
            return
        plane = self.plane
        for (column, row), glyph, number in plotted((plane.columns, plane.rows), tuple(each for each, _ in layers)):
            glyphs, looks, at = self.glyphs[plane.below + row], self.looks[plane.below + row], plane.left + column
            # On a bar the mark is left out of its colour, as black would look like the bar's end.
            is_on_bar = glyphs[at] in _BLOCKS and glyph not in _BLOCKS
            looks[at] = looks[at] + style(reverse=True) if is_on_bar else layers[number][1]
            glyphs[at] = over(glyphs[at], glyph)

    def is_free(self, column: int, row: int, width: int) -> bool:
        """Whether nothing is drawn in `width` cells of a row; cells outside the chart count as free."""
        start = self.plane.left + column
        return all(glyph == " " for glyph in self.glyphs[self.plane.below + row][max(0, start) : max(0, start + width)])


def draw_chart(chart: Chart, width: int, height: int, palette: Palette, *, ascii_only: bool = False) -> list[Strip]:
    """Return the chart as `height` strips of `width` cells each; any size from 1 × 1.

    A line breaks at points that are not finite; marks outside the window are left out, except the current and the next
    point, which become arrows at the edge. Below 16 × 6 there is no frame.
    """
    series = [layer for layer in chart.layers if isinstance(layer, Series)]
    fields = [layer for layer in chart.layers if isinstance(layer, Field)]
    has_names = height >= HEIGHT_FOR_NAMES and any((chart.x.label, chart.y.label))
    off: Collection[RunMark] = ()
    for _again in range(2):  # "(off)" after names of runs outside the window may lengthen the legend by a row
        legend = legend_rows(chart, width, height, palette, ascii_only, off)
        plane = plane_of(chart, width, height - len(legend), has_names, palette, ascii_only)
        off = off_window(plane, series)
        if not off:
            break
    drawing = _framed(chart, plane, has_names, palette, ascii_only)
    if plane.surface is not None:
        cells = surface_cells(plane.surface, palette, ascii_only)
        _draw_series(drawing, series, _corner_labels(drawing, plane.surface, chart, cells))
        _lay_beneath(drawing, cells)
        return [strip_of(row, width) for row in legend] + _strips(drawing, width)
    _draw_series(drawing, series, is_growing=chart.x.is_count)
    if fields and chart.angles is None:
        cells = field_cells(fields[-1], plane.x, plane.y, (plane.columns, plane.rows), palette, ascii_only)
        _write_heights(drawing, fields[-1], _lay_beneath(drawing, cells), cells)
    return [strip_of(row, width) for row in legend] + _strips(drawing, width)


def _draw_series(
    drawing: _Drawing, series: list[Series], names: Sequence[Styled] = (), *, is_growing: bool = False
) -> None:
    """Draw bars, large samples, lines, points and labels.

    Each line up to the last long one gets its own figure, which is cached while the line stays the same. Later lines
    share one figure with the marks; so do all lines that change in every frame: on a surface, which turns as a whole,
    and over updates (is_growing). names: labels of a surface's corners and axes.
    """
    named = [(one, each) for one in series if one.shape in (Shape.LINE, Shape.ARROW) for each in _line(drawing, one)]
    lines = [each for _one, each in named]
    bars = [each for one in series if one.shape is Shape.BARS for each in _bars(drawing, one)]
    is_turned = drawing.plane.surface is not None
    is_moving = is_turned or is_growing
    last = max((k for k, each in enumerate(lines, 1) if len(each[0].x) > _SHORT and not is_moving), default=0)
    samples = [one for one in series if one.shape is Shape.POINTS and len(one.x) > FEW and not one.is_circled]
    for each in (*bars, *_marks(drawing, samples, is_above_lines=False)[0], *lines[:last]):
        drawing.plot([each])
    marks, taken, lone = _marks(drawing, sorted(series, key=lambda one: _rank(one, drawing.palette)))
    along = cache(drawing.plane.cells_along)
    shown = {(one.role, one.mark.upper()) for one, _cell in lone}
    followed = {(one.role, one.mark) for one in series if one.shape is Shape.POINTS and len(one.x) > 1}
    unmarked = [(one, each) for one, each in named if one.mark and (one.role, one.mark) not in followed]
    marks += _marks_along(drawing, unmarked, along, shown, taken)
    has_labels = not is_turned or drawing.plane.columns >= _ROOM_FOR_LABELS
    told = list(_told(lone)) if has_labels else []
    if told:
        taken.update(cell for layer, _look in lines[last:] for cell in along(layer))
    labels = [each for one, cell in told for each in _label_beside(drawing, one, cell, taken)]
    drawing.plot([*lines[last:], *marks, *labels, *names])


def _framed(chart: Chart, plane: Plane, has_names: bool, palette: Palette, ascii_only: bool) -> _Drawing:
    """Return an empty drawing, with a frame if the plane has room for one."""
    width, height = plane.left + plane.columns, plane.below + plane.rows
    looks = [[style(palette.axis)] * width for _row in range(height)]
    drawing = _Drawing(plane, palette, ascii_only, [[" "] * width for _row in range(height)], looks)
    if plane.below:
        x_name, y_name = axis_names(chart, ascii_only) if has_names else ("", "")
        name = _cell_by_cell(x_name, plane.columns // 2, ascii_only)
        names = name, _cell_by_cell(y_name, plane.left + plane.columns // 2 - len(name) // 2 - 2, ascii_only)
        cells = frame((width, height), _ticks(plane.x, ascii_only), _ticks(plane.y, ascii_only), names, ascii_only)
        drawing.glyphs[:] = [list(row) for row in cells]
    return drawing


def _ticks(axis: AxisLayout, ascii_only: bool) -> Ticks:
    ticks = [(tick.position, tick.label) for tick in axis.ticks] or [(0.0, " ")]
    return tuple((position, label.replace("−", "-") if ascii_only else label) for position, label in ticks)


def _cell_by_cell(text: str, width: int, ascii_only: bool) -> str:
    """Return a text, cut to `width` cells, with one character per cell: `SECOND_CELL` follows a wide one."""
    shown = fitted(text, width, ascii_only=ascii_only)
    return "".join(letter + SECOND_CELL * (cell_len(letter) - 1) for letter in shown)


def _bars(drawing: _Drawing, series: Series) -> list[Styled]:
    """Return bars from 0, or from the end of the window nearest to 0, in quarters of a cell; a bar of 0 is a thin line.

    A bar ends in the middle of the cell of its height, where a tick stands.
    """
    plane, look = drawing.plane, look_of(series, drawing.palette)
    across, up = plane.positions(series)
    zero = 0.0 if plane.y.is_log else min(1.0, max(0.0, float(np.nan_to_num(plane.y.position(0.0)))))
    inside = (across >= 0) & (across <= 1)
    middles = dots_at(across[inside], plane.columns).tolist()
    columns = sorted(set(middles))
    nearest = min((right - left for left, right in pairwise(columns)), default=max(1, plane.columns // 2))
    half = max(0, (nearest - 2) // 2)
    mark = bar_mark(series, drawing.ascii_only)
    fine = 1 if drawing.ascii_only else 2
    last, top = max(1, fine * plane.columns - 1), max(1, fine * plane.rows - 1)
    ends = np.floor(np.clip(up[inside], 0, 1) * fine * (plane.rows - 1) + 0.5 + 1e-8).tolist()
    base = round(zero * fine * (plane.rows - 1))
    xs: list[float] = []
    ys: list[float] = []
    flat: list[Place] = []
    for middle, height in zip(middles, ends, strict=True):
        begin, end = max(0, middle - half), min(plane.columns, middle + half + 1)
        if height == base:
            flat += [(column, base // fine) for column in range(begin, end)]
        elif not math.isnan(height):
            dots = range(fine * begin, fine * end)
            xs += [dot / last for dot in dots]
            ys += [height / top] * len(dots)
    layer = Layer(tuple(xs), tuple(ys), mark if drawing.ascii_only else "hd", bars_from=base / top)
    filled = [cell for cell, glyph, _number in plotted((plane.columns, plane.rows), (layer,)) if glyph == "█"]
    shaded = plane.at(filled if mark == "▒" else [], mark)
    thin = plane.at(flat, "_" if drawing.ascii_only else "▁")
    return [(each, look) for each in (layer, shaded, thin) if each.x]


def _line(drawing: _Drawing, series: Series) -> list[Styled]:
    """Return a line, or the shaft of an arrow; empty if nothing of it lies in the window."""
    plane, ascii_only = drawing.plane, drawing.ascii_only
    x, y = plane.positions(series)
    if series.shape is Shape.ARROW:
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        x, y = x[known[[0, -1][: len(known)]]], y[known[[0, -1][: len(known)]]]
    is_solid = ascii_only or series.shape is Shape.ARROW
    dash = (1, 0) if is_solid else MARKS[series.role].dash
    xs, ys = vertices(x, y, (plane.columns, plane.rows), plane.fine, dash)
    mark = "braille" if not ascii_only else "~" if series.shape is Shape.ARROW else mark_of(series, ascii_only)
    return [(Layer(xs, ys, mark, is_joined=True), look_of(series, drawing.palette))] if xs else []


def _marks(
    drawing: _Drawing, series: Sequence[Series], *, is_above_lines: bool = True
) -> tuple[list[Styled], set[Place], list[tuple[Series, Place]]]:
    """Return a layer per mark of points and arrowheads, the cells they cover, and single points with their cells.

    Single points of comparison runs give way to each other and to fixed marks, as the current point's, and then lose
    their label. Of many points, only those in some columns are drawn above lines, so that lines among them can be seen.
    """
    plane = drawing.plane
    has_bars = any(each.shape is Shape.BARS for each in series)
    layers: list[Styled] = []
    lone: list[tuple[Series, Place]] = []
    marked = [each for each in series if each.shape in (Shape.POINTS, Shape.ARROW)]
    placed = list(zip(marked, own_cells(plane, marked), strict=True))
    fixed = [(each, cell) for each, cells in placed if _is_fixed(each, cells) for cell in cells]
    # Beside the head of an arrow, a letter would name it.
    taken = {near for each, cell in fixed for near in (_touching(cell) if each.shape is Shape.ARROW else {cell})}
    beside = _side_by_side(plane, placed) if has_bars else {}
    covered: set[Place] = set()
    for each, own in placed:
        mark, cells = mark_of(each, drawing.ascii_only), own
        if each.mark in beside:
            cells = {beside[each.mark].get(cell, cell): way for cell, way in cells.items()}
        elif _is_lone_beside(each):
            position = np.concatenate(plane.positions(each))
            cells = {nearest_free(plane, position, taken): way for way in cells.values()}
            taken.update(cells)
        if is_above_lines and len(each.x) > FEW and not each.is_circled:
            cells = {cell: way for cell, way in cells.items() if cell[0] % _EVERY == 0}
        by_mark: dict[str, list[Place]] = {}
        for cell, way in cells.items():
            by_mark.setdefault(mark if way == (0, 0) else _HEADS[way][drawing.ascii_only], []).append(cell)
        layers += [(plane.at(there, glyph), look_of(each, drawing.palette)) for glyph, there in by_mark.items()]
        covered.update(cells)
        if each.shape is Shape.POINTS and len(cells) == 1 and not each.is_circled:
            lone += [(each if cell in own else replace(each, label=""), cell) for cell in cells]
    return layers, covered, lone


def _side_by_side(plane: Plane, placed: Sequence[tuple[Series, dict[Place, Place]]]) -> dict[str, dict[Place, Place]]:
    """Return by mark where the marks of runs stand in a chart of bars, those of equal heights side by side."""
    found: dict[Place, list[str]] = {}
    for each, cells in placed:
        if each.mark and each.role in BESIDE:
            for cell in cells:
                found.setdefault(cell, []).append(each.mark)
    places: dict[str, dict[Place, Place]] = {}
    for (column, row), marks in found.items():
        first = min(max(0, column - (len(marks) - 1) // 2), max(0, plane.columns - len(marks)))
        for place, mark in enumerate(sorted(marks), first):
            places.setdefault(mark, {})[column, row] = place, row
    return places


def _told(lone: Sequence[tuple[Series, Place]]) -> Iterator[tuple[Series, Place]]:
    """Yield the single points to label: the uppermost of each cell, unless another stands within two cells of it.

    Of points so close together, only the current and the next one are labelled; of equal labels, one.
    """
    uppermost = {cell: one for one, cell in lone}
    told = set[str]()
    for (column, row), one in uppermost.items():
        is_crowded = any((column + by, row) in uppermost for by in (-2, -1, 1, 2))
        if one.label and one.label not in told and (not is_crowded or one.role in NEVER_LOST):
            told.add(one.label)
            yield one, (column, row)


def _marks_along(
    drawing: _Drawing,
    lines: Sequence[tuple[Series, Styled]],
    along: Callable[[Layer], list[Place]],
    shown: Collection[RunMark],
    taken: set[Place],
) -> list[Styled]:
    """Return the marks of lines, on them: several on a line of the main run, which may cross others.

    On the line of each comparison run one, unless it has one elsewhere (shown: role and mark of these): dashes alone do
    not identify a run. In ASCII, too, where other lines may cover this one. along: the cells of a line.
    """
    found: list[Styled] = []
    for one, (layer, look) in lines:
        if one.role not in BESIDE or (one.role, one.mark.upper()) not in shown:
            cells = along(layer)
            places = (cells[int(part * (len(cells) - 1))] for part in _ALONG if cells)
            free = (place for place in places if not _touching(place).intersection(taken))
            most = 1 if one.role in BESIDE else min(_MARKS_A_LINE, len(cells) // _CELLS_A_MARK)
            there = list(islice(free, most))
            found += [(drawing.plane.at(there, mark_of(one, drawing.ascii_only)), look)] if there else []
            taken.update(there)
    return found


def _touching(cell: Place) -> set[Place]:
    """Return a cell and those to its left and right."""
    return {(cell[0] + by, cell[1]) for by in (-1, 0, 1)}


def _rank(series: Series, palette: Palette) -> tuple[bool, bool, float]:
    """Return the sort key of marks: rare ones last, those of comparison runs from the right, so that order is kept."""
    is_lone = _is_lone_beside(series)
    return series.role in palette.strong, is_lone, -float(np.nan_to_num(series.x[0])) if is_lone else 0.0


def _is_fixed(series: Series, cells: Collection[Place]) -> bool:
    """Whether marks keep their place while comparison runs' give way: the current, the next, unmarked ones alone."""
    return series.role in NEVER_LOST or (len(cells) == 1 and not series.mark)


def _is_lone_beside(series: Series) -> bool:
    """Whether a series is a single point with its own mark: the current place or start of a comparison run."""
    is_lone = series.shape is Shape.POINTS and len(series.x) == 1
    return is_lone and bool(series.mark) and series.role not in NEVER_LOST


def _label_beside(drawing: _Drawing, series: Series, cell: Place, taken: set[Place]) -> list[Styled]:
    """Return the label of a single point, to its right or left, if it covers nothing there; else an empty list.

    The blanks between and around its words hide the field beneath.
    """
    plane, (column, row) = drawing.plane, cell
    text = _cell_by_cell(series.label, plane.columns, drawing.ascii_only)
    width = len(text)
    for start in (column + 2, column - 1 - width):
        # A blank on either side keeps it clear of other marks.
        there = {(place, row) for place in range(start - 1, start + width + 1)}
        if 0 < start <= plane.columns - width and drawing.is_free(start - 1, row, width + 2) and not there & taken:
            taken |= there
            kept = _KEPT + text.replace(" ", _KEPT) + _KEPT * (start + width < plane.columns)
            return [(plane.at([(start - 1, row)], text=kept), drawing.palette.of(series.role))]
    return []


def _corner_labels(drawing: _Drawing, surface: Surface, chart: Chart, cells: list[list[Cell]]) -> list[Styled]:
    """Return labels of the surface, below it if there is room, else above: front corners and axes."""
    plane, taken = drawing.plane, set[Place]()
    labels: list[Styled] = []
    for text, position in corner_names(surface, chart):
        shown = _cell_by_cell(text, plane.columns, drawing.ascii_only)
        column = max(0, min(round(position[0] * plane.columns - len(shown) / 2), plane.columns - len(shown)))
        first = min(plane.rows - 1, max(0, int(position[1] * plane.rows) - 1))
        for row in (*range(first, -1, -1), *range(first + 1, plane.rows)):
            there = {(place, row) for place in range(max(0, column - 1), min(plane.columns, column + len(shown) + 1))}
            is_ground = any(cells[-1 - row][place] != BLANK for place, _row in there)
            if drawing.is_free(column - 1, row, len(shown) + 2) and not is_ground and not there & taken:
                labels.append((plane.at([(column, row)], text=shown), style(drawing.palette.axis)))
                taken |= there
                break
    return labels


def _lay_beneath(drawing: _Drawing, rows: list[list[Cell]]) -> set[Place]:
    """Put cells, top row first, into free places and behind what is drawn already; return the places that were free."""
    plane, free = drawing.plane, set[Place]()
    for row, cells in enumerate(rows[::-1]):
        glyphs, looks = drawing.glyphs[plane.below + row], drawing.looks[plane.below + row]
        for column, (glyph, look, ground) in enumerate(cells, plane.left):
            if glyphs[column] == " ":
                free.add((column - plane.left, row))
                glyphs[column], looks[column] = glyph, look
            elif ground.bgcolor:
                looks[column] = looks[column] + ground
    return free


def _write_heights(drawing: _Drawing, field: Field, free: set[Place], rows: list[list[Cell]]) -> None:
    """Write the heights of level lines onto them where only the field is drawn, between blanks if it has no colours.

    A number covers no other line than its own; where there is no room for that, it is left out.
    """
    plane, quiet = drawing.plane, style(drawing.palette.colors.get(Role.NEXT, ""))
    labels = line_labels(field, plane.x, plane.y, (plane.columns, plane.rows))
    for text, places in labels:
        shown = f" {text.replace('−', '-') if drawing.ascii_only else text} "
        allowed = free.difference(*(others for other, others in labels if other != text))
        around = ([(column + k - len(shown) // 2, row) for k in range(len(shown))] for column, row in places)
        taken = next((cells for cells in around if allowed.issuperset(cells)), [])
        for (column, row), letter in zip(taken, shown, strict=False):
            ground = rows[-1 - row][column][2]
            if letter != " " or not ground.bgcolor:
                drawing.glyphs[plane.below + row][plane.left + column] = letter
                drawing.looks[plane.below + row][plane.left + column] = quiet + ground
        # Numbers keep apart, so that no digits of the field between two of them look like a third.
        free.difference_update((column + by, row) for column, row in taken for by in range(-_APART, _APART + 1))


def _strips(drawing: _Drawing, width: int) -> list[Strip]:
    strips = []
    for glyphs, looks in zip(drawing.glyphs[::-1], drawing.looks[::-1], strict=True):
        runs = groupby(zip(glyphs, looks, strict=True), key=lambda cell: cell[1])
        texts = [("".join(glyph for glyph, _look in cells).replace(_KEPT, " "), look) for look, cells in runs]
        strips.append(strip_of(texts, width))
    return strips
