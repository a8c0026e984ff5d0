"""A framed place on the screen; it can be focused, zoomed and scrolled."""

from __future__ import annotations

from collections.abc import Hashable

from textual.binding import Binding
from textual.reactive import var

from gdsim.tui.panels.part import Drawn, Part
from gdsim.tui.state import ScreenState


class Panel(Part, can_focus=True):
    """A framed panel that can be focused and zoomed; where it holds more than it shows, arrow keys scroll it."""

    ALLOW_MAXIMIZE = True
    BINDINGS = [
        Binding("up,K", "scroll_lines(-1)", show=False),
        Binding("down,J", "scroll_lines(1)", show=False),
        Binding("pageup", "scroll_pages(-1)", show=False),
        Binding("pagedown", "scroll_pages(1)", show=False),
    ]

    top: var[int] = var(0, init=False)
    """How many lines are scrolled away above."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._extent = 0

    def watch_top(self) -> None:
        self.update_lines()

    def view_key(self, state: ScreenState) -> Hashable:
        """Return what tells a state from others that look different here."""
        return state.view.sight, state.ascii_only, self.top

    def accept(self, drawn: Drawn) -> None:
        """Take the titles, and how far there is to scroll."""
        if drawn.title is not None:
            if self.border_title != drawn.title:
                self.border_title = drawn.title
            if self.border_subtitle != drawn.below:
                self.border_subtitle = drawn.below
        self._extent = drawn.extent

    def first_of(self, extent: int, room: int) -> int:
        """Return the first of `extent` lines to show where `room` fit."""
        return max(0, min(self.top, extent - room))

    def action_scroll_lines(self, count: int) -> None:
        """Scroll by `count` lines."""
        self.top = max(0, min(self.top + count, self._extent - self.content_size.height))

    def action_scroll_pages(self, count: int) -> None:
        """Scroll by `count` windows."""
        self.action_scroll_lines(count * max(1, self.content_size.height - 1))

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll_lines(3)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll_lines(-3)
