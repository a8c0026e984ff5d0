"""Dialogs to read: a text at leisure, the verdict on a question's answers, the card at the end of a run."""

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
"""The style class of a line, by its role."""


class Reader(Dialog[None]):
    """Shows a text, as lines or Markdown. `y` copies what the text offers to the terminal's clipboard."""

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
        from textual.widgets import Markdown  # takes a tenth of the startup time, and few open a lesson at once

        self._markdown = Markdown(self._source, open_links=False)
        return self._markdown

    def on_resize(self) -> None:
        self.call_after_refresh(self._break_lines)

    def _break_lines(self) -> None:
        """Wrap Chinese lines to the current width; Textual breaks lines only at spaces."""
        if self._markdown is not None and has_wide(self._source):
            width = self._markdown.scrollable_content_region.width - 1
            self._markdown.update(broken_markdown(self._source, width))

    def action_copy(self) -> None:
        """Copy the text's `copy` to the terminal's clipboard, if the terminal has one."""
        if self.text.copy:
            self.app.copy_to_clipboard(self.text.copy)
            self.app.notify(_("Copied, if your terminal allows programs to use the clipboard."), timeout=4)


class Verdict(Dialog[None]):
    """Shows whether each answer is right, the mistake recognised in it, and the working."""

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
    """Shows the end of a run; closes with ``enter`` to go on, with "" for esc, else with the key to pass to the run.

    keys_without_effect: keys that leave the card open, since they would do nothing in the run.
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
        """Close with the key, which then acts on the run."""
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.dismiss("enter" if self._goes_on else "")
        elif event.key not in self._keys_without_effect:
            self.dismiss("" if event.key == "escape" else event.key)
