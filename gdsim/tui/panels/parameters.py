"""The parameters in numbers: value, gradient, change and new value, one row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rich.cells import cell_len
from textual.strip import Strip

from gdsim.charts.chart import role_beside
from gdsim.charts.current import element_in_focus, position_of
from gdsim.charts.view import Comparison, View
from gdsim.explain.figures import figure_marks
from gdsim.explain.numbers import format_number, in_ascii
from gdsim.explain.status import comparison_line
from gdsim.explain.table import ParameterRow, row_count, rows
from gdsim.i18n import _
from gdsim.tui.panels.part import Drawn, Panel
from gdsim.tui.state import ScreenState
from gdsim.tui.strips import Run, filled, filled_before, strip_of

COLUMNS = ("value", "gradient", "change", "new")
_SIGNED = ("gradient", "change")
_FIGURE_MARKS = {True: ("✓", "+"), False: ("✗", "x")}
_NAME_WIDTH = 10
_LEAST_WIDTH = 9
"""Cells of a column at the least, so that most updates leave the columns where they are."""

_MOST_BESIDE = 100
"""Parameters up to which those of runs beside are listed; of larger models only how they stand."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: a parameter of a run, or (row None) the head of a run beside.

    label: of a run beside, on its first row where heads are left out. figures: by column, whether the published
    figure there comes out. is_chosen: whether a learner looks at it.
    """

    row: ParameterRow | None
    beside: Comparison | None = None
    label: str = ""
    figures: Mapping[str, bool] = field(default_factory=dict)
    is_chosen: bool = False

    @property
    def name(self) -> str:
        """The parameter's name behind the mark of its run."""
        mark = "" if self.beside is None else self.beside.mark
        name = "" if self.row is None else f"{mark} {self.row.name}".lstrip()
        return name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "~"


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
        view, room = state.view, max(0, height - 1)
        has_heads, total = True, _total(view, has_heads=True)
        if _has_room_for_labels(view, width) and 1 < total > room:
            has_heads, total = False, _total(view, has_heads=False)
        first = self.first_of(total + 1, height)
        last = min(total, first + room)
        range_ = "" if total <= room else f" {first + 1}–{last} / {total}"
        title = _("parameters") + (range_.replace("–", "-") if self.ascii_only else range_)
        lines = list(_window(view, first, last, has_heads))
        name_width = max([cell_len(_("name")), *(cell_len(line.name) for line in lines)])
        columns = self._columns(view, lines, width - name_width - 1)
        head: list[Run] = [(" " + filled(_("name"), name_width), self.style("quiet"))]
        head += [(filled_before(_(name), cells + 1) + " ", self.style("quiet")) for name, cells in columns.items()]
        strips = [strip_of(head, width), *(self._strip(view, line, name_width, columns, width) for line in lines)]
        return Drawn(strips[:height], title, extent=total + 1)

    def _columns(self, view: View, lines: list[_Line], room: int) -> dict[str, int]:
        """Return the columns that fit and are not hidden with their widths; the least needed ones go first."""
        columns = {
            name: max([_LEAST_WIDTH, cell_len(_(name)), *(cell_len(self._text(line, name)) for line in lines)])
            for name in COLUMNS
            if name not in view.scenario.show.hide
        }
        for expendable in ("new", "gradient", "change"):
            if sum(columns.values()) + 2 * len(columns) > room:
                columns.pop(expendable, None)
        return columns

    def _text(self, line: _Line, column: str) -> str:
        value: float | None = getattr(line.row, column, None)
        text = "" if value is None else format_number(value, signed=column in _SIGNED)
        return in_ascii(text) if self.ascii_only else text

    def _strip(self, view: View, line: _Line, name_width: int, columns: dict[str, int], width: int) -> Strip:
        beside = line.beside
        look = self.style("strong") if beside is None else self.palette.of(role_beside(beside))
        if line.row is None:
            assert beside is not None
            head = comparison_line(beside.mark, beside.label, beside.timeline, position_of(beside, view).update)
            return strip_of([(f" {head}", look)], width)
        mark = (">" if self.ascii_only else "▸") if line.is_chosen else " "
        runs: list[Run] = [(mark + line.name + " " * (name_width - cell_len(line.name)), look)]
        for column, cells in columns.items():
            mark, style = " ", ""
            is_match = line.figures.get(column)
            if is_match is not None:
                mark, style = _FIGURE_MARKS[is_match][self.ascii_only], "good" if is_match else "bad"
            elif column == "gradient" and line.row.gradient_turned:
                mark, style = "!", "bad"
            elif column == "new" and line.row.is_changed:
                mark, style = "*", "changed"
            runs.append((filled_before(self._text(line, column), cells + 1) + mark, self.style(style)))
        if line.label:
            runs.append((f" {line.label}", look))
        return strip_of(runs, width)


def _has_room_for_labels(view: View, width: int) -> bool:
    """Whether the labels of runs beside fit behind their rows, all columns shown."""
    longest = max((cell_len(beside.label) for beside in view.comparisons), default=0)
    return width >= _NAME_WIDTH + len(COLUMNS) * (_LEAST_WIDTH + 2) + longest


def _listed(beside: Comparison) -> int:
    """Return how many parameters of a run beside are listed."""
    count = row_count(beside.timeline)
    return count if count <= _MOST_BESIDE else 0


def _has_head(beside: Comparison, has_heads: bool) -> bool:
    """Whether a run beside has a line that says who it is: always one whose parameters are not listed."""
    return has_heads or not _listed(beside)


def _total(view: View, *, has_heads: bool) -> int:
    """Return how many lines the whole table has."""
    besides = sum(_listed(beside) + _has_head(beside, has_heads) for beside in view.comparisons)
    return row_count(view.timeline) + besides


def _window(view: View, first: int, last: int, has_heads: bool) -> Iterator[_Line]:
    """Yield the lines from `first` up to `last`; no others are put together."""
    chosen, marks = element_in_focus(view), figure_marks(view.scenario, view.timeline, view.position)
    for row in rows(view.timeline, view.position, first, last - first):
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
