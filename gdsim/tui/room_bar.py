"""The line of a workshop: whom one follows, or who follows, and whether a question is open."""

from __future__ import annotations

from rich.cells import cell_len
from textual.reactive import var
from textual.strip import Strip

from gdsim.charts.view import View
from gdsim.classroom.view import RoomView
from gdsim.tui.bars import Bar
from gdsim.tui.room_view import instructor_line, learner_line
from gdsim.tui.strips import Run


class RoomBar(Bar):
    """One line about the room; what its key does stands at the right where there is room for it."""

    is_about_view = False

    room: var[RoomView] = var(RoomView, init=False)

    def __init__(self, *, is_instructor: bool) -> None:
        super().__init__(id="workshop")
        self._is_instructor = is_instructor

    def watch_room(self) -> None:
        self.redraw()

    def line(self, view: View, width: int) -> Strip:
        """Return the line."""
        parts, hint = (instructor_line if self._is_instructor else learner_line)(self.room)
        left: list[Run] = [(" ", self.style())]
        left += [(text, self.style(name)) for text, name in parts if text]
        used = sum(cell_len(text) for text, _style in left)
        right: list[Run] = [(f"{hint} ", self.style("quiet"))] if used + cell_len(hint) + 2 < width else []
        return self.between(left, right, width)
