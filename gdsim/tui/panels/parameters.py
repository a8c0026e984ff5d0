"""The parameters in numbers: value, gradient, change and new value, one row each."""

from __future__ import annotations

from rich.cells import cell_len
from textual.reactive import var
from textual.strip import Strip

from gdsim.charts.view import View
from gdsim.explain.numbers import format_number
from gdsim.explain.table import ParameterRow, row_count, rows
from gdsim.language import _
from gdsim.tui.panel import Panel, Run, strip_of

_COLUMNS = ("value", "gradient", "change", "new")
_SIGNED = ("gradient", "change")
_NAME_WIDTH = 10
_LEAST_WIDTH = 9
"""Cells of a column at the least, so that most updates leave the columns where they are."""


class ParameterPanel(Panel):
    """A table that scrolls; changed numbers are marked for one step."""

    COMPONENT_CLASSES = {"text--quiet", "text--strong", "text--changed", "text--bad"}
    ascii_only: var[bool] = var(False)

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        """Return the head of the table and as many rows as fit."""
        total, room = row_count(view.timeline), max(0, height - 1)
        first = self.scrolled(total + 1, height)
        last = min(total, first + room)
        range_ = "" if total <= room else f" {first + 1}–{last} / {total}"
        self.titled(_("parameters") + (range_.replace("–", "-") if self.ascii_only else range_))
        shown = [_Row(row, self.ascii_only) for row in rows(view.timeline, view.position, first, last - first)]
        name_width = max([len(_("name")), *(len(row.name) for row in shown)])
        columns = self._columns(view, shown, width - name_width - 1)
        head: list[Run] = [(" " + _("name").ljust(name_width), self.style("text--quiet"))]
        head += [(_(name).rjust(cells + 1) + " ", self.style("text--quiet")) for name, cells in columns.items()]
        return [strip_of(head, width), *(self._row(row, name_width, columns, width) for row in shown)][:height]

    def _columns(self, view: View, shown: list[_Row], room: int) -> dict[str, int]:
        """Return the columns that fit and are not hidden with their widths; the least needed ones go first."""
        hidden = view.scenario.show.hide
        columns = {
            name: max([_LEAST_WIDTH, cell_len(_(name)), *(cell_len(row.texts[name]) for row in shown)])
            for name in _COLUMNS
            if name not in hidden
        }
        for expendable in ("new", "gradient", "change"):
            if sum(columns.values()) + 2 * len(columns) > room:
                columns.pop(expendable, None)
        return columns

    def _row(self, row: _Row, name_width: int, columns: dict[str, int], width: int) -> Strip:
        runs: list[Run] = [(" " + row.name.ljust(name_width), self.style("text--strong"))]
        for column, cells in columns.items():
            mark, style = " ", ""
            if column == "gradient" and row.values.gradient_turned:
                mark, style = "!", "text--bad"
            elif column == "new" and row.values.is_changed:
                mark, style = "*", "text--changed"
            runs.append((row.texts[column].rjust(cells + 1) + mark, self.style(style)))
        return strip_of(runs, width)


class _Row:
    """A row of the table as texts."""

    def __init__(self, values: ParameterRow, ascii_only: bool) -> None:
        self.values = values
        self.name = values.name if len(values.name) <= _NAME_WIDTH else values.name[: _NAME_WIDTH - 1] + "~"
        self.texts = {name: _text(getattr(values, name), name in _SIGNED, ascii_only) for name in _COLUMNS}


def _text(value: float | None, signed: bool, ascii_only: bool) -> str:
    return "" if value is None else format_number(value, signed=signed, ascii_only=ascii_only)
