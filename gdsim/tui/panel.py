"""A framed place on the screen for what is drawn of a view; it can be focused, zoomed and scrolled."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Self

from textual.binding import Binding
from textual.geometry import Region
from textual.reactive import var

from gdsim.tui.lines import Drawn, Lines


class Panel(Lines, can_focus=True):
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

    ascii_only: var[bool] = var(False)

    def __init__(self, *, id: str | None = None) -> None:
        self._is_renamed = False
        super().__init__(id=id)
        self._extent = 0

    def watch_top(self) -> None:
        self.redraw()

    @property
    def manner(self) -> Hashable:
        """What else than the view and the size decides how it looks."""
        return super().manner, self.top, self.ascii_only

    def accept(self, shown: Drawn) -> None:
        """Take the titles, and how far there is to scroll."""
        if shown.title is not None:
            self.titled(shown.title, shown.below)
        self._extent = shown.extent

    def first_of(self, extent: int, room: int) -> int:
        """Return the first of `extent` lines to show where `room` fit."""
        return max(0, min(self.top, extent - room))

    def action_scroll_lines(self, count: int) -> None:
        """Scroll by `count` lines."""
        room = self.content_size.height
        self.top = max(0, min(self.top + count, self._extent - room))

    def action_scroll_pages(self, count: int) -> None:
        """Scroll by `count` windows."""
        self.action_scroll_lines(count * max(1, self.content_size.height - 1))

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll_lines(3)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll_lines(-3)

    def titled(self, title: str, below: str = "") -> None:
        """Set the frame's title, and what stands at its lower edge, where they changed."""
        self._is_renamed = True
        if self.border_title != title:
            self.border_title = title
        if self.border_subtitle != below:
            self.border_subtitle = below
        self._is_renamed = False

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Repaint the panel, or regions of its content; of a frame that is only renamed, its edges."""
        if self._is_renamed and self.outer_size:
            self._show_lines([(0, 1), (self.outer_size.height - 1, 1)])
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
