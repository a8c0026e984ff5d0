"""The sheet of `w`: what to change from here on, and the tree of branches to go over to or delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gdsim.i18n import _


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen: "change" and a key of `gdsim.session.changes.CHANGES`, or "switch" or "delete" and a branch."""

    what: str
    name: str


class BranchSheet(ModalScreen[Chosen | None]):
    """Offers changes and branches as (name, text); enter takes one, d deletes a branch, escape leaves."""

    BINDINGS = [("escape,w", "dismiss(None)", "leave"), ("d,delete", "delete", "delete the branch")]

    def __init__(
        self, title: str, changes: Sequence[tuple[str, str]], tree: Sequence[tuple[str, str]], current: str = ""
    ) -> None:
        super().__init__()
        self._title, self._changes, self._tree, self._current = title, changes, tree, current

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = self._title
            leave = _("↑ ↓ move · enter accepts · esc leaves")
            sheet.border_subtitle = leave if len(self._tree) < 2 else _("d deletes a branch") + " · " + leave
            options = [Option(text, id=f"change:{key}") for key, text in self._changes]
            if len(self._tree) > 1:
                title = Option(_("branches: go over to"), disabled=True)
                options += [title, *(Option(text, id=f"switch:{name}") for name, text in self._tree)]
            choices = OptionList(*options, markup=False)
            if self._current:
                choices.highlighted = choices.get_option_index(f"switch:{self._current}")
            yield choices

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        what, _colon, name = (event.option_id or "").partition(":")
        self.dismiss(Chosen(what, name))

    def action_delete(self) -> None:
        """Delete the branch in hand."""
        option = self.query_one(OptionList).highlighted_option
        what, _colon, name = ((option.id if option is not None else "") or "").partition(":")
        if what == "switch":
            self.dismiss(Chosen("delete", name))
