"""A screen whose changed lines go to the terminal without Textual's putting the whole screen together again.

When something changed, Textual wakes each widget that did, then the screen, then a timer; then its compositor takes
every line of every widget that the changed places span, cuts them at the borders of all widgets, and passes on the
pieces. Where a widget knows which of its lines changed, and all of it is in sight under nothing else, its lines are
passed on as they are. In all other cases, and where Textual's internals are not as expected, it is shown Textual's way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from gdsim.tui.cells import Row
from gdsim.tui.light_app import LightApp
from gdsim.tui.updates import Line, Placed

Result = TypeVar("Result")

Stretch = tuple[int, int]
"""The first of some lines of a widget, counted from the upper edge of its frame, and how many they are."""


class LineWidget(Widget):
    """A widget that knows which of its lines change, and what they are on a terminal."""

    def row(self, y: int) -> Row:
        """Return line `y`, counted from the upper edge of the frame."""
        raise NotImplementedError

    def refresh_lines(self, stretches: Iterable[Stretch]) -> None:
        """Have lines, counted from the upper edge of the frame, repainted by Textual."""
        width, offset = self.outer_size.width, self.content_offset
        self.refresh(*(Region(0, first, width, count).translate(-offset) for first, count in stretches))


class LightScreen(Screen[Result]):
    """A screen that shows lines of its widgets by the shortest way."""

    def __init__(self) -> None:
        super().__init__()
        self._changed: dict[LineWidget, list[Stretch]] = {}
        self._is_at_once = False

    def show_lines(self, widget: LineWidget, stretches: list[Stretch]) -> None:
        """Show lines of a widget as they are when everything that happens now has happened."""
        if not self._changed and not self._is_at_once:
            self.call_next(self._show_changed)
        self._changed.setdefault(widget, []).extend(stretches)

    def _show_changed(self) -> None:
        """Pass on the lines that changed; those that others may cover are left to Textual."""
        changed, self._changed = self._changed, {}
        lines: list[Line] = []
        app = self.app
        is_known = isinstance(app, LightApp) and app.takes_lines and self is app.screen and not self._layout_required
        for widget, stretches in changed.items():
            place = self._place_in_sight(widget) if is_known else None
            if place is None:
                widget.refresh_lines(stretches)
                continue
            for first, count in stretches:
                lines += [(place.x, place.y + y, widget.row(y)) for y in range(first, first + count)]
        if lines and isinstance(app, LightApp):
            app.show_lines(self, Placed(tuple(lines)))

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Show the lines that change meanwhile when the block ends, without waiting for what else happens now."""
        self._is_at_once = True
        try:
            yield
        finally:
            self._is_at_once = False
        if self._changed:
            self._show_changed()

    def _place_in_sight(self, widget: Widget) -> Region | None:
        """Return where a widget is on the screen if all of it can be seen, else None."""
        try:
            in_sight = self._compositor.visible_widgets
        except AttributeError:  # another Textual
            return None
        if widget not in in_sight:
            return None
        place, clip = in_sight[widget]
        if not clip.contains_region(place) or place.size != widget.outer_size:
            return None
        for other, (there, its_clip) in in_sight.items():  # from the front to the back
            if other is widget:
                return place
            if there.intersection(its_clip).overlaps(place):
                return None
        return None
