"""Which numbers on view a source has printed, and whether they come out: marks for the table, lines for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gdsim.engine.parameters import Layout
from gdsim.explain.figures import FigureResult, figures_at
from gdsim.timeline.position import Position, update_on_view
from gdsim.timeline.timeline import Timeline

if TYPE_CHECKING:
    from gdsim.scenario.scenario import Scenario

Cell = tuple[str, int]
"""A column of the parameter table (value, gradient, change, new) and an element of θ."""


def figures_here(scenario: Scenario, timeline: Timeline, position: Position) -> list[FigureResult]:
    """Return the published figures about the very place on view, beside the run's; those of the stop at the end."""
    if position.phase is not None:
        return []
    return figures_at(scenario, timeline, position, since=position.update)


def figure_marks(scenario: Scenario, timeline: Timeline, position: Position) -> Mapping[Cell, bool]:
    """Return for each number of the table that a source has printed whether it comes out as printed."""
    update = update_on_view(timeline, position)
    number = 0 if update is None else update.number
    marks: dict[Cell, bool] = {}
    layout = timeline.run_at(position.update).model.layout
    for result in figures_at(scenario, timeline, position, since=max(0, number - 1)):
        kind, _dot, name = result.expect.quantity.rpartition(".")
        column = _column(kind, result.expect.after, number)
        for element in _elements(layout, name) if column else ():
            marks[column, element] = result.matches and marks.get((column, element), True)
    return marks


def figure_notes(scenario: Scenario, timeline: Timeline, position: Position) -> list[str]:
    """Return the published figures about the place on view that the parameter table does not show, one a line."""
    layout = timeline.run_at(position.update).model.layout
    found = figures_here(scenario, timeline, position)
    return [result.text for result in found if not _is_in_table(result.expect.quantity, layout)]


def _is_in_table(quantity: str, layout: Layout) -> bool:
    kind, _dot, name = quantity.rpartition(".")
    return kind in ("", "gradient", "change") and bool(_elements(layout, name))


def _column(kind: str, after: int | str, number: int) -> str:
    """Return the column of update `number` (0: none yet) in which a figure stands; empty where in none."""
    if number == 0:
        return "value" if (kind, after) == ("", 0) else ""
    if kind == "":
        return "value" if after == number - 1 else "new"
    # What is printed for the start is about the first update.
    is_about_this = after in (number, "stop") or (after, number) == (0, 1)
    return kind if is_about_this and kind in ("gradient", "change") else ""


def _elements(layout: Layout, name: str) -> tuple[int, ...]:
    try:
        return layout.indices(name)
    except KeyError:
        return ()
