"""A screen whose changed lines go to the terminal without Textual's putting the whole screen together again.

Textual's compositor takes every line of every widget that the changed places span, cuts them all at the borders of
all widgets, and passes on the pieces. Where the places that changed lie in panels of text, each in sight and under
nothing else, their lines are passed on as they are. In all other cases, and where Textual's internals are not as
expected, the screen is shown in Textual's own way.
"""

from __future__ import annotations

from typing import TypeVar

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from gdsim.tui.light_app import LightApp
from gdsim.tui.panel import Lines
from gdsim.tui.updates import Line, Placed

Result = TypeVar("Result")


class LightScreen(Screen[Result]):
    """A screen that shows panels of text by the shortest way."""

    def _compositor_refresh(self) -> None:
        app = self.app
        if isinstance(app, LightApp) and app.takes_lines and self is app.screen:
            placed = self.changed_lines()
            if placed is not None:
                self._compositor._dirty_regions.clear()
                self._dirty_widgets.clear()
                app.show_lines(self, placed)
                app._update_mouse_over(self)
                return
        super()._compositor_refresh()

    def changed_lines(self) -> Placed | None:
        """Return the lines that wait to be shown, None where only Textual knows how they are put together."""
        try:
            regions = self._compositor._dirty_regions
            in_sight = self._compositor.visible_widgets
        except AttributeError:  # another Textual
            return None
        lines: list[Line] = []
        for region in regions:
            found = _in_front(region, in_sight)
            if found is None:
                return None
            widget, place = found
            rows = Region(place.x, region.y, place.width, region.height)
            strips = widget.render_lines(rows.translate(-place.offset))
            lines += [(place.x, y, strip) for y, strip in zip(region.line_range, strips, strict=True)]
        return Placed(tuple(lines)) if lines else None


def _in_front(region: Region, in_sight: dict[Widget, tuple[Region, Region]]) -> tuple[Lines, Region] | None:
    """Return the panel of text that shows all of `region`, and its place; None unless all of it is in sight.

    in_sight: widgets from the front to the back, with their place and the part of the screen they may show.
    """
    before: list[Region] = []
    for widget, (place, clip) in in_sight.items():
        if isinstance(widget, Lines) and place.contains_region(region):
            is_in_sight = clip.contains_region(place) and not any(place.overlaps(each) for each in before)
            return (widget, place) if is_in_sight else None
        before.append(place.intersection(clip))
    return None
