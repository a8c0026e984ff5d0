"""How the open panels share the screen: which cells of a grid each panel takes, by the size of the screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from textual.geometry import Size
from textual.widget import Widget

PANELS = ("chart", "equation", "loss", "parameters")
"""The ids of the panels, in grid order."""

_LEAST = Size(60, 16)
"""The smallest screen with panels."""

_WIDE, _TALL = 104, 32
"""The fewest columns of a wide screen, and the fewest rows of a tall one."""

_LARGE: Mapping[str, tuple[str, str]] = {
    "celp": ("ce lp", "3fr 2fr"),
    "elp": ("el pl", "3fr 2fr"),
    "clp": ("cl pp", "1fr {table}"),
    "cep": ("ce cp", "3fr 2fr"),
    "cel": ("ce le", "3fr 2fr"),
}
_SMALLER: Mapping[str, tuple[str, str]] = {
    "celp": ("ce le pp", "2fr 1fr {table}"),
    "elp": ("el pp", "1fr {table}"),
    "clp": ("c l p", "2fr 1fr {table}"),
    "cep": ("ce pp", "1fr {table}"),
    "cel": ("ce le", "2fr 1fr"),
    "cl": ("c l", "2fr 1fr"),
    "cp": ("c p", "1fr {table}"),
    "ep": ("e p", "1fr {table}"),
    "lp": ("l p", "1fr {table}"),
}
"""By the initials of the open panels: the initial in each cell of the grid, row by row, and the heights of the rows.

Panels not listed lie side by side. Screens that are wide and tall have a grid of their own.
"""


class Arrangement(NamedTuple):
    """A grid. areas: the initial of the panel in each cell, row by row; columns, rows: their sizes."""

    areas: tuple[str, ...]
    columns: str
    rows: str


def has_room(screen: Size) -> bool:
    """Whether a screen is large enough for panels."""
    return screen.width >= _LEAST.width and screen.height >= _LEAST.height


def arranged(panels: Collection[str], screen: Size, *, has_comparisons: bool = False) -> Arrangement:
    """Return an arrangement of the open `panels` that leaves no part of the screen empty.

    A low screen has only one chart: the second appears there only if the first is closed.
    """
    is_wide, is_tall = screen.width >= _WIDE, screen.height >= _TALL
    shown = "".join(name[0] for name in PANELS if name in panels)
    if not is_tall and "c" in shown:
        shown = shown.replace("l", "")
    cells, heights = (_LARGE if is_wide and is_tall else _SMALLER).get(shown, (shown, "1fr"))
    areas = tuple(cells.split(" "))
    columns = "11fr 9fr" if is_wide else "5fr 4fr"
    table = 8 if is_wide or is_tall or has_comparisons else 7
    return Arrangement(areas, columns if len(areas[0]) > 1 else "1fr", heights.format(table=table))


def arrange(grid: Widget, arrangement: Arrangement) -> None:
    """Arrange the panels in their grid, and close those left out."""
    areas, styles = arrangement.areas, grid.styles
    styles.grid_size_columns, styles.grid_size_rows = len(areas[0]), len(areas)
    styles.grid_columns, styles.grid_rows = arrangement.columns, arrangement.rows
    for panel in grid.children:
        initial = (panel.id or " ")[0]
        panel.display = any(initial in row for row in areas)
        panel.styles.column_span = max(1, *(row.count(initial) for row in areas))
        panel.styles.row_span = max(1, sum(initial in row for row in areas))
