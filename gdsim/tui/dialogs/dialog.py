"""What all dialogs have in common: they close once, and they can be put together from lines of text."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.widgets import Static

from gdsim.tui.ascii_letters import lettered

Closed = TypeVar("Closed")
"""What a dialog closes with; None where it is left."""


class Dialog(ModalScreen[Closed]):
    """A dialog that closes once.

    Keys that arrive in one packet are all addressed to the dialog in front when the first of them is read. Whatever
    follows the key that closes it finds it closed, and does nothing.
    """

    stays = False
    """Whether the dialog stays open when the session below it is taken elsewhere by a workshop."""

    def dismiss(self, result: Closed | None = None) -> AwaitComplete:
        """Close the dialog with a result, unless it is closed already or something else lies over it."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()

    def line(self, text: str, classes: str = "") -> Static:
        """Return a line of text as a widget."""
        return Static(lettered(self.app, text), classes=classes, markup=False)
