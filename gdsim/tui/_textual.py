"""The seam: every non-public name of Textual and Rich that gdsim uses, each with its reason.

Checked against the sources of Textual 8.2.8 and Rich 15.0; compare any newer version with this file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import CompositorUpdate, LayoutUpdate  # the types App._display works with
from textual._context import visible_screen_stack  # see strips_of
from textual._xterm_parser import XTermParser  # the only parser for terminal input; drivers need it
from textual.app import App
from textual.command import CommandPalette
from textual.driver import Driver
from textual.geometry import Offset
from textual.screen import Screen
from textual.strip import Strip

from gdsim.tui.screen_diff import ScreenDiff

__all__ = ["Palette", "TerminalApp", "XTermParser", "strips_of"]


def strips_of(screen: Screen[Any]) -> Sequence[Strip]:
    """Return the rows of a screen with everything drawn on it.

    Screen._compositor and its render_strips: the only public access is `App.export_screenshot`, which gives SVG.
    App._background_screens: a dialog draws what shows through it from these.
    """
    visible_screen_stack.set(screen.app._background_screens)
    return screen._compositor.render_strips()


class _Frame(CompositorUpdate):
    """A screen's difference, in the only form that App._display accepts."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        return self._text


class TerminalApp(App[None]):
    """An application that sends only changed cells, and skips frames while its terminal is behind.

    on_failure: called with an uncaught error, which ends the app; None: Textual prints the traceback.
    """

    on_failure: Callable[[Exception], None] | None = None

    def __init__(self, *, driver_class: type[Driver] | None = None, ansi_color: bool | None = None) -> None:
        super().__init__(driver_class=driver_class, ansi_color=ansi_color)
        self._diff = ScreenDiff()
        self._shown_cursor: Offset | None = None  # None before anything is shown

    def set_color_depth(self, depth: ColorSystem | None) -> None:
        """Set the colour depth to draw in. Console._color_system: Textual's console uses this process's depth."""
        self.console._color_system = depth

    @property
    def is_behind(self) -> bool:
        """Whether sent data is still waiting for the terminal. App._driver: the app has no public access to it."""
        return bool(getattr(self._driver, "is_behind", False))

    def repaint(self) -> None:
        """Resend the whole screen, for example after another program wrote to the terminal."""
        self._diff.forget()
        self.catch_up()

    def catch_up(self) -> None:
        """Send what the terminal does not show yet."""
        if self._shown_cursor is not None and self.is_running and self.screen_stack:
            self._send(self.screen, strips_of(self.screen))

    def fail(self, error: Exception) -> None:
        """End the app with an error."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """End the app on an uncaught error. App._exit: an app left while starting lacks parts; ignore its errors."""
        if self.on_failure is None:
            super()._handle_exception(error)
        elif not self._exit:
            self.on_failure(error)
            self._close_messages_no_wait()  # as App.panic does: drop all pending messages

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Send the difference. App._display: every frame passes through it, with all cells of what was refreshed."""
        if renderable is None or self.is_headless or self.is_inline:
            super()._display(screen, renderable)
        elif self.is_behind or self._batch_count:  # App._batch_count: a batch of changes shown together
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
    """Textual's palette. Its _action_command_list raises KeyError for keys that arrive before its list is drawn."""

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)
