"""Dialogs to read in: a text at leisure, what is said to the answers of a question, the card at the end of a run."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.events import Key

from gdsim.explain.wrapping import broken_markdown, has_wide
from gdsim.i18n import _
from gdsim.session.command import Text
from gdsim.tui.ascii_letters import lettered
from gdsim.tui.dialogs.dialog import Dialog

if TYPE_CHECKING:
    from textual.widgets import Markdown

ROLES = {"right": "-right", "wrong": "-wrong", "quiet": "prompt-help"}
"""The style of a line, by its role."""


class Reader(Dialog[None]):
    """Shows a text, lines or Markdown. What it offers to copy goes to the terminal's clipboard at y."""

    BINDINGS = [("escape,q,i,question_mark", "dismiss(None)", "close"), ("y,c", "copy", "copy")]
    stays = True

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.text = text
        self._markdown: Markdown | None = None

    @property
    def _source(self) -> str:
        source = "\n".join(line.text for line in self.text.lines)
        return lettered(self.app, source, is_markdown=self.text.is_markdown)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog -command" if self.text.copy else "dialog -reader") as dialog:
            dialog.border_title = lettered(self.app, self.text.title)
            dialog.border_subtitle = _("y copies it · esc closes") if self.text.copy else _("↑ ↓ scroll · esc closes")
            if self.text.is_markdown:
                yield self._as_markdown()
            else:
                for role, lines in groupby(self.text.lines, key=lambda line: line.role):
                    yield self.line("\n".join(line.text for line in lines), ROLES.get(role, ""))

    def _as_markdown(self) -> Markdown:
        from textual.widgets import Markdown  # a tenth of a start, and few read a lesson at once

        self._markdown = Markdown(self._source, open_links=False)
        return self._markdown

    def on_resize(self) -> None:
        self.call_after_refresh(self._break_lines)

    def _break_lines(self) -> None:
        """Break lines of Chinese at the width there is; Textual breaks them at spaces only."""
        if self._markdown is not None and has_wide(self._source):
            width = self._markdown.scrollable_content_region.width - 1
            self._markdown.update(broken_markdown(self._source, width))

    def action_copy(self) -> None:
        """Hand what there is to copy to the terminal's clipboard, where it has one."""
        if self.text.copy:
            self.app.copy_to_clipboard(self.text.copy)
            self.app.notify(_("Copied, where your terminal lets programs use its clipboard."), timeout=4)


class Verdict(Dialog[None]):
    """Shows for each answer whether it is right, the mistake recognised, and the working."""

    BINDINGS = [("enter,space,escape,q,full_stop", "dismiss(None)", "goes on")]
    stays = True

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog -question") as dialog:
            dialog.border_title = lettered(self.app, self.text.title)
            dialog.border_subtitle = _("enter goes on")
            for line in self.text.lines:
                yield self.line(line.text, ROLES.get(line.role, ""))


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
