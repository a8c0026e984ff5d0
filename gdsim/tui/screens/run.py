"""The run screen: panels that show a view, and the keys that move through it."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.geometry import Size
from textual.reactive import var
from textual.timer import Timer
from textual.widgets import Static

from gdsim.explain.status import stop_sentence
from gdsim.i18n import _
from gdsim.session import Session
from gdsim.session.changes import changeable
from gdsim.timeline.position import Position, next_phase, previous_phase
from gdsim.tui import screens
from gdsim.tui._textual import TerminalApp
from gdsim.tui.arrangement import PANELS, arranged
from gdsim.tui.keys import bindings
from gdsim.tui.panels.bars import KeyBar, StatusBar, TitleBar
from gdsim.tui.panels.chart import ChartPanel
from gdsim.tui.panels.equation import EquationPanel
from gdsim.tui.panels.panel import Panel
from gdsim.tui.panels.parameters import ParameterPanel
from gdsim.tui.panels.part import Part
from gdsim.tui.panels.position import PositionBar
from gdsim.tui.player import Player
from gdsim.tui.screens.asking import Asking
from gdsim.tui.screens.changes import LOCKS
from gdsim.tui.screens.checking import Checking
from gdsim.tui.screens.journey import Journey
from gdsim.tui.screens.keeping import Keeping
from gdsim.tui.screens.reading import Reading
from gdsim.tui.screens.what_if import WhatIf
from gdsim.tui.state import RoomLine, ScreenState

WIDE, TALL = 104, 32
"""Columns and rows from which a screen is wide, and tall."""

_END_SECONDS = 6.0
"""How long it is said that the run is over."""


class RunScreen(Journey, WhatIf, Asking, Checking, Reading, Keeping):
    """Steps through one scenario.

    Long ways are in `Journey`, changes to the run in `Changes` and `WhatIf`, questions in `Asking`, the check of the
    gradient in `Checking`, texts in `Reading`, files in `Keeping`.
    """

    BINDINGS = [*bindings(), Binding("escape", "leave", show=False)]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (16, "-low"), (TALL, "-tall")]
    # No panel is focused at first, so that the arrow keys step through the run; tab goes into the first one.
    AUTO_FOCUS = ""

    player: var[Player] = var(Player, init=False)

    def __init__(self, session: Session, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.session = session
        self.ascii_only = ascii_only
        self._arranged: tuple[frozenset[str], Size | None] = (frozenset(), None)
        self._play_timer: Timer | None = None
        self._told_end = "", 0.0

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        with Container(id="panels"):
            yield ChartPanel(0, id="chart")
            yield EquationPanel(id="equation")
            yield ChartPanel(1, id="loss")
            yield ParameterPanel(id="parameters")
        yield Static(_("gdsim needs 60 columns and 16 rows; it goes on as soon as there is room."), id="room")
        yield PositionBar(id="position")
        yield StatusBar(id="status")
        yield KeyBar(self.key_table, id="keys")

    def on_mount(self) -> None:
        """Show where we are."""
        self.show(self.session)

    def show(self, session: Session) -> None:
        """Make `session` the one on screen; panels an instructor keeps closed are closed."""
        self.session = session
        self._arrange()
        self.set_class(bool(session.view.comparisons), "-beside")
        self.look_after_file()
        self.light_soon(session)
        self.refresh_parts()

    def refresh_parts(self) -> None:
        """Let every part of the screen show what it is to show now."""
        session, place = self.session, self.focused
        has_arrows = not (isinstance(place, ChartPanel) and place.is_choosing)
        state = ScreenState(
            session, session.view, self._playing(), self.indicator, self.ascii_only, has_arrows, self.room_line()
        )
        self.query_one(KeyBar).available = self.available()
        for part in self.query(Part):
            part.show(state)

    def room_line(self) -> RoomLine | None:
        """Return what is said about a workshop's room."""
        return None

    def on_resize(self) -> None:
        """Let the open panels share the room there is now."""
        self._arrange()

    def _arrange(self) -> None:
        """Close what an instructor keeps closed, and leave its room to the other panels."""
        closed = frozenset(PANELS) & frozenset(self.session.scenario.show.hide)
        if (closed, self.size) == self._arranged or not (closed or self._arranged[0]):
            return
        self._arranged = (closed, self.size)
        is_wide, is_tall = self.size.width >= WIDE, self.size.height >= TALL
        arrangement = arranged(closed, is_wide=is_wide, is_tall=is_tall)
        grid = self.query_one("#panels").styles
        grid.grid_size_columns, grid.grid_size_rows = len(arrangement.columns), len(arrangement.rows)
        grid.grid_columns, grid.grid_rows = " ".join(arrangement.columns), " ".join(arrangement.rows)
        for panel in self.query(Panel):
            name = panel.id or ""
            panel.styles.display = "block" if name in arrangement.panels else "none"
            panel.styles.column_span, panel.styles.row_span = arrangement.spans.get(name, (1, 1))

    def show_playing(self) -> None:
        """Show whether the run plays, and how fast."""
        self.refresh_parts()

    def _playing(self) -> str:
        player = self.player
        signs = (">", "=") if self.ascii_only else ("▶", "⏸")
        shown = _("playing {speed}/s") if player.is_playing else _("paused")
        sign = signs[0] if player.is_playing else signs[1]
        return f"{sign} {shown.format(speed=player.speed)}"

    def available(self) -> frozenset[str]:
        """Return the actions that would do something now."""
        session, position = self.session, self.session.position
        show = session.scenario.show
        refused = {action for action, lock in LOCKS.items() if lock in show.lock}
        if "lesson" in show.hide:
            refused.add("lesson")
        if not changeable(session) and len(session.branches.all) == 1:
            refused.add("what_if")
        if position == Position():
            refused |= {"back", "previous_phase", "first", "restart", "check"}
        if session.is_at_end:
            refused |= {"next", "next_phase", "play", "milestone", "last"}
        if session.is_over:
            refused |= {"ask", "do_step"}
        if not session.is_correctable:
            refused |= {"correct", "name_bug"}
        if session.start_count < 2:
            refused.add("other_start")
        if session.timeline.run.stop.on_epoch:
            refused.add("rule")
        if session.nudging is not None and session.nudging.is_complete:
            refused |= {"nudge", "nudge_all"}
        return frozenset(key.action for key in self.key_table) - refused

    # Playing.

    def action_play(self) -> None:
        """Play, or pause."""
        self._play(self.player.toggled(monotonic()))

    def action_faster(self) -> None:
        """Play faster."""
        self._play(self.player.with_speed(True, monotonic()))

    def action_slower(self) -> None:
        """Play slower."""
        self._play(self.player.with_speed(False, monotonic()))

    def pause(self) -> None:
        """Stop playing."""
        if self.player.is_playing:
            self._play(self.player.toggled(monotonic()))

    def _play(self, player: Player) -> None:
        if player.is_playing and self.session.is_at_end:
            player = player.toggled(monotonic())
        if self._play_timer is not None:
            self._play_timer.stop()
            self._play_timer = None
        if player.is_playing:
            self._play_timer = self.set_interval(player.interval, self._play_frame)
        self.player = player
        self.show(self.session)

    def _play_frame(self) -> None:
        """Make the updates that are due, as many as a frame's time allows, and draw the last."""
        begun, made, session = monotonic(), 0, self.session
        for _number in range(self.player.due(begun)):
            session = session.forward(1)
            made += 1
            if session.is_at_end or monotonic() - begun > 0.02:
                break
        if made:
            self.player = self.player.caught_up(made, monotonic())
            self._show_played(session)
        if session.is_at_end:
            self.pause()

    def _show_played(self, session: Session) -> None:
        """Show a frame of play; while the terminal is behind it is left out, and its updates are kept."""
        app = self.app
        if isinstance(app, TerminalApp) and app.is_behind:
            self.session = session
            return
        self.show(session)

    # Single steps; long ways are in `Journey`.

    def action_next(self) -> None:
        """Make the next update."""
        if self.session.is_at_end:
            self.tell_end()
        elif not self.put_questions():
            self.show(self.session.forward(1))

    def action_back(self) -> None:
        """Go one update back."""
        self.pause()
        self.show(self.session.back())

    def action_next_phase(self) -> None:
        """Reveal the next phase."""
        self.pause()
        if self.session.is_over:
            self.action_next()
        elif not self.put_questions():
            self.show(self.session.at(next_phase(self.session.timeline, self.session.position)))

    def action_previous_phase(self) -> None:
        """Go one phase back."""
        self.pause()
        if self.session.extra_updates:
            self.show(self.session.back())
        else:
            self.show(self.session.at(previous_phase(self.session.timeline, self.session.position)))

    def action_first(self) -> None:
        """Go to the start."""
        self.pause()
        self.show(self.session.at(Position()))

    def tell_end(self) -> None:
        """Say why the run is over, once as long as it can be read."""
        reason = self.session.timeline.stopped
        if reason is not None:
            text = stop_sentence(reason, self.session.timeline)
            if not self.session.is_at_end:
                text += " " + _("The runs beside it go on.")
            told, until = self._told_end
            if text != told or monotonic() >= until:
                self._told_end = text, monotonic() + _END_SECONDS
                self.app.notify(text, title=_("The run is over"), timeout=_END_SECONDS)

    # Panels.

    def action_next_panel(self) -> None:
        """Give the focus to the next panel."""
        self.focus_next(Panel)

    def action_repaint(self) -> None:
        """Send the whole screen anew, as after something else wrote on the terminal."""
        if isinstance(self.app, TerminalApp):
            self.app.repaint()

    def action_quit(self) -> None:
        """Leave gdsim."""
        self.app.exit()

    def action_zoom(self) -> None:
        """Let the focused panel, the chart where none is, fill the screen, or put it back."""
        if self.maximized is not None:
            self.minimize()
        else:
            self.maximize(self.focused if isinstance(self.focused, Panel) else self.query_one("#chart"))

    def action_leave(self) -> None:
        """Put a zoomed panel back, or go back to the list this scenario was picked from."""
        if self.maximized is not None:
            self.minimize()
        elif any(isinstance(screen, screens.PickerScreen) for screen in self.app.screen_stack):
            self.pause()
            self.app.pop_screen()

    def action_next_chart(self) -> None:
        """Show the next chart in the focused place."""
        place = self.focused if isinstance(self.focused, ChartPanel) else self.query_one("#chart", ChartPanel)
        others = [panel.shown for panel in self.query(ChartPanel) if panel is not place and panel.is_on_screen]
        place.show_next(besides=others)
        self.refresh_parts()

    def on_position_bar_sought(self, event: PositionBar.Sought) -> None:
        """Go to the update clicked."""
        self.travel(event.update)

    def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        """Do what the clicked key does."""
        self.call_later(self.run_action, event.action)

    def on_chart_panel_chosen(self, event: ChartPanel.Chosen) -> None:
        """Look closely at what the arrow keys chose in a chart."""
        self.pause()
        self.show(replace(self.session, focus=event.focus))

    def on_descendant_focus(self) -> None:
        """Name the keys that work now: in some charts the arrow keys choose."""
        self.refresh_parts()

    def on_descendant_blur(self) -> None:
        """Name the keys that work now."""
        self.refresh_parts()
