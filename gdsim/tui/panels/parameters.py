"""The parameters in numbers: value, gradient, change and new value, one row each."""

from __future__ import annotations

from textual.binding import Binding
from textual.reactive import var
from textual.strip import Strip

from gdsim.charts.view import View
from gdsim.explain.numbers import NUMBER_WIDTH, format_number
from gdsim.explain.table import ParameterRow, row_count, rows
from gdsim.language import _
from gdsim.tui.panel import Panel, Run, strip_of

_COLUMNS = ("value", "gradient", "change", "new")
_NAME_WIDTH = 9


class ParameterPanel(Panel):
    """A table that scrolls; changed numbers are marked for one step."""

    COMPONENT_CLASSES = {"text--quiet", "text--strong", "text--changed", "text--bad"}
    BINDINGS = [
        Binding("up", "scroll_rows(-1)", show=False),
        Binding("down", "scroll_rows(1)", show=False),
        Binding("pageup", "scroll_pages(-1)", show=False),
        Binding("pagedown", "scroll_pages(1)", show=False),
    ]
    first: var[int] = var(0, init=False)
    ascii_only: var[bool] = var(False)

    def watch_first(self) -> None:
        self.redraw()

    def action_scroll_rows(self, count: int) -> None:
        """Move the window over the rows by `count`."""
        if self.view is not None:
            room = max(1, self.content_size.height - 1)
            self.first = max(0, min(self.first + count, row_count(self.view.timeline) - room))

    def action_scroll_pages(self, count: int) -> None:
        """Move the window over the rows by `count` windows."""
        self.action_scroll_rows(count * max(1, self.content_size.height - 1))

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll_rows(3)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll_rows(-3)

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        """Return the head of the table and as many rows as fit."""
        total, room = row_count(view.timeline), max(0, height - 1)
        first = max(0, min(self.first, total - room))
        last = min(total, first + room)
        range_ = "" if total <= room else f" {first + 1}–{last} / {total}"
        self.titled(_("parameters") + (range_.replace("–", "-") if self.ascii_only else range_))
        columns = self._columns(view, width)
        head: list[Run] = [(" " + _("name").ljust(_NAME_WIDTH), self.style("text--quiet"))]
        head += [(_(name).rjust(NUMBER_WIDTH + 1) + " ", self.style("text--quiet")) for name in columns]
        body = rows(view.timeline, view.position, first, last - first)
        return [strip_of(head, width), *(self._row(row, columns, width) for row in body)][:height]

    def _columns(self, view: View, width: int) -> list[str]:
        """Return the columns that fit and are not hidden, the new value last."""
        hidden = set(view.scenario.show.hide)
        columns = [name for name in _COLUMNS if name not in hidden]
        room = (width - _NAME_WIDTH - 1) // (NUMBER_WIDTH + 2)
        for expendable in ("new", "gradient", "change"):
            if len(columns) > room and expendable in columns:
                columns.remove(expendable)
        return columns

    def _row(self, row: ParameterRow, columns: list[str], width: int) -> Strip:
        name = row.name if len(row.name) <= _NAME_WIDTH else row.name[: _NAME_WIDTH - 1] + "~"
        runs: list[Run] = [(" " + name.ljust(_NAME_WIDTH), self.style("text--strong"))]
        for column in columns:
            value = getattr(row, column)
            signed = column in ("gradient", "change")
            text = "" if value is None else format_number(value, signed=signed, ascii_only=self.ascii_only)
            mark, style = " ", ""
            if column == "gradient" and row.gradient_turned:
                mark, style = "!", "text--bad"
            elif column == "new" and row.is_changed:
                mark, style = "*", "text--changed"
            runs.append((text.rjust(NUMBER_WIDTH + 1) + mark, self.style(style)))
        return strip_of(runs, width)
