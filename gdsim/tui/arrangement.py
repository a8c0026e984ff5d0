"""How the open panels share the screen when some are closed or one is zoomed; `gdsim.tcss` lays out all four."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from textual.widget import Widget

PANELS = ("chart", "equation", "loss", "parameters")
"""The ids of the panels, in grid order."""

_WIDE, _NARROW = ("11fr", "9fr"), ("5fr", "4fr")
_UPPER, _LOWER = "3fr", "2fr"
_TABLE_ROWS = "8"
_LARGER_SPANS: Mapping[str, tuple[str, tuple[int, int]]] = {
    "chart": ("loss", (1, 2)),
    "equation": ("parameters", (2, 1)),
    "loss": ("chart", (1, 2)),
    "parameters": ("equation", (1, 2)),
}
"""On a large screen with one panel closed: which panel takes its room, and the (columns, rows) that one spans."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A grid: the sizes of its columns and rows, and the ids of its panels.

    spans: how many (columns, rows) a panel takes, if more than one of each.
    """

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    panels: tuple[str, ...]
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def arrange(grid: Widget, arrangement: Arrangement | None) -> None:
    """Arrange the panels in their grid and close those left out; None: follow the style sheet."""
    columns, rows = (arrangement.columns, arrangement.rows) if arrangement else ((), ())
    grid.styles.grid_size_columns, grid.styles.grid_size_rows = len(columns) or None, len(rows) or None
    grid.styles.grid_columns, grid.styles.grid_rows = " ".join(columns) or None, " ".join(rows) or None
    for panel in grid.children:
        name, styles = panel.id or "", panel.styles
        if arrangement is None:
            styles.display = styles.column_span = styles.row_span = None
        else:
            styles.display = "block" if name in arrangement.panels else "none"
            styles.column_span, styles.row_span = arrangement.spans.get(name, (1, 1))


def arranged(closed: Collection[str], *, is_wide: bool, is_tall: bool) -> Arrangement:
    """Return an arrangement of the panels not `closed` that leaves no part of the screen empty.

    A low screen has only one chart: the second appears there only if the first is closed.
    """
    panels = tuple(name for name in PANELS if name not in closed)
    if not is_tall and "chart" in panels:
        panels = tuple(name for name in panels if name != "loss")
    if len(panels) < 2:
        return Arrangement(("1fr",), ("1fr",), panels)
    return _in_two_columns(panels) if is_wide and is_tall else _above_the_table(panels, _WIDE if is_wide else _NARROW)


def _in_two_columns(panels: tuple[str, ...]) -> Arrangement:
    missing = [name for name in PANELS if name not in panels]
    if len(missing) > 1:
        return Arrangement(_WIDE, ("1fr",), panels)
    spans = dict(_LARGER_SPANS[name] for name in missing)
    rows = ("1fr", _TABLE_ROWS) if missing == ["equation"] else (_UPPER, _LOWER)
    return Arrangement(_WIDE, rows, panels, spans)


def _above_the_table(panels: tuple[str, ...], columns: tuple[str, ...]) -> Arrangement:
    """Return an arrangement with the table, if open, across the bottom."""
    has_table = "parameters" in panels
    above = panels[:-1] if has_table else panels
    table = (_TABLE_ROWS,) if has_table else ()
    if above == ("chart", "loss"):
        return Arrangement(("1fr",), ("2fr", "1fr", *table), panels)
    if len(above) == 1:
        return Arrangement(("1fr",), ("1fr", *table), panels)
    spans = {"parameters": (2, 1)} if has_table else {}
    if len(above) == 2:
        return Arrangement(columns, ("1fr", *table), panels, spans)
    return Arrangement(columns, ("2fr", "1fr", *table), panels, {**spans, "equation": (1, 2)})
