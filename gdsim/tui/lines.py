"""Text lines made from a view, of which only those that changed are repainted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple, TypeGuard

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.events import Resize
from textual.geometry import Region, Size
from textual.strip import Strip

from gdsim.charts.view import View
from gdsim.tui.ascii_letters import AsciiLetters, draws_in_ascii
from gdsim.tui.cells import Row, row_of
from gdsim.tui.light_app import LightApp
from gdsim.tui.light_screen import LightScreen, LineWidget, Stretch
from gdsim.tui.palettes import PALETTES, Palette
from gdsim.tui.strips import PLAIN, blank, retitled
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


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a widget of lines shows: the lines, the titles of its frame (None: as they were), how many there would be.

    extent: those that are scrolled away among them.
    """

    strips: Sequence[Strip]
    title: str | None = None
    below: str = ""
    extent: int = 0


class _Place(NamedTuple):
    """Where the content lies in a widget of some size: the lines above it, and its own size."""

    outer: Size
    top: int
    room: Size


class Lines(LineWidget):
    """A widget of text lines; subclasses say which lines a view gives at a width and height."""

    def __init__(self, *, id: str | None = None) -> None:
        self._looks: dict[tuple[str, str], Style] = {}
        self._composed: dict[int, tuple[object, Strip]] = {}
        self._finished: dict[Style | None, Style | None] = {}
        self._edges: tuple[Sequence[Segment], Sequence[Segment]] | None = None
        self._titled: tuple[Strip, str] | None = None
        self._found: _Place | None = None
        # With each how far drawing it had runs computed: that can be seen elsewhere.
        self._ahead: dict[Hashable, tuple[Drawn, list[int]]] = {}
        self._rows_ahead: dict[int, tuple[Strip, Row]] = {}  # by the identity of what is put into the frame
        super().__init__(id=id)
        self._strips: Sequence[Strip] = []
        self._theme = ""

    def drawn(self, view: View, width: int, height: int) -> Drawn:
        """Return what a view looks like, in lines each `width` cells wide, `height` at the most."""
        raise NotImplementedError

    def sight(self, view: View) -> Hashable:
        """Return what tells a view from others that look different here."""
        return view.sight

    @property
    def manner(self) -> Hashable:
        """What else than the view and the size decides how it looks."""
        return self.app.theme

    def draw_ahead(self, view: View) -> bool:
        """Keep what a view looks like as the widget is now, for when it is to be shown; return whether it was drawn."""
        width, height = self._where.room
        key = self.sight(view), self.manner, width, height
        if key in self._ahead or not width or not height:
            return False
        drawn = self.drawn(view, width, height)
        self._ahead[key] = drawn, [timeline.last for timeline in view.timelines]
        for strip in drawn.strips:
            if id(strip) not in self._rows_ahead and strip.cell_length == width:
                self._rows_ahead[id(strip)] = strip, row_of(self._put_into_frame(strip), self._depth)
        return True

    def _drawn_of(self, view: View, width: int, height: int) -> Drawn:
        """Return what a view looks like; what was drawn ahead is taken as it is."""
        known = self._ahead.get((self.sight(view), self.manner, width, height)) if self._ahead else None
        if known is None:
            return self.drawn(view, width, height)
        shown, computed = known
        for timeline, last in zip(view.timelines, computed, strict=True):
            timeline.reach(last)
        return shown

    @property
    def view(self) -> View | None:
        """The view on the screen."""
        view: View | None = getattr(self.screen, "view", None)
        return view

    def look(self) -> None:
        """Show the view, which is another one now."""
        self.redraw()

    def on_resize(self, _event: Resize) -> None:
        self._forget_composed()
        self._make()
        self.refresh()  # what was drawn before this is told may have the lines of the size before

    def redraw(self) -> None:
        """Make the lines anew and repaint those that differ."""
        changed = self._make()
        if changed:
            top = self._where.top
            self._show_lines([(top + first, count) for first, count in _stretches(changed)])

    def _make(self) -> list[int]:
        """Make the lines anew, and return which differ; none while there is nothing to show, or no room."""
        width, height = self._where.room
        view = self.view
        if view is None or not width or not height or not self.is_mounted:
            return []
        self._theme = self.app.theme
        shown = self._drawn_of(view, width, height)
        self.accept(shown)
        old, self._strips = self._strips, shown.strips
        return [y for y, (a, b) in enumerate(zip_longest(old, self._strips)) if a is not b and a != b]

    def accept(self, shown: Drawn) -> None:
        """Take from what is shown now what is not lines."""

    @property
    def _where(self) -> _Place:
        """Where the content lies; found anew when the size has changed, and while there is no room."""
        if self._found is None or self._found.outer != self.outer_size or not self._found.room:
            self._found = _Place(self.outer_size, self.gutter.top, self.content_size)
        return self._found

    def on_hide(self) -> None:
        """Take it that there is no room until there is."""
        self._found = None

    @property
    def _depth(self) -> ColorSystem:
        return self.app.color_depth if isinstance(self.app, LightApp) else ColorSystem.TRUECOLOR

    def _show_lines(self, stretches: list[Stretch]) -> None:
        """Show lines of the widget, counted with its frame."""
        screen = self.screen
        if isinstance(screen, LightScreen):
            screen.show_lines(self, stretches)
        else:
            self.refresh_lines(stretches)

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the content."""
        own = self._look("")
        return self._strips[y].apply_style(own) if y < len(self._strips) else Strip.blank(self._where.room.width, own)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of the widget inside `crop`, with its frame.

        Textual puts every line of a widget together anew, from styles, frame and filters, when one of them changed.
        Here a line of text is put into the frame once, between the ends that Textual gave such a line.
        """
        composed, known = [], self._composed
        for y in crop.line_range:
            shown = self._shown_at(y)
            if y not in known or (known[y][0] is not shown and known[y][0] != shown):
                known[y] = shown, self._with_frame(y, shown)
            composed.append(known[y][1])
        width = self.outer_size.width
        if crop.column_span == (0, width):
            return composed
        return [line.crop(*crop.column_span) for line in composed]

    def row(self, y: int) -> Row:
        """Return line `y`, counted from the upper edge of the frame, as cells."""
        shown = self._shown_at(y)
        ahead = self._rows_ahead.get(id(shown))
        if ahead is not None:
            return ahead[1]
        if not self._is_text(shown):
            (edge,) = self.render_lines(Region(0, y, self.outer_size.width, 1))
            return row_of(edge, self._depth)
        return row_of(self._put_into_frame(shown), self._depth)

    def _shown_at(self, y: int) -> object:
        """Return what line `y` is made of: a line of text, or a title."""
        _outer, top, room = self._where
        at = y - top
        if 0 <= at < room.height:
            return self._strips[at] if at < len(self._strips) else blank(room.width)
        return self.border_title if at < 0 else self.border_subtitle

    def _is_text(self, shown: object) -> TypeGuard[Strip]:
        """Whether something to be shown is a line of text that fills the content."""
        return isinstance(shown, Strip) and shown.cell_length == self._where.room.width

    def _with_frame(self, y: int, shown: object) -> Strip:
        """Return line `y` with its frame."""
        if self._is_text(shown):
            return Strip(self._put_into_frame(shown), self.outer_size.width)
        return self._edge(y, shown)

    def _put_into_frame(self, strip: Strip) -> list[Segment]:
        """Return a line of text between the ends of the frame."""
        if self._edges is None:
            self._edges = self._frame_ends(strip.cell_length)
        looks, segments = self._finished, [*self._edges[0]]
        for text, style, _control in strip:
            look = looks.get(style)
            if look is None:
                look = looks[style] = self._finish(style)
            segments.append(Segment(text, look))
        segments += self._edges[1]
        for each in self.app.get_line_filters():
            if isinstance(each, AsciiLetters):
                segments = each.apply(segments, self.background_colors[1])
        return segments

    def _frame_ends(self, length: int) -> tuple[Sequence[Segment], Sequence[Segment]]:
        """Return what Textual puts before and after a line of text of `length` cells."""
        (whole,) = super().render_lines(Region(0, self._where.top, self.outer_size.width, 1))
        left = self.gutter.left
        return tuple(whole.crop(0, left)), tuple(whole.crop(left + length))

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
        self._found = None
        self._edges = None
        self._titled = None
        self._composed.clear()
        self._finished.clear()
        self._rows_ahead.clear()

    def _look(self, name: str) -> Style:
        """Return the style of a named part, or the widget's own for the empty name, worked out once a theme."""
        key = (self._theme or self.app.theme, name)
        look = self._looks.get(key)
        if look is None:
            look = look_of(name, self.app.theme_variables) if name else self.rich_style
            self._looks[key] = look
        return look
