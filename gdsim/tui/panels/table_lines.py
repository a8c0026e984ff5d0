"""The lines of the parameter table: those of the main run, then those of each run beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gdsim.charts.current import element_in_focus, position_of
from gdsim.charts.view import Comparison, View
from gdsim.explain.figures import figure_marks
from gdsim.explain.status import comparison_line
from gdsim.explain.table import ParameterRow, row_count, rows
from gdsim.timeline.position import Position
from gdsim.timeline.timeline import Timeline

MOST_BESIDE = 100
"""Parameters up to which those of runs beside are listed; of larger models only how they stand."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line: a parameter, or (row None) the head of a run beside.

    mark: of the run it belongs to, empty for the main one; label: the run's, on its first row where heads are left
    out. figures: by column, whether the published figure there comes out. is_chosen: whether a learner looks at it.
    """

    row: ParameterRow | None
    beside: Comparison | None = None
    head: str = ""
    label: str = ""
    figures: Mapping[str, bool] = field(default_factory=dict)
    is_chosen: bool = False

    @property
    def mark(self) -> str:
        """The mark of the run the line belongs to."""
        return "" if self.beside is None else self.beside.mark


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one run."""

    timeline: Timeline
    position: Position
    beside: Comparison | None
    has_head: bool
    rows: int

    @property
    def total(self) -> int:
        return self.rows + self.has_head


@dataclass(frozen=True, slots=True)
class TableLines:
    """All lines of the table, put together only where they are asked for."""

    view: View
    blocks: tuple[_Block, ...]

    @property
    def total(self) -> int:
        """How many lines there are."""
        return sum(block.total for block in self.blocks)

    def window(self, first: int, count: int) -> list[TableLine]:
        """Return `count` lines from line `first` on, fewer where the table ends."""
        found: list[TableLine] = []
        for block in self.blocks:
            start, room = max(0, first), count - len(found)
            first -= block.total
            if start < block.total and room > 0:
                found += self._lines(block, start, min(block.total, start + room))
        return found

    def _lines(self, block: _Block, start: int, end: int) -> Iterator[TableLine]:
        """Yield the lines `start` to `end` of one run."""
        beside = block.beside
        if block.has_head and start == 0 and beside is not None:
            head = comparison_line(beside.mark, beside.label, block.timeline, block.position.update)
            yield TableLine(None, beside, head)
        first, chosen = max(0, start - block.has_head), element_in_focus(self.view)
        marks = figure_marks(self.view.scenario, block.timeline, block.position) if beside is None else {}
        for row in rows(block.timeline, block.position, first, end - block.has_head - first):
            label = beside.label if beside is not None and not block.has_head and row.index == 0 else ""
            figures = {column: is_match for (column, element), is_match in marks.items() if element == row.index}
            is_chosen = beside is None and row.index == chosen
            yield TableLine(row, beside, label=label, figures=figures, is_chosen=is_chosen)


def table_lines(view: View, *, has_heads: bool = True) -> TableLines:
    """Return the lines of a view's table. has_heads: whether every run beside has a line that says who it is."""
    blocks = [_Block(view.timeline, view.position, None, False, row_count(view.timeline))]
    for beside in view.comparisons:
        count = row_count(beside.timeline)
        listed = count if count <= MOST_BESIDE else 0
        blocks.append(_Block(beside.timeline, position_of(beside, view), beside, has_heads or not listed, listed))
    return TableLines(view, tuple(blocks))
