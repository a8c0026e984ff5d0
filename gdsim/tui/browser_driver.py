"""The Textual driver for a browser under `textual serve`: the app ends when the server is gone."""

from __future__ import annotations

from contextlib import suppress

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class BrowserDriver(WebDriver):
    """Textual's driver, fixed: when the server is killed, the original's input ends but the app runs on for ever."""

    def run_input_thread(self) -> None:
        """Read the server's input; if it ends while the app is running, end the app."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.send_message(ExitApp())

    def write(self, data: str) -> None:
        """Send output; drop it if the server is gone."""
        with suppress(BrokenPipeError):
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        """Send the server a control message; drop it if the server is gone."""
        with suppress(BrokenPipeError):
            super().write_meta(data)
