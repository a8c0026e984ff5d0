"""What is to be shown next, as lines with their places: handed over by Textual's compositor, or by a panel itself.

The compositor's updates are not a public interface; what does not look as expected is of an unknown kind.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.strip import Strip

from gdsim.tui.cells import Row

__all__ = ["UPDATES", "CompositorUpdate", "Line", "Placed", "placed_lines"]

try:
    from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

    UPDATES: tuple[type, ...] = (LayoutUpdate, ChopsUpdate)
except ImportError:  # another Textual: everything is sent its way
    UPDATES, CompositorUpdate = (), object  # type: ignore[assignment, misc]


Line = tuple[int, int, Strip | Row]
"""The column and the row it begins at, and what it shows."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Lines that changed, none of which covers another."""

    lines: tuple[Line, ...]


def placed_lines(update: object) -> tuple[bool, list[Line]] | None:
    """Return whether an update covers the screen, and its strips with the cell each begins at; None: an unknown kind.

    Cut exactly as Textual's own `render_segments` cuts them.
    """
    if isinstance(update, Placed):
        return False, list(update.lines)
    if not UPDATES or type(update) not in UPDATES:
        return None
    if isinstance(update, LayoutUpdate):
        return (update.region.x, update.region.y) == (0, 0), _whole_lines(update)
    if isinstance(update, ChopsUpdate):
        return False, _chops(update)
    return None


def _whole_lines(update: LayoutUpdate) -> list[Line]:
    placed: list[Line] = []
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            placed.append((x, y, strip))
            x += strip.cell_length
    return placed


def _chops(update: ChopsUpdate) -> list[Line]:
    placed: list[Line] = []
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > last or end <= first:
                continue
            is_inside = first <= x < last and end <= last
            placed.append((x, y, strip if is_inside else strip.crop(0, min(end, last) - x)))
    return placed
