"""The sheet of `y`: command lines to keep, the first of which can be copied."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from gdsim.i18n import _


class CommandSheet(ModalScreen[None]):
    """Shows command lines, the first one as the one that leads here; y copies it, escape closes."""

    BINDINGS = [("escape,q", "dismiss(None)", "close"), ("y,c", "copy", "copy")]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.lines = tuple(lines)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="sheet -command") as sheet:
            sheet.border_title = _("the command that leads here")
            sheet.border_subtitle = _("y copies it · esc closes")
            yield Static("\n".join(self.lines), markup=False, id="command-lines")

    def action_copy(self) -> None:
        """Hand the first command to the terminal's clipboard, where it has one."""
        self.app.copy_to_clipboard(self.lines[0])
        self.app.notify(_("Copied, where your terminal lets programs use its clipboard."), timeout=4)
