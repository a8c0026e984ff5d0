"""Things to read and to keep: lesson, help, a picture of the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.cells import cell_len
from textual.app import SystemCommand

from gdsim.language import _
from gdsim.tui.keys import KEYS
from gdsim.tui.screens.base import SessionScreen
from gdsim.tui.screens.sheets import Reader


class Reading(SessionScreen):
    """The keys of the run screen that show a text or keep a picture."""

    def action_lesson(self) -> None:
        """Show the scenario's lesson."""
        self.pause()
        scenario = self.session.scenario
        self.app.push_screen(Reader(scenario.title, scenario.lesson or _("This scenario has no lesson text.")))

    def action_help(self) -> None:
        """Show every key."""
        self.pause()
        self.app.push_screen(Reader(_("keys"), help_text(), is_markdown=False))

    def action_save(self) -> None:
        """Save the screen as SVG in the current folder; nothing there is overwritten."""
        stem = f"gdsim-{self.session.scenario.name}-{self.session.position.update}"
        path = free_name(Path.cwd(), stem, ".svg")
        try:
            path.write_text(self.app.export_screenshot(title=self.session.scenario.title), encoding="utf-8")
        except OSError as error:
            self.app.notify(f"{path}: {error.strerror}", title=_("not saved"), severity="error")
        else:
            self.app.notify(path.name, title=_("saved"))

    def palette_entries(self) -> list[SystemCommand]:
        """Return every key's action by name, for the palette."""
        return [
            SystemCommand(f"{_(key.does).capitalize()}  [{key.shown}]", _(key.does), self._runner(key.action))
            for key in KEYS
            if key.action in self.available()
        ]

    def _runner(self, action: str) -> Callable[[], object]:
        return lambda: self.call_later(self.run_action, action)


def help_text() -> str:
    """Return the key table as lines, one a key."""
    rows = [(key.shown, _(key.does)) for key in KEYS]
    rows += [
        ("↑ ↓ K J", _("scroll the focused panel")),
        ("← → ↑ ↓ H L K J", _("in the network (tab goes there): choose a neuron, or a weight to the left of it")),
        ("ctrl+p", _("every action by name")),
    ]
    width = max(cell_len(shown) for shown, _does in rows)
    return "\n".join(f"{shown}{' ' * (width - cell_len(shown))}  {does}" for shown, does in rows)


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """Return a path in `folder` that does not exist yet: stem.ending, stem-2.ending, …"""
    path, number = folder / f"{stem}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path
