"""The table of parameters: value, gradient, change and new value, one row each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from textual.binding import Binding
from textual.strip import Strip

from gdsim.charts.chart import role_beside
from gdsim.charts.current import element_in_focus, position_of
from gdsim.charts.view import Comparison, View
from gdsim.explain.figures import figure_marks
from gdsim.explain.numbers import DIGITS, aligned, format_number, in_ascii
from gdsim.explain.selection import is_edited
from gdsim.explain.status import comparison_line
from gdsim.explain.table import ParameterRow, block_summaries, by_change, row_count, rows
from gdsim.i18n import _
from gdsim.timeline.position import update_on_view
from gdsim.tui.panels.part import Drawn, Panel, ScreenState
from gdsim.tui.strips import Run, filled, filled_before, strip_of

COLUMNS = ("value", "gradient", "change", "new")
_SIGNED = ("gradient", "change")
_FIGURE_MARKS = {True: ("✓", "+"), False: ("✗", "x")}
_FRAME = 4
"""Cells of the frame around a title."""

_NAME_WIDTH = 12
_LEAST_WIDTH = 9
"""The fewest cells of a full-width column."""

_FEWEST_DIGITS = 3
"""The fewest digits of a number; if that is still too wide, columns are left out."""

_MOST_BESIDE = 100
"""The most parameters another run may have for them to be listed; of a larger run only the heading is shown."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: a parameter of a run, or (row None) the heading of another run.

    label: another run's label, on its first row if headings are left out. figures: by column, whether the published
    figure there is reproduced. is_chosen: whether the parameter is in focus.
    """

    row: ParameterRow | None
    beside: Comparison | None = None
    label: str = ""
    figures: Mapping[str, bool] = field(default_factory=dict)
    is_chosen: bool = False

    def name(self, *, ascii_only: bool) -> str:
        """Return the parameter's name after the mark of its run, cut to `_NAME_WIDTH`."""
        mark = "" if self.beside is None else self.beside.mark
        name = "" if self.row is None else f"{mark} {self.row.name}".lstrip()
        name = in_ascii(name) if ascii_only else name
        return name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "~"


class ParameterPanel(Panel):
    """A scrolling table that marks changed numbers and published figures. Runs to compare follow the main one."""

    BINDINGS = [Binding("O", "toggle_order", show=False)]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._chosen: int | None = None
        self._is_by_name = False

    def action_toggle_order(self) -> None:
        """Switch a long table between sorting by name and by how much the parameters change."""
        self._is_by_name = not self._is_by_name
        if self.state is not None:
            self.show(self.state)

    def view_key(self, state: ScreenState) -> Hashable:
        return super().view_key(state), self._is_by_name

    def show(self, state: ScreenState) -> None:
        """Show a state; if another parameter has come into focus, scroll to it."""
        chosen = element_in_focus(state.view)
        room = self.content_size.height - 1
        if chosen is not None and chosen != self._chosen and room > 0:
            order = self._order(state.view, room)
            room -= len(_summaries(state.view, room))
            place = chosen if order is None else int(np.flatnonzero(order == chosen)[0])
            top = min(max(self.top, place - room + 1), place)
            self.set_reactive(ParameterPanel.top, max(0, top))
        self._chosen = chosen
        super().show(state)

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        """Return the table's heading and as many rows as fit."""
        view, room = state.view, max(0, height - 1)
        order, summaries = self._order(view, room), _summaries(view, room)
        room -= len(summaries)
        has_heads, total = True, _total(view, has_heads=True)
        if _has_room_for_labels(view, width) and 1 < total > room:
            has_heads, total = False, _total(view, has_heads=False)
        first = self.first_of(total, room)
        last = min(total, first + room)
        range_ = "" if total <= room else f" {first + 1}–{last} / {total}"
        range_ = range_.replace("–", "-") if self.ascii_only else range_
        title = _("parameters") + range_
        update = update_on_view(view.timeline, view.position)
        if update is not None and not is_edited(view.timeline, view.position):
            longer = _("parameters before and after update {number}").format(number=update.number)
            longer += f" {'|' if self.ascii_only else '·'}{range_}" if range_ else ""
            title = longer if cell_len(longer) <= width - _FRAME else title
        lines = list(_window(view, first, last, has_heads, order))
        names = [line.name(ascii_only=self.ascii_only) for line in lines]
        name_width = max(cell_len(_("name")), *map(cell_len, names), 0)
        columns = self._columns(view, lines, width - name_width - 1)
        head: list[Run] = [(" " + filled(_("name"), name_width), self.style("quiet"))]
        head += [
            (filled_before(_(name), cell_len(texts[0]) + 1) + " ", self.style("quiet"))
            for name, texts in columns.items()
        ]
        above = [text if cell_len(text) < width else text.replace(" · ", " ") for text in summaries]
        strips = [strip_of([(f" {self.lettered(text)}", self.style("quiet"))], width) for text in above]
        strips.append(strip_of(head, width))
        for index, line in enumerate(lines):
            texts = {name: column[index + 1] for name, column in columns.items()}
            strips.append(self._strip(view, line, name_width, texts, width))
        return Drawn(strips[:height], title, extent=total + height - room)

    def _order(self, view: View, room: int) -> NDArray[np.intp] | None:
        """Return θ's elements, largest change first, if the table does not fit and is sorted by change; else None."""
        is_long = row_count(view.timeline) > room
        return by_change(view.timeline, view.position) if is_long and not self._is_by_name else None

    def _columns(self, view: View, lines: list[_Line], room: int) -> dict[str, list[str]]:
        """Return the columns that are not hidden, each as a blank string of the column's width, then aligned numbers.

        Numbers have as many digits as fit; if even the fewest do not fit, the least needed columns are dropped.
        """
        names = [name for name in COLUMNS if name not in view.scenario.show.hide]
        for digits in range(DIGITS, _FEWEST_DIGITS - 1, -1):
            columns = {name: self._column(lines, name, digits) for name in names}
            if sum(cell_len(texts[0]) + 2 for texts in columns.values()) <= room:
                return columns
        for expendable in ("new", "gradient", "change"):
            if sum(cell_len(texts[0]) + 2 for texts in columns.values()) > room:
                columns.pop(expendable, None)
        return columns

    def _column(self, lines: list[_Line], name: str, digits: int) -> list[str]:
        texts = aligned([self._text(line, name, digits) for line in lines])
        width = max(digits + 3, cell_len(_(name)), *map(cell_len, texts), 0)
        return [" " * width, *(filled_before(text, width) for text in texts)]

    def _text(self, line: _Line, column: str, digits: int) -> str:
        value: float | None = getattr(line.row, column, None)
        return "" if value is None else self.lettered(format_number(value, digits=digits, signed=column in _SIGNED))

    def _strip(self, view: View, line: _Line, name_width: int, texts: Mapping[str, str], width: int) -> Strip:
        beside = line.beside
        look = self.style("strong") if beside is None else self.palette.of(role_beside(beside))
        if line.row is None:
            assert beside is not None
            head = comparison_line(beside.mark, beside.label, beside.timeline, position_of(beside, view).update)
            return strip_of([(f" {head}", look)], width)
        mark = (">" if self.ascii_only else "▸") if line.is_chosen else " "
        runs: list[Run] = [(mark + filled(line.name(ascii_only=self.ascii_only), name_width), look)]
        for column, text in texts.items():
            mark, style = " ", ""
            is_match = line.figures.get(column)
            if is_match is not None:
                mark, style = _FIGURE_MARKS[is_match][self.ascii_only], "good" if is_match else "bad"
            elif column == "gradient" and line.row.gradient_turned:
                mark, style = "!", "bad"
            elif column == "new" and line.row.is_changed:
                mark, style = "*", "changed"
            runs.append((f" {text}{mark}", self.style(style)))
        if line.label:
            runs.append((f" {line.label}", look))
        return strip_of(runs, width)


def _has_room_for_labels(view: View, width: int) -> bool:
    """Whether the labels of other runs fit after their rows with all columns shown."""
    longest = max((cell_len(beside.label) for beside in view.comparisons), default=0)
    return width >= _NAME_WIDTH + len(COLUMNS) * (_LEAST_WIDTH + 2) + longest


def _summaries(view: View, room: int) -> list[str]:
    """Return a line for every block if the table does not fit and these lines take half the room at most."""
    is_long = row_count(view.timeline) > room and len(view.timeline.run.model.layout.slices) <= room // 2
    return block_summaries(view.timeline, view.position) if is_long else []


def _listed(beside: Comparison) -> int:
    """Return how many parameters of another run are listed."""
    count = row_count(beside.timeline)
    return count if count <= _MOST_BESIDE else 0


def _has_head(beside: Comparison, has_heads: bool) -> bool:
    """Whether another run has a heading; it always has one if its parameters are not listed."""
    return has_heads or not _listed(beside)


def _total(view: View, *, has_heads: bool) -> int:
    """Return how many lines the whole table has without its own heading."""
    besides = sum(_listed(beside) + _has_head(beside, has_heads) for beside in view.comparisons)
    return row_count(view.timeline) + besides


def _window(view: View, first: int, last: int, has_heads: bool, order: NDArray[np.intp] | None) -> Iterator[_Line]:
    """Yield the lines from `first` up to, not including, `last`; build no others."""
    chosen, marks = element_in_focus(view), figure_marks(view.scenario, view.timeline, view.position)
    for row in rows(view.timeline, view.position, first, last - first, order):
        figures = {column: is_match for (column, element), is_match in marks.items() if element == row.index}
        yield _Line(row, figures=figures, is_chosen=row.index == chosen)
    start = row_count(view.timeline)
    for beside in view.comparisons:
        if _has_head(beside, has_heads):
            if first <= start < last:
                yield _Line(None, beside)
            start += 1
        begin, end = max(0, first - start), min(_listed(beside), last - start)
        for row in rows(beside.timeline, position_of(beside, view), begin, end - begin):
            is_labelled = row.index == 0 and not _has_head(beside, has_heads)
            yield _Line(row, beside, beside.label if is_labelled else "")
        start += _listed(beside)
