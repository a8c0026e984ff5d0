"""What all dialogs have in common: they close once, and they can be put together from lines of text."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.visual import VisualType
from textual.widgets import Static

from gdsim.explain.wrapping import broken_lines, has_wide
from gdsim.tui.ascii_letters import lettered

Closed = TypeVar("Closed")
"""What a dialog closes with; None where it is left."""


class Prose(Static):
    """Text without markup as wide as its place. Textual breaks Chinese anywhere, also before a full stop."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str = "") -> None:
        super().__init__(text, id=id, classes=classes, markup=False)
        self._text = text

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show another text."""
        self._text = str(content)
        super().update(broken_lines(self._text, self.content_size.width), layout=layout)

    def on_resize(self) -> None:
        if has_wide(self._text):
            super().update(broken_lines(self._text, self.content_size.width))


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

    def line(self, text: str, classes: str = "") -> Prose:
        """Return a line of text as a widget."""
        return Prose(lettered(self.app, text), classes=classes)
