"""The parts of the run screen: each draws lines from the screen's state and its own size; panels have a frame."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import zip_longest
from typing import NamedTuple, Self

from rich.style import Style
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.reactive import var
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from gdsim.charts.view import View
from gdsim.explain.gradient_check import GradientIndicator
from gdsim.explain.numbers import in_ascii
from gdsim.session import Session
from gdsim.tui.palettes import IN_EIGHT_BIT, PALETTES, Palette
from gdsim.tui.strips import PLAIN
from gdsim.tui.themes import PALETTE_OF, look_of


class RoomLine(NamedTuple):
    """The line about a workshop's room.

    parts: texts and the names of their looks (`gdsim.tui.themes.LOOKS`); hint: what the `f` key does.
    """

    parts: tuple[tuple[str, str], ...]
    hint: str


class ScreenState(NamedTuple):
    """What one frame of the run screen shows.

    view: the session's view; playing: whether and how fast it plays, in words; indicator: whether the gradient agrees
    with nudging, None before the first update; has_arrows: whether the arrow keys step through the run rather than
    choose something in the focused chart; room: the workshop's room line, None outside a workshop.
    """

    session: Session
    view: View
    playing: str = ""
    indicator: GradientIndicator | None = None
    ascii_only: bool = False
    has_arrows: bool = True
    room: RoomLine | None = None


class Drawn(NamedTuple):
    """What a part shows.

    strips: its lines; title, below: the texts in the upper and lower edge of its frame (title None: leave both as they
    are); extent: how many lines there are, including those scrolled away.
    """

    strips: Sequence[Strip]
    title: str | None = None
    below: str = ""
    extent: int = 0


class Part(Widget):
    """A part of the run screen, redrawn only when something it depends on has changed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.state: ScreenState | None = None
        self._drawn_for: Hashable = None
        self._drawn_size = Size(0, 0)
        self._is_rendering = False
        self._lines: Sequence[Strip] = ()
        self._looks: dict[tuple[str, str], Style] = {}

    def view_key(self, state: ScreenState) -> Hashable:
        """Return a key that differs between states that look different in this part; size and theme are added to it."""
        raise NotImplementedError

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        """Return a state drawn in at most `height` lines, each `width` cells wide."""
        raise NotImplementedError

    def show(self, state: ScreenState) -> None:
        """Show a state."""
        self.state = state
        self.update_lines()

    def update_lines(self) -> None:
        """If anything the part depends on has changed, draw it and repaint the lines that differ."""
        state, (width, height) = self.state, self.content_size
        if state is None or not width or not height:
            return
        key = self.view_key(state), self.app.theme, width, height
        if key == self._drawn_for:
            return
        self._drawn_for, self._drawn_size = key, self.content_size
        drawn = self.draw(state, width, height)
        self.accept(drawn)
        # Keep the old strip of an unchanged line: Textual caches with it what it has rendered.
        pairs = list(enumerate(zip_longest(self._lines, drawn.strips)))
        changed = {y for y, (old, new) in pairs if old is not new and old != new}
        self._lines = [new if y in changed else old for y, (old, new) in pairs[: len(drawn.strips)]]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def accept(self, drawn: Drawn) -> None:
        """Take over what was drawn besides lines."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rendered lines, redrawn first if the size has changed, so that the first frame is complete."""
        if self.content_size != self._drawn_size:
            self._is_rendering = True
            self.update_lines()
            self._is_rendering = False
        return super().render_lines(crop)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Ask for another frame, unless the part is being drawn for the current one."""
        if self._is_rendering:
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the content."""
        own = self.visual_style.rich_style
        return self._lines[y].apply_style(own) if y < len(self._lines) else Strip.blank(self.content_size.width, own)

    def on_mount(self) -> None:
        """Redraw whenever another theme is chosen."""

        def use(_theme: Theme) -> None:
            self.update_lines()

        self.app.theme_changed_signal.subscribe(self, use)

    @property
    def ascii_only(self) -> bool:
        """Whether only ASCII is drawn."""
        return self.state is not None and self.state.ascii_only

    def lettered(self, text: str) -> str:
        """Return a text in the letters the part draws with: in ASCII, Greek letters are spelled out."""
        return in_ascii(text) if self.ascii_only else text

    @property
    def palette(self) -> Palette:
        """The colours of runs and charts in the current theme."""
        name = "none" if self.app.no_color else PALETTE_OF.get(self.app.theme, "dark")
        is_eight_bit = self.app.console.color_system == "256" and name in IN_EIGHT_BIT
        return IN_EIGHT_BIT[name] if is_eight_bit else PALETTES[name]

    def style(self, name: str = "") -> Style:
        """Return a look's style (`gdsim.tui.themes.LOOKS`) in the current theme; the widget's own style for no name."""
        if not name:
            return PLAIN
        key = self.app.theme, name
        if key not in self._looks:
            self._looks[key] = look_of(name, self.app.theme_variables)
        return self._looks[key]


class Panel(Part, can_focus=True):
    """A framed panel that can be focused and zoomed; arrow keys scroll it if it holds more than it shows."""

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

    def on_focus(self) -> None:
        self.update_lines()

    def on_blur(self) -> None:
        self.update_lines()

    def view_key(self, state: ScreenState) -> Hashable:
        session = state.session
        return state.view.sight, state.ascii_only, self.top, self.has_focus, session.reached, session.is_reading

    def accept(self, drawn: Drawn) -> None:
        """Take over the titles and the number of lines to scroll through."""
        if drawn.title is not None:
            if self.border_title != drawn.title:
                self.border_title = drawn.title
            if self.border_subtitle != drawn.below:
                self.border_subtitle = drawn.below
        self._extent = drawn.extent

    def first_of(self, extent: int, room: int) -> int:
        """Return the index of the first line to show, of `extent` lines of which `room` fit."""
        return max(0, min(self.top, extent - room))

    def action_scroll_lines(self, count: int) -> None:
        """Scroll by `count` lines."""
        self.top = max(0, min(self.top + count, self._extent - self.content_size.height))

    def action_scroll_pages(self, count: int) -> None:
        """Scroll by `count` pages, each one line less than the panel's height."""
        self.action_scroll_lines(count * max(1, self.content_size.height - 1))

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll_lines(3)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll_lines(-3)
