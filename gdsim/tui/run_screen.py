"""The run screen: shows a session, and passes keys and clicks to the commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from gdsim.errors import GdsimError
from gdsim.explain.gradient_check import GradientIndicator, gradient_indicator
from gdsim.i18n import _
from gdsim.session import Session
from gdsim.session.command import Act, Ask, Command, Effect, Result, Role, Text, Work
from gdsim.session.commands import COMMANDS, command_named, commands_for, is_open, run_command
from gdsim.session.course import Guide, end_lines
from gdsim.session.files import file_stamp
from gdsim.session.goals import reached_sentence, watched
from gdsim.session.steps import Way
from gdsim.timeline.position import update_on_view
from gdsim.tui._textual import TerminalApp
from gdsim.tui.arrangement import PANELS, Arrangement, arrange, arranged, has_room
from gdsim.tui.dialogs.ask import ask_dialog
from gdsim.tui.dialogs.keys import keys_text
from gdsim.tui.dialogs.progress import Progress
from gdsim.tui.dialogs.question import QuestionDialog
from gdsim.tui.dialogs.reader import EndCard, Reader, Verdict
from gdsim.tui.display import is_current
from gdsim.tui.panels.bars import KeyBar, RoomBar, StatusBar, TitleBar
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.equation import EquationPanel
from gdsim.tui.panels.parameters import ParameterPanel
from gdsim.tui.panels.part import Panel, Part, ScreenState
from gdsim.tui.panels.position import PositionBar
from gdsim.tui.player import Player

if TYPE_CHECKING:
    from gdsim.tui.workshop import Workshop

AT_ONCE = 0.05
"""Seconds that work may take before a dialog shows its progress."""

_PLAYED_AT_ONCE = 0.02
"""Seconds that the updates of one frame may take during play."""

_READING_SECONDS = 6.0
"""The least seconds a notice stays; the same notice is not repeated meanwhile."""

_CHECKED_AT_ONCE = 4
"""The most parameters for which the gradient is checked before the next frame is drawn."""

_CHECK_WAITS = 0.06
"""Seconds after a key before the gradient of a larger model is checked."""


_LOCAL = tuple(command for command in COMMANDS if command.local)
"""Commands that need this machine's files; on a served screen their keys only say why they do nothing."""


class RunScreen(Screen[None]):
    """Steps through one scenario.

    The session is replaced as a whole; `show` passes the new state to every part of the screen. The methods in `_acts`
    do what only a surface can do: play, zoom, save the screen.
    """

    BINDINGS = [
        Binding(key, f"press({key!r})", show=False)
        for key in dict.fromkeys(key for command in COMMANDS for key in command.keys)
    ]
    # No panel has the focus at first, so that the arrow keys step through the run; tab focuses the first panel.
    AUTO_FOCUS = ""

    @dataclass
    class SaveAsked(Message):
        """A request to save the screen, which shows `session`, to a file."""

        path: Path
        session: Session

    @dataclass
    class NextWanted(Message):
        """A request to open the next scenario, by name."""

        name: str

    class Left(Message):
        """A request to go back to the path."""

    def __init__(
        self,
        session: Session,
        *,
        ascii_only: bool = False,
        workshop: Workshop | None = None,
        guide: Guide | None = None,
        way: Way | None = None,
        has_path: bool = False,
    ) -> None:
        """way: the way to the place to show, walked on screen; None if `session` is already there.

        has_path: whether esc leads back to the path.
        """
        super().__init__()
        self._way, self._has_path = way, has_path
        self._guide, self._has_ended = guide, session.is_over
        self.session, self.player = session, Player()
        self.commands = commands_for(workshop.role if workshop else Role.EVERYBODY, is_served=workshop is not None)
        self._ascii_only, self._workshop = ascii_only, workshop
        self._view = session.view
        self._parts: tuple[Part, ...] = ()
        self._zoomed = ""
        self._arrangement: Arrangement | None = None
        self._play_timer: Timer | None = None
        self._check_timer: Timer | None = None
        self._indicator: GradientIndicator | None = None
        self._notice = "", 0.0
        self._acts: Mapping[Act, Callable[[str], object]] = {
            Act.QUIT: lambda _: self.app.exit(),
            Act.LEAVE: self._leave,
            Act.PLAY: lambda _: self._play_on(self.player.toggled(monotonic())),
            Act.FASTER: lambda _: self._play_on(self.player.with_speed(True, monotonic())),
            Act.SLOWER: lambda _: self._play_on(self.player.with_speed(False, monotonic())),
            Act.NEXT_PANEL: lambda _: self.focus_next(Panel),
            Act.ZOOM: self._zoom,
            Act.CHART: self._next_view,
            Act.LESSON: self._turn_to_lesson,
            Act.REPAINT: lambda _: self.app.repaint() if isinstance(self.app, TerminalApp) else None,
            Act.SAVE_SCREEN: self._save,
            Act.HELP: lambda _: self._open(Reader(keys_text(self.commands))),
            Act.ROOM: lambda name: workshop.perform(name) if workshop else None,
        }
        self._file_time: int | None = None

    # What is on screen.

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        with Container(id="panels"):
            yield ChartPanel(0, id="chart")
            yield EquationPanel(id="equation")
            yield ChartPanel(1, id="loss")
            yield ParameterPanel(id="parameters")
        yield Static(_("gdsim needs at least 60 columns and 16 rows; enlarge the window to continue."), id="room")
        yield PositionBar(id="position")
        yield StatusBar(id="status")
        if self._workshop is not None:
            yield RoomBar(id="workshop")
        yield KeyBar(tuple(each for each in self.commands if self._has_path or each.name != "scenarios"), id="keys")

    def on_mount(self) -> None:
        """Show the session; then walk its way, and let the workshop ask its open question."""
        self._parts = tuple(self.query(Part))
        self.show(self.session)
        if self._guide is not None:
            self.call_after_refresh(self._guide.open)  # so that the end card need not wait for it
        if self._way is not None:
            self.call_after_refresh(self._set_out, self._way)
        if self._workshop is not None:
            self.call_after_refresh(self._workshop.arrive)

    def show(self, session: Session) -> None:
        """Show a session: note the goals it reaches, and redraw every part of the screen."""
        is_led = self._workshop is not None and self._workshop.view.is_led  # goals reached then are the instructor's
        session, new = (session, ()) if is_led else watched(session)
        is_to_keep = bool(new) or session.answered != self.session.answered
        self.session, self._view = session, session.view
        if not self._parts:
            return
        for goal in new:
            self._tell(reached_sentence(goal))
        if is_to_keep:
            self._keep()
        self._arrange()
        self._look_after_file()
        self._check_soon()
        self.refresh_parts()
        if self._workshop is not None and self._way is None:
            self._workshop.stands(session)

    def refresh_parts(self) -> None:
        """Pass the current state to every part of the screen."""
        state = ScreenState(
            self.session,
            self._view,
            self._playing_text(),
            self._indicator,
            self._ascii_only,
            has_arrows=not (isinstance(self.focused, ChartPanel) and self.focused.is_choosing),
            room=None if self._workshop is None else self._workshop.line,
        )
        for part in self._parts:
            part.show(state)

    def post_message(self, message: Message) -> bool:
        """Post a message, unless it is a size that the terminal no longer has."""
        return is_current(message, self) and super().post_message(message)

    def on_resize(self) -> None:
        """Rearrange the open panels for the new size."""
        self._arrange()

    def _arrange(self) -> None:
        """Lay out the zoomed panel, or those the scenario does not hide; none if the screen is too small."""
        hidden = set(self.session.scenario.show.hide) - ({"equation"} if self.session.is_reading else set())
        panels = {self._zoomed} if self._zoomed else set(PANELS) - hidden
        screen = self.app.size  # known before Textual lays the screen out for the first time
        self.set_class(not has_room(screen), "-tiny")
        arrangement = arranged(panels, screen, has_comparisons=bool(self._view.comparisons))
        if arrangement != self._arrangement:
            self._arrangement = arrangement
            arrange(self.query_one("#panels"), arrangement)

    # The gradient indicator.

    def _check_soon(self) -> None:
        """Check the gradient of the update in view: now for a small model, shortly after the key for a larger one."""
        if self.session.timeline.run.model.layout.size <= _CHECKED_AT_ONCE:
            self._check()
        elif self._check_timer is None:
            self._check_timer = self.set_timer(_CHECK_WAITS, self.check_gradient)

    def check_gradient(self) -> None:
        """Check the gradient of the update in view, and show the result in the indicator."""
        self._check_timer = None
        self._check()
        self.refresh_parts()

    def _check(self) -> None:
        update = update_on_view(self.session.timeline, self.session.position)
        self._indicator = None if update is None else gradient_indicator(update)

    # Commands.

    def open_commands(self) -> Iterator[Command]:
        """Yield the commands that would do something now."""
        return (command for command in self.commands if is_open(command, self.session))

    def action_press(self, key: str) -> None:
        """Run the command of a key, unless a dialog has just opened: the key is not meant for the run then."""
        found = next((command for command in (*self.commands, *_LOCAL) if key in command.keys), None)
        if found is not None and self.app.screen is self:
            self.do(found)

    def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        """Run the command whose key was clicked."""
        self.do(next(command for command in self.commands if command.name == event.name))

    def do(self, command: Command) -> None:
        """Run a command as its keys do."""
        self.perform(command, command.by_key)

    def perform(self, command: Command, argument: str = "") -> None:
        """Run a command on the session, and act on its result."""
        self._try(lambda: run_command(command, self.session, argument, is_served=self._workshop is not None))

    def _try(self, work: Callable[[], Result]) -> None:
        try:
            result = work()
        except GdsimError as error:
            self._tell(str(error), severity="error")
        else:
            self.take(result)

    def take(self, result: Result | None) -> None:
        """Act on the result of a command or a dialog; None: the dialog was cancelled."""
        match result:
            case Session():
                self.go(result)
            case Ask():
                if result.session is None or self.go(result.session):
                    self._open(ask_dialog(result))
            case Text():
                self._read(result)
            case Effect():
                if result.session is None or self.go(result.session):
                    self._acts[result.act](result.argument)
            case None:
                pass
            case _:
                self._work(result)

    def go(self, session: Session) -> bool:
        """Show a session chosen on this screen and ask the questions it opens; return whether a workshop allows it."""
        before = self.session
        allowed = session if self._workshop is None else self._workshop.allowed(before, session)
        if allowed is None:
            return False
        if allowed.clock < before.clock or allowed.position.phase is not None:
            self.pause()
        self.show(allowed)
        if allowed.quiz.open and allowed.quiz.open != before.quiz.open:
            self.pause()
            self.app.push_screen(QuestionDialog(allowed), self._answered)
        elif self.session.is_over and not self._has_ended:
            self._end()
        return True

    def _keep(self) -> None:
        """Save progress and this place, if there is a store for them."""
        problem = "" if self._guide is None or self._way is not None else self._guide.keep(self.session)
        if problem:
            self._tell(problem, severity="warning")

    def _end(self) -> None:
        """Show the end card of a run that is over, if the run has a guide; by itself it opens only once."""
        self._has_ended = True
        if self._guide is None or self.app.screen is not self:
            return
        self.pause()
        self.app.call_later(self.app.clear_notifications)  # they would cover the card, which lists the goals too
        self._keep()
        following = self._guide.following(self.session)

        def closed(key: str | None) -> None:
            if key == "enter" and following is not None:
                self.post_message(self.NextWanted(following.name))
            elif key:
                self.action_press(key)

        idle = {key for each in self.commands if not is_open(each, self.session) for key in each.keys}
        others = [] if self._workshop is None else self._workshop.others(self.session)
        lines = [*end_lines(self.session, self._guide), *others]
        self.app.push_screen(EndCard(lines, goes_on=following is not None, keys_without_effect=idle), closed)

    def _answered(self, result: Result | None) -> None:
        """Go on after the last answer; show the verdict on the answers in a dialog."""
        if isinstance(result, Text) and result.session is not None:
            if self.go(result.session):
                self.app.push_screen(Verdict(result))
        else:
            self.take(result)

    def _open(self, dialog: Screen[Result] | Screen[None]) -> None:
        self.pause()
        self.app.push_screen(dialog, self.take)

    def _read(self, text: Text) -> None:
        if text.session is not None and not self.go(text.session):
            return
        if text.is_in_view and self._guide is not None:
            if self.app.screen is self:
                self._end()
        elif text.is_page:
            self._open(Reader(text))
        elif text.lines:
            is_wrong = any(line.role == "wrong" for line in text.lines)
            self._tell(text.text, title=text.title, severity="warning" if is_wrong else "information")

    def _tell(self, text: str, *, title: str = "", severity: SeverityLevel = "information") -> None:
        """Show a notice, unless the last one had the same text and is still on screen."""
        before, until = self._notice
        if text == before and monotonic() < until:
            return
        seconds = max(_READING_SECONDS, len(text) / 15)
        self._notice = text, monotonic() + seconds
        self.app.notify(text, title=title, severity=severity, timeout=seconds)

    def _work(self, work: Work) -> None:
        """Do the work at once if it is done within `AT_ONCE`, else under a dialog that shows its progress."""
        self._walk(work, lambda: self._try(work.result))

    def _walk(self, work: Work, over: Callable[[], None]) -> None:
        if work.walk(AT_ONCE):
            over()
        else:
            self.pause()
            self.app.push_screen(Progress(work), lambda _work: over())

    @property
    def way(self) -> Way | None:
        """The way the session is still walking; None once it has arrived."""
        return self._way

    def travel(self, way: Way) -> None:
        """Walk to the place left before, or where the workshop leads; this is not a step the learner chose.

        A screen that is not mounted yet sets out once it is.
        """
        self._way = way
        if self._parts:
            self._walk(way, lambda: self._arrive(way))

    def _set_out(self, way: Way) -> None:
        """Walk the way the screen was mounted with, unless another has taken its place."""
        if way is self._way:
            self.travel(way)

    def _arrive(self, way: Way) -> None:
        self._way = None
        try:
            session = way.session()
        except GdsimError as error:
            session = self.session
            self._tell(str(error), severity="error")
        self._has_ended = session.is_over
        if self._workshop is None:
            self.show(session)
        else:
            self._workshop.arrived(self, session, is_stopped=way.is_stopped)

    def on_chart_panel_chosen(self, event: ChartPanel.Chosen) -> None:
        """Focus on what was chosen in a chart."""
        self.pause()
        self.show(replace(self.session, focus=event.focus))

    def on_position_bar_sought(self, event: PositionBar.Sought) -> None:
        """Go to the update clicked."""
        self.perform(command_named("go"), str(event.update))

    def on_descendant_focus(self) -> None:
        """Show the keys that work now: in some charts the arrow keys choose something."""
        self.refresh_parts()

    def on_descendant_blur(self) -> None:
        """Show the keys that work now."""
        self.refresh_parts()

    # Playing.

    def pause(self) -> None:
        """Stop playing."""
        if self.player.is_playing:
            self._play_on(self.player.toggled(monotonic()))

    def _play_on(self, player: Player) -> None:
        if self._play_timer is not None:
            self._play_timer.stop()
            self._play_timer = None
        if player.is_playing and self.session.is_at_end:
            player = player.toggled(monotonic())
        if player.is_playing:
            self._play_timer = self.set_interval(player.interval, self._play_frame)
        self.player = player
        self._view = self.session.view
        self.refresh_parts()

    def _play_frame(self) -> None:
        """Make the updates that are due, as many as the frame's time allows, and show the last one.

        While the terminal is behind, the updates are made but nothing is drawn.
        """
        begun, made, session = monotonic(), 0, self.session
        for _number in range(self.player.due(begun)):
            session = session.forward(1)
            made += 1
            if session.is_at_end or monotonic() - begun > _PLAYED_AT_ONCE:
                break
        if made:
            self.player = self.player.caught_up(made, monotonic())
            if not self.go(session):
                self.pause()
        if session.is_at_end:
            self.pause()

    def _playing_text(self) -> str:
        if not self.player.is_playing:
            return _("paused")
        return f"{'>' if self._ascii_only else '▶'} {_('playing {speed}/s').format(speed=self.player.speed)}"

    # Panels.

    def _zoom(self, _argument: str) -> None:
        """Zoom the focused panel, or the chart if none is focused, to the room of all; or end the zoom."""
        place = self.focused if isinstance(self.focused, Panel) else self.query_one("#chart", Panel)
        self._zoomed = "" if self._zoomed else place.id or ""
        self._arrange()

    def _next_view(self, _argument: str) -> None:
        """Show the next chart in the focused place; in the equation panel, the next page."""
        if isinstance(self.focused, EquationPanel):
            self._next_page()
            return
        place = self.focused if isinstance(self.focused, ChartPanel) else self.query_one("#chart", ChartPanel)
        others = [panel.shown for panel in self.query(ChartPanel) if panel is not place and panel.is_on_screen]
        place.show_next(besides=others)
        self.refresh_parts()

    def _next_page(self) -> None:
        """Turn from the whole update to the chain rule, then to the lesson, then back; skip pages not available."""
        whole = replace(self.session, is_reading=False, focus=replace(self.session.focus, factor=None))
        pages = {"update": whole}
        if is_open(command_named("chain"), whole):
            pages["chain"] = replace(whole, focus=replace(whole.focus, factor=0))
        if is_open(command_named("lesson"), whole):
            pages["lesson"] = replace(whole, is_reading=True)
        now = "lesson" if self.session.is_reading else "update" if self.session.focus.factor is None else "chain"
        names = list(pages)
        self.go(pages[names[(names.index(now) + 1) % len(names)]])

    def _turn_to_lesson(self, _argument: str) -> None:
        """Turn to the lesson or back; if a panel is zoomed, zoom the equation panel instead."""
        if self._zoomed:
            self._zoomed = "equation"
        if self.go(replace(self.session, is_reading=not self.session.is_reading)) and self.session.is_reading:
            self.query_one(EquationPanel).focus()  # so that the arrow keys scroll it

    def _leave(self, _argument: str) -> None:
        """Put a zoomed panel back, turn from the lesson to the equations, or go back to the path."""
        if self._zoomed:
            self._zoom("")
        elif self.session.is_reading:
            self._turn_to_lesson("")
        elif self._has_path:
            self.pause()
            self.app.clear_notifications()
            self._keep()
            self.post_message(self.Left())

    # Files.

    def _save(self, path: str) -> None:
        # The dialog that asked for the name must close before the screen is saved.
        self.call_after_refresh(self.post_message, self.SaveAsked(Path(path), self.session))

    def _look_after_file(self) -> None:
        """Notify once when the scenario's file has changed; it is looked at with each `show`, never by a timer."""
        time = file_stamp(self.session.scenario)
        if self._file_time is not None and time is not None and time != self._file_time:
            text = _("{where} has changed. Press R to reload it at the same update.")
            self.app.notify(text.format(where=self.session.scenario.where), title=_("the file has changed"), timeout=8)
        self._file_time = time if time is not None else self._file_time
