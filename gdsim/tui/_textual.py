"""The seam: whatever gdsim uses of Textual and Rich that is not their public interface, each name with its reason.

All of it was read in Textual 8.2.8 and Rich 15.0; a newer version of either has to be compared with this file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import CompositorUpdate, LayoutUpdate  # what App._display takes and is given
from textual._context import visible_screen_stack  # see strips_of
from textual._xterm_parser import XTermParser  # the one parser of what a terminal sends; drivers need it
from textual.app import App
from textual.command import CommandPalette
from textual.driver import Driver
from textual.geometry import Offset
from textual.screen import Screen
from textual.strip import Strip

from gdsim.tui.screen_diff import ScreenDiff

__all__ = ["Palette", "TerminalApp", "XTermParser", "strips_of"]


def strips_of(screen: Screen[Any]) -> Sequence[Strip]:
    """Return the rows of a screen, with all that lies on it.

    Screen._compositor and its render_strips: `App.export_screenshot` is the only public way to them, as SVG.
    App._background_screens: a dialog looks there for what shows through it.
    """
    visible_screen_stack.set(screen.app._background_screens)
    return screen._compositor.render_strips()


class _Frame(CompositorUpdate):
    """A screen's difference, in the one shape in which App._display takes it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        return self._text


class TerminalApp(App[None]):
    """An application that sends only the cells that changed, and leaves frames out while its terminal is behind.

    on_failure: told of an error nobody caught, which ends the app; None: Textual prints where it came from.
    """

    on_failure: Callable[[Exception], None] | None = None

    def __init__(self, *, driver_class: type[Driver] | None = None, ansi_color: bool | None = None) -> None:
        super().__init__(driver_class=driver_class, ansi_color=ansi_color)
        self._diff = ScreenDiff()
        self._shown_cursor: Offset | None = None  # None before anything is shown

    def set_color_depth(self, depth: ColorSystem | None) -> None:
        """Draw in so many colours. Console._color_system: Textual makes the console, with this process's colours."""
        self.console._color_system = depth

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has yet to take what was sent. App._driver: the app offers no way to it."""
        return bool(getattr(self._driver, "is_behind", False))

    def repaint(self) -> None:
        """Send the whole screen, as after something else has written on the terminal."""
        self._diff.forget()
        self.catch_up()

    def catch_up(self) -> None:
        """Send what the terminal does not show yet."""
        if self._shown_cursor is not None and self.is_running and self.screen_stack:
            self._send(self.screen, strips_of(self.screen))

    def fail(self, error: Exception) -> None:
        """End the app by an error."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """End the app by an error nobody caught. App._exit: left while it began, it misses parts of its screen."""
        if self.on_failure is None:
            super()._handle_exception(error)
        elif not self._exit:
            self.on_failure(error)
            self._close_messages_no_wait()  # the way App.panic ends: nothing that still waits is done

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Send the difference. App._display is where every frame passes, with all cells of what refreshed."""
        if renderable is None or self.is_headless or self.is_inline:
            super()._display(screen, renderable)
        elif self.is_behind or self._batch_count:  # App._batch_count: changes that are to be shown together
            self.post_display_hook()
        elif isinstance(renderable, LayoutUpdate):  # the whole screen
            self._send(screen, [Strip.join(row) for row in renderable.strips])
        else:
            self._send(screen, strips_of(screen))

    def _send(self, screen: Screen[Any], strips: Sequence[Strip]) -> None:
        depth, cursor = self.console._color_system or ColorSystem.TRUECOLOR, self.cursor_position
        text = self._diff.update(strips, screen.size.width, depth)
        if text or cursor != self._shown_cursor:
            self._shown_cursor = cursor
            super()._display(screen, _Frame(text))  # type: ignore[arg-type]
        else:
            self.post_display_hook()


class Palette(CommandPalette):
    """Textual's, whose _action_command_list raises KeyError for keys that arrive before its list is drawn."""

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)
