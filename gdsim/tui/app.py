"""The Textual application: path, run screens, saving to files, and the part an app plays in a workshop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from textual.app import SystemCommand
from textual.driver import Driver
from textual.screen import Screen

from gdsim.errors import GdsimError
from gdsim.export.files import write_file
from gdsim.export.screen.frame import Frame
from gdsim.export.screen.html import html
from gdsim.export.screen.svg import svg
from gdsim.export.trace.lines import Steps
from gdsim.i18n import _
from gdsim.scenario.course import Course, course_of
from gdsim.scenario.library import summaries
from gdsim.scenario.place import START
from gdsim.scenario.scenario import Scenario
from gdsim.session import Session
from gdsim.session.course import Guide
from gdsim.session.progress import Record, key_of, resumed, with_reached
from gdsim.session.steps import Way, way_to
from gdsim.tui._textual import Palette
from gdsim.tui.display import DisplayApp, Options
from gdsim.tui.frames import frame_of
from gdsim.tui.path import PathScreen
from gdsim.tui.pictures import Shot, recording
from gdsim.tui.run_screen import AT_ONCE, RunScreen
from gdsim.tui.themes import THEMES

if TYPE_CHECKING:
    from gdsim.tui.workshop import Workshop


_FIRST_FRAME = 0.25
"""Seconds the first frame may wait while the place to show is computed."""


class GdsimApp(DisplayApp):
    """Shows one scenario, or the path when none is given."""

    ENABLE_COMMAND_PALETTE = True

    workshop: Workshop | None = None
    """The app's part in a workshop, set before the app runs; None outside one, where the module is not even loaded."""

    def __init__(
        self,
        scenario: Scenario | None = None,
        options: Options | None = None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(options or Options(), driver_class)
        self._scenario = scenario
        self._guide = Guide(self._load_course, self.options.progress)

    def get_default_screen(self) -> Screen[Any]:
        """Return the run of the given scenario, which is drawn soonest so."""
        return super().get_default_screen() if self._scenario is None else self._first_screen()

    def on_mount(self) -> None:
        """Show the path, or the run left in a workshop; join the workshop; report an unreadable progress file."""
        if self._scenario is None:
            self.push_screen(self._first_screen())
        if self.workshop is not None:
            self.workshop.start()
        if self.guide.note:
            self.notify(self.guide.note, severity="warning", timeout=10)

    def _first_screen(self) -> Screen[Any]:
        """Return the run left in the workshop, else that of the given scenario, else the path."""
        way = None if self.workshop is None else self.workshop.returned()
        if way is None and self._scenario is not None:
            way = self.way_into(self._scenario)
        return self._path() if way is None else self.screen_of(way)

    @property
    def guide(self) -> Guide:
        """The learner's guide through the course: the workshop's, or the local one."""
        return self._guide if self.workshop is None else self.workshop.guide

    @property
    def _has_cards(self) -> bool:
        """Whether runs end with a card of the course."""
        return self.options.course is not None if self.workshop is None else not self.workshop.client.is_instructor

    def way_into(self, scenario: Scenario, *, is_return: bool = False) -> Way:
        """Return the way to the place the options ask for, with the progress made in the scenario before.

        is_return: go to where the scenario was left if the options ask for no place.
        """
        asked, record = self.options, self.guide.progress.scenarios.get(key_of(Path(scenario.where)), Record())
        session = Session.open(scenario, asked.place, is_asking=asked.is_asking, budget=asked.memory * 2**20)
        session = with_reached(session.beside(asked.beside if scenario is self._scenario else ()), record)
        return resumed(session, record) if is_return and asked.place == START else way_to(session, asked.place)

    def _glance(self, name: str) -> Session:
        """Return a scenario's session where it was left, or at its start if getting there takes too long."""
        way = self.way_into(self.read(name), is_return=True)
        return way.session() if way.walk(AT_ONCE) else way.start

    def screen_of(self, way: Way) -> RunScreen:
        """Return a run screen at the end of a way; if that takes too long to compute, the screen itself walks it."""
        is_there = way.walk(_FIRST_FRAME)
        return RunScreen(
            way.session() if is_there else way.start,
            ascii_only=self.options.ascii_only,
            workshop=self.workshop,
            guide=self.guide if self._has_cards else None,
            way=None if is_there else way,
            has_path=self._scenario is None,
        )

    def _path(self) -> Screen[Any]:
        """Return the path, which keeps its place while a run is shown."""
        if not self.is_screen_installed("path"):
            path = PathScreen(self.guide, self._glance, ascii_only=self.options.ascii_only, workshop=self.workshop)
            self.install_screen(path, "path")
        return self.get_screen("path")

    @property
    def run_screen(self) -> RunScreen | None:
        """The run screen, even under dialogs; None if the path is open."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, RunScreen)), None)

    def _load_course(self) -> Course:
        return course_of(summaries()) if self.options.course is None else self.options.course()

    def keep(self, session: Session) -> None:
        """Save progress and the session's place; notify once if that fails."""
        problem = self.guide.keep(session)
        if problem:
            self.notify(problem, severity="warning", timeout=10)

    def read(self, name: str) -> Scenario:
        """Return the scenario of this name. Raises GdsimError if there is none or it has mistakes."""
        if self.workshop is not None:
            return self.workshop.scenario(name)
        return self.options.opening.read(self.guide.course.named(name).path)

    def on_path_screen_picked(self, event: PathScreen.Picked) -> None:
        """Open the scenario picked from the path."""
        if self.workshop is not None:
            self.workshop.leave_broadcast()
        self._open(event.name)

    def on_run_screen_next_wanted(self, event: RunScreen.NextWanted) -> None:
        """Replace the run that is over with the next scenario."""
        self._open(event.name)

    def on_run_screen_left(self) -> None:
        """Go back to the path."""
        self.show(self._path())

    def show(self, screen: Screen[Any]) -> None:
        """Show a screen instead of the one in front; over a default screen, which Textual cannot replace."""
        if len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def _open(self, name: str) -> None:
        self.clear_notifications()
        try:
            self.show(self.screen_of(self.way_into(self.read(name), is_return=True)))
        except GdsimError as error:
            self.notify(str(error), severity="error", timeout=10)

    # Files.

    def on_run_screen_save_asked(self, event: RunScreen.SaveAsked) -> None:
        """Write the screen to a file in a separate thread."""
        frame = frame_of(self, event.session)
        self.run_worker(lambda: self._write(event.path, event.session, frame), thread=True, group="save")

    def _write(self, path: Path, session: Session, frame: Frame) -> None:
        try:
            write_file(path, self._lines(path.suffix, session, frame))
        except GdsimError as error:
            self.call_from_thread(self.notify, str(error), title=_("not saved"), severity="error")
        else:
            self.call_from_thread(self.notify, str(path), title=_("saved"))

    def _lines(self, extension: str, session: Session, frame: Frame) -> Iterable[str]:
        if extension == ".svg":
            return [svg(frame)]
        if extension == ".html":
            return [html(session.scenario.title, [frame])]
        look = Options(ascii_only=self.options.ascii_only, theme=self.theme, is_without_color=self.no_color)
        return recording(session, Shot(steps=Steps(0, session.clock), size=(frame.width, frame.height), options=look))

    # The palette.

    def action_command_palette(self) -> None:
        """Open the palette."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(placeholder=_("Search for an action…"), id="--command-palette"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Yield the palette's entries: the commands that would do something now, the themes, quit."""
        if isinstance(screen, RunScreen):
            for command in filter(lambda command: command.keys, screen.open_commands()):
                does = _(command.help)
                title = f"{does[:1].upper()}{does[1:]}  [{command.shown}]"
                yield SystemCommand(title, _(command.label), partial(screen.do, command))
        for name in THEMES:
            title = _("Theme: {name}").format(name=name)
            yield SystemCommand(title, _("Colours of the screen"), partial(setattr, self, "theme", name))
        if not isinstance(screen, RunScreen):
            yield SystemCommand(_("Quit"), _("Leave gdsim"), self.action_quit)

    # A workshop.

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave the app: report the last place to the workshop and save progress."""
        if self.workshop is not None:
            self.workshop.end()
        if self.run_screen is not None and self.run_screen.way is None:
            self.keep(self.run_screen.session)
        super().exit(result, return_code, message)


def start(scenario: Scenario | None, options: Options) -> int:
    """Open the screen and return the exit status when it closes."""
    app = GdsimApp(scenario, options)
    app.run()
    return app.return_code or 0
