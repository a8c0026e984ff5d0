"""An application that sends only what changed, and holds frames back while its line is behind."""

from __future__ import annotations

from typing import Any

from rich.color import ColorSystem
from textual.app import App
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen

from gdsim.tui.updates import Placed
from gdsim.tui.wire import Difference, Wire


class LightApp(App[None]):
    """A Textual application whose frames go through a `Wire`."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._wire = Wire()

    def get_driver_class(self) -> type[Driver]:
        """Return the driver to use: Textual's choice, on a Unix terminal our own variant of it."""
        chosen = super().get_driver_class()
        if chosen is HeadlessDriver or chosen.__name__ != "LinuxDriver":
            return chosen
        from gdsim.tui.driver import TerminalDriver

        return TerminalDriver

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has yet to show what was sent, so that a frame not sent would not be missed."""
        driver = self._driver
        return bool(getattr(driver, "is_behind", False) or getattr(driver, "is_watching", False))

    def watch_line(self) -> None:
        """Let `is_behind` tell, from now on, when the terminal has shown the latest frame."""
        ask = getattr(self._driver, "ask", None)
        if ask is not None:
            ask()

    def forget_terminal(self) -> None:
        """Take it that the terminal may show anything, so that the next frame is sent whole."""
        self._wire.forget()

    def catch_up(self) -> None:
        """Send what the terminal does not show yet."""
        if self._driver is not None and not self.is_headless and self._wire.is_known:
            self._show_difference(self.screen)

    def action_repaint(self) -> None:
        """Send the whole screen anew, as after something else has written on the terminal."""
        self.forget_terminal()
        self.catch_up()

    @property
    def color_depth(self) -> ColorSystem:
        """How many colours the terminal has."""
        return self.console._color_system or ColorSystem.TRUECOLOR

    @property
    def takes_lines(self) -> bool:
        """Whether a screen like the one shown is known, so that lines of it can be shown by themselves."""
        return not self.is_headless and not self.is_inline and self._wire.size == self.size

    def show_lines(self, screen: Screen[Any], lines: Placed) -> None:
        """Show lines of the screen."""
        self._display(screen, lines)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if renderable is None or self.is_headless or self.is_inline:
            super()._display(screen, renderable)
            return
        if not self._wire.take(renderable, self.size, self.color_depth):
            self._wire.lose()
            super()._display(screen, renderable)
        elif getattr(self._driver, "is_behind", False) or self._wire.is_shown:
            self.post_display_hook()
        else:
            self._show_difference(screen)

    def _show_difference(self, screen: Screen[Any]) -> None:
        super()._display(screen, Difference(self._wire, screen.outer_size.clamp_offset(self.cursor_position)))
