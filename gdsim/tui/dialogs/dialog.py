"""The base of all dialogs: they close only once, and they are built from lines of text."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import ModalScreen
from textual.visual import VisualType
from textual.widgets import Static

from gdsim.explain.wrapping import broken_lines, has_wide
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.display import is_current

Closed = TypeVar("Closed")
"""The type of a dialog's result; None: the dialog was cancelled."""


class Prose(Static):
    """Text without markup, wrapped to its width here: Textual breaks Chinese anywhere, even before a full stop."""

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
    """A dialog that closes only once.

    Textual sends all keys of one packet to the dialog that is in front when the first of them is read. Keys after the
    one that closes the dialog find it closed, and do nothing.
    """

    stays = False
    """Whether the dialog stays open when the workshop takes the session below it elsewhere."""

    def dismiss(self, result: Closed | None = None) -> AwaitComplete:
        """Close the dialog with a result, unless it is already closed or covered by another screen."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()

    def post_message(self, message: Message) -> bool:
        """Post a message, unless it is a size that the terminal no longer has."""
        return is_current(message, self) and super().post_message(message)

    def line(self, text: str, classes: str = "") -> Prose:
        """Return a widget for a line of text."""
        return Prose(lettered(self.app, text), classes=classes)
