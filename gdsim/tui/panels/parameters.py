"""The parameters in numbers: value, gradient, change and new value, one row each."""

from __future__ import annotations

from rich.cells import cell_len
from textual.strip import Strip

from gdsim.charts.chart import role_beside
from gdsim.charts.current import element_in_focus
from gdsim.charts.view import View
from gdsim.explain.numbers import format_number, in_ascii
from gdsim.i18n import _
from gdsim.tui.panels.panel import Panel
from gdsim.tui.panels.part import Drawn
from gdsim.tui.panels.table_lines import TableLine, table_lines
from gdsim.tui.state import ScreenState
from gdsim.tui.strips import Run, filled, filled_before, strip_of

COLUMNS = ("value", "gradient", "change", "new")
_SIGNED = ("gradient", "change")
_FIGURE_MARKS = {True: ("✓", "+"), False: ("✗", "x")}
_NAME_WIDTH = 10
_LEAST_WIDTH = 9
"""Cells of a column at the least, so that most updates leave the columns where they are."""


class ParameterPanel(Panel):
    """A table that scrolls; changed numbers and published figures are marked. Runs beside follow the main one."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._chosen: int | None = None

    def show(self, state: ScreenState) -> None:
        """Show a state, scrolled to what is chosen in it where that has just changed."""
        chosen = element_in_focus(state.view)
        room = self.content_size.height - 1
        if chosen is not None and chosen != self._chosen and room > 0:
            top = min(max(self.top, chosen - room + 1), chosen)
            self.set_reactive(ParameterPanel.top, max(0, top))
        self._chosen = chosen
        super().show(state)

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        """Return the head of the table and as many rows as fit."""
        view = state.view
        lines, room = table_lines(view), max(0, height - 1)
        if self._room_for_labels(view, width) and 1 < lines.total > room:
            lines = table_lines(view, has_heads=False)
        first = self.first_of(lines.total + 1, height)
        last = min(lines.total, first + room)
        range_ = "" if lines.total <= room else f" {first + 1}–{last} / {lines.total}"
        title = _("parameters") + (range_.replace("–", "-") if self.ascii_only else range_)
        shown = [_Row(line, self.ascii_only) for line in lines.window(first, last - first)]
        name_width = max([cell_len(_("name")), *(cell_len(row.name) for row in shown)])
        columns = self._columns(view, shown, width - name_width - 1)
        head: list[Run] = [(" " + filled(_("name"), name_width), self.style("quiet"))]
        head += [(filled_before(_(name), cells + 1) + " ", self.style("quiet")) for name, cells in columns.items()]
        strips = [strip_of(head, width), *(self._row(row, name_width, columns, width) for row in shown)][:height]
        return Drawn(strips, title, extent=lines.total + 1)

    def _room_for_labels(self, view: View, width: int) -> bool:
        """Whether the labels of runs beside fit behind their rows, all columns shown."""
        longest = max((cell_len(beside.label) for beside in view.comparisons), default=0)
        return width >= _NAME_WIDTH + len(COLUMNS) * (_LEAST_WIDTH + 2) + longest

    def _columns(self, view: View, shown: list[_Row], room: int) -> dict[str, int]:
        """Return the columns that fit and are not hidden with their widths; the least needed ones go first."""
        hidden = view.scenario.show.hide
        columns = {
            name: max([_LEAST_WIDTH, cell_len(_(name)), *(cell_len(row.texts[name]) for row in shown)])
            for name in COLUMNS
            if name not in hidden
        }
        for expendable in ("new", "gradient", "change"):
            if sum(columns.values()) + 2 * len(columns) > room:
                columns.pop(expendable, None)
        return columns

    def _row(self, row: _Row, name_width: int, columns: dict[str, int], width: int) -> Strip:
        look = self.style("strong") if row.role is None else self.palette.of(row.role)
        if row.values is None:
            return strip_of([(f" {row.line.head}", look)], width)
        mark = (">" if self.ascii_only else "▸") if row.line.is_chosen else " "
        runs: list[Run] = [(mark + row.name + " " * (name_width - cell_len(row.name)), look)]
        for column, cells in columns.items():
            mark, style = " ", ""
            is_match = row.line.figures.get(column)
            if is_match is not None:
                mark, style = _FIGURE_MARKS[is_match][self.ascii_only], "good" if is_match else "bad"
            elif column == "gradient" and row.values.gradient_turned:
                mark, style = "!", "bad"
            elif column == "new" and row.values.is_changed:
                mark, style = "*", "changed"
            runs.append((filled_before(row.texts[column], cells + 1) + mark, self.style(style)))
        if row.line.label:
            runs.append((f" {row.line.label}", look))
        return strip_of(runs, width)


class _Row:
    """A row of the table as texts."""

    def __init__(self, line: TableLine, ascii_only: bool) -> None:
        self.line, self.values = line, line.row
        self.role = None if line.beside is None else role_beside(line.beside)
        name = "" if line.row is None else f"{line.mark} {line.row.name}".lstrip()
        self.name = name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "~"
        self.texts = {name: _text(getattr(line.row, name, None), name in _SIGNED, ascii_only) for name in COLUMNS}


def _text(value: float | None, signed: bool, ascii_only: bool) -> str:
    text = "" if value is None else format_number(value, signed=signed)
    return in_ascii(text) if ascii_only else text
