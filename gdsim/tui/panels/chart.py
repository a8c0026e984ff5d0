"""The panel that holds a chart; `v` shows the next one there."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass

from textual.binding import Binding
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer

from gdsim.charts.chart import LongColumn, NetworkDrawing
from gdsim.charts.table import CHARTS, charts_for
from gdsim.i18n import _
from gdsim.timeline.position import Focus
from gdsim.tui._textual import TerminalApp
from gdsim.tui.canvas import fitted
from gdsim.tui.drawing import draw
from gdsim.tui.panels.part import Drawn, Panel, ScreenState

_BEATS, _BEAT = 5, 0.08
"""Steps of the pulse along an edge, and the seconds between them."""
_ARRIVED = 0.92
"""Where the pulse stops, as a fraction of the edge: short of the neuron."""
_ASCII_ARROWS = str.maketrans("↑↓←→·", "^v<>-")


class ChartPanel(Panel):
    """Shows one of the charts that suit the scenario.

    place: the number of the chart shown at first, from 0.
    """

    BINDINGS = [
        Binding("left,H", "choose(-1, 0)", show=False),
        Binding("right,L", "choose(1, 0)", show=False),
        Binding("up,K", "choose(0, -1)", show=False),
        Binding("down,J", "choose(0, 1)", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """Something was chosen in the chart with the arrow keys."""

        focus: Focus

    chart: var[str] = var("", init=False)
    pulse: var[float] = var(1.0, init=False)
    """How far the phase's pulse has moved along the network's edges: 0 to 1, scaled by `_ARRIVED` when drawn."""

    def __init__(self, place: int, *, id: str) -> None:
        super().__init__(id=id)
        self._place = place
        self._beat: Timer | None = None

    def watch_chart(self) -> None:
        self.update_lines()

    def watch_pulse(self) -> None:
        self.update_lines()

    def show(self, state: ScreenState) -> None:
        """Show a state; when it enters another phase, start the network's pulse."""
        before = None if self.state is None else self.state.view.position
        here = state.view.position
        if here.phase is not None and here != before and self.shown == "network" and self._has_motion:
            self.set_reactive(ChartPanel.pulse, 0.0)
            if self._beat is not None:
                self._beat.stop()
            self._beat = self.set_interval(_BEAT, self._go_on)
        super().show(state)

    def _go_on(self) -> None:
        """Move the pulse one step on, or to its end if the terminal is behind."""
        self.pulse = min(1.0, self.pulse + 1 / _BEATS) if self._has_motion else 1.0
        if self.pulse >= 1.0 and self._beat is not None:  # Textual skips late beats, so no count tells
            self._beat.stop()

    @property
    def _has_motion(self) -> bool:
        app = self.app
        return app.animation_level != "none" and not (isinstance(app, TerminalApp) and app.is_behind)

    @property
    def shown(self) -> str:
        """The name of the chart shown."""
        names = () if self.state is None else charts_for(self.state.view)
        return self._among(names) if names else ""

    @property
    def is_choosing(self) -> bool:
        """Whether the arrow keys choose something in the chart shown."""
        return bool(self.shown) and bool(CHARTS[self.shown].chosen_by)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether this panel handles an action; arrow keys that choose nothing here are left to the screen."""
        return self.is_choosing if action == "choose" else super().check_action(action, parameters)

    def action_choose(self, right: int, down: int) -> None:
        """Move the choice by `right` and `down`, each -1, 0 or 1."""
        if self.state is not None:
            self.post_message(self.Chosen(CHARTS[self.shown].choose(self.state.view, right, down)))

    def show_next(self, besides: Collection[str] = ()) -> None:
        """Show the next chart, skipping `besides`, those shown in other panels."""
        if self.state is None:
            return
        names = charts_for(self.state.view)
        after = names.index(self._among(names)) + 1
        in_turn = [*names[after:], *names[:after]]
        self.chart = next((name for name in in_turn if name not in besides), in_turn[-1])

    def _among(self, names: tuple[str, ...]) -> str:
        return self.chart if self.chart in names else names[min(self._place, len(names) - 1)]

    def view_key(self, state: ScreenState) -> Hashable:
        return super().view_key(state), self.chart, self.pulse

    def draw(self, state: ScreenState, width: int, height: int) -> Drawn:
        """Return the chart drawn to fill the panel."""
        name = self._among(charts_for(state.view))
        chart = CHARTS[name].build(state.view)
        if chart is None:
            return Drawn([])
        if isinstance(chart, NetworkDrawing):
            chart = chart._replace(pulse=_ARRIVED * self.pulse)
        title = _(CHARTS[name].title) if isinstance(chart, LongColumn) else chart.title
        strips = draw(chart, width, height, self.palette, ascii_only=state.ascii_only)
        return Drawn(strips, self.lettered(title), self._chosen(state, name, width))

    def _chosen(self, state: ScreenState, name: str, width: int) -> str:
        """Return what is chosen in the chart and how to choose; empty if the arrow keys choose nothing."""
        kind = CHARTS[name]
        if not kind.chosen_by:
            return ""
        told = kind.describe(state.view)
        texts = [told, _(kind.keys)] if self.has_focus else [told or _("tab, then arrow keys choose")]
        line = " · ".join(text for text in texts if text)
        if state.ascii_only:
            line = line.translate(_ASCII_ARROWS)
        return fitted(line, width - 4, ascii_only=state.ascii_only)
