"""The card at the end of a run: what happened, what is reached, and what comes next."""

from __future__ import annotations

from collections.abc import Collection

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key

from gdsim.i18n import _
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.dialogs.dialog import Dialog


class EndCard(Dialog[str]):
    """Closes with ``enter`` for what comes next, else with the key pressed, which is then done; nothing for esc.

    keys_without_effect: those that leave the card open, since the run has nothing to do for them.
    """

    stays = True

    def __init__(self, lines: list[str], *, goes_on: bool, keys_without_effect: Collection[str] = ()) -> None:
        super().__init__()
        self._lines, self._goes_on, self._keys_without_effect = lines, goes_on, keys_without_effect

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -question") as dialog:
            dialog.border_title = lettered(self.app, _("The run is over"))
            dialog.border_subtitle = _("enter goes on · esc stays here") if self._goes_on else _("esc closes")
            for line in self._lines:
                yield self.line(line)

    def on_key(self, event: Key) -> None:
        """Close; what a key does besides, it does to the run."""
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.dismiss("enter" if self._goes_on else "")
        elif event.key not in self._keys_without_effect:
            self.dismiss("" if event.key == "escape" else event.key)
