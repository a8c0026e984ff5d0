"""Things to read: lesson, help, the palette's entries."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual.app import SystemCommand

from gdsim.i18n import _
from gdsim.tui import screens
from gdsim.tui.keys import KEYS, Key
from gdsim.tui.screens.base import SessionScreen
from gdsim.tui.strips import filled


class Reading(SessionScreen):
    """The keys of the run screen that show a text."""

    def action_lesson(self) -> None:
        """Show the scenario's lesson."""
        self.pause()
        scenario = self.session.scenario
        if "lesson" in scenario.show.hide:
            self.app.notify(_("This scenario keeps its lesson closed."))
            return
        self.app.push_screen(screens.Reader(scenario.title, scenario.lesson or _("This scenario has no lesson text.")))

    def action_help(self) -> None:
        """Show every key."""
        self.pause()
        self.app.push_screen(screens.Reader(_("keys"), help_text(self.key_table), is_markdown=False))

    def palette_entries(self) -> list[SystemCommand]:
        """Return every key's action by name, for the palette."""
        return [
            SystemCommand(f"{_(key.does).capitalize()}  [{key.shown}]", _(key.does), self._runner(key.action))
            for key in self.key_table
            if key.action in self.available()
        ]

    def _runner(self, action: str) -> Callable[[], object]:
        return lambda: self.call_later(self.run_action, action)


def help_text(keys: tuple[Key, ...] = KEYS) -> str:
    """Return a key table as lines, one a key."""
    rows = [(key.shown, _(key.does)) for key in keys]
    rows += [
        ("↑ ↓ K J", _("scroll the focused panel")),
        ("← → ↑ ↓ H L K J", _("in the network (tab goes there): choose a neuron, or a weight to the left of it")),
        ("← → ↑ ↓ H L K J", _("in an activation: move z, by 0.25 or by 1")),
        ("↑ ↓ ← →", _("in a picture (tab goes there): choose another sample or neuron, a sample answered wrongly")),
        ("ctrl+p", _("every action by name")),
        (_("click"), _("on the bar under the charts: go there (┬ something changed here, ? a question)")),
    ]
    width = max(cell_len(shown) for shown, _does in rows)
    return "\n".join(f"{filled(shown, width)}  {does}" for shown, does in rows)
