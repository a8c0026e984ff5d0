"""The Textual application: the picker, or one scenario's run screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from textual.app import SystemCommand
from textual.screen import Screen

from gdsim.errors import GdsimError
from gdsim.language import _
from gdsim.scenario import Scenario, load_file
from gdsim.scenario.library import resolve, summaries
from gdsim.session import Session
from gdsim.tui.light_app import LightApp
from gdsim.tui.screens.picker import PickerScreen
from gdsim.tui.screens.run import RunScreen
from gdsim.tui.themes import THEMES


@dataclass(frozen=True, slots=True)
class Options:
    """How the screen opens.

    at: the update to stand at; corrected: start with the corrected rule; overrides: `--set` pairs for a scenario
    that is picked from the list; theme: a name of `THEMES`, None to choose by the terminal.
    """

    at: int = 0
    corrected: bool = False
    ascii_only: bool = False
    theme: str | None = None
    overrides: tuple[tuple[str, object], ...] = field(default=())


class GdsimApp(LightApp):
    """Shows one scenario, or the picker when none is given."""

    CSS_PATH = "gdsim.tcss"
    TITLE = "gdsim"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, scenario: Scenario | None = None, options: Options | None = None) -> None:
        super().__init__()
        self._options = options or Options()
        self._scenario = scenario
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = self._options.theme or "dark"

    def on_mount(self) -> None:
        if self._scenario is None:
            self.push_screen(PickerScreen(summaries()))
        else:
            self.open(self._scenario)

    def open(self, scenario: Scenario) -> None:
        """Open the run screen on a scenario."""
        session = Session.open(scenario, at=self._options.at, corrected=self._options.corrected)
        self.push_screen(RunScreen(session, ascii_only=self._options.ascii_only))

    def on_picker_screen_picked(self, event: PickerScreen.Picked) -> None:
        """Open the scenario picked from the list."""
        try:
            self.open(load_file(resolve(event.name), overrides=self._options.overrides))
        except GdsimError as error:
            self.notify(str(error), severity="error", timeout=10)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return what the palette offers: every key's action by name, the themes, quit."""
        if isinstance(screen, RunScreen):
            yield from screen.palette_entries()
        for name in THEMES:
            yield SystemCommand(
                _("Theme: {name}").format(name=name), _("Colours of the screen"), partial(self._use, name)
            )
        if not isinstance(screen, RunScreen):
            yield SystemCommand(_("Quit"), _("Leave gdsim"), self.action_quit)

    def _use(self, theme: str) -> None:
        self.theme = theme
        if isinstance(self.screen, RunScreen):
            self.screen.redraw()


def start(scenario: Scenario | None, options: Options) -> int:
    """Open the screen and return the exit status when it closes."""
    app = GdsimApp(scenario, options)
    app.run()
    return app.return_code or 0
