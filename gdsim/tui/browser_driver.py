"""The browser at the lower end of Textual, as `textual serve` puts it there: the app ends when the server is gone."""

from __future__ import annotations

from contextlib import suppress

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class BrowserDriver(WebDriver):
    """Textual's own, which goes on for ever beside a server that was killed: its input ends and nobody is told."""

    def run_input_thread(self) -> None:
        """Read what the server sends; end the app when that ends before the app does."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.send_message(ExitApp())

    def write(self, data: str) -> None:
        """Send what is to be shown; a server that is gone takes nothing."""
        with suppress(BrokenPipeError):
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        """Tell the server something; one that is gone takes nothing."""
        with suppress(BrokenPipeError):
            super().write_meta(data)
