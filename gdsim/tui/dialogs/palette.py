"""The palette, which reaches every action by name."""

from __future__ import annotations

from contextlib import suppress

from textual.command import CommandPalette


class Palette(CommandPalette):
    """Textual's palette, safe from keys that come faster than it is drawn."""

    def _action_command_list(self, action: str) -> None:
        """Move in the list of actions; before it is laid out there are no pages to turn."""
        with suppress(KeyError):
            super()._action_command_list(action)
