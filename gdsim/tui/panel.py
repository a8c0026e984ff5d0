"""A framed place on the screen that shows text lines made from a view, and repaints only the lines that changed."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import zip_longest
from typing import Self

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.events import Resize
from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from gdsim.charts.view import View
from gdsim.records import dataclass
from gdsim.tui.ascii_letters import AsciiLetters, draws_in_ascii
from gdsim.tui.light_screen import LightScreen, Stretch
from gdsim.tui.palettes import PALETTES, Palette
from gdsim.tui.strips import PLAIN, retitled, strip_of
from gdsim.tui.themes import PALETTE_OF, look_of


def _stretches(numbers: Sequence[int]) -> list[Stretch]:
    """Return whole numbers, in order, as the first and the count of those that follow one another."""
    stretches: list[Stretch] = []
    for number in numbers:
        if stretches and sum(stretches[-1]) == number:
            stretches[-1] = stretches[-1][0], stretches[-1][1] + 1
        else:
            stretches.append((number, 1))
    return stretches


class Lines(Widget):
    """A widget of text lines; subclasses say which lines a view gives at a width and height."""

    view: var[View | None] = var(None, init=False)

    def __init__(self, *, id: str | None = None) -> None:
        self._looks: dict[tuple[str, str], Style] = {}
        self._composed: dict[int, tuple[object, Strip]] = {}
        self._finished: dict[Style | None, Style | None] = {}
        self._edges: tuple[Strip, Strip] | None = None
        self._titled: tuple[Strip, str] | None = None
        super().__init__(id=id)
        self._strips: Sequence[Strip] = []
        self._theme = ""

    def lines(self, view: View, width: int, height: int) -> Sequence[Strip]:
        """Return the lines to show, each `width` cells wide, `height` at the most."""
        raise NotImplementedError

    def watch_view(self) -> None:
        self.redraw()

    def on_resize(self, _event: Resize) -> None:
        self._forget_composed()
        self._make()
        self.refresh()  # what was drawn before this is told may have the lines of the size before

    def redraw(self) -> None:
        """Make the lines anew and repaint those that differ."""
        changed = self._make()
        if changed:
            top = self.gutter.top
            self._show_lines([(top + first, count) for first, count in _stretches(changed)])

    def _make(self) -> list[int]:
        """Make the lines anew, and return which differ; none while there is nothing to show, or no room."""
        width, height = self.content_size
        if self.view is None or not width or not height or not self.is_mounted:
            return []
        self._theme = self.app.theme
        old, self._strips = self._strips, self.lines(self.view, width, height)
        return [y for y, (a, b) in enumerate(zip_longest(old, self._strips)) if a is not b and a != b]

    def _show_lines(self, stretches: list[Stretch]) -> None:
        """Show lines of the widget, counted with its frame."""
        screen = self.screen
        if isinstance(screen, LightScreen):
            screen.show_lines(self, stretches)
        else:
            width, offset = self.outer_size.width, self.content_offset
            self.refresh(*(Region(0, first, width, count).translate(-offset) for first, count in stretches))

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the content."""
        own = self._look("")
        return self._strips[y].apply_style(own) if y < len(self._strips) else Strip.blank(self.content_size.width, own)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of the widget inside `crop`, with its frame.

        Textual puts every line of a widget together anew, from styles, frame and filters, when one of them changed.
        Here a line of text is put into the frame once, between the ends that Textual gave such a line.
        """
        width, top, room = self.outer_size.width, self.gutter.top, self.content_size
        letters = [each for each in self.app.get_line_filters() if isinstance(each, AsciiLetters)]
        composed, known, below = [], self._composed, strip_of([], room.width)
        for y in crop.line_range:
            row = y - top
            if 0 <= row < room.height:
                shown: object = self._strips[row] if row < len(self._strips) else below
            else:
                shown = self.border_title if row < 0 else self.border_subtitle
            if y not in known or (known[y][0] is not shown and known[y][0] != shown):
                if isinstance(shown, Strip) and shown.cell_length == room.width:
                    line = self._put_into_frame(shown, y, width)
                    for each in letters:
                        line = line.apply_filter(each, self.background_colors[1])
                else:
                    line = self._edge(y, shown)
                known[y] = shown, line
            composed.append(known[y][1])
        if crop.column_span == (0, width):
            return composed
        return [line.crop(*crop.column_span) for line in composed]

    def _put_into_frame(self, strip: Strip, y: int, width: int) -> Strip:
        """Return line `y` of the widget, `width` cells wide: a line of text between the ends of the frame."""
        if self._edges is None:
            (whole,) = super().render_lines(Region(0, y, width, 1))
            left = self.gutter.left
            self._edges = whole.crop(0, left), whole.crop(left + strip.cell_length)
        looks, segments = self._finished, list(self._edges[0])
        for text, style, _control in strip:
            look = looks.get(style)
            if look is None:
                look = looks[style] = self._finish(style)
            segments.append(Segment(text, look))
        return Strip([*segments, *self._edges[1]], width)

    def _edge(self, y: int, title: object) -> Strip:
        """Return a line that is none of text, such as the upper edge with its title, as Textual draws it.

        An upper edge it has drawn with another title gets this one where that takes no more than other words.
        """
        is_title = y == 0 and isinstance(title, str) and (title.isascii() or not draws_in_ascii(self.app))
        if is_title and self._titled is not None:
            again = retitled(*self._titled, str(title))
            if again is not None:
                return again
        self._styles_cache.clear()  # it knows the edge with the title before
        (edge,) = super().render_lines(Region(0, y, self.outer_size.width, 1))
        if is_title:
            self._titled = edge, str(title)
        return edge

    def _finish(self, style: Style | None) -> Style | None:
        """Return a style over the widget's own, as the filters leave it."""
        strip = Strip([Segment(" ", style)], 1).apply_style(self._look(""))
        for line_filter in self.app.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return next(iter(strip)).style

    @property
    def palette(self) -> Palette:
        """The colours of runs and charts under the theme in use."""
        return PALETTES["none" if self.app.no_color else PALETTE_OF.get(self.app.theme, "dark")]

    def style(self, name: str = "") -> Style:
        """Return the style of a named part (`LOOKS`), or the widget's own text style."""
        return self._look(name) if name else PLAIN

    def notify_style_update(self) -> None:
        """Forget looks that hold no more, and draw in those that do."""
        self._looks.clear()
        self._forget_composed()
        if self._strips:
            self.call_later(self.redraw)
        super().notify_style_update()

    def _forget_composed(self) -> None:
        self._edges = None
        self._titled = None
        self._composed.clear()
        self._finished.clear()

    def _look(self, name: str) -> Style:
        """Return the style of a named part, or the widget's own for the empty name, worked out once a theme."""
        key = (self._theme or self.app.theme, name)
        look = self._looks.get(key)
        if look is None:
            look = look_of(name, self.app.theme_variables) if name else self.rich_style
            self._looks[key] = look
        return look


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a panel shows: its lines, the titles of its frame (None: as they were), and how many lines there would be.

    extent: those that are scrolled away among them.
    """

    strips: Sequence[Strip]
    title: str | None = None
    below: str = ""
    extent: int = 0


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
        # With each how far drawing it had runs computed: that can be seen elsewhere.
        self._ahead: dict[Hashable, tuple[Drawn, list[int]]] = {}

    def watch_top(self) -> None:
        self.redraw()

    def drawn(self, view: View, width: int, height: int) -> Drawn:
        """Return what a view looks like, `width` cells wide, `height` lines at the most."""
        raise NotImplementedError

    @property
    def manner(self) -> Hashable:
        """What else than the view and the size decides how it looks."""
        return self.app.theme, self.top, self.ascii_only

    def lines(self, view: View, width: int, height: int) -> Sequence[Strip]:
        """Return the lines of a view; those that were drawn ahead are taken as they are."""
        known = self._ahead.get((view.sight, self.manner, width, height)) if self._ahead else None
        if known is None:
            shown = self.drawn(view, width, height)
        else:
            shown, computed = known
            for timeline, last in zip(view.timelines, computed, strict=True):
                timeline.reach(last)
        if shown.title is not None:
            self.titled(shown.title, shown.below)
        self._extent = shown.extent
        return shown.strips

    def draw_ahead(self, view: View) -> None:
        """Keep what a view looks like as the panel is now, for when it is to be shown."""
        width, height = self.content_size
        if width and height:
            key = view.sight, self.manner, width, height
            drawn = self.drawn(view, width, height)
            self._ahead[key] = drawn, [timeline.last for timeline in view.timelines]

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
